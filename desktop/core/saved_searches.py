"""A search that the person keeps as a view."""

from __future__ import annotations

from typing import NamedTuple

COUNTED_AT_MOST = 1_000  # unread articles of a saved search


class SavedSearch(NamedTuple):
    """A search that is kept as a view; `words` are in the language of `core.search`."""

    id: int
    name: str
    words: str
