"""Headless pipelines that join net and store, for the window and the command line alike."""
