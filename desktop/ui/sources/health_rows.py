"""How a source is, in the words of a table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from desktop.core.coverage import Coverage
from desktop.core.proof import size_words
from desktop.core.source_health import Condition, SourceHealth, unchanged_share
from desktop.ui import times
from desktop.ui.sources.coverage_words import coverage_line
from desktop.ui.text import plain_lines

HEADERS = (
    "Source",
    "State",
    "Last success",
    "Every",
    "A day",
    "Whole text",
    "Unchanged",
    "Received",
    "Last error",
)
NUMBERS = frozenset({4, 5, 6, 7})
WORDS = {
    Condition.DEAD: "Dead",
    Condition.BROKEN: "Broken",
    Condition.QUIET: "Quiet",
    Condition.PAUSED: "Paused",
    Condition.NEW: "Not asked yet",
    Condition.FINE: "Fine",
    Condition.ARCHIVED: "Removed",
}
NONE = "—"


def row(health: SourceHealth, interval: int, now: datetime) -> tuple[str, ...]:
    """The line of a source; `interval` is that of all sources, in minutes."""
    source, facts = health.source, health.facts
    minutes = source.interval_minutes or interval
    success = source.state.last_success
    return (
        plain_lines(source.title or source.url, 120),
        WORDS[health.condition],
        NONE if success is None else times.age(success, now),
        NONE if source.archived else f"{minutes} min" if minutes < 120 else f"{minutes / 60:.3g} h",
        NONE if source.archived or health.condition is Condition.NEW else f"{facts.a_day:.1f}",
        percent(facts.whole),
        percent(unchanged_share(source.state)),
        size_words(facts.received) if facts.received else NONE,
        plain_lines(source.state.last_error, 200),
    )


def sort_key(health: SourceHealth, column: int, interval: int) -> tuple[bool, Any, str]:
    """What the lines are in the order of, by one of the HEADERS: what is not known comes last, then by name."""
    source, facts = health.source, health.facts
    success = source.state.last_success
    value = (
        source.title.casefold(),
        list(Condition).index(health.condition),
        None if success is None else -success.timestamp(),
        source.interval_minutes or interval,
        -facts.a_day,
        facts.whole,
        unchanged_share(source.state),
        -facts.received or None,
        source.state.last_error or None,
    )[column]
    return value is None, value or 0, source.title.casefold()


def about(health: SourceHealth, now: datetime) -> str:
    """What there is to say of a source below the table."""
    source = health.source
    title = plain_lines(source.title or source.url)
    lines = [f"{title} · in {plain_lines(source.folder)}" if source.folder else title]
    if source.archived:
        lines.append("You removed it and kept articles of it. It is not asked any more.")
    if source.state.last_error:
        lines.append(source.state.last_error)
    if source.state.offered:
        lines.append(f"Another feed is named in its place: {source.state.offered}")
    if source.state.moved_to:
        lines.append(f"Its server says that it has moved to {source.state.moved_to}")
    if health.condition is Condition.QUIET and health.facts.newest:
        lines.append(f"Its newest article is of {times.full(health.facts.newest)}.")
    coverage: Coverage = health.coverage
    lines.append(coverage_line(coverage, now))
    lines.append(source.url)
    return "\n".join(filter(None, lines))


def percent(share: float | None) -> str:
    """A share as whole percent, and "100 %" only for all."""
    return NONE if share is None else f"{int(share * 100)} %"
