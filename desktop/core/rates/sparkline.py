"""A small line of how a rate went: points between 0 and 1, ready to be scaled to any box."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

Line = tuple[tuple[float, float], ...]  # (x, y) from the left and from the bottom


def sparkline(fixings: Sequence[tuple[date, Decimal]], first: date, last: date) -> Line:
    """The line of fixings, oldest first, from `first` to `last`. A rate holds until the next one, so the line ends
    at `last`, and begins at `first` where a fixing was in force then. Empty where there is no move to show.

    The only place where a rate becomes a float: it is not shown as a number any more.
    """
    values = [rate for _, rate in fixings]
    if len(values) < 2 or last <= first:
        return ()
    low, high = min(values), max(values)
    days = (last - first).days
    heights = [float((rate - low) / (high - low)) if high > low else 0.5 for rate in values]
    places = [min(1.0, max(0.0, (day - first).days / days)) for day, _ in fixings]
    line = list(zip(places, heights, strict=True))
    return (*line, (1.0, heights[-1])) if places[-1] < 1 else tuple(line)
