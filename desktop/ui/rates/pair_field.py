"""Fields in which a pair or a currency is typed in any usual form, with suggestions while typing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QCompleter,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop.core.errors import UsageError
from desktop.core.rates import Pair
from desktop.ui.theme import SPACE_L, SPACE_M, Theme, scaled

if TYPE_CHECKING:
    from desktop.core.rates.pair_words import Lexicon

NAMES_ROLE = Qt.ItemDataRole.UserRole + 1
POPUP_WIDTH = 380
Index = QModelIndex | QPersistentModelIndex


class WordField(QLineEdit):
    """A line with suggestions: codes with the names they stand for. `words` gives the lexicon, when it is needed."""

    refused = Signal(str)  # why what was typed is not taken; "" while typing goes on

    def __init__(self, words: Callable[[], Lexicon], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self.suggestions = Suggestions(self)
        completer = QCompleter(self.suggestions, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setMaxVisibleItems(12)
        self._popup = QListView(self)
        self._popup.setMinimumWidth(POPUP_WIDTH)
        completer.setPopup(self._popup)  # which gives it a delegate of Qt's
        self._popup.setItemDelegate(_SuggestionDelegate(self._popup))
        self.setCompleter(completer)
        self.setClearButtonEnabled(True)
        self.textEdited.connect(self._on_edited)
        self.returnPressed.connect(self._on_return)
        completer.activated.connect(self._take)

    def suggest(self, text: str) -> list[tuple[str, str]]:
        """What `text` may mean, as (code, names), the likeliest first."""
        raise NotImplementedError

    def take(self, text: str) -> None:
        """Accept `text`; UsageError where it is not clear enough."""
        raise NotImplementedError

    def _on_edited(self, text: str) -> None:
        self.suggestions.show(self.suggest(text))
        self.refused.emit("")

    def _on_return(self) -> None:
        """The popup answers the key itself where one of its lines is chosen."""
        if not (self._popup.isVisible() and self._popup.currentIndex().isValid()):
            self._take(self.text())

    def _take(self, text: str) -> None:
        if not text.strip():
            return
        try:
            self.take(text)
        except UsageError as error:
            self.refused.emit(str(error))
        else:
            self._popup.hide()


class PairField(WordField):
    """For a pair. Emits it and empties itself."""

    pair_chosen = Signal(object)  # Pair

    def __init__(self, words: Callable[[], Lexicon], parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self.setAccessibleName("Add a pair")
        self.setAccessibleDescription("Codes, names or countries, such as USD/KZT or dollar tenge")
        self.setPlaceholderText("Add a pair: USD/KZT, dollar tenge…")

    def suggest(self, text: str) -> list[tuple[str, str]]:
        words = self._words()
        return [(str(pair), names_of(pair, words)) for pair in words.pairs(text)]

    def take(self, text: str) -> None:
        pair = self._words().pair(text)
        self.clear()
        self.pair_chosen.emit(pair)


class CurrencyField(WordField):
    """For one currency, whose code it shows."""

    currency_chosen = Signal(str)

    def __init__(self, words: Callable[[], Lexicon], parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self._code = ""
        self.setPlaceholderText("Currency")
        self.setAccessibleName("Currency")

    @property
    def currency(self) -> str:
        """The code that was taken last; "" before the first."""
        return self._code

    def set_currency(self, code: str) -> None:
        """Show a currency without telling of it."""
        self._code = code
        self.setText(code)

    def suggest(self, text: str) -> list[tuple[str, str]]:
        words = self._words()
        return [(code, words.name(code)) for code in words.currencies(text)]

    def take(self, text: str) -> None:
        code = self._words().currency(text)
        is_new = code != self._code
        self.set_currency(code)
        if is_new:
            self.currency_chosen.emit(code)


class Suggestions(QAbstractListModel):
    """What may be meant: the code as the text that is taken, the names beside it."""

    def __init__(self, parent: WordField) -> None:
        super().__init__(parent)
        self._lines: list[tuple[str, str]] = []

    @property
    def codes(self) -> list[str]:
        return [code for code, _ in self._lines]

    def show(self, lines: list[tuple[str, str]]) -> None:
        """Put these lines in the place of the former ones."""
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if not 0 <= index.row() < len(self._lines):
            return None
        code, names = self._lines[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return code
        if role == NAMES_ROLE:
            return names
        return f"{code}, {names}" if role == Qt.ItemDataRole.AccessibleTextRole else None


class _SuggestionDelegate(QStyledItemDelegate):
    """The code as text, and its names, quiet, in a column of their own."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return super().sizeHint(option, index).expandedTo(QSize(0, option.fontMetrics.height() + SPACE_M))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        theme = Theme.of(option.palette)
        ground = theme.accent if is_chosen else theme.base
        painter.save()
        painter.setFont(scaled(option.font, 0.95))
        painter.setPen(theme.selected_text if is_chosen else theme.muted_on(ground, theme.text))
        column = option.fontMetrics.horizontalAdvance("MMM/MMM") + SPACE_L
        room = option.rect.adjusted(column, 0, -SPACE_L // 2, 0)
        names = painter.fontMetrics().elidedText(
            index.data(NAMES_ROLE), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, names)
        painter.restore()


def names_of(pair: Pair, words: Lexicon) -> str:
    """The two currencies of a pair by name: "US dollar, Kazakhstani tenge"."""
    return f"{words.name(pair.base)}, {words.name(pair.quote)}"
