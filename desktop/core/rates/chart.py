"""What a chart of rates decides before anything is drawn: its days, its values and what the crosshair reads.

A fixing holds until the next one, for as long as a calculation may use it: where a source fell silent for longer,
the curve has a gap. Numbers stay exact decimals; what is drawn is decided in `core.chart_axes`.
"""

from __future__ import annotations

import csv
import io
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from desktop.core.rates import Pair
from desktop.core.rates.numbers import format_rate, to_decimal
from desktop.core.rates.quote_routes import MAX_AGE_DAYS
from desktop.core.rates.quote_series import Point

BEGINNING = date(1990, 1, 1)  # no currency that is in use has official rates from before
FOR_EVER = 400 * 366  # how many days a number holds that is fixed by law


class Span(StrEnum):
    """How far back a chart looks."""

    MONTH = "1M"
    QUARTER = "3M"
    HALF = "6M"
    YEAR = "1Y"
    FIVE_YEARS = "5Y"
    ALL = "All"

    def first(self, last: date) -> date:
        """The first day of the span that ends on `last`; BEGINNING for ALL."""
        months = {"1M": 1, "3M": 3, "6M": 6, "1Y": 12, "5Y": 60}.get(self.value)
        if months is None:
            return BEGINNING
        year, month = divmod(last.year * 12 + last.month - 1 - months, 12)
        return min(date(year, month + 1, 1) + timedelta(days=last.day - 1), _month_end(year, month + 1))


@dataclass(frozen=True, slots=True)
class Line:
    """A pair by one source (or by the best, for ""): its fixings, oldest first, each on a day of its own."""

    pair: Pair
    source: str
    points: tuple[Point, ...]

    def at(self, day: date) -> Point | None:
        """The fixing in force on a day; None before the first one and in a gap."""
        place = bisect_right(self.points, day, key=lambda point: point.valid_from)
        if not place:
            return None
        point = self.points[place - 1]
        return point if (day - point.valid_from).days <= holds(point) else None


@dataclass(frozen=True, slots=True)
class Value:
    """A place of a curve: from this day on, for at most so many days."""

    day: date
    value: Decimal
    days: int


@dataclass(frozen=True, slots=True)
class Plot:
    """Curves over the days from `first` to `last`: rates, or percents since `base` where that is given.

    `spread` is how far the second curve is from the first, in percent of the first; empty where it is not asked for.
    """

    first: date
    last: date
    lines: tuple[Line, ...]
    curves: tuple[tuple[Value, ...], ...]
    base: date | None = None
    spread: tuple[Value, ...] = ()

    @property
    def days(self) -> tuple[date, ...]:
        """Where the crosshair may stand: every day on which a curve has a place of its own, in order."""
        return tuple(sorted({value.day for curve in self.curves for value in curve}))

    @property
    def extremes(self) -> tuple[Decimal, Decimal] | None:
        """The lowest and the highest value; None where there is nothing to draw."""
        values = [value.value for curve in self.curves for value in curve]
        return (min(values), max(values)) if values else None


@dataclass(frozen=True, slots=True)
class Reading:
    """What one line says on a day: the fixing in force and, in a percent view, its change since the base."""

    line: Line
    point: Point | None
    percent: Decimal | None = None


def holds(point: Point) -> int:
    """For how many days after its own a fixing may be used."""
    return FOR_EVER if point.is_peg else MAX_AGE_DAYS


def plot(
    lines: Sequence[Line], first: date, last: date, *, percent: bool = False, spread: bool = False
) -> Plot:
    """The curves of `lines`. Percents count from the first day on which all lines have a number."""
    known = [line for line in lines if _within(line, first, last)]
    begin = max(first, min((line.points[0].valid_from for line in known), default=first))
    base = _base(known, begin, last) if percent else None
    start = base or begin
    curves = tuple(_curve(line, start, last, percent=percent) for line in known)
    apart = _apart(known[0], known[1], start, last) if spread and len(known) == 2 else ()
    return Plot(start, last, tuple(known), curves, base, apart)


def readings(shown: Plot, day: date) -> list[Reading]:
    """What every line of a plot says on a day."""
    found: list[Reading] = []
    for line in shown.lines:
        point = line.at(day)
        start = line.at(shown.base) if shown.base is not None else None
        percent = None if point is None or start is None else change(start.rate, point.rate)
        found.append(Reading(line, point, percent))
    return found


def difference(first: Point, second: Point) -> Decimal:
    """`second` less `first`, to the decimals that are true of both."""
    place = max(_place(first), _place(second))
    return (second.rate - first.rate).quantize(Decimal(1).scaleb(place))


def change(before: Decimal, after: Decimal) -> Decimal:
    """From one rate to another in percent of the first, exact to 28 digits."""
    return to_decimal((Fraction(after) / Fraction(before) - 1) * 100)


def nearest(days: Sequence[date], day: date) -> date | None:
    """The last of `days` up to `day`, else the first; None of none."""
    if not days:
        return None
    return days[max(0, bisect_right(days, day) - 1)]


def as_csv(lines: Sequence[Line], first: date, last: date) -> str:
    """The fixings of the lines from one day to another, a row each, oldest first: date, pair, rate, source."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(("date", "pair", "rate", "source"))
    for line in lines:
        for point in line.points:
            if first <= point.valid_from <= last:
                shown = format_rate(point.rate, point.digits)
                rows.writerow((point.valid_from.isoformat(), str(line.pair), shown, point.source))
    return out.getvalue()


def _curve(line: Line, start: date, last: date, *, percent: bool) -> tuple[Value, ...]:
    """The values of a line from `start` on; the one in force on `start` is cut to begin there."""
    opening = line.at(start)
    found: list[Value] = []
    if opening is not None and opening.valid_from < start:
        found.append(Value(start, opening.rate, holds(opening) - (start - opening.valid_from).days))
    found += [Value(f.valid_from, f.rate, holds(f)) for f in line.points if start <= f.valid_from <= last]
    if not percent or not found:
        return tuple(found)
    return tuple(Value(v.day, change(found[0].value, v.value), v.days) for v in found)


def _apart(first: Line, second: Line, start: date, last: date) -> tuple[Value, ...]:
    """How far the second line is from the first in percent of it, on the days on which either has a new number."""
    days = sorted(
        {start}
        | {f.valid_from for line in (first, second) for f in line.points if start <= f.valid_from <= last}
    )
    found: list[Value] = []
    for day in days:
        one, other = first.at(day), second.at(day)
        if one is not None and other is not None:
            left = min(holds(point) - (day - point.valid_from).days for point in (one, other))
            found.append(Value(day, change(one.rate, other.rate), left))
    return tuple(found)


def _within(line: Line, first: date, last: date) -> bool:
    return any(first <= f.valid_from <= last for f in line.points) or line.at(first) is not None


def _base(lines: Sequence[Line], begin: date, last: date) -> date:
    """The first day from `begin` on that every line has a number for; `begin` where there is no such day."""
    days = sorted(
        {begin} | {f.valid_from for line in lines for f in line.points if begin <= f.valid_from <= last}
    )
    return next((day for day in days if all(line.at(day) is not None for line in lines)), begin)


def _place(point: Point) -> int:
    """The power of ten of the last digit that is true, or of the last that is there."""
    return max(point.rate.adjusted() - point.digits + 1, int(point.rate.as_tuple().exponent))


def _month_end(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)
