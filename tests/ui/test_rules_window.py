"""Rules on arrival in their window."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton, QTreeWidget
from pytestqt.qtbot import QtBot

from desktop.core.models import ArticleQuery, View
from desktop.ui.main_window import MainWindow
from desktop.ui.sources.rules_window import RulesWindow
from tests.ui.conftest import Arrivals, deliver_deletes
from tests.ui.edition import make_article
from tests.ui.person import dialogs


def opened(window: MainWindow) -> RulesWindow:
    window.commands["rules"].trigger()
    (found,) = dialogs(window, RulesWindow)
    assert isinstance(found, RulesWindow)
    return found


def press(rules: RulesWindow, text: str) -> None:
    (button,) = [b for b in rules.findChildren(QPushButton) if b.text().replace("&", "") == text]
    assert button.isEnabled()
    button.click()


def lines(rules: RulesWindow) -> list[tuple[str, str]]:
    table = rules.findChild(QTreeWidget)
    tops = [table.topLevelItem(at) for at in range(table.topLevelItemCount())]
    return [(top.text(0), top.text(2)) for top in tops if top is not None]


def test_a_rule_is_tried_then_added_and_undone_and_shows_what_it_did(
    window: MainWindow, qtbot: QtBot, arrive: Arrivals
) -> None:
    rules = opened(window)
    field, star = rules.findChild(QLineEdit), rules.findChildren(QCheckBox)[1]
    field.setText("is:good story")
    qtbot.waitUntil(lambda: rules.said == "“is:” knows unread, read and starred.")
    field.setText("story")
    qtbot.waitUntil(lambda: rules.said == "It finds 60 stored articles; they stay as they are.")
    star.setChecked(True)
    qtbot.waitUntil(
        lambda: any(b.text() == "&Add rule" and b.isEnabled() for b in rules.findChildren(QPushButton))
    )
    press(rules, "Add rule")
    qtbot.waitUntil(lambda: lines(rules) == [("story", "0 marked")])
    arrive([make_article(200, title="A late story", text="")])
    starred = window.session.reader.articles.page(ArticleQuery(View.STARRED))
    assert [row.title for row in starred] == ["A late story"]
    rules.refill()
    assert lines(rules) == [("story", "1 marked")]
    table = rules.findChild(QTreeWidget)
    table.setCurrentItem(table.topLevelItem(0))
    press(rules, "Remove rule")
    qtbot.waitUntil(lambda: lines(rules) == [])
    assert table.isHidden()  # "No rules yet" stands in its place
    window.commands["undo"].trigger()
    qtbot.waitUntil(lambda: lines(rules) == [("story", "1 marked")])
    rules.close()
    deliver_deletes()


def test_what_is_searched_for_is_offered_as_a_rule(window: MainWindow) -> None:
    window.articles.header.search("copper source:herald")
    rules = opened(window)
    assert rules.findChild(QLineEdit).text() == "copper source:herald"
    rules.close()
    deliver_deletes()
