"""Below the search field: the filters that the word being typed may become, to be taken by a key or a click."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QLineEdit

from desktop.core.search_help import Offer, offers, word_before
from desktop.ui.text import plain_lines

if TYPE_CHECKING:
    from desktop.jobs.session import Session

_TAKEN = Qt.ItemDataRole.UserRole + 1


class SearchHelp(QObject):
    """Offers, and takes nothing by itself: Enter without a choice searches, as without the list."""

    def __init__(self, session: Session, field: QLineEdit, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._field = field
        self._model = QStandardItemModel(self)
        self._completer = QCompleter(self._model, self)
        self._completer.setCompletionRole(_TAKEN)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setWidget(field)
        popup = self._completer.popup()
        assert popup is not None
        self._popup = popup
        self._popup.setAccessibleName("Filters for the search")
        self._popup.setMinimumWidth(340)
        self._popup.installEventFilter(self)  # after the completer's own: asked before it
        self._completer.activated.connect(self._on_activated)
        field.textEdited.connect(self._on_edited)

    @property
    def texts(self) -> list[str]:
        """What is offered now."""
        return [self._model.item(row).data(_TAKEN) for row in range(self._model.rowCount())]

    def take(self, text: str) -> None:
        """Put what was offered in place of the word."""
        cursor = self._field.cursorPosition()
        whole = self._field.text()
        start = cursor - len(word_before(whole, cursor))
        self._field.setText(whole[:start] + text + whole[cursor:].lstrip())
        self._field.setCursorPosition(start + len(text))
        self._on_edited()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Tab take the chosen line, Escape takes none; the completer would hand them to the field, which
        goes on to the list, or clears itself."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() == Qt.Key.Key_Escape:
            self._popup.hide()
            return True
        chosen = self._popup.currentIndex()
        if not chosen.isValid():
            return False
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
            return False
        self._popup.hide()
        self._on_activated(chosen)
        return True

    def _on_edited(self) -> None:
        word = word_before(self._field.text(), self._field.cursorPosition())
        found = offers(word, self._values(word)) if word else []
        self._model.clear()
        for one in found:
            self._model.appendRow(_item(one))
        if found and self._field.hasFocus():
            self._completer.complete()
            self._popup.setCurrentIndex(QModelIndex())  # the view has made its first line current
        else:
            self._popup.hide()

    def _values(self, word: str) -> dict[str, list[str]]:
        """What there is of the filter that the word names."""
        name = word.removeprefix("-").partition(":")[0]
        reader = self._session.reader
        if name == "tag":
            return {name: [one.name for one in reader.tags.all()]}
        if name not in ("source", "folder", "lang", "country"):
            return {}
        sources = reader.sources.all()
        found = {
            "source": [one.title for one in sources],
            "folder": [one.folder for one in sources],
            "lang": [one.replace("_", "-").partition("-")[0].lower() for one in reader.sources.languages()],
            "country": [one.country.upper() for one in sources],
        }[name]
        return {name: sorted({one for one in found if one})}

    def _on_activated(self, chosen: str | QModelIndex) -> None:
        self.take(chosen if isinstance(chosen, str) else str(chosen.data(_TAKEN)))


def _item(offer: Offer) -> QStandardItem:
    words = plain_lines(offer.text.strip())
    item = QStandardItem(f"{words}   {offer.about}" if offer.about else words)
    item.setData(offer.text, _TAKEN)
    item.setEditable(False)
    return item
