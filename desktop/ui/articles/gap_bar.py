"""Beside the list: a sentence on what it does not show, and what can be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.ui import icons, theme, times
from desktop.ui.text import action_text, plain_label, set_text
from desktop.ui.theme import Theme

if TYPE_CHECKING:
    from desktop.jobs.session import Session
    from desktop.ui.articles.model import ArticleModel

ICON = 16
MOST_BUTTONS = 4


class GapBar(QWidget):
    """A sentence and up to three buttons; it says which one was pressed."""

    pressed = Signal(str)  # the words on the button

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = plain_label("", self)
        self._words = plain_label("", self)
        self._words.setWordWrap(True)
        self._buttons = [QPushButton(self) for _ in range(MOST_BUTTONS)]
        self._texts: tuple[str, ...] = ()
        self._is_warning = False
        self._sign = "kept"
        top = QHBoxLayout()
        top.setSpacing(theme.SPACE_M)
        top.addWidget(self._icon)
        top.addWidget(self._words, 1)
        top.addWidget(self._buttons[0])
        below = QHBoxLayout()
        below.setSpacing(theme.SPACE_M)
        below.addStretch(1)
        for button in self._buttons[1:]:
            below.addWidget(button)
        for button in self._buttons:
            button.clicked.connect(self._on_click)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SPACE_M, theme.SPACE_M, theme.SPACE_M, theme.SPACE_M)
        layout.setSpacing(theme.SPACE_M)
        layout.addLayout(top)
        layout.addLayout(below)
        self.hide()

    @property
    def words(self) -> tuple[str, ...]:
        """The sentence, then the buttons, as shown; nothing while it is hidden."""
        return (self._words.text(), *self._texts) if not self.isHidden() else ()

    def say(self, words: str, *buttons: str, warning: bool = False, sign: str = "kept") -> None:
        """Show a sentence with these buttons; "" hides the bar."""
        self._is_warning = warning
        self._sign = sign
        set_text(self._words, words)
        # One stands beside the sentence, more stand below it.
        self._texts = buttons
        for button, text in zip(self._buttons, self._places(), strict=True):
            button.setText(action_text(text))
            button.setAccessibleName(f"{text}: {words}")
            button.setVisible(bool(text))
        self.setAccessibleName(words)
        self._tint()
        self.setVisible(bool(words))

    def press(self, text: str) -> None:
        """What a click on that button does."""
        next(button for button in self._buttons if button.text() == action_text(text)).click()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = Theme.of(self.palette())
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.window)
        painter.fillRect(QRect(0, 0, self.width(), 1), look.separator)
        painter.end()

    def _on_click(self) -> None:
        place = self._buttons.index(self.sender())  # type: ignore[arg-type]
        self.pressed.emit(self._places()[place])

    def _places(self) -> list[str]:
        """The words of each button, those that are hidden too."""
        beside = self._texts[:1] if len(self._texts) < 2 else ("",)
        below = self._texts if len(self._texts) > 1 else ()
        return [*(beside or ("",)), *below, *[""] * (MOST_BUTTONS - 1 - len(below))]

    def _tint(self) -> None:
        look = Theme.of(self.palette())
        name, colour = ("gap", look.warning) if self._is_warning else (self._sign, look.muted)
        self._icon.setPixmap(icons.pixmap(name, colour, ICON, ratio=self.devicePixelRatioF()))


class LensBar(GapBar):
    """Above the list while one country alone is shown: which, and how much is hidden; a search does not know that."""

    def __init__(self, session: Session, model: ArticleModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._model = model
        model.total_changed.connect(self._follow)  # also when the list is read anew
        self.pressed.connect(self._lift)

    def _follow(self) -> None:
        query = self._model.query
        country = query.country
        if not country:
            self.hide()
            return
        hidden = "The others are hidden."
        if not query.words:
            every = self._session.reader.articles.count(query._replace(country="", once=False))
            hidden = f"{times.count(every - self._model.total)} of {times.articles(every)} hidden."
        self.say(f"{country} only. {hidden}", "Show all", sign="online")

    def _lift(self) -> None:
        self._session.set_lens("")
