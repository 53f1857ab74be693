"""News on the chart: marked where they belong, read with one key."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from desktop.core.rates import Pair
from desktop.ui.rates.chart_window import ChartWindow
from tests.ui.edition import NOW, make_article
from tests.ui.exchange import TODAY, published, store_rates

Key = Qt.Key
KZT = Pair("USD", "KZT")
MONDAY = TODAY - timedelta(days=1)


@pytest.fixture
def bank(session, arrive):
    store_rates(session, published("nbk", "USD", "KZT", "473.18"))
    arrive(
        [
            make_article(901, title="Tenge slips as oil falls", published=NOW - timedelta(days=1)),
            make_article(902, title="Курс тенге на выходные", published=NOW - timedelta(days=3)),
            make_article(903, title="Rains", text="The tenge.", published=NOW - timedelta(days=10)),
            make_article(904, title="Tengeler win the cup", published=NOW - timedelta(days=1)),
        ]
    )
    return session


def headlines(panel):
    return {day: [one.title for one in found] for day, found in panel.news.by_day.items()}


def test_articles_that_name_the_money_are_marked_on_their_fixing_and_open_with_enter(bank, show, qtbot):
    window = show(ChartWindow(bank, KZT))
    panel = window.panel
    qtbot.waitUntil(lambda: len(panel.news.by_day) == 2)
    friday = MONDAY - timedelta(days=3)
    assert headlines(panel) == {MONDAY: ["Tenge slips as oil falls"], friday: ["Курс тенге на выходные"]}
    assert set(panel.chart.picture.marks) == {MONDAY, friday}
    panel.chart.point_at(MONDAY)
    assert panel.summary.text() == "News: “Tenge slips as oil falls” (Enter to read)"
    assert "Tenge slips" in panel.chart.accessibleDescription()
    with qtbot.waitSignal(panel.article_wanted) as wanted:
        qtbot.keyClick(panel.chart, Key.Key_Return)
    assert bank.reader.articles.rows(wanted.args)[0].title == "Tenge slips as oil falls"


def test_the_window_shows_the_article_that_a_chart_asks_for(bank, window, qtbot):
    chart = window.rate_windows.show_chart(KZT)
    qtbot.waitUntil(lambda: MONDAY in chart.panel.news.by_day)
    chart.panel.chart.point_at(MONDAY)
    qtbot.keyClick(chart.panel.chart, Key.Key_Return)
    qtbot.waitUntil(lambda: window.reader.article_id is not None)
    assert window.reader.view.toPlainText().startswith("Tenge slips as oil falls")
    chart.close()
