"""How a fetched feed becomes rows: the merge decides, and one transaction writes all of it."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from desktop.core.errors import UsageError
from desktop.core.incoming import IncomingArticle, IncomingFeed
from desktop.core.merge import MergePlan, NewArticle, Update, candidates, decide
from desktop.core.models import Changes, FetchState
from desktop.store.arrival_columns import body_columns, headline_columns, recognised_columns
from desktop.store.arrival_rules import follow_rules
from desktop.store.article_images import add_images, write_images
from desktop.store.columns import (
    seconds,
    seconds_or_none,
    sound,
)
from desktop.store.coverage import bring_back, cover, newest_moment, note_total
from desktop.store.database import Database, insert_rows, listed
from desktop.store.full_texts import forget_page, note_feed_texts
from desktop.store.known import known_articles, mended
from desktop.store.languages import note_language
from desktop.store.rekeying import take_along
from desktop.store.search import Words, index_later
from desktop.store.sources import write_state
from desktop.store.stories import fold, join, stories_of

log = logging.getLogger(__name__)

_AT_HAND = 600  # articles whose words are kept in memory until they are indexed: more than one step of it
_BODY = "author, published_text, updated_at, language, categories, enclosures, body, article_id, first_seen"
_LONG = 20_000  # characters of a text that is rather unpacked again: so they are 24 MB at most, mostly 3


def store_feed(
    database: Database,
    source_id: int,
    feed: IncomingFeed,
    state: FetchState | None,
    now: datetime,
    read_before: datetime | None = None,
) -> Changes:
    """Merge `feed` into the articles of a source; see `Articles.apply`."""
    if database.row("SELECT 1 FROM sources WHERE id = ? AND archived = 0", (source_id,)) is None:
        raise UsageError(f"There is no source {source_id}.")
    articles = [mended(article) for article in feed.articles]
    keyed = candidates(articles, now)
    plan = decide(known_articles(database, source_id, keyed), articles, now, keyed)
    with database.transaction(durable=False) as db:
        _name_source(db, source_id, feed)
        note_language(db, source_id, sound(feed.language))
        known_to = newest_moment(db, source_id)
        cover(db, source_id, feed, _matched(plan), now)
        writer = ArticleWriter(
            db,
            source_id,
            now,
            whole=feed.format == "wordpress",
            undated=feed.until,
            read_before=read_before,
            arrived=database.arrived,
        )
        changes = writer.write(plan)
        note_total(db, source_id, feed.total, changes.new, known_to)
        join(db, source_id, [*changes.new, *changes.updated])
        left = follow_rules(database, db, changes.new, now)
        regrouped = fold(db, stories_of(db, [*left, *changes.updated]))
        if state is not None:
            write_state(db, source_id, state)
    return changes._replace(new=left, regrouped=tuple(one for one in regrouped if one not in left))


def _name_source(db: sqlite3.Connection, source_id: int, feed: IncomingFeed) -> None:
    """Fill in what nobody has said of the source yet."""
    for column, value in (("title", feed.title), ("site_url", feed.site_url), ("language", feed.language)):
        if value:
            db.execute(
                f"UPDATE sources SET {column} = ? WHERE id = ? AND {column} = ''", (sound(value), source_id)
            )


class ArticleWriter:
    """Writes articles as the merge decided, within one transaction; their words follow in another."""

    def __init__(
        self,
        db: sqlite3.Connection,
        source_id: int,
        now: datetime,
        *,
        whole: bool = False,
        undated: datetime | None = None,
        read_before: datetime | None = None,
        arrived: dict[int, tuple[str, Words]] | None = None,
    ) -> None:
        """`whole`: the texts come from an interface that gives all of them. `undated`: when articles without a date
        count as published, None for when they are seen. `arrived`: that of `Database`."""
        self._db = db
        self._arrived = {} if arrived is None else arrived
        self._whole = whole
        self._source_id = source_id
        self._now = seconds(now)
        self._undated = self._now if undated is None else seconds(undated)
        self._read_before = -1 if read_before is None else seconds(read_before)

    def write(self, plan: MergePlan) -> Changes:
        """All of a plan, but for what a rule of the person's let go."""
        # Feeds give the newest first: undated ones keep that order when the last gets the lowest id.
        ordered = list(reversed(plan.new))
        ordered.sort(key=lambda new: self._sort_at(new.article, self._now))
        added = tuple(self.add(self._wanted(ordered) if ordered else []))
        changed = [self.update(update) for update in plan.updated]
        updated = {update.id: None for update, seen in zip(plan.updated, changed, strict=True) if seen}
        unchanged = len(plan.unchanged) + changed.count(False)
        updated |= dict.fromkeys(bring_back(self._db, _matched(plan)))
        return Changes(new=added, updated=tuple(updated), unchanged=unchanged)

    def add(self, new: Sequence[NewArticle]) -> list[int]:
        """Store articles, with the marks that wait for them; gives their numbers here, in the same order."""
        if not new:
            return []
        states = self._states(new)
        last = self._last()
        # number, place in the list, first seen
        added = [
            (number, self._sort_at(one.article, states[one.key][2]), states[one.key][2], one)
            for number, one in enumerate(new, last + 1)
        ]
        insert_rows(
            self._db,
            "INSERT INTO articles (source_id, sort_at, published, read, starred, images_total, id)",
            [
                (
                    *(self._source_id, sort_at, seconds_or_none(one.article.published)),
                    *(*states[one.key][:2], len(one.article.images), number),
                )
                for number, sort_at, _, one in added
            ],
        )
        insert_rows(
            self._db,
            "INSERT INTO headlines (lead_key, title, url, excerpt, article_id)",
            [(*headline_columns(one.article), number) for number, _, _, one in added],
        )
        insert_rows(
            self._db,
            """INSERT INTO identities
                (article_id, source_id, key, guid, url_key, title_key, content_hash, post_id)""",
            [
                (number, self._source_id, *recognised_columns(one.key, one.keys), one.article.post_id)
                for number, _, _, one in added
            ],
        )
        # What can be lacking comes before the texts: whether an article is whole is looked at when its text comes.
        add_images(self._db, [(number, sort_at, one.article.images) for number, sort_at, _, one in added])
        if not self._whole:
            note_feed_texts(self._db, {number: one.article.cut for number, _, _, one in added})
        insert_rows(
            self._db,
            f"INSERT INTO bodies ({_BODY})",
            [(*body_columns(one.article), number, first_seen) for number, _, first_seen, one in added],
        )
        ids = [number for number, *_ in added]
        index_later(self._db, ids)
        for number, _, _, one in added:
            self._keep(number, one)
        return ids

    def _last(self) -> int:
        """The highest number that an article has or had."""
        found = self._db.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'articles'")
        return int(found.fetchone()[0])

    def _keep(self, number: int, one: NewArticle) -> None:
        """Keep the words of an article at hand until they are indexed, which will be soon."""
        if len(self._arrived) < _AT_HAND and len(one.article.text) <= _LONG:
            words = Words(one.article.title, one.article.text, one.article.author)
            self._arrived[number] = one.keys.content_hash, words

    def update(self, update: Update) -> bool:
        """Write an update; whether a reader can see a difference. What was brought back without its text has no former
        one (`never_kept`)."""
        hashed = "SELECT content_hash = x'' FROM identities WHERE article_id = ?"
        brief = self._db.execute(hashed, (update.id,)).fetchone()[0]
        self._rekey(update)
        if not update.content_changed:
            self._db.execute(
                "UPDATE headlines SET url = ? WHERE article_id = ?", (update.article.url, update.id)
            )
            return False
        article = update.article
        sort_at = self._keep_former(update.id, is_text=not brief)
        self._db.execute(
            """UPDATE articles SET
                updated = updated OR (NOT ? AND EXISTS (SELECT 1 FROM bodies WHERE article_id = id)),
                published = coalesce(?, published), images_total = ? WHERE id = ?""",
            (brief, seconds_or_none(article.published), len(article.images), update.id),
        )
        self._db.execute(
            "UPDATE headlines SET lead_key = ?, title = ?, url = ?, excerpt = ? WHERE article_id = ?",
            (*headline_columns(article), update.id),
        )
        self._db.execute(
            f"""INSERT INTO bodies ({_BODY})
            SELECT ?, ?, ?, ?, ?, ?, ?, k.article_id, t.first_seen FROM identities k
                JOIN states t ON t.source_id = k.source_id AND t.key = k.key WHERE k.article_id = ?
            ON CONFLICT (article_id) DO UPDATE SET author = excluded.author,
                published_text = excluded.published_text, updated_at = excluded.updated_at,
                language = excluded.language, categories = excluded.categories,
                enclosures = excluded.enclosures, body = excluded.body""",
            (*body_columns(article), update.id),
        )
        write_images(self._db, update.id, sort_at, article.images)
        if self._whole:
            forget_page(self._db, update.id)
        else:
            note_feed_texts(self._db, {update.id: article.cut})
        index_later(self._db, [update.id])
        return True

    def _keep_former(self, article_id: int, *, is_text: bool) -> int:
        """Put the text of an article, if it is one, among its revisions; gives its place in the list."""
        if is_text:
            self._db.execute(
                """INSERT INTO revisions (article_id, replaced_at, title, body)
                SELECT h.article_id, ?, h.title, b.body
                FROM headlines h JOIN bodies b USING (article_id) WHERE h.article_id = ?""",
                (self._now, article_id),
            )
        return int(self._db.execute("SELECT sort_at FROM articles WHERE id = ?", (article_id,)).fetchone()[0])

    def _rekey(self, update: Update) -> None:
        """Give an article its present identity, and its state with it."""
        found = self._db.execute("SELECT key FROM identities WHERE article_id = ?", (update.id,))
        former = str(found.fetchone()[0])
        key = update.key if update.key != former and self.is_free(update.key) else former
        self._db.execute(
            """UPDATE identities SET key = ?, guid = ?, url_key = ?, title_key = ?, content_hash = ?,
                post_id = max(?, post_id) WHERE article_id = ?""",
            (*recognised_columns(key, update.keys), update.article.post_id, update.id),
        )
        if key != former:
            take_along(self._db, self._source_id, former, key)

    def _wanted(self, new: Sequence[NewArticle]) -> list[NewArticle]:
        """Those whose identity no article has, and that were not let go by a rule of the person's. A clash must not
        keep the rest of the feed out for ever."""
        taken = set(self._of_keys("key FROM identities WHERE", new))
        gone = self._of_keys("key FROM states WHERE let_go IS NOT NULL AND", new)
        wanted: list[NewArticle] = []
        for one in new:
            if one.key in taken:
                log.info("source %d: a second article claims an identity", self._source_id)
            elif one.key not in gone:
                wanted.append(one)
                taken.add(one.key)
        return wanted

    def is_free(self, key: str) -> bool:
        """Whether no article has this identity. A clash must not keep the rest of the feed out for ever."""
        taken = self._db.execute(
            "SELECT article_id FROM identities WHERE source_id = ? AND key = ?", (self._source_id, key)
        ).fetchone()
        if taken:
            log.info("source %d: a second article claims the identity of %d", self._source_id, taken[0])
        return taken is None

    def _states(self, new: Sequence[NewArticle]) -> dict[str, tuple[int, int, int]]:
        """(read, starred, first seen) by identity; one that is new is seen now, and read if it came out too early."""
        self._db.executemany(
            "INSERT OR IGNORE INTO states (source_id, key, first_seen, read) VALUES (?, ?, ?, ?)",
            (
                (
                    self._source_id,
                    one.key,
                    self._now,
                    int(self._sort_at(one.article, self._now) < self._read_before),
                )
                for one in new
            ),
        )
        return self._of_keys("key, read, starred, first_seen FROM states WHERE", new)

    def _of_keys(self, what: str, new: Sequence[NewArticle]) -> dict[str, tuple[Any, ...]]:
        """What a table holds of some identities of the source, in one look: columns by the key before them."""
        found = self._db.execute(
            f"SELECT {what} source_id = ? AND key IN (SELECT value FROM json_each(?))",
            (self._source_id, listed(one.key for one in new)),
        )
        return {key: tuple(columns) for key, *columns in found}

    def _sort_at(self, article: IncomingArticle, first_seen: int) -> int:
        """When it counts as published: never after it was seen, or a wrong clock would pin it on top. Undated, when it
        was seen, or as old as the page of the archive that it stands on."""
        published = self._undated if article.published is None else seconds(article.published)
        return max(0, min(published, first_seen))


def _matched(plan: MergePlan) -> list[int]:
    """The stored articles that a fetch showed again."""
    return [*plan.unchanged, *(update.id for update in plan.updated)]
