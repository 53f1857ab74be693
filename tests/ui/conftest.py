"""The ground under window tests: a real store and session in a temporary folder, and nothing left behind.

The cyclic garbage collector is off while a test runs: PySide6 can crash when it runs inside Qt's event dispatch.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop.core.incoming import IncomingArticle
from desktop.core.models import ArticleQuery, Changes, FetchState
from desktop.jobs.session import Session
from desktop.store import Store
from desktop.ui.articles.list import ArticleList
from desktop.ui.main_window import MainWindow
from tests.new_store import begin
from tests.ui.edition import COURIER, LATER, NOW, fill, make_feed

LONGEST_MS = 60_000


def pytest_itemcollected(item: pytest.Item) -> None:
    """The offscreen display says that it cannot do some things that windows ask for; nothing is wrong with that."""
    if item.path.is_relative_to(Path(__file__).parent):
        item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support"))


if hasattr(time, "tzset"):
    time.tzset()  # the time zone of the tests was set after Python started


@pytest.fixture(autouse=True)
def _tidy(qapp: QApplication) -> Iterator[None]:
    """No collection during a test; no window after it."""
    gc.disable()
    yield
    deliver_deletes()
    left = [widget for widget in QApplication.topLevelWidgets() if widget.objectName() != "qtooltip_label"]
    names = [f"{type(widget).__name__} {widget.windowTitle()}".strip() for widget in left]
    for widget in left:
        widget.deleteLater()
    deliver_deletes()
    gc.enable()
    gc.collect()
    assert not names, f"windows were left open: {names}"


def deliver_deletes() -> None:
    """Let deleteLater happen now."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QCoreApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


class Arrivals:
    """Lets articles come in as a refresh does, without a network."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __call__(
        self, articles: Sequence[IncomingArticle], url: str = COURIER, *, indexed: bool = True
    ) -> Changes:
        def job(store: Store) -> Changes:
            source = store.sources.by_url(url)
            assert source is not None
            changes = store.articles.apply(source.id, make_feed(articles), FetchState(), LATER)
            if indexed:
                store.indexing.finish()
            return changes

        changes: Changes = self._session._lane.submit(job).result()
        self._session.articles_changed.emit(changes)
        return changes


class Patient(QtBot):
    """Waits for what is to come as long as a busy machine may need for it. What comes ends the wait at once."""

    def waitUntil(self, callback: Callable[[], Any], *, timeout: int = LONGEST_MS) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = LONGEST_MS, **more: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **more)

    def waitSignals(self, signals: Any, *, timeout: int = LONGEST_MS, **more: Any) -> Any:
        return super().waitSignals(signals, timeout=timeout, **more)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> Patient:
    return Patient(request)


@pytest.fixture
def open_session(tmp_path: Path, qapp: QApplication) -> Iterator[Callable[[int], Session]]:
    """Opens a session on a store with so many articles a source; 0: a store without sources."""
    opened: list[Session] = []

    def open_it(articles: int) -> Session:
        if articles:
            fill(tmp_path, articles)
        else:
            begin(tmp_path)
        session = Session(tmp_path, clock=lambda: NOW)
        opened.append(session)
        return session

    yield open_it
    for session in opened:
        session.close()
        session.deleteLater()


@pytest.fixture
def session(open_session: Callable[[int], Session]) -> Session:
    """A session with 30 articles of each of two sources."""
    return open_session(30)


@pytest.fixture
def arrive(session: Session) -> Arrivals:
    """`arrive(articles)` stores them and tells the window."""
    return Arrivals(session)


@pytest.fixture
def show(qtbot: QtBot) -> Iterator[Callable[[QWidget], QWidget]]:
    """Shows a widget and closes it after the test, before its session goes."""
    shown: list[QWidget] = []

    def show_it(widget: QWidget) -> QWidget:
        shown.append(widget)
        widget.show()
        widget.activateWindow()
        qtbot.waitUntil(widget.isActiveWindow)
        return widget

    yield show_it
    for widget in shown:
        if isValid(widget):
            widget.close()
            widget.deleteLater()
    deliver_deletes()


@pytest.fixture
def window(session: Session, show: Callable[[QWidget], QWidget]) -> MainWindow:
    """The main window on that session, at 1280 by 800."""
    made = MainWindow(session)
    made.complete()
    show(made)
    return made


@pytest.fixture
def said(window: MainWindow) -> list[str]:
    """What the commands of the reader say."""
    heard: list[str] = []
    window.reader_commands.said.connect(lambda words, _: heard.append(words))
    return heard


@pytest.fixture
def articles(session: Session, show: Callable[[QWidget], QWidget]) -> ArticleList:
    """The list of all articles, with the focus."""
    made = ArticleList(session)
    made.resize(400, 600)
    show(made)
    made.show_query(ArticleQuery())
    made.view.setFocus()
    return made
