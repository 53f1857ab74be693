"""A damaged store is moved aside, never deleted, and a new one takes its place with all that can be had.

the damaged file         | every row that can still be read
newest good daily copy   | the person's rows that cannot be read any more
the web, later           | articles that cannot be read any more: their marks are here already
"""

from __future__ import annotations

import json
import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from pathlib import Path

from desktop.core.errors import StoreDamaged
from desktop.core.identity import normalise_url
from desktop.store.copies import CONTENT, day_of, newest_good
from desktop.store.failures import told
from desktop.store.language_migrations import SPOKEN_AGAIN
from desktop.store.migrating import migrate
from desktop.store.migrations import MIGRATIONS
from desktop.store.opening import BUSY_S, FILE, RESTORED, connect, name_aside, put_in_place
from desktop.store.restore import check_whole
from desktop.store.salvage import Damaged
from desktop.store.settings import MENDED_NOTICE
from desktop.store.soundness import columns_of, displaced, key_of

log = logging.getLogger(__name__)

_PART, _COPY = f".{FILE}.mended", f".{FILE}.mended-copy"
_MADE_AGAIN = frozenset([
    "article_languages", "article_tags", "counters", "search", "search_entries", "search_rebuild", "tag_counters",
])  # fmt: skip
_ARTICLES = frozenset(["articles", "headlines", "bodies", "identities", "images", "article_images"])
_RATES = frozenset(["quotes", "quote_corrections"])
# True only beside whole tables: what servers were told that we have, and what is known to be complete.
_TRUE_BESIDE = {
    "archives": _ARTICLES, "coverage": _ARTICLES, "fetch_states": _ARTICLES, "pack_articles": _ARTICLES,
    "packs": _ARTICLES, "provider_states": _RATES, "rate_days": _RATES,
}  # fmt: skip
_TABLES = """SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
    AND name NOT LIKE 'search\\_%' ESCAPE '\\' ORDER BY name"""
_OF_STATE = "FROM identities k JOIN articles a ON a.id = k.article_id"
_SAME = "k.source_id = states.source_id AND k.key = states.key"
# A row of `articles` stands again by what stands beside it, in the place of when it was first seen. Articles that are
# not whole go, to be fetched again. A mark that is kept twice stands if either place says so.
_AGREEMENT = (
    """INSERT INTO articles (id, source_id, sort_at) SELECT k.article_id, k.source_id, b.first_seen
        FROM identities k JOIN bodies b USING (article_id) JOIN headlines h USING (article_id)
        WHERE k.article_id NOT IN (SELECT id FROM articles)""",
    """DELETE FROM articles WHERE source_id NOT IN (SELECT id FROM sources) OR id NOT IN (SELECT article_id
        FROM bodies JOIN headlines USING (article_id) JOIN identities USING (article_id))""",
    f"""INSERT OR IGNORE INTO states (source_id, key, first_seen, read, starred)
        SELECT k.source_id, k.key, b.first_seen, a.read, a.starred {_OF_STATE}
        JOIN bodies b ON b.article_id = a.id""",
    f"""UPDATE states SET read = max(read, coalesce((SELECT a.read {_OF_STATE} WHERE {_SAME}), 0)),
        starred = max(starred, coalesce((SELECT a.starred {_OF_STATE} WHERE {_SAME}), 0))""",
    """UPDATE articles SET read = t.read, starred = t.starred,
        noted = EXISTS (SELECT 1 FROM notes n WHERE n.source_id = k.source_id AND n.key = k.key)
        FROM identities k JOIN states t ON t.source_id = k.source_id AND t.key = k.key
        WHERE k.article_id = articles.id""",
)
_COUNTS = (
    """UPDATE articles SET images_total = (
        SELECT count(*) FROM article_images r WHERE r.article_id = articles.id)""",
    """UPDATE articles SET kept = NOT EXISTS (
            SELECT 1 FROM article_images r JOIN images i ON i.key = r.key
            WHERE r.article_id = articles.id AND i.sha256 = '')
        AND NOT EXISTS (SELECT 1 FROM full_texts f WHERE f.article_id = articles.id AND f.wanted = 1
            AND f.body IS NULL AND f.problem <> 'The page holds no more than the feed.')""",
    # Copies of a story whose shown one is gone are all shown.
    """UPDATE articles SET fold = 0 WHERE fold <> 0 AND (fold NOT IN (SELECT id FROM folds) OR NOT EXISTS (
        SELECT 1 FROM articles c WHERE c.story = articles.story AND c.story <> 0 AND c.fold = 0))""",
    """UPDATE folds SET total = (SELECT count(*) FROM articles a WHERE a.fold = folds.id),
        unread = (SELECT count(*) FROM articles a WHERE a.fold = folds.id AND a.read = 0),
        starred = (SELECT count(*) FROM articles a WHERE a.fold = folds.id AND a.starred = 1),
        unread_starred = (
            SELECT count(*) FROM articles a WHERE a.fold = folds.id AND a.starred = 1 AND a.read = 0)""",
    """INSERT INTO article_tags (article_id, tag_id, source_id, sort_at, read)
        SELECT a.id, t.tag_id, a.source_id, a.sort_at, a.read FROM taggings t
        JOIN identities k ON k.source_id = t.source_id AND k.key = t.key JOIN articles a ON a.id = k.article_id""",
    *SPOKEN_AGAIN,
    "UPDATE articles SET tagged = EXISTS (SELECT 1 FROM article_tags t WHERE t.article_id = articles.id)",
    """INSERT INTO tag_counters (tag_id, total, unread)
        SELECT tag_id, count(*), sum(read = 0) FROM article_tags GROUP BY tag_id""",
    "DELETE FROM search_rebuild",
    "INSERT INTO search_rebuild SELECT max(sort_at) FROM articles HAVING count(*) > 0",
)


