"""Bytes in, core values out; the only package that talks to the network."""
