"""Lists of feeds and what other readers knew of their articles, as they come in, and the way back.

An archived source that an import takes back is archived again by the way back, as it was: what came since goes, and the
marks that the import made on the articles that had stayed. With any source go the tags that came with it. That is
remembered until the store is closed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from desktop.core.identity import Mark, identities_of, normalise_url
from desktop.core.models import Changes, NewSource, Source
from desktop.core.tags import tag_key
from desktop.store.columns import seconds, sound
from desktop.store.database import Database, listed
from desktop.store.let_go import PROTECTED
from desktop.store.removals import Removals
from desktop.store.source_editing import edit, filled
from desktop.store.source_rows import as_new
from desktop.store.sources import Sources

_NO_MARKS: Mapping[str, Sequence[Mark]] = {}


class _Former(NamedTuple):
    """An archived source that was taken back: what it was, the last article of before, and the marks of its articles by
    their keys, (read, starred) before the import and after it."""

    source: Source
    as_new: NewSource
    last_id: int
    before: Mapping[str, tuple[int, int]]
    after: Mapping[str, tuple[int, int]]


class Imports:
    """What comes in is all there or not at all, and survives a power cut."""

    def __init__(self, database: Database, sources: Sources, removals: Removals) -> None:
        self._database = database
        self._sources = sources
        self._removals = removals
        self._former: dict[int, _Former] = {}
        # By the source, what the import tagged: (key, tag).
        self._tagged: dict[int, set[tuple[str, int]]] = {}

    def add(
        self, wanted: Iterable[NewSource], now: datetime, marks: Mapping[str, Sequence[Mark]] = _NO_MARKS
    ) -> list[int]:
        """Subscribe to those that are not there yet; gives the ids of the new ones.

        `marks`, by the address of the source, wait for the articles that they are of.
        """
        added: list[int] = []
        with self._database.transaction(durable=True) as db:
            for new in wanted:
                there = self._sources.by_url(new.url)
                if there is not None and not there.archived:
                    continue
                added.append(self._add(db, there, new, marks.get(new.url, ()), now))
        return added

    def take_back(self, added: Sequence[NewSource]) -> tuple[Changes, int]:
        """Unsubscribe from what was added, but for what the person changed or holds on to something of since.

        Gives what became of the articles, and how many sources went; `put_back` does not know them.
        """
        gone: dict[int, int] = {}  # sources, and the last article of before
        archived: list[_Former] = []
        for new in added:
            source = self._sources.by_url(new.url)
            if source is None or source.archived:
                continue
            former = self._former.get(source.id)
            if self._is_untouched(source, new, former):
                gone[source.id] = former.last_id if former else 0
                archived += [former] if former else []
        changes = self._removals.remove(list(gone), for_good=True, newer_than=gone)
        with self._database.transaction(durable=True) as db:
            left = {source_id for (source_id,) in db.execute("SELECT id FROM sources")}
            back = [
                former for former in archived if former.source.id in left
            ]  # else its kept articles have gone since
            changed = {article_id for former in back for article_id in self._archive_again(db, former)}
            for source_id in gone:
                changed.update(self._untag(db, source_id))
        return changes._replace(updated=tuple(sorted(changed))), len(gone)

    def _add(
        self,
        db: sqlite3.Connection,
        there: Source | None,
        new: NewSource,
        marks: Sequence[Mark],
        now: datetime,
    ) -> int:
        kept: _Former | None = None
        if there is not None:
            (last_id,) = db.execute("SELECT coalesce(max(id), 0) FROM articles").fetchone()
            was, before = as_new(there, self._sources.keeps_style(there.id)), _states(db, there.id)
            kept = _Former(there, was, last_id, before, before)
        source_id = self._sources.subscribe(db, new, now)
        tags = _tags(db, source_id)
        _put(db, source_id, marks, now)
        self._tagged[source_id] = _tags(db, source_id) - tags
        self._former.pop(source_id, None)
        if kept is not None:
            self._former[source_id] = kept._replace(after=_states(db, source_id))
        return source_id

    def _is_untouched(self, source: Source, new: NewSource, former: _Former | None) -> bool:
        now = as_new(source, self._sources.keeps_style(source.id))
        last_id = 0
        if former is not None:
            new, last_id = filled(former.source, new), former.last_id
        # A source without a title takes that of its feed.
        as_added = new._replace(url=now.url, title=new.title or now.title, site_url=now.site_url)
        as_added = as_added._replace(feed_url=now.feed_url, language=now.language)
        held = f"SELECT 1 FROM articles a WHERE a.source_id = ? AND a.id > {last_id} AND {PROTECTED} LIMIT 1"
        rule = "SELECT 1 FROM retention WHERE source_id = ?"
        return now == as_added and not any(self._database.value(one, (source.id,)) for one in (held, rule))

    def _archive_again(self, db: sqlite3.Connection, former: _Former) -> list[int]:
        """Give a source back what it was before the import; gives the articles whose marks changed."""
        source = former.source
        edit(db, self._sources.get(source.id), former.as_new, normalise_url(source.url))
        db.execute("UPDATE sources SET added_at = ? WHERE id = ?", (seconds(source.added_at), source.id))
        states = {
            key: (*state, source.id, key, *former.after[key])
            for key, state in former.before.items()
            if former.after[key] != state
        }
        db.executemany(
            "UPDATE states SET read = ?, starred = ? WHERE source_id = ? AND key = ? AND (read, starred) = (?, ?)",
            states.values(),
        )
        _show(db, source.id)
        return _articles(db, source.id, states)

    def _untag(self, db: sqlite3.Connection, source_id: int) -> list[int]:
        """Take off what the import tagged; gives the articles that had it."""
        tags = self._tagged.pop(source_id, set())
        db.executemany(
            "DELETE FROM taggings WHERE source_id = ? AND key = ? AND tag_id = ?",
            [(source_id, *tagging) for tagging in tags],
        )
        return _articles(db, source_id, {key for key, _ in tags})


def _states(db: sqlite3.Connection, source_id: int) -> dict[str, tuple[int, int]]:
    rows = db.execute(
        """SELECT key, s.read, s.starred FROM states s JOIN identities USING (source_id, key)
        WHERE source_id = ?""",
        (source_id,),
    )
    return {key: (read, starred) for key, read, starred in rows}


def _tags(db: sqlite3.Connection, source_id: int) -> set[tuple[str, int]]:
    return set(db.execute("SELECT key, tag_id FROM taggings WHERE source_id = ?", (source_id,)))


def _articles(db: sqlite3.Connection, source_id: int, keys: Collection[str]) -> list[int]:
    """Those of a source that are stored, by their keys."""
    rows = db.execute(
        """SELECT article_id FROM json_each(?) j
        JOIN identities k ON k.source_id = ? AND k.key = j.value""",
        (listed(keys), source_id),
    )
    return [article_id for (article_id,) in rows]


def _put(db: sqlite3.Connection, source_id: int, marks: Iterable[Mark], now: datetime) -> None:
    keyed = [(sound(key), mark) for mark in marks for key in identities_of(mark.guid, mark.url)]
    db.executemany(
        """INSERT INTO states (source_id, key, first_seen, read, starred) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET read = max(read, excluded.read), starred = max(starred, excluded.starred)""",
        (
            (source_id, key, seconds(now), int(mark.read), int(mark.starred))
            for key, mark in keyed
            if mark.read or mark.starred
        ),
    )
    tagged = [(key, name) for key, mark in keyed for name in mark.tags]
    db.executemany(
        "INSERT OR IGNORE INTO tags (name, folded) VALUES (?, ?)",
        ((sound(name), tag_key(name)) for name in sorted({name for _, name in tagged})),
    )
    db.executemany(
        """INSERT OR IGNORE INTO taggings (source_id, key, tag_id)
        SELECT ?, ?, id FROM tags WHERE folded = ?""",
        ((source_id, key, tag_key(name)) for key, name in tagged),
    )
    _show(db, source_id)


def _show(db: sqlite3.Connection, source_id: int) -> None:
    """Let the articles of a source that are stored have the marks of their states."""
    db.execute(
        """UPDATE articles SET read = t.read, starred = t.starred FROM identities k
            JOIN states t ON t.source_id = k.source_id AND t.key = k.key
        WHERE k.article_id = articles.id AND articles.source_id = ?
            AND (articles.read, articles.starred) <> (t.read, t.starred)""",
        (source_id,),
    )
