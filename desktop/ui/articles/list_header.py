"""Around the list: the search field, the filter, the pill that announces new articles, the lines about both."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QToolButton, QWidget

from desktop.core.models import ArticleQuery, View
from desktop.core.text import visible
from desktop.ui import icons, theme, times
from desktop.ui.text import plain_label, tooltip
from desktop.ui.theme import Theme

TYPING_MS = 250  # a pause of this length in typing starts the search
_ARROW = 14


class ListHeader(QWidget):
    """Words and a filter that narrow what the list shows."""

    changed = Signal()
    save_requested = Signal()
    lens_requested = Signal(QPoint)  # where, on the screen: a country is to be chosen
    left = Signal()  # Enter, Down or Escape: on to the list

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = _SearchField(self)
        self._magnifier = QAction(self)
        self._field.addAction(self._magnifier, QLineEdit.ActionPosition.LeadingPosition)
        self._keep = QAction("Save this search", self)
        tooltip(self._keep, "Save this search in the sidebar")
        self._keep.setVisible(False)
        self._field.addAction(self._keep, QLineEdit.ActionPosition.TrailingPosition)
        self._keep.triggered.connect(self.save_requested)
        self._chip = QToolButton(self)
        self._chip.setCheckable(True)
        self._chip.setText("Unread")
        self._chip.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._chip.setAccessibleName("Unread only")
        tooltip(self._chip, "Show unread articles only")
        self._lens = QToolButton(self)
        self.show_lens("")
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.SPACE_M, theme.SPACE_M, theme.SPACE_M, theme.SPACE_M)
        layout.setSpacing(theme.SPACE_M)
        layout.addWidget(self._field, 1)
        layout.addWidget(self._chip)
        layout.addWidget(self._lens)
        self._lens.clicked.connect(self._on_lens)
        self._field.textChanged.connect(self._on_text)
        self._field.left.connect(self._on_left)
        self._typing.timeout.connect(self.changed)
        self._chip.toggled.connect(self.changed)
        self._tint()

    @property
    def field(self) -> QLineEdit:
        """Where the words are typed."""
        return self._field

    @property
    def words(self) -> str:
        """What is searched for; "" where nothing can be seen of it."""
        typed = self._field.text().strip()
        return typed if visible(typed).strip() else ""

    @property
    def unread_only(self) -> bool:
        return self._chip.isChecked() and self._chip.isVisibleTo(self)

    def narrow(self, base: ArticleQuery) -> ArticleQuery:
        """`base` with the words and the filter."""
        words = f"{base.words} {self.words}".strip()
        return base._replace(words=words, unread_only=base.unread_only or self.unread_only)

    def show_for(self, base: ArticleQuery) -> None:
        """Offer what makes sense for a query; the words go."""
        self._field.clear()
        self._typing.stop()
        self._chip.setVisible(base.view is not View.UNREAD)

    def search(self, words: str) -> None:
        """Look for `words` at once."""
        self._field.setText(words)
        self._typing.stop()
        self.changed.emit()

    def clear(self) -> None:
        self.search("")

    @property
    def is_checked(self) -> bool:
        """Whether the filter is on, seen or not."""
        return self._chip.isChecked()

    def set_unread_only(self, on: bool, *, quietly: bool = False) -> None:
        """Set the filter; `quietly` for a list that is about to be read."""
        self._chip.blockSignals(quietly)
        self._chip.setChecked(on)
        self._chip.blockSignals(False)

    def show_lens(self, country: str) -> None:
        """Say which country alone is shown; "" for all."""
        self._lens.setText(country)
        style = Qt.ToolButtonStyle
        self._lens.setToolButtonStyle(style.ToolButtonTextBesideIcon if country else style.ToolButtonIconOnly)
        self._lens.setAccessibleName(f"Country lens: {country or 'all countries'}")
        tooltip(self._lens, "Show one country alone")

    def focus_search(self) -> None:
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()

    def _tint(self) -> None:
        self._chip.setIcon(icons.icon("filter", self.palette()))
        self._lens.setIcon(icons.icon("online", self.palette()))
        self._keep.setIcon(icons.icon("pinned", self.palette()))
        self._magnifier.setIcon(icons.icon("search", self.palette()))

    def _on_lens(self) -> None:
        self.lens_requested.emit(self._lens.mapToGlobal(self._lens.rect().bottomLeft()))

    def _on_text(self) -> None:
        self._keep.setVisible(bool(self.words))
        self._typing.start()

    def _on_left(self) -> None:
        if self._typing.isActive():
            self._typing.stop()
            self.changed.emit()
        self.left.emit()


class _SearchField(QLineEdit):
    """A search field that hands the keyboard on to the list."""

    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setPlaceholderText("Search articles")
        self.setAccessibleName("Search articles")
        self.setClearButtonEnabled(True)
        self.setMaxLength(200)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.left.emit()
        else:
            super().keyPressEvent(event)


class NewPill(QPushButton):
    """Lies over the top of the list and says how many articles wait; the list itself does not move."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # r and Home do the same from the list
        self.setFont(theme.scaled(self.font(), 0.95, bold=True))
        self.hide()

    def show_count(self, count: int, *, most: int) -> None:
        """Announce `count` articles, `most` standing for that many or more; 0 hides the pill."""
        more = "+" if count >= most else ""
        self.setText(f"{times.count(count)}{more} new")
        self.setAccessibleName(f"{times.count(count)}{more} new articles, show them")
        self.setVisible(count > 0)
        self.place()

    def place(self) -> None:
        self.adjustSize()
        self.move((self._over.width() - self.width()) // 2, theme.SPACE_M)
        self.raise_()

    def sizeHint(self) -> QSize:
        words = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(words + _ARROW + 4 * theme.SPACE_M, self.fontMetrics().height() + 2 * theme.SPACE_S + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = Theme.of(self.palette())
        ground = look.accent if not self.isDown() else theme.mix(look.text, look.accent, 0.2)
        ink = theme.legible(look.selected_text, ground)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        box = QRectF(self.rect())
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        left = box.left() + 1.5 * theme.SPACE_M
        icons.draw(painter, "up", QRectF(left, (box.height() - _ARROW) / 2, _ARROW, _ARROW), ink)
        painter.setPen(ink)
        painter.drawText(
            box.adjusted(left + _ARROW + theme.SPACE_S, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text()
        )
        painter.end()


def position_label(parent: QWidget) -> QLabel:
    """Under the list: which articles are in view, of how many."""
    label = plain_label("", parent)
    label.setFont(theme.scaled(parent.font(), 0.92))
    label.setContentsMargins(theme.SPACE_M, theme.SPACE_S, theme.SPACE_M, theme.SPACE_S)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setAccessibleName("Place in the list")
    return label


def doubt_label(parent: QWidget) -> QLabel:
    """Under the search field: what of a search could not be read."""
    label = plain_label("", parent)
    label.setContentsMargins(theme.SPACE_M, 0, theme.SPACE_M, theme.SPACE_M)
    label.setWordWrap(True)
    label.setAccessibleName("About the search")
    label.hide()
    return label
