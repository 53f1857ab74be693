"""Loading the history of rates from the window: the cost is said before, progress is shown, it can be stopped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.core.rates import Pair
from desktop.demo.site import DemoSite
from desktop.jobs.rate_history import Estimate
from desktop.jobs.session import Session
from desktop.store import Store
from desktop.ui.main_window import MainWindow
from desktop.ui.rates.history_dialog import HistoryDialog, described
from tests.new_store import begin
from tests.ui.conftest import deliver_deletes

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY = NOW.date()
WAIT_MS = 60_000


@pytest.fixture
def site(tmp_path: Path) -> Iterator[DemoSite]:
    with DemoSite(NOW, articles=6) as running:
        with Store.open(begin(tmp_path)) as store:
            for key, value in {
                **running.config(),
                "rates.history_pace": 0.0,
                "rates.history_years": 1,
            }.items():
                store.settings.set(key, value)
        yield running
        assert running.errors == []


@pytest.fixture
def session(site: DemoSite, tmp_path: Path) -> Iterator[Session]:
    made = Session(tmp_path, clock=lambda: NOW)
    yield made
    made.close()


@pytest.fixture
def window(session: Session, qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow(session)
    made.complete()
    made.show()
    yield made
    made.close()
    deliver_deletes()


def opened(window: MainWindow) -> HistoryDialog:
    window.commands["load_history"].trigger()
    return window.findChild(HistoryDialog)


def test_a_year_is_loaded_from_the_menu_and_the_window_tells_of_it(
    window: MainWindow, session: Session, qtbot: QtBot
) -> None:
    dialog = opened(window)
    qtbot.waitUntil(lambda: dialog._load.isEnabled(), timeout=WAIT_MS)
    assert "requests" in dialog._said.text()
    assert "USD/TMT is fixed by law" in dialog._notes.text()
    shown: list[bool] = []
    session.progress_changed.connect(lambda progress: shown.append(progress.running))
    with qtbot.waitSignal(session.history.finished, timeout=WAIT_MS):
        dialog._load.click()
        qtbot.waitUntil(lambda: dialog._stop.isEnabled(), timeout=WAIT_MS)
        assert window.commands["stop"].isEnabled()
    qtbot.waitUntil(lambda: "Everything" in dialog._said.text(), timeout=WAIT_MS)
    assert shown[0]
    assert not shown[-1]
    assert not dialog._load.isEnabled()
    assert len(session.series(Pair("USD", "KZT"), TODAY - timedelta(days=360), TODAY)) > 230
    dialog.close()


def test_a_pair_that_is_pinned_by_a_source_is_loaded_from_that_source(
    session: Session, window: MainWindow, site: DemoSite, qtbot: QtBot
) -> None:
    session.watchlists.set_source(Pair("USD", "KZT"), "cbr")
    session.watchlists.set_source(Pair("USD", "UZS"), "erapi")
    session.watchlists.unpin(Pair("USD", "TJS"))
    qtbot.waitUntil(lambda: len(session.reader.watchlists.pairs()) == 4, timeout=WAIT_MS)
    dialog = opened(window)
    qtbot.waitUntil(lambda: dialog._load.isEnabled(), timeout=WAIT_MS)
    assert "ExchangeRate-API keeps no history of USD/UZS." in dialog._notes.text()
    with qtbot.waitSignal(session.history.finished, timeout=WAIT_MS):
        dialog._load.click()
    assert {request.target.split("/")[1] for request in site.log} == {"cbr", "nbkr"}
    assert len(session.series(Pair("USD", "KZT"), TODAY - timedelta(days=360), TODAY, "cbr")) > 230
    dialog.close()


def test_stopped_it_keeps_what_has_arrived_and_offers_the_rest(
    window: MainWindow, session: Session, site: DemoSite, qtbot: QtBot
) -> None:
    dialog = opened(window)
    qtbot.waitUntil(lambda: dialog._load.isEnabled(), timeout=WAIT_MS)
    session.set_setting("rates.history_pace", 0.05)
    with qtbot.waitSignal(session.history.finished, timeout=WAIT_MS):
        dialog._load.click()
        qtbot.waitUntil(lambda: session.history.progress.done > 5, timeout=WAIT_MS)
        window.status.stop_requested.emit()
    qtbot.waitUntil(lambda: dialog._load.isEnabled(), timeout=WAIT_MS)
    kept = len(session.series(Pair("USD", "KZT"), date(2025, 12, 1), TODAY, "nbk"))
    assert 0 < kept < 200
    before = len(site.log)
    session.set_setting("rates.history_pace", 0.0)
    with qtbot.waitSignal(session.history.finished, timeout=WAIT_MS):
        dialog._load.click()
    asked = [request.target for request in site.log]
    assert len(asked) == len(set(asked)) > before
    dialog.close()


def test_closing_the_window_ends_a_load_at_once(session: Session, site: DemoSite, qtbot: QtBot) -> None:
    session.set_setting("rates.history_pace", 60.0)
    qtbot.waitUntil(lambda: session.setting("rates.history_pace", 1.0) == 60.0, timeout=WAIT_MS)
    session.history.start(((Pair("USD", "KZT"), ""),), 1)
    qtbot.waitUntil(lambda: session.history.progress.done > 0, timeout=WAIT_MS)
    session.close()
    assert len(site.log) == 1


def test_offline_it_says_what_there_is_to_load_and_asks_for_nothing(
    window: MainWindow, session: Session, site: DemoSite, qtbot: QtBot
) -> None:
    session.set_offline(True)
    dialog = opened(window)
    qtbot.waitUntil(lambda: "requests" in dialog._said.text(), timeout=WAIT_MS)
    assert not dialog._load.isEnabled()
    assert site.log == []
    dialog.close()


@pytest.mark.parametrize(
    ("estimate", "said"),
    [
        (Estimate(0, 0, 0.0), "Everything that can be loaded is here."),
        (Estimate(1, 40_000, 1.0), "About one request, 0.1 MB and a minute. "),
        (Estimate(1305, 15_600_000, 1305.0), "About 1,305 requests, 16 MB and 22 minutes. "),
    ],
)
def test_what_a_history_costs_is_said_in_a_sentence(estimate: Estimate, said: str) -> None:
    assert described(estimate).startswith(said)
