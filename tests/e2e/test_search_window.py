"""Search and rules on arrival in the real window, against the demo's site."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from desktop.core.models import ArticleQuery, View
from desktop.demo.site import DemoSite
from desktop.jobs.session import Session
from desktop.store import Store
from desktop.ui.main_window import MainWindow
from desktop.ui.sources.rules_window import RulesWindow

LONG_MS = 30_000


pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture(scope="module")
def site() -> Iterator[DemoSite]:
    with DemoSite(datetime.now(UTC)) as running:
        yield running


@pytest.fixture
def window(site: DemoSite, tmp_path: Path, qtbot: QtBot) -> Iterator[MainWindow]:
    """A window that follows the demo's site and has its newest articles."""
    with Store.open(tmp_path) as store:
        for key, value in site.config().items():
            store.settings.set(key, value)
        store.settings.set("welcome.done", True)
        store.settings.set("refresh.automatic", False)
        store.settings.set("news.pictures", False)
    session = Session(tmp_path)
    window = MainWindow(session)
    window.show()
    window.complete()

    def refuse(error: object) -> None:
        raise AssertionError(error)

    session.subscriptions.discover(site.url, lambda found: session.add_sources(found[:1]), refuse, session)
    qtbot.waitUntil(lambda: session.reader.articles.count(ArticleQuery()) > 0, timeout=LONG_MS)
    qtbot.waitUntil(lambda: not session.refreshing, timeout=LONG_MS)
    yield window
    window.close()
    window.deleteLater()
    session.close()
    session.deleteLater()


def shown(window: MainWindow) -> list[str]:
    model = window.articles.model
    rows = [model.article(model.index(place, 0)) for place in range(model.rowCount())]
    return [row.title for row in rows if row is not None]


def test_a_word_is_typed_narrowed_read_with_its_marks_ordered_and_kept(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.sidebar.choose("all")
    every = window.session.reader.articles.page(ArticleQuery(), limit=500)
    word = max(every[3].title.split(), key=len).strip("“”,.:’").casefold()
    field = window.articles.header.field
    field.setFocus()
    QTest.keyClicks(field, f"{word} is:un")
    assert window.search_commands.help.texts == ["is:unread "]
    popup = QApplication.activePopupWidget()
    assert popup is not None
    QTest.keyClick(popup, Qt.Key.Key_Escape)  # closes the list, and leaves the words
    assert (field.text(), popup.isVisible()) == (f"{word} is:un", False)
    QTest.keyClicks(field, "r")
    assert popup.isVisible()
    QTest.keyClick(popup, Qt.Key.Key_Return)  # nothing was chosen: the words are looked for
    assert field.text() == f"{word} is:unr"
    field.setFocus()
    QTest.keyClicks(field, "e")
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert field.text() == f"{word} is:unread "
    qtbot.waitUntil(lambda: window.articles.model.query.words == f"{word} is:unread")
    found = shown(window)
    assert every[3].title in found
    assert len(found) < len(every)
    window.articles.view.choose(window.articles.model.index(found.index(every[3].title), 0))
    qtbot.waitUntil(lambda: bool(window.reader.view.extraSelections()))
    marked = {one.cursor.selectedText().casefold() for one in window.reader.view.extraSelections()}
    assert any(word in one for one in marked)
    window.commands["sort_best"].trigger()
    qtbot.waitUntil(lambda: window.articles.model.query.order == "best")
    assert set(shown(window)) >= set(found) - {every[3].title}  # which has been read meanwhile
    window.commands["save_search"].trigger()
    qtbot.waitUntil(lambda: window.sidebar.current_key == "search:1")
    window.articles.header.search("source:nowhere")
    qtbot.waitUntil(lambda: window.articles.empty.words[0] == "Nothing found")


def test_a_rule_is_made_in_its_window_follows_what_comes_and_is_undone(
    window: MainWindow, site: DemoSite, qtbot: QtBot
) -> None:
    session = window.session
    before = {row.title for row in session.reader.articles.page(ArticleQuery(), limit=500)}
    window.commands["rules"].trigger()
    (rules,) = window.findChildren(RulesWindow)
    rules.findChild(QLineEdit).setText("source:127.0.0.1")
    for box in rules.findChildren(QCheckBox):
        if box.text() in ("&Star", "Mark as &read"):
            box.setChecked(True)
    (add,) = [one for one in rules.findChildren(QPushButton) if one.text() == "&Add rule"]
    qtbot.waitUntil(add.isEnabled)
    add.click()
    qtbot.waitUntil(lambda: len(session.reader.arrival_rules.all()) == 1)
    rules.close()
    site.publish()
    window.commands["refresh"].trigger()
    qtbot.waitUntil(lambda: window.undo_stack.undoText() == "Rules marked 1 article", timeout=LONG_MS)
    (starred,) = session.reader.articles.page(ArticleQuery(View.STARRED))
    assert starred.title not in before
    assert starred.read
    window.commands["undo"].trigger()
    qtbot.waitUntil(lambda: not session.reader.articles.page(ArticleQuery(View.STARRED)))
    window.commands["redo"].trigger()
    qtbot.waitUntil(lambda: len(session.reader.articles.page(ArticleQuery(View.STARRED))) == 1)
