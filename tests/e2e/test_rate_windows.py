"""Chart and converter through the real window, on the rates that the demo's banks have sent."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPushButton

from desktop.core.rates import Pair
from desktop.ui.main_window import MainWindow
from desktop.ui.rates.chart_window import ChartWindow
from desktop.ui.rates.converter import Converter
from desktop.ui.rates.pair_details import PairDetails
from tests.e2e.test_window import Program, filled, program, site  # noqa: F401 - fixtures
from tests.ui.conftest import deliver_deletes
from tests.ui.person import Key, press

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

KZT = Pair("USD", "KZT")


def shown(window: MainWindow, kind: type[ChartWindow] | type[Converter]) -> ChartWindow | Converter:
    (found,) = [one for one in window.findChildren(kind) if one.isVisible()]
    return found


def stand_on_tenge(filled: Program) -> None:  # noqa: F811
    ticker = filled.window.ticker
    filled.qtbot.waitUntil(lambda: "—" not in filled.values().values())
    ticker.setFocus()
    ticker.step(ticker.pairs.index(KZT) - ticker.current)


def test_the_chart_opens_from_every_place_and_reads_what_the_bank_published(
    filled: Program,  # noqa: F811
    tmp_path: Path,
) -> None:
    window, qtbot = filled.window, filled.qtbot
    stand_on_tenge(filled)
    window.articles.view.setFocus()
    press(qtbot, window, Key.Key_G)
    chart = shown(window, ChartWindow)
    assert isinstance(chart, ChartWindow)
    chart.panel.controls.choose("nbk")
    published = {
        quote.valid_from: quote.rate
        for quote in filled.session.reader.rates.book({"USD", "KZT"}, chart.panel.plot.first)
        if (quote.source, quote.base, quote.quote) == ("nbk", "USD", "KZT")
    }
    assert filled.values()["USD/KZT"] in chart.panel.reading.text()
    qtbot.keyClick(chart.panel.chart, Key.Key_Home)
    for day in chart.panel.plot.days:
        assert chart.panel.chart.day == day
        assert f"= {published[day]} KZT" in chart.panel.reading.text()
        qtbot.keyClick(chart.panel.chart, Key.Key_Right)
    chart.panel.export("csv", str(tmp_path / "chart.csv"))
    with (tmp_path / "chart.csv").open(newline="") as file:
        assert {Decimal(row["rate"]) for row in csv.DictReader(file)} <= set(published.values())

    window.commands["chart"].trigger()
    assert shown(window, ChartWindow) is chart
    chart.close()
    deliver_deletes()
    window.ticker.act("chart", KZT)
    shown(window, ChartWindow).close()
    deliver_deletes()
    details: PairDetails = window.ticker.show_details(KZT)
    details.show_chart()
    shown(window, ChartWindow).close()
    details.close()
    deliver_deletes()


def test_the_first_refresh_of_all_already_tells_how_each_pair_changed(filled: Program) -> None:  # noqa: F811
    ticker = filled.window.ticker
    filled.qtbot.waitUntil(lambda: "—" not in filled.values().values())
    changes = {str(entry.pair): entry.change for entry in ticker.strip.entries}
    assert changes.pop("USD/TMT") == "pegged"
    assert [pair for pair, change in changes.items() if not change.endswith(" %")] == []


def test_the_keys_work_on_the_page_of_the_rates_for_the_pair_that_is_chosen(filled: Program) -> None:  # noqa: F811
    window, qtbot = filled.window, filled.qtbot
    stand_on_tenge(filled)
    window.commands["go_rates"].trigger()
    page = window.rates_commands.page
    assert page is not None
    page.view.select(Pair("USD", "TJS"))
    press(qtbot, window, Key.Key_G)
    chart = shown(window, ChartWindow)
    assert isinstance(chart, ChartWindow)
    assert chart.panel.pair == Pair("USD", "TJS")
    chart.close()
    window.activateWindow()
    page.view.setFocus()
    press(qtbot, window, Key.Key_C)
    converter = shown(window, Converter)
    assert isinstance(converter, Converter)
    assert converter.pair == Pair("USD", "TJS")
    converter.close()


def test_a_short_chart_loads_its_history_until_it_is_stopped_and_keeps_what_came(
    filled: Program,  # noqa: F811
) -> None:
    window, qtbot = filled.window, filled.qtbot
    filled.session.set_setting("rates.history_pace", 0.0)
    stand_on_tenge(filled)
    window.commands["chart"].trigger()
    chart = shown(window, ChartWindow)
    assert isinstance(chart, ChartWindow)
    panel = chart.panel
    buttons = {button.text(): button for button in panel.findChildren(QPushButton) if button.isVisible()}
    load = buttons["Load history"]
    before = len(panel.plot.days)
    load.click()
    assert load.text().startswith("Stop loading")
    qtbot.waitUntil(lambda: len(panel.plot.days) > before + 5, timeout=60_000)
    if filled.session.history.running:
        load.click()
    qtbot.waitUntil(lambda: not filled.session.history.running, timeout=60_000)
    assert load.text() == "Load history"
    assert len(panel.plot.days) > before + 5
    chart.close()
    deliver_deletes()


def test_the_converter_opens_with_one_key_and_remembers_over_a_restart(filled: Program) -> None:  # noqa: F811
    window, qtbot = filled.window, filled.qtbot
    stand_on_tenge(filled)
    window.articles.view.setFocus()
    press(qtbot, window, Key.Key_C)
    converter = shown(window, Converter)
    assert isinstance(converter, Converter)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is converter.amount)
    qtbot.keyClicks(converter.amount, "1 000")
    rate = Decimal(filled.values()["USD/KZT"])
    assert converter.outcome.words[0].replace(" ", "") == f"{rate * 1000:.2f}KZT"
    with qtbot.waitSignal(filled.session.conversions.changed):
        qtbot.keyClick(converter.amount, Key.Key_Return)
    converter.close()
    filled.close()

    window = filled.open()
    window.commands["converter"].trigger()
    again = shown(window, Converter)
    assert isinstance(again, Converter)
    (row,) = again.past.table.text_rows.rows
    assert (row[1].replace("\u202f", " "), again.amount.text().replace("\u202f", " ")) == (
        "1 000 USD",
        "1 000",
    )
    again.close()
    deliver_deletes()
