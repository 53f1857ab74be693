"""Articles that a rule did not keep: a line of each stays, so that it can be listed and brought back.

Its state says that it was let go, so it does not return with each refresh (`store/retention.py`).
"""

from __future__ import annotations

import html
import sqlite3
from collections.abc import Sequence

from desktop.store.arrival_columns import guid_column
from desktop.store.article_rows import GUID
from desktop.store.columns import pack_body, pack_excerpt, pack_list, unpack_excerpt
from desktop.store.database import listed
from desktop.store.full_texts import note_feed_texts
from desktop.store.let_go import PROTECTED
from desktop.store.search import index_later
from desktop.store.stories import fold, stories_of

_COLUMNS = """key, guid, url_key, title_key, post_id, first_seen, sort_at, published, title, url, author, language,
    excerpt"""


def drop(db: sqlite3.Connection, rule_id: int, ids: Sequence[int], batch: int) -> list[int]:
    """Keep no more than a line of articles, within a transaction; gives those that went. What is starred, tagged, has
    a note or is in a pack stays."""
    going = [
        one
        for (one,) in db.execute(
            f"SELECT a.id FROM articles a WHERE a.id IN (SELECT value FROM json_each(?)) AND NOT {PROTECTED}",
            (listed(ids),),
        )
    ]
    these = listed(going)
    lines = db.execute(
        f"""SELECT ?, b.first_seen, ?, a.source_id, k.key, {GUID}, k.url_key, k.title_key, k.post_id, b.first_seen,
            a.sort_at, a.published, h.title, h.url, b.author, b.language, h.excerpt
        FROM articles a JOIN headlines h ON h.article_id = a.id JOIN identities k ON k.article_id = a.id
            JOIN bodies b ON b.article_id = a.id
        WHERE a.id IN (SELECT value FROM json_each(?))""",
        (rule_id, batch, these),
    ).fetchall()
    db.executemany(
        f"""INSERT OR REPLACE INTO never_kept (rule_id, at, batch, source_id, {_COLUMNS})
        VALUES ({", ".join("?" * 17)})""",
        ((*columns, unpack_excerpt(excerpt)) for *columns, excerpt in lines),
    )
    pictures = listed(
        key
        for (key,) in db.execute(
            "SELECT DISTINCT key FROM article_images WHERE article_id IN (SELECT value FROM json_each(?))",
            (these,),
        )
    )
    db.execute(
        """UPDATE states SET let_go = first_seen WHERE (source_id, key) IN (
            SELECT source_id, key FROM identities WHERE article_id IN (SELECT value FROM json_each(?)))""",
        (these,),
    )
    left = stories_of(db, going)
    db.execute("DELETE FROM articles WHERE id IN (SELECT value FROM json_each(?))", (these,))
    fold(db, left)
    db.execute(  # a file without a row is nobody's, and goes after a refresh
        """DELETE FROM images WHERE key IN (SELECT value FROM json_each(?))
        AND key NOT IN (SELECT key FROM article_images)""",
        (pictures,),
    )
    return going


def bring_back(db: sqlite3.Connection, batch: int) -> tuple[int, ...]:
    """Show the articles of a batch again that were not kept, within a transaction, with the words that are left of
    them. Their pages are wanted, and their feeds are asked as if for the first time."""
    found = db.execute(
        f"""SELECT source_id, {_COLUMNS} FROM never_kept n WHERE batch = ? AND undone = 0
        AND source_id IN (SELECT id FROM sources)
        AND NOT EXISTS (SELECT 1 FROM identities k WHERE k.source_id = n.source_id AND k.key = n.key)
        ORDER BY sort_at""",
        (batch,),
    ).fetchall()
    back = tuple(_bring_back(db, row) for row in found)
    db.execute("UPDATE never_kept SET undone = 1 WHERE batch = ?", (batch,))
    db.execute(
        """UPDATE fetch_states SET etag = '', last_modified = '', feed_etag = '', feed_last_modified = '',
            body_hash = '', newest_modified = NULL WHERE source_id IN (SELECT value FROM json_each(?))""",
        (listed({row[0] for row in found}),),
    )
    return back


def _bring_back(db: sqlite3.Connection, row: tuple[object, ...]) -> int:
    (source_id, key, guid, url_key, title_key, post_id, first_seen, sort_at, published, title, url, author, language,
        excerpt) = row  # fmt: skip
    assert isinstance(sort_at, int)
    db.execute("UPDATE states SET let_go = NULL WHERE source_id = ? AND key = ?", (source_id, key))
    made = db.execute(
        """INSERT INTO articles (source_id, sort_at, published, read)
        SELECT ?1, ?2, ?3, read FROM states WHERE source_id = ?1 AND key = ?4""",
        (source_id, sort_at, published, key),
    )
    article_id = int(made.lastrowid or 0)
    db.execute(
        "INSERT INTO headlines (article_id, lead_key, title, url, excerpt) VALUES (?, '', ?, ?, ?)",
        (article_id, title, url, pack_excerpt(str(excerpt))),
    )
    # Without a hash of its text: what the feed gives next is the first text, not a later version.
    db.execute(
        """INSERT INTO identities (article_id, source_id, key, guid, url_key, title_key, content_hash, post_id)
        VALUES (?, ?, ?, ?, ?, ?, x'', ?)""",
        (article_id, source_id, key, guid_column(str(key), str(guid)), url_key, title_key, post_id),
    )
    body = pack_body(f"<p>{html.escape(str(excerpt))}</p>" if excerpt else "", str(excerpt))
    db.execute(
        """INSERT INTO bodies (article_id, author, published_text, first_seen, language, categories, enclosures, body)
        VALUES (?, ?, '', ?, ?, ?, '[]', ?)""",
        (article_id, author, first_seen, language, pack_list(()), body),
    )
    note_feed_texts(db, {article_id: True})
    index_later(db, [article_id])
    return article_id
