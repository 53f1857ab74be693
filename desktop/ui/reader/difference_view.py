"""What a publisher changed in an article: each version against the one before, marked by more than colour."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import islice, pairwise

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import (
    QFont,
    QGuiApplication,
    QKeySequence,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QPushButton, QTextEdit, QVBoxLayout, QWidget

from desktop.core.difference import Difference, Fate, Paragraph, compare, marked
from desktop.core.text import plain, visible
from desktop.core.versions import Version
from desktop.ui import theme, times
from desktop.ui.articles.text_lines import is_right_to_left
from desktop.ui.text import action_text, plain_label, set_text, window_title
from desktop.ui.theme import Theme

SIZE = (760, 640)
MARGIN = 24
LONG = 40_000  # characters of both texts, beyond which they are compared in a thread
AT_ONCE = 25  # paragraphs that are written between two events: 15 ms where all were changed
# Does in a thread what the first is, gives what comes of it to the second, unless the third is gone by then.
Later = Callable[[Callable[[], Difference], Callable[[Difference], None], QObject], None]


class DifferenceView(QDialog):
    """Can be left open beside the window. What is new is underlined, what is gone is struck through."""

    def __init__(
        self,
        title: str,
        versions: Sequence[Version],
        later: Later,
        *,
        withdrawn: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """`versions`: the present one first."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(window_title(f"Changes: {plain(title, 80)}"))
        self.resize(*SIZE)
        self._pairs = list(pairwise(versions))
        if len(self._pairs) > 1:
            self._pairs.append((versions[0], versions[-1]))
        self._withdrawn = withdrawn
        self._later = later
        self._asked = 0  # how often something was compared: only the last counts
        self._unwritten: Iterator[Paragraph] = iter(())
        self._writing = QTimer(self, singleShot=True, interval=0)
        self._writing.timeout.connect(self._write_on)
        self._difference = Difference(())
        self._places: list[tuple[int, int]] = []  # where each change begins and ends
        self._versions = QComboBox(self)
        self._summary = plain_label("", self)
        self._text = QTextEdit(self)
        self._back = self._button("&Previous change", "Shift+F8", self.previous)
        self._on = self._button("&Next change", "F8", self.next)
        self._copy = self._button("&Copy", "", self.copy)
        self._lay_out(versions)
        self._versions.currentIndexChanged.connect(self._show)
        self._show()

    @property
    def summary(self) -> str:
        """How much was changed, in words."""
        return self._summary.text()

    @property
    def shown(self) -> str:
        """The text with its marks in letters, as `copy` gives it."""
        return marked(self._difference)

    @property
    def selected(self) -> str:
        """The change that the person has gone to."""
        return self._text.textCursor().selectedText()

    def next(self) -> None:
        """Go to the next change; after the last one to the first."""
        at = self._text.textCursor().selectionStart() if self._text.textCursor().hasSelection() else -1
        self._go(next((place for place in self._places if place[0] > at), self._places[0]))

    def previous(self) -> None:
        """Go to the change before; before the first one to the last."""
        at = self._text.textCursor().selectionStart()
        before = [place for place in self._places if place[0] < at]
        self._go(before[-1] if before else self._places[-1])

    def copy(self) -> None:
        """Put the text on the clipboard, with [-removed-] and {+added+}."""
        QGuiApplication.clipboard().setText(self.shown)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_places"):
            self._write()

    def _lay_out(self, versions: Sequence[Version]) -> None:
        self._versions.setAccessibleName("Which change")
        for later, former in self._pairs:
            self._versions.addItem(action_text(_pair_words(later.since, former.since, versions), 120))
        self._text.setReadOnly(True)
        self._text.setAccessibleName("Changes")
        self._text.setTabChangesFocus(True)
        # A selection by the buttons must be seen while they have the focus.
        self._text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._text.document().setDocumentMargin(MARGIN)
        self._text.setFont(theme.scaled(self.font(), 1.15))
        top = QHBoxLayout()
        top.setSpacing(theme.SPACE_M)
        top.addWidget(self._versions)
        top.addStretch(1)
        for button in (self._back, self._on, self._copy):
            top.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setSpacing(theme.SPACE_M)
        layout.addLayout(top)
        layout.addWidget(self._summary)
        layout.addWidget(self._text, 1)
        self._versions.setVisible(bool(self._pairs))

    def _button(self, text: str, keys: str, slot: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        if keys:
            button.setShortcut(QKeySequence(keys))
        button.clicked.connect(slot)
        return button

    def _show(self) -> None:
        self._asked += 1
        shown = partial(self._on_compared, self._asked)
        if not self._pairs:
            shown(Difference(()))
            return
        later, former = self._pairs[self._versions.currentIndex()]
        if len(later.whole) + len(former.whole) <= LONG:
            shown(compare(former.whole, later.whole))
            return
        self._on_compared(self._asked, Difference(()))
        set_text(self._summary, "Comparing…")
        self._later(partial(compare, former.whole, later.whole), shown, self)

    def _on_compared(self, asked: int, difference: Difference) -> None:
        if asked == self._asked:
            self._difference = difference
            self._write()
            set_text(self._summary, self._words())
            self._text.setAccessibleDescription(self._summary.text())

    def _words(self) -> str:
        words = ["Withdrawn by the publisher; your copy stays."] if self._withdrawn else []
        if not self._pairs:
            return " ".join([*words, "The text has not changed since it was stored."])
        if not self._difference:
            return " ".join([*words, "Only the form was changed; every word is the same."])
        added, removed = self._difference.added, self._difference.removed
        parts = [f"{_passages(added)} added (underlined)"] if added else []
        parts += [f"{_passages(removed)} removed (struck through)"] if removed else []
        words.append(f"{', '.join(parts)}.")
        return " ".join(words)

    def _write(self) -> None:
        self._text.clear()
        self._places = []
        self._unwritten = iter(self._difference.paragraphs)
        self._write_on()
        self._text.moveCursor(QTextCursor.MoveOperation.Start)

    def _write_on(self) -> None:
        """Writes the next paragraphs behind the others."""
        formats = _formats(Theme.of(self.palette()))
        cursor = QTextCursor(self._text.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        few = list(islice(self._unwritten, AT_ONCE))
        for paragraph in few:
            if cursor.position():
                cursor.insertBlock()
            self._set_block(cursor, paragraph)
            for run in paragraph:
                start = cursor.position()
                cursor.insertText(visible(run.text), formats[run.fate])
                if run.fate is not Fate.SAME:
                    self._places.append((start, cursor.position()))
        if len(few) == AT_ONCE:
            self._writing.start()
        for button in (self._back, self._on):
            button.setEnabled(bool(self._places))
        self._copy.setEnabled(bool(self._difference.paragraphs))

    def _set_block(self, cursor: QTextCursor, paragraph: Paragraph) -> None:
        block = QTextBlockFormat()
        block.setBottomMargin(self.fontMetrics().height() * 0.8)
        block.setLineHeight(135, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        is_rtl = is_right_to_left("".join(run.text for run in paragraph))
        block.setLayoutDirection(Qt.LayoutDirection.RightToLeft if is_rtl else Qt.LayoutDirection.LeftToRight)
        cursor.setBlockFormat(block)

    def _go(self, place: tuple[int, int]) -> None:
        cursor = self._text.textCursor()
        cursor.setPosition(place[0])
        cursor.setPosition(place[1], QTextCursor.MoveMode.KeepAnchor)
        self._text.setTextCursor(cursor)
        self._text.ensureCursorVisible()


def _formats(look: Theme) -> dict[Fate, QTextCharFormat]:
    same, added, removed = QTextCharFormat(), QTextCharFormat(), QTextCharFormat()
    for made, colour in ((added, look.up), (removed, look.down)):
        ground = theme.mix(colour, look.base, 0.16)
        if not look.high_contrast:
            made.setBackground(ground)
        made.setForeground(theme.legible(look.text, ground))
    added.setFontUnderline(True)
    added.setFontWeight(QFont.Weight.DemiBold)
    removed.setFontStrikeOut(True)
    removed.setForeground(look.muted_on(theme.mix(look.down, look.base, 0.16), look.text))
    same.setForeground(look.text)
    return {Fate.SAME: same, Fate.ADDED: added, Fate.REMOVED: removed}


def _pair_words(later: datetime, former: datetime, versions: Sequence[Version]) -> str:
    if len(versions) > 2 and former == versions[-1].since and later == versions[0].since:
        return "All changes together"
    return f"Changed {times.full(later)}"


def _passages(number: int) -> str:
    return "1 passage" if number == 1 else f"{times.count(number)} passages"
