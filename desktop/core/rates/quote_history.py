"""Stored numbers by source and date: which one is in force on a day, and what the fixing before it was.

A carry is a date on which every row of a document equals the day before's; it is not a fixing of its own.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from desktop.core.rates import Pair, Quote
from desktop.core.rates.numbers import decimal, nominal, per_unit
from desktop.core.rates.sources import RULES

CARRY_DAYS = 14  # two equal documents further apart are not copies of each other
WITNESS = "EUR"  # moves every working day: where it stands still too, a document is a copy
PIVOT = "RUB"


class Previous(NamedTuple):
    """The fixing before another. `valid_from` is None where only the bank's own change field tells of it."""

    rate: Decimal
    valid_from: date | None
    around: date  # `valid_from`, or the working day that it must have been


class History:
    """An index of quotes; of several for one source, pair and date, the one fetched last counts."""

    def __init__(self, book: Iterable[Quote]) -> None:
        self._documents: dict[str, dict[date, dict[Pair, Quote]]] = {}
        dates: dict[tuple[str, Pair], set[date]] = {}
        for quote in book:
            pair = Pair(quote.base, quote.quote)
            rows = self._documents.setdefault(quote.source, {}).setdefault(quote.valid_from, {})
            if pair not in rows or rows[pair].fetched_at <= quote.fetched_at:
                rows[pair] = quote
            dates.setdefault((quote.source, pair), set()).add(quote.valid_from)
        self._dates = {key: sorted(found) for key, found in dates.items()}

    def in_force(self, source: str, pair: Pair, day: date) -> Quote | None:
        """The last number of the source that is valid from `day` or before."""
        dates = self._dates.get((source, pair), [])
        at = bisect_right(dates, day)
        return self._documents[source][dates[at - 1]][pair] if at else None

    def after(self, source: str, pair: Pair, day: date) -> Quote | None:
        """The first number of the source that is valid from a later day."""
        dates = self._dates.get((source, pair), [])
        at = bisect_right(dates, day)
        return self._documents[source][dates[at]][pair] if at < len(dates) else None

    def together(self, source: str, first: Pair, second: Pair, day: date) -> tuple[Quote, Quote] | None:
        """Both numbers of the last document up to `day` that has both."""
        shared = set(self._dates.get((source, first), ())).intersection(self._dates.get((source, second), ()))
        last = max((found for found in shared if found <= day), default=None)
        if last is None:
            return None
        rows = self._documents[source][last]
        return rows[first], rows[second]

    def previous(self, quote: Quote) -> Previous | None:
        """The last distinct fixing before `quote`, stored or told by the bank itself; None: unknown."""
        pair = Pair(quote.base, quote.quote)
        dates = self._dates[quote.source, pair]
        start = self._run_start(quote.source, pair, dates.index(quote.valid_from))
        first = self._documents[quote.source][dates[start]][pair]
        told = self._told_previous(first)
        around = RULES[quote.source].expected_before(first.valid_from)
        if start == 0:
            return None if told is None else Previous(told, None, around)
        stored = self._documents[quote.source][dates[start - 1]][pair]
        if told is not None and told != stored.rate and self._may_miss_one(stored, first):
            return Previous(told, None, around)
        since = dates[self._run_start(quote.source, pair, start - 1)]
        return Previous(stored.rate, since, stored.valid_from)

    def _run_start(self, source: str, pair: Pair, at: int) -> int:
        dates = self._dates[source, pair]
        while at > 0 and self._is_carry(source, pair, dates[at - 1], dates[at]):
            at -= 1
        return at

    def _is_carry(self, source: str, pair: Pair, earlier: date, later: date) -> bool:
        before, after = self._documents[source][earlier], self._documents[source][later]
        if before[pair].rate != after[pair].rate or (later - earlier).days > CARRY_DAYS:
            return False
        if self._says_unchanged(after[pair]):
            return True
        others = [other for other in after if other != pair and other in before]
        if others:
            return all(before[other].rate == after[other].rate for other in others)
        days = (earlier + timedelta(days=n) for n in range(1, (later - earlier).days + 1))
        return all(day.weekday() in RULES[source].carried for day in days)

    def _says_unchanged(self, quote: Quote) -> bool:
        """Whether the bank itself says in the document of `quote` that no number moved."""
        rows = self._documents[quote.source][quote.valid_from].values()
        told = [row for row in rows if row.previous_value]
        if not told or any(told_previous(row) != row.rate for row in told):
            return False
        return len(told) > 1 or quote.valid_from.weekday() in RULES[quote.source].carried

    def _told_previous(self, quote: Quote) -> Decimal | None:
        """The bank's own previous number; None where it gives none, or where its whole document is a copy."""
        return None if self._says_unchanged(quote) else told_previous(quote)

    def _may_miss_one(self, earlier: Quote, later: Quote) -> bool:
        """Whether a number may be dated between the two; Saturday's of a bank that fixes a day ahead too."""
        rule = RULES[later.source]
        days = min((later.valid_from - earlier.valid_from).days, CARRY_DAYS + 1)
        set_on = (earlier.valid_from + timedelta(days=n - int(rule.next_day)) for n in range(1, days))
        return any(day.weekday() in rule.works for day in set_on)


def told_previous(quote: Quote) -> Decimal | None:
    """The previous number per unit that the bank itself gives beside this one, if it does."""
    if not quote.previous_value:
        return None
    try:
        return per_unit(decimal(quote.previous_value), nominal(quote.raw_nominal))
    except ValueError:
        return None
