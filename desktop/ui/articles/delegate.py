"""How an article looks in the list: painted by hand, one model call a row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem

from desktop.core.models import ArticleRow
from desktop.core.tags import own_tags
from desktop.ui import theme, times
from desktop.ui.articles.arrangement import Heading
from desktop.ui.articles.look import (
    COLUMNS,
    FULL,
    GAP,
    GUTTER,
    PADDING,
    Faces,
    Part,
    Tones,
    mirrored,
    paint_marks,
    part_of,
)
from desktop.ui.articles.model import ROW_ROLE
from desktop.ui.articles.text_lines import Spans, TextLines, is_right_to_left, marks_of, paint_line
from desktop.ui.articles.thumbnails import Thumbnails
from desktop.ui.articles.words import UNTITLED, also_in, fate
from desktop.ui.rows import fill

if TYPE_CHECKING:
    from desktop.core.coverage import Gap

DOT = 8
NARROW = 320  # a list of this width and more shows pictures at their full size
SMALL_SIDE = 48
BAR = 3  # beside the selected row
ALSO = 90  # the least room for the names of other sources


class ArticleDelegate(QStyledItemDelegate):
    """Paints rows of one height: dot, title, source, age, excerpt, marks, and a picture if there is one."""

    def __init__(
        self, thumbnails: Thumbnails, now: Callable[[], datetime], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._view = parent if isinstance(parent, QAbstractItemView) else None
        self._thumbnails = thumbnails
        self._now = now
        self._lines = TextLines()
        self._tones: tuple[int, Tones] | None = None
        self._faces: tuple[str, Faces] | None = None
        self.density = FULL
        self.heading: Heading | None = None  # what stands over a group
        self.hits: Spans | None = None  # what is marked in titles and excerpts
        self.gaps: tuple[Gap, ...] = ()  # times of which articles may be missing, with both ends

    def row_height(self, font: QFont) -> int:
        """The height of every row, in pixels."""
        faces, density = self._faces_of(font), self.density
        lines = density.title_lines * faces.title_height + faces.small_height * density.has_about
        if density.lines:
            excerpt = density.lines - density.title_lines
            lines += excerpt * faces.small_height + 2 * theme.SPACE_XS
        return max(lines, density.side) + 2 * density.padding

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, self.row_height(option.font))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row = index.data(ROW_ROLE)
        if not isinstance(row, ArticleRow):
            return
        part = part_of(option, index, self._view)
        tones = self._tones_of(part.palette)
        painter.save()
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        if head := self.head(index):
            part = self._paint_head(painter, part, head, tones)
        self._paint_ground(painter, part, tones)
        if self.gaps and _is_above_gap(self.gaps, row, index):
            _paint_gap(painter, part, tones)
        if self.density is COLUMNS:
            self._paint_columns(painter, part, row, tones)
        else:
            self._paint_inner(painter, part, row, tones)
        painter.restore()

    def _paint_columns(self, painter: QPainter, part: Part, row: ArticleRow, tones: Tones) -> None:
        from desktop.ui.articles.columns import Brush, paint_row  # most lists are cards

        if not row.read:
            self._paint_dot(painter, part, part.rect.center().y() + 0.5, tones.dot)
        faces = self._faces_of(part.font)
        paint_row(Brush(painter, tones, faces, self._lines, self.hits, self._now()), part, row)

    def _paint_inner(self, painter: QPainter, part: Part, row: ArticleRow, tones: Tones) -> None:
        pad = self.density.padding
        inner = part.rect.adjusted(GUTTER, pad, -PADDING - 2, -pad)
        picture = self._picture(painter, row) if self.density.side else None
        if picture is not None:
            inner = self._paint_picture(painter, part, inner, picture, tones)
        inner = mirrored(part, inner)
        self._paint_words(painter, part, inner, row, tones)

    def head(self, index: QModelIndex | QPersistentModelIndex) -> str:
        """The line over an article that begins a group; "" over the others."""
        row = index.data(ROW_ROLE) if self.heading is not None else None
        if self.heading is None or not isinstance(row, ArticleRow):
            return ""
        above = index.sibling(index.row() - 1, 0).data(ROW_ROLE)
        words = self.heading(row)
        return "" if isinstance(above, ArticleRow) and self.heading(above) == words else words

    def head_height(self, font: QFont) -> int:
        """The height of the line over a group, in pixels."""
        return self._faces_of(font).small_height + 2 * theme.SPACE_S + 2

    def _paint_head(self, painter: QPainter, part: Part, words: str, tones: Tones) -> Part:
        """Paint the line over a group; gives the part that is left for the article."""
        height = self.head_height(part.font)
        line = QRect(part.rect.left(), part.rect.top(), part.rect.width(), height)
        fill(painter, line, tones.hover)
        painter.setFont(theme.scaled(part.font, 0.92, bold=True))
        painter.setPen(tones.muted)
        room = line.adjusted(GUTTER, 0, -PADDING, 0)
        elided = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        paint_line(
            painter,
            QRectF(mirrored(part, room)),
            elided,
            rtl=part.direction == Qt.LayoutDirection.RightToLeft,
        )
        fill(painter, QRect(line.left(), line.bottom(), line.width(), 1), tones.line)
        return part._replace(rect=part.rect.adjusted(0, height, 0, 0))

    def _paint_ground(self, painter: QPainter, part: Part, tones: Tones) -> None:
        rect = part.rect
        if part.is_selected:
            fill(painter, rect, tones.selected if part.is_active else tones.selected_inactive)
            fill(painter, mirrored(part, QRect(rect.left(), rect.top(), BAR, rect.height())), tones.bar)
        elif part.is_hovered:
            fill(painter, rect, tones.hover)
        line = QRect(rect.left() + GUTTER, rect.bottom(), rect.width() - GUTTER, 1)
        fill(painter, mirrored(part, line), tones.line)

    def _picture(self, painter: QPainter, row: ArticleRow) -> QPixmap | None:
        """The thumbnail; an empty pixmap while it is being read; None where there is nothing to show."""
        if not row.lead_image:
            return None
        found = self._thumbnails.get(row.lead_image, painter.device().devicePixelRatio())
        if found is None:
            return QPixmap()
        return None if found.isNull() else found

    def _paint_picture(
        self, painter: QPainter, part: Part, inner: QRect, picture: QPixmap, tones: Tones
    ) -> QRect:
        side = self.density.side if part.rect.width() >= NARROW else min(SMALL_SIDE, self.density.side)
        box = QRect(inner.right() - side + 1, inner.top(), side, side)
        at = mirrored(part, box)
        if picture.isNull():
            fill(painter, at, tones.hover)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(at, picture)
        return inner.adjusted(0, 0, -side - GAP - theme.SPACE_S, 0)

    def _paint_words(
        self, painter: QPainter, part: Part, inner: QRect, row: ArticleRow, tones: Tones
    ) -> None:
        faces = self._faces_of(part.font)
        face = faces.title if row.read else faces.unread
        title = self._lines.get(row.title, face, inner.width(), self.density.title_lines, UNTITLED)
        if not row.read:
            self._paint_dot(painter, part, inner.top() + faces.title_height / 2, tones.dot)
        painter.setFont(face)
        painter.setPen(tones.text)
        top = self._paint_lines(painter, inner, inner.top(), faces.title_height, title, row.title, tones)
        top += theme.SPACE_XS
        painter.setFont(faces.small)
        self._paint_about(
            painter, part, QRect(inner.left(), top, inner.width(), faces.small_height), row, tones
        )
        if not self.density.lines:
            return
        top += faces.small_height + theme.SPACE_XS
        room = (inner.bottom() + 2 - top) // faces.small_height
        excerpt = self._lines.get(
            row.excerpt, faces.small, inner.width(), min(room, self.density.lines - len(title))
        )
        painter.setPen(tones.text if not row.read else tones.muted)
        self._paint_lines(painter, inner, top, faces.small_height, excerpt, row.excerpt, tones)

    def _paint_lines(
        self,
        painter: QPainter,
        inner: QRect,
        top: int,
        height: int,
        lines: tuple[str, ...],
        text: str,
        tones: Tones,
    ) -> int:
        """Paint the lines of a text one below the other, hits marked; gives the place below the last."""
        rtl = is_right_to_left(text)
        for line in lines:
            box = QRectF(inner.left(), top, inner.width(), height)
            paint_line(painter, box, line, rtl=rtl, marks=marks_of(line, self.hits, tones.look))
            top += height
        return top

    def _paint_dot(self, painter: QPainter, part: Part, middle: float, colour: QColor) -> None:
        left = part.rect.left() + (GUTTER + BAR - DOT) // 2
        box = mirrored(part, QRect(left, round(middle - DOT / 2), DOT, DOT))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(QRectF(box))

    def _paint_about(self, painter: QPainter, part: Part, line: QRect, row: ArticleRow, tones: Tones) -> None:
        """Source and age at the beginning of the line, star and offline mark at its end."""
        is_mirrored = part.direction == Qt.LayoutDirection.RightToLeft
        room = paint_marks(painter, line, row, tones, is_mirrored)
        age = times.age(row.sort_at, self._now())
        tail = " · ".join(["", age, *fate(row)])
        tags = "".join(f" · #{tag}" for tag in own_tags(row.tags))
        metrics = painter.fontMetrics()
        others = metrics.horizontalAdvance(f" · +{len(row.also_in)}") if row.also_in else 0
        space = max(0, room.width() - metrics.horizontalAdvance(tail) - others)
        for_tags = min(metrics.horizontalAdvance(tags), space // 2)  # the source comes first
        source = "".join(self._lines.get(row.source_title, painter.font(), space - for_tags, 1))
        left = space - metrics.horizontalAdvance(source)
        words = source + tail + metrics.elidedText(tags, Qt.TextElideMode.ElideRight, left)
        painter.setPen(tones.muted)
        paint_line(painter, QRectF(room), words + _also(row, room.width(), words, metrics), rtl=is_mirrored)

    def _tones_of(self, palette: QPalette) -> Tones:
        key = palette.cacheKey()
        if self._tones is None or self._tones[0] != key:
            self._tones = (key, Tones.of(palette))
        return self._tones[1]

    def _faces_of(self, font: QFont) -> Faces:
        key = font.key()
        if self._faces is None or self._faces[0] != key:
            self._faces = (key, Faces.of(font))
        return self._faces[1]


def _is_above_gap(gaps: tuple[Gap, ...], row: ArticleRow, index: QModelIndex | QPersistentModelIndex) -> bool:
    """Whether articles may be missing between this row and the next."""
    below = index.sibling(index.row() + 1, 0).data(ROW_ROLE)
    return isinstance(below, ArticleRow) and any(
        gap.since is not None and below.sort_at <= gap.since and gap.until <= row.sort_at for gap in gaps
    )


def _paint_gap(painter: QPainter, part: Part, tones: Tones) -> None:
    """A broken line at the foot of the row."""
    middle = part.rect.bottom() - 1
    painter.setPen(QPen(tones.warning, 3, Qt.PenStyle.DashLine, Qt.PenCapStyle.FlatCap))
    painter.drawLine(part.rect.left(), middle, part.rect.right(), middle)


def _also(row: ArticleRow, room: int, line: str, metrics: QFontMetrics) -> str:
    """The other sources that have the story, as far as there is room beside the source; at least their number."""
    if not row.also_in:
        return ""
    left = room - metrics.horizontalAdvance(line)
    words = metrics.elidedText(f" · {also_in(row)}", Qt.TextElideMode.ElideRight, left)
    return words if left >= ALSO else f" · +{len(row.also_in)}"
