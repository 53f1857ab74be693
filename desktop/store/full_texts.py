"""The text of an article's page, beside the feed's: what is wanted, what came, and why something did not."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from desktop.core.fulltext_values import FullText
from desktop.core.incoming import IncomingText
from desktop.core.models import Changes, SourceKind
from desktop.core.schedule import next_attempt, next_look
from desktop.store.article_images import pictures_of_feed, want_better, write_images_of_page
from desktop.store.article_rows import GUID
from desktop.store.columns import pack_body, seconds, sound, unpack_body
from desktop.store.database import Database, listed
from desktop.store.search import index_later

_WANTED = f"""
    SELECT f.article_id, h.url, {GUID}, s.kind, s.url, s.site_url, coalesce(l.url, ''), b.body, s.id
    FROM {{table}} JOIN articles a ON a.id = f.article_id JOIN sources s ON s.id = a.source_id
    JOIN headlines h ON h.article_id = a.id JOIN bodies b ON b.article_id = a.id
    JOIN identities k ON k.article_id = a.id LEFT JOIN images l ON l.key = h.lead_key AND h.lead_key <> ''"""

_IN_PACK = "f.article_id IN (SELECT article_id FROM pack_articles WHERE pack_id = ?)"


@dataclass(frozen=True, slots=True)
class WantedText:
    """An article whose full text is not there yet, and what speaks for asking its server."""

    article_id: int
    url: str
    guid: str
    kind: SourceKind
    source_url: str  # as the person gave it
    site_url: str
    lead_image: str  # address of the picture for the list; "" when there is none
    feed_text: str
    source_id: int


class FullTexts:
    """The full texts of the articles. A failure is never final: it says when to try again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def wanted(self, limit: int, now: datetime, pack: int | None = None) -> list[WantedText]:
        """Unread and starred articles to ask for, the newest first; `now` decides which failures may be tried again.
        With `pack` all of its articles, and no others."""
        which = "(a.read = 0 OR a.starred = 1)" if pack is None else _IN_PACK
        found = self._database.rows(
            f"""{_WANTED.format(table="full_texts f INDEXED BY full_texts_wanted")}
            WHERE f.wanted = 1 AND f.next_try <= ? AND {which} AND h.url <> ''
            ORDER BY f.wanted_at DESC LIMIT ?""",
            (seconds(now), *(() if pack is None else (pack,)), limit),
        )
        return [_wanted(row) for row in found]

    def one(self, article_id: int) -> WantedText | None:
        """One article to ask for, whatever the rule of its source says; None when it has no address or is gone."""
        row = self._database.row(
            f"{_WANTED.format(table='(SELECT ? AS article_id) f')} WHERE h.url <> ''", (article_id,)
        )
        return None if row is None else _wanted(row)

    def of(self, article_id: int) -> FullText:
        """What is kept beside the feed's text of an article."""
        row = self._database.row(
            "SELECT body, problem, cut FROM full_texts WHERE article_id = ?", (article_id,)
        )
        if row is None:
            return FullText()
        html, text = ("", "") if row[0] is None else unpack_body(row[0])
        return FullText(html, text, row[1], bool(row[2]))

    def put(self, article_id: int, full: IncomingText, now: datetime) -> Changes:
        """Keep the full text beside the feed's, want its pictures and find it by its words."""
        with self._database.transaction(durable=False) as db:
            stored = write_full_text(db, article_id, full, now)
        return Changes(updated=(article_id,) if stored else ())

    def fail(
        self,
        article_id: int,
        problem: str,
        now: datetime,
        retry_at: datetime | None = None,
        *,
        was_read: bool = False,
    ) -> Changes:
        """Remember why there is no full text. It is tried again after 15 minutes, doubling to a day; where the page
        `was_read` and did not serve, after a day, doubling to 32."""
        with self._database.transaction(durable=False) as db:
            found = db.execute("SELECT tries FROM full_texts WHERE article_id = ?", (article_id,)).fetchone()
            tries = (found[0] if found else 0) + 1
            again = next_look(tries, now) if was_read else next_attempt(tries, now, retry_at, random.random)
            changed = db.execute(
                """INSERT INTO full_texts (article_id, cut, wanted, wanted_at, problem, tries, next_try)
                SELECT id, 0, 0, sort_at, ?2, ?3, ?4 FROM articles WHERE id = ?1
                ON CONFLICT (article_id) DO UPDATE SET problem = ?2, tries = ?3, next_try = ?4""",
                (article_id, sound(problem), tries, seconds(again)),
            ).rowcount
        return Changes(updated=(article_id,) if changed else ())


