"""Articles out of a pack's file become rows: matched as those of a fetch are, with both histories and both marks."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from desktop.core.errors import StoreDamaged
from desktop.core.identity import content_hash
from desktop.core.incoming import IncomingArticle
from desktop.core.merge import KnownArticle, Matched, NewArticle, Update, candidates, decide, matched
from desktop.core.pack_file import Arrived, ArrivingArticle, Marks, Seen, history, in_order, merged
from desktop.store.arrival_rules import follow_rules
from desktop.store.columns import (
    moment,
    moment_or_none,
    pack_body,
    seconds,
    seconds_or_none,
    sound,
    unpack_body,
)
from desktop.store.database import Database
from desktop.store.full_texts import forget_page, write_full_text
from desktop.store.incoming import ArticleWriter
from desktop.store.known import known_articles, mended
from desktop.store.search import index_later
from desktop.store.stories import join, settle, stories_of
from desktop.store.tags import tag_these

_MARKS = """
    SELECT t.read, t.read_at, t.starred, coalesce(n.text, ''), n.changed_at, k.source_id, k.key
    FROM identities k JOIN states t ON t.source_id = k.source_id AND t.key = k.key
    LEFT JOIN notes n ON n.source_id = k.source_id AND n.key = k.key WHERE k.article_id = ?"""

_TAGS = "SELECT g.name FROM taggings t JOIN tags g ON g.id = t.tag_id WHERE t.source_id = ? AND t.key = ?"


class PackIn:
    """Stores the articles of one source, a group at a time."""

    def __init__(self, database: Database, source_id: int) -> None:
        self._database = database
        self._source_id = source_id

    def count_new(self, articles: Sequence[IncomingArticle], now: datetime) -> int:
        """How many of these are not here; nothing is stored."""
        articles = [mended(article) for article in articles]
        known = known_articles(self._database, self._source_id, candidates(articles, now))
        return len(decide(known, articles, now).new)

    def store(self, arriving: Sequence[ArrivingArticle], now: datetime) -> Arrived:
        """Merge articles with what is here, in one transaction that survives a power cut: the marks are in it."""
        articles = [mended(one.article) for one in arriving]
        found = {id(article): one for article, one in zip(articles, arriving, strict=True)}
        keyed = candidates(articles, now)
        plan = matched(known_articles(self._database, self._source_id, keyed), articles, keyed)
        arrived = Arrived()
        with self._database.transaction(durable=True) as db:
            group = _Group(self._database, db, self._source_id, now)
            stored: list[tuple[int, ArrivingArticle]] = []
            for one in sorted(plan, key=lambda one: found[id(one.article)].order):
                whole = found[id(one.article)]
                if one.stored is not None:
                    stored.append((one.stored.id, whole))
                    if group.merge_texts(one, one.stored, whole):
                        arrived.changed.append(one.stored.id)
                elif (added := group.add(one, whole)) is not None:
                    stored.append((added, whole))
                    arrived.new.append(added)
            fresh = set(arrived.new)
            for article_id, whole in stored:
                group.complete(article_id, whole)
                if group.mark(article_id, whole.marks) and article_id not in fresh:
                    arrived.marked.append(article_id)
            # After the marks: what is starred, tagged or has a note is kept by any rule.
            join(db, self._source_id, arrived.new)
            arrived.new = list(follow_rules(self._database, db, arrived.new, now))
            settle(db, stories_of(db, [article_id for article_id, _ in stored]))
        gone = fresh - set(arrived.new)
        arrived.ids += [article_id for article_id, _ in stored if article_id not in gone]
        return arrived


class _Text(NamedTuple):
    """A text that an article has or had, as it stands in a row."""

    title: str
    body: bytes


class _Group:
    """Writes within one transaction."""

    def __init__(self, database: Database, db: sqlite3.Connection, source_id: int, now: datetime) -> None:
        self._db = db
        self._source_id = source_id
        self.writer = ArticleWriter(db, source_id, now, arrived=database.arrived)

    def add(self, one: Matched, whole: ArrivingArticle) -> int | None:
        """Store an article that is not here, seen when the other machine saw it. What grew too old comes back, since
        the person asked for it; None for what a rule never keeps, and where another article has its identity."""
        key = (self._source_id, one.key)
        never = "SELECT 1 FROM never_kept WHERE source_id = ? AND key = ? AND undone = 0"
        if not self.writer.is_free(one.key) or self._db.execute(never, key).fetchone():
            return None
        self._db.execute("UPDATE states SET let_go = NULL WHERE source_id = ? AND key = ?", key)
        self._db.execute(
            "INSERT OR IGNORE INTO states (source_id, key, first_seen) VALUES (?, ?, ?)",
            (*key, seconds(whole.first_seen)),
        )
        (added,) = self.writer.add([NewArticle(one.key, one.keys, one.article)])
        self._db.execute("UPDATE articles SET updated = ? WHERE id = ?", (int(whole.edited), added))
        texts = {
            content_hash(v.title, v.text): _Text(v.title, pack_body(v.html, v.text)) for v in whole.versions
        }
        self._write_former(added, _of_file(one, whole), texts)
        if not whole.beside:
            forget_page(self._db, added)
        return added

    def merge_texts(self, one: Matched, here: KnownArticle, whole: ArrivingArticle) -> bool:
        """Make one history of both; whether the article has another text now. Its identity stays, unless its text is
        replaced."""
        seen, former, is_lost = self._history(here)
        texts = {
            content_hash(v.title, v.text): _Text(v.title, pack_body(v.html, v.text)) for v in whole.versions
        }
        texts[one.keys.content_hash] = _Text(one.article.title, pack_body(one.article.html, one.article.text))
        texts |= former
        both = history(seen, _of_file(one, whole))
        is_newer = is_lost or both[-1].content != seen[-1].content
        if is_newer and both[-1].content != one.keys.content_hash:
            return False  # by clocks that disagree a former text of the file is the last: what is here stays
        if is_newer:
            self.writer.update(Update(here.id, one.key, one.keys, one.article, content_changed=True))
        if is_newer or _former(both) != _former(seen):
            self._write_former(here.id, both, texts)
            self._db.execute("UPDATE articles SET updated = ? WHERE id = ?", (int(len(both) > 1), here.id))
        return is_newer

    def complete(self, article_id: int, whole: ArrivingArticle) -> None:
        """Add what is not here: the full text, the word of its publisher, and why pictures are missing."""
        row = self._db.execute(
            "SELECT body IS NOT NULL, problem FROM full_texts WHERE article_id = ?", (article_id,)
        ).fetchone()
        has_full, problem = row or (0, "")
        if whole.full is not None and not has_full:
            write_full_text(self._db, article_id, whole.full, whole.full_at or whole.since)
        elif whole.full_problem and row is not None and not has_full and not problem:
            self._db.execute(
                "UPDATE full_texts SET problem = ? WHERE article_id = ?",
                (sound(whole.full_problem), article_id),
            )
        if whole.withdrawn is not None:
            self._withdraw(article_id, whole.withdrawn)
        self._db.executemany(
            "UPDATE images SET problem = ? WHERE key = ? AND sha256 = '' AND problem = ''",
            [(sound(reason), key) for key, reason in whole.problems],
        )

    def mark(self, article_id: int, other: Marks) -> bool:
        """Merge marks and note; whether they are others than before."""
        row = self._db.execute(_MARKS, (article_id,)).fetchone()
        read, read_at, starred, note, noted_at, *key = row
        tags = [name for (name,) in self._db.execute(_TAGS, key)]
        here = Marks(
            bool(read), moment_or_none(read_at), bool(starred), note, moment_or_none(noted_at), in_order(tags)
        )
        now = merged(here, replace(other, note=sound(other.note).strip()))
        if now == here:
            return False
        self._db.execute(
            "UPDATE states SET read = ?, read_at = ?, starred = ? WHERE source_id = ? AND key = ?",
            (int(now.read), seconds_or_none(now.read_at), int(now.starred), *key),
        )
        self._db.execute(
            "UPDATE articles SET read = ?, starred = ?, noted = ? WHERE id = ?",
            (int(now.read), int(now.starred), int(bool(now.note)), article_id),
        )
        if now.note:
            at = 0 if now.noted_at is None else seconds(now.noted_at)
            self._db.execute(
                "INSERT OR REPLACE INTO notes (source_id, key, text, changed_at) VALUES (?, ?, ?, ?)",
                (*key, now.note, at),
            )
        for name in now.tags:
            tag_these(self._db, [article_id], name)
        if now.note != here.note:
            index_later(self._db, [article_id])
        return True

    def _withdraw(self, article_id: int, at: datetime) -> None:
        """A publisher that was asked here later knows better."""
        self._db.execute(
            """UPDATE articles SET withdrawn = ?1 WHERE id = ?2 AND withdrawn IS NULL AND ?1 > coalesce(
                (SELECT last_success FROM fetch_states WHERE source_id = articles.source_id), 0)""",
            (seconds(at), article_id),
        )

    def _history(self, here: KnownArticle) -> tuple[list[Seen], dict[str, _Text], bool]:
        """The texts that an article has here, oldest first, and whether the present one is gone or damaged."""
        rows = self._db.execute(
            "SELECT title, body, replaced_at FROM revisions WHERE article_id = ? ORDER BY id", (here.id,)
        ).fetchall()
        present = self._db.execute(
            """SELECT h.title, b.body, b.first_seen FROM headlines h JOIN bodies b USING (article_id)
            WHERE h.article_id = ?""",
            (here.id,),
        ).fetchone()
        since = 0 if present is None else present[2]
        if not here.content_hash:  # its text is to come again, and stands there as a line at most
            present = None
        seen: list[Seen] = []
        texts: dict[str, _Text] = {}
        is_lost = True
        for title, body, until in [*rows, *([] if present is None else [(*present[:2], None)])]:
            try:
                content = content_hash(title, unpack_body(body)[1])
                seen.append(Seen(moment(since), content))
                texts[content] = _Text(title, body)
                is_lost = until is not None
            except StoreDamaged:
                is_lost = True
            since = until
        return seen, texts, is_lost

    def _write_former(self, article_id: int, seen: Sequence[Seen], texts: dict[str, _Text]) -> None:
        """Write the texts before the present one anew, each with the moment until which it was there."""
        self._db.execute("DELETE FROM revisions WHERE article_id = ?", (article_id,))
        self._db.executemany(
            "INSERT INTO revisions (article_id, replaced_at, title, body) VALUES (?, ?, ?, ?)",
            [
                (article_id, until, sound(texts[content].title), texts[content].body)
                for content, until in _former(seen)
            ],
        )


def _former(seen: Sequence[Seen]) -> list[tuple[str, int]]:
    """The texts before the present one, and until when each was there."""
    return [(one.content, seconds(after.since)) for one, after in pairwise(seen)]


def _of_file(one: Matched, whole: ArrivingArticle) -> list[Seen]:
    """The texts that an article has in a file, oldest first."""
    former = [Seen(version.since, content_hash(version.title, version.text)) for version in whole.versions]
    return [*former, Seen(whole.since, one.keys.content_hash)]
