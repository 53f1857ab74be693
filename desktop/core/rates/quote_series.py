"""A pair through the years: one point a distinct fixing, in one pass over the rows that it needs and no others.

What holds for one day in `core.quotes` holds for each point here: the same ways in the same order, the same
arithmetic, copies left out, coarse numbers refused. In one thing a series is steadier: another way fills in only
where the better one has nothing for more than two weeks, so that a line does not hop between sources.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from desktop.core.rates import Fixing, Pair
from desktop.core.rates.numbers import product, quotient
from desktop.core.rates.quote_history import CARRY_DAYS, PIVOT, WITNESS
from desktop.core.rates.quote_routes import (
    FEWEST_DIGITS,
    LEGS_APART,
    MAX_AGE_DAYS,
    MOST_DIGITS,
    printed_error,
    published,
    sure_digits,
)
from desktop.core.rates.quote_ways import Leg, Way, ways
from desktop.core.rates.redenominations import fixing_in_new_units, formers_of
from desktop.core.rates.sources import BRIDGE, PEG, RULES

# The stored rows of a source for a pair as published: the one in force on the first day, and all later ones up to
# the last, oldest first.
Read = Callable[[str, Pair, date, date], Sequence[Fixing]]


class Walk(NamedTuple):
    """How a series of published numbers is walked: along its pair, or against it."""

    source: str
    pair: Pair  # as published
    inverted: bool


class Point(NamedTuple):
    """A distinct fixing of the pair that was asked for; of two numbers the older gives the date."""

    valid_from: date
    rate: Decimal
    walks: tuple[Walk, ...]
    fixings: tuple[Fixing, ...]  # the published numbers, one a walk

    @property
    def source(self) -> str:
        """ "nbk", or both of a cross as "nbkr+nbk"."""
        return "+".join(dict.fromkeys(walk.source for walk in self.walks))

    @property
    def is_peg(self) -> bool:
        return all(walk.source == PEG for walk in self.walks)

    @property
    def digits(self) -> int:
        """Significant digits that are true."""
        if self.is_peg:
            return MOST_DIGITS
        legs = zip(self.walks, self.fixings, strict=True)
        errors = (
            printed_error(*published(walk.source, fixing.raw_value, fixing.rate))
            for walk, fixing in legs
            if walk.source != PEG
        )
        return sure_digits(Fraction(self.rate), sum(errors, Fraction(0)))


_DAY = timedelta(days=1)
_USABLE = timedelta(days=MAX_AGE_DAYS + 1)
_Row = tuple[Fixing, ...]
_Track = list[tuple[date, _Row]]


def series(pair: Pair, first: date, last: date, read: Read, source: str = "") -> list[Point]:
    """The fixings of `pair` in force from `first` to `last`, oldest first: by the best official source for the
    time, or through `source` alone. The first point may be older than `first`: it is the one in force on it."""
    return _Series(pair, first, last, read).through(source)


class _Series:
    """One question; it remembers the rows by which copies are known."""

    def __init__(self, pair: Pair, first: date, last: date, read: Read) -> None:
        self._pair = pair
        self._read = read
        self._first, self._last = first, last
        self._witnesses: dict[tuple[str, str], dict[date, Decimal]] = {}

    def through(self, source: str) -> list[Point]:
        """The points, through one source or through all."""
        first, last = self._first, self._last
        found: list[Point] = []
        coarse: list[list[Point]] = []
        for way in ways(self._pair, source):
            gaps = _gaps(found, first, last)
            if not gaps:
                return found
            fine, rough = self._points(way, max(first, gaps[0][0]), gaps[-1][1])
            found = _filled(found, fine, gaps)
            coarse.append(rough)
        for rough in coarse:  # the bank's own word, where there is nothing better
            found = _filled(found, rough, _gaps(found, first, last))
        return found

    def _points(self, way: Way, first: date, last: date) -> tuple[list[Point], list[Point]]:
        """What a way gives, and apart from it what is too coarse to compute with."""
        walks, track = self._track(way, first, last)
        fine: list[Point] = []
        rough: list[Point] = []
        for day, row in track:
            rough_row = any(is_coarse(walk.source, each) for walk, each in zip(walks, row, strict=True))
            if not rough_row:
                fine.append(Point(day, _value(walks, row), walks, row))
            elif len(row) == 1:
                rough.append(Point(day, _value(walks, row), walks, row))
        return fine, rough

    def _track(self, way: Way, first: date, last: date) -> tuple[tuple[Walk, ...], _Track]:
        legs = [self._leg(leg, first, last) for leg in way.legs]
        walks = tuple(walk for walk, _ in legs)
        rows = [found for _, found in legs]
        if not all(rows):
            return walks, []
        if len(rows) == 1:
            return walks, self._distinct(
                walks[0].source, [(row.valid_from, (row,)) for row in rows[0]], walks
            )
        if way.one_document:
            others = {row.valid_from: row for row in rows[1]}
            both: _Track = [
                (row.valid_from, (row, others[row.valid_from])) for row in rows[0] if row.valid_from in others
            ]
            return walks, self._distinct(walks[0].source, both, walks)
        alone = [
            self._distinct(walk.source, [(row.valid_from, (row,)) for row in found], (walk,))
            for walk, found in legs
        ]
        return walks, _joined(walks, *([row for _, (row,) in track] for track in alone))

    def _leg(self, leg: Leg, first: date, last: date) -> tuple[Walk, list[Fixing]]:
        """The rows of one leg in the money of today, whichever way round they are published."""
        for pair, inverted in ((leg.pair, False), (leg.pair.inverse, True)):
            rows: list[Fixing] = []
            for former in formers_of((pair.base, pair.quote), first):
                is_base = pair.base == former.successor
                old = Pair(former.code, pair.quote) if is_base else Pair(pair.base, former.code)
                until = min(last, former.since - timedelta(days=1))
                rows += [
                    fixing_in_new_units(row, former, old) for row in self._read(leg.source, old, first, until)
                ]
            rows += self._read(leg.source, pair, first, last)
            if rows:
                return Walk(leg.source, pair, inverted), rows
        return Walk(leg.source, leg.pair, False), []

    def _distinct(self, source: str, track: _Track, walks: Sequence[Walk]) -> _Track:
        """The track without copies of the day before."""
        if source == PEG or not track:
            return track
        kept = [track[0]]
        for (earlier, before), (later, row) in pairwise(track):
            stands = all(a.rate == b.rate for a, b in zip(before, row, strict=True))
            if not (stands and self._is_carry(source, earlier, later, walks)):
                kept.append((later, row))
        return kept

    def _is_carry(self, source: str, earlier: date, later: date, walks: Sequence[Walk]) -> bool:
        """Whether a document of unmoved numbers is a copy: where another currency stood still too; where none is
        known, by the weekday."""
        if (later - earlier).days > CARRY_DAYS:
            return False
        own = {code for walk in walks for code in (walk.pair.base, walk.pair.quote)}
        agreed = False
        for code in (WITNESS, BRIDGE, PIVOT):
            if code in own:
                continue
            values = self._witness(source, code)
            before, after = values.get(earlier), values.get(later)
            if before is None or after is None:
                continue
            if before != after:
                return False
            agreed = True
        days = (earlier + timedelta(days=n) for n in range(1, (later - earlier).days + 1))
        return agreed or all(day.weekday() in RULES[source].carried for day in days)

    def _witness(self, source: str, code: str) -> dict[date, Decimal]:
        if (source, code) not in self._witnesses:
            pair = Pair(code, RULES[source].home)
            first, last = self._first - timedelta(days=CARRY_DAYS), self._last
            rows = self._read(source, pair, first, last) or self._read(source, pair.inverse, first, last)
            self._witnesses[source, code] = {row.valid_from: row.rate for row in rows}
        return self._witnesses[source, code]


def _joined(walks: Sequence[Walk], first: Sequence[Fixing], second: Sequence[Fixing]) -> _Track:
    """Two banks' fixings, each with the other's that was in force, at most a working day apart; one a date of the
    older of the two."""
    if PEG in (walks[0].source, walks[1].source):
        return (
            _over_a_peg(first, second) if walks[1].source == PEG else _over_a_peg(second, first, turned=True)
        )
    track: dict[date, _Row] = {}
    ones, others = [row.valid_from for row in first], [row.valid_from for row in second]
    for day in sorted({*ones, *others}):
        at, beside = bisect_right(ones, day) - 1, bisect_right(others, day) - 1
        if at < 0 or beside < 0 or (older := min(ones[at], others[beside])) in track:
            continue
        source = walks[ones[at] > others[beside]].source
        newer = max(ones[at], others[beside])
        if older == newer or RULES[source].expected_between(older, newer) <= LEGS_APART:
            track[older] = first[at], second[beside]
    return sorted(track.items())


def _over_a_peg(moving: Sequence[Fixing], fixed: Sequence[Fixing], *, turned: bool = False) -> _Track:
    """The moving numbers, each with the fixed one that was the law."""
    track: _Track = []
    since = [row.valid_from for row in fixed]
    for row in moving:
        at = bisect_right(since, row.valid_from) - 1
        if at >= 0:
            track.append((row.valid_from, (fixed[at], row) if turned else (row, fixed[at])))
    return track


def _value(walks: Sequence[Walk], row: _Row) -> Decimal:
    """The exact rate of the walk, or its first 28 digits."""
    if len(row) == 1 and not walks[0].inverted:
        return row[0].rate
    above = below = Decimal(1)
    for walk, fixing in zip(walks, row, strict=True):
        if walk.inverted:
            below = product(below, fixing.rate)
        else:
            above = product(above, fixing.rate)
    return quotient(above, below)


def is_coarse(source: str, fixing: Fixing) -> bool:
    """Whether fewer than four digits are published: the same as a relative error over 0.05 %."""
    if len(fixing.raw_value.lstrip("0.,")) > FEWEST_DIGITS or source == PEG:
        return False
    value, places = published(source, fixing.raw_value, fixing.rate)
    return value.adjusted() + places + 1 < FEWEST_DIGITS


def _gaps(found: Sequence[Point], first: date, last: date) -> list[tuple[date, date]]:
    """The times, as the first and last day of each, for which no point is young enough to be used."""
    if not found:
        return [(date.min, last)]
    gaps: list[tuple[date, date]] = []
    if found[0].valid_from > first + _USABLE:
        gaps.append((date.min, found[0].valid_from - _DAY))
    ends = [*(point.valid_from for point in found[1:]), last + _DAY]
    for point, end in zip(found, ends, strict=True):
        if end - point.valid_from > _USABLE and not point.is_peg:
            gaps.append((point.valid_from + _USABLE, end - _DAY))
    return gaps


def _filled(found: list[Point], more: Sequence[Point], gaps: Sequence[tuple[date, date]]) -> list[Point]:
    """The points, with those others that fall into the gaps."""
    added = [point for point in more if any(start <= point.valid_from <= end for start, end in gaps)]
    return sorted([*found, *added], key=lambda point: point.valid_from) if added else found
