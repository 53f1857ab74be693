"""What HTML cannot tell QTextDocument: the column, pictures on lines of their own, right-to-left blocks."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextBlock, QTextBlockFormat, QTextCursor, QTextDocument, QTextOption

from desktop.ui.reader.quotes import quote_depth
from desktop.ui.theme import SPACE_L, SPACE_M, SPACE_XL

LIST_INDENT = 26.0
PICTURE_MARK = "\ufffc"
_RIGHT_TO_LEFT = Qt.LayoutDirection.RightToLeft


def prepare(document: QTextDocument, *, justified: bool = False) -> None:
    """Sets what must be known before the HTML comes."""
    option = QTextOption()
    if justified:
        option.setAlignment(Qt.AlignmentFlag.AlignJustify)
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)  # each block by its own first letter
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    document.setDefaultTextOption(option)
    document.setIndentWidth(LIST_INDENT)


def arrange(document: QTextDocument, *, justified: bool = False) -> None:
    """Centres pictures, without the leading of text, and puts right-to-left blocks on their own side.

    Where the text is justified, headings are not.
    """
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    block = document.begin()
    while block.isValid():
        right_to_left = block.textDirection() == _RIGHT_TO_LEFT
        is_picture = _is_picture(block)
        is_ragged = justified and bool(block.blockFormat().headingLevel())
        layout = block.blockFormat()
        ends_quote = layout.bottomMargin() < SPACE_M and quote_depth(block) > quote_depth(block.next())
        if right_to_left or is_picture or is_ragged or ends_quote:
            if ends_quote:
                layout.setBottomMargin(SPACE_M)
            if is_ragged:
                layout.setAlignment(Qt.AlignmentFlag.AlignLeft)
            if is_picture:
                _centre(layout, SPACE_M if _is_caption(block.next()) else SPACE_L)
            elif right_to_left:
                _mirror(layout)
            cursor.setPosition(block.position())
            cursor.setBlockFormat(layout)
        block = block.next()
    cursor.endEditBlock()


def set_column(document: QTextDocument, margin: float) -> None:
    """Leaves `margin` on either side of the text."""
    root = document.rootFrame()
    layout = root.frameFormat()
    layout.setLeftMargin(margin)
    layout.setRightMargin(margin)
    layout.setTopMargin(SPACE_XL)
    layout.setBottomMargin(2 * SPACE_XL)
    if layout != root.frameFormat():  # Qt would set the whole text anew
        root.setFrameFormat(layout)


def _is_picture(block: QTextBlock) -> bool:
    text = block.text()
    return PICTURE_MARK in text and not text.replace(PICTURE_MARK, "").strip()


def _mirror(layout: QTextBlockFormat) -> None:
    layout.setLayoutDirection(_RIGHT_TO_LEFT)
    layout.setRightMargin(layout.leftMargin())
    layout.setLeftMargin(0)


def _is_caption(block: QTextBlock) -> bool:
    centred = block.blockFormat().alignment() & Qt.AlignmentFlag.AlignHCenter
    return block.isValid() and bool(centred) and not _is_picture(block)


def _centre(layout: QTextBlockFormat, room_below: int) -> None:
    layout.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    layout.setLineHeight(100, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    layout.setBottomMargin(room_below)
