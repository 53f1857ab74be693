"""A desk to refresh from: a real store, real requests, and a clock that a test turns."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from desktop.core.models import ArticleQuery, ArticleRow, NewSource, Source, SourceKind
from desktop.net.gate import Gate
from desktop.net.http import Http
from desktop.store import Store
from desktop.sync.lane import StoreLane
from desktop.sync.refresh import Refresh
from desktop.sync.report import Event, Plan, Summary
from tests.new_store import begin
from tests.unit.sync.press import NOW, Press

T = TypeVar("T")
CONTENT = ("articles", "bodies", "identities", "revisions", "images", "article_images")


class Desk:
    """Everything that a refresh needs, and short questions about what it left in the store."""

    def __init__(self, folder: Path) -> None:
        self.now = NOW
        self.gate = Gate()
        self.http = Http(self.gate, now=self.clock, random=lambda: 0.0)
        self.lane = StoreLane(begin(folder))
        self.events: list[Event] = []
        self.on_event: Callable[[Event], None] = lambda event: None
        self._lock = threading.Lock()

    def clock(self) -> datetime:
        return self.now

    def wait(self, **duration: float) -> None:
        """Let time pass."""
        self.now += timedelta(**duration)

    def do(self, job: Callable[[Store], T]) -> T:
        return self.lane(job)

    def add(self, url: str, kind: SourceKind = SourceKind.FEED, feed_url: str = "", **more: Any) -> Source:
        new = NewSource(url, kind, feed_url=feed_url, **more)
        return self.do(lambda store: store.sources.add(new, self.now))

    def add_press(self, press: Press) -> Source:
        return self.add(press.api, SourceKind.WORDPRESS, press.feed_url)

    def refresh(self, plan: Plan | None = None) -> Summary:
        """News only, without full texts and pictures, unless `plan` says otherwise."""
        return Refresh(self.http, self.lane, self._report, self.clock).run(
            plan or Plan(rates=False, full_texts=False, pictures=False)
        )

    def source(self, source: Source) -> Source:
        return self.do(lambda store: store.sources.get(source.id))

    def rows(self, source: Source | None = None) -> list[ArticleRow]:
        query = ArticleQuery(source_id=source.id if source else None)
        return self.do(lambda store: store.articles.page(query, limit=5000))

    def titles(self, source: Source | None = None) -> set[str]:
        return {row.title for row in self.rows(source)}

    def watch_writes(self) -> Callable[[], int]:
        """From now on count the rows of articles that are inserted, updated or deleted."""

        def begin(store: Store) -> None:
            db = store._database.connection
            db.execute("CREATE TEMP TABLE written (name)")
            for table in CONTENT:
                for verb in ("INSERT", "UPDATE", "DELETE"):
                    db.execute(
                        f"CREATE TEMP TRIGGER watch_{table}_{verb} AFTER {verb} ON main.{table} "
                        f"BEGIN INSERT INTO written VALUES ('{table}'); END"
                    )

        self.do(begin)
        return lambda: self.do(lambda store: int(store._database.value("SELECT count(*) FROM written")))

    def close(self) -> None:
        self.http.close()
        self.lane.close()

    def _report(self, event: Event) -> None:
        with self._lock:
            self.events.append(event)
        self.on_event(event)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.close()


@pytest.fixture
def press() -> Iterator[Press]:
    made = Press()
    with made.server:
        yield made
