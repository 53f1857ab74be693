"""How long articles are kept, and which go: a decision over what is stored. Off by default: all are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Rule:
    """Of a source: nothing older than `days`, the newest `articles`, the newest `megabytes`. 0 means no bound."""

    days: int = 0
    articles: int = 0
    megabytes: int = 0

    def __bool__(self) -> bool:
        return bool(self.days or self.articles or self.megabytes)

    def newest(self, now: datetime) -> datetime:
        """Nothing that was published later lies beyond the rule, nor decides what does."""
        by_age_alone = not (self.articles or self.megabytes)
        return now - timedelta(days=self.days) if by_age_alone else datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Held:
    """A stored article: when it was published, its bytes with its pictures, and whether it must not go."""

    id: int
    published: datetime
    size: int
    protected: bool


@dataclass(frozen=True, slots=True)
class Going:
    """What a rule removes from a source, or removed."""

    source_id: int
    title: str
    articles: int
    size: int  # bytes, of texts and pictures; a picture that others show too is counted and stays
    protected: int  # beyond the bounds, and kept: unread, starred, tagged, packed or with a note


def beyond(held: Sequence[Held], rule: Rule, now: datetime) -> list[Held]:
    """The articles of a source that lie beyond its rule, protected ones too; `held` newest first.

    Protected articles count towards the bounds: they are among the newest like all others.
    """
    oldest = now - timedelta(days=rule.days)
    found, size = [], 0
    for place, article in enumerate(held):
        size += article.size
        too_old = rule.days and article.published < oldest
        too_many = rule.articles and place >= rule.articles
        too_large = rule.megabytes and size > rule.megabytes * MB
        if too_old or too_many or too_large:
            found.append(article)
    return found
