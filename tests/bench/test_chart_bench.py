"""What a chart of five years costs, with twenty pairs of them stored: reads of its own rows only, and little time."""

from __future__ import annotations

import random
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from desktop.core.rates import Pair, Quote, QuoteKind
from desktop.core.rates.chart import Span
from desktop.core.rates.currencies import ACTIVE
from desktop.jobs.session import Session
from desktop.store import Store
from desktop.ui.rates.chart_window import ChartWindow

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
BEGIN = date(2021, 11, 20)
CODES = ["USD", *sorted(ACTIVE - {"USD", "KZT"})[:19]]
ROUNDS = 5  # the machine does other things as well: the quietest round counts
MOST = 60  # times the plain reading of the pair's rows: those take 1 to 2 ms


def fixings() -> list[Quote]:
    days = [BEGIN + timedelta(days=n) for n in range((NOW.date() - BEGIN).days + 1)]
    found = []
    for at, code in enumerate(CODES):
        chance, value = random.Random(at), 100.0 + at
        for day in days:
            if 0 < day.weekday() < 6:
                value *= 1 + chance.gauss(0, 0.004)
                raw = f"{value:.2f}"
                found.append(Quote(code, "KZT", Decimal(raw), raw, "1", day, "nbk", QuoteKind.OFFICIAL, NOW))
    return found


@pytest.fixture
def session(tmp_path, qapp):
    with Store.open(tmp_path) as store:
        assert store.rates.save(fixings(), NOW) > 26_000
    made = Session(tmp_path, clock=lambda: NOW)
    yield made
    made.close()


def used(act) -> float:
    """Processor time in milliseconds."""
    begun = time.process_time()
    act()
    return 1_000 * (time.process_time() - begun)


def open_and_paint(session, qtbot) -> ChartWindow:
    window = ChartWindow(session, Pair("USD", "KZT"))
    qtbot.addWidget(window)
    window.panel.controls.set_span(Span.FIVE_YEARS)
    window.resize(960, 600)
    window.show()
    window.grab()
    return window


def test_a_chart_of_five_years_reads_its_own_rows_and_is_drawn_in_a_blink(session, qtbot):
    asked: list[str] = []
    session.reader._database.connection.set_trace_callback(asked.append)
    begun = time.process_time()
    window = open_and_paint(session, qtbot)
    first = 1_000 * (time.process_time() - begun)
    session.reader._database.connection.set_trace_callback(None)
    series = [sql for sql in asked if "valid_from, rate, raw_value" in sql]
    assert len(window.panel.plot.curves[0]) > 1_250
    assert all("'KZT'" in sql for sql in series)
    assert len(series) <= 16  # two spans, each by a few ways
    window.close()

    drawn, read = [], []
    for _ in range(ROUNDS):
        drawn.append(used(lambda: open_and_paint(session, qtbot).close()))
        read.append(used(lambda: session.reader.rates.fixings("nbk", Pair("USD", "KZT"), BEGIN, NOW.date())))
    print(
        f"chart of five years: {len(series)} reads, {first:.0f} ms of CPU the first time, then {min(drawn):.0f} ms; "
        f"its rows alone {min(read):.1f} ms"
    )
    assert min(drawn) < MOST * min(read)


def test_moving_the_crosshair_reads_nothing_and_draws_no_curve(session, qtbot):
    window = open_and_paint(session, qtbot)
    asked: list[str] = []
    session.reader._database.connection.set_trace_callback(asked.append)
    chart = window.panel.chart
    days = window.panel.plot.days

    def move():
        for day in days[::10]:
            chart.point_at(day)
            chart.grab()

    spent = used(move)
    session.reader._database.connection.set_trace_callback(None)
    print(f"crosshair: {spent / len(days[::10]):.2f} ms a place")
    assert asked == []
    window.close()
