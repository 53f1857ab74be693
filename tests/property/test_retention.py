"""Whatever the rules: nothing goes that is unread, starred or in the pack, marks stay, and nothing comes back."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.core.incoming import PictureInfo
from desktop.core.models import ArticleQuery
from desktop.core.proof import Scope
from desktop.core.retention import Rule
from desktop.store import Store
from desktop.store.images import SHELVES
from tests.new_store import begin
from tests.unit.store.builders import NOW, add_source, make_article, make_feed

MOST = 12
marks = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=MOST)  # (read, starred)
rules = st.builds(
    Rule, days=st.integers(0, 3), articles=st.integers(0, 6), megabytes=st.sampled_from([0, 1, 2, 5])
)
SIZES = (400_000, 900_000)


@settings(max_examples=60)
@given(marks=marks, rule=rules, packed_days=st.integers(0, 2), own=st.booleans())
def test_a_rule_lets_go_only_what_is_read_unstarred_and_not_packed(
    marks: list[tuple[bool, bool]], rule: Rule, packed_days: int, own: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder, Store.open(begin(Path(folder))) as store:
        source = add_source(store)
        articles = [make_article(n, published=NOW - timedelta(hours=9 * n)) for n in range(1, len(marks) + 1)]
        store.articles.apply(source.id, make_feed(articles), None, NOW)
        for at, wanted in enumerate(store.images.wanted(99, NOW)):
            body = bytes([at]) * SIZES[at % 2]
            store.images.put(wanted.key, wanted.url, body, PictureInfo("png", 1, 1))
        rows = store.articles.page(ArticleQuery())
        for row, (read, starred) in zip(rows, marks, strict=True):
            store.articles.set_read([row.id], read)
            store.articles.set_starred([row.id], starred)
        packed: set[int] = set()
        if packed_days:
            store.packs.list_articles(store.packs.begin(Scope(days=packed_days, starred=False), NOW))
            packed = {i for (i,) in store._database.rows("SELECT article_id FROM pack_articles")}
        before = _states(store)
        store.retention.set_rule(source.id if own else 0, rule)

        told = store.retention.preview(NOW)
        assert _states(store) == before  # a look changes nothing
        changes, size = store.retention.apply(source.id, NOW)

        gone = set(changes.removed)
        assert sum(one.articles for one in told) == len(gone)
        assert sum(one.size for one in told) == size
        by_id = {row.id: mark for row, mark in zip(rows, marks, strict=True)}
        assert all(by_id[i] == (True, False) and i not in packed for i in gone)
        assert bool(rule) or not gone
        left = store.articles.page(ArticleQuery())
        if rule.days:
            free = [row for row in left if by_id[row.id] == (True, False) and row.id not in packed]
            assert all(row.sort_at >= NOW - timedelta(days=rule.days) for row in free)
        assert _states(store) == before
        assert store.articles.apply(source.id, make_feed(articles), None, NOW).new == ()
        assert [row.id for row in store.articles.page(ArticleQuery())] == [row.id for row in left]
        for shelf in range(SHELVES):
            store.images.collect(shelf)
        assert len(store.images.stored_files()) == len(left)
        assert store.check() == []


def _states(store: Store) -> list[tuple[object, ...]]:
    return store._database.rows("SELECT source_id, key, read, starred FROM states ORDER BY key")
