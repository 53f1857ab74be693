"""Breaking a text into a few lines for painting, the last one cut; done once for a text and width."""

from __future__ import annotations

import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QTextLayout, QTextOption

from desktop.core.text import plain
from desktop.ui.text import utf16
from desktop.ui.theme import Theme, mark_format

Spans = Callable[[str], Sequence[tuple[int, int]]]  # where the words that are searched for stand in a text

KEPT = 600


class TextLines:
    """Lines of text by font, width and number of lines; the last few hundred are kept."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str, int, int], tuple[str, ...]] = OrderedDict()

    def get(self, text: str, font: QFont, width: int, most: int, otherwise: str = "") -> tuple[str, ...]:
        """At most `most` lines of `text`, none wider than `width`; of `otherwise` where nothing of it can be seen."""
        key = (text, font.key(), width, most)
        found = self._kept.get(key)
        if found is None:
            found = broken(plain(text) or otherwise, font, width, most)
            self._kept[key] = found
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return found


def broken(text: str, font: QFont, width: int, most: int) -> tuple[str, ...]:
    """`text` in at most `most` lines; what does not fit is cut with an ellipsis."""
    if not text or most <= 0 or width <= 0:
        return ()
    metrics = QFontMetricsF(font)
    lines: list[str] = []
    rest = text
    while rest and len(lines) < most - 1:
        length = _fitting(rest, font, width)
        lines.append(rest[:length].rstrip())
        rest = rest[length:].lstrip()
    if rest:
        lines.append(metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width))
    return tuple(lines)


def is_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction runs from right to left."""
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


def paint_line(
    painter: QPainter, box: QRectF, line: str, *, rtl: bool, marks: Sequence[QTextLayout.FormatRange] = ()
) -> None:
    """One line in `box`, at the side where its direction begins; `marks` say which parts look otherwise."""
    direction = Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight
    option = QTextOption(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)  # left: where it begins
    option.setTextDirection(direction)
    option.setWrapMode(QTextOption.WrapMode.NoWrap)
    if not marks:
        painter.drawText(box, line, option)
        return
    layout = QTextLayout(line, painter.font())
    layout.setTextOption(option)
    layout.setFormats(list(marks))
    layout.beginLayout()
    laid = layout.createLine()
    laid.setLineWidth(box.width())
    layout.endLayout()
    layout.draw(painter, box.topLeft() + QPointF(0, (box.height() - laid.height()) / 2))


def marks_of(line: str, spans: Spans | None, look: Theme) -> list[QTextLayout.FormatRange]:
    """The parts of `line` that stand out as words that were searched for."""
    if spans is None:
        return []
    found = []
    format_ = mark_format(look)
    for start, end in spans(line):
        mark = QTextLayout.FormatRange()
        mark.start = utf16(line, start)
        mark.length = utf16(line, end) - mark.start
        mark.format = format_
        found.append(mark)
    return found


def _fitting(text: str, font: QFont, width: int) -> int:
    """How many letters of `text` go on one line; never none. Python letters, not UTF-16 units."""
    head = text[:400]
    layout = QTextLayout(head, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(width)
    line.setPosition(QPointF(0, 0))
    layout.endLayout()
    return max(1, _letters(head, line.textLength()))


def _letters(text: str, units: int) -> int:
    """How many letters of `text` are in so many UTF-16 units of it; one that is cut in two is not."""
    if max(text) <= "\uffff":  # nearly every text: each letter is one unit, and no codec is loaded
        return units
    return len(text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore"))
