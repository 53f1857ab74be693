"""How a line of a watchlist looks: two lines of text at most, figures in columns, a small line, a dot for its age."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from desktop.core.rates.quotes import Freshness
from desktop.ui.rates.page_model import RIGHT, ROW_ROLE, Column, text_of
from desktop.ui.rates.rows import RateRow
from desktop.ui.rates.ticker_strip import Trend, draw_arrow
from desktop.ui.theme import SPACE_M, SPACE_S, Theme, legible, scaled

_DOT = 8
_ARROW = 8
_SMALL = 0.88
_STRONG = frozenset({Column.PAIR, Column.RATE})
Index = QModelIndex | QPersistentModelIndex


class RatesDelegate(QStyledItemDelegate):
    """Paints from the row alone. The view's palette must be that of `quiet_palette`."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row = index.data(ROW_ROLE)
        if not isinstance(row, RateRow):
            return QSize(0, row_height(option.font))
        column = Column(index.column())
        strong = QFontMetrics(figures(scaled(option.font, 1.0, bold=column in _STRONG)))
        small = QFontMetrics(figures(scaled(option.font, _SMALL)))
        extra = {Column.PERCENT: _ARROW + SPACE_S, Column.AGE: _DOT + SPACE_M}.get(column, 0)
        width = strong.horizontalAdvance(text_of(row, column)) + extra
        under = small.horizontalAdvance(_under(row, column))
        return QSize(max(width, under) + 2 * SPACE_M + 2, row_height(option.font))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW_ROLE)
        if not isinstance(row, RateRow):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, text = _paint_ground(painter, option)
        look = _Look(Theme.of(option.palette), ground, text)
        view = option.widget
        date_stands_under = isinstance(view, QTableView) and view.isColumnHidden(Column.DATE)
        room = option.rect.adjusted(SPACE_M, 0, -SPACE_M, 0)
        column = Column(index.column())
        if column is Column.SPARK:
            _paint_line(painter, room, row, look)
        elif column is Column.AGE:
            _paint_age(painter, option.font, room, row, look)
        else:
            _paint_text(
                painter, option.font, room, row, column, look, _under(row, column, dated=date_stands_under)
            )
        painter.restore()


def row_height(font: QFont) -> int:
    """What two lines of text need, with room above and below."""
    small = QFontMetrics(scaled(font, _SMALL)).height()
    return QFontMetrics(font).height() + small + 2 * SPACE_S + 3


class _Look:
    """The colours of a line on its ground."""

    def __init__(self, theme: Theme, ground: QColor, text: QColor) -> None:
        self.theme = theme
        self.text = text
        self.muted = theme.muted_on(ground, text)
        self.warning = legible(theme.warning, ground)
        self._ground = ground

    def moved(self, trend: int) -> QColor:
        colour = {1: self.theme.up, -1: self.theme.down}.get(trend)
        return self.muted if colour is None else legible(colour, self._ground)


def _paint_ground(painter: QPainter, option: QStyleOptionViewItem) -> tuple[QColor, QColor]:
    look = Theme.of(option.palette)
    if option.state & QStyle.StateFlag.State_Selected:
        is_active = bool(option.state & QStyle.StateFlag.State_Active)
        group = QPalette.ColorGroup.Active if is_active else QPalette.ColorGroup.Inactive
        ground, text = option.palette.color(group, QPalette.ColorRole.Highlight), look.selected_text
    else:
        ground, text = look.base, look.text
    painter.fillRect(option.rect, ground)
    line = option.rect
    painter.fillRect(QRect(line.left(), line.bottom(), line.width(), 1), look.separator)
    return ground, text


