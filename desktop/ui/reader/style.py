"""How the reader sets its text: what the person may choose, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QFontMetricsF, QPalette, QRawFont

from desktop.ui.theme import reader_css, scaled

if TYPE_CHECKING:
    from desktop.jobs.session import Session

SIZE = "reader.size"
FONT = "reader.font"
WIDTH = "reader.width"
LEADING = "reader.leading"
JUSTIFIED = "reader.justified"

SANS, SERIF = "sans", "serif"
SMALLEST_STEP, LARGEST_STEP = -4, 12
NARROWEST, WIDEST = 45, 90  # characters a line
CLOSEST, LOOSEST = 130, 190  # percent of the type size
NORMAL_FACTOR = 1.2  # the reading size against the window's font
STEP_FACTOR = 1.1
# Made for long texts; of those that are there the first with all of our LETTERS is taken.
SERIF_FAMILIES = (
    "Noto Serif",
    "Georgia",
    "Charter",
    "PT Serif",
    "Cambria",
    "Liberation Serif",
    "DejaVu Serif",
)
LETTERS = "ӘәҒғҚқҢңӨөҰұҮүҺһІіҶҷӮӯӢӣҲҳЎўЁёʻʼŇňÝýŽžŞşÄäÇçÖöÜü"  # Kazakh, Kyrgyz, Tajik, Turkmen, Uzbek
_SAMPLE = "the quick brown fox jumps over the lazy dog and goes on to the river "


@dataclass(frozen=True, slots=True)
class ReadingStyle:
    """The person's choices; what is out of bounds or unknown becomes what is nearest."""

    step: int = 0
    font: str = SANS
    characters: int = 68
    leading: int = 155
    justified: bool = False

    @classmethod
    def stored(cls, session: Session) -> ReadingStyle:
        """As the settings say."""
        style = cls()
        for key, name in _FIELDS.items():
            style = style.with_setting(key, session.setting(key, getattr(style, name)))
        return style

    def with_setting(self, key: str, value: object) -> ReadingStyle:
        """With one setting changed; keys that are no concern of the reader's change nothing."""
        match key, value:
            case (str(), bool()) if key == JUSTIFIED:
                return replace(self, justified=value)
            case (str(), str()) if key == FONT:
                return replace(self, font=SERIF if value == SERIF else SANS)
            case (str(), int()) if key in _BOUNDS:
                least, most = _BOUNDS[key]
                bounded: dict[str, Any] = {_FIELDS[key]: max(least, min(most, value))}
                return replace(self, **bounded)
        return self

    def reading_font(self, window_font: QFont) -> QFont:
        """The font of the running text, from that of the window."""
        font = scaled(window_font, NORMAL_FACTOR * STEP_FACTOR**self.step)
        if self.font == SERIF:
            family = serif_family()
            if family:
                font.setFamily(family)
            font.setStyleHint(QFont.StyleHint.Serif)
        return font

    def column(self, font: QFont) -> float:
        """The width of a line of so many characters, in logical pixels."""
        return QFontMetricsF(font).horizontalAdvance(_SAMPLE) / len(_SAMPLE) * self.characters

    def css(self, font: QFont, palette: QPalette) -> str:
        """The style sheet of the article."""
        return reader_css(palette, QFontInfo(font).pointSizeF(), natural_percent(font), self.leading)


_FIELDS = {SIZE: "step", FONT: "font", WIDTH: "characters", LEADING: "leading", JUSTIFIED: "justified"}
_BOUNDS = {
    SIZE: (SMALLEST_STEP, LARGEST_STEP),
    WIDTH: (NARROWEST, WIDEST),
    LEADING: (CLOSEST, LOOSEST),
}


@cache
def serif_family() -> str:
    """The serif family for reading that the system has, if it can be with all LETTERS; "" for its own choice."""
    there = [family for family in SERIF_FAMILIES if QFontDatabase.hasFamily(family)]
    return next(filter(_has_letters, there), there[0] if there else "")


def _has_letters(family: str) -> bool:
    font = QRawFont.fromFont(QFont(family), QFontDatabase.WritingSystem.Any)
    return font.isValid() and all(font.supportsCharacter(ord(letter)) for letter in LETTERS)


def natural_percent(font: QFont) -> float:
    """A font's own distance of lines, in percent of its size: fonts differ from 115 to 140."""
    metrics = QFontMetricsF(font)
    return 100 * metrics.lineSpacing() / max(1.0, float(QFontInfo(font).pixelSize()))
