"""Past conversions: what the person asked and what it came to then. They stay as they were when rates move on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from desktop.core.rates import Pair
from desktop.core.rates.amounts import Conversion
from desktop.store.columns import moment, seconds
from desktop.store.database import Database, Row

_COLUMNS = "amount, base, quote, rate, digits, result, day, valid_from, source, made_at"
_INSERT = f"INSERT INTO conversions ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


class Conversions:
    """The person's conversions. Writes survive a power cut."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def past(self, limit: int = 200) -> list[Conversion]:
        """The newest first."""
        found = self._database.rows(
            f"SELECT {_COLUMNS} FROM conversions ORDER BY made_at DESC, id DESC LIMIT ?", (limit,)
        )
        return [_conversion(row) for row in found]

    def keep(self, conversion: Conversion) -> bool:
        """Add one; False where it says the same as the one before."""
        newest = self.past(1)
        if newest and replace(newest[0], made_at=conversion.made_at) == conversion:
            return False
        with self._database.transaction(durable=True) as db:
            db.execute(_INSERT, _row(conversion))
        return True

    def clear(self) -> list[Conversion]:
        """Take all away, and give them back to the one who may want to undo that; the newest first."""
        with self._database.transaction(durable=True) as db:
            cleared = self.past(-1)
            db.execute("DELETE FROM conversions")
        return cleared

    def put_back(self, cleared: Iterable[Conversion]) -> None:
        """Undo `clear`."""
        with self._database.transaction(durable=True) as db:
            db.executemany(_INSERT, [_row(conversion) for conversion in reversed(list(cleared))])


def _row(made: Conversion) -> Row:
    return (
        str(made.amount), made.pair.base, made.pair.quote, str(made.rate), made.digits, made.result,
        made.day.isoformat(), made.valid_from.isoformat(), made.source, seconds(made.made_at),
    )  # fmt: skip


def _conversion(row: Row) -> Conversion:
    amount, base, quote, rate, digits, result, day, valid_from, source, made_at = row
    return Conversion(
        Decimal(amount), Pair(base, quote), Decimal(rate), digits, result, date.fromisoformat(day),
        date.fromisoformat(valid_from), source, moment(made_at),
    )  # fmt: skip
