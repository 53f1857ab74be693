"""Watchlists in the real window on a real store: what a person does with lists and pairs, and takes back."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.rates import Pair, Quote, QuoteKind
from desktop.core.rates.currencies import ACTIVE
from desktop.jobs.session import Session
from desktop.ui.main_window import MainWindow
from desktop.ui.rates.alert_editor import AlertEditor
from desktop.ui.rates.chart_window import ChartWindow
from desktop.ui.rates.converter import Converter
from desktop.ui.rates.page import RatesPage
from desktop.ui.rates.page_model import Column
from desktop.ui.rates.pair_details import PairDetails
from desktop.ui.rates.rows import rate_row
from desktop.ui.sources.sidebar_nodes import Kind
from tests.ui.edition import NOW
from tests.ui.person import Key, Modifier, close_all, dialogs, press
from tests.ui.test_pair_field import write

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

FIVE = ["USD/KGS", "USD/KZT", "USD/TJS", "USD/UZS", "USD/TMT"]
KZT = Pair("USD", "KZT")
TODAY = date(2026, 11, 24)


class Rates:
    """The rates page as a person meets it."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window = window
        self.qtbot = qtbot
        window.sidebar.choose("rates")

    @property
    def page(self) -> RatesPage:
        page = self.window.rates_commands.page
        assert page is not None
        return page

    @property
    def pairs(self) -> list[str]:
        return [str(pair) for pair in self.page.model.pairs]

    @property
    def ticker(self) -> list[str]:
        return [str(pair) for pair in self.window.ticker.pairs]

    @property
    def lists(self) -> list[str]:
        nodes = self.window.sidebar.model._nodes.values()
        return [node.title for node in nodes if node.kind is Kind.WATCHLIST]

    def choose(self, pair: str) -> None:
        self.page.view.select(Pair(*pair.split("/")))

    def do(self, action: str) -> None:
        assert self.window.commands[action].isEnabled(), action
        self.window.commands[action].trigger()

    def see(self, pairs: list[str]) -> None:
        """Wait until the page shows these pairs."""
        self.qtbot.waitUntil(lambda: self.pairs == pairs)

    def see_lists(self, names: list[str]) -> None:
        self.qtbot.waitUntil(lambda: self.lists == names)

    def cell(self, pair: str, column: Column, role: Qt.ItemDataRole = Qt.ItemDataRole.DisplayRole) -> object:
        place = self.page.model.place(Pair(*pair.split("/")))
        return self.page.model.index(place, column).data(role)


@pytest.fixture
def rates(window: MainWindow, qtbot: QtBot) -> Rates:
    return Rates(window, qtbot)


def save(session: Session, base: str, quote: str, source: str, values: list[str]) -> None:
    """The numbers of a bank, one a working day, the last one today's."""
    days = [day for n in range(200) if (day := TODAY - timedelta(days=n)).weekday() < 5][: len(values)]
    quotes = [
        Quote(base, quote, Decimal(value), value, "1", day, source, QuoteKind.OFFICIAL, NOW)
        for value, day in zip(reversed(values), days, strict=True)
    ]
    session._lane.submit(lambda store: store.rates.save(quotes, NOW)).result()
    session._answers.clear()
    session.rates_changed.emit()


def test_a_list_takes_the_place_of_the_articles_and_gives_it_back(rates: Rates, window: MainWindow) -> None:
    assert rates.page.isVisible()
    assert not window.articles.isVisible()
    assert rates.pairs == FIVE
    window.sidebar.choose("unread")
    assert window.articles.isVisible()
    assert window.rates_commands.page is None
    QTest.keyClick(window, Key.Key_5, Modifier.ControlModifier)
    assert rates.page.view.hasFocus()
    assert rates.page.list_name == "Main"


