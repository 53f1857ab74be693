"""The chart of a pair over the real store: what it reads, compares, tables and exports."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from lxml import etree
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QUndoStack
from PySide6.QtWidgets import QWidget

from desktop.core.rates import Pair, QuoteKind
from desktop.core.rates.chart import Span
from desktop.ui.rates.chart_window import ChartWindow
from desktop.ui.rates.chart_words import reading_text
from desktop.ui.rates.ticker import Ticker
from desktop.ui.rates.windows import RateWindows
from tests.ui.exchange import BEGIN, TODAY, published, store_rates

Key = Qt.Key
KZT = Pair("USD", "KZT")
KGS = Pair("USD", "KGS")


@pytest.fixture
def bank(open_session):
    session = open_session(0)
    session.quotes = store_rates(
        session,
        published("nbk", "USD", "KZT", "473.18"),
        published("erapi", "USD", "KZT", "489.1234", kind=QuoteKind.BLENDED),
        published("nbkr", "USD", "KGS", "87.4500"),
        published("nbt", "USD", "TJS", "9.3512", until=TODAY - timedelta(days=90)),
    )
    return session


@pytest.fixture
def open_window(bank, show):
    return lambda pair=KZT: show(ChartWindow(bank, pair))


def stored(session, source, pair):
    key = (source, pair.base, pair.quote)
    return {q.valid_from: q.rate for q in session.quotes if (q.source, q.base, q.quote) == key}


def test_the_crosshair_reads_the_stored_numbers_to_the_last_digit(open_window, bank, qtbot):
    window = open_window()
    chart, rates = window.panel.chart, stored(bank, "nbk", KZT)
    qtbot.keyClick(chart, Key.Key_Home)
    seen = []
    while chart.day != window.panel.plot.days[-1]:
        qtbot.keyClick(chart, Key.Key_Right)
        assert f"1 USD = {rates[chart.day]} KZT" in window.panel.reading.text()
        assert "National Bank of Kazakhstan" in window.panel.reading.text()
        seen.append(chart.day)
    assert seen == sorted(rates)[1:]


def test_without_a_crosshair_the_newest_number_is_read(open_window, bank):
    window = open_window()
    window.panel.chart.point_at(None)
    assert f"1 USD = {stored(bank, 'nbk', KZT)[TODAY]} KZT" in window.panel.reading.text()
    assert "lowest" in window.panel.summary.text()


def test_what_the_crosshair_reads_is_said_to_a_screen_reader(open_window, qtbot):
    window = open_window()
    qtbot.keyClick(window.panel.chart, Key.Key_Left)
    assert window.panel.chart.accessibleDescription() == window.panel.reading.text()
    assert window.panel.chart.accessibleName() == "Chart of USD/KZT"


def test_the_keys_choose_span_table_and_percents(open_window, qtbot):
    window = open_window()
    panel = window.panel
    qtbot.keyClick(panel.chart, Key.Key_1)
    assert panel.plot.first == Span.MONTH.first(TODAY)
    qtbot.keyClick(panel.chart, Key.Key_6)
    assert panel.plot.first == min(stored(window._session, "nbk", KZT))
    qtbot.keyClick(panel.chart, Key.Key_Percent)
    assert panel.plot.base == panel.plot.first
    qtbot.keyClick(panel.chart, Key.Key_T)
    assert panel.table.isVisible()
    qtbot.keyClick(panel.table, Key.Key_T)
    assert panel.chart.isVisible()


def test_flipping_reads_the_exact_inverse(open_window, bank, qtbot):
    window = open_window()
    qtbot.keyClick(window.panel.chart, Key.Key_F)
    assert window.panel.pair == KZT.inverse
    assert window.windowTitle() == "KZT/USD chart"
    rate = stored(bank, "nbk", KZT)[TODAY]
    assert f"1 KZT = {1 / rate:.7f} USD" in window.panel.reading.text()


def test_a_second_source_stands_beside_the_first_with_the_spread(open_window, bank):
    panel = open_window().panel
    panel.controls.compare("erapi")
    day = panel.plot.days[-1]
    first, second = stored(bank, "nbk", KZT)[day], stored(bank, "erapi", KZT)[day]
    panel.chart.point_at(day)
    said = panel.reading.text()
    assert f"NBK {first}" in said
    assert f"ERAPI {second}" in said
    apart = (second - first).quantize(Decimal("0.01"))
    assert f"spread +{apart} (+" in said
    assert len(panel.plot.spread) > 100
    assert panel.chart.picture.spread == "ERAPI against NBK"


def test_a_second_source_that_was_never_asked_can_be_chosen_and_loaded(open_window, bank):
    panel = open_window().panel
    box = panel.controls._second
    texts = [box.itemText(at) for at in range(box.count())]
    assert "Bank of Russia (not fetched yet)" in texts
    panel.controls.compare("cbr")
    assert len(panel.plot.lines) == 1
    assert panel._load.isVisible()
    assert panel.controls.series == [(KZT, ""), (KZT, "cbr")]


def test_several_pairs_are_compared_in_percent_from_their_first_common_day(open_window, bank):
    panel = open_window().panel
    panel.controls.add_pair(KGS)
    assert panel.plot.base is not None
    assert [str(line.pair) for line in panel.plot.lines] == ["USD/KZT", "USD/KGS"]
    assert [curve[0].value for curve in panel.plot.curves] == [0, 0]
    assert all(end.endswith(" %") for end in panel.chart.picture.ends)
    panel.controls.add_pair(KGS)
    assert panel.plot.base is None


def test_a_gap_is_said_to_be_one(open_window, bank):
    panel = open_window(Pair("USD", "TJS")).panel
    panel.chart.point_at(None)
    assert "no number in force" in panel.reading.text()
    assert panel.plot.lines[0].at(TODAY) is None


def test_a_peg_is_a_level_line_that_says_why(open_window):
    panel = open_window(Pair("USD", "TMT")).panel
    assert panel.chart.picture.note == "Fixed by law"
    assert {value.value for value in panel.plot.curves[0]} == {Decimal("3.5")}
    assert "fixed by law" in panel.reading.text()


def test_a_pair_without_history_says_what_to_do(open_window):
    panel = open_window(Pair("USD", "THB")).panel
    assert panel.empty.isVisible()
    assert panel.empty.words[0] == "No history yet"
    assert panel.empty.words[2]
    assert not panel.controls._export.isEnabled()


def test_the_table_holds_the_numbers_of_the_chart_newest_first(open_window, bank, qtbot):
    panel = open_window().panel
    panel.controls._table.click()
    rows = panel.table.text_rows.rows
    assert [row[1] for row in rows] == [
        str(rate) for _, rate in sorted(stored(bank, "nbk", KZT).items(), reverse=True)
    ]
    panel.table.selectRow(0)
    qtbot.keyClick(panel.table, Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "\t".join(rows[0])


def test_exports_are_whole_files_that_say_what_they_show(open_window, bank, tmp_path):
    panel = open_window().panel
    panel.controls.compare("erapi")
    for kind in ("png", "svg", "csv"):
        panel.export(kind, str(tmp_path / f"chart.{kind}"))
    image = QImage(str(tmp_path / "chart.png"))
    assert (image.width(), image.height()) == (1920, 1080)
    root = etree.parse(tmp_path / "chart.svg").getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    words = " ".join(root.itertext())
    assert "USD/KZT" in words
    assert bank.provider_credit("nbk")[0].split(".")[0] in words
    with (tmp_path / "chart.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    for source in ("nbk", "erapi"):
        got = {date.fromisoformat(r["date"]): Decimal(r["rate"]) for r in rows if r["source"] == source}
        assert got == stored(bank, source, KZT)


def test_an_export_that_fails_leaves_the_old_file_and_says_so(open_window, bank, tmp_path, qtbot):
    panel = open_window().panel
    with qtbot.waitSignal(bank.problem) as told:
        panel.export("csv", str(tmp_path / "no such folder" / "chart.csv"))
    assert "was not written" in told.args[0].message
    assert told.args[0].remedy


def test_new_rates_are_drawn_while_the_chart_is_open(open_window, bank, qtbot):
    panel = open_window().panel
    before = len(panel.plot.curves[0])
    store_rates(bank, published("nbk", "USD", "KZT", "470.11", since=BEGIN - timedelta(days=7), until=BEGIN))
    qtbot.waitUntil(lambda: len(panel.plot.curves[0]) > before)


def test_one_pair_has_one_chart_and_it_opens_without_a_crosshair(bank, show):
    host = show(QWidget())
    ticker = Ticker(bank, host)
    windows = RateWindows(bank, ticker, SimpleNamespace(pair=None, source=""), QUndoStack(host), host)
    first = windows.show_chart(KZT)
    assert first.panel.chart.day is None
    ticker.act("chart", KZT)
    ticker.act("chart", KGS)
    assert [one.panel.pair for one in host.findChildren(ChartWindow)] == [KZT, KGS]
    for chart in host.findChildren(ChartWindow):
        chart.close()


def test_a_number_that_is_carried_says_of_which_day_it_is(open_window):
    panel = open_window().panel
    saturday = next(TODAY - timedelta(days=n) for n in range(7) if (TODAY - timedelta(days=n)).weekday() == 5)
    said = reading_text(panel.plot, saturday, str)
    assert f"of {saturday.day - 1} " in said