@dataclass(frozen=True, slots=True)
class Mended:
    """What came of mending: where the damaged file is kept (None: there was none), how many articles were saved of
    how many (None: not known), the day of the daily copy where one was needed, and whether one would have been
    needed and there is none."""

    aside: Path | None
    articles: int
    articles_before: int | None
    copy: date | None
    incomplete: bool

    @property
    def message(self) -> str:
        """What happened, in words for the person."""
        what = "The store was damaged and has been mended" if self.aside else "The store's file was gone"
        if self.incomplete:
            kept = "what could not be read of your sources, marks and settings is lost to it, for there is no copy"
        elif self.copy is None:
            kept = "your sources, marks and settings are as they were"
        else:
            kept = f"what could not be read of your sources, marks and settings is as on {self.copy}"
        of = "" if self.articles_before in (None, self.articles) else f" of {self.articles_before}"
        return f"{what}: it has {self.articles}{of} articles; {kept}."

    @property
    def remedy(self) -> str:
        """What was kept, and what to do."""
        again = "Refresh to fetch again what the sources still have."
        return f"The damaged file is kept as {self.aside.name}. {again}" if self.aside else again


def mend(folder: Path, now: datetime) -> Mended:
    """Put a sound store in the place of the damaged one of `folder`, for who holds the lock.

    Raises StoreError where it cannot be written; then the damaged one stands as it was.
    """
    part = folder / _PART
    aside = name_aside(folder, "damaged", now)
    with told():
        _clear(folder)
        try:
            os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            with closing(connect(part, BUSY_S)) as db:
                db.execute("PRAGMA foreign_keys = OFF")
                db.execute("BEGIN")
                mended = _fill(db, folder, aside)
                db.execute("COMMIT")
            check_whole(part, folder)
            part.replace(folder / RESTORED)
            put_in_place(folder, aside)
        finally:
            _clear(folder)
    log.warning("%s %s", mended.message, mended.remedy)
    return mended


def _clear(folder: Path) -> None:
    for left in folder.glob(f"{_PART}*"):  # with what SQLite lays beside it
        left.unlink()


def _fill(db: sqlite3.Connection, folder: Path, aside: Path) -> Mended:
    path, copy = folder / FILE, newest_good(folder)
    lacking, touched, before = _save_rows(db, path, has_copy=copy is not None)
    theirs = lacking - CONTENT
    with _without_triggers(db):
        if copy is not None:
            theirs |= _take_from_copy(db, copy, folder / _COPY, theirs, touched)
        _make_agree(db)
    there = path.exists() or path.with_name(f"{FILE}-wal").exists()
    mended = Mended(
        aside if there else None,
        int(db.execute("SELECT count(*) FROM articles").fetchone()[0]),
        before,
        day_of(copy) if copy and theirs else None,
        bool(theirs) and copy is None,
    )
    notice = MENDED_NOTICE, json.dumps(f"{mended.message}\n{mended.remedy}")
    db.execute("INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)", notice)
    return mended


def _save_rows(
    db: sqlite3.Connection, path: Path, *, has_copy: bool
) -> tuple[set[str], set[str], int | None]:
    """Bring what can be read into an empty store, of the version of the damaged one first, then of today's.

    Gives the tables that lack something, those into which something was brought, and how many articles there were.
    """
    try:
        source = Damaged(path, has_copy=has_copy)
    except StoreDamaged:
        source = None
    version = _grow(db, source)
    tables = [name for (name,) in db.execute(_TABLES) if name not in _MADE_AGAIN]
    lacking = set(tables)
    touched: set[str] = set()
    before = None
    if source is not None:
        with closing(source), _without_triggers(db):
            before = source.number("SELECT sum(total) FROM counters")
            lacking = {table for table in tables if not source.is_sound(table, columns_of(db, table))}
            # A page that passes for one of a table, while rows of others miss what it had: the copy is to be trusted.
            strange = source.missed() - lacking - CONTENT
            lacking |= strange
            for table in sorted(set(tables) - (strange if has_copy else set())):
                if lacking.isdisjoint(_TRUE_BESIDE.get(table, ())) and _save(
                    db, source, table, sound=table not in lacking
                ):
                    touched.add(table)
    for migration in MIGRATIONS[version:]:
        migration(db)
    db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
    return lacking, touched, before


