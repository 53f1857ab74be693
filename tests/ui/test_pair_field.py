"""The fields for a pair and for a currency: what is suggested, taken and refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from desktop.core.rates import Pair
from desktop.sync.lexicon import lexicon
from desktop.ui.rates.pair_field import CurrencyField, PairField, WordField

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


class Heard:
    """What a field said, in order."""

    def __init__(self, field: WordField) -> None:
        self.taken: list[object] = []
        self.refused: list[str] = []
        field.refused.connect(self.refused.append)


@pytest.fixture
def place(show: Callable[[QWidget], QWidget]) -> Callable[[type[WordField]], tuple[WordField, Heard]]:
    def make(kind: type[WordField]) -> tuple[WordField, Heard]:
        host = QWidget()
        field = kind(lexicon, host)
        QVBoxLayout(host).addWidget(field)
        show(host)
        field.setFocus()
        heard = Heard(field)
        signal = field.pair_chosen if isinstance(field, PairField) else field.currency_chosen  # type: ignore[attr-defined]
        signal.connect(heard.taken.append)
        return field, heard

    return make


def write(field: WordField, text: str) -> None:
    """Letters of any script; QTest knows only those of Latin-1."""
    for letter in text:
        QApplication.sendEvent(
            field, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter)
        )


def press(field: WordField, key: Qt.Key) -> None:
    popup = field.completer().popup()
    QTest.keyClick(popup if popup.isVisible() else field, key)


def test_words_and_enter_give_the_pair_and_empty_the_field(place) -> None:
    field, heard = place(PairField)
    write(field, "dollar tenge")
    press(field, Qt.Key.Key_Return)
    assert heard.taken == [Pair("USD", "KZT")]
    assert field.text() == ""
    assert not field.completer().popup().isVisible()


def test_a_suggestion_is_taken_once_with_the_arrow_and_enter(place) -> None:
    field, heard = place(PairField)
    write(field, "som")
    assert field.suggestions.codes[:2] == ["USD/KGS", "USD/UZS"]
    press(field, Qt.Key.Key_Down)
    press(field, Qt.Key.Key_Down)
    press(field, Qt.Key.Key_Return)
    assert heard.taken == [Pair("USD", "UZS")]


def test_a_suggestion_is_read_out_with_the_names_of_its_currencies(place) -> None:
    field, _ = place(PairField)
    write(field, "usd/kz")
    spoken = field.suggestions.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "USD/KZT, US dollar, Kazakhstani tenge"


def test_what_is_not_clear_stays_in_the_field_with_the_reason(place) -> None:
    field, heard = place(PairField)
    write(field, "dollar som")
    press(field, Qt.Key.Key_Return)
    assert heard.taken == []
    assert heard.refused[-1] == "“dollar som” may mean more than one pair. Write one of USD/KGS, USD/UZS."
    assert field.text() == "dollar som"
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    assert heard.refused[-1] == ""


def test_a_currency_field_shows_the_code_and_tells_of_it_once(place) -> None:
    field, heard = place(CurrencyField)
    for typed in ("теңге", "kazakhstan"):
        field.clear()
        write(field, typed)
        press(field, Qt.Key.Key_Return)
    assert (field.text(), field.currency, heard.taken) == ("KZT", "KZT", ["KZT"])
    field.set_currency("USD")
    assert (field.text(), heard.taken) == ("USD", ["KZT"])
