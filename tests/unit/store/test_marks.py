"""Marking exactly what a list showed, and back."""

from __future__ import annotations

import pytest

from desktop.core.models import ArticleQuery, ArticleRow, Cursor, Order, View
from desktop.core.shown import Shown
from desktop.store import Store
from tests.unit.store.builders import NOW, fill

ALL = ArticleQuery()


def shown(store: Store, query: ArticleQuery = ALL, **part: object) -> Shown:
    return Shown(query, store.articles.newest_id(), **part)  # type: ignore[arg-type]


def cursor(row: ArticleRow) -> Cursor:
    return Cursor(row.sort_at, row.id, row.source_id)


@pytest.fixture
def rows(store: Store) -> list[ArticleRow]:
    """Eight unread articles of two sources, one of them in a folder, newest first."""
    fill(store, 5, "one")
    fill(store, 3, "two", "Region", start=6)
    return store.articles.page(ArticleQuery())


def unread(store: Store) -> list[int]:
    return [row.id for row in store.articles.page(ArticleQuery(View.UNREAD))]


@pytest.mark.parametrize("order", list(Order))
def test_all_that_the_list_of_a_tag_shows_is_marked_and_nothing_else(
    store: Store, rows: list[ArticleRow], order: Order
) -> None:
    tagged = sorted(row.id for row in rows[1::3])
    store.tags.change(tagged, ["bank"])
    of_tag = shown(store, ArticleQuery(tag="bank", order=order))
    assert sorted(store.marks.read(of_tag)[1].updated) == tagged
    assert sorted(unread(store)) == sorted(row.id for row in rows if row.id not in tagged)
    assert store.tags.change(of_tag, ["bank"])[1].updated == ()


def test_a_set_is_what_changed_and_goes_back_and_there_again(store: Store, rows: list[ArticleRow]) -> None:
    store.articles.set_read([rows[2].id], True)
    number, changes = store.marks.read(shown(store))
    assert sorted(changes.updated) == sorted(row.id for row in rows if row is not rows[2])
    assert unread(store) == []

    store.marks.put(number, read=False)
    assert unread(store) == [row.id for row in rows if row is not rows[2]]
    assert store.check() == []

    store.marks.put(number, read=True)
    assert unread(store) == []
    assert store.check() == []
    assert {counts.unread for counts in store.sources.counts().values()} == {0}


def test_what_came_in_later_or_waits_is_left_alone(store: Store, rows: list[ArticleRow]) -> None:
    asked = shown(store, but=frozenset({rows[0].id}))
    (late,) = fill(store, 1, "three", start=20).new

    store.marks.read(asked)

    assert unread(store) == [rows[0].id, late]


@pytest.mark.parametrize(
    ("query", "part", "marked"),
    [
        (ArticleQuery(), {"above": 3}, [0, 1, 2]),
        (ArticleQuery(), {"below": 3}, [4, 5, 6, 7]),
        (ArticleQuery(), {"before": 3}, [4, 5, 6, 7]),
        (ArticleQuery(), {"above": 5, "below": 2}, [3, 4]),
        (ArticleQuery(folder="Region"), {"below": 6}, [7]),
        (ArticleQuery(source_id=1), {"above": 2}, [0, 1]),
        (ArticleQuery(words="bridge"), {}, [0, 1, 2, 3, 4, 5, 6, 7]),
        (ArticleQuery(words="bridge"), {"below": 5}, [6, 7]),
        (ArticleQuery(words="bridge"), {"above": 2}, [0, 1]),
        (ArticleQuery(words="bridge", source_id=1), {"above": 4, "below": 1}, [2, 3]),
        (ArticleQuery(View.STARRED), {}, [1]),
        (ArticleQuery(order=Order.OLDEST), {"above": 5}, [6, 7]),
        (ArticleQuery(order=Order.OLDEST), {"below": 5}, [0, 1, 2, 3, 4]),
        (ArticleQuery(order=Order.BY_SOURCE), {"above": 6}, [0, 1, 2, 3, 4, 5]),
        (ArticleQuery(order=Order.BY_SOURCE), {"below": 3}, [4, 5, 6, 7]),
    ],
)
def test_a_part_of_a_list_is_marked(
    store: Store, rows: list[ArticleRow], query: ArticleQuery, part: dict[str, int], marked: list[int]
) -> None:
    store.articles.set_starred([rows[1].id], True)
    bounds = {name: rows[at].sort_at if name == "before" else cursor(rows[at]) for name, at in part.items()}

    number, changes = store.marks.read(shown(store, query, **bounds))

    assert sorted(changes.updated) == sorted(rows[at].id for at in marked)
    store.marks.put(number, read=False)
    assert len(unread(store)) == 8


def test_sets_do_not_meet(store: Store, rows: list[ArticleRow]) -> None:
    first, _ = store.marks.read(shown(store, above=cursor(rows[2])))
    second, _ = store.marks.read(shown(store))
    store.marks.put(second, read=False)
    assert unread(store) == [row.id for row in rows[2:]]
    store.marks.put(first, read=False)
    assert len(unread(store)) == 8
    assert rows[0].sort_at < NOW


def test_the_log_does_not_grow_with_every_act_on_a_whole_list(
    store: Store, rows: list[ArticleRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.store.database.LOG_BYTES", 100_000)
    set_id, _ = store.marks.read([row.id for row in rows])
    log = store.path.with_name(f"{store.path.name}-wal")
    before = log.stat().st_size
    for number in range(60):
        store.marks.put(set_id, read=bool(number % 2))
    assert log.stat().st_size < 100_000 + before
