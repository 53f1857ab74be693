"""What an article weighs on the disk, in all and by what it is made of: counts, the same on every machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.models import NewSource
from desktop.store import Store
from desktop.sync import reading
from tests.bench.light.fetching import ITEMS, feed
from tests.bench.make_store import NOW

FEEDS = 12
ARTICLES = FEEDS * ITEMS
# Bytes of an article of 600 words among 600. Among 5,000 (`python -m tests.bench.light`) the index is a tenth smaller.
LIMITS = {"all": 5_550, "the index of words": 2_650, "texts": 2_050}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store without articles."""
    with Store.open(tmp_path / "profile") as opened:
        yield opened


def test_an_article_weighs_no_more_than_its_parts_may(store: Store) -> None:
    def count(sql: str) -> int:
        return int(store._database.value(sql))

    empty = count("PRAGMA page_count")
    for number in range(FEEDS):
        url = f"https://{number}.made.example/feed/"
        source = store.sources.add(NewSource(url), NOW)
        store.articles.apply(source.id, reading.read_feed(feed(number).encode(), url), None, NOW)
    store.indexing.finish()
    weights = {
        "all": (count("PRAGMA page_count") - empty) * count("PRAGMA page_size"),
        "the index of words": count("SELECT sum(length(block)) FROM search_data"),
        "texts": count("SELECT sum(length(body)) FROM bodies"),
    }
    of_one = {part: weight // ARTICLES for part, weight in weights.items()}
    print(of_one, "bytes an article;", *_tables(store))
    assert {part: weight for part, weight in of_one.items() if weight > LIMITS[part]} == {}


def _tables(store: Store) -> list[str]:
    """The weight of every table and index, where this SQLite can say."""
    if not store._database.value("SELECT sqlite_compileoption_used('ENABLE_DBSTAT_VTAB')"):
        return []
    found = store._database.rows(
        "SELECT name, sum(pgsize) / ? each FROM dbstat GROUP BY name HAVING count(*) > 1 ORDER BY each DESC",
        (ARTICLES,),
    )
    return [f"{name} {each}" for name, each in found]
