"""What delegates that paint by hand share: the state of a row, its direction, its ground.

PySide6 makes all constants of a class when the class is first named, and `QStyle` and `QGradient` have 750 of them, a
twentieth of a start. So a row asks its view for its state, and fills its ground without `fillRect`.
"""

from __future__ import annotations

import sys
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem


class Held(NamedTuple):
    """How a row stands in its view."""

    is_selected: bool
    is_active: bool  # its view has the keyboard; on macOS its window
    is_hovered: bool


def held(
    option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex, view: QAbstractItemView | None
) -> Held:
    """The state of a row that `view` asks to be painted (whose `option.widget` makes all classes of widgets)."""
    if view is not None and not view.underMouse():
        is_active = view.isActiveWindow() if sys.platform == "darwin" else view.hasFocus()
        return Held(view.selectionModel().isSelected(index), is_active, False)
    from PySide6.QtWidgets import QStyle  # only the option knows which row is under the mouse

    flag = QStyle.StateFlag
    return Held(
        bool(option.state & flag.State_Selected),
        bool(option.state & flag.State_Active),
        bool(option.state & flag.State_MouseOver),
    )


def mirrored(direction: Qt.LayoutDirection, row: QRect, rect: QRect) -> QRect:
    """Where a rectangle of a row stands in a view of that direction."""
    if direction == Qt.LayoutDirection.LeftToRight:
        return rect
    return rect.translated(row.left() + row.right() - rect.left() - rect.right(), 0)


def fill(painter: QPainter, rect: QRect | QRectF, color: QColor) -> None:
    """Fill a rectangle, up to its right and bottom edge."""
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawRect(rect)
    painter.restore()
