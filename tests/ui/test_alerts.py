"""Alerts in the window: made in plain words, listed with what they found, and everything can be undone."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeWidget
from shiboken6 import isValid

from desktop.core.rates import Pair
from desktop.core.rates.alert_rules import AlertKind, AlertRule, Direction
from desktop.sync.alerts import add_alert, evaluate_alerts
from desktop.ui.rates.alert_editor import AlertEditor
from tests.ui.conftest import deliver_deletes
from tests.ui.edition import NOW
from tests.unit.store.builders import make_quote

USD_KZT = Pair("USD", "KZT")
ABOVE_520 = AlertRule(USD_KZT, AlertKind.LEVEL, Direction.UP, Decimal(520))


@pytest.fixture
def bring(session: Any) -> Any:
    """`bring({14: "523"})` stores USD/KZT of days of November and looks at the alerts, as a refresh does."""

    def job(values: dict[int, str]) -> Any:
        def write(store: Any) -> Any:
            store.rates.save([make_quote(day, value) for day, value in values.items()], NOW)
            return evaluate_alerts(store, NOW)

        fired = session._lane.submit(write).result()
        if fired:
            session._refresher.alerts_fired.emit(fired)
        session._on_rates()
        return fired

    return job


@pytest.fixture
def listed(window: Any, qtbot: Any) -> Any:
    """The list of alerts over a window with one alert, set a fortnight ago at 510, that fired on the 14th."""
    session = window.session
    made = NOW - timedelta(days=14)

    def begin(store: Any) -> None:
        store.rates.save([make_quote(10, "510")], NOW)
        add_alert(store, ABOVE_520, made)

    session._lane.submit(begin).result()
    shown = window.alert_commands.show_list()
    yield shown
    if isValid(shown):
        shown.close()
    deliver_deletes()


def lines(tree: QTreeWidget) -> list[list[str]]:
    found = [tree.topLevelItem(at) for at in range(tree.topLevelItemCount())]
    return [[line.text(column) for column in range(tree.columnCount())] for line in found]


def test_what_happened_while_nobody_was_there_is_counted_and_listed(window, listed, bring, qtbot):
    listed.close()
    deliver_deletes()
    told = []
    window.alert_commands.notified.connect(lambda *words: told.append(words))
    bring({12: "515", 14: "523", 17: "525"})
    badge = window.alert_commands.badge
    assert (badge.isVisible(), badge.text()) == (True, "1 alert")
    assert told == [("Rate alert", "USD/KZT crossed 520 on 14 Nov while you were away")]
    QTest.mouseClick(badge, Qt.MouseButton.LeftButton)
    shown = window.alert_commands.show_list()
    assert lines(shown.fired)[0][:2] == [
        "USD/KZT crossed 520 on 14 Nov while you were away",
        "523, up from 515",
    ]
    assert lines(shown.alerts) == [
        ["USD/KZT", "rises to 520 or above", "525, 17 Nov, out of date", "Fired: armed again below 518.7"]
    ]
    assert shown.fired.topLevelItem(0).font(0).bold()
    qtbot.waitUntil(lambda: not badge.isVisible())
    shown.close()
    deliver_deletes()
    again = window.alert_commands.show_list()
    assert not again.fired.topLevelItem(0).font(0).bold()
    again.close()


def test_notifications_can_be_switched_off(window, listed, bring, qtbot):
    told = []
    window.alert_commands.notified.connect(lambda *words: told.append(words))
    window.session._lane.submit(lambda store: store.settings.set("alerts.notify", False)).result()
    bring({14: "523"})
    assert told == []
    assert len(lines(listed.fired)) == 1


def test_an_empty_list_says_what_alerts_are_for_and_offers_to_make_one(window, qtbot):
    shown = window.alert_commands.show_list()
    assert shown._none.words[0] == "No alerts yet"
    shown._none.press()
    (editor,) = shown.findChildren(AlertEditor)
    assert editor.isVisible()
    editor.close()
    shown.close()


def test_remove_and_pause_can_be_undone_and_an_edit_is_one_step(window, listed, bring, qtbot):
    bring({14: "523"})
    listed.alerts.setCurrentItem(listed.alerts.topLevelItem(0))
    listed.remove()
    qtbot.waitUntil(lambda: lines(listed.alerts) == [])
    assert lines(listed.fired) == []
    listed._undo.click()
    qtbot.waitUntil(lambda: len(lines(listed.alerts)) == len(lines(listed.fired)) == 1)
    listed.alerts.setCurrentItem(listed.alerts.topLevelItem(0))
    listed.toggle_pause()
    qtbot.waitUntil(lambda: lines(listed.alerts)[0][3] == "Paused")
    listed._undo.click()
    qtbot.waitUntil(lambda: lines(listed.alerts)[0][3] != "Paused")
    listed.alerts.setCurrentItem(listed.alerts.topLevelItem(0))
    listed.edit()
    (editor,) = listed.findChildren(AlertEditor)
    editor._number.setText("540,5")
    editor.submit()
    qtbot.waitUntil(lambda: lines(listed.alerts)[0][1] == "rises to 540.5 or above")
    listed.undo()
    qtbot.waitUntil(lambda: lines(listed.alerts)[0][1] == "rises to 520 or above")


def test_the_editor_says_where_the_rate_stands_and_what_would_set_the_alert_off(window, bring, qtbot):
    bring({24: "500"})
    window.ticker.act("alert", USD_KZT)
    (editor,) = window.findChildren(AlertEditor)
    assert editor._now.text().startswith("500, 24 Nov, National Bank of Kazakhstan")
    for text, words in (
        ("520", "That is +4.00 % from where it stands now."),
        ("480", "It is so already: the alert waits until the rate was below 478.8."),
        ("many", "“many”"),
        ("0", "An alert needs a number above zero."),
    ):
        editor._number.setText(text)
        assert words in editor._outlook.text(), text
    editor.submit()
    assert editor.isVisible()
    editor._condition.setCurrentText("moves, either way, by")
    editor._number.setText("5 %")
    assert editor._outlook.text() == "From where it stands now, that would be 525 or 475 within 7 days."
    editor.submit()
    qtbot.waitUntil(lambda: len(window.session.reader.alerts.all()) == 1)
    (made,) = window.session.reader.alerts.all()
    assert made.alert.rule == AlertRule(USD_KZT, AlertKind.CHANGE, Direction.EITHER, Decimal(5), 7)
    assert window.status.words == "Alert set: USD/KZT moves 5 % or more within 7 days"


def test_a_pair_can_be_typed_in_words(window, qtbot):
    window.commands["alert_me"].trigger()
    (editor,) = window.findChildren(AlertEditor)
    editor._field.setText("euro tenge")
    editor._condition.setCurrentText("has a new fixing")
    editor.submit()
    qtbot.waitUntil(lambda: len(window.session.reader.alerts.all()) == 1)
    assert window.session.reader.alerts.all()[0].alert.rule.pair == Pair("EUR", "KZT")


def test_an_alert_listens_to_the_source_that_is_chosen_for_it(window, bring, qtbot):
    bring({24: "500"})
    window.ticker.act("alert", USD_KZT)
    (editor,) = window.findChildren(AlertEditor)
    assert [editor._source.itemText(at) for at in range(2)] == [
        "Best official",
        "National Bank of Kazakhstan",
    ]
    editor._source.setCurrentIndex(1)
    editor._condition.setCurrentText("has a new fixing")
    editor.submit()
    qtbot.waitUntil(lambda: len(window.session.reader.alerts.all()) == 1)
    (made,) = window.session.reader.alerts.all()
    assert made.alert.rule == AlertRule(USD_KZT, AlertKind.FIXING, source="nbk")
    shown = window.alert_commands.show_list()
    assert lines(shown.alerts)[0][1] == "has a new fixing (National Bank of Kazakhstan)"
    shown.close()


def test_the_bell_changes_its_colour_with_the_window(window, listed, bring):
    bring({14: "523"})
    badge = window.alert_commands.badge
    before = badge.icon().pixmap(16, 16).toImage()
    palette = badge.palette()
    palette.setColor(palette.ColorRole.WindowText, palette.color(palette.ColorRole.Window))
    palette.setColor(palette.ColorRole.Text, palette.color(palette.ColorRole.Window))
    palette.setColor(palette.ColorRole.ButtonText, palette.color(palette.ColorRole.Window))
    badge.setPalette(palette)
    assert badge.icon().pixmap(16, 16).toImage() != before


def test_a_refresh_that_fires_in_portions_tells_one_line_an_alert(window, listed, bring):
    told = []
    window.alert_commands.notified.connect(lambda *words: told.append(words))
    fixing = AlertRule(USD_KZT, AlertKind.FIXING)
    window.session._lane.submit(lambda store: add_alert(store, fixing, NOW - timedelta(days=14))).result()
    bring({17: "511", 18: "512", 19: "513"})
    assert told == [
        ("Rate alert", "USD/KZT has a new fixing for 19 Nov while you were away (and 2 more)"),
    ]
