"""Which days of a publisher have been asked for, so that none is asked twice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from desktop.core.rates import Pair
from desktop.store.database import Database

EVERY = ""  # the currency of a document that has them all


class RateDays:
    """A day is known once its document was read, whether it held numbers or not, or a number of it is stored."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self, source: str, pair: Pair, first: date, last: date) -> set[date]:
        """The days between the two for which `pair`, either way round, need not be asked of `source`."""
        one = "SELECT valid_from FROM quotes WHERE source = ? AND base = ? AND quote = ? AND valid_from BETWEEN ? AND ?"
        days = "SELECT day FROM rate_days WHERE source = ? AND currency = ? AND day BETWEEN ? AND ?"
        span = (first.isoformat(), last.isoformat())
        found = self._database.rows(
            " UNION ".join((one, one, days, days, days)),
            (
                *(source, pair.base, pair.quote, *span),
                *(source, pair.quote, pair.base, *span),
                *(source, EVERY, *span),
                *(source, pair.base, *span),
                *(source, pair.quote, *span),
            ),
        )
        return {date.fromisoformat(day) for (day,) in found}

    def save(self, source: str, currencies: Iterable[str], days: Iterable[date]) -> None:
        """Remember that days were asked for: of the named currencies, or with EVERY of the whole table."""
        rows = [(source, currency, day.isoformat()) for currency in currencies for day in days]
        with self._database.transaction(durable=False) as db:
            db.executemany("INSERT OR IGNORE INTO rate_days (source, currency, day) VALUES (?, ?, ?)", rows)
