"""What is known of a source and what is not, in words."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from desktop.ui import times

if TYPE_CHECKING:
    from desktop.core.coverage import Coverage, Gap


def coverage_line(coverage: Coverage, now: datetime) -> str:
    """From when to when a source is known complete, and what is missing; several lines, "" when nothing is known."""
    if not coverage.spans:
        return ""
    first = coverage.spans[0].since
    start = "its first article" if coverage.begins else _day(first, now)
    between = [gap for gap in coverage.gaps if gap.since is not None]
    lines = [f"Complete from {start} on." if not between else f"Known from {start} on, with gaps:"]
    lines += [f"{gap_words(gap, now)}." for gap in between]
    return "\n".join(lines if coverage.has_archive else [*lines, "It offers no archive to load them from."])


def gap_words(gap: Gap, now: datetime) -> str:
    """ "≈12 articles may be missing between 3 and 5 Nov"; of what is older than all: "≈1,212 articles older than
    3 Nov are not loaded"."""
    if gap.since is None:
        if gap.missing is None:
            return f"What is older than {_day(gap.until, now)} is not loaded"
        return f"≈{_articles(gap.missing)} older than {_day(gap.until, now)} are not loaded"
    number = "Articles" if gap.missing is None else f"≈{_articles(gap.missing)}"
    return f"{number} may be missing {_between(gap.since, gap.until, now)}"


def _between(since: datetime, until: datetime, now: datetime) -> str:
    first, last = since.astimezone(), until.astimezone()
    if first.date() == last.date():
        return f"on {_day(since, now)}, {first:%H:%M} to {last:%H:%M}"
    if (first.year, first.month) == (last.year, last.month):
        return f"between {first.day} and {_day(until, now)}"
    return f"between {_day(since, now)} and {_day(until, now)}"


def _day(when: datetime, now: datetime) -> str:
    return times.day(when.astimezone().date(), now.astimezone().date())


def _articles(number: int) -> str:
    return "1 article" if number == 1 else f"{times.count(number)} articles"
