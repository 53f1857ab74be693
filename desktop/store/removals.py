"""Taking sources away, whole or but for what the person holds on to, and bringing them back until the store is closed.

What goes is copied row by row into temporary tables of the writing connection: whatever refers to a source or to its
articles goes with it and comes back with it, tables of later versions too. Each removal of a source has a number, and
the last one is taken back first. Files of pictures are held until the store is closed; after a crash they are collected
as all that nobody refers to.

A source of many articles goes and comes back in several transactions, or the log would grow to the size of all the
pages that it lies on. Who is ended between two of them finds it archived with what is left of it, or followed with its
newest.

A source of which articles stay is archived: it is asked for nothing, and no rule lets its articles go.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence

from desktop.core.models import Changes
from desktop.store.cascades import Part, mark_as_now, parts
from desktop.store.database import Database, listed
from desktop.store.images import Images
from desktop.store.let_go import PROTECTED
from desktop.store.retention import AT_ONCE
from desktop.store.stories import fold, settle, stories_of

_THESE = "(SELECT value FROM json_each(:these))"
_WHOLE: Mapping[int, int] = {}
_NOT_LET_GO = "UPDATE states SET let_go = NULL WHERE source_id = ? AND let_go IS NOT NULL"
_STAYING = ("sources", "articles", "source_languages")
_BACK = """SELECT article_id FROM temp.removed_identities k WHERE removal = ? AND NOT EXISTS (
    SELECT 1 FROM main.identities i WHERE i.source_id = k.source_id AND i.key = k.key)"""


class Removals:
    """Sources that go, with all that is theirs."""

    def __init__(self, database: Database, images: Images, at_once: int = AT_ONCE) -> None:
        """`at_once`: how many articles go, or come back, in one transaction."""
        self._database = database
        self._images = images
        self._at_once = at_once

    def staying(self, source_id: int) -> int:
        """How many articles of a source the person holds on to: starred, noted, tagged, to be read later or packed."""
        counted = f"SELECT count(*) FROM articles a WHERE a.source_id = ? AND {PROTECTED}"
        return int(self._database.value(counted, (source_id,)))

    def remove(
        self,
        source_ids: Sequence[int],
        *,
        keep_marked: bool = False,
        for_good: bool = False,
        newer_than: Mapping[int, int] = _WHOLE,
    ) -> Changes:
        """Take sources away; what was read and starred of them is remembered for good. With `keep_marked` the articles
        that the person holds on to stay, and their source with them, archived; so do those up to `newer_than`, an id
        by the source. `for_good`: without a way back."""
        gone: list[int] = []
        regrouped: set[int] = set()
        files: set[str] = set()
        for source_id in source_ids:
            going, is_whole = self._going(
                source_id, PROTECTED if keep_marked else f"id <= {newer_than.get(source_id, 0)}"
            )
            for at, these in self._batches(going):
                with self._database.transaction(durable=True) as db:
                    found = parts(db)
                    if at == 0 and not for_good:
                        _make_room(db, found)
                        _keep(db, found, source_id, going)
                    left, keys = stories_of(db, these), self._images.keys_of(these)
                    if is_whole and at + len(these) == len(going):
                        _delete(db, source_id, these)
                    else:
                        _archive(db, found, source_id, these)
                    db.execute(_NOT_LET_GO, (source_id,))
                    files.update(self._images.drop_unused(db, keys))
                    regrouped.update(fold(db, left))
            gone += going
        if for_good:
            self._images.delete_files(sorted(files))
        else:
            self._images.held.update(files)
        return Changes(removed=tuple(gone), regrouped=tuple(sorted(regrouped.difference(gone))))

    def put_back(self, source_id: int) -> Changes:
        """Bring back what the last removal took of a source. Where it is followed anew, it gets the articles that it
        lacks."""
        with self._database.transaction(durable=True) as db:
            found = parts(db)
            _make_room(db, found)
            last = "SELECT max(removal) FROM temp.removals WHERE source_id = ?"
            removal = db.execute(last, (source_id,)).fetchone()[0]
            if removal is None:
                return Changes()
            # The newest first: they are what the fetch state, which comes back with them, stands for.
            back = sorted((article_id for (article_id,) in db.execute(_BACK, (removal,))), reverse=True)
        regrouped: set[int] = set()
        for at, these in self._batches(back):
            with self._database.transaction(durable=True) as db:
                _restore(db, found, removal, these, with_source=at == 0)
                if at + len(these) == len(back):
                    _forget(db, found, removal)
                regrouped.update(settle(db, stories_of(db, these)))
        return Changes(new=tuple(back), regrouped=tuple(sorted(regrouped)))

    def _going(self, source_id: int, held: str) -> tuple[list[int], bool]:
        """The articles of a source that go, all that are not held by a condition, and whether those are all."""
        found = f"SELECT id, {held} FROM articles a WHERE source_id = ? ORDER BY id"
        rows = self._database.rows(found, (source_id,))
        going = [article_id for article_id, is_held in rows if not is_held]
        return going, len(going) == len(rows)

    def _batches(self, ids: Sequence[int]) -> Iterator[tuple[int, Sequence[int]]]:
        """So many at a time, and where they begin; once where there are none, for the sake of the source."""
        for at in range(0, max(1, len(ids)), self._at_once):
            yield at, ids[at : at + self._at_once]


def _make_room(db: sqlite3.Connection, found: list[Part]) -> None:
    db.execute("CREATE TEMP TABLE IF NOT EXISTS removals (removal INTEGER PRIMARY KEY, source_id INTEGER)")
    for table in ("images", "states", *(part.table for part in found)):
        db.execute(
            f"""CREATE TEMP TABLE IF NOT EXISTS removed_{table} AS
            SELECT 0 AS removal, * FROM main.{table} WHERE 0"""
        )
    for part in found:
        if part.of_articles or part.table == "articles":  # what comes back is looked up a thousand at a time
            column = "id" if part.table == "articles" else part.column
            db.execute(
                f"""CREATE INDEX IF NOT EXISTS temp.removed_{part.table}_of
                ON removed_{part.table} (removal, {column})"""
            )


def _keep(db: sqlite3.Connection, found: list[Part], source_id: int, going: Sequence[int]) -> None:
    """Copy a source, and those of its articles that go."""
    removal = db.execute("INSERT INTO temp.removals (source_id) VALUES (?)", (source_id,)).lastrowid
    known = {"removal": removal, "source": source_id, "these": listed(going)}
    for table, rows in _rows(found):
        db.execute(
            f"INSERT INTO temp.removed_{table} SELECT :removal, * FROM main.{table} WHERE {rows}", known
        )
    db.execute(
        f"""INSERT INTO temp.removed_images SELECT :removal, * FROM main.images WHERE key IN (
            SELECT key FROM article_images WHERE article_id IN {_THESE})""",
        known,
    )
    db.execute(
        """INSERT INTO temp.removed_states SELECT :removal, * FROM main.states
        WHERE source_id = :source AND let_go IS NOT NULL""",
        known,
    )


def _delete(db: sqlite3.Connection, source_id: int, going: Sequence[int]) -> None:
    db.execute(
        "DELETE FROM pack_articles WHERE article_id IN (SELECT value FROM json_each(?))", (listed(going),)
    )
    db.execute("DELETE FROM sources WHERE id = ?", (source_id,))
    db.execute("DELETE FROM retention WHERE source_id = ?", (source_id,))


def _archive(db: sqlite3.Connection, found: list[Part], source_id: int, going: Sequence[int]) -> None:
    """Leave of a source nothing but its name and the articles that do not go."""
    db.execute("DELETE FROM articles WHERE id IN (SELECT value FROM json_each(?))", (listed(going),))
    for part in found:
        if not part.of_articles and part.table not in _STAYING:
            db.execute(f"DELETE FROM {part.table} WHERE {part.column} = ?", (source_id,))
    db.execute("UPDATE sources SET archived = 1, enabled = 0 WHERE id = ?", (source_id,))


def _restore(
    db: sqlite3.Connection, found: list[Part], removal: int, back: Sequence[int], *, with_source: bool
) -> None:
    these = listed(back)
    known = {"removal": removal, "these": these}
    mark_as_now(db, "removed", these, removal)
    db.execute(
        f"""INSERT OR IGNORE INTO images SELECT {_columns(db, "images")} FROM temp.removed_images
        WHERE removal = :removal AND key IN (
            SELECT key FROM temp.removed_article_images WHERE removal = :removal AND article_id IN {_THESE})""",
        known,
    )
    for part in found:
        column = "id" if part.table == "articles" else part.column
        is_of_articles = part.of_articles or part.table == "articles"
        if part.table == "search_entries" or not (is_of_articles or with_source):
            continue
        among = f"AND {column} IN {_THESE}" if is_of_articles else ""
        db.execute(
            f"""INSERT OR IGNORE INTO main.{part.table} SELECT {_columns(db, part.table)}
            FROM temp.removed_{part.table} WHERE removal = :removal {among} ORDER BY rowid DESC""",
            known,
        )
        if part.table == "sources":
            _follow_again(db, removal)
    db.execute(
        f"""UPDATE search_entries SET article_id = e.article_id FROM temp.removed_search_entries e
        WHERE e.removal = :removal AND e.id = search_entries.id AND e.article_id IN {_THESE}""",
        known,
    )


def _forget(db: sqlite3.Connection, found: list[Part], removal: int) -> None:
    """All that came back is there: let what is not say again that it was let go, and drop the copies."""
    db.execute(
        """UPDATE main.states SET let_go = k.let_go FROM temp.removed_states k
        WHERE k.removal = ? AND k.source_id = states.source_id AND k.key = states.key AND NOT EXISTS (
            SELECT 1 FROM identities i WHERE i.source_id = k.source_id AND i.key = k.key)""",
        (removal,),
    )
    for table in ("images", "states", *(part.table for part in found)):
        db.execute(f"DELETE FROM temp.removed_{table} WHERE removal = ?", (removal,))
    db.execute("DELETE FROM temp.removals WHERE removal = ?", (removal,))


def _follow_again(db: sqlite3.Connection, removal: int) -> None:
    """Make an archived source what it was before, and count the articles of one that is here again."""
    db.execute(
        """UPDATE main.sources SET archived = k.archived, enabled = k.enabled FROM temp.removed_sources k
        WHERE k.removal = ? AND k.id = sources.id AND sources.archived = 1""",
        (removal,),
    )
    db.execute(
        """INSERT OR IGNORE INTO counters (source_id) SELECT s.id FROM sources s
        JOIN temp.removals r ON r.source_id = s.id WHERE r.removal = ?""",
        (removal,),
    )


def _columns(db: sqlite3.Connection, table: str) -> str:
    return ", ".join(row[1] for row in db.execute(f"PRAGMA main.table_info ({table})"))


def _rows(found: list[Part]) -> Iterator[tuple[str, str]]:
    """For each table the condition on its rows that go."""
    for part in found:
        if part.table == "articles":
            yield part.table, f"id IN {_THESE}"
        else:
            yield part.table, f"{part.column} {f'IN {_THESE}' if part.of_articles else '= :source'}"
