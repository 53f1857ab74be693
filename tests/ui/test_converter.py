"""The converter over the real store: what it understands, what it shows behind a result, and what it keeps."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QGuiApplication, QUndoStack
from PySide6.QtWidgets import QLabel, QPushButton

from desktop.core.rates import Pair, Quote, QuoteKind
from desktop.ui.rates.converter import Converter
from tests.ui.edition import NOW
from tests.ui.exchange import TODAY, published, store_rates

Key = Qt.Key
KZT = Pair("USD", "KZT")
OLD = TODAY - timedelta(days=32)  # a Friday


@pytest.fixture
def bank(open_session):
    session = open_session(0)
    session.quotes = store_rates(
        session,
        published("nbk", "USD", "KZT", "473.18", since=TODAY, until=TODAY),
        published("nbk", "USD", "KZT", "470.00", since=OLD - timedelta(days=7), until=OLD),
        published("erapi", "USD", "KZT", "475.1234", since=TODAY, until=TODAY, kind=QuoteKind.BLENDED),
        published("nbkr", "USD", "KGS", "87.4500", since=TODAY, until=TODAY),
        published("nbt", "USD", "TJS", "9.3512", since=OLD, until=OLD),
    )
    return session


@pytest.fixture
def stack(qapp):
    made = QUndoStack()
    yield made
    made.deleteLater()


@pytest.fixture
def converter(bank, stack, show):
    return show(Converter(bank, stack, KZT))


def rate_today(bank, source="nbk", quote="KZT"):
    return next(q.rate for q in bank.quotes if (q.source, q.quote, q.valid_from) == (source, quote, TODAY))


def write(qtbot, converter, text):
    converter.amount.selectAll()
    if text.isascii():
        qtbot.keyClicks(converter.amount, text)
    else:  # QTest has no keys for other scripts
        converter.amount.insert(text)


def plain(text):
    return text.replace("\u202f", " ")


def button(parent, text):
    return next(b for b in parent.findChildren(QPushButton) if b.text().replace("&", "") == text)


def facts(converter):
    return {label.accessibleName() for label in converter.outcome.findChildren(QLabel)}


def test_the_result_follows_while_an_amount_is_typed(converter, bank, qtbot):
    seen = []
    converter.amount.clear()
    for letter in "1 500,50":
        qtbot.keyClicks(converter.amount, letter)
        seen.append(plain(converter.outcome.words[0]))
    rate = rate_today(bank)
    assert seen[0] == f"{rate} KZT"
    assert seen[-1] == f"{plain(f'{rate * 3001 / 2:,.2f}'.replace(',', ' '))} KZT"
    assert plain(converter.understood.text()) == "Understood as 1 500.50 USD"
    assert "Source: National Bank of Kazakhstan" in facts(converter)
    assert "Valid from: 24 Nov" in facts(converter)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1,500.50", "Understood as 1 500.50 USD"),
        ("2k", "Understood as 2 000 USD"),
        ("2 млн", "Understood as 2 000 000 USD"),
        ("1,500", "Understood as 1 500 USD, not 1.500"),
        ("2m", "“m” is not a multiple. Write k, mln or bn; тыс, млн or млрд."),
    ],
)
def test_what_was_understood_is_said(converter, qtbot, text, said):
    write(qtbot, converter, text)
    assert plain(converter.understood.text()) == said
    assert (converter.outcome.words[0] == "—") == said.startswith("“")


def test_swap_turns_the_conversion_round_and_keeps_the_amount(converter, bank, qtbot):
    write(qtbot, converter, "1000000")
    button(converter, "Swap").click()
    assert converter.pair == KZT.inverse
    assert plain(converter.outcome.words[0]) == f"{1_000_000 / rate_today(bank):,.2f} USD".replace(",", " ")


def test_a_day_and_a_source_can_be_asked_for(converter, bank, qtbot):
    write(qtbot, converter, "1")
    converter.day.setDate(QDate(OLD.year, OLD.month, OLD.day))
    rate = next(q.rate for q in bank.quotes if q.source == "nbk" and q.valid_from == OLD)
    assert converter.outcome.words[0] == f"{rate} KZT"
    button(converter, "Today").click()
    converter.source.setCurrentIndex(converter.source.findData("erapi"))
    blend = rate_today(bank, "erapi")
    assert converter.outcome.words[0] == f"{blend:.2f} KZT"
    assert "Kind: Blend of several sources" in facts(converter)


def test_an_old_rate_is_said_to_be_old_and_then_too_old_to_calculate_with(converter):
    converter.convert_pair(Pair("USD", "TJS"), "100", OLD + timedelta(days=10))
    assert converter.outcome.words[0] != "—"
    assert converter.outcome.words[2].startswith("Out of date")
    converter.convert_pair(Pair("USD", "TJS"), "100", TODAY)
    result, rate, state = converter.outcome.words
    assert (result, rate.count("=")) == ("—", 1)
    assert state.startswith("Too old to calculate with")
    assert f"{(TODAY - OLD).days} days" in state
    assert not button(converter, "Copy").isEnabled()


def test_a_computed_rate_shows_its_legs_and_no_digit_too_many(converter):
    converter.convert_pair(Pair("KGS", "KZT"), "1000000")
    value, _, state = converter.outcome.words
    assert value.startswith("≈ ")
    assert plain(value).endswith("000 KZT")
    assert "digits of this rate are sure" in state
    assert any(
        fact.startswith("As published: 1 USD = 87,") and "\n1 USD = 473" in fact for fact in facts(converter)
    )


def test_a_number_that_is_held_back_is_told_and_not_used(converter, bank, qtbot):
    write(qtbot, converter, "1")
    jump = Quote(
        "USD", "KZT", Decimal(900), "900.00", "1", TODAY + timedelta(days=1), "nbk", QuoteKind.OFFICIAL, NOW
    )
    bank._lane.submit(lambda store: store.rates.hold([jump], NOW)).result()
    bank._on_rates()
    value, _, state = converter.outcome.words
    assert value == f"{rate_today(bank)} KZT"
    assert state.startswith("Unconfirmed: National Bank of Kazakhstan says 1 USD = 900.00 KZT")


def test_an_unknown_rate_is_a_dash_and_a_sentence(converter):
    converter.convert_pair(Pair("USD", "THB"), "100")
    assert converter.outcome.words[0] == "—"
    assert "No source" in converter.outcome.words[2]
    assert not button(converter, "Copy").isEnabled()


def test_the_same_currency_twice_asks_for_another(converter):
    converter.convert_pair(Pair("USD", "USD"), "100")
    assert converter.outcome.words[:2] == ("—", "Both are USD: choose two different currencies.")


def test_the_amount_is_shown_in_all_pinned_currencies(converter, bank, qtbot):
    write(qtbot, converter, "10")
    rows = {row[0][:3]: row for row in converter.all_pinned.table.text_rows.rows}
    assert list(rows) == ["KGS", "KZT", "TJS", "UZS", "TMT"]
    assert plain(rows["KZT"][1]) == f"{rate_today(bank) * 10:,.2f}".replace(",", " ")
    assert rows["TMT"][1] == "35.00"
    assert rows["UZS"][1] == "—"
    assert (rows["TJS"][1], "out of date" in rows["TJS"][3]) == ("—", True)
    button(converter, "Copy list").click()
    assert len(QGuiApplication.clipboard().text().splitlines()) == 5


def test_a_copied_result_can_be_quoted(converter, bank, qtbot):
    write(qtbot, converter, "2")
    button(converter, "Copy").click()
    rate = rate_today(bank)
    assert QGuiApplication.clipboard().text() == (
        f"2 USD = {rate * 2} KZT; 1 USD = {rate} KZT (National Bank of Kazakhstan, 24 Nov 2026)"
    )


def test_a_conversion_is_kept_on_enter_once_and_can_be_asked_again(converter, bank, stack, show, qtbot):
    with qtbot.waitSignal(bank.conversions.changed):
        write(qtbot, converter, "250")
        qtbot.keyClick(converter.amount, Key.Key_Return)
    qtbot.keyClick(converter.amount, Key.Key_Return)
    converter.convert_pair(Pair("USD", "KGS"), "7")
    with qtbot.waitSignal(bank.conversions.changed):
        converter.keep()
    assert [row[1] for row in converter.past.table.text_rows.rows] == ["7 USD", "250 USD"]
    converter.past.table.activated.emit(converter.past.table.text_rows.index(1, 0))
    assert (converter.pair, converter.amount.text()) == (KZT, "250")
    converter.close()
    again = show(Converter(bank, stack, None))
    assert again.pair == Pair("USD", "KGS")


def test_clearing_the_past_can_be_undone(converter, bank, qtbot):
    for amount in ("1", "2", "3"):
        converter.amount.setText(amount)
        with qtbot.waitSignal(bank.conversions.changed):
            converter.keep()
    before = bank.conversions.past()
    with qtbot.waitSignal(bank.conversions.changed):
        button(converter, "Clear list").click()
    assert bank.conversions.past() == []
    with qtbot.waitSignal(bank.conversions.changed):
        button(converter, "Undo").click()
    assert bank.conversions.past() == before
    assert len(converter.past.table.text_rows.rows) == 3


def test_a_currency_can_be_named_in_words(converter, qtbot):
    converter.quote.clear()
    qtbot.keyClicks(converter.quote, "somoni")
    qtbot.keyClick(converter.quote, Key.Key_Escape)
    qtbot.keyClick(converter.quote, Key.Key_Return)
    assert converter.pair == Pair("USD", "TJS")


def test_a_currency_field_never_shows_another_currency_than_is_converted(converter, qtbot):
    converter.quote.setFocus()
    converter.quote.clear()
    qtbot.keyClicks(converter.quote, "qqq")
    qtbot.keyClick(converter.quote, Key.Key_Return)
    assert "qqq" in converter.understood.text()
    converter.amount.setFocus()
    assert (converter.quote.text(), converter.pair) == ("KZT", KZT)
    converter.quote.setFocus()
    converter.quote.clear()
    qtbot.keyClicks(converter.quote, "kgs")
    qtbot.keyClick(converter.quote.completer().popup(), Key.Key_Escape)
    converter.amount.setFocus()
    assert (converter.quote.text(), converter.pair) == ("KGS", Pair("USD", "KGS"))


def test_every_field_has_a_name_and_the_window_blocks_nothing(converter):
    fields = (converter.amount, converter.base, converter.quote, converter.day, converter.source)
    assert all(field.accessibleName() for field in fields)
    assert not converter.isModal()
