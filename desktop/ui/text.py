"""The only way for text from outside to reach a widget: as plain text. Qt takes most strings for HTML."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QToolTip, QWidget

from desktop.core.text import plain

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMessageBox

TITLE_LIMIT = 200
NOTICE_LIMIT = 2_000
NOTICE_LINES = 12  # that a message shows; what goes beyond stands under its "Show Details"
NOTICE_LETTERS = 1_200
_UNBROKEN = 60  # letters of a word, beyond which it may be broken: a label is as wide as its longest word
_PIECE = 40
# What Qt breaks anyway: at blanks, slashes and hyphens, and between ideographs, Thai, Lao, Burmese and Khmer letters.
# As a text: it is compiled when a label says more than a long word does, which none does before the first paint.
_LONG_WORD = (
    r"[^\s/?\-\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
    rf"\U00020000-\U0003ffff]{{{_UNBROKEN + 1},}}"
)
# The five of `html.escape`, whose module brings a table of all entities along, and a line's end.
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;", "\n": "<br>"})


def plain_label(text: str = "", parent: QWidget | None = None) -> QLabel:
    """A label that shows `text` letter by letter, whatever is in it."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    set_text(label, text)
    return label


def set_text(label: QLabel, text: str) -> None:
    """Shows `text` on a label as plain text; lines are kept, control and direction characters are not.

    A word beyond all measure may be broken, unless it can be selected: then it is copied as it is.
    """
    label.setTextFormat(Qt.TextFormat.PlainText)
    lines = plain_lines(text)
    is_copied = bool(label.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setText(lines if is_copied else _breakable(lines))


def tooltip(target: QWidget | QAction, text: str) -> None:
    """Gives a widget or an action a tooltip that shows `text` letter by letter."""
    target.setToolTip(tooltip_text(text))


def tooltip_text(text: str) -> str:
    """`text` for a tooltip or a model's ToolTipRole, escaped, since Qt may take it for HTML; "" for none."""
    lines = plain_lines(text)
    if not lines:
        return ""
    return f"<qt>{_breakable(lines).translate(_MARKUP)}</qt>"


def show_tooltip(where: QPoint, text: str, widget: QWidget) -> None:
    """Shows `text` at a global position now; "" hides what is shown."""
    QToolTip.showText(where, tooltip_text(text), widget)


def notice(parent: QWidget | None, title: str, text: str) -> QMessageBox:
    """Shows a message that does not block the window, and deletes itself when closed."""
    from PySide6.QtWidgets import QMessageBox  # no dialog is needed to start

    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setModal(False)
    box.setWindowTitle(window_title(title))
    box.setText(text)
    make_plain(box)
    box.setStandardButtons(QMessageBox.StandardButton.Close)
    box.show()
    return box


def make_plain(box: QMessageBox) -> None:
    """Has a message show its text letter by letter; what makes it too long for a screen, under "Show Details"."""
    lines = plain_lines(box.text(), NOTICE_LIMIT)
    shown = _beginning(lines)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(_breakable(shown))
    if shown != lines:
        box.setDetailedText(lines)


def window_title(text: str) -> str:
    """`text` for a window title: one line, with Qt's "[*]" mark for a changed file defused."""
    return plain(text, TITLE_LIMIT).replace("[*]", "[*][*]")


def action_text(text: str, limit: int = 80) -> str:
    """`text` for a menu entry, a tab or a button: one line, "&" shown instead of making a shortcut."""
    return plain(text, limit).replace("&", "&&")


def utf16(text: str, place: int) -> int:
    """A place in `text` as Qt counts it, in UTF-16 units."""
    return place + sum(letter > "\uffff" for letter in text[:place])


def plain_lines(text: str, limit: int = 500) -> str:
    """`text` without anything that could act, line by line; at most `limit` characters a line."""
    return "\n".join(plain(line, limit) for line in text.split("\n")).strip("\n")


def _beginning(lines: str) -> str:
    """As many lines as a message shows, the last one cut; all where they fit."""
    kept: list[str] = []
    left = NOTICE_LETTERS
    for line in lines.split("\n"):
        if len(kept) == NOTICE_LINES or len(line) > left:
            return "\n".join([*kept, plain(line, min(left, NOTICE_LETTERS // NOTICE_LINES)) or "…"])
        kept.append(line)
        left -= len(line)
    return lines


def _breakable(lines: str) -> str:
    """`lines` with places in words beyond all measure at which a label may break them; nothing is seen of these."""
    return re.sub(_LONG_WORD, _in_pieces, lines) if len(lines) > _UNBROKEN else lines


def _in_pieces(found: re.Match[str]) -> str:
    word, pieces, start = found[0], [], 0
    while len(word) - start > _PIECE:
        end = start + _PIECE
        while end < len(word) and unicodedata.category(word[end]) in ("Mn", "Me", "Mc", "Cf"):
            end += 1  # an accent stays with its letter
        pieces.append(word[start:end])
        start = end
    return "\u200b".join([*pieces, word[start:]]) if start < len(word) else "\u200b".join(pieces)
