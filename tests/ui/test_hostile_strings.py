"""Every window on a store of hostile strings: nothing is taken for HTML, nothing is loaded, every letter is shown.

The walk opens all windows, dialogs and menus. One that it does not know of fails the test.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

import desktop.ui
from desktop.core.text import plain
from desktop.jobs.session import Session
from desktop.ui.articles.note_dialog import MOST, NoteDialog
from desktop.ui.main_window import MainWindow
from desktop.ui.reader.own_strip import NOTE_SHOWN
from tests.ui.conftest import deliver_deletes
from tests.ui.edition import LATER
from tests.ui.hostile_store import Planted, plant
from tests.ui.hostile_strings import MARKED, STRINGS, hostile
from tests.ui.hostile_walk import Walk, watched
from tests.ui.opened_files import Ear, can_hear
from tests.ui.person import dialogs
from tests.ui.sinks import fault_of, texts

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support|systemTrayWindowChanged", extend=True)

PACKAGE = Path(desktop.ui.__file__).parent
# Kept, but on no window: they are for the store, for servers and for exports.
NOT_SHOWN = {
    "published",
    "category",
    "words",
    "former",
    "bankerror",
    "program",
    "moved",
    "offered",
    "kind",
    "menulink",
}
ELSEWHERE: set[tuple[str, str]] = set()  # menus and messages that come up elsewhere than in a window

# What each string does to widgets that were made without care; the others do nothing to these.
CARELESS = {
    0: {"QLabel", "QWidget", "QTextEdit"},
    1: {"QLabel", "QWidget", "QTextEdit"},
    2: {"QLabel", "QWidget"},
    3: {"QLabel", "QWidget", "QTextEdit"},
    4: {"QLabel", "QWidget", "QPushButton"},
    6: {"QLabel", "QWidget", "QPushButton"},
    7: {"QLabel", "QWidget", "QPushButton"},
}
LOADING = (0,)  # strings that make a label open the file


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    """A picture that no string may make the program open."""
    file = tmp_path / "canary.png"
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    assert image.save(str(file))
    return file


@pytest.fixture
def ear(canary: Path) -> Iterator[Ear]:
    if not can_hear():
        pytest.skip("only Linux tells who opens a file")
    heard = Ear(canary)
    yield heard
    heard.close()


def widget_classes() -> set[type]:
    """All classes of widgets that the package has."""
    for found in pkgutil.walk_packages([str(PACKAGE)], "desktop.ui."):
        importlib.import_module(found.name)
    waiting, classes = [QWidget], set()
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        classes.add(one)
    return {one for one in classes if one.__module__.startswith("desktop.")}


def callers() -> set[tuple[str, str]]:
    """Module and function of every place that brings up a menu or a message."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef):
                calls = [node for node in ast.walk(function) if isinstance(node, ast.Call) and node.args]
                names = {getattr(call.func, "attr", getattr(call.func, "id", "")) for call in calls}
                if names & {"popup", "notice"}:
                    found.add((path.name, function.name))
    return found


@pytest.mark.timeout(300)
def test_no_window_takes_text_for_html_loads_what_it_names_or_shows_it_otherwise(
    tmp_path: Path,
    canary: Path,
    ear: Ear,
    qtbot: QtBot,
    show: Callable[[QWidget], QWidget],
    long: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)  # notifications go to the tray, where they are heard
    folder = tmp_path / "store"
    put = plant(folder, str(canary))
    session = Session(folder, clock=lambda: LATER, offline=True)
    window = MainWindow(session)
    try:
        window.complete()
        show(window)
        ear.heard()
        walk = Walk(window, put, qtbot, tmp_path, thorough=long)
        with watched(walk):
            walk.go()
        loaded = ear.heard()
    finally:
        window.close()
        deliver_deletes()
        session.close()
        session.deleteLater()
    assert list(walk.faults) == []
    assert loaded == 0
    assert {one.__name__ for one in widget_classes() - walk.kinds} == set(), (
        "windows that the walk does not open"
    )
    assert callers() - walk.callers == ELSEWHERE, "menus and messages that the walk does not bring up"
    assert {field for field, _ in put.values} - {field for field, _ in walk.seen} <= NOT_SHOWN


def careless(text: str) -> list[QWidget]:
    """Widgets as somebody might make them who does not know what Qt does."""
    label, tip, field, button, titled = QLabel(text), QWidget(), QTextEdit(text), QPushButton(text), QWidget()
    tip.setToolTip(text)
    titled.setWindowTitle(text)
    return [label, tip, field, button, titled]


@pytest.mark.parametrize("number", MARKED)
def test_the_walk_sees_a_window_that_is_made_without_care(
    qtbot: QtBot, canary: Path, ear: Ear, number: int
) -> None:
    put = Planted(str(canary))
    seen = set()
    for widget in careless(put("title", number)):
        qtbot.addWidget(widget)
        if any(fault_of(shown, put.values) for shown in texts(widget)):
            seen.add(type(widget).__name__)
    assert seen >= CARELESS.get(number, set())
    if number in LOADING:
        label = QLabel(put("title", number))
        qtbot.addWidget(label)
        label.show()
        label.grab()
        assert ear.heard(), "the ear is deaf"


@pytest.mark.parametrize("number", range(len(STRINGS)))
def test_what_a_person_types_as_a_name_is_kept_and_shown_letter_by_letter(
    window: MainWindow, qtbot: QtBot, number: int
) -> None:
    session = window.session
    typed = hostile("typed", number, "/canary.png")
    name = plain(typed)
    title = session.reader.sources.all()[0].title
    index = window.sidebar.model.index_of("source:1")
    assert window.sidebar.model.setData(index, typed) is bool(name)  # what cannot be seen is no name
    qtbot.waitUntil(lambda: session.reader.sources.all()[0].title == (name or title))
    qtbot.waitUntil(lambda: window.sidebar.model.index_of("source:1").data() == (name or title))

    window.sidebar.choose("all")
    window.articles.view.choose(window.articles.model.index(0, 0))
    article = window.article_commands.current
    assert article is not None
    window.commands["note"].trigger()
    (dialog,) = dialogs(window, NoteDialog)
    dialog.text.setPlainText(typed)
    dialog.accept()
    kept = typed.replace("\r\n", "\n").strip()[:MOST]
    qtbot.waitUntil(
        lambda: session.reader.notes.of(article.id) == (kept if name else session.reader.notes.of(article.id))
    )
    strip = window.reader.sheet.own.words
    assert strip.textFormat() is Qt.TextFormat.PlainText
    qtbot.waitUntil(lambda: plain(strip.text()) == plain(kept, NOTE_SHOWN))
    window.commands["note"].trigger()
    (dialog,) = dialogs(window, NoteDialog)
    assert dialog.text.toPlainText() == session.reader.notes.of(article.id)
    dialog.close()
    deliver_deletes()