def _paint_text(
    painter: QPainter, font: QFont, room: QRect, row: RateRow, column: Column, look: _Look, under: str
) -> None:
    is_old = row.freshness is Freshness.STALE
    strong = column in _STRONG
    colour = look.text if strong and not is_old else look.muted
    if column in (Column.CHANGE, Column.PERCENT) and not is_old:
        colour = look.moved(row.trend)
    top, bottom = _halves(room, font) if under else (room, room)
    painter.setFont(figures(scaled(font, 1.0, bold=strong)))
    if column is Column.PERCENT and row.trend:
        top = top.adjusted(_ARROW + SPACE_S, 0, 0, 0)
        width = painter.fontMetrics().horizontalAdvance(row.percent)
        left = max(room.left(), top.right() - width - _ARROW - SPACE_S)
        draw_arrow(painter, QRectF(left, top.top(), _ARROW, top.height()), Trend(row.trend), colour)
    _draw(painter, top, text_of(row, column), colour, column)
    if under:
        painter.setFont(figures(scaled(font, _SMALL)))
        doubt = row.doubtful and column is Column.RATE
        _draw(painter, bottom, under, look.warning if doubt else look.muted, column)


def _under(row: RateRow, column: Column, *, dated: bool = False) -> str:
    """The second line of a cell; `dated` puts the date under the source, where it has no column."""
    if column is Column.SOURCE:
        return " · ".join(part for part in (row.date if dated else "", row.source_note) if part)
    return {Column.PAIR: row.names, Column.RATE: row.note}.get(column, "")


def _draw(painter: QPainter, box: QRect, text: str, colour: QColor, column: Column) -> None:
    side = Qt.AlignmentFlag.AlignRight if column in RIGHT else Qt.AlignmentFlag.AlignLeft
    painter.setPen(colour)
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, shown)


def _halves(room: QRect, font: QFont) -> tuple[QRect, QRect]:
    """The upper line and the smaller one under it, as one block in the middle."""
    upper, lower = QFontMetrics(font).height(), QFontMetrics(scaled(font, _SMALL)).height()
    start = room.top() + (room.height() - upper - lower) // 2
    return (
        QRect(room.left(), start, room.width(), upper),
        QRect(room.left(), start + upper, room.width(), lower),
    )


def _paint_line(painter: QPainter, room: QRect, row: RateRow, look: _Look) -> None:
    """The line of 90 days, with a dot at its end; a hair line where there is no history."""
    box = QRectF(room).adjusted(0, SPACE_M + 2, -3, -SPACE_M - 2)
    if not row.spark:
        painter.setPen(QPen(look.theme.separator, 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(box.left(), box.center().y()), QPointF(box.right(), box.center().y()))
        return
    points = [QPointF(box.left() + x * box.width(), box.bottom() - y * box.height()) for x, y in row.spark]
    painter.setPen(
        QPen(look.muted, 1.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    )
    painter.drawPolyline(QPolygonF(points))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.text)
    painter.drawEllipse(points[-1], 2.4, 2.4)


def _paint_age(painter: QPainter, font: QFont, room: QRect, row: RateRow, look: _Look) -> None:
    """A dot that is full, half or a ring, and the word."""
    if row.freshness is Freshness.UNKNOWN:
        return
    theme = look.theme
    colour = {Freshness.FRESH: theme.up, Freshness.AGEING: theme.warning}.get(row.freshness, theme.down)
    dot = QRectF(room.left(), room.center().y() - _DOT / 2 + 1, _DOT, _DOT)
    painter.setPen(QPen(colour, 1.5))
    painter.setBrush(colour if row.freshness is Freshness.FRESH else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(dot)
    if row.freshness is Freshness.AGEING:
        painter.setBrush(colour)
        painter.drawPie(dot, 90 * 16, 180 * 16)
    painter.setFont(figures(QFont(font)))
    _draw(painter, room.adjusted(_DOT + SPACE_M, 0, 0, 0), row.age, look.text, Column.AGE)


def figures(font: QFont) -> QFont:
    """The font with figures of one width, so that they stand under each other."""
    font.setFeature(QFont.Tag("tnum"), 1)
    return font
