"""The only package with SQL: everything that is kept lives in one SQLite file and a folder of pictures."""

from desktop.store.store import Store

__all__ = ["Store"]
