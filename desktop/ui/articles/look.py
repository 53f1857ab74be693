"""The sizes, colours and fonts of a row of the article list."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtGui import QColor, QFont, QFontMetrics, QPalette

from desktop.ui import theme
from desktop.ui.theme import Theme

PADDING = 10


class Density(NamedTuple):
    """How much of an article a row shows: lines, the picture's side in pixels, the room above and below."""

    title_lines: int
    lines: int  # of title and excerpt together; 0 for no excerpt
    side: int  # 0 for no picture
    padding: int


FULL = Density(2, 4, 72, PADDING)
WIDE = Density(1, 2, 48, PADDING - 2)  # for a list as broad as a page
COMPACT = Density(1, 0, 0, PADDING - 3)


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
    def of(cls, palette: QPalette) -> Tones:
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
    def of(cls, font: QFont) -> Faces:
        small = theme.scaled(font, 0.92)
        unread = theme.scaled(font, 1.0, bold=True)
        # A copy: an option's own font dies with it.
        return cls(
            QFont(font), unread, small, QFontMetrics(unread).height() + 1, QFontMetrics(small).height() + 1
        )
