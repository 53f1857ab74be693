"""The person's tags, by the identity of an article: they outlive article and source.

What an act changed is remembered until the store is closed, in a temporary table like that of `marks`: the way back
of any act on tags is to do the opposite of what was changed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from desktop.core.models import Changes
from desktop.core.tags import Tag, tag_key, tag_name
from desktop.store.columns import sound
from desktop.store.database import Database, listed

if TYPE_CHECKING:
    from desktop.core.shown import Shown
    from desktop.store.marks import Marks

_HAS = """EXISTS (SELECT 1 FROM taggings t WHERE t.source_id = k.source_id AND t.key = k.key
    AND t.tag_id = (SELECT id FROM tags WHERE folded = ?))"""
_CHANGE = "INSERT INTO temp.tag_changes (set_id, source_id, key, name, folded, added)"
_OF_SET = "temp.tag_changes c WHERE c.set_id = ? AND c.added = ?"


class Tags:
    """Reads are kept numbers; each act is one transaction that survives a power cut."""

    def __init__(self, database: Database, marks: Callable[[], Marks]) -> None:
        self._database = database
        self._marks = marks

    def all(self) -> tuple[Tag, ...]:
        """All tags by name."""
        found = self._database.rows(
            """SELECT t.name, coalesce(c.total, 0), coalesce(c.unread, 0)
            FROM tags t LEFT JOIN tag_counters c ON c.tag_id = t.id ORDER BY t.folded"""
        )
        return tuple(Tag(*row) for row in found)

    def change(
        self, which: Shown | Sequence[int], add: Iterable[str] = (), remove: Iterable[str] = ()
    ) -> tuple[int, Changes]:
        """Put tags on articles, what a list showed or some by their ids, and take others off; gives the number of the
        change for `put`, and the articles that changed. Raises UsageError for a tag without a name."""
        wanted = [(tag_name(name), True) for name in add] + [(tag_name(name), False) for name in remove]
        with self._database.bulk() as db:
            set_id = self._marks().collect(db, which)
            _make_room(db)
            for name, on in wanted:
                known = db.execute("SELECT name FROM tags WHERE folded = ?", (tag_key(name),)).fetchone()
                db.execute(
                    f"""{_CHANGE} SELECT ?, k.source_id, k.key, ?, ?, ? FROM temp.marked m
                    JOIN identities k ON k.article_id = m.article_id
                    WHERE m.set_id = ? AND {"NOT " if on else ""}{_HAS}""",
                    (set_id, known[0] if known else sound(name), tag_key(name), on, set_id, tag_key(name)),
                )
            db.execute("DELETE FROM temp.marked WHERE set_id = ?", (set_id,))
            return set_id, _put(db, set_id, back=False)

    def rename(self, name: str, new: str) -> tuple[int, Changes]:
        """Give a tag another name; under one that there is, the two become one. The same as for `change`."""
        new = tag_name(new)
        with self._database.bulk() as db:
            set_id = self._all_of(db, name)
            known = db.execute("SELECT name FROM tags WHERE folded = ?", (tag_key(new),)).fetchone()
            written = known[0] if known and tag_key(new) != tag_key(name) else sound(new)
            db.execute(
                f"""{_CHANGE} SELECT c.set_id, c.source_id, c.key, ?, ?, 1 FROM {_OF_SET}
                AND (? OR NOT EXISTS (SELECT 1 FROM taggings t JOIN tags g ON g.id = t.tag_id
                    WHERE t.source_id = c.source_id AND t.key = c.key AND g.folded = ?))""",
                (written, tag_key(new), set_id, False, tag_key(new) == tag_key(name), tag_key(new)),
            )
            return set_id, _put(db, set_id, back=False)

    def delete(self, name: str) -> tuple[int, Changes]:
        """Take a tag off everything that has it. The same as for `change`."""
        with self._database.bulk() as db:
            set_id = self._all_of(db, name)
            return set_id, _put(db, set_id, back=False)

    def put(self, set_id: int, *, back: bool) -> Changes:
        """Undo a change, or do it again; gives the articles that changed."""
        with self._database.bulk() as db:
            _make_room(db)
            return _put(db, set_id, back=back)

    def _all_of(self, db: sqlite3.Connection, name: str) -> int:
        """Note that a tag goes from all that has it; gives the number of the change."""
        set_id = self._marks().collect(db, ())
        _make_room(db)
        db.execute(
            f"""{_CHANGE} SELECT ?, t.source_id, t.key, g.name, g.folded, 0
            FROM tags g JOIN taggings t ON t.tag_id = g.id WHERE g.folded = ?""",
            (set_id, tag_key(name)),
        )
        return set_id


def tag_these(db: sqlite3.Connection, ids: Iterable[int], name: str) -> None:
    """Put a tag on articles, within a transaction; those that have it stay as they are."""
    these = listed(ids)
    if these == "[]":
        return
    db.execute("INSERT OR IGNORE INTO tags (name, folded) VALUES (?, ?)", (sound(name), tag_key(name)))
    db.execute(
        """INSERT OR IGNORE INTO taggings (source_id, key, tag_id)
        SELECT k.source_id, k.key, (SELECT id FROM tags WHERE folded = ?) FROM json_each(?) j
        JOIN identities k ON k.article_id = j.value""",
        (tag_key(name), these),
    )


def untag_these(db: sqlite3.Connection, ids: Iterable[int], name: str) -> None:
    """Take a tag off articles, within a transaction."""
    db.execute(
        """DELETE FROM taggings WHERE tag_id = (SELECT id FROM tags WHERE folded = ?) AND (source_id, key) IN (
            SELECT source_id, key FROM identities WHERE article_id IN (SELECT value FROM json_each(?)))""",
        (tag_key(name), listed(ids)),
    )


def _make_room(db: sqlite3.Connection) -> None:
    db.execute(
        """CREATE TEMP TABLE IF NOT EXISTS tag_changes (
            set_id INTEGER, source_id INTEGER, key TEXT, name TEXT, folded TEXT, added INTEGER,
            PRIMARY KEY (set_id, added, folded, source_id, key)) WITHOUT ROWID"""
    )


def _put(db: sqlite3.Connection, set_id: int, *, back: bool) -> Changes:
    """First what goes: a tag that only changes its spelling is another one afterwards."""
    goes, comes = (set_id, int(back)), (set_id, int(not back))
    db.execute(
        f"""DELETE FROM taggings WHERE (source_id, key, tag_id) IN (
            SELECT c.source_id, c.key, (SELECT id FROM tags g WHERE g.folded = c.folded) FROM {_OF_SET})""",
        goes,
    )
    db.execute(
        f"INSERT OR IGNORE INTO tags (name, folded) SELECT DISTINCT c.name, c.folded FROM {_OF_SET}", comes
    )
    db.execute(
        f"""INSERT OR IGNORE INTO taggings (source_id, key, tag_id)
        SELECT c.source_id, c.key, (SELECT id FROM tags g WHERE g.folded = c.folded) FROM {_OF_SET}""",
        comes,
    )
    found = db.execute(
        """SELECT DISTINCT k.article_id FROM temp.tag_changes c
        JOIN identities k ON k.source_id = c.source_id AND k.key = c.key WHERE c.set_id = ?""",
        (set_id,),
    )
    return Changes(updated=tuple(article_id for (article_id,) in found))
