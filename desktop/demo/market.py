"""A made-up currency market: what one dollar cost at the close of each business day, for years."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, timedelta

YEARS = 2
_BEFORE = 366 * YEARS + 40
_AFTER = 90
_NEVER_MOVES = frozenset({"USD", "TMT", "AED", "SAR", "KWD", "AZN"})
# Units for a dollar on the day of the start, and how much they move in a day, in percent.
_TODAY: Mapping[str, tuple[float, float]] = {
    "USD": (1, 0), "KZT": (473.18, 0.45), "KGS": (87.45, 0.09), "TJS": (9.2598, 0.1),
    "UZS": (12075.2, 0.16), "TMT": (3.5, 0), "RUB": (79.1064, 0.75), "EUR": (0.8629, 0.36),
    "CNY": (7.1082, 0.14), "GBP": (0.764, 0.4), "TRY": (42.502, 0.2), "AZN": (1.7, 0),
    "AMD": (382.61, 0.25), "BYN": (2.9704, 0.3), "GEL": (2.7098, 0.2), "JPY": (155.64, 0.5),
    "KRW": (1465.9, 0.45), "INR": (88.72, 0.2), "IRR": (1462000, 0.4), "XDR": (0.7367, 0.25),
    "CHF": (0.8062, 0.4), "AUD": (1.5402, 0.5), "BRL": (5.336, 0.7), "CAD": (1.4021, 0.3),
    "CZK": (20.93, 0.4), "DKK": (6.441, 0.36), "AED": (3.6725, 0), "HKD": (7.781, 0.05),
    "HUF": (331.2, 0.5), "KWD": (0.3068, 0), "MDL": (16.87, 0.3), "MXN": (18.41, 0.6),
    "MYR": (4.142, 0.35), "NOK": (10.12, 0.5), "PLN": (3.662, 0.45), "SAR": (3.75, 0),
    "SEK": (9.487, 0.5), "SGD": (1.3043, 0.2), "THB": (32.41, 0.4), "UAH": (42.18, 0.2),
    "ZAR": (17.26, 0.7), "PKR": (281.4, 0.08), "AFN": (66.4, 0.3), "ILS": (3.271, 0.4),
    "VND": (26380, 0.1), "IDR": (16690, 0.3), "EGP": (47.3, 0.2), "NZD": (1.762, 0.5),
}  # fmt: skip


class Market:
    """Closing prices from two years before the start to some months after it."""

    def __init__(self, seed: int, today: date) -> None:
        self._seed = seed
        self._days = [
            day for n in range(-_BEFORE, _AFTER) if (day := today + timedelta(days=n)).weekday() < 5
        ]
        self._place = {day: place for place, day in enumerate(self._days)}
        self._anchor = sum(day <= today for day in self._days) - 1
        self._series: dict[str, list[float]] = {}

    @property
    def first(self) -> date:
        return self._days[0]

    @property
    def last(self) -> date:
        return self._days[-1]

    def codes(self) -> tuple[str, ...]:
        return tuple(_TODAY)

    def close(self, code: str, day: date) -> float:
        """Units of `code` for a dollar at the close of a business day. KeyError outside of the history."""
        if code not in self._series:
            self._series[code] = self._walk(code)
        return self._series[code][self._place[day]]

    def price(self, code: str, local: str, day: date) -> float:
        """One unit of `code` in the local currency."""
        return self.close(local, day) / self.close(code, day)

    def _walk(self, code: str) -> list[float]:
        """A walk back and one forward from today's price; the som stands still for weeks, then moves."""
        today, volatility = _TODAY[code]
        if code in _NEVER_MOVES:
            return [today] * len(self._days)
        rng = random.Random(f"{self._seed} {code}")
        back, forward = [today], [today]
        for series, count in ((back, self._anchor), (forward, len(self._days) - self._anchor - 1)):
            drift = 0.0
            for _ in range(count):
                pull = 0.012 * (today / series[-1] - 1)  # so that two years do not lead too far away
                drift = 0.9 * drift + rng.gauss(0, volatility / 100)
                still = code == "KGS" and rng.random() < 0.94
                step = 0.0 if still else 0.12 * drift + rng.gauss(0, volatility / 110) + pull
                series.append(series[-1] * (1 + step))
        return back[:0:-1] + forward


def business_day_before(day: date) -> date:
    """The last Monday-to-Friday before `day`."""
    day -= timedelta(days=1)
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return day


def business_day_after(day: date) -> date:
    """The next Monday-to-Friday after `day`."""
    day += timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day
