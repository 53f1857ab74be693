"""The sizes, colours, fonts and marks of a row of the article list."""

# No annotations from the future: as strings, typing compiles those of named tuples one by one, at every start.
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem

from desktop.core.models import ArticleRow
from desktop.core.tags import READ_LATER
from desktop.ui import icons, rows, theme
from desktop.ui.theme import Theme

PADDING = 10
GUTTER = 22  # holds the unread dot
MARK = 14
GAP = theme.SPACE_M


class Density(NamedTuple):
    """How much of an article a row shows: lines, the picture's side in pixels, the room above and below."""

    title_lines: int
    lines: int  # of title and excerpt together; 0 for no excerpt
    side: int  # 0 for no picture
    padding: int
    has_about: bool = True  # source and age stand on a line of their own


FULL = Density(2, 4, 72, PADDING)
WIDE = Density(1, 2, 48, PADDING - 2)  # for a list as broad as a page
COMPACT = Density(1, 0, 0, PADDING - 3)
COLUMNS = Density(1, 0, 0, PADDING - 5, has_about=False)


class Tones(NamedTuple):
    """The colours of a row, worked out once a palette."""

    base: QColor
    text: QColor
    muted: QColor
    faint: QColor
    hover: QColor
    selected: QColor
    selected_inactive: QColor
    bar: QColor
    line: QColor
    dot: QColor
    star: QColor
    warning: QColor
    look: Theme

    @classmethod
    def of(cls, palette: QPalette) -> "Tones":
        look = Theme.of(QPalette(palette))  # kept longer than the one of a paint, which Qt takes back
        highlight = palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.Highlight)
        selected = theme.mix(highlight, look.base, 0.24)
        return cls(
            base=look.base,
            text=look.text,
            muted=look.muted_on(selected, look.text),
            faint=look.muted if look.high_contrast else theme.mix(look.muted, look.base, 0.65),
            hover=look.panel,
            selected=selected,
            selected_inactive=theme.mix(highlight, look.base, 0.14),
            bar=look.accent,
            line=look.separator,
            dot=look.unread,
            star=look.star,
            warning=look.warning,
            look=look,
        )


class Faces(NamedTuple):
    """The fonts of a row and their line heights in pixels."""

    title: QFont
    unread: QFont
    small: QFont
    title_height: int
    small_height: int

    @classmethod
    def of(cls, font: QFont) -> "Faces":
        small = theme.scaled(font, 0.92)
        unread = theme.scaled(font, 1.0, bold=True)
        # A copy: an option's own font dies with it.
        return cls(
            QFont(font), unread, small, QFontMetrics(unread).height() + 1, QFontMetrics(small).height() + 1
        )


class Part(NamedTuple):
    """What is needed of the view's option."""

    rect: QRect
    palette: QPalette
    font: QFont
    direction: Qt.LayoutDirection
    is_selected: bool
    is_active: bool
    is_hovered: bool


def part_of(
    option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex, view: QAbstractItemView | None
) -> Part:
    """What a view asks to be painted."""
    return Part(
        QRect(option.rect), option.palette, option.font, option.direction, *rows.held(option, index, view)
    )


def mirrored(part: Part, rect: QRect) -> QRect:
    """Where a rectangle of a row stands in the direction of the list."""
    return rows.mirrored(part.direction, part.rect, rect)


def _marks(row: ArticleRow, tones: Tones) -> list[tuple[str, QColor, bool, str]]:
    """Icon, colour, filled or not, and words, from the end of the line inwards."""
    missing = row.images_total - row.images_stored
    marks = [
        ("kept", tones.warning, False, str(missing)) if missing > 0 else ("kept", tones.faint, False, "")
    ]
    if row.starred:
        marks.append(("star", tones.star, True, ""))
    if READ_LATER in row.tags:
        marks.append(("later", tones.muted, False, ""))
    if row.noted:
        marks.append(("note", tones.muted, False, ""))
    return marks


def paint_marks(painter: QPainter, line: QRect, row: ArticleRow, tones: Tones, is_mirrored: bool) -> QRect:
    """Paint the marks of an article at the end of a line; gives the room that is left."""
    room = QRect(line)
    for name, colour, filled, words in _marks(row, tones):
        width = MARK + (painter.fontMetrics().horizontalAdvance(words) + 2 if words else 0)
        box = QRect(room.right() - width + 1, room.top(), width, room.height())
        if is_mirrored:
            box.moveLeft(room.left())
        _paint_mark(painter, box, name, colour, filled, words)
        room.adjust(*((width + GAP, 0, 0, 0) if is_mirrored else (0, 0, -width - GAP, 0)))
    return room


def _paint_mark(painter: QPainter, box: QRect, name: str, colour: QColor, filled: bool, words: str) -> None:
    icon = QRectF(box.left(), box.center().y() - MARK / 2 + 1, MARK, MARK)
    icons.draw(painter, name, icon, colour, filled=filled)
    if words:
        painter.setPen(colour)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