def test_a_typed_pair_is_pinned_chosen_and_in_the_ticker(rates: Rates, window: MainWindow) -> None:
    rates.do("add_pair")
    assert QApplication.focusWidget() is rates.page.field
    write(rates.page.field, "евро тенге")
    QTest.keyClick(rates.page.field.completer().popup(), Key.Key_Return)
    rates.see([*FIVE, "EUR/KZT"])
    assert rates.page.pair == Pair("EUR", "KZT")
    rates.qtbot.waitUntil(lambda: rates.ticker == [*FIVE, "EUR/KZT"])
    rates.do("undo")
    rates.see(FIVE)
    rates.do("redo")
    rates.see([*FIVE, "EUR/KZT"])


def test_what_is_not_one_pair_is_answered_under_the_field(rates: Rates) -> None:
    write(rates.page.field, "dollar som")
    QTest.keyClick(rates.page.field.completer().popup(), Key.Key_Return)
    shown = [
        label.text()
        for label in rates.page.findChildren(QWidget)
        if hasattr(label, "text") and label.isVisible()
    ]
    assert any("Write one of USD/KGS, USD/UZS." in text for text in shown)
    assert rates.pairs == FIVE


def test_pairs_are_moved_by_keyboard_and_back_by_undo(rates: Rates, window: MainWindow) -> None:
    rates.choose("USD/KZT")
    rates.page.view.setFocus()
    press(rates.qtbot, window, Key.Key_Down, Modifier.AltModifier)
    rates.see(["USD/KGS", "USD/TJS", "USD/KZT", "USD/UZS", "USD/TMT"])
    assert rates.page.pair == KZT
    for _ in range(2):  # at once: the second must not overlook the first
        press(rates.qtbot, window, Key.Key_Up, Modifier.AltModifier)
    rates.see(["USD/KZT", "USD/KGS", "USD/TJS", "USD/UZS", "USD/TMT"])
    assert not window.commands["move_pair_up"].isEnabled()
    rates.qtbot.waitUntil(lambda: window.undo_stack.count() == 3)
    for _ in range(3):
        rates.do("undo")
    rates.see(FIVE)


@pytest.mark.parametrize(
    ("pair", "before", "order"),
    [
        ("USD/KGS", 2, [1, 0, 2, 3, 4]),
        ("USD/TMT", 0, [4, 0, 1, 2, 3]),
        ("USD/KGS", -1, [1, 2, 3, 4, 0]),
    ],
)
def test_pairs_are_moved_by_dragging(rates: Rates, pair: str, before: int, order: list[int]) -> None:
    model = rates.page.model
    dragged = model.mimeData([model.index(model.place(Pair(*pair.split("/"))), 0)])
    none = model.index(-1, -1)
    assert model.dropMimeData(dragged, Qt.DropAction.MoveAction, before, 0, none) is False
    rates.see([FIVE[at] for at in order])


def test_f_flips_delete_unpins_and_undo_brings_both_back(rates: Rates, window: MainWindow) -> None:
    rates.choose("USD/KZT")
    rates.page.view.setFocus()
    press(rates.qtbot, window, Key.Key_F)
    rates.see(["USD/KGS", "KZT/USD", *FIVE[2:]])
    press(rates.qtbot, window, Key.Key_Delete)
    rates.see([FIVE[0], *FIVE[2:]])
    for _ in range(2):
        rates.do("undo")
    rates.see(FIVE)


