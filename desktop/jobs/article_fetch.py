"""What the person wants fetched of one article or source, apart from a refresh."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
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


@dataclass
class _Round:
    """Several articles, one after the other."""

    left: list[int]
    number: int
    lacks_text: Callable[[int], bool]
    come: list[Fetched] = field(default_factory=list)


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
        self._round: _Round | None = None

    def fetch(self, article_id: int, *, text: bool) -> None:
        """Ask once more for the missing pictures of an article, with `text` for its full text too."""
        if article_id in self._running:
            return
        self._running.add(article_id)
        self.said.emit("Fetching what this article lacks…")

        def done(fetched: Fetched) -> None:
            self._end(article_id, words(fetched))

        def failed(error: AppError) -> None:
            self._end(article_id, str(error))

        self._delivery.run(self._pool, partial(self._ask, article_id, text), done, failed, self)

    def fetch_each(self, article_ids: Sequence[int], lacks_text: Callable[[int], bool]) -> None:
        """The same for several articles in turn; tells how far it is, and at the end what came in one sentence.

        `lacks_text` says of which the full text is asked for too.
        """
        if self._round is not None:
            self.said.emit("What other articles lack is still being fetched.")
            return
        self._round = _Round(list(article_ids), len(article_ids), lacks_text)
        self._go_on(self._round)

    def set_rule(self, source_id: int, rule: FullTextRule) -> None:
        """When the texts of a source are taken from their pages."""
        future = self._lane.submit(lambda store: store.sources.set_full_text(source_id, rule))
        self._delivery.follow(
            future, lambda _: self.changed.emit(Changes()), lambda error: self.said.emit(str(error)), self
        )

    def _ask(self, article_id: int, text: bool) -> Fetched:
        from desktop.sync.again import fetch_again  # the parsers are not needed at start

        return fetch_again(self._http(), self._lane, article_id, self._now, text=text)

    def _go_on(self, round_: _Round) -> None:
        if not round_.left:
            self._round = None
            self.said.emit(words_of_many(round_.come))
            return
        article_id = round_.left.pop(0)
        place = round_.number - len(round_.left)
        self.said.emit(f"Fetching what {round_.number} articles lack: {place} of {round_.number}…")
        job = partial(self._ask, article_id, round_.lacks_text(article_id))
        done = partial(self._on_one_of, round_, article_id)
        self._delivery.run(self._pool, job, done, partial(self._on_broken_off, round_), self)

    def _on_one_of(self, round_: _Round, article_id: int, fetched: Fetched) -> None:
        round_.come.append(fetched)
        self.changed.emit(Changes(updated=(article_id,)))
        self._go_on(round_)

    def _on_broken_off(self, round_: _Round, error: AppError) -> None:
        """Offline, most likely: what came is kept."""
        self._round = None
        asked = f"{len(round_.come)} of {round_.number} articles were asked for; what came is kept."
        self.said.emit(f"{error} {asked}")

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


def words_of_many(come: Sequence[Fetched]) -> str:
    """What came for several articles, for the status bar."""
    texts, pictures = sum(one.full_text for one in come), sum(one.pictures for one in come)
    failed, missing = sum(bool(one.problem) for one in come), sum(one.missing for one in come)
    got = [_counted(number, what) for number, what in ((texts, "full text"), (pictures, "picture")) if number]
    lack = [
        _counted(number, what) for number, what in ((failed, "full text"), (missing, "picture")) if number
    ]
    sentences = [f"Fetched {' and '.join(got)}."] if got else []
    if lack:
        sentences.append(f"Still missing: {' and '.join(lack)}.")
    return " ".join(sentences) or f"Nothing is missing in these {len(come)} articles."


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
