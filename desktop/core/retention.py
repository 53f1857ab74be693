"""How long articles are kept, and which go: a decision over what is stored. Off by default: all are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Rule:
    """Of a source: nothing older than `days`, the newest `articles`, the newest `megabytes`. 0 means no bound.

    What goes is counted too where it must not go: protected articles are among the newest like all others.
    """

    days: int = 0
    articles: int = 0
    megabytes: int = 0

    def __bool__(self) -> bool:
        return bool(self.days or self.articles or self.megabytes)

    def oldest(self, now: datetime) -> datetime:
        """What was published before lies beyond the rule."""
        return now - timedelta(days=self.days) if self.days else datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Going:
    """What a rule removes from a source, or removed."""

    source_id: int
    title: str
    articles: int
    size: int  # bytes, of texts and pictures; a picture that others show too is counted and stays
    protected: int  # beyond the bounds, and kept: unread, starred, tagged, packed or with a note
