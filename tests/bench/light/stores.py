"""What the store takes for what a person does all day, by the number of articles."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from desktop.core.models import ArticleQuery, Cursor, Order, View
from desktop.core.shown import Shown
from desktop.store import Store
from tests.bench.light.row import Row
from tests.bench.make_store import NOW
from tests.bench.test_search_bench import KINDS, asked

T = TypeVar("T")
LISTS = {
    "all": ArticleQuery(),
    "unread": ArticleQuery(View.UNREAD),
    "starred": ArticleQuery(View.STARRED),
    "today": ArticleQuery(View.TODAY, since=NOW - timedelta(days=1)),
    "a source": ArticleQuery(source_id=3),
    "a folder": ArticleQuery(folder="Markets"),
    "oldest first": ArticleQuery(order=Order.OLDEST),
}
RUNS = 100
PAGE_MS, SEARCH_MS = 5.0, 50.0
MARKED = 100_000


def reading(folder: Path, size: int) -> Iterator[Row]:
    """Pages at any depth, opened articles, counts and searches."""
    chance = random.Random(size)
    with Store.open_reader(folder) as store:
        articles = store.articles
        pages: list[float] = []
        counts: list[float] = []
        for query in LISTS.values():
            after: Cursor | None = None
            for _ in range(RUNS // len(LISTS)):
                taken, rows = _timed(lambda query=query, after=after: articles.page(query, after))
                pages.append(taken)
                if rows:
                    after = Cursor(rows[-1].sort_at, rows[-1].id)
            counts += [_timed(lambda query=query: articles.count(query))[0] for _ in range(5)]
        newest = articles.newest_id()
        opened = [_timed(lambda: articles.get(chance.randrange(1, newest)))[0] for _ in range(RUNS)]
        for what, times in (("a page of a list", pages), ("opening an article", opened), ("a count", counts)):
            yield Row(f"{what} at {size:,} articles, 99 of 100", _late(times), "ms", PAGE_MS)
        sidebar = [_timed(lambda: (store.sources.all(), store.sources.counts()))[0] for _ in range(20)]
        yield Row(f"the sidebar at {size:,} articles, 99 of 100", _late(sidebar), "ms")
        for kind in KINDS:
            queries = [ArticleQuery(words=asked(kind, chance)) for _ in range(RUNS)]
            times = [_timed(lambda query=query: articles.page(query))[0] for query in queries]
            yield Row(f"search, {kind}, at {size:,} articles, 99 of 100", _late(times), "ms", SEARCH_MS)


def marking(folder: Path, size: int) -> Iterator[Row]:
    """All that is unread marked and unmarked, in processor time for 100,000 articles."""
    with Store.open(folder) as store:
        unread = store.articles.unread_count(ArticleQuery())
        shown = Shown(ArticleQuery(), store.articles.newest_id())
        marked, _ = _timed(lambda: store.marks.read(shown))
        undone, _ = _timed(lambda: store.marks.put(1, read=False))
    share = MARKED / unread
    yield Row(f"100,000 marked as read, of {size:,}", marked * share / 1000, "s", 1.0)
    yield Row(f"and that undone, of {size:,}", undone * share / 1000, "s", 1.0)


def _timed(act: Callable[[], T]) -> tuple[float, T]:
    """Milliseconds of processor time, and what came of it."""
    started = time.process_time()
    found = act()
    return (time.process_time() - started) * 1000, found


def _late(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[98]
