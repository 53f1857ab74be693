"""Everywhere that a window shows text: read as a person would see it, with what is wrong with the way it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex
from PySide6.QtGui import QAction, Qt, QTextDocument
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QProgressBar,
    QTabBar,
    QTextEdit,
    QWidget,
)

from desktop.core.text import visible
from tests.ui.hostile_strings import marks, shows

ROWS = 150  # of a view that are looked at
TIP = re.compile(r"<qt>(?:[^<]|<br>)*</qt>", re.DOTALL)
# The same characters as the door takes out; written out here, so that the door is examined and not believed.
UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
LARGEST_PX = 80
PIECE = 40
# Parts of an address are shown as they go over the wire, "%20" for a blank.
ADDRESSES = {
    "address",
    "shownlink",
    "hovered",
    "menulink",
    "offered",
    "moved",
    "enclosure",
    "foundurl",
    "packurl",
}


class Shown(NamedTuple):
    """A text of a window: what it stands in, as it is seen, and what is wrong with it ("" for nothing)."""

    sink: str
    text: str
    fault: str = ""
    is_typed: bool = False  # the person's own field, which keeps what was typed
    is_part: bool = False  # a line of a text that was broken by us


def texts(widget: QWidget) -> Iterator[Shown]:
    """All texts of one widget, without those of its parts."""
    yield from _of_any(widget)
    if isinstance(widget, QLabel):
        yield _label(widget)
    elif isinstance(widget, QMessageBox):
        yield from _box(widget)
    elif isinstance(widget, QAbstractButton):
        yield Shown("button", unescaped(widget.text()))
    elif isinstance(widget, QGroupBox):
        yield Shown("group", unescaped(widget.title()))
    elif isinstance(widget, QLineEdit):
        yield Shown("field", widget.text(), is_typed=not widget.isReadOnly())
        yield Shown("placeholder", widget.placeholderText())
    elif isinstance(widget, QPlainTextEdit):
        yield Shown("field", widget.toPlainText(), is_typed=not widget.isReadOnly())
    elif isinstance(widget, QTextEdit):
        yield from document(widget.document(), is_typed=not widget.isReadOnly())
    elif isinstance(widget, QComboBox):
        yield from model(widget.model())
    elif isinstance(widget, QTabBar):
        for at in range(widget.count()):
            yield Shown("tab", unescaped(widget.tabText(at)))
            yield tip(widget.tabToolTip(at))
    elif isinstance(widget, QHeaderView):
        yield from _header(widget)
    elif isinstance(widget, QAbstractItemView):
        yield from model(widget.model())
    elif isinstance(widget, QProgressBar):
        yield Shown("progress", widget.text())


def _of_any(widget: QWidget) -> Iterator[Shown]:
    if widget.isWindow() and widget.windowTitle():
        title = widget.windowTitle()
        fault = "a mark of change" if "[*]" in title.replace("[*][*]", "") else ""
        yield Shown("title", title.replace("[*][*]", "[*]"), fault)
    yield tip(widget.toolTip())
    yield tip(widget.whatsThis())
    yield Shown("status", widget.statusTip())
    for action in widget.actions():
        yield from _action(action, is_tip_shown=not isinstance(widget, QMenu) or widget.toolTipsVisible())
    if isinstance(widget, QMenu):
        yield Shown("menu", unescaped(widget.title()))


def _action(action: QAction, *, is_tip_shown: bool) -> Iterator[Shown]:
    yield Shown("action", unescaped(action.text().partition("\t")[0]))
    yield Shown("status", action.statusTip())
    if is_tip_shown and action.toolTip() != unescaped(action.text()):  # else Qt made it of the text
        yield tip(action.toolTip())


def _label(label: QLabel) -> Shown:
    is_plain = label.textFormat() is Qt.TextFormat.PlainText
    could_act = Qt.mightBeRichText(label.text()) or bool(marks(label.text()))
    fault = "a label that takes HTML" if not is_plain and could_act else ""
    if label.buddy() is not None:
        return Shown("label", unescaped(label.text()), fault)
    return Shown("label", label.text(), fault)


def _box(box: QMessageBox) -> Iterator[Shown]:
    fault = "" if box.textFormat() is Qt.TextFormat.PlainText else "a message that takes HTML"
    for text in (box.text(), box.informativeText(), box.detailedText()):
        yield Shown("message", text, fault if text else "")


def _header(header: QHeaderView) -> Iterator[Shown]:
    found = header.model()
    if found is None:
        return
    for section in range(min(header.count(), 40)):
        for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            value = found.headerData(section, header.orientation(), role)
            if isinstance(value, str):
                yield tip(value) if role == Qt.ItemDataRole.ToolTipRole else Shown("head", value)


def model(found: QAbstractItemModel | None) -> Iterator[Shown]:
    """What a model gives to show of its first rows, and of those under them."""
    waiting = [QModelIndex()] if found is not None else []
    left = ROWS
    columns = (lambda _: 1) if isinstance(found, QAbstractListModel) else getattr(found, "columnCount", None)
    while found is not None and waiting and left > 0:
        parent = waiting.pop(0)
        for row in range(min(found.rowCount(parent), left)):
            left -= 1
            for column in range(columns(parent)):
                yield from _cell(found, found.index(row, column, parent))
            waiting.append(found.index(row, 0, parent))


def _cell(found: QAbstractItemModel, index: QModelIndex) -> Iterator[Shown]:
    for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.StatusTipRole):
        value = found.data(index, role)
        if isinstance(value, str):
            yield Shown("line", value)
    for role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.WhatsThisRole):
        value = found.data(index, role)
        if isinstance(value, str):
            yield tip(value)


@lru_cache(10_000)
def tip(text: str) -> Shown:
    """A text that Qt takes for HTML when it looks like it: plain, or escaped within one pair of tags."""
    if not Qt.mightBeRichText(text):
        return Shown("tooltip", text)
    if TIP.fullmatch(text) is None:
        return Shown("tooltip", text, "a tooltip with tags of its own")
    seen = QTextDocument()
    seen.setHtml(text)
    return Shown("tooltip", seen.toPlainText(), "; ".join(_acting(seen)))


def document(found: QTextDocument, *, is_typed: bool = False) -> Iterator[Shown]:
    """The blocks of a text that is shown with its markup."""
    for fault in _acting(found, links=True):
        yield Shown("text", "", fault)
    block = found.begin()
    while block.isValid():
        yield Shown("text", block.text(), is_typed=is_typed, is_part=True)
        block = block.next()


def _acting(found: QTextDocument, *, links: bool = False) -> Iterator[str]:
    """What in a document is more than words: pictures that are not the store's, links, giant letters."""
    block = found.begin()
    while block.isValid():
        place = block.begin()
        while not place.atEnd():
            made = place.fragment().charFormat()
            if made.isImageFormat() and not made.toImageFormat().name().startswith("cache:"):
                yield f"the picture {made.toImageFormat().name()!r}"
            if made.isAnchor() and made.anchorHref() and not links:
                yield f"a link to {made.anchorHref()!r}"
            if made.anchorHref().startswith(("file:", "javascript:", "data:", "/")):
                yield f"a link to {made.anchorHref()!r}"
            if max(made.font().pixelSize(), made.font().pointSizeF()) > LARGEST_PX:
                yield "giant letters"
            place += 1
        block = block.next()


