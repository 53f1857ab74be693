"""The bars beside quotations, which QTextDocument cannot draw itself."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QTextBlock

from desktop.ui.theme import QUOTE_INDENT, Theme, mix

BAR_PX = 3


def quote_depth(block: QTextBlock) -> int:
    """How many quotations a block stands in, by its indentation; 0 for the end of the document."""
    if not block.isValid():
        return 0
    layout = block.blockFormat()
    return int(max(layout.leftMargin(), layout.rightMargin()) // QUOTE_INDENT)


def paint_quote_bars(
    painter: QPainter, first: QTextBlock, shift: QPointF, bottom: float, theme: Theme
) -> None:
    """Paints the bars from a block on down to `bottom`; `shift` is where the document lies in the view."""
    block = first.previous() if first.previous().isValid() else first
    color = mix(theme.muted, theme.base, 0.5)
    while block.isValid():
        rect = _rect(block, shift)
        if rect.top() > bottom:
            return
        for level in range(quote_depth(block)):
            painter.fillRect(_bar(block, rect, level, shift), color)
        block = block.next()


def _bar(block: QTextBlock, rect: QRectF, level: int, shift: QPointF) -> QRectF:
    """The bar of one level beside a block, down to the next block where the quotation goes on."""
    end = rect.bottom()
    if quote_depth(block.next()) > level:
        end = _rect(block.next(), shift).top()
    document = block.document()
    margin = document.rootFrame().frameFormat().leftMargin()
    left = margin + level * QUOTE_INDENT
    if block.blockFormat().rightMargin() >= QUOTE_INDENT:
        left = document.size().width() - margin - level * QUOTE_INDENT - BAR_PX
    return QRectF(shift.x() + left, rect.top(), BAR_PX, end - rect.top())


def _rect(block: QTextBlock, shift: QPointF) -> QRectF:
    return block.document().documentLayout().blockBoundingRect(block).translated(shift)
