"""What the person wants fetched of one article or source, apart from a refresh."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError, StoppedError
from desktop.core.fulltext_values import FullTextRule
from desktop.core.models import Changes
from desktop.jobs.delivery import Delivery
from desktop.jobs.progress import Progress
from desktop.sync.lane import StoreLane

if TYPE_CHECKING:
    from desktop.net.http import Http
    from desktop.sync.again import Fetched


@dataclass
class _Round:
    """Articles one after the other: each with whether its full text is asked for too."""

    waiting: deque[tuple[int, bool]] = field(default_factory=deque)
    asked: set[int] = field(default_factory=set)
    come: list[Fetched] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def progress(self) -> Progress:
        """How far it is; of one article it is not known."""
        number = len(self.asked)
        if number == 1:
            return Progress(True, label="What this article lacks")
        return Progress(True, len(self.come), number, f"What {number} articles lack")


class ArticleFetch(QObject):
    """Fetches what articles lack, one article at a time; tells how far it is, and what came in one sentence."""

    changed = Signal(object)  # Changes, of articles or of a source's rule
    said = Signal(str)
    progress_changed = Signal(object)  # Progress

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
        self._round: _Round | None = None

    def fetch(self, articles: Mapping[int, bool]) -> None:
        """Ask once more for the missing pictures of articles, and for the full text of those that say True. What is
        asked for while others are fetched comes next, and those after it."""
        round_ = self._round or _Round()
        new = [(one, text) for one, text in articles.items() if one not in round_.asked]
        round_.waiting.extendleft(reversed(new))
        round_.asked.update(articles)
        if self._round is None and new:
            self._round = round_
            self._go_on(round_)

    def stop(self) -> None:
        """End what is fetched; what has come is kept."""
        if self._round is not None:
            self._round.stopping.set()
            self._http().stop()

    def show_after(self, other: Progress) -> None:
        """Show the progress again where that of other work stood in its place and has ended."""
        if self._round is not None and not other.running:
            self.progress_changed.emit(self._round.progress)

    def set_rule(self, source_id: int, rule: FullTextRule) -> None:
        """When the texts of a source are taken from their pages."""
        future = self._lane.submit(lambda store: store.sources.set_full_text(source_id, rule))
        self._delivery.follow(
            future, lambda _: self.changed.emit(Changes()), lambda error: self.said.emit(str(error)), self
        )

    def _go_on(self, round_: _Round) -> None:
        if not round_.waiting:
            self._end(words(round_.come[0]) if len(round_.come) == 1 else words_of_many(round_.come))
            return
        self.progress_changed.emit(round_.progress)
        article_id, text = round_.waiting.popleft()
        job = partial(self._ask, round_.stopping, article_id, text)
        done = partial(self._on_come, round_, article_id)
        self._delivery.run(self._pool, job, done, partial(self._on_broken_off, round_, article_id), self)

    def _ask(self, stopping: threading.Event, article_id: int, text: bool) -> Fetched:
        """In a thread. A stop that came before the first request is not forgotten by asking for the way to the web."""
        from desktop.sync.again import fetch_again  # the parsers are not needed at start

        http = self._http()
        if stopping.is_set():
            raise StoppedError("Nothing more is fetched.")
        return fetch_again(http, self._lane, article_id, self._now, text=text)

    def _on_come(self, round_: _Round, article_id: int, fetched: Fetched) -> None:
        round_.come.append(fetched)
        self.changed.emit(Changes(updated=(article_id,)))
        self._go_on(round_)

    def _on_broken_off(self, round_: _Round, article_id: int, error: AppError) -> None:
        """Stopped, or offline by now: what came is kept, of this article too."""
        self.changed.emit(Changes(updated=(article_id,)))
        why = "Stopped." if isinstance(error, StoppedError) else str(error)
        number = len(round_.asked)
        whole = f"{len(round_.come)} of {number} articles were asked for; what" if number > 1 else "What"
        self._end(f"{why} {whole} came is kept.")

    def _end(self, sentence: str) -> None:
        self._round = None
        self.progress_changed.emit(Progress())
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
