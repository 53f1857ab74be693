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

FEEDS, MANY = 12, 2_000
# Bytes of an article of 600 words among 600, and among 100,000, where the index is a fifth smaller.
LIMITS = {"all": 5_550, "the index of words": 2_650, "texts": 2_050}
LIMITS_OF_MANY = {"all": 5_200, "the index of words": 2_200, "texts": 2_000}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store without articles."""
    with Store.open(tmp_path / "profile") as opened:
        yield opened


def test_an_article_weighs_no_more_than_its_parts_may(store: Store) -> None:
    assert _over(store, FEEDS, LIMITS) == {}


@pytest.mark.long
@pytest.mark.timeout(900)
def test_an_article_among_a_hundred_thousand_weighs_no_more_than_its_parts_may(store: Store) -> None:
    assert _over(store, MANY, LIMITS_OF_MANY) == {}


def _over(store: Store, feeds: int, limits: dict[str, int]) -> dict[str, int]:
    """The parts of an article that weigh more than they may, among those of so many feeds."""

    def count(sql: str) -> int:
        return int(store._database.value(sql))

    empty = count("PRAGMA page_count")
    for number in range(feeds):
        url = f"https://{number}.made.example/feed/"
        source = store.sources.add(NewSource(url), NOW)
        store.articles.apply(source.id, reading.read_feed(feed(number).encode(), url), None, NOW)
        if (number + 1) % FEEDS == 0:
            store.indexing.finish()
    while store.indexing.step():
        pass  # they may have grown too many for the numbers that there were
    weights = {
        "all": (count("PRAGMA page_count") - empty) * count("PRAGMA page_size"),
        "the index of words": count("SELECT sum(length(block)) FROM search_data"),
        "texts": count("SELECT sum(length(body)) FROM bodies"),
    }
    articles = feeds * ITEMS
    of_one = {part: weight // articles for part, weight in weights.items()}
    print(of_one, "bytes an article;", *_tables(store, articles))
    return {part: weight for part, weight in of_one.items() if weight > limits[part]}


def _tables(store: Store, articles: int) -> list[str]:
    """The weight of every table and index, where this SQLite can say."""
    if not store._database.value("SELECT sqlite_compileoption_used('ENABLE_DBSTAT_VTAB')"):
        return []
    found = store._database.rows(
        "SELECT name, sum(pgsize) / ? each FROM dbstat GROUP BY name HAVING count(*) > 1 ORDER BY each DESC",
        (articles,),
    )
    return [f"{name} {each}" for name, each in found]