@contextmanager
def _without_triggers(db: sqlite3.Connection) -> Iterator[None]:
    """What triggers keep is made anew when all rows are there, and must not be added to by each of them."""
    found = db.execute("SELECT name, sql FROM main.sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in found:
        db.execute(f"DROP TRIGGER {name}")
    yield
    for _, sql in found:
        db.execute(sql)


def _grow(db: sqlite3.Connection, source: Damaged | None) -> int:
    """Bring an empty store to the version of a damaged one: what its header says, unless it has later tables too."""
    version = source.version if source and 0 < source.version < len(MIGRATIONS) else len(MIGRATIONS)
    for migration in MIGRATIONS[:version]:
        migration(db)
    known = {name for (name,) in db.execute("SELECT name FROM sqlite_schema")}
    if source is None or source.tables <= known:
        return version
    for migration in MIGRATIONS[version:]:
        migration(db)
    return len(MIGRATIONS)


def _save(db: sqlite3.Connection, source: Damaged, table: str, *, sound: bool) -> bool:
    there = source.names(table)
    columns = [column for column in columns_of(db, table) if column.name in there]
    if not columns:
        return False
    rows = source.rows(table, columns, sound=sound)
    first = next(rows, None)
    if first is not None or sound:
        db.execute(f"DELETE FROM {table}")  # what a new store begins with
    if first is not None:
        names, places = ", ".join(column.name for column in columns), ", ".join("?" * len(columns))
        insert = f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({places})"
        db.executemany(insert, chain((first,), rows))
    return first is not None or sound


def _take_from_copy(
    db: sqlite3.Connection, copy: Path, part: Path, tables: set[str], touched: set[str]
) -> set[str]:
    """Add the rows of the person's tables that are not there from a daily copy, which may be of an older version.

    Gives the tables that are as in the copy: what stood there was a page of another.
    """
    part.write_bytes(copy.read_bytes())
    with closing(connect(part, BUSY_S)) as older:
        migrate(older, part)
        theirs = {name for (name,) in db.execute(_TABLES)} - _MADE_AGAIN - CONTENT
        strange = displaced(db, older, theirs)
        for table in sorted(tables | strange):
            if table not in touched or table in strange:
                db.execute(f"DELETE FROM {table}")  # what a new store begins with
            columns = [column.name for column in columns_of(db, table)]
            names, places = ", ".join(columns), ", ".join("?" * len(columns))
            db.executemany(
                f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({places})",
                older.execute(f"SELECT {names} FROM {table}"),
            )
        if "states" in tables:
            db.executemany(
                "UPDATE states SET read = max(read, ?), starred = max(starred, ?) WHERE source_id = ? AND key = ?",
                older.execute("SELECT read, starred, source_id, key FROM states"),
            )
    return strange


def _make_agree(db: sqlite3.Connection) -> None:
    for source_id, url in db.execute("SELECT id, url FROM sources").fetchall():
        db.execute(
            "INSERT OR IGNORE INTO origins (id, url_key) VALUES (?, ?)", (source_id, normalise_url(url))
        )
    for statement in _AGREEMENT:
        db.execute(statement)
    keys = [
        (table, *row[2:5])
        for (table,) in db.execute(_TABLES).fetchall()
        for row in db.execute(f"PRAGMA foreign_key_list ({table})")
    ]
    while db.execute("PRAGMA foreign_key_check").fetchone():
        for table, parent, column, their in keys:
            key = their or key_of(db, parent)[0]
            db.execute(
                f"""DELETE FROM {table} WHERE {column} IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM {parent} p WHERE p.{key} = {table}.{column})"""
            )
    for statement in _COUNTS:
        db.execute(statement)
    _count(db)


def _count(db: sqlite3.Connection) -> None:
    """Fill `counters`: a mark that is counted has the same name at the article, with "unread_" before it where only the
    unread ones are."""
    marks = [column.name for column in columns_of(db, "counters")[3:]]  # after the source, total and unread
    sums = ", ".join(
        f"coalesce(sum(a.{mark.removeprefix('unread_')}{' AND a.read = 0' * mark.startswith('unread_')}), 0)"
        for mark in marks
    )
    db.execute("DELETE FROM counters")
    db.execute(
        f"""INSERT INTO counters (source_id, total, unread, {", ".join(marks)})
        SELECT s.id, count(a.id), coalesce(sum(a.read = 0), 0), {sums}
        FROM sources s LEFT JOIN articles a ON a.source_id = s.id GROUP BY s.id"""
    )
