"""The main job through the real window: follow a site, read, star, see rates; then all of it without a network."""

from __future__ import annotations

import errno
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHelpEvent, QImage
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLineEdit, QListWidget, QPushButton, QToolTip
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop.core.models import NewSource, SourceKind
from desktop.demo.site import DemoSite
from desktop.jobs.session import Session
from desktop.store import Store
from desktop.ui.main_window import MainWindow
from desktop.ui.reader.pictures import Pictures
from desktop.ui.sources.add_dialog import AddSourceDialog
from tests.new_store import begin
from tests.server import LoopbackServer, Reply, Request, Step, script
from tests.ui.conftest import deliver_deletes
from tests.ui.person import Key, Modifier, press, row

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)  # a Tuesday, 14:30 in Almaty
ARTICLES = 30
BROUGHT = 12
MS = 60_000
FEED = """<rss version="2.0"><channel><title>Reed Bank Notes</title><link>https://reed.example/</link><item>
    <title>The ferry sails again</title><link>https://reed.example/ferry</link><guid>ferry</guid>
    <description>It was mended in spring.</description></item></channel></rss>"""


class Program:
    """Chorsu on one folder, opened and closed as often as a test likes."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self.folder = folder
        self.qtbot = qtbot
        self.is_open = False

    def prepare(self, act: Callable[[Store], object]) -> None:
        """Write into the store before the program is opened."""
        with Store.open(begin(self.folder)) as store:
            store.settings.set("welcome.done", True)
            act(store)

    def open(self) -> MainWindow:
        self.session = Session(self.folder, clock=lambda: NOW)
        self.window = MainWindow(self.session)
        self.window.complete()
        self.is_open = True
        self.window.show()
        self.window.activateWindow()
        self.qtbot.waitUntil(self.window.isActiveWindow)
        return self.window

    def close(self) -> None:
        """What quitting does, in its order."""
        if self.is_open:
            self.is_open = False
            if isValid(self.window):
                self.window.close()
            deliver_deletes()
            self.session.close()
            self.session.deleteLater()
            deliver_deletes()

    def follow(self, address: str) -> None:
        """File > Add source as a person does it, until the refresh that follows has ended."""
        self.window.commands["add_source"].trigger()
        dialog = self.window.findChild(AddSourceDialog)
        field = dialog.findChild(QLineEdit)
        field.clear()
        self.qtbot.keyClicks(field, address)
        find = next(button for button in dialog.findChildren(QPushButton) if button.text() == "&Find")
        self.qtbot.mouseClick(find, Qt.MouseButton.LeftButton)
        self.qtbot.waitUntil(lambda: dialog.findChild(QListWidget).count() > 0, timeout=MS)
        buttons = dialog.findChild(QDialogButtonBox)
        add = next(b for b in buttons.buttons() if b.text() == "&Add")
        with self.qtbot.waitSignal(self.session.refreshed, timeout=MS):
            self.qtbot.mouseClick(add, Qt.MouseButton.LeftButton)
        self.window.activateWindow()
        self.qtbot.waitUntil(self.window.isActiveWindow)

    def refresh(self) -> None:
        """F5, until it has ended."""
        with self.qtbot.waitSignal(self.session.refreshed, timeout=MS):
            press(self.qtbot, self.window, Key.Key_F5)

    def titles(self) -> list[str]:
        model = self.window.articles.model
        return [row(self.window, at).title for at in range(model.rowCount())]

    def tooltip(self, pair: str) -> str:
        """What the ticker says when the pointer rests on a pair, without its formatting."""
        ticker = self.window.ticker
        place = [str(one) for one in ticker.pairs].index(pair)
        ticker.bring_into_view(place)
        spot = next(x for x in range(ticker.width()) if ticker.index_at(QPoint(x, 5)) == place)
        at = QPoint(spot + 5, 5)
        QApplication.sendEvent(ticker, QHelpEvent(QHelpEvent.Type.ToolTip, at, ticker.mapToGlobal(at)))
        return re.sub("<[^>]*>", "", QToolTip.text())

    def values(self) -> dict[str, str]:
        return {str(one.pair): one.value for one in self.window.ticker.strip.entries}


@pytest.fixture
def site() -> Iterator[DemoSite]:
    with DemoSite(NOW, articles=ARTICLES) as running:
        yield running
        assert running.errors == []


@pytest.fixture
def program(tmp_path: Path, qtbot: QtBot) -> Iterator[Program]:
    made = Program(tmp_path / "profile", qtbot)
    yield made
    made.close()


@pytest.fixture
def filled(program: Program, site: DemoSite) -> Program:
    """The program open, following the site by the address of its front page, refreshed once."""

    def settings(store: Store) -> None:
        for key, value in site.config().items():
            store.settings.set(key, value)
        store.settings.set("news.first_articles", BROUGHT)

    program.prepare(settings)
    program.open()
    program.follow(f"{site.url}/")
    program.qtbot.waitUntil(lambda: program.window.articles.model.rowCount() == BROUGHT)
    return program


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pictures that were painted with something in them, by the name of their file."""
    names: list[str] = []
    at_hand = Pictures.at_hand

    def noted(self: Pictures, image: Any, width: float) -> QImage | None:
        picture = at_hand(self, image, width)
        if picture is not None and not picture.isNull():
            names.append(image.sha256)
        return picture

    monkeypatch.setattr(Pictures, "at_hand", noted)
    return names


