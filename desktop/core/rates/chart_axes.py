"""Where the marks of a chart's axes stand, and which places of a curve a row of pixels can show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import Enum

from desktop.core.rates.chart import Value

_NICE = (Decimal(1), Decimal(2), Decimal(5))
_FLAT = Decimal("0.01")  # a curve without a change gets so much of its value above and below

Position = tuple[float, float]  # in pixels


class Unit(Enum):
    """What a step of the date axis counts."""

    DAY = 1
    MONTH = 2
    YEAR = 3


# From the finest to the coarsest: weeks begin on Monday, the other steps where their number divides the count.
_STEPS = (
    *((Unit.DAY, n) for n in (1, 2, 7, 14)),
    *((Unit.MONTH, n) for n in (1, 2, 3, 6)),
    *((Unit.YEAR, n) for n in (1, 2, 5, 10, 20, 50)),
)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a curve without a gap; `end` is the first day on which its last value holds no longer."""

    values: tuple[Value, ...]
    end: date


def value_ticks(low: Decimal, high: Decimal, most: int) -> list[Decimal]:
    """Evenly spaced round numbers, 3 to `most` (at least 4) of them, the first at or below `low`, the last at or
    above `high`. Steps are 1, 2 or 5 times a power of ten, so the ticks are exact and short to write."""
    if low == high:
        room = abs(low) * _FLAT or Decimal(1)
        low, high = low - room, high + room
    power = Decimal(1).scaleb((high - low).adjusted() - 3)
    while True:
        for nice in _NICE:
            step = nice * power
            first = (low / step).to_integral_value(ROUND_FLOOR)
            last = (high / step).to_integral_value(ROUND_CEILING)
            if last - first < max(most, 4):
                return [step * (first + at) for at in range(int(last - first) + 1)]
        power = power.scaleb(1)


def date_ticks(first: date, last: date, most: int) -> tuple[Unit, list[date]]:
    """The days that begin an even step of the calendar, at most `most` of them, by the finest step that fits."""
    for unit, step in _STEPS:
        found: list[date] = []
        for day in _days(unit, step, first, last):
            found.append(day)
            if len(found) > most:
                break
        else:
            return unit, found
    return Unit.YEAR, []


def runs(curve: Sequence[Value], last: date) -> list[Run]:
    """A curve cut where a value held no longer and no new one had come; it ends with the day `last`."""
    found: list[Run] = []
    begin = 0
    for at, value in enumerate(curve):
        end = min(value.day.toordinal() + value.days, last.toordinal()) + 1
        if at + 1 == len(curve) or curve[at + 1].day.toordinal() > end:
            found.append(Run(tuple(curve[begin : at + 1]), date.fromordinal(end)))
            begin = at + 1
    return found


def thin(points: Sequence[Position]) -> list[Position]:
    """At most four points of each pixel column: the first, the lowest, the highest and the last, in their order."""
    found: list[Position] = []
    begin = 0
    for at in range(1, len(points) + 1):
        if at < len(points) and int(points[at][0]) == int(points[begin][0]):
            continue
        if at - begin <= 4:
            found += points[begin:at]
        else:
            column = range(begin, at)
            lowest = min(column, key=lambda i: points[i][1])
            highest = max(column, key=lambda i: points[i][1])
            found += [points[i] for i in sorted({begin, lowest, highest, at - 1})]
        begin = at
    return found


def steps(points: Sequence[Position], end: float) -> list[Position]:
    """The corners of a curve on which every value holds until the next, and the last until `end`."""
    found: list[Position] = []
    for at, (x, y) in enumerate(points):
        found += [(x, y), (points[at + 1][0] if at + 1 < len(points) else max(x, end), y)]
    return found


def set_apart(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places near the wanted ones, in the same order from top to bottom, `gap` apart and between `low` and `high`
    where there is room."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    places = list(wanted)
    edge = low - gap
    for i in order:
        places[i] = edge = max(wanted[i], edge + gap)
    edge = high + gap
    for i in reversed(order):
        places[i] = edge = min(places[i], edge - gap)
    return places


def _days(unit: Unit, step: int, first: date, last: date) -> Iterator[date]:
    if unit is Unit.DAY:
        begin = first.toordinal()
        begin += (1 - begin) % step  # day 1 of the calendar was a Monday
        yield from (date.fromordinal(n) for n in range(begin, last.toordinal() + 1, step))
        return
    size = step * (12 if unit is Unit.YEAR else 1)
    begin = first.year * 12 + first.month - 1 + (first.day > 1)
    begin += -begin % size
    yield from (date(n // 12, n % 12 + 1, 1) for n in range(begin, last.year * 12 + last.month, size))
