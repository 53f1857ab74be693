"""A big store of a former version is brought up to date: what that takes, and what it leaves on the disk."""

from __future__ import annotations

import gzip
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from desktop.core.models import ArticleQuery
from desktop.store import Store
from desktop.store.columns import unpack_excerpt
from desktop.store.opening import FILE

HELD = 13  # articles of the store of version 28
_SHOWN = "SELECT title, url, excerpt, lead_key, read, starred, count(*) FROM {} GROUP BY 1, 2, 3, 4, 5, 6"


def test_a_big_store_of_before_grows_and_holds_no_more_than_it_did(
    request: pytest.FixtureRequest, data: Path, tmp_path: Path
) -> None:
    """200,000 articles in the long run, 13,000 otherwise."""
    times = 15_400 if request.config.getoption("--long") else 1_000
    path = tmp_path / FILE
    path.write_bytes(gzip.decompress((data / "databases" / "version-28.db.gz").read_bytes()))
    _multiply(path, times)
    with closing(sqlite3.connect(path)) as db:
        shown = db.execute(_SHOWN.format("articles")).fetchall()
    assert len({excerpt for _, _, excerpt, *_ in shown}) > 1
    used, size = _used_pages(path), path.stat().st_size
    started = time.process_time()
    with Store.open(tmp_path) as store:
        taken = time.process_time() - started
        log = path.with_name(f"{FILE}-wal").stat().st_size
        assert store.articles.count(ArticleQuery()) == HELD * times
        grew = store._database.rows(_SHOWN.format("articles a JOIN headlines h ON h.article_id = a.id"))
        assert sorted((*row[:2], unpack_excerpt(row[2]), *row[3:]) for row in grew) == shown
    grown = path.stat().st_size
    print(
        f"{HELD * times:,} articles in {taken:.1f} s; {size / 1e6:.0f} MB before, {grown / 1e6:.0f} MB after,"
        f" {log / 1e6:.0f} MB of log meanwhile; {used:,} pages in use before, {_used_pages(path):,} after"
    )
    assert _used_pages(path) < 1.05 * used  # what is free is used again


def _multiply(path: Path, times: int) -> None:
    """Have each article so many times, with an identity, a state and a text of its own."""
    with closing(sqlite3.connect(path)) as db:
        for table, key in (("articles", "id"), ("identities", "article_id"), ("bodies", "article_id")):
            names = [row[1] for row in db.execute(f"PRAGMA table_info ({table})")]
            values = {
                key: f"{key} + 1000 * n.value",
                "key": "key || '-' || n.value",
                "story": "0",
                "fold": "0",
            }
            db.execute(
                f"""WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < {times - 1})
                INSERT INTO {table} ({", ".join(names)}) SELECT {", ".join(values.get(name, name) for name in names)}
                FROM n CROSS JOIN {table} WHERE {key} < 1000"""
            )
        db.execute(
            """INSERT INTO states (source_id, key, first_seen, read, starred)
            SELECT k.source_id, k.key, 0, a.read, a.starred
            FROM identities k JOIN articles a ON a.id = k.article_id WHERE a.id > 1000"""
        )
        db.commit()


def _used_pages(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        all_pages, free = (
            int(db.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_count", "freelist_count")
        )
    return all_pages - free
