"""How a line of the sidebar looks: icon, title, and its count at the far end."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPalette
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem

from desktop.ui import icons, rows, theme, times
from desktop.ui.articles.text_lines import is_right_to_left, paint_line
from desktop.ui.sources.sidebar_model import NODE_ROLE
from desktop.ui.sources.sidebar_nodes import Node
from desktop.ui.theme import Theme

ICON = 16
Index = QModelIndex | QPersistentModelIndex


class SidebarDelegate(QStyledItemDelegate):
    """A count of unread articles is bold; a source with a problem has a sign.

    The view's palette must be that of `quiet_palette`, since the view paints beside the line itself.
    """

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view
        self._palette: tuple[int, QPalette.ColorGroup] | None = None  # that of the inks
        self._inks: dict[rows.Held, tuple[QColor, QColor, QColor | None]] = {}
        self._faces: tuple[str, QFont, QFont] | None = None

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, option.fontMetrics.height() + 2 * theme.SPACE_S + 3)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        node = index.data(NODE_ROLE)
        if not isinstance(node, Node):
            return
        painter.save()
        held = rows.held(option, index, self._view)
        text, muted, ground = self._inks_of(option.palette, held)
        if ground is not None:
            rows.fill(painter, option.rect, ground)
        is_loud = node.is_loud and node.count > 0
        painter.setFont(self._face(option.font, bold=is_loud))
        room = option.rect.adjusted(theme.SPACE_S, 0, -theme.SPACE_M, 0)
        self._paint_icon(painter, option, room, node, muted)
        room.adjust(ICON + theme.SPACE_M, 0, 0, 0)
        if node.count:
            words = times.count(node.count) + ("+" if node.is_capped else "")
            width = painter.fontMetrics().horizontalAdvance(words)
            painter.setPen(text if is_loud else muted)
            box = QRect(room.right() - width + 1, room.top(), width, room.height())
            painter.drawText(_mirrored(option, box), Qt.AlignmentFlag.AlignCenter, words)
            room.adjust(0, 0, -width - theme.SPACE_M, 0)
        if node.problem:
            sign = QRectF(room.right() - ICON + 1, room.center().y() - ICON / 2 + 1, ICON, ICON).toRect()
            colour = text if held.is_selected else Theme.of(option.palette).warning
            icons.draw(painter, "warning", QRectF(_mirrored(option, sign)), colour)
            room.adjust(0, 0, -ICON - theme.SPACE_S, 0)
        painter.setPen(muted if node.is_paused or node.is_archived else text)
        title = painter.fontMetrics().elidedText(node.words, Qt.TextElideMode.ElideRight, room.width())
        mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        paint_line(painter, QRectF(_mirrored(option, room)), title, rtl=mirrored or is_right_to_left(title))
        painter.restore()

    def _inks_of(self, palette: QPalette, held: rows.Held) -> tuple[QColor, QColor, QColor | None]:
        """The colours of text, of quiet text, and of the ground where it is not the view's own: worked out once a
        palette for all lines that stand alike."""
        key = palette.cacheKey(), palette.currentColorGroup()
        if self._palette != key:
            self._palette = key
            self._inks.clear()
        if held not in self._inks:
            self._inks[held] = _inks(palette, held)
        return self._inks[held]

    def _face(self, font: QFont, *, bold: bool) -> QFont:
        """The font of a line: made once, so that Qt need not look for it anew with every line."""
        key = font.key()
        if self._faces is None or self._faces[0] != key:
            self._faces = (key, QFont(font), theme.scaled(font, 1.0, bold=True))
        _, plain, loud = self._faces
        return loud if bold else plain

    def _paint_icon(
        self, painter: QPainter, option: QStyleOptionViewItem, room: QRect, node: Node, colour: QColor
    ) -> None:
        box = QRect(room.left(), room.center().y() - ICON // 2 + 1, ICON, ICON)
        icon = "paused" if node.is_paused else "archived" if node.is_archived else node.icon
        icons.draw(painter, icon, QRectF(_mirrored(option, box)), colour, filled=node.icon == "unread")


def _inks(palette: QPalette, held: rows.Held) -> tuple[QColor, QColor, QColor | None]:
    look = Theme.of(palette)
    ground, text = look.base, look.text
    if held.is_selected:
        group = QPalette.ColorGroup.Active if held.is_active else QPalette.ColorGroup.Inactive
        ground = palette.color(group, QPalette.ColorRole.Highlight)
        text = look.selected_text
    elif held.is_hovered:
        ground = look.panel
    return text, look.muted_on(ground, text), None if ground == look.base else ground


def quiet_palette(palette: QPalette) -> QPalette:
    """`palette` with a selection that does not shout; unchanged in high contrast."""
    look = Theme.of(palette)
    quiet = QPalette(palette)
    if look.high_contrast:
        return quiet
    highlight = palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.Highlight)
    for group, part in ((QPalette.ColorGroup.Active, 0.3), (QPalette.ColorGroup.Inactive, 0.18)):
        quiet.setColor(group, QPalette.ColorRole.Highlight, theme.mix(highlight, look.base, part))
        quiet.setColor(group, QPalette.ColorRole.HighlightedText, look.text)
    return quiet


def _mirrored(option: QStyleOptionViewItem, rect: QRect) -> QRect:
    return rows.mirrored(option.direction, option.rect, rect)
