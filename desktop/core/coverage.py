"""From when to when a source's articles are known complete, and where some may be missing. Pure.

A fetch shows everything from its oldest article to its newest. Two fetches that overlap, in time or in an article that
both have, are one span; what lies between two spans is a gap, and so is all that is older than the first one, until
the source's archive was walked to its beginning.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from desktop.core.incoming import IncomingArticle, IncomingFeed

REDATED = timedelta(days=1)  # clocks and zones of publishers are wrong by less than this


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A time of which every article is known."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """A time of which articles may be missing; without `since` it is all that is older than `until`.

    `missing` is about how many they are, None where nothing tells.
    """

    since: datetime | None
    until: datetime
    missing: int | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is known of a source: spans apart from each other, the oldest first, and its gaps, the newest first.

    `begins`: the first span goes back to the first article that the source has. `total`: how many articles the
    source said that it has. `has_archive`: it is not known that what has left its feed cannot be had from it.
    """

    spans: tuple[Span, ...] = ()
    begins: bool = False
    total: int | None = None
    has_archive: bool = True
    gaps: tuple[Gap, ...] = ()


def joined(spans: Iterable[Span], new: Span) -> tuple[Span, ...]:
    """The spans with one more; those that touch become one."""
    apart: list[Span] = []
    for span in sorted((*spans, new)):
        if apart and span.since <= apart[-1].until:
            apart[-1] = Span(apart[-1].since, max(apart[-1].until, span.until))
        else:
            apart.append(span)
    return tuple(apart)


def after_fetch(
    spans: Iterable[Span], feed: IncomingFeed, known: int, known_at: datetime | None, now: datetime
) -> tuple[Span, ...]:
    """The spans once a fetch is stored. So many of its articles were `known` before, and the newest of them stands in
    the list at `known_at`."""
    covered = extent(feed, now)
    if covered is None:
        return tuple(spans)
    # An old article that is pinned on top, or one that was issued anew, does not tell that nothing was missed.
    is_dated = any(article.published for article in feed.articles)
    is_near = known_at is not None and known_at >= covered.since - REDATED
    if known_at is not None and (is_near or not is_dated or 2 * known >= len(feed.articles)):
        covered = Span(min(covered.since, known_at), max(covered.until, known_at))
    return joined(spans, covered)


def extent(feed: IncomingFeed, now: datetime) -> Span | None:
    """What a fetch shows whole: what it says itself, else from its oldest to its newest article; None for nothing."""
    if feed.since is not None and feed.until is not None:
        return Span(feed.since, max(feed.since, feed.until))
    times = _in_place([min(article.published, now) for article in feed.articles if article.published])
    if times:
        return Span(min(times), max(times))
    return Span(now, now) if feed.articles else None


def oldest(articles: Iterable[IncomingArticle]) -> datetime | None:
    """When the oldest dated article was published."""
    return min((article.published for article in articles if article.published), default=None)


def gaps(spans: Sequence[Span], *, begins: bool) -> tuple[Gap, ...]:
    """The gaps between spans and before them, the newest first."""
    between = [Gap(one.until, other.since) for one, other in pairwise(spans)]
    before = [Gap(None, spans[0].since)] if spans and not begins else []
    return (*reversed(between), *before)


def expected(length: timedelta, stretches: Iterable[Sequence[datetime]]) -> int | None:
    """About how many articles come in a time of `length`, by how densely they came in known stretches of time.

    At least one: a gap of which nothing is missing is not known to be one. None where there is no rate.
    """
    steps, seconds = 0, 0.0
    for times in stretches:
        if len(times) > 1:
            steps += len(times) - 1
            seconds += (max(times) - min(times)).total_seconds()
    return max(1, round(length.total_seconds() * steps / seconds)) if seconds > 0 else None


def _in_place(times: list[datetime]) -> list[datetime]:
    """Without those that stand out of their order, as an old article does that is pinned on top of a feed."""
    falls = sum(one > other for one, other in pairwise(times))
    rises = sum(one < other for one, other in pairwise(times))
    if falls < rises:
        times = times[::-1]
    return [one for one, after in zip(times, [*times[1:], *times[-1:]], strict=True) if one >= after]