def test_a_pair_is_asked_of_the_chosen_source(rates: Rates, session: Session) -> None:
    save(session, "USD", "KZT", "nbk", ["470.00", "473.18"])
    save(session, "USD", "RUB", "cbr", ["80.0000"])
    save(session, "KZT", "RUB", "cbr", ["0.1700"])
    rates.qtbot.waitUntil(lambda: rates.cell("USD/KZT", Column.RATE) == "473.18")
    rates.choose("USD/KZT")
    menu = rates.window.rates_commands.menu()
    sources = next(action.menu() for action in menu.actions() if action.menu())
    by_name = {action.text(): action for action in sources.actions()}
    assert list(by_name)[:2] == ["Best official", "National Bank of Kazakhstan"]
    assert by_name["Best official"].isChecked()
    blend = next(name for name in by_name if name.startswith("Frankfurter (blend"))
    assert blend.endswith(" (not fetched yet)")
    by_name[blend].trigger()
    rates.qtbot.waitUntil(lambda: rates.cell("USD/KZT", Column.RATE) == "—")
    assert rates.cell("USD/KZT", Column.SOURCE) == "Frankfurter (blend of central banks)"
    by_name["Bank of Russia"].trigger()
    menu.close()
    rates.qtbot.waitUntil(lambda: rates.cell("USD/KZT", Column.SOURCE) == "Bank of Russia")
    assert rates.cell("USD/KZT", Column.RATE) == "471"  # 80.0000 / 0.1700: no more digits are true
    rates.qtbot.waitUntil(lambda: rates.window.ticker.strip.entries[1].value == "471")
    rates.do("pair_source")
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["Bank of Russia"]
    menu.close()
    for _ in range(2):
        rates.do("undo")
    rates.qtbot.waitUntil(lambda: rates.cell("USD/KZT", Column.RATE) == "473.18")


def test_a_source_that_was_chosen_for_a_pair_is_kept_by_everything_that_opens_for_it(
    rates: Rates, session: Session
) -> None:
    save(session, "USD", "KZT", "nbk", ["470.00", "473.18"])
    save(session, "USD", "RUB", "cbr", ["79.0000", "80.0000"])
    save(session, "KZT", "RUB", "cbr", ["0.1700", "0.1700"])
    window, qtbot = rates.window, rates.qtbot
    window.resize(1280, 800)
    rates.choose("USD/KZT")
    chart = rates.page.chart
    qtbot.waitUntil(lambda: chart.panel is not None and chart.panel.pair == KZT)
    assert chart.panel is not None
    assert chart.panel.controls.source == ""
    session.watchlists.set_source(KZT, "cbr")
    qtbot.waitUntil(lambda: chart.panel.controls.source == "cbr")
    chart.panel.controls.flip_wanted.emit()
    assert (chart.panel.pair, chart.panel.controls.source) == (KZT.inverse, "cbr")
    rates.do("chart")
    (large,) = window.findChildren(ChartWindow)
    assert {point.source for line in large.panel.plot.lines for point in line.points} == {"cbr"}
    rates.do("converter")
    (converter,) = window.findChildren(Converter)
    assert converter.source.source == "cbr"
    assert converter._answer.source == "cbr"
    rates.do("alert_me")
    (editor,) = window.findChildren(AlertEditor)
    assert editor._now.text().endswith(", Bank of Russia")
    editor._number.setText("520")
    editor.submit()
    qtbot.waitUntil(lambda: len(session.reader.alerts.all()) == 1)
    rule = session.reader.alerts.all()[0].alert.rule
    assert (rule.pair, rule.source) == (KZT, "cbr")
    for opened in (large, converter):
        opened.close()


def test_numbers_change_in_place_and_the_choice_stays(rates: Rates, session: Session) -> None:
    rates.choose("USD/KZT")
    resets: list[object] = []
    rates.page.model.modelReset.connect(lambda: resets.append(1))
    save(session, "USD", "KZT", "nbk", ["472.33", "473.18"])
    rates.qtbot.waitUntil(lambda: rates.cell("USD/KZT", Column.CHANGE) == "+0.85")
    assert rates.cell("USD/KZT", Column.PERCENT) == "+0.18 %"
    assert (rates.page.pair, resets) == (KZT, [])
    assert rates.page.model.row(1).spark == ((pytest.approx(89 / 90), 0.0), (1.0, 1.0))  # type: ignore[union-attr]


def test_a_long_list_is_filled_in_slices(rates: Rates, session: Session) -> None:
    pairs = [Pair("USD", code) for code in sorted(ACTIVE - {"USD"})[:45]]
    session.watchlists.pin_all([(pair, "") for pair in pairs], "Long", "45 pairs")
    rates.see_lists(["Main", "Long"])
    rates.window.sidebar.choose("watchlist:Long")
    values = [row.value for row in rates.page.model.rows]
    assert "…" not in values[:20]
    assert values[20:] == ["…"] * 25
    rates.qtbot.waitUntil(lambda: all(row.value != "…" for row in rates.page.model.rows))
    assert len(rates.pairs) == 45


