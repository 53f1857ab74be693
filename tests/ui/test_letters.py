"""Kazakh, Kyrgyz, Tajik, Turkmen and Uzbek letters in every cut, from the very font that is asked for."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QImage, QPainter, QRawFont
from PySide6.QtWidgets import QApplication

from desktop.ui.reader.style import SANS, SERIF, ReadingStyle, serif_family

LETTERS = {
    "Kazakh": "ӘәҒғҚқҢңӨөҰұҮүҺһІі",
    "Kyrgyz": "ҢңӨөҮү",
    "Tajik": "ҒғӢӣҚқӮӯҲҳҶҷ",
    "Turkmen": "ÄäÇçŇňÖöŞşÜüÝýŽž",
    "Uzbek": "ʻʼ‘’ЎўҚқҒғҲҳ",
    "Russian": "ЁёЙйЩщЪъЫыЭэЮю",
}
CUTS = [(weight, italic) for weight in (QFont.Weight.Normal, QFont.Weight.Bold) for italic in (False, True)]


@pytest.mark.parametrize("family", [SANS, SERIF])
@pytest.mark.parametrize(("weight", "italic"), CUTS)
@pytest.mark.parametrize("language", LETTERS)
def test_every_letter_is_in_the_font_and_none_is_a_box(qapp: QApplication, family, weight, italic, language):
    font = ReadingStyle(font=family).reading_font(qapp.font())
    font.setWeight(weight)
    font.setItalic(italic)
    raw = QRawFont.fromFont(font, QFontDatabase.WritingSystem.Any)
    assert raw.isValid()
    assert [letter for letter in LETTERS[language] if not raw.supportsCharacter(ord(letter))] == []
    box = drawn(raw, "")
    assert all(drawn(raw, letter) != box for letter in LETTERS[language])


def test_the_serif_letters_have_serifs(qapp: QApplication):
    """The family that is asked for is there; without it, the system would take any other."""
    assert serif_family()
    font = ReadingStyle(font=SERIF).reading_font(qapp.font())
    assert QFontInfo(font).family() == serif_family()


@pytest.mark.parametrize(("weight", "italic"), CUTS)
@pytest.mark.parametrize("family", [SANS, SERIF])
def test_each_cut_looks_different(qapp: QApplication, family, weight, italic):
    """Bold and italic of letters beyond Russian are cuts of the font, not the regular one again."""
    font = ReadingStyle(font=family).reading_font(qapp.font())
    regular = words(font)
    font.setWeight(weight)
    font.setItalic(italic)
    assert (words(font) == regular) is (weight == QFont.Weight.Normal and not italic)


def words(font: QFont) -> bytes:
    image = QImage(400, 60, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setFont(font)
    painter.drawText(5, 40, "Қңөү Ҷӯ Oʻ ň")
    painter.end()
    return bytes(image.constBits())


def drawn(raw: QRawFont, letter: str) -> list[tuple[float, float]]:
    """The outline of a letter; that of the box for one that the font does not have."""
    glyph = (*raw.glyphIndexesForString(letter), 0)[0]
    path = raw.pathForGlyph(glyph)
    return [(path.elementAt(n).x, path.elementAt(n).y) for n in range(path.elementCount())]
