"""Colours, distances and the reader's style sheet, all derived from the system's palette, light or dark.

Every text colour made here has a contrast of at least 4.5:1 with its background (7:1 in high contrast).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.core.html import contrast as wcag

if TYPE_CHECKING:
    from PySide6.QtGui import QTextCharFormat

TEXT_CONTRAST = 4.5
HIGH_TEXT_CONTRAST = 7.0
SHAPE_CONTRAST = 3.0  # dots, stars, focus frames: WCAG 1.4.11

# Distances in device-independent pixels; everything that stands apart stands apart by one of these.
SPACE_XS = 2
SPACE_S = 4
SPACE_M = 8
SPACE_L = 16
SPACE_XL = 32

LEADING_PERCENT = 155  # of the type size: 145 looks tight for Cyrillic in most system fonts
CLOSE_LEADING_PERCENT = 135  # captions and other small text
TIGHT_LEADING_PERCENT = 120  # headings
QUOTE_INDENT = 24  # the reader draws a bar beside what is indented by it


def luminance(color: QColor) -> float:
    """The relative luminance of WCAG 2, 0 for black to 1 for white."""
    return wcag.luminance(_rgb(color))


def contrast(one: QColor, other: QColor) -> float:
    """The contrast ratio of WCAG 2, 1 to 21."""
    return wcag.contrast(_rgb(one), _rgb(other))


def legible(color: QColor, background: QColor, ratio: float = TEXT_CONTRAST) -> QColor:
    """`color`, moved towards black or white as little as gives `ratio` against `background`."""
    target = QColor(Qt.GlobalColor.white if luminance(background) < 0.18 else Qt.GlobalColor.black)
    for step in range(101):
        candidate = mix(target, color, step / 100)
        if contrast(candidate, background) >= ratio:
            return candidate
    return target


def mix(one: QColor, other: QColor, part: float) -> QColor:
    """`part` (0 to 1) of `one` over the rest of `other`."""
    rest = 1.0 - part
    return QColor.fromRgbF(
        one.redF() * part + other.redF() * rest,
        one.greenF() * part + other.greenF() * rest,
        one.blueF() * part + other.blueF() * rest,
    )


class Theme(NamedTuple):
    """The colours of one palette. Cheap: ask `Theme.current()` or `Theme.of(palette)` when painting."""

    palette: QPalette
    high_contrast: bool = False

    @classmethod
    def current(cls) -> Theme:
        """That of the application."""
        return cls(QGuiApplication.palette(), prefers_high_contrast())

    @classmethod
    def of(cls, palette: QPalette) -> Theme:
        """That of a widget's palette."""
        return cls(palette, prefers_high_contrast())

    @property
    def is_dark(self) -> bool:
        return luminance(self.base) < luminance(self.text)

    @property
    def base(self) -> QColor:
        """Behind lists and the article."""
        return self.palette.color(QPalette.ColorRole.Base)

    @property
    def window(self) -> QColor:
        """Behind bars and the sidebar."""
        return self.palette.color(QPalette.ColorRole.Window)

    @property
    def text(self) -> QColor:
        return self.palette.color(QPalette.ColorRole.Text)

    @property
    def accent(self) -> QColor:
        return self._shape(self.palette.color(QPalette.ColorRole.Highlight))

    @property
    def selected_text(self) -> QColor:
        return self.palette.color(QPalette.ColorRole.HighlightedText)

    @property
    def muted(self) -> QColor:
        """Secondary text: dates, sources, captions."""
        return self.muted_on(self.base, self.text)

    def muted_on(self, background: QColor, text: QColor) -> QColor:
        """Secondary text on any background, a selected row's too."""
        if self.high_contrast:
            return text
        return self._text(mix(text, background, 0.6), background)

    @property
    def separator(self) -> QColor:
        """Hair lines between parts."""
        return self.text if self.high_contrast else mix(self.text, self.base, 0.14)

    @property
    def panel(self) -> QColor:
        """A quiet surface on the base: code, placeholders, pressed chips."""
        return self.base if self.high_contrast else mix(self.text, self.base, 0.05)

    @property
    def link(self) -> QColor:
        return self._text(self.palette.color(QPalette.ColorRole.Link))

    @property
    def up(self) -> QColor:
        """A rate that rose; always shown with an arrow."""
        return self._text(QColor("#4cc38a") if self.is_dark else QColor("#1a7f4b"))

    @property
    def down(self) -> QColor:
        """A rate that fell; always shown with an arrow."""
        return self._text(QColor("#ff8b7e") if self.is_dark else QColor("#c0362c"))

    @property
    def star(self) -> QColor:
        return self._shape(QColor("#f2b63c") if self.is_dark else QColor("#c98a00"))

    @property
    def unread(self) -> QColor:
        """The dot before an unread article."""
        return self.accent

    @property
    def warning(self) -> QColor:
        """Text about what is missing or failed."""
        return self._text(QColor("#f0b35e") if self.is_dark else QColor("#8f5a00"))

    def _text(self, color: QColor, background: QColor | None = None) -> QColor:
        ratio = HIGH_TEXT_CONTRAST if self.high_contrast else TEXT_CONTRAST
        return legible(color, background or self._worse_background(), ratio)

    def _shape(self, color: QColor) -> QColor:
        return legible(color, self.base, TEXT_CONTRAST if self.high_contrast else SHAPE_CONTRAST)

    def _worse_background(self) -> QColor:
        """Of base and window the one nearer to the text, so that a colour made for it is legible on both."""
        return min((self.base, self.window), key=lambda color: contrast(color, self.text))


