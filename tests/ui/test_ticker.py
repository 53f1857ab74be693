"""The ticker: what it says of a pair, and when it moves."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFont, QGuiApplication, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QProxyStyle, QStyle, QVBoxLayout, QWidget

from desktop.core.rates import Pair, QuoteKind
from desktop.ui.rates.pair_details import PairDetails
from desktop.ui.rates.ticker import EMPTY_TEXT, Ticker
from desktop.ui.rates.ticker_motion import SPEED_PX_PER_S, TickerMotion
from desktop.ui.rates.ticker_strip import Strip, Trend, entry
from desktop.ui.theme import Theme
from tests.ui.desk import TODAY, Desk, make_answer, make_quote, pair_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

KZT = pair_of("USD/KZT")
FIVE = {
    "USD/KGS": make_answer(pair_of("USD/KGS"), "87.45", "0"),
    "USD/KZT": make_answer(KZT, "473.18", "0.1842"),
    "USD/TJS": make_answer(pair_of("USD/TJS"), "9.2134", "-0.31", stale=True, valid_from=date(2026, 11, 12)),
    "USD/UZS": make_answer(pair_of("USD/UZS"), "12011.52", "-0.09"),
    "USD/TMT": make_answer(pair_of("USD/TMT"), "3.5", "0", kind=QuoteKind.PEG),
}


def shown(answer, **kwargs):
    return entry(answer, lambda _: "Central Bank of Somewhere", TODAY, **kwargs)


def press(ticker, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(ticker, key, modifier)


def hover(ticker, inside=True):
    if inside:
        at = QPointF(3, 3)
        ticker.enterEvent(QEnterEvent(at, at, at))
    else:
        ticker.leaveEvent(QEvent(QEvent.Type.Leave))


@pytest.fixture
def desk(qapp):
    return Desk(dict(FIVE))


@pytest.fixture
def place(qapp, show):
    """Puts a ticker of a given width into a window that is shown."""

    def make(desk, width):
        host = QWidget()
        layout = QVBoxLayout(host)
        layout.setContentsMargins(0, 0, 0, 0)
        ticker = Ticker(desk, host)
        elsewhere = QLineEdit(host)
        layout.addWidget(ticker)
        layout.addWidget(elsewhere)
        host.resize(width, 120)
        elsewhere.setFocus()
        show(host)
        return ticker

    return make


def test_a_rise_has_a_plus_and_an_arrow_up():
    assert (shown(FIVE["USD/KZT"]).change, shown(FIVE["USD/KZT"]).trend) == ("+0.18 %", Trend.UP)


def test_a_newer_number_in_doubt_is_told_beside_the_good_one():
    doubt = make_quote(KZT, "620.00", valid_from=date(2026, 11, 25))
    given = shown(make_answer(KZT, "473.18", "0.1842", unconfirmed=doubt))
    assert (given.value, given.date) == ("473.18", "a newer one is unconfirmed")
    assert given.spoken.endswith("a newer one is unconfirmed")
    assert given.tooltip.endswith("Unconfirmed: 1 USD = 620.00 KZT from 25 Nov")
    stale = shown(make_answer(KZT, "473.18", stale=True, valid_from=date(2026, 11, 12), unconfirmed=doubt))
    assert stale.date == "12 Nov, a newer one is unconfirmed"
    unknown = shown(make_answer(KZT, None, unconfirmed=doubt))
    assert (unknown.value, unknown.tooltip) == ("\u2014", "Unconfirmed: 1 USD = 620.00 KZT")


def test_a_fall_has_a_minus_and_an_arrow_down():
    assert (shown(FIVE["USD/UZS"]).change, shown(FIVE["USD/UZS"]).trend) == ("−0.09 %", Trend.DOWN)


def test_no_change_has_no_arrow_and_no_minus():
    for change in ("0", "0.004", "-0.004"):
        said = shown(make_answer(KZT, "473.18", change))
        assert (said.change, said.trend) == ("0.00 %", Trend.NONE)


def test_a_pegged_rate_says_so():
    assert (shown(FIVE["USD/TMT"]).change, shown(FIVE["USD/TMT"]).trend) == ("pegged", Trend.NONE)


def test_an_unknown_rate_is_a_dash_and_says_why():
    said = shown(make_answer(KZT, None))
    assert (said.value, said.change, said.trend) == ("—", "", Trend.NONE)
    assert "no source" in said.tooltip
    assert said.spoken == "USD/KZT not known"


def test_a_value_has_at_most_five_digits_and_no_more_than_are_true():
    assert shown(FIVE["USD/UZS"]).value == "12012"
    assert shown(make_answer(KZT, "473.18", digits=3)).value == "473"


def test_a_stale_rate_is_faded_and_dated():
    said = shown(FIVE["USD/TJS"])
    assert said.faded
    assert said.date == "12 Nov"
    assert "out of date" in said.spoken
    assert "out of date" in said.tooltip


def test_a_fresh_rate_is_dated_only_when_that_is_asked_for():
    assert shown(FIVE["USD/KZT"]).date == ""
    assert shown(FIVE["USD/KZT"], dated=True).date == "24 Nov"


def test_the_tooltip_names_value_base_of_the_change_date_and_source():
    assert shown(FIVE["USD/KZT"]).tooltip.split("\n") == [
        "1 USD = 473.18 KZT",
        "+0.18 % since 21 Nov",
        "Valid from 24 Nov",
        "Central Bank of Somewhere",
    ]


def test_a_change_is_spoken_in_words():
    assert shown(FIVE["USD/KZT"]).spoken == "USD/KZT 473.18, up 0.18 %, of 24 Nov"
    assert shown(FIVE["USD/UZS"]).spoken == "USD/UZS 12012, down 0.09 %, of 24 Nov"


def test_entries_lie_side_by_side(qapp):
    strip = Strip([shown(answer) for answer in FIVE.values()], QFont(), Theme.current())
    end = 0
    for index in range(len(FIVE)):
        start, width = strip.span(index)
        assert start == end
        assert strip.index_at(start + width / 2) == index
        end = start + width
    assert strip.width == end
    assert strip.index_at(-1) == strip.index_at(end) == -1


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_the_picture_is_sharp_on_dense_screens(qapp, ratio):
    strip = Strip([shown(FIVE["USD/KZT"])], QFont(), Theme.current())
    picture = strip.render(strip.height, ratio)
    assert picture.devicePixelRatio() == ratio
    assert picture.width() == round(strip.width * ratio)


def test_the_arrow_is_drawn_and_not_only_coloured(qapp):
    """The picture of a rise differs from that of a fall by more than colour: the ink lies elsewhere."""

    def ink(change):
        strip = Strip([shown(make_answer(KZT, "473.18", change))], QFont(), Theme.current())
        image = strip.render(strip.height, 1.0).toImage()
        ground = Theme.current().window
        return [
            (x, y)
            for x in range(image.width())
            for y in range(image.height())
            if image.pixelColor(x, y).name() != ground.name()
        ]

    assert ink("0.5") != ink("-0.5")


def test_pairs_that_fit_stand_still(desk, place):
    ticker = place(desk, 2_000)
    assert ticker.fits
    assert not ticker.motion.running


def test_pairs_that_do_not_fit_move(desk, place, qtbot):
    ticker = place(desk, 400)
    assert ticker.motion.running
    start = ticker.motion.position
    qtbot.waitUntil(lambda: ticker.motion.position > start + 3)


def test_the_speed_is_even_and_calm(qapp, qtbot):
    motion = TickerMotion()
    motion.set_position(100)
    motion.set_running(True)
    with qtbot.waitSignals([motion.moved] * 3):
        pass
    motion.set_running(False)
    assert 100 < motion.position < 100 + SPEED_PX_PER_S
    at = motion.position
    motion.set_running(True)
    assert motion.position >= at
    motion.set_running(False)


def test_it_rests_under_the_pointer_and_goes_on_after(desk, place):
    ticker = place(desk, 400)
    hover(ticker)
    assert not ticker.motion.running
    hover(ticker, inside=False)
    assert ticker.motion.running


def test_it_rests_while_it_has_the_focus(desk, place):
    ticker = place(desk, 400)
    ticker.setFocus()
    assert not ticker.motion.running
    ticker.window().findChild(QLineEdit).setFocus()
    assert ticker.motion.running


def test_it_stops_when_hidden_and_starts_when_shown(desk, place):
    ticker = place(desk, 400)
    ticker.hide()
    assert not ticker.motion.running
    ticker.show()
    assert ticker.motion.running


def test_it_stops_when_minimised(desk, place, qtbot):
    ticker = place(desk, 400)
    ticker.window().showMinimized()
    qtbot.waitUntil(lambda: not ticker.motion.running)
    ticker.window().showNormal()
    qtbot.waitUntil(lambda: ticker.motion.running)


def test_it_stands_still_where_the_person_wants_no_motion(desk, place):
    desk.motion = False
    ticker = place(desk, 400)
    assert not ticker.motion.running
    ticker.set_motion(True)
    assert ticker.motion.running
    ticker.set_motion(False)
    assert not ticker.motion.running


class StillStyle(QProxyStyle):
    """A style that answers as a system does that was asked for reduced motion."""

    def styleHint(self, hint, option=None, widget=None, data=None):
        if hint == QStyle.StyleHint.SH_Widget_Animation_Duration:
            return 0
        return super().styleHint(hint, option, widget, data)


def test_it_stands_still_where_the_system_wants_no_motion(desk, place):
    ticker = place(desk, 400)
    style = StillStyle()
    ticker.setStyle(style)
    ticker.repaint()
    ticker._settle()
    assert not ticker.motion.running


def test_a_still_strip_that_does_not_fit_is_moved_by_keys(desk, place):
    desk.motion = False
    ticker = place(desk, 300)
    for _ in FIVE:
        ticker.step(1)
        start, width = ticker.strip.span(ticker.current)
        left = (start - ticker.motion.position) % ticker.strip.width
        assert left + width <= ticker.width()


def test_the_picture_is_drawn_once_while_it_moves(desk, place, qtbot):
    ticker = place(desk, 400)
    drawn, painted = ticker.pictures_drawn, ticker.frames_painted
    qtbot.waitUntil(lambda: ticker.frames_painted > painted + 3)
    assert ticker.pictures_drawn == drawn


def test_the_end_joins_the_beginning(desk, place):
    ticker = place(desk, 400)
    ticker.motion.set_running(False)
    ticker.motion.set_position(ticker.strip.width - 50.0)
    assert ticker.index_at(QPoint(10, 10)) == len(FIVE) - 1
    assert ticker.index_at(QPoint(60, 10)) == 0


def test_new_rates_are_shown(desk, place, qtbot):
    ticker = place(desk, 2_000)
    desk.answers[KZT] = make_answer(KZT, "480.00", "1.44")
    desk.rates_changed.emit()
    qtbot.waitUntil(lambda: ticker.strip.entries[1].value == "480.00")


def test_several_reports_are_read_once(desk, place, qtbot, monkeypatch):
    ticker = place(desk, 2_000)
    asked = []
    monkeypatch.setattr(desk, "rate", lambda pair, _: asked.append(pair) or make_answer(pair, "1.00"))
    for _ in range(6):
        desk.rates_changed.emit()
    qtbot.waitUntil(lambda: ticker.strip.entries[0].value == "1.00")
    assert len(asked) == len(FIVE)


def test_dates_appear_offline(desk, place, qtbot):
    ticker = place(desk, 2_000)
    assert ticker.strip.entries[1].date == ""
    desk.online = False
    desk.connection_changed.emit(desk.connection)
    qtbot.waitUntil(lambda: ticker.strip.entries[1].date == "24 Nov")


def test_an_empty_list_says_how_to_fill_it(desk, place):
    desk.pinned.clear()
    ticker = place(desk, 400)
    assert ticker.pairs == ()
    assert ticker.current_pair is None
    assert ticker.empty_text == EMPTY_TEXT == "Pin a pair to see it here"
    assert ticker.accessibleDescription() == EMPTY_TEXT
    ground = ticker.grab().toImage()
    assert any(ground.pixelColor(x, ground.height() // 2) != ground.pixelColor(0, 0) for x in range(200))
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Return, Qt.Key.Key_F):
        press(ticker, key)
    assert desk.asked == []


def test_left_and_right_walk_round_the_pairs(desk, place):
    ticker = place(desk, 2_000)
    ticker.setFocus()
    press(ticker, Qt.Key.Key_Right)
    assert ticker.current_pair == KZT
    press(ticker, Qt.Key.Key_Left)
    press(ticker, Qt.Key.Key_Left)
    assert ticker.current_pair == pair_of("USD/TMT")


def test_f_flips_and_delete_unpins(desk, place, qtbot):
    ticker = place(desk, 2_000)
    ticker.setFocus()
    press(ticker, Qt.Key.Key_Right)
    press(ticker, Qt.Key.Key_F)
    assert desk.asked == [("flip", KZT)]
    qtbot.waitUntil(lambda: ticker.current_pair == KZT.inverse)
    press(ticker, Qt.Key.Key_Delete)
    assert desk.asked[-1] == ("unpin", KZT.inverse)


def test_enter_opens_the_details(desk, place):
    ticker = place(desk, 2_000)
    ticker.setFocus()
    press(ticker, Qt.Key.Key_Return)
    (details,) = ticker.window().findChildren(PairDetails)
    assert details.pair == pair_of("USD/KGS")
    assert not details.isModal()
    details.close()


def test_a_click_opens_the_details_of_the_pair_under_it(desk, place):
    ticker = place(desk, 2_000)
    start, width = ticker.strip.span(1)
    QTest.mouseClick(ticker, Qt.MouseButton.LeftButton, pos=QPoint(start + width // 2, 10))
    (details,) = ticker.window().findChildren(PairDetails)
    assert details.pair == KZT
    details.close()


def test_copy_puts_a_rate_that_can_be_quoted_on_the_clipboard(desk, place):
    ticker = place(desk, 2_000)
    ticker.setFocus()
    ticker.step(1)
    press(ticker, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    text = QGuiApplication.clipboard().text()
    assert text == "1 USD = 473.18 KZT (Central Bank of Somewhere, 24 Nov 2026)"


@pytest.mark.parametrize("verb", ["flip", "unpin"])
def test_the_menu_does_what_it_says(desk, place, verb):
    ticker = place(desk, 2_000)
    menu = ticker.menu(KZT)
    texts = [action.text() for action in menu.actions()]
    assert texts == ["Flip", "Copy", "Unpin", "Chart…", "Alert me…", "Details…"]
    action = next(action for action in menu.actions() if action.text().lower() == verb)
    action.trigger()
    assert desk.asked == [(verb, KZT)]
    menu.deleteLater()


def test_a_screen_reader_hears_the_pair_at_hand_and_all_pairs(desk, place):
    ticker = place(desk, 2_000)
    ticker.step(1)
    assert ticker.accessibleName() == "Rates, 2 of 5: USD/KZT 473.18, up 0.18 %, of 24 Nov"
    assert all(
        f"USD/{code}" in ticker.accessibleDescription() for code in ("KGS", "KZT", "TJS", "UZS", "TMT")
    )


def test_another_palette_draws_it_anew(desk, place, qtbot):
    ticker = place(desk, 2_000)
    before = ticker.grab().toImage()
    palette = QPalette(ticker.palette())
    palette.setColor(QPalette.ColorRole.Window, QColor("#101010"))
    palette.setColor(QPalette.ColorRole.Text, QColor("#f0f0f0"))
    ticker.setPalette(palette)
    qtbot.waitUntil(lambda: ticker.grab().toImage() != before)
    qtbot.waitUntil(lambda: ticker.grab().toImage().pixelColor(1, 1).name() == "#101010")


def test_twenty_pairs_are_laid_out(qapp, place):
    pairs = [Pair(f"AA{letter}", "USD") for letter in "BCDEFGHIJKLMNOPQRSTU"]
    answers = {str(pair): make_answer(pair, "1.2345") for pair in pairs}
    ticker = place(Desk(answers), 1_280)
    assert len(ticker.pairs) == 20
    assert not ticker.fits
