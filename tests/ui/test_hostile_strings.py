"""Every window on a store of hostile strings, which are typed into every field too: nothing is taken for HTML, nothing
is loaded, every letter is shown, and no window outgrows a small screen.

The walk opens all windows, dialogs and menus, and types into every field that it finds in them. A window that it does
not know of fails the test, and so does a field of which nobody said what becomes of its text.
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
from desktop.jobs.session import Session
from desktop.ui.main_window import MainWindow
from tests.ui.conftest import deliver_deletes
from tests.ui.edition import LATER
from tests.ui.hostile_store import Planted, plant
from tests.ui.hostile_strings import MARKED
from tests.ui.hostile_walk import Walk, watched
from tests.ui.opened_files import Ear, can_hear
from tests.ui.sinks import fault_of, texts

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
# Fields that are not typed into, and why.
NOT_TYPED = {
    ("FileDialog", "Files"): "Qt's own list, which renames files on the disk",
    ("SaveDialog", "Files"): "Qt's own list, which renames files on the disk",
}
# Fields whose text goes with their window: they take a number, or narrow what is shown.
KEPT_NOWHERE = {
    "AlertEditor": {"Days"},
    "Converter": {"On the day"},
    "HistoryDialog": {"How many years back"},
    "KeepingDialog": {
        "Keep articles of the last days",
        "Keep the newest articles",
        "Keep the newest megabytes",
    },
    "MainWindow": {"Find in article"},
    "PackDialog": {"Articles of the last days", "Budget in megabytes"},
    "PrintDialog": {"filename", "pagesLineEdit", "qt_spinbox_lineedit"},
    "PropertiesDialog": {"Minutes between two looks"},
    "SettingsDialog": {
        "Articles that a new WordPress source brings at first",
        "Ask a bank at most every",
        "Ask a source every",
        "Characters on a line",
        "Distance of lines",
        "Text size, in steps from the normal one",
        "Up to so large; 0 for text only",
        "Years of history that are loaded when it is asked for",
    },
    "ShortcutsDialog": {"Search shortcuts"},
}

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
@pytest.mark.qt_log_ignore("This plugin does not support|systemTrayWindowChanged|Broken filename")
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
    typist = walk.typist
    assert walk.fields - typist.typed == set(NOT_TYPED), "fields that nobody types into"
    nowhere = {(window, field) for window, found in KEPT_NOWHERE.items() for field in found}
    assert typist.typed - typist.kept == nowhere, "fields of which it is not known what becomes of their text"
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
