"""Watchlists: the pairs that the person pinned, in their order and direction, each once in a list."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from desktop.core.errors import UsageError
from desktop.core.rates import Pair, PinnedPair, Watchlist
from desktop.core.text import plain
from desktop.store.database import Database

MAIN = "Main"
NAME_LIMIT = 60
PAIRS_AT_MOST = 200  # of one list: the window asks for all of them at once

Line = tuple[Pair, str]  # a pair, and the source that it is asked of; "" for the best


class Watchlists:
    """Named lists of pinned pairs. Writes survive a power cut. "" as a name means the list of the ticker."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def names(self) -> list[str]:
        """The lists, in order."""
        return [
            name for (name,) in self._database.rows("SELECT name FROM watchlists ORDER BY position, name")
        ]

    def in_ticker(self) -> str:
        """The list that the ticker shows; where none was chosen, the first one."""
        found = self._database.row(
            "SELECT name FROM watchlists ORDER BY in_ticker DESC, position, name LIMIT 1"
        )
        return MAIN if found is None else str(found[0])

    def pairs(self, list_name: str = "") -> list[PinnedPair]:
        """The pairs of a list, in order; none for a list that is not there."""
        name = list_name or self.in_ticker()
        found = self._database.rows(
            "SELECT base, quote, source FROM pinned_pairs WHERE list_name = ? ORDER BY position", (name,)
        )
        return [
            PinnedPair(name, Pair(base, quote), position, source)
            for position, (base, quote, source) in enumerate(found)
        ]

    def all(self) -> tuple[Watchlist, ...]:
        """Every list with its pairs, in order."""
        shown = self.in_ticker()
        return tuple(Watchlist(name, tuple(self.pairs(name)), name == shown) for name in self.names())

    def pin(self, pair: Pair, list_name: str = "", source: str = "") -> None:
        """Put a pair at the end of a list, made if needed; a pair that is there is only turned this way."""
        self.pin_all([(pair, source)], list_name)

    def pin_all(self, lines: Iterable[Line], list_name: str = "") -> None:
        """Pin several, all or none; a source that is named takes the place of the one that was chosen."""
        name = list_name or self.in_ticker()
        with self._database.transaction(durable=True) as db:
            stored = self._lines(name)
            for pair, source in lines:
                if pair.base == pair.quote:
                    raise UsageError(
                        f"{pair} is one currency twice.", "Name two currencies, for example USD/KZT."
                    )
                place = _place(pair, stored)
                if place is None:
                    stored.append((pair, source))
                else:
                    stored[place] = pair, source or stored[place][1]
            if len(stored) > PAIRS_AT_MOST:
                raise UsageError(f"A list holds at most {PAIRS_AT_MOST} pairs.", "Make another list.")
            _save(db, _checked(name), stored)

    def unpin(self, pair: Pair, list_name: str = "") -> None:
        """Take a pair off a list, whichever way it stands there."""
        name, lines, place = self._with(pair, list_name)
        del lines[place]
        self._write(name, lines)

    def flip(self, pair: Pair, list_name: str = "") -> None:
        """Turn a pair round in its place."""
        name, lines, place = self._with(pair, list_name)
        lines[place] = lines[place][0].inverse, lines[place][1]
        self._write(name, lines)

    def move(self, pair: Pair, position: int, list_name: str = "") -> None:
        """Put a pair at a place of its list, 0 the first."""
        name, lines, place = self._with(pair, list_name)
        lines.insert(max(0, position), lines.pop(place))
        self._write(name, lines)

    def shift(self, pair: Pair, by: int, list_name: str = "") -> None:
        """Move a pair by so many places, as far as its list goes."""
        name, lines, place = self._with(pair, list_name)
        lines.insert(max(0, place + by), lines.pop(place))
        self._write(name, lines)

    def set_source(self, pair: Pair, source: str, list_name: str = "") -> None:
        """Ask a pair of one source from now on; "" asks the best."""
        name, lines, place = self._with(pair, list_name)
        lines[place] = lines[place][0], source
        self._write(name, lines)

    def create(self, name: str) -> None:
        """Make an empty list at the end."""
        name = self._free(name)
        with self._database.transaction(durable=True) as db:
            _save(db, name, [])

    def rename(self, name: str, new_name: str) -> None:
        """Call a list something else; its pairs and its place stay."""
        self._known(name)
        if plain(new_name) != name:
            new_name = self._free(new_name, but=name)
            with self._database.transaction(durable=True) as db:
                db.execute("UPDATE watchlists SET name = ? WHERE name = ?", (new_name, name))

    def delete(self, name: str) -> None:
        """Remove a list with its pairs. The last one stays."""
        self._known(name)
        if len(self.names()) == 1:
            raise UsageError(f"“{name}” is the only list.", "Make another one first.")
        with self._database.transaction(durable=True) as db:
            db.execute("DELETE FROM watchlists WHERE name = ?", (name,))

    def move_list(self, name: str, position: int) -> None:
        """Put a list at a place among the lists, 0 the first."""
        self._known(name)
        names = self.names()
        names.remove(name)
        names.insert(max(0, position), name)
        with self._database.transaction(durable=True) as db:
            db.executemany(
                "UPDATE watchlists SET position = ? WHERE name = ?",
                [(place, one) for place, one in enumerate(names)],
            )

    def show_in_ticker(self, name: str) -> None:
        """Let the ticker show this list."""
        self._known(name)
        with self._database.transaction(durable=True) as db:
            db.execute("UPDATE watchlists SET in_ticker = (name = ?)", (name,))

    def restore(self, lists: Sequence[Watchlist], instead_of: Sequence[Watchlist]) -> None:
        """Put all lists back as they were; UsageError where they are no longer `instead_of`, and nothing changes."""
        with self._database.transaction(durable=True) as db:
            if self.all() != tuple(instead_of):
                raise UsageError("The watchlists have changed since.", "Nothing was undone.")
            db.execute("DELETE FROM watchlists")
            for place, one in enumerate(lists):
                db.execute(
                    "INSERT INTO watchlists (name, position, in_ticker) VALUES (?, ?, ?)",
                    (one.name, place, one.in_ticker),
                )
                _save(db, one.name, [(pinned.pair, pinned.source) for pinned in one.pairs])

    def _lines(self, name: str) -> list[Line]:
        return [(pinned.pair, pinned.source) for pinned in self.pairs(name)]

    def _with(self, pair: Pair, list_name: str) -> tuple[str, list[Line], int]:
        """The list, its lines, and the place of the pair in it, whichever way it stands."""
        name = list_name or self.in_ticker()
        lines = self._lines(name)
        place = _place(pair, lines)
        if place is None:
            raise UsageError(f"{pair} is not on the list “{name}”.")
        return name, lines, place

    def _write(self, name: str, lines: Sequence[Line]) -> None:
        with self._database.transaction(durable=True) as db:
            _save(db, name, lines)

    def _known(self, name: str) -> None:
        if name not in self.names():
            raise UsageError(f"There is no list “{plain(name)}”.")

    def _free(self, name: str, but: str = "") -> str:
        name = _checked(name)
        taken = {one.casefold() for one in self.names() if one != but}
        if name.casefold() in taken:
            raise UsageError(f"There is a list “{name}” already.", "Choose another name.")
        return name


def _checked(name: str) -> str:
    clean = plain(name, NAME_LIMIT)
    if not clean:
        raise UsageError("A list needs a name.")
    return clean


def _place(pair: Pair, lines: Sequence[Line]) -> int | None:
    return next((place for place, line in enumerate(lines) if line[0] in (pair, pair.inverse)), None)


def _save(db: sqlite3.Connection, list_name: str, lines: Sequence[Line]) -> None:
    db.execute(
        """INSERT OR IGNORE INTO watchlists (name, position)
        SELECT ?, coalesce(max(position) + 1, 0) FROM watchlists""",
        (list_name,),
    )
    db.execute("DELETE FROM pinned_pairs WHERE list_name = ?", (list_name,))
    db.executemany(
        "INSERT INTO pinned_pairs (list_name, base, quote, position, source) VALUES (?, ?, ?, ?, ?)",
        [(list_name, pair.base, pair.quote, place, source) for place, (pair, source) in enumerate(lines)],
    )