def test_a_line_is_read_out_whole(rates: Rates, session: Session) -> None:
    save(session, "USD", "KZT", "nbk", ["472.33", "473.18"])
    rates.qtbot.waitUntil(lambda: rates.cell("USD/KZT", Column.RATE) == "473.18")
    spoken = Qt.ItemDataRole.AccessibleTextRole
    assert rates.cell("USD/KZT", Column.PAIR, spoken) == (
        "USD/KZT, 473.18, up 0.18 percent, 24 November, National Bank of Kazakhstan, fresh"
    )
    assert rates.cell("USD/KGS", Column.PAIR, spoken) == "USD/KGS, not known"
    assert rates.cell("USD/KZT", Column.SPARK, spoken) == "90 days: higher than 90 days ago"


def test_a_new_list_is_named_in_the_sidebar_and_shown_empty(rates: Rates, window: MainWindow) -> None:
    rates.do("list_new")
    rates.see_lists(["Main", "New list"])
    editor = window.sidebar.tree.findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    write(editor, "Поставщики")
    QTest.keyClick(editor, Key.Key_Return)
    rates.see_lists(["Main", "Поставщики"])
    rates.qtbot.waitUntil(lambda: rates.page.list_name == "Поставщики")
    assert rates.page.empty.isVisible()
    rates.page.empty.press()
    write(rates.page.field, "cny kzt")
    QTest.keyClick(rates.page.field.completer().popup(), Key.Key_Return)
    rates.see(["CNY/KZT"])
    assert rates.ticker == FIVE
    rates.do("list_up")
    rates.see_lists(["Поставщики", "Main"])


def test_the_ticker_shows_the_list_that_is_pinned_to_it(rates: Rates, session: Session) -> None:
    session.watchlists.pin(Pair("EUR", "RUB"), "Travel")
    rates.see_lists(["Main", "Travel"])
    assert rates.ticker == FIVE
    rates.window.sidebar.choose("watchlist:Travel")
    rates.do("list_ticker")
    rates.qtbot.waitUntil(lambda: rates.ticker == ["EUR/RUB"])
    session.watchlists.rename("Travel", "Silk Road")
    rates.see_lists(["Main", "Silk Road"])
    assert rates.ticker == ["EUR/RUB"]
    rates.do("undo")
    rates.do("undo")
    rates.qtbot.waitUntil(lambda: rates.ticker == FIVE)


def test_a_deleted_list_comes_back_whole(rates: Rates, session: Session) -> None:
    session.watchlists.pin_all([(Pair("EUR", "RUB"), "cbr"), (Pair("CNY", "KZT"), "")], "Travel", "two pairs")
    rates.see_lists(["Main", "Travel"])
    before = session.reader.watchlists.all()
    rates.window.sidebar.choose("watchlist:Travel")
    rates.see(["EUR/RUB", "CNY/KZT"])
    rates.do("list_delete")
    rates.see_lists(["Main"])
    rates.see(FIVE)
    assert not rates.window.commands["list_delete"].isEnabled()
    rates.do("undo")
    rates.see_lists(["Main", "Travel"])
    assert session.reader.watchlists.all() == before


def test_a_pair_that_was_unpinned_in_the_ticker_is_brought_back_by_undo(rates: Rates) -> None:
    rates.window.sidebar.choose("unread")
    rates.window.ticker.act("unpin", KZT)
    rates.qtbot.waitUntil(lambda: len(rates.ticker) == 4)
    rates.do("undo")
    rates.qtbot.waitUntil(lambda: rates.ticker == FIVE)


