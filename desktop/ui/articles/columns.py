"""A list in columns: title, source and date of an article on one line, and the line above that sorts by them."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QMouseEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QStyle, QWidget

from desktop.core.models import ArticleRow, Order
from desktop.core.tags import own_tags
from desktop.ui import theme, times
from desktop.ui.articles.arrangement import order_of
from desktop.ui.articles.look import GAP, GUTTER, PADDING, Faces, Part, Tones, mirrored, paint_marks
from desktop.ui.articles.model import ArticleModel
from desktop.ui.articles.text_lines import Spans, TextLines, is_right_to_left, marks_of, paint_line
from desktop.ui.articles.words import UNTITLED, fate

SOURCE_FROM = 340  # pixels; in a narrower list the title takes the room of the source
SOURCE = (90, 220)  # the least and the greatest width of a source
LONGEST_DATE = "30 Nov 2026"

_ORDERS = {"Title": (Order.TITLE,), "Source": (Order.BY_SOURCE,), "Date": (Order.NEWEST, Order.OLDEST)}
_ARROWS = {Order.OLDEST: "↑", Order.NEWEST: "↓", Order.TITLE: "↑", Order.BY_SOURCE: "↑"}


class Columns(NamedTuple):
    """Where the columns of a row stand, from left to right; a source without width is not shown."""

    title: QRect
    source: QRect
    date: QRect


def columns(rect: QRect, font: QFont) -> Columns:
    """The columns of a row of this rectangle and the list's font."""
    metrics = QFontMetrics(theme.scaled(font, 0.92))
    inner = rect.adjusted(GUTTER, 0, -PADDING - 2, 0)
    date_width = metrics.horizontalAdvance(LONGEST_DATE) + 2
    least, greatest = SOURCE
    source_width = min(greatest, max(least, inner.width() // 4)) if rect.width() >= SOURCE_FROM else 0
    date = QRect(inner.right() - date_width + 1, inner.top(), date_width, inner.height())
    left = date.left() - (source_width + GAP if source_width else 0)
    source = QRect(left, inner.top(), source_width, inner.height())
    return Columns(QRect(inner.left(), inner.top(), left - GAP - inner.left(), inner.height()), source, date)


class Brush(NamedTuple):
    """What a row is painted with."""

    painter: QPainter
    tones: Tones
    faces: Faces
    lines: TextLines
    hits: Spans | None
    now: datetime


def paint_row(brush: Brush, part: Part, row: ArticleRow) -> None:
    """Paint title, marks, source and date; the ground and the dot are there already."""
    painter, tones, faces = brush.painter, brush.tones, brush.faces
    at = Columns(*(mirrored(part, rect) for rect in columns(part.rect, part.font)))
    is_mirrored = part.direction == Qt.LayoutDirection.RightToLeft
    painter.setFont(faces.small)
    room = _paint_about(brush, paint_marks(painter, at.title, row, tones, is_mirrored), row, is_mirrored)
    face = faces.title if row.read else faces.unread
    painter.setFont(face)
    painter.setPen(tones.text)
    for line in brush.lines.get(row.title, face, room.width(), 1, UNTITLED):
        marks = marks_of(line, brush.hits, tones.look)
        paint_line(painter, QRectF(room), line, rtl=is_right_to_left(row.title), marks=marks)
    painter.setFont(faces.small)
    painter.setPen(tones.muted)
    paint_line(painter, QRectF(at.date), times.age(row.sort_at, brush.now), rtl=is_mirrored)
    others = f" · +{len(row.also_in)}" if row.also_in else ""
    left = at.source.width() - painter.fontMetrics().horizontalAdvance(others)
    for source in brush.lines.get(row.source_title, faces.small, left, 1):
        paint_line(painter, QRectF(at.source), source + others, rtl=is_mirrored)


def _paint_about(brush: Brush, title: QRect, row: ArticleRow, is_mirrored: bool) -> QRect:
    """What became of the article, and its tags, at the end of the title's column; gives the room that is left."""
    words = " · ".join([*fate(row), *(f"#{tag}" for tag in own_tags(row.tags))])
    for line in brush.lines.get(words, brush.faces.small, title.width() // 3, 1):
        width = brush.painter.fontMetrics().horizontalAdvance(line)
        box = QRect(
            title.left() if is_mirrored else title.right() - width + 1, title.top(), width, title.height()
        )
        brush.painter.setPen(brush.tones.muted)
        paint_line(brush.painter, QRectF(box), line, rtl=is_mirrored)
        return title.adjusted(*((width + GAP, 0, 0, 0) if is_mirrored else (0, 0, -width - GAP, 0)))
    return title


class ColumnsHeader(QHeaderView):
    """The names of the columns over the one column of the view. A click sorts by one, another turns the dates round.

    The view has one column, since a row is painted whole and only then is fast with a million of them.
    """

    sort_requested = Signal(object)  # an Order

    def __init__(self, model: ArticleModel, parent: QWidget) -> None:
        """`model` tells in which order the rows stand."""
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._articles = model
        self.setAccessibleName("Columns")
        self.viewport().setMouseTracking(True)

    def words(self) -> list[str]:
        """The names of the columns that are shown, with the arrow at that of the order."""
        shown = [name for name, rect in self._places() if rect.width()]
        arrow = _ARROWS.get(self._order, "")
        return [f"{name} {arrow}" if self._order in _ORDERS[name] else name for name in shown]

    def place_of(self, name: str) -> QRect:
        """Where the name of a column stands."""
        return dict(self._places())[name]

    def sizeHint(self) -> QSize:
        return QSize(200, self.fontMetrics().height() + 2 * theme.SPACE_S + 1)

    def paintSection(self, painter: QPainter, rect: QRect, logical_index: int) -> None:
        look = theme.Theme.of(self.palette())
        painter.save()
        painter.fillRect(rect, look.panel)
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), look.separator)
        painter.setFont(theme.scaled(self.font(), 0.92))
        painter.setPen(look.muted)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        shown = [place for _, place in self._places() if place.width()]
        for place, words in zip(shown, self.words(), strict=True):
            paint_line(painter, QRectF(place), words, rtl=is_mirrored)
        painter.restore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        at = event.position().toPoint()
        name = next((name for name, place in self._places() if place.contains(at)), "")
        if name:
            orders = _ORDERS[name]
            again = orders.index(self._order) + 1 if self._order in orders else 0
            self.sort_requested.emit(orders[again % len(orders)])

    @property
    def _order(self) -> Order:
        return order_of(self._articles.query)

    def _places(self) -> list[tuple[str, QRect]]:
        rect = self.viewport().rect()
        return [
            (name, QStyle.visualRect(self.layoutDirection(), rect, place))
            for name, place in zip(_ORDERS, columns(rect, self.font()), strict=True)
        ]