def without_breaks(text: str) -> str:
    """A text without the places at which the door lets a word beyond all measure be broken: after 40 letters each."""
    words = ((word, word.split("\u200b")) for word in re.split(r"(\s+|[/?-])", text))
    return "".join(
        "".join(pieces) if all(len(piece) >= PIECE for piece in pieces[:-1]) else word
        for word, pieces in words
    )


def unescaped(text: str) -> str:
    """The text of a button, a tab or a menu entry as it is seen: "&&" is "&", "&" alone marks a key."""
    return re.sub("&(.)", r"\1", text, flags=re.DOTALL)


def fault_of(shown: Shown, planted: Mapping[tuple[str, int], str], *, rewritten: bool = False) -> str:
    """What is wrong with a text that is shown; "" where nothing is. `rewritten`: it need not be letter by letter.

    The words of an article keep their signs of direction: an Arabic paragraph needs them, and Qt lets none reach beyond
    its paragraph.
    """
    if shown.fault:
        return f"{shown.sink}: {shown.fault}: {shown.text[:160]!r}"
    if shown.is_typed:
        return ""
    found = marks(shown.text)
    if UNSEEN.search(without_breaks(shown.text)) and not (
        shown.sink == "text" and all(field == "text" for field, *_ in found)
    ):
        return f"{shown.sink}: something that hides: {shown.text[:160]!r}"
    text = visible(shown.text)
    for field, number, at in [] if rewritten else marks(text):
        value = planted.get((field, number))
        if value is not None and field not in ADDRESSES and not shows(text, value, at, is_part=shown.is_part):
            return f"{shown.sink}: not letter by letter: {shown.text[max(0, at - 60) : at + 100]!r}"
    return ""
