"""A chart of rates in words and numbers: what its lines are called, what the crosshair reads, the rows of its table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from desktop.core.rates.chart import Line, Plot, Reading, change, difference, readings
from desktop.core.rates.numbers import format_percent, format_rate
from desktop.core.rates.quote_series import Point
from desktop.ui.times import day, weekday

Name = Callable[[str], str]  # of a source: "National Bank of Kazakhstan"
_SEPARATOR = " · "


def rate_text(point: Point) -> str:
    """A rate with the digits that are true."""
    return format_rate(point.rate, point.digits)


def short_source(source: str) -> str:
    """A source where there is little room: "NBK", "NBKR + NBK"."""
    return source.replace("+", " + ").upper()


def label(line: Line, plot: Plot) -> str:
    """What a line is called among the others: by its pair, or by its source where they show one pair."""
    if len({other.pair for other in plot.lines}) > 1:
        return str(line.pair)
    return short_source(line.source or (line.points[-1].source if line.points else ""))


def ends(plot: Plot) -> tuple[str, ...]:
    """The words at the end of each curve: its name where there are several, and its last value."""
    found: list[str] = []
    for line, reading in zip(plot.lines, readings(plot, plot.last), strict=True):
        last = reading.point or line.points[-1]
        value = rate_text(last)
        if plot.base is not None:
            start = line.at(plot.base)
            value = "" if start is None else format_percent(change(start.rate, last.rate))
        found.append(f"{label(line, plot)} {value}" if len(plot.lines) > 1 else value)
    return tuple(found)


def spread_name(plot: Plot) -> str:
    """What the spread is of: "ERAPI against NBK"."""
    if not plot.spread:
        return ""
    first, second = (label(line, plot) for line in plot.lines)
    return f"{second} against {first}"


def reading_text(plot: Plot, when: date, name: Name) -> str:
    """What the crosshair reads: the day, and of each line its number, whose and of which day it is."""
    found = readings(plot, when)
    parts = [weekday(when), *(_said(reading, plot, when, name) for reading in found)]
    if plot.spread and len(found) == 2 and found[0].point and found[1].point:
        parts.append(f"spread {spread_text(found[0].point, found[1].point)}")
    return _SEPARATOR.join(parts)


def spread_text(first: Point, second: Point) -> str:
    """How far the second number is from the first: "+0.92 (+0.19 %)"."""
    apart = difference(first, second)
    sign = "+" if apart > 0 else "\u2212" if apart < 0 else ""
    return f"{sign}{abs(apart):f} ({format_percent(change(first.rate, second.rate))})"


def summary(plot: Plot) -> str:
    """The chart as a whole: its days, and of one line its lowest, its highest and its change."""
    days = f"{day(plot.first)} {plot.first.year} to {day(plot.last)} {plot.last.year}"
    if plot.base is not None:
        return f"{days}{_SEPARATOR}change since {day(plot.base)} {plot.base.year}, at official rates"
    if len(plot.lines) != 1 or not plot.curves[0]:
        return days
    line = plot.lines[0]
    shown = [p for p in line.points if plot.first <= p.valid_from <= plot.last] or list(line.points[-1:])
    low, high = min(shown, key=lambda p: p.rate), max(shown, key=lambda p: p.rate)
    sources = dict.fromkeys(short_source(point.source) for point in shown)
    by = [f"by {', '.join(sources)}"] if len(sources) > 1 else []
    if low.rate == high.rate:
        return _SEPARATOR.join((days, f"unchanged at {rate_text(low)}", *by))
    opening = line.at(plot.first) or shown[0]
    moved = format_percent(change(opening.rate, shown[-1].rate))
    return _SEPARATOR.join(
        (days, f"lowest {_dated(low, plot)}", f"highest {_dated(high, plot)}", f"change {moved}", *by)
    )


def table(plot: Plot, name: Name) -> tuple[list[str], list[list[str]], set[int]]:
    """The same numbers as headers, rows (the newest first) and which columns are numbers.

    A row stands for each day on which a line has a new number; a number that is still in force is repeated.
    """
    single = len(plot.lines) == 1
    pair = str(plot.lines[0].pair) if plot.lines else ""
    headers = ["Date", *([pair] if single else [label(line, plot) for line in plot.lines])]
    if plot.base is not None:
        headers += [f"{header}, change" for header in headers[1:]]
    if plot.spread:
        headers.append("Spread")
    numbers = set(range(1, len(headers)))
    if single:
        headers.append("Source")
    rows = [_row(plot, when, name, single=single) for when in reversed(plot.days)]
    return headers, rows, numbers


def _row(plot: Plot, when: date, name: Name, *, single: bool) -> list[str]:
    found = readings(plot, when)
    row = [weekday(when), *("—" if r.point is None else rate_text(r.point) for r in found)]
    if plot.base is not None:
        row += ["—" if r.percent is None else format_percent(r.percent) for r in found]
    if plot.spread:
        first, second = (reading.point for reading in found)
        row.append("—" if first is None or second is None else spread_text(first, second))
    if single:
        row.append("" if found[0].point is None else name(found[0].point.source))
    return row


def _said(reading: Reading, plot: Plot, when: date, name: Name) -> str:
    several = len(plot.lines) > 1
    who = label(reading.line, plot) if several else ""
    if reading.point is None:
        return f"{who} no number in force".strip()
    value = rate_text(reading.point)
    parts = [who, value if several else f"1 {reading.line.pair.base} = {value} {reading.line.pair.quote}"]
    if reading.percent is not None:
        parts.append(f"({format_percent(reading.percent)})")
    of = "" if reading.point.valid_from == when else f"of {day(reading.point.valid_from, when)}"
    if reading.point.is_peg:
        of = "fixed by law"
    source = "" if several else f"{_SEPARATOR}{name(reading.point.source)}"
    return " ".join(part for part in (*parts, of) if part) + source


def _dated(point: Point, plot: Plot) -> str:
    return f"{rate_text(point)} on {day(point.valid_from, plot.last)}"
