"""Stores of before whose rows were laid out anew: what people see of them is the same."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from desktop.core.identity import keys
from desktop.core.models import ArticleQuery
from desktop.store import Store
from desktop.store.columns import pack_body
from desktop.store.migrating import migrate
from desktop.store.migrations import MIGRATIONS, _write_briefly
from desktop.store.opening import FILE
from tests.unit.store.builders import NOW, SITE, make_article, make_feed

BEFORE = MIGRATIONS[: MIGRATIONS.index(_write_briefly)]


def test_a_store_that_wrote_excerpts_and_guids_out_reads_as_before_and_fetches_nothing_twice(
    tmp_path: Path,
) -> None:
    """Its guids are the identity, beside another identity, and none at all; and one article waits for its text."""
    articles = [
        make_article(1, guid=f"{SITE}/?p=1"),
        make_article(2, guid="17"),
        make_article(3, guid=""),
        make_article(4, excerpt="Снег " * 60),
    ]
    connection = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    migrate(connection, tmp_path / FILE, BEFORE)
    connection.execute("INSERT INTO origins VALUES (1, 'steppe.example')")
    connection.execute(
        """INSERT INTO sources (id, url, kind, title, site_url, feed_url, folder, language, country, added_at)
        VALUES (1, ?, 'feed', 'Steppe', ?, '', '', '', '', 0)""",
        (f"{SITE}/feed", SITE),
    )
    connection.execute("INSERT INTO counters (source_id) VALUES (1)")
    connection.execute("INSERT INTO fetch_states (source_id) VALUES (1)")
    at = int(NOW.timestamp())
    for number, article in enumerate(articles, 1):
        known = keys(article, NOW)
        key = f"u:{known.url}" if article.guid in ("17", "") else f"g:{known.guid}"
        content = "" if number == 4 else known.content_hash
        for sql, values in (
            ("articles (id, source_id, sort_at, published)", (number, 1, at, at)),
            (
                "headlines (article_id, lead_key, title, url, excerpt)",
                (number, "", article.title, article.url, article.excerpt),
            ),
            (
                """identities (article_id, source_id, key, guid, url_key, title_key, content_hash, post_id)""",
                (number, 1, key, known.guid, known.url_key, known.title_key, content, number),
            ),
            ("states (source_id, key, first_seen, starred)", (1, key, at, 0)),
            (
                """bodies (article_id, author, published_text, first_seen, language, categories, enclosures, body)""",
                (number, "", "", at, "", "[]", "[]", pack_body(article.html, article.text)),
            ),
        ):
            places = ", ".join("?" * len(values))
            connection.execute(f"INSERT INTO {sql} VALUES ({places})", values)
    migrate(connection, tmp_path / FILE)
    connection.close()
    with Store.open(tmp_path) as store:
        rows = sorted(store.articles.page(ArticleQuery()), key=lambda row: row.id)
        assert [row.excerpt for row in rows] == [article.excerpt for article in articles]
        whole = [store.articles.get(row.id) for row in rows]
        assert [one.guid for one in whole if one] == [article.guid for article in articles]
        assert store._database.rows("SELECT guid FROM identities ORDER BY article_id") == [
            (None,), ("17",), ("",), (None,),
        ]  # fmt: skip
        changes = store.articles.apply(1, make_feed(articles[:3]), None, NOW)
        assert (changes.new, changes.updated, changes.unchanged) == ((), (), 3)
        assert store.articles.apply(1, make_feed(articles), None, NOW).updated == (4,)
        assert store.articles.revisions(4) == []  # its text came for the first time
        assert store.articles.page(ArticleQuery(), limit=9) != []
