"""Opening the list on 100,000 articles: counted model calls, and no slow query."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.core.models import ArticleQuery, ArticleRow, Cursor, View
from desktop.store import Store
from desktop.ui.articles.model import PAGE, ArticleModel
from desktop.ui.articles.thumbnails import Thumbnails
from desktop.ui.articles.view import ArticleView
from tests.bench.make_store import make_store

ARTICLES = 100_000
MOST_CALLS = 1_000
MOST_MS = 5.0
NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


class Timed:
    """Passes reads on to the store and keeps the time of each, the best of three."""

    def __init__(self, articles: Any) -> None:
        self._articles = articles
        self.times_ms: list[tuple[str, float]] = []

    def page(
        self, query: ArticleQuery, after: Cursor | None = None, limit: int = PAGE
    ) -> Sequence[ArticleRow]:
        rows: Sequence[ArticleRow] = self._timed(f"page {query}", self._articles.page, query, after, limit)
        return rows

    def rows(self, ids: Sequence[int]) -> Sequence[ArticleRow]:
        rows: Sequence[ArticleRow] = self._timed("rows", self._articles.rows, ids)
        return rows

    def count(self, query: ArticleQuery) -> int:
        return int(self._timed(f"count {query}", self._articles.count, query))

    def newest_id(self) -> int:
        return int(self._timed("newest id", self._articles.newest_id))

    def unindexed(self) -> set[int]:
        return self._articles.unindexed()

    def _timed(self, name: str, read: Callable[..., Any], *args: object) -> Any:
        best = float("inf")
        for _ in range(3):
            start = time.perf_counter()
            answer = read(*args)
            best = min(best, (time.perf_counter() - start) * 1000)
        self.times_ms.append((name, best))
        return answer


class CountedModel(ArticleModel):
    """Counts what the view asks."""

    calls: ClassVar[Counter[str]] = Counter()

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # type: ignore[override]
        self.calls["data"] += 1
        return super().data(index, role)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("big")
    make_store(folder, ARTICLES)
    opened = Store.open_reader(folder)
    yield opened
    opened.close()


@pytest.fixture
def opened(store: Store, qtbot: QtBot) -> Iterator[SimpleNamespace]:
    """The list as the window opens it."""
    CountedModel.calls.clear()
    timed = Timed(store.articles)
    model = CountedModel(timed)
    thumbnails = Thumbnails(_no_file, 72)
    view = ArticleView(model, thumbnails, _now)
    qtbot.addWidget(view)
    view.resize(400, 700)
    model.show(ArticleQuery())
    view.show()
    QApplication.processEvents()
    yield SimpleNamespace(view=view, model=model, timed=timed)
    thumbnails.close()


def test_the_list_opens_with_few_calls_and_no_slow_query(opened: SimpleNamespace) -> None:
    print(f"data() calls: {CountedModel.calls['data']}, queries: {opened.timed.times_ms}")
    assert opened.model.total == ARTICLES
    assert CountedModel.calls["data"] < MOST_CALLS
    assert _slow(opened.timed) == []


def test_scrolling_through_a_thousand_rows_asks_only_for_what_is_seen(opened: SimpleNamespace) -> None:
    CountedModel.calls.clear()
    bar = opened.view.verticalScrollBar()
    for _ in range(100):
        bar.setValue(bar.value() + 10 * opened.view.verticalHeader().defaultSectionSize())
        QApplication.processEvents()

    first, _ = opened.view.visible_range()
    print(f"data() calls for {first} rows: {CountedModel.calls['data']}")
    assert first > 950
    assert CountedModel.calls["data"] < 100 * 30
    assert _slow(opened.timed) == []


@pytest.mark.parametrize(
    "query",
    [
        ArticleQuery(view=View.UNREAD),
        ArticleQuery(view=View.STARRED),
        ArticleQuery(view=View.TODAY, since=NOW.replace(hour=0)),
        ArticleQuery(source_id=1),
        ArticleQuery(folder="Markets"),
        ArticleQuery(folder="Markets", unread_only=True),
        ArticleQuery(words="glacier"),
    ],
    ids=["unread", "starred", "today", "source", "folder", "unread of a folder", "words"],
)
def test_no_view_needs_a_slow_query(opened: SimpleNamespace, query: ArticleQuery) -> None:
    opened.model.show(query)
    opened.model.fetchMore(QModelIndex())

    assert _slow(opened.timed) == []


def _slow(timed: Timed) -> list[tuple[str, float]]:
    return [(name, round(ms, 2)) for name, ms in timed.times_ms if ms > MOST_MS]


def _no_file(sha: str) -> Path:
    return Path("/nonexistent") / sha


def _now() -> datetime:
    return NOW