def test_a_list_goes_out_as_csv_and_comes_back(rates: Rates, session: Session, tmp_path: Path) -> None:
    save(session, "USD", "KZT", "nbk", ["472.33", "473.18"])
    session.watchlists.set_source(KZT, "nbk", "Main")
    session.watchlists.flip(Pair("USD", "TJS"), "Main")
    rates.see([*FIVE[:2], "TJS/USD", *FIVE[3:]])
    rates.qtbot.waitUntil(lambda: rates.cell("USD/KZT", Column.RATE) == "473.18")
    file = tmp_path / "main list.csv"
    rates.window.watchlist_commands.export_to(str(file))
    assert [path.name for path in tmp_path.glob("*csv*")] == ["main list.csv"]
    assert "USD/KZT,nbk,473.18,0.18,2026-11-24,nbk,official" in file.read_text("utf-8")
    before = session.reader.watchlists.pairs("Main")
    session.watchlists.create("Copy")
    rates.see_lists(["Main", "Copy"])
    rates.window.sidebar.choose("watchlist:Copy")
    rates.window.watchlist_commands.import_from(str(file))
    imported = "5 pairs imported to “Copy”"  # the page may show those of Main until then
    rates.qtbot.waitUntil(lambda: rates.window.undo_stack.undoText() == imported)
    rates.see([*FIVE[:2], "TJS/USD", *FIVE[3:]])
    copied = session.reader.watchlists.pairs("Copy")
    assert [(one.pair, one.source) for one in copied] == [(one.pair, one.source) for one in before]
    rates.do("undo")
    rates.see([])


