"""How a fetched feed becomes rows: the merge decides, and one transaction writes all of it."""

from __future__ import annotations

import logging
import sqlite3
from datetime import datetime
from typing import Self

from desktop.core.errors import UsageError
from desktop.core.html.sanitise import image_key
from desktop.core.incoming import IncomingArticle, IncomingFeed
from desktop.core.merge import MergePlan, NewArticle, Update, candidates, decide
from desktop.core.models import Changes, FetchState
from desktop.store.arrival_rules import follow_rules
from desktop.store.article_images import add_images, write_images
from desktop.store.columns import (
    pack_body,
    pack_enclosures,
    pack_list,
    seconds,
    seconds_or_none,
    sound,
)
from desktop.store.coverage import bring_back, cover, newest_moment, note_total
from desktop.store.database import Database
from desktop.store.full_texts import note_feed_text, text_of
from desktop.store.known import known_articles, mended
from desktop.store.languages import note_language
from desktop.store.rekeying import take_along
from desktop.store.search import SearchIndex
from desktop.store.sources import write_state
from desktop.store.stories import fold, join, stories_of

log = logging.getLogger(__name__)


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
    """Writes articles as the merge decided, within one transaction: a `with` block, at whose end their words are in the
    index."""

    def __init__(
        self,
        db: sqlite3.Connection,
        source_id: int,
        now: datetime,
        *,
        whole: bool = False,
        undated: datetime | None = None,
        read_before: datetime | None = None,
    ) -> None:
        """`whole`: the texts come from an interface that gives all of them. `undated`: when articles without a date
        count as published, None for when they are seen."""
        self._db = db
        self._whole = whole
        self._source_id = source_id
        self._now = seconds(now)
        self._undated = self._now if undated is None else seconds(undated)
        self._read_before = -1 if read_before is None else seconds(read_before)
        self._search = SearchIndex(db)

    def __enter__(self) -> Self:
        self._search.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        self._search.__exit__(kind, error, trace)

    def write(self, plan: MergePlan) -> Changes:
        """All of a plan, but for what a rule of the person's let go."""
        # Feeds give the newest first: undated ones keep that order when the last gets the lowest id.
        ordered = list(reversed(plan.new))
        ordered.sort(key=lambda new: self._sort_at(new.article, self._now))
        with self:
            added = tuple(self.add(new) for new in ordered if self._is_wanted(new.key))
            changed = [self.update(update) for update in plan.updated]
        updated = {update.id: None for update, seen in zip(plan.updated, changed, strict=True) if seen}
        unchanged = len(plan.unchanged) + changed.count(False)
        updated |= dict.fromkeys(bring_back(self._db, _matched(plan)))
        return Changes(new=added, updated=tuple(updated), unchanged=unchanged)

    def add(self, new: NewArticle) -> int:
        """Store an article, with the marks that wait for it; gives its number here."""
        published = self._sort_at(new.article, self._now)
        read, starred, first_seen = self._state(new.key, read=published < self._read_before)
        sort_at = self._sort_at(new.article, first_seen)
        cursor = self._db.execute(
            """INSERT INTO articles
                (source_id, sort_at, published, read, starred, images_total, lead_key, title, url, excerpt)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            (
                self._source_id,
                sort_at,
                seconds_or_none(new.article.published),
                read,
                starred,
                *_shown(new.article),
            ),
        )
        article_id = int(cursor.lastrowid or 0)
        keys = new.keys
        self._db.execute(
            """INSERT INTO identities
                (article_id, source_id, key, guid, url_key, title_key, content_hash, post_id)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
            (
                article_id,
                self._source_id,
                new.key,
                keys.guid,
                keys.url_key,
                keys.title_key,
                keys.content_hash,
                new.article.post_id,
            ),
        )
        self._db.execute(
            """INSERT INTO bodies
                (author, published_text, updated_at, language, categories, enclosures, body,
                article_id, first_seen)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            (*_body(new.article), article_id, first_seen),
        )
        add_images(self._db, article_id, sort_at, new.article.images)
        note_feed_text(self._db, article_id, sort_at, cut=new.article.cut, whole=self._whole)
        self._search.add(article_id, sort_at, new.article.title, new.article.text, new.article.author)
        return article_id

    def update(self, update: Update) -> bool:
        """Write an update; whether a reader can see a difference. What was brought back without its text has no former
        one (`never_kept`)."""
        hashed = "SELECT content_hash = '' FROM identities WHERE article_id = ?"
        brief = self._db.execute(hashed, (update.id,)).fetchone()[0]
        self._rekey(update)
        if not update.content_changed:
            self._db.execute("UPDATE articles SET url = ? WHERE id = ?", (update.article.url, update.id))
            return False
        article = update.article
        sort_at = self._keep_former(update.id, is_text=not brief)
        self._db.execute(
            """UPDATE articles SET
                updated = updated OR (NOT ? AND EXISTS (SELECT 1 FROM bodies WHERE article_id = id)),
                published = coalesce(?, published), images_total = ?,
                lead_key = ?, title = ?, url = ?, excerpt = ? WHERE id = ?""",
            (brief, seconds_or_none(article.published), *_shown(article), update.id),
        )
        self._db.execute(
            """INSERT INTO bodies
                (author, published_text, updated_at, language, categories, enclosures, body,
                article_id, first_seen)
            SELECT ?, ?, ?, ?, ?, ?, ?, k.article_id, t.first_seen FROM identities k
                JOIN states t ON t.source_id = k.source_id AND t.key = k.key WHERE k.article_id = ?
            ON CONFLICT (article_id) DO UPDATE SET author = excluded.author,
                published_text = excluded.published_text, updated_at = excluded.updated_at,
                language = excluded.language, categories = excluded.categories,
                enclosures = excluded.enclosures, body = excluded.body""",
            (*_body(article), update.id),
        )
        write_images(self._db, update.id, sort_at, article.images)
        note_feed_text(self._db, update.id, sort_at, cut=article.cut, whole=self._whole)
        text = text_of(self._db, update.id) or article.text
        self._search.replace(update.id, sort_at, article.title, text, article.author)
        return True

    def _keep_former(self, article_id: int, *, is_text: bool) -> int:
        """Put the text of an article, if it is one, among its revisions; gives its place in the list."""
        if is_text:
            self._db.execute(
                """INSERT INTO revisions (article_id, replaced_at, title, body)
                SELECT a.id, ?, a.title, b.body
                FROM articles a JOIN bodies b ON b.article_id = a.id WHERE a.id = ?""",
                (self._now, article_id),
            )
        return int(self._db.execute("SELECT sort_at FROM articles WHERE id = ?", (article_id,)).fetchone()[0])

    def _rekey(self, update: Update) -> None:
        """Give an article its present identity, and its state with it."""
        found = self._db.execute("SELECT key FROM identities WHERE article_id = ?", (update.id,))
        former = str(found.fetchone()[0])
        key = update.key if update.key != former and self.is_free(update.key) else former
        keys = update.keys
        self._db.execute(
            """UPDATE identities SET key = ?, guid = ?, url_key = ?, title_key = ?, content_hash = ?,
                post_id = max(?, post_id) WHERE article_id = ?""",
            (
                key,
                keys.guid,
                keys.url_key,
                keys.title_key,
                keys.content_hash,
                update.article.post_id,
                update.id,
            ),
        )
        if key != former:
            take_along(self._db, self._source_id, former, key)

    def _is_wanted(self, key: str) -> bool:
        """Whether no article has this identity, and none of it was let go by a rule of the person's."""
        gone = self._db.execute(
            "SELECT 1 FROM states WHERE source_id = ? AND key = ? AND let_go IS NOT NULL",
            (self._source_id, key),
        ).fetchone()
        return gone is None and self.is_free(key)

    def is_free(self, key: str) -> bool:
        """Whether no article has this identity. A clash must not keep the rest of the feed out for ever."""
        taken = self._db.execute(
            "SELECT article_id FROM identities WHERE source_id = ? AND key = ?", (self._source_id, key)
        ).fetchone()
        if taken:
            log.info("source %d: a second article claims the identity of %d", self._source_id, taken[0])
        return taken is None

    def _state(self, key: str, *, read: bool) -> tuple[int, int, int]:
        """(read, starred, first seen) of an identity; one that is new is seen now, and read or not as given."""
        self._db.execute(
            "INSERT OR IGNORE INTO states (source_id, key, first_seen, read) VALUES (?, ?, ?, ?)",
            (self._source_id, key, self._now, int(read)),
        )
        found = self._db.execute(
            "SELECT read, starred, first_seen FROM states WHERE source_id = ? AND key = ?",
            (self._source_id, key),
        )
        read, starred, first_seen = found.fetchone()
        return read, starred, first_seen

    def _sort_at(self, article: IncomingArticle, first_seen: int) -> int:
        """When it counts as published: never after it was seen, or a wrong clock would pin it on top. Undated, when it
        was seen, or as old as the page of the archive that it stands on."""
        published = self._undated if article.published is None else seconds(article.published)
        return max(0, min(published, first_seen))


def _matched(plan: MergePlan) -> list[int]:
    """The stored articles that a fetch showed again."""
    return [*plan.unchanged, *(update.id for update in plan.updated)]


def _shown(article: IncomingArticle) -> tuple[int, str, str, str, str]:
    """images_total, lead_key, title, url, excerpt."""
    lead = image_key(article.lead_image) if article.lead_image else ""
    return len(article.images), lead, article.title, article.url, article.excerpt


def _body(article: IncomingArticle) -> tuple[str, str, int | None, str, str, str, bytes]:
    """author, published_text, updated_at, language, categories, enclosures, body."""
    return (
        article.author,
        article.published_text,
        seconds_or_none(article.updated),
        article.language,
        pack_list(article.categories),
        pack_enclosures(article.enclosures),
        pack_body(article.html, article.text),
    )
