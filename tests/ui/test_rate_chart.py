"""The chart as people use it: where the crosshair goes, by mouse and by keys, and what is drawn."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPalette

from desktop.core.rates import Pair
from desktop.core.rates.chart import Line, plot
from desktop.ui.rates.chart import RateChart
from desktop.ui.rates.chart_scene import Picture, date_text, tick_text
from desktop.ui.theme import contrast
from tests.chart_points import point
from tests.e2e.screenshots import DARK

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

Key = Qt.Key
PAIR = Pair("USD", "KZT")
BEGIN = date(2026, 1, 5)
LAST = date(2026, 11, 24)
DAYS = [day for n in range(324) if (day := BEGIN + timedelta(days=n)).weekday() < 5]
POINTS = tuple(point(day, 470 + Decimal(n % 17) / 100) for n, day in enumerate(DAYS))


def picture(count: int = 1) -> Picture:
    lines = [Line(Pair("USD", f"AA{n}"), "nbk", tuple(
        point(p.valid_from, p.rate * (n + 1)) for p in POINTS
    )) for n in range(count)]  # fmt: skip
    return Picture(plot(lines, BEGIN, LAST), tuple(str(line.pair) for line in lines))


@pytest.fixture
def chart(show):
    made = RateChart()
    made.resize(800, 400)
    made.show_picture(picture())
    show(made)
    made.setFocus()
    return made


def test_the_keyboard_reaches_every_fixing(chart, qtbot):
    qtbot.keyClick(chart, Key.Key_Left)
    assert chart.day == DAYS[-1]
    qtbot.keyClick(chart, Key.Key_Left)
    assert chart.day == DAYS[-2]
    qtbot.keyClick(chart, Key.Key_Home)
    assert chart.day == DAYS[0]
    qtbot.keyClick(chart, Key.Key_Left)
    assert chart.day == DAYS[0]
    qtbot.keyClick(chart, Key.Key_PageDown)
    assert chart.day == DAYS[len(DAYS) // 10]
    qtbot.keyClick(chart, Key.Key_End)
    assert chart.day == DAYS[-1]
    qtbot.keyClick(chart, Key.Key_PageUp)
    assert chart.day == DAYS[-1 - len(DAYS) // 10]


def test_the_pointer_shows_the_fixing_that_is_under_it(chart, qtbot):
    said = []
    chart.pointed.connect(said.append)
    for day in (DAYS[3], DAYS[100], DAYS[-1]):
        x = chart.scene().main.middle(day)
        qtbot.mouseMove(chart, QPoint(round(x), 100))
        assert chart.day == day
        assert said[-1] == day


def test_a_week_end_under_the_pointer_shows_the_fixing_in_force(chart, qtbot):
    saturday = next(day for day in (BEGIN + timedelta(days=n) for n in range(7)) if day.weekday() == 5)
    qtbot.mouseMove(chart, QPoint(round(chart.scene().main.middle(saturday)), 100))
    assert chart.day in (saturday - timedelta(days=1), saturday + timedelta(days=2))


def test_moving_the_crosshair_does_not_draw_the_curves_again(chart, qtbot):
    chart.grab()
    drawn = chart._drawn
    qtbot.keyClick(chart, Key.Key_Home)
    chart.grab()
    assert chart._drawn is drawn


def test_the_crosshair_stays_on_its_day_when_new_rates_come(chart, qtbot):
    chart.point_at(DAYS[40])
    chart.show_picture(picture(2))
    assert chart.day == DAYS[40]


@pytest.mark.parametrize("dark", [False, True])
def test_every_curve_is_seen_in_light_and_dark_and_differs_in_its_dashes(chart, dark):
    palette = QPalette(chart.palette())
    for role, colour in DARK.items() if dark else ():
        palette.setColor(role, QColor(colour))
    chart.setPalette(palette)
    chart.show_picture(picture(6))
    scene = chart.scene()
    colours = [scene.colour(n) for n in range(6)]
    assert len({colour.name() for colour in colours}) == 6
    assert all(contrast(colour, palette.base().color()) >= 3 for colour in colours)
    assert len({tuple(scene._pen(n).dashPattern()) for n in range(6)}) == 6


def test_a_curve_is_painted_where_its_values_are(chart):
    image = chart.grab().toImage()
    scene, ratio = chart.scene(), chart.devicePixelRatioF()
    blue = scene.colour(0)
    for each in (POINTS[10], POINTS[-30]):
        # Every fixing lasts at least a day: the middle of its day lies on its level stretch.
        x, y = scene.main.middle(each.valid_from), scene.main.y(each.rate)
        near = [
            image.pixelColor(round((x + dx) * ratio), round((y + dy) * ratio))
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
        ]
        assert any(abs(c.hue() - blue.hue()) < 15 and c.saturation() > 60 for c in near)


@pytest.mark.parametrize(
    ("tick", "ticks", "percent", "text"),
    [
        ("470", ("470", "475"), False, "470"),
        ("12000", ("12000", "12050"), False, "12\u202f000"),
        ("0.0021", ("0.0021", "0.00212"), False, "0.00210"),
        ("2.0", ("0", "2"), True, "+2 %"),
        ("-0.5", ("-0.5", "0.0"), True, "\u22120.5 %"),
        ("0", ("-1", "0"), True, "0 %"),
    ],
)
def test_the_values_of_the_axis_are_short_and_have_the_decimals_of_its_step(tick, ticks, percent, text):
    assert tick_text(Decimal(tick), [Decimal(t) for t in ticks], percent=percent) == text


def test_the_first_mark_of_a_year_says_its_year():
    from desktop.core.rates.chart_axes import Unit

    assert date_text(date(2026, 1, 1), Unit.MONTH, date(2025, 11, 1)) == ("2026", True)
    assert date_text(date(2026, 3, 1), Unit.MONTH, date(2026, 1, 1)) == ("Mar", False)
    assert date_text(date(2025, 11, 1), Unit.MONTH, None) == ("Nov 2025", False)
    assert date_text(date(2026, 11, 2), Unit.DAY, None) == ("2 Nov 2026", False)
