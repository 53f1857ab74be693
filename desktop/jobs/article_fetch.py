"""What the person wants fetched of one article or source, apart from a refresh."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.core.fulltext_values import FullTextRule
from desktop.core.models import Changes
from desktop.jobs.delivery import Delivery
from desktop.sync.lane import StoreLane

if TYPE_CHECKING:
    from desktop.net.http import Http
    from desktop.sync.again import Fetched


class ArticleFetch(QObject):
    """Fetches what an article lacks, one article at a time for each; tells what came in one sentence."""

    changed = Signal(object)  # Changes, of articles or of a source's rule
    said = Signal(str)

    def __init__(
        self,
        lane: StoreLane,
        http: Callable[[], Http],
        delivery: Delivery,
        pool: Executor,
        now: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        """`http` gives requests that are not stopped."""
        super().__init__(parent)
        self._lane = lane
        self._http = http
        self._delivery = delivery
        self._pool = pool
        self._now = now
        self._running: set[int] = set()

    def fetch(self, article_id: int, *, text: bool) -> None:
        """Ask once more for the missing pictures of an article, with `text` for its full text too."""
        if article_id in self._running:
            return
        self._running.add(article_id)
        self.said.emit("Fetching what this article lacks…")

        def job() -> Fetched:
            from desktop.sync.again import fetch_again  # the parsers are not needed at start

            return fetch_again(self._http(), self._lane, article_id, self._now, text=text)

        def done(fetched: Fetched) -> None:
            self._end(article_id, words(fetched))

        def failed(error: AppError) -> None:
            self._end(article_id, str(error))

        self._delivery.run(self._pool, job, done, failed, self)

    def set_rule(self, source_id: int, rule: FullTextRule) -> None:
        """When the texts of a source are taken from their pages."""
        future = self._lane.submit(lambda store: store.sources.set_full_text(source_id, rule))
        self._delivery.follow(
            future, lambda _: self.changed.emit(Changes()), lambda error: self.said.emit(str(error)), self
        )

    def _end(self, article_id: int, sentence: str) -> None:
        self._running.discard(article_id)
        self.changed.emit(Changes(updated=(article_id,)))
        self.said.emit(sentence)


def words(fetched: Fetched) -> str:
    """What came, for the status bar."""
    parts = ["the full text"] if fetched.full_text else []
    if fetched.pictures:
        parts.append("1 picture" if fetched.pictures == 1 else f"{fetched.pictures} pictures")
    sentences = [f"Fetched {' and '.join(parts)}."] if parts else []
    if fetched.problem:
        sentences.append(fetched.problem)
    if fetched.missing:
        sentences.append(
            "1 picture is still missing."
            if fetched.missing == 1
            else f"{fetched.missing} pictures are still missing."
        )
    return " ".join(sentences) or "Nothing is missing in this article."