def write_full_text(db: sqlite3.Connection, article_id: int, full: IncomingText, at: datetime) -> bool:
    """Keep, within a transaction, the full text that came `at` a time; False for an article that has gone."""
    from desktop.core.html.picture_joins import join_sizes  # nothing comes at start

    article = db.execute("SELECT sort_at FROM articles WHERE id = ?", (article_id,)).fetchone()
    if article is None:  # removed while its page was asked
        return False
    (sort_at,) = article
    joined = join_sizes(full, pictures_of_feed(db, article_id))
    full, text = joined.text, sound(full.text)
    db.execute(
        """INSERT INTO full_texts (article_id, cut, wanted, wanted_at, body, fetched_at)
        VALUES (?1, 1, 0, ?2, ?3, ?4)
        ON CONFLICT (article_id) DO UPDATE SET wanted = 0, body = ?3, fetched_at = ?4, problem = '', tries = 0,
            next_try = 0""",
        (article_id, sort_at, pack_body(sound(full.html), text), seconds(at)),
    )
    write_images_of_page(db, article_id, sort_at, full.images)
    want_better(db, joined.better)
    index_later(db, [article_id])
    return True


def note_feed_texts(db: sqlite3.Connection, texts: Mapping[int, bool]) -> None:
    """Note, within a transaction, that texts of feeds were written, by article whether they are cut: the rules of their
    sources say whether the pages are wanted."""
    for cut in set(texts.values()):
        db.execute(
            """INSERT INTO full_texts (article_id, cut, wanted, wanted_at)
            SELECT a.id, ?2, s.full_text = 'always' OR (s.full_text = 'cut' AND ?2), a.sort_at
            FROM json_each(?1) j CROSS JOIN articles a ON a.id = j.value JOIN sources s ON s.id = a.source_id WHERE 1
            ON CONFLICT (article_id) DO UPDATE SET cut = excluded.cut, wanted = excluded.wanted, tries = 0,
                next_try = 0""",
            (listed(one for one, its in texts.items() if its == cut), cut),
        )


def forget_page(db: sqlite3.Connection, article_id: int) -> None:
    """Keep, within a transaction, nothing beside a text that came from an interface which gives all of it."""
    db.execute("DELETE FROM full_texts WHERE article_id = ?", (article_id,))


def apply_rule(db: sqlite3.Connection, source_id: int, rule: str) -> None:
    """Want, within a transaction, what the rule of a source asks for from now on; what is there stays."""
    db.execute(
        """UPDATE full_texts SET wanted = body IS NULL AND (?2 = 'always' OR (?2 = 'cut' AND cut)), next_try = 0
        WHERE article_id IN (SELECT id FROM articles WHERE source_id = ?1)""",
        (source_id, rule),
    )


def _wanted(row: tuple[object, ...]) -> WantedText:
    article_id, url, guid, kind, source_url, site_url, lead, body, source_id = row
    assert isinstance(article_id, int)
    assert isinstance(source_id, int)
    assert isinstance(body, bytes)
    return WantedText(
        article_id, str(url), str(guid), SourceKind(str(kind)), str(source_url), str(site_url), str(lead),
        unpack_body(body)[1], source_id,
    )  # fmt: skip
