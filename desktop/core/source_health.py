"""Is a source well? Decisions on what is known of it; every moment is aware and in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from desktop.core.coverage import Coverage
from desktop.core.models import FetchState, Source

WINDOW_DAYS = 30  # over which articles and bytes are counted
DEAD_AFTER = timedelta(days=30)  # without one good answer
QUIET_AFTER = timedelta(days=60)  # without an article, though it answers
MOVES = 3  # how often a server must say that its feed has moved before it is believed for good,
MOVES_OVER = timedelta(days=1)  # and over how long: a network that one passes through says it for some hours


class Condition(StrEnum):
    """How a source is, the worst first."""

    DEAD = "dead"  # no good answer for a month, or taken down for good
    BROKEN = "broken"  # the last answer was not good
    QUIET = "quiet"  # answers, and publishes nothing
    PAUSED = "paused"  # the person, or the server, wants it left alone
    NEW = "new"  # never asked
    FINE = "fine"
    ARCHIVED = "archived"  # removed by the person, who keeps articles of it


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What the store holds of a source."""

    articles: int = 0
    recent: int = 0  # of the last WINDOW_DAYS
    newest: datetime | None = None
    cut: int = 0  # articles whose feed cuts them and whose full text is not here
    received: int = 0  # bytes over the wire in the last WINDOW_DAYS

    @property
    def a_day(self) -> float:
        """Articles a day, over the last WINDOW_DAYS."""
        return self.recent / WINDOW_DAYS

    @property
    def whole(self) -> float | None:
        """The share of articles whose whole text is here; None where there are none."""
        return None if self.articles == 0 else 1 - self.cut / self.articles


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """One source, and all that tells how it is."""

    source: Source
    facts: SourceFacts
    condition: Condition
    coverage: Coverage


def unchanged_share(state: FetchState) -> float | None:
    """The share of talks in which the server had nothing new to send; None before the first."""
    return state.unchanged / state.asked if state.asked else None


def condition(source: Source, facts: SourceFacts, now: datetime) -> Condition:
    """How a source is, by what is known now."""
    state = source.state
    if source.archived:
        return Condition.ARCHIVED
    if state.last_error:
        silent_since = max(filter(None, (state.last_success, source.added_at)))
        gone = not source.enabled and is_gone(state)
        return Condition.DEAD if gone or now - silent_since > DEAD_AFTER else Condition.BROKEN
    if not source.enabled:
        return Condition.PAUSED
    if state.last_success is None:
        return Condition.NEW
    if now - (facts.newest or source.added_at) > QUIET_AFTER:
        return Condition.QUIET
    return Condition.FINE


def is_gone(state: FetchState) -> bool:
    """Whether the last answer said that the address was taken down for good."""
    return "(410)" in state.last_error


def after_move(state: FetchState, moved_to: str, now: datetime) -> FetchState:
    """Count how often in a row the same new address was named, and since when; any other answer begins anew."""
    if moved_to and moved_to == state.moved_to:
        return state._replace(moved_times=state.moved_times + 1, moved_since=state.moved_since or now)
    return state._replace(
        moved_to=moved_to, moved_times=int(bool(moved_to)), moved_since=now if moved_to else None
    )


def has_moved(state: FetchState, now: datetime) -> bool:
    """Whether the new address was named often enough, and over long enough, to be taken for good."""
    if not state.moved_to or state.moved_since is None:
        return False
    return state.moved_times >= MOVES and now - state.moved_since >= MOVES_OVER