def tabular(font: QFont) -> QFont:
    """A copy of a font with digits of one width, where it has them."""
    copy = QFont(font)
    copy.setFeature(QFont.Tag("tnum"), 1)
    return copy


def prefers_high_contrast() -> bool:
    """Whether the system asks for high contrast (Qt 6.10 and newer can tell)."""
    hints = QGuiApplication.styleHints()
    accessibility = getattr(hints, "accessibility", None)
    if accessibility is None:
        return False
    preference = accessibility().contrastPreference()
    return bool(preference == Qt.ContrastPreference.HighContrast)


def mark_format(look: Theme, *, strength: float = 0.25) -> QTextCharFormat:
    """How words that were searched for stand out: on a ground, and underlined for those who do not see colours."""
    from PySide6.QtGui import (
        QTextCharFormat,  # the first paint shows no search, and this class takes 2 ms to load
    )

    ground = mix(look.star, look.base, strength)
    mark = QTextCharFormat()
    mark.setBackground(ground)
    mark.setForeground(legible(look.text, ground))
    mark.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
    mark.setUnderlineColor(look.star)
    return mark


def scaled(font: QFont, factor: float, *, bold: bool = False) -> QFont:
    """A copy of `font`, `factor` times its size."""
    copy = QFont(font)
    if font.pointSizeF() > 0:
        copy.setPointSizeF(font.pointSizeF() * factor)
    else:
        copy.setPixelSize(max(1, round(font.pixelSize() * factor)))
    copy.setBold(bold or font.bold())
    return copy


def window_column(window: QWidget, apart: int = SPACE_M) -> QVBoxLayout:
    """What stands in a window from top to bottom, with the margins of all windows."""
    layout = QVBoxLayout(window)
    layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
    layout.setSpacing(apart)
    return layout


def tint(label: QWidget, color: QColor) -> None:
    """Gives the text of a label a colour."""
    palette = label.palette()
    palette.setColor(label.foregroundRole(), color)
    label.setPalette(palette)


def _rgb(color: QColor) -> wcag.Rgb:
    return color.redF(), color.greenF(), color.blueF()


def reader_css(
    palette: QPalette,
    point_size: float,
    natural_percent: float = 120.0,
    leading_percent: float = LEADING_PERCENT,
) -> str:
    """The style sheet of an article for QTextDocument: our typography in the palette's colours.

    `natural_percent` is the font's own line distance in percent of its size: Qt multiplies that one.
    """
    theme = Theme.of(palette)
    names = {
        "text": theme.text.name(),
        "muted": theme.muted.name(),
        "link": theme.link.name(),
        "rule": theme.separator.name(),
        "panel": theme.panel.name(),
        "leading": _leading(leading_percent, natural_percent),
        "close": _leading(CLOSE_LEADING_PERCENT, natural_percent),
        "tight": _leading(TIGHT_LEADING_PERCENT, natural_percent),
        "size": _points(point_size),
        "small": _points(point_size * 0.85),
        "h1": _points(point_size * 1.75),
        "h2": _points(point_size * 1.35),
        "h3": _points(point_size * 1.15),
        "gap": str(round(point_size)),
        "half": str(round(point_size * 0.6)),
        "third": str(round(point_size * 0.3)),
        "wide": str(round(point_size * 1.9)),
        "quote": str(QUOTE_INDENT),
    }
    return _READER_CSS.format(**names)


def _leading(wanted_percent: float, natural_percent: float) -> str:
    return f"{max(85.0, 100 * wanted_percent / natural_percent):.0f}"


def _points(size: float) -> str:
    return f"{size:.1f}pt"


_READER_CSS = """
body {{ color: {text}; }}
p, li, dd, dt, div {{ line-height: {leading}%; }}
p {{ margin-top: 0; margin-bottom: {gap}px; }}
h1, h2, h3, h4, h5, h6 {{ font-weight: 600; line-height: {tight}%; }}
h1, h2, h3, h4, h5, h6 {{ margin-top: {wide}px; margin-bottom: {gap}px; }}
h1, h2 {{ font-size: {h2}; }}
h3 {{ font-size: {h3}; }}
h4, h5, h6 {{ font-size: {size}; }}
h1.title {{ font-size: {h1}; margin-top: 0; margin-bottom: {gap}px; }}
p.meta {{ color: {muted}; font-size: {small}; line-height: {close}%; margin-bottom: {wide}px; }}
p.foot {{ color: {muted}; font-size: {small}; line-height: {close}%; margin-bottom: {half}px; }}
a {{ color: {link}; }}
blockquote {{ margin-left: {quote}px; margin-right: 0; margin-top: 0; margin-bottom: 0; }}
dd {{ margin-left: 20px; }}
ul, ol {{ margin-top: 0; margin-bottom: {gap}px; }}
li {{ margin-bottom: {third}px; }}
figure, .figure {{ margin-top: {half}px; margin-bottom: {gap}px; }}
figcaption, caption, .caption {{ color: {muted}; font-size: {small}; line-height: {close}%; }}
pre, code, kbd, samp {{ font-family: monospace; font-size: {small}; }}
pre {{ white-space: pre-wrap; margin-top: 0; margin-bottom: 0; }}
table {{ border-collapse: collapse; margin-top: {third}px; margin-bottom: {gap}px; }}
th, td {{ border-bottom: 1px solid {rule}; padding: 5px; }}
th {{ font-weight: 600; }}
td.code {{ background-color: {panel}; border: none; padding: {half}px; }}
hr {{ background-color: {rule}; }}
small, sub, sup {{ font-size: {small}; }}
"""
