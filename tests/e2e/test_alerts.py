"""Days offline, and what the alerts say on the return: in the real window, over the demo's banks."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop.core.days import day
from desktop.demo.site import DemoSite
from desktop.jobs.session import Session
from desktop.store import Store
from desktop.ui.main_window import MainWindow
from desktop.ui.rates.alert_editor import AlertEditor
from desktop.ui.rates.alerts_window import AlertsWindow
from tests.ui.conftest import deliver_deletes
from tests.ui.person import Key, press

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

START = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)  # a Tuesday, 14:30 in Almaty
BUSINESS_DAYS_AWAY = 8
MS = 60_000


class Program:
    """Chorsu on one folder, with a clock that a test sets."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self.folder = folder
        self.qtbot = qtbot
        self.now = START
        self.told: list[tuple[str, str]] = []
        self.window: MainWindow | None = None

    def open(self) -> MainWindow:
        self.session = Session(self.folder, clock=lambda: self.now)
        self.window = MainWindow(self.session)
        self.window.complete()
        self.window.alert_commands.notified.connect(lambda *words: self.told.append(words))
        self.window.show()
        self.window.activateWindow()
        self.qtbot.waitUntil(self.window.isActiveWindow)
        return self.window

    def close(self) -> None:
        if self.window is not None:
            if isValid(self.window):
                self.window.close()
            self.window = None
            deliver_deletes()
            self.session.close()
            self.session.deleteLater()
            deliver_deletes()

    def refresh(self) -> None:
        """Rates > Update rates now, until it has ended."""
        with self.qtbot.waitSignal(self.session.refreshed, timeout=MS):
            self.window.commands["refresh_rates"].trigger()

    def fired(self) -> list[str]:
        """The sentences of the list of what fired, as a person opens it and closes it again."""
        self.qtbot.mouseClick(self.window.alert_commands.badge, Qt.MouseButton.LeftButton)
        (shown,) = [one for one in self.window.findChildren(AlertsWindow) if one.isVisible()]
        found = [shown.fired.topLevelItem(at).text(0) for at in range(shown.fired.topLevelItemCount())]
        shown.close()
        deliver_deletes()
        return found


@pytest.fixture
def site() -> Iterator[DemoSite]:
    with DemoSite(START, articles=3) as running:
        yield running
        assert running.errors == []


@pytest.fixture
def program(tmp_path: Path, qtbot: QtBot, site: DemoSite) -> Iterator[Program]:
    made = Program(tmp_path / "profile", qtbot)
    with Store.open(made.folder) as store:
        store.settings.set("welcome.done", True)
        store.settings.set("refresh.automatic", False)
        store.settings.set("rates.history_pace", 0.0)
        for key, value in site.config().items():
            store.settings.set(key, value)
    yield made
    made.close()


def tenge(site: DemoSite, when: date) -> Decimal:
    """What the bank's own page says of a dollar on a day."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    try:
        connection.request("GET", f"/nbk/get_rates.cfm?fdate={when:%d.%m.%Y}")
        body = connection.getresponse().read().decode()
    finally:
        connection.close()
    found = re.search(r"<title>USD</title>.*?<description>([0-9.]+)</description>", body, re.DOTALL)
    assert found is not None, body
    return Decimal(found[1])


def set_alert(program: Program, condition: str, number: Decimal) -> None:
    """Rates > Alert me, on the ticker's tenge, as a person does it."""
    window = program.window
    window.ticker.step([str(pair) for pair in window.ticker.pairs].index("USD/KZT") - window.ticker.current)
    window.commands["alert_me"].trigger()
    (editor,) = window.findChildren(AlertEditor)
    program.qtbot.keyClicks(editor._number, str(number))
    editor._condition.setCurrentText(condition)
    with program.qtbot.waitSignal(program.session.alerts.changed, timeout=MS):
        program.qtbot.keyClick(editor._number, Key.Key_Return)
    deliver_deletes()


def test_days_offline_are_caught_up_with_and_told_once_with_the_day_of_each_crossing(
    program: Program, site: DemoSite
) -> None:
    program.open()
    program.refresh()
    today = START.date()
    before = tenge(site, today)
    while_away = [site.new_fixing() + timedelta(days=1) for _ in range(BUSINESS_DAYS_AWAY)]
    path = {when: tenge(site, when) for when in while_away}
    # A level that is crossed on a day in the middle of the absence, whichever way the tenge goes.
    middle = while_away[2:-1]
    highs = [
        when for when in middle if path[when] > max([before, *(path[d] for d in while_away if d < when)])
    ]
    lows = [when for when in middle if path[when] < min([before, *(path[d] for d in while_away if d < when)])]
    crossed = (highs or lows)[0]
    set_alert(program, "rises to" if highs else "falls to", path[crossed])
    assert program.told == []
    program.close()

    program.now = datetime.combine(while_away[-1], START.timetz())
    window = program.open()
    program.refresh()
    told = f"USD/KZT crossed {path[crossed].normalize():f} on {day(crossed)} while you were away"
    assert program.told == [("Rate alert", told)]
    assert (window.alert_commands.badge.isVisible(), window.alert_commands.badge.text()) == (True, "1 alert")
    program.refresh()
    assert len(program.told) == 1
    program.close()

    window = program.open()
    assert window.alert_commands.badge.isVisible()
    assert program.fired() == [told]
    program.qtbot.waitUntil(lambda: not window.alert_commands.badge.isVisible())
    press(program.qtbot, window, Key.Key_F5)
    assert len(program.told) == 1


def test_the_days_that_are_known_are_not_asked_again(program: Program, site: DemoSite) -> None:
    program.open()
    program.refresh()
    set_alert(program, "rises to", Decimal(9_000))
    site.new_fixing()
    site.new_fixing()
    program.now = START + timedelta(days=2)
    program.refresh()
    asked = days_asked(site)
    assert (START + timedelta(days=1)).date() in asked
    program.refresh()
    assert days_asked(site) == asked


def days_asked(site: DemoSite) -> list[date]:
    """The days that the National Bank of Kazakhstan was asked for, in turn."""
    texts = [request.query["fdate"] for request in site.log if "fdate" in request.query]
    return [datetime.strptime(text, "%d.%m.%Y").date() for text in texts]  # noqa: DTZ007 (a day has no zone)
