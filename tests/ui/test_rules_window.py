"""Rules on arrival in their window."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton, QTreeWidget
from pytestqt.qtbot import QtBot

from desktop.core.arrival_rules import ArrivalRule
from desktop.core.models import ArticleQuery, View
from desktop.sync.report import Summary
from desktop.ui.main_window import MainWindow
from desktop.ui.sources.rule_commands import news_words
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
    field = rules.findChild(QLineEdit)
    (star,) = [box for box in rules.findChildren(QCheckBox) if box.text() == "&Star"]
    field.setText("is:good story")
    qtbot.waitUntil(lambda: rules.said == "“is:” knows unread, read and starred.")
    field.setText("story")
    qtbot.waitUntil(lambda: rules.said == "It finds 60 stored articles; they stay as they are.")
    star.setChecked(True)
    qtbot.waitUntil(
        lambda: any(b.text() == "&Add rule" and b.isEnabled() for b in rules.findChildren(QPushButton))
    )
    press(rules, "Add rule")
    qtbot.waitUntil(lambda: lines(rules) == [("story", "0 found")])
    arrive([make_article(200, title="A late story", text="")])
    starred = window.session.reader.articles.page(ArticleQuery(View.STARRED))
    assert [row.title for row in starred] == ["A late story"]
    rules.refill()
    assert lines(rules) == [("story", "1 found")]
    table = rules.findChild(QTreeWidget)
    table.setCurrentItem(table.topLevelItem(0))
    press(rules, "Remove rule")
    qtbot.waitUntil(lambda: lines(rules) == [])
    assert table.isHidden()  # "No rules yet" stands in its place
    window.commands["undo"].trigger()
    qtbot.waitUntil(lambda: lines(rules) == [("story", "1 found")])
    rules.close()
    deliver_deletes()


def test_what_is_searched_for_is_offered_as_a_rule(window: MainWindow) -> None:
    window.articles.header.search("copper source:herald")
    rules = opened(window)
    assert rules.findChild(QLineEdit).text() == "copper source:herald"
    rules.close()
    deliver_deletes()


def titles(window: MainWindow, view: View = View.ALL, words: str = "") -> list[str]:
    return [row.title for row in window.session.reader.articles.page(ArticleQuery(view, words=words))]


def add_rule(window: MainWindow, words: str, **acts: bool) -> ArrivalRule:
    return window.session._lane(lambda store: store.arrival_rules.add(words, **acts))


def test_what_rules_did_in_a_refresh_is_said_and_undone(
    window: MainWindow, qtbot: QtBot, arrive: Arrivals
) -> None:
    add_rule(window, "late", star=True, notify=True)
    add_rule(window, "unwanted", never_keep=True)
    told: list[tuple[str, str]] = []
    window.session.alerts.unheard.connect(lambda title, text: told.append((title, text)))
    arrive([make_article(200, title="A late story", text=""), make_article(201, title="Unwanted", text="")])
    assert "Unwanted" not in titles(window)
    window.session.refreshed.emit(Summary())
    qtbot.waitUntil(lambda: window.undo_stack.canUndo())
    assert window.undo_stack.undoText() == "Rules marked 1 article and did not keep 1 article"
    qtbot.waitUntil(lambda: bool(told))
    assert told[0][0] == "A late story"
    window.commands["undo"].trigger()
    qtbot.waitUntil(lambda: "Unwanted" in titles(window))
    assert titles(window, View.STARRED) == []
    window.commands["redo"].trigger()
    qtbot.waitUntil(lambda: "Unwanted" not in titles(window))
    assert titles(window, View.STARRED) == ["A late story"]


def test_a_rule_is_applied_to_what_is_stored_and_taken_back(window: MainWindow, qtbot: QtBot) -> None:
    add_rule(window, "story", star=True)
    rules = opened(window)
    table = rules.findChild(QTreeWidget)
    table.setCurrentItem(table.topLevelItem(0))
    press(rules, "Mark what is stored")
    qtbot.waitUntil(lambda: lines(rules) == [("story", "60 found")])
    assert len(titles(window, View.STARRED)) == 60
    assert window.undo_stack.undoText() == "Rule marked 60 articles"
    press(rules, "Take back")
    qtbot.waitUntil(lambda: lines(rules) == [("story", "0 found")])
    assert titles(window, View.STARRED) == []
    window.commands["undo"].trigger()
    qtbot.waitUntil(lambda: lines(rules) == [("story", "60 found")])
    rules.close()
    deliver_deletes()


def test_one_notification_tells_of_many_articles() -> None:
    assert news_words((("A", "S"),)) == ("A", "S")
    title, text = news_words(tuple((f"T{n}", "S") for n in range(5)))
    assert (title, text) == ("5 new articles by your rules", "T0 (S)\nT1 (S)\nT2 (S)\nand 2 more")


def test_a_rule_that_only_notifies_is_listed_with_what_it_did_and_says_so(
    window: MainWindow, qtbot: QtBot, arrive: Arrivals
) -> None:
    add_rule(window, "late", notify=True)
    arrive([make_article(200 + n, title=f"A late story {n}", text="") for n in range(2)])
    window.session.refreshed.emit(Summary())
    qtbot.waitUntil(lambda: window.status.words == "Rules told you of 2 articles")
    assert not window.undo_stack.canUndo()
    rules = opened(window)
    assert lines(rules) == [("late", "2 found")]
    table = rules.findChild(QTreeWidget)
    acts = [table.topLevelItem(0).child(at).text(0) for at in range(2)]
    assert sorted(acts) == ["A late story 0", "A late story 1"]
    table.setCurrentItem(table.topLevelItem(0))
    (back,) = [one for one in rules.findChildren(QPushButton) if one.text() == "Take &back"]
    assert not back.isEnabled()
    rules.close()
    deliver_deletes()
