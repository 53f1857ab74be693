"""Tags: words that the person puts on articles, the same whatever their case or apostrophes. Pure."""

from __future__ import annotations

from typing import NamedTuple

from desktop.core.errors import UsageError
from desktop.core.text import fold, plain

LONGEST = 40
READ_LATER = "Read later"  # has a view, a key and a mark of its own; otherwise a tag like the others


class Tag(NamedTuple):
    """A tag that some article has, or had before it went; the counts are of articles that are stored."""

    name: str
    total: int = 0
    unread: int = 0

    @property
    def is_built_in(self) -> bool:
        """Whether it has a view of its own, and keeps its name."""
        return tag_key(self.name) == tag_key(READ_LATER)


def tag_name(text: str) -> str:
    """What the person typed as the name of a tag. Raises UsageError where nothing is left of it."""
    name = plain(text.replace('"', " "), LONGEST).strip()
    if not tag_key(name):
        raise UsageError("A tag needs a name.", "Such as: Banks")
    return name


def tag_key(name: str) -> str:
    """What two writings of one tag have in common."""
    return " ".join(fold(name).split())


def own_tags(names: tuple[str, ...]) -> tuple[str, ...]:
    """The tags that are shown as words: all but those that have a mark of their own."""
    return tuple(name for name in names if name != READ_LATER)
