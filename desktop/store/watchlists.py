"""Watchlists: the pairs that the person pinned, in their order and direction, each once in a list."""

from __future__ import annotations

import sqlite3

from desktop.core.errors import UsageError
from desktop.core.rates import Pair, PinnedPair
from desktop.store.database import Database

MAIN = "Main"


class Watchlists:
    """Lists of pinned pairs. Writes survive a power cut."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def names(self) -> list[str]:
        """The lists, in order."""
        return [
            name for (name,) in self._database.rows("SELECT name FROM watchlists ORDER BY position, name")
        ]

    def pairs(self, list_name: str = MAIN) -> list[PinnedPair]:
        """The pairs of a list, in order; none for a list that is not there."""
        found = self._database.rows(
            "SELECT base, quote FROM pinned_pairs WHERE list_name = ? ORDER BY position", (list_name,)
        )
        return [PinnedPair(list_name, Pair(*row), position) for position, row in enumerate(found)]

    def pin(self, pair: Pair, list_name: str = MAIN) -> None:
        """Put a pair at the end of a list, made if needed; a pair that is there is only turned this way."""
        if pair.base == pair.quote:
            raise UsageError(f"{pair} is one currency twice.", "Name two currencies, for example USD/KZT.")
        with self._database.transaction(durable=True) as db:
            pairs = [pinned.pair for pinned in self.pairs(list_name)]
            if pair.inverse in pairs:
                pairs[pairs.index(pair.inverse)] = pair
            elif pair not in pairs:
                pairs.append(pair)
            _save(db, list_name, pairs)

    def unpin(self, pair: Pair, list_name: str = MAIN) -> None:
        """Take a pair off a list, whichever way it stands there."""
        with self._database.transaction(durable=True) as db:
            pairs = self._with(pair, list_name)
            pairs.remove(_standing(pair, pairs))
            _save(db, list_name, pairs)

    def flip(self, pair: Pair, list_name: str = MAIN) -> None:
        """Turn a pair round in its place."""
        with self._database.transaction(durable=True) as db:
            pairs = self._with(pair, list_name)
            place = pairs.index(_standing(pair, pairs))
            pairs[place] = pairs[place].inverse
            _save(db, list_name, pairs)

    def move(self, pair: Pair, position: int, list_name: str = MAIN) -> None:
        """Put a pair at a place of its list, 0 the first."""
        with self._database.transaction(durable=True) as db:
            pairs = self._with(pair, list_name)
            standing = _standing(pair, pairs)
            pairs.remove(standing)
            pairs.insert(max(0, position), standing)
            _save(db, list_name, pairs)

    def _with(self, pair: Pair, list_name: str) -> list[Pair]:
        pairs = [pinned.pair for pinned in self.pairs(list_name)]
        if pair not in pairs and pair.inverse not in pairs:
            raise UsageError(f"{pair} is not on the list “{list_name}”.")
        return pairs


def _standing(pair: Pair, pairs: list[Pair]) -> Pair:
    return pair if pair in pairs else pair.inverse


def _save(db: sqlite3.Connection, list_name: str, pairs: list[Pair]) -> None:
    db.execute(
        "INSERT OR IGNORE INTO watchlists (name, position) SELECT ?, count(*) FROM watchlists", (list_name,)
    )
    db.execute("DELETE FROM pinned_pairs WHERE list_name = ?", (list_name,))
    db.executemany(
        "INSERT INTO pinned_pairs (list_name, base, quote, position) VALUES (?, ?, ?, ?)",
        [(list_name, pair.base, pair.quote, position) for position, pair in enumerate(pairs)],
    )
