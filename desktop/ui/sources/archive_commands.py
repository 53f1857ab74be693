"""Older articles of the source that the list shows: what is missing, what it would take, and the walk itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desktop.core.errors import AppError
from desktop.core.models import Changes
from desktop.core.proof import size_words
from desktop.ui import times
from desktop.ui.actions import Actions
from desktop.ui.articles.list import ArticleList
from desktop.ui.sources.coverage_words import gap_words

if TYPE_CHECKING:
    from desktop.core.coverage import Gap
    from desktop.jobs.archive import Backfilled, Estimate
    from desktop.jobs.session import Session

GATHER_MS = 60
SOME = 100  # articles that a careful person takes first
LOAD, OLDER, STOP, CANCEL, AGAIN = "Load them", "Load older", "Stop", "Cancel", "Try again"
ALL, FEW = "Load all", f"Load {SOME}"


class ArchiveCommands(QObject):
    """Shows the gaps of the list's source, asks what they would bring, then fills them when told to."""

    said = Signal(str, bool)

    def __init__(self, session: Session, articles: ArticleList, actions: Actions, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._articles = articles
        self._action = actions["load_older"]
        self._bar = articles.gap_bar
        self._source_id = 0
        self._gaps: tuple[Gap, ...] = ()
        self._has_archive = True
        self._asking = False
        self._since: datetime | None = None  # the walk that is asked about ends there
        self._estimate: Estimate | None = None
        self._error = ""
        self._soon = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._soon.timeout.connect(self.update)
        self._bar.pressed.connect(self._on_pressed)
        articles.model.modelReset.connect(self._on_query)
        articles.view.range_changed.connect(self._show)
        session.sources_changed.connect(self._soon.start)
        session.archive.filled.connect(self._on_filled)
        session.archive.progress_changed.connect(self._show)
        session.archive.ended.connect(self._on_ended)
        session.progress_changed.connect(session.archive.show_after, Qt.ConnectionType.QueuedConnection)
        self._on_query()

    def slots(self) -> dict[str, Callable[[], object]]:
        """The actions that are done here."""
        return {"load_older": self.load_older}

    def load_older(self) -> None:
        """Ask what the archive would bring; the answer offers to load it."""
        connection = self._session.connection
        if not self._source_id or self._session.archive.source_id:
            return
        if not connection.online:
            self.said.emit(f"Offline ({connection.reason}): nothing was fetched.", False)
        elif not self._gaps:
            self.said.emit("All articles of this source are here.", False)
        else:
            self._ask(None)

    def _ask(self, since: datetime | None) -> None:
        self._asking, self._since, self._estimate, self._error = True, since, None, ""
        self._session.archive.estimate(self._source_id, since, self._on_estimate, self._on_failed, self)
        self._show()

    def _close_gap(self) -> None:
        """Fill the newest gap alone."""
        gap = self._gaps[0] if self._gaps else None
        if gap is not None and gap.since is not None and self._session.connection.online:
            self._ask(gap.since)
        else:
            self.load_older()

    def update(self) -> None:
        """Read again what is known of the source."""
        reader = self._session.reader
        coverage = reader.archive.coverage(self._source_id) if self._source_id else None
        self._gaps = coverage.gaps if coverage else ()
        self._has_archive = coverage is None or coverage.has_archive
        between = tuple(gap for gap in self._gaps if gap.since is not None)
        self._articles.view.mark_gaps(between)
        is_archived = bool(self._source_id) and reader.sources.is_archived(self._source_id)
        self._action.setEnabled(bool(self._source_id) and not is_archived)
        self._show()

    def _on_query(self) -> None:
        source_id = self._articles.base.source_id or 0
        if source_id != self._source_id:
            self._source_id = source_id
            self._forget()
        self.update()

    def _forget(self) -> None:
        self._asking, self._since, self._estimate, self._error = False, None, None, ""

    def _show(self) -> None:
        archive = self._session.archive
        if not self._source_id:
            self._bar.say("")
        elif archive.source_id == self._source_id:
            self._bar.say(_progress(archive.progress.done, archive.progress.total), STOP)
        elif self._asking:
            self._bar.say("Asking the site how much there is…", CANCEL)
        elif self._error:
            self._bar.say(self._error, AGAIN, CANCEL, warning=True)
        elif self._estimate is not None:
            self._offer(self._estimate)
        else:
            self._show_gap()

    def _show_gap(self) -> None:
        """The newest gap at any time; what is older than all, at the end of the list."""
        gap = self._gaps[0] if self._gaps and self._has_archive else None
        now = self._session.now()
        if gap is not None and gap.since is not None:
            self._bar.say(f"{gap_words(gap, now)}.", LOAD, warning=True)
        elif gap is not None and self._is_at_end:
            self._bar.say(f"{gap_words(gap, now)}.", OLDER)
        else:
            self._bar.say("")

    @property
    def _is_at_end(self) -> bool:
        _, last = self._articles.view.visible_range()
        return last > 0 and last >= self._articles.model.total and not self._articles.header.words

    def _offer(self, estimate: Estimate) -> None:
        if estimate.articles is None:
            self._bar.say("How much there is shows only when it is loaded.", ALL, CANCEL)
        elif estimate.articles == 0:
            self._bar.say("The site has nothing that is not here.", ALL, CANCEL)
        else:
            some = (FEW,) if estimate.articles > SOME else ()
            self._bar.say(_brings(estimate), ALL, *some, CANCEL)

    def _on_pressed(self, text: str) -> None:
        archive = self._session.archive
        if text == LOAD:
            self._close_gap()
        elif text in (OLDER, AGAIN):
            self.load_older()
        elif text in (ALL, FEW):
            self._fill(SOME if text == FEW else None)
        elif text == STOP:
            archive.stop()
        else:
            self._forget()
            self._show()

    def _on_estimate(self, estimate: Estimate) -> None:
        if self._asking:
            self._asking, self._estimate = False, estimate
            if self._since is not None and estimate.articles is not None and estimate.articles <= SOME:
                self._fill(None)  # a small gap is closed without another question
            self._show()

    def _fill(self, most: int | None) -> None:
        expected, since = self._estimate.articles if self._estimate else None, self._since
        self._forget()
        self._session.archive.fill(self._source_id, since=since, most=most, expected=expected)

    def _on_failed(self, error: AppError) -> None:
        if self._asking:
            self._asking, self._error = False, str(error)
            self._show()

    def _on_filled(self, changes: Changes) -> None:
        self._articles.fill(changes)
        self._session.sources_changed.emit()

    def _on_ended(self, source_id: int, result: Backfilled) -> None:
        if result.error is not None and source_id == self._source_id:
            self._error = str(result.error)
        self.said.emit(_came(result), False)
        self.update()
        self._session.sources_changed.emit()
        if result.new and self._session.setting("news.pictures", True) and not result.stopped:
            self._session.refresh([], rates=False)  # the pictures of what came


def _progress(done: int, total: int) -> str:
    of = f" of about {times.count(total)}" if total else ""
    return f"Loading older articles: {times.count(done)}{of}"


def _brings(estimate: Estimate) -> str:
    parts = [f"About {times.count(estimate.articles or 0)} articles"]
    if estimate.requests:
        parts.append("1 request" if estimate.requests == 1 else f"{times.count(estimate.requests)} requests")
    if estimate.size:
        parts.append(f"about {size_words(estimate.size)} on disk with pictures")
    return f"{', '.join(parts)}."


def _came(result: Backfilled) -> str:
    what = "1 article" if result.new == 1 else f"{times.count(result.new)} articles"
    if result.stopped:
        return f"Stopped. {what} came and stay; it goes on from there."
    if result.error is not None:
        return f"{result.error.message} {what} came and stay."
    if result.coverage.begins and not result.coverage.gaps:
        return f"{what} came. Nothing older is missing."
    return f"{what} came.{' The gap is closed.' if result.complete else ''}"