@pytest.fixture
def unplug(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Takes the network away, and gives the list of those who then ask for it."""
    asked: list[str] = []

    class Refused(socket.socket):
        def __init__(self, *_: object, **__: object) -> None:
            asked.append("socket")
            raise OSError(errno.ENETUNREACH, "Network is unreachable")

    def no_names(*_: object, **__: object) -> None:
        asked.append("name")
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    def pull() -> list[str]:
        monkeypatch.setattr(socket, "socket", Refused)
        monkeypatch.setattr(socket, "create_connection", no_names)
        monkeypatch.setattr(socket, "getaddrinfo", no_names)
        return asked

    return pull


def open_pictured(program: Program, title: str = "") -> int:
    """Open the article of this title, else the first one with all its pictures, by the keyboard alone."""
    window = program.window
    window.articles.view.setFocus()
    for _ in range(window.articles.model.rowCount()):
        press(program.qtbot, window, Key.Key_J)
        current = window.articles.article(window.articles.view.current_id or 0)
        assert current is not None
        if current.title == title or (not title and current.images_total == current.images_stored >= 2):
            press(program.qtbot, window, Key.Key_Return)
            assert window.reader.article_id == current.id
            return current.id
    raise AssertionError("there is no such article")


def leaf_through(qtbot: QtBot, window: MainWindow) -> str:
    """Bring every part of the open article into view, each until all its pictures are there; gives its text."""
    view = window.reader.view
    while True:
        view.viewport().grab()
        qtbot.waitUntil(lambda: not view.pictures.is_decoding)
        view.viewport().grab()
        if not view.scroll_page():
            return view.toPlainText()


def test_follow_read_star_and_see_rates_then_all_of_it_without_a_network(
    filled: Program, site: DemoSite, drawn: list[str], unplug: Callable[[], list[str]]
) -> None:
    window, session = filled.window, filled.session
    assert [source.kind for source in session.reader.sources.all()] == [SourceKind.WORDPRESS]
    titles = filled.titles()
    chosen = open_pictured(filled)
    drawn.clear()
    title = window.reader.view.toPlainText().splitlines()[0]
    text = leaf_through(filled.qtbot, window)
    pictures = set(drawn)
    assert len(pictures) == session.reader.articles.rows([chosen])[0].images_total >= 2
    press(filled.qtbot, window, Key.Key_S)
    filled.qtbot.waitUntil(lambda: session.reader.articles.rows([chosen])[0].starred)
    filled.qtbot.waitUntil(lambda: "—" not in filled.values().values())
    values = filled.values()
    assert values["USD/KZT"] == published_tenge(site)

    site.stop()
    filled.close()
    asked = unplug()
    window = filled.open()

    window.commands["go_all"].trigger()
    assert filled.titles() == titles
    assert open_pictured(filled, title) == chosen
    drawn.clear()
    assert leaf_through(filled.qtbot, window) == text
    assert set(drawn) == pictures
    window.commands["go_starred"].trigger()
    assert filled.titles() == [title]
    assert filled.values() == values
    tooltip = filled.tooltip("USD/KZT")
    assert values["USD/KZT"] in tooltip
    assert "24 Nov" in tooltip
    assert "National Bank" in tooltip
    assert asked == []

    filled.refresh()
    assert asked != []
    assert re.fullmatch(r"The Saksaul Herald: [A-Z].+ 127\.0\.0\.1 .+\.", window.status.words)
    assert filled.titles() == [title]
    assert filled.values() == values


def published_tenge(site: DemoSite) -> str:
    """What the site's own page says of a dollar in tenge, to the five digits of the ticker."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    try:
        connection.request("GET", "/nbk/rates_all.xml")
        body = connection.getresponse().read().decode()
    finally:
        connection.close()
    found = re.search(r"<title>USD</title>.*?<description>([0-9.]+)</description>", body, re.DOTALL)
    assert found is not None
    return f"{float(found[1]):.5g}"


def test_working_offline_asks_nobody_and_says_so(filled: Program, site: DemoSite) -> None:
    window = filled.window
    asked = len(site.log)
    window.commands["offline"].trigger()
    press(filled.qtbot, window, Key.Key_F5)
    open_pictured(filled)
    leaf_through(filled.qtbot, window)
    window.commands["refresh_rates"].trigger()

    assert "nothing was fetched" in window.status.words
    assert window.status.state.startswith("Offline (switched off)")
    filled.qtbot.waitUntil(lambda: all(one.date for one in window.ticker.strip.entries))
    assert not filled.session.refreshing
    assert len(site.log) == asked


def test_offline_stays_on_over_a_restart_until_it_is_switched_off(filled: Program, site: DemoSite) -> None:
    filled.window.commands["offline"].trigger()
    filled.close()
    asked = len(site.log)

    window = filled.open()
    assert window.commands["offline"].isChecked()
    assert window.status.state.startswith("Offline")
    assert len(site.log) == asked

    window.commands["offline"].trigger()
    open_pictured(filled)
    site.publish()
    filled.refresh()
    filled.qtbot.waitUntil(lambda: window.articles.model.waiting == 1)
    assert window.articles.model.rowCount() == BROUGHT


def test_quitting_during_a_refresh_ends_it_and_keeps_what_had_arrived(program: Program) -> None:
    routes = {"/quick": Reply(body=FEED), "/slow": script(Step.STALL)}
    with LoopbackServer(routes) as first, LoopbackServer(routes) as second:
        program.prepare(lambda store: store.sources.add(NewSource(first.address("/quick")), NOW))
        program.prepare(lambda store: store.sources.add(NewSource(second.address("/slow")), NOW))
        window = program.open()
        program.session.refresh(rates=False)
        program.qtbot.waitUntil(lambda: second.log != [] and program.titles() != [], timeout=MS)
        assert program.session.refreshing

        with program.qtbot.waitSignal(window.destroyed):
            press(program.qtbot, window, Key.Key_Q, Modifier.ControlModifier)
        program.close()

    names = [thread.name for thread in threading.enumerate()]
    assert not [name for name in names if name.startswith(("refresh", "fetch", "ask", "store"))]
    with Store.open(program.folder) as store:
        assert store.check() == []
        assert [source.state.failures for source in store.sources.all()] == [0, 0]


def test_a_started_program_ends_in_order_when_it_is_told_to(program: Program) -> None:
    asked = threading.Event()

    def answer(request: Request) -> Reply:
        asked.set()
        return Reply(body=FEED)

    with LoopbackServer({"*": answer}) as server:

        def settings(store: Store) -> None:
            store.settings.set("network.automatic", False)
            store.settings.set("rates.automatic", False)
            store.sources.add(NewSource(server.address("/feed")), NOW)
            for bank in ("nbk", "nbkr", "nbkr.weekly", "nbt", "cbu", "cbr", "erapi"):
                store.settings.set(f"rates.{bank}.url", server.address(f"/{bank}"))

        program.prepare(settings)
        command = [sys.executable, "-m", "desktop", "--data-dir", str(program.folder)]
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
        ) as process:
            assert asked.wait(60), "the window did not refresh"
            process.send_signal(signal.SIGTERM)
            _, said = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Traceback" not in said
    checked = subprocess.run(
        [*command, "check"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert "The store is whole." in checked.stdout
