"""Chorsu, a desktop news and rates reader that works offline."""

__version__ = "0.1.0"