def test_a_bad_line_is_named_and_nothing_is_imported(rates: Rates, tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_text("pair\nEUR/KZT\ndollar wampum\n", "utf-8")
    rates.window.watchlist_commands.import_from(str(file))
    (box,) = dialogs(rates.window, QMessageBox)
    assert isinstance(box, QMessageBox)
    assert "line 3: “dollar wampum” is not a pair of currencies." in box.text()
    assert "Nothing was changed." in box.text()
    close_all(rates.window, QMessageBox)
    assert rates.pairs == FIVE


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_a_file_that_cannot_be_read_or_written_is_told(rates: Rates, tmp_path: Path, name: str) -> None:
    rates.window.watchlist_commands.import_from(str(tmp_path / name))
    rates.window.watchlist_commands.export_to(str(tmp_path / "none" / "list.csv"))
    assert len(dialogs(rates.window, QMessageBox)) == 2
    close_all(rates.window, QMessageBox)


def test_a_list_is_copied_for_a_document_and_a_spreadsheet_and_as_sentences(
    rates: Rates, session: Session
) -> None:
    save(session, "USD", "KZT", "nbk", ["472.33", "473.18"])
    rates.qtbot.waitUntil(lambda: rates.cell("USD/KZT", Column.RATE) == "473.18")
    rates.do("copy_list_table")
    data = QGuiApplication.clipboard().mimeData()
    row = ["USD/KZT", "473.18", "+0.85", "+0.18 %", "24 Nov", "National Bank of Kazakhstan"]
    assert data.text().splitlines()[2] == "\t".join(row)
    assert "".join(f"<td>{cell}</td>" for cell in row) in data.html()
    rates.do("copy_list_text")
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[1] == "1 USD = 473.18 KZT (National Bank of Kazakhstan, 24 Nov 2026)"
    assert lines[0] == "USD/KGS: not known"


def test_the_window_opens_where_it_was_closed(
    open_session: Callable[[int], Session], show: Callable[[QWidget], QWidget]
) -> None:
    session = open_session(3)
    first = MainWindow(session)
    first.complete()
    show(first)
    first.sidebar.choose("watchlist:Main")
    first.close()
    session._lane.submit(lambda store: None).result()
    again = MainWindow(session)
    show(again)
    assert again.rates_commands.page is not None
    assert again.rates_commands.page.list_name == "Main"
    again.sidebar.choose("all")
    assert again.articles.isVisible()
    assert again.articles.model.rowCount() > 0


@pytest.mark.parametrize(
    ("width", "gone"),
    [(1100, set()), (620, {Column.CHANGE, Column.DATE}), (420, {Column.CHANGE, Column.DATE, Column.SOURCE})],
)
def test_figures_stay_whole_in_a_narrow_window(
    rates: Rates, session: Session, width: int, gone: set[Column]
) -> None:
    save(session, "USD", "KZT", "nbk", ["472.33", "473.18"])
    rates.qtbot.waitUntil(lambda: rates.cell("USD/KZT", Column.RATE) == "473.18")
    view = rates.page.view
    view.resize(width, 400)
    view.fit()
    hidden = {column for column in Column if view.isColumnHidden(column)}
    assert hidden == gone
    for column in (Column.RATE, Column.PERCENT, Column.AGE):
        assert view.columnWidth(column) >= view._width(column)


def test_a_number_that_waits_for_confirmation_is_marked_and_read_out(rates: Rates, session: Session) -> None:
    save(session, "USD", "KZT", "nbk", ["473.18"])
    pinned = session.reader.watchlists.pairs()[1]
    known = session.rate(KZT)
    session._answers[KZT, "", TODAY] = known._replace(
        unconfirmed=known.legs[0]._replace(rate=Decimal("4731.8"))
    )
    row = rate_row(session, pinned)
    assert (row.value, row.note, row.doubtful) == ("473.18", "unconfirmed: 4731.8", True)
    assert row.spoken.endswith("fresh, a newer number is unconfirmed")


def test_details_and_copy_follow_the_chosen_source(rates: Rates, session: Session) -> None:
    save(session, "USD", "KZT", "nbk", ["473.18"])
    save(session, "USD", "RUB", "cbr", ["80.0000"])
    save(session, "KZT", "RUB", "cbr", ["0.1700"])
    session.watchlists.set_source(KZT, "cbr", "Main")
    rates.qtbot.waitUntil(lambda: rates.cell("USD/KZT", Column.RATE) == "471")
    rates.choose("USD/KZT")
    rates.do("copy_rate")
    assert QGuiApplication.clipboard().text() == "1 USD = 471 KZT (Bank of Russia, 24 Nov 2026)"
    rates.do("pair_details")
    (details,) = dialogs(rates.window, PairDetails)
    assert isinstance(details, PairDetails)
    assert details._value.text() == "471"
    close_all(rates.window, PairDetails)


def test_the_chart_under_the_list_follows_the_chosen_pair(rates: Rates, session: Session) -> None:
    save(session, "USD", "KZT", "nbk", ["470.00", "473.18"])
    assert rates.page.chart.isVisible()
    rates.choose("USD/KZT")
    rates.qtbot.waitUntil(lambda: rates.page.chart.panel is not None and rates.page.chart.panel.pair == KZT)
    rates.page.chart_button.click()
    assert not rates.page.chart.isVisible()
    rates.page.chart_button.click()
    rates.window.resize(900, 500)
    rates.qtbot.waitUntil(lambda: not rates.page.chart.isVisible())
    assert not rates.page.chart_button.isEnabled()


def test_search_and_an_article_of_the_chart_bring_the_articles_back(rates: Rates, window: MainWindow) -> None:
    rates.do("search")
    assert window.articles.isVisible()
    rates.qtbot.waitUntil(lambda: window.articles.header.isAncestorOf(QApplication.focusWidget()))
    window.sidebar.choose("rates")
    assert rates.page.isVisible()
    rates.page.chart.article_wanted.emit(2)
    assert window.reader.isVisible()
    assert window.rates_commands.page is None
    window.sidebar.choose("rates")
    assert rates.page.isVisible()


def test_a_table_that_was_copied_does_not_crash_the_end_of_the_program() -> None:
    script = (
        "from PySide6.QtCore import QMimeData, QTimer\n"
        "from PySide6.QtGui import QGuiApplication\n"
        "from desktop.ui.rates.page_export import put_on_clipboard\n"
        "app, data = QGuiApplication([]), QMimeData()\n"
        "data.setText('USD/KZT')\n"
        "put_on_clipboard(data)\n"
        "QTimer.singleShot(0, app.quit)\n"
        "app.exec()\n"
    )
    assert subprocess.run([sys.executable, "-c", script], timeout=60, check=False).returncode == 0
