"""Rates: every published number as it was published, and what the talks with the providers came to."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from desktop.core.rates import Fixing, Pair, ProviderState, Quote, QuoteKind
from desktop.store.columns import moment, moment_or_none, seconds, seconds_or_none, sound
from desktop.store.database import Database, Row, listed

_COLUMNS = "base, quote, rate, raw_value, raw_nominal, valid_from, source, kind, fetched_at, previous_value"
_OLDER = 10  # fixings of a series that a book holds from before the day that was asked for


class Rates:
    """The stored quotes. A number that its publisher replaced is kept as a correction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, quotes: Iterable[Quote], now: datetime, *, durable: bool = False) -> int:
        """Keep quotes; gives how many are new or replace one of the same day. Known ones write nothing."""
        news = [quote for quote in quotes if _differs(quote, self._stored(quote))]
        if not news:
            return 0
        changed = 0
        with self._database.transaction(durable=durable) as db:
            for quote in news:
                stored = self._stored(quote)
                if not _differs(quote, stored):  # it came twice
                    continue
                changed += 1
                if stored is not None:
                    _keep_former(db, stored, now)
                db.execute(
                    f"INSERT OR REPLACE INTO quotes ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    _row(quote),
                )
        return changed

    def later_than_stored(self, quotes: Iterable[Quote]) -> list[Quote]:
        """Those that are not here, and those that were fetched later than the number here of the same day."""
        found: list[Quote] = []
        for quote in quotes:
            stored = self._stored(quote)
            if stored is None or (quote.fetched_at > stored.fetched_at and _differs(quote, stored)):
                found.append(quote)
        return found

    def book(self, currencies: Iterable[str], since: date) -> list[Quote]:
        """Quotes of `currencies` against each other, oldest first: all valid from `since` on, and of every
        series the ten before, so that the fixing in force on `since` and its forerunner are among them."""
        one = "FROM quotes WHERE source = ? AND base = ? AND quote = ? AND valid_from"
        found: list[Row] = []
        for key in self.series(currencies):
            place = (*key, since.isoformat())
            found += self._database.rows(f"SELECT {_COLUMNS} {one} >= ?", place)
            found += self._database.rows(
                f"SELECT {_COLUMNS} {one} < ? ORDER BY valid_from DESC LIMIT {_OLDER}", place
            )
        return sorted(map(_quote, found), key=lambda quote: (quote.valid_from, quote.source, quote.base))

    def has_any(self, sources: Iterable[str]) -> bool:
        """Whether there is any number of one of these."""
        found = self._database.value(
            "SELECT EXISTS (SELECT 1 FROM json_each(?) one JOIN quotes ON quotes.source = one.value)",
            (listed(sources),),
        )
        return bool(found)

    def series(self, currencies: Iterable[str]) -> list[tuple[str, str, str]]:
        """Which series there are of `currencies` against each other, as (source, base, quote). Looks into the
        index once for each that might be there, and reads none of them through."""
        codes = listed(currencies)
        found = self._database.rows(
            """WITH RECURSIVE known (source) AS (SELECT min(source) FROM quotes
                UNION ALL SELECT (SELECT min(source) FROM quotes WHERE source > known.source) FROM known
                WHERE known.source IS NOT NULL)
            SELECT known.source, one.value, other.value FROM known, json_each(?) one, json_each(?) other
            WHERE EXISTS (SELECT 1 FROM quotes WHERE quotes.source = known.source AND base = one.value
                AND quote = other.value)""",
            (codes, codes),
        )
        return [(source, base, quote) for source, base, quote in found]

    def fixings(self, source: str, pair: Pair, first: date, last: date) -> list[Fixing]:
        """The numbers of one series, oldest first: the one in force on `first` and all later ones up to `last`."""
        place = {
            "source": source,
            "base": pair.base,
            "quote": pair.quote,
            "first": first.isoformat(),
            "last": last.isoformat(),
        }
        found = self._database.rows(
            """SELECT valid_from, rate, raw_value, raw_nominal FROM quotes
            WHERE source = :source AND base = :base AND quote = :quote AND valid_from <= :last
            AND valid_from >= coalesce((SELECT max(valid_from) FROM quotes WHERE source = :source
                AND base = :base AND quote = :quote AND valid_from <= :first), :first)
            ORDER BY valid_from""",
            place,
        )
        return [
            Fixing(date.fromisoformat(day), Decimal(rate), value, units) for day, rate, value, units in found
        ]

    def newest(self, source: str, pair: Pair, until: date = date.max) -> date | None:
        """The last date up to `until` that a source has a number for, of a pair as it stands or turned round."""
        last = until.isoformat()
        both = (source, pair.base, pair.quote, last, source, pair.quote, pair.base, last)
        one = "SELECT max(valid_from) AS last FROM quotes WHERE source = ? AND base = ? AND quote = ?"
        found = self._database.value(
            f"SELECT max(last) FROM ({one} AND valid_from <= ? UNION ALL {one} AND valid_from <= ?)", both
        )
        return None if found is None else date.fromisoformat(found)

    def around(self, source: str, pair: Pair, first: date, last: date) -> dict[date, Decimal]:
        """The numbers of a series from `first` to `last`, with the one before and the one after."""
        one = "SELECT valid_from, rate FROM quotes WHERE source = ? AND base = ? AND quote = ? AND valid_from"
        key = (source, pair.base, pair.quote)
        found = self._database.rows(f"{one} BETWEEN ? AND ?", (*key, first.isoformat(), last.isoformat()))
        found += self._database.rows(f"{one} < ? ORDER BY valid_from DESC LIMIT 1", (*key, first.isoformat()))
        found += self._database.rows(f"{one} > ? ORDER BY valid_from LIMIT 1", (*key, last.isoformat()))
        return {date.fromisoformat(day): Decimal(rate) for day, rate in found}

    def unconfirmed(self) -> list[Quote]:
        """The numbers that wait to be confirmed, oldest first."""
        found = self._database.rows(f"SELECT {_COLUMNS} FROM unconfirmed_quotes ORDER BY valid_from, source")
        return [_quote(row) for row in found]

    def hold(self, quotes: Iterable[Quote], now: datetime) -> int:
        """Keep numbers apart until they are confirmed; gives how many are new. One that is replaced is a correction."""
        known = {_key(quote): quote for quote in self.unconfirmed()}
        news = [quote for quote in quotes if _differs(quote, known.get(_key(quote)))]
        if not news:
            return 0
        with self._database.transaction(durable=False) as db:
            for quote in news:
                former = known.get(_key(quote))
                if former is not None:
                    _keep_former(db, former, now)
                db.execute(
                    f"INSERT OR REPLACE INTO unconfirmed_quotes ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    _row(quote),
                )
        return len(news)

    def confirm(self, quotes: Iterable[Quote], now: datetime, *, by_person: bool = False) -> int:
        """Let numbers that waited count like all others; gives how many are new."""
        confirmed = list(quotes)
        changed = self.save(
            confirmed, now, durable=by_person
        )  # first: cut here, they stand twice, and nothing is lost
        self._let_go(confirmed, None, durable=by_person)
        return changed

    def take_back(self, quotes: Iterable[Quote], now: datetime) -> None:
        """Numbers that waited, and that their own source went back from, become corrections."""
        self._let_go(list(quotes), now, durable=False)

    def _let_go(self, quotes: list[Quote], replaced_at: datetime | None, *, durable: bool) -> None:
        if not quotes:
            return
        with self._database.transaction(durable=durable) as db:
            for quote in quotes:
                if replaced_at is not None:
                    _keep_former(db, quote, replaced_at)
                db.execute(
                    """DELETE FROM unconfirmed_quotes
                    WHERE source = ? AND base = ? AND quote = ? AND valid_from = ?""",
                    _key(quote),
                )

    def corrections(self, source: str) -> list[tuple[Quote, datetime]]:
        """The numbers that a source replaced, with the moment they were; oldest first."""
        found = self._database.rows(
            f"SELECT {_COLUMNS}, replaced_at FROM quote_corrections WHERE source = ? ORDER BY id", (source,)
        )
        return [(_quote(row[:-1]), moment(row[-1])) for row in found]

    def provider_states(self) -> dict[str, ProviderState]:
        """What is known of each provider that was ever asked."""
        found = self._database.rows(
            """SELECT provider, etag, last_modified, last_fetch, last_success, last_error, failures, next_due
            FROM provider_states"""
        )
        return {
            provider: ProviderState(
                provider, etag, modified, moment_or_none(fetch), moment_or_none(success), error, failures,
                moment_or_none(due),
            )
            for provider, etag, modified, fetch, success, error, failures, due in found
        }  # fmt: skip

    def save_state(self, state: ProviderState) -> None:
        """Remember how the last talk with a provider went."""
        with self._database.transaction(durable=False) as db:
            db.execute(
                """INSERT OR REPLACE INTO provider_states
                    (provider, etag, last_modified, last_fetch, last_success, last_error, failures, next_due)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
                (
                    state.provider, state.etag, state.last_modified, seconds_or_none(state.last_fetch),
                    seconds_or_none(state.last_success), sound(state.last_error), state.failures,
                    seconds_or_none(state.next_due),
                ),
            )  # fmt: skip

    def _stored(self, quote: Quote) -> Quote | None:
        found = self._database.row(
            f"SELECT {_COLUMNS} FROM quotes WHERE source = ? AND base = ? AND quote = ? AND valid_from = ?",
            _key(quote),
        )
        return None if found is None else _quote(found)


def _differs(quote: Quote, stored: Quote | None) -> bool:
    if stored is None:
        return True
    newer = quote.fetched_at >= stored.fetched_at
    return newer and (quote.rate, quote.kind, quote.previous_value) != (
        stored.rate,
        stored.kind,
        stored.previous_value,
    )


def _keep_former(db: sqlite3.Connection, former: Quote, now: datetime) -> None:
    db.execute(
        f"INSERT INTO quote_corrections ({_COLUMNS}, replaced_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*_row(former), seconds(now)),
    )


def _key(quote: Quote) -> tuple[str, str, str, str]:
    return quote.source, quote.base, quote.quote, quote.valid_from.isoformat()


def _row(quote: Quote) -> Row:
    return (
        quote.base, quote.quote, str(quote.rate), quote.raw_value, quote.raw_nominal,
        quote.valid_from.isoformat(), quote.source, str(quote.kind), seconds(quote.fetched_at),
        quote.previous_value,
    )  # fmt: skip


def _quote(row: Row) -> Quote:
    base, quote, rate, raw_value, raw_nominal, valid_from, source, kind, fetched_at, previous = row
    return Quote(
        base, quote, Decimal(rate), raw_value, raw_nominal, date.fromisoformat(valid_from), source,
        QuoteKind(kind), moment(fetched_at), previous,
    )  # fmt: skip
