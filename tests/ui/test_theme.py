"""Colours that can be read, whatever the system's palette is."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QFont, QPalette, QTextDocument

from desktop.ui import theme
from desktop.ui.theme import Theme, contrast, legible, mix, reader_css, scaled

GROUNDS = {
    "white": ("#ffffff", "#000000", "#efefef"),
    "cream": ("#fdf6e3", "#586e75", "#eee8d5"),
    "grey": ("#8f8f8f", "#000000", "#888888"),
    "dark": ("#1b1d20", "#e6e6e6", "#232629"),
    "black": ("#000000", "#ffffff", "#000000"),
    "blue": ("#001040", "#ffff00", "#001040"),
}


def palette(name):
    base, text, window = GROUNDS[name]
    made = QPalette()
    made.setColor(QPalette.ColorRole.Base, QColor(base))
    made.setColor(QPalette.ColorRole.Text, QColor(text))
    made.setColor(QPalette.ColorRole.Window, QColor(window))
    made.setColor(QPalette.ColorRole.WindowText, QColor(text))
    return made


@pytest.mark.parametrize("name", GROUNDS)
@pytest.mark.parametrize("high", [False, True])
def test_coloured_text_has_enough_contrast_on_lists_and_bars(qapp, name, high):
    shown = Theme(palette(name), high)
    for color in (shown.up, shown.down, shown.link, shown.warning):
        for ground in (shown.base, shown.window):
            possible = max(contrast(ground, QColor("white")), contrast(ground, QColor("black")))
            assert contrast(color, ground) >= min(7.0 if high else 4.5, possible - 0.1)


@pytest.mark.parametrize("name", ["white", "cream", "dark", "black", "blue"])
def test_muted_text_has_enough_contrast_on_its_own_ground(qapp, name):
    shown = Theme(palette(name))
    assert contrast(shown.muted, shown.base) >= 4.5
    assert contrast(shown.muted_on(shown.window, shown.text), shown.window) >= 4.5


@pytest.mark.parametrize("name", GROUNDS)
def test_marks_stand_out_from_their_ground(qapp, name):
    shown = Theme(palette(name))
    for color in (shown.star, shown.unread, shown.accent):
        assert contrast(color, shown.base) >= 3.0


def test_up_and_down_differ(qapp):
    for name in GROUNDS:
        shown = Theme(palette(name))
        assert shown.up != shown.down


def test_high_contrast_has_no_muted_text_and_full_lines(qapp):
    shown = Theme(palette("white"), high_contrast=True)
    assert shown.muted == shown.text
    assert shown.separator == shown.text


def test_dark_and_light_are_told_apart(qapp):
    assert [Theme(palette(name)).is_dark for name in ("white", "cream", "dark", "black")] == [
        False,
        False,
        True,
        True,
    ]


def test_contrast_is_that_of_the_accessibility_guidelines():
    assert contrast(QColor("white"), QColor("black")) == pytest.approx(21.0)
    assert contrast(QColor("#767676"), QColor("white")) == pytest.approx(4.54, abs=0.01)


def test_a_colour_that_is_legible_already_is_left_alone():
    assert legible(QColor("#0000ff"), QColor("white")).name() == "#0000ff"


def test_mixing_stays_between_its_ends():
    assert mix(QColor("white"), QColor("black"), 0.5).lightness() in (127, 128)


def test_a_scaled_font_keeps_its_family_in_points_and_in_pixels():
    points, pixels = QFont("Some Face", 10), QFont("Some Face")
    pixels.setPixelSize(20)
    assert scaled(points, 1.5).pointSizeF() == pytest.approx(15)
    assert scaled(pixels, 1.5).pixelSize() == 30
    assert scaled(points, 2, bold=True).bold()


def test_the_style_sheet_names_no_address_and_follows_the_palette(qapp):
    light, dark = reader_css(palette("white"), 12), reader_css(palette("dark"), 12)
    assert light != dark
    assert "#e6e6e6" in dark
    for sheet in (light, dark):
        assert "url" not in sheet
        assert "@" not in sheet
        assert "{{" not in sheet


def test_the_style_sheet_is_understood_by_a_text_document(qapp):
    document = QTextDocument()
    document.setDefaultStyleSheet(reader_css(palette("dark"), 12, 100))
    document.setHtml("<p>text</p><p class='caption'>caption</p>")
    first, second = document.begin(), document.begin().next()
    assert first.blockFormat().lineHeight() == theme.LEADING_PERCENT
    assert second.begin().fragment().charFormat().fontPointSize() == pytest.approx(10.2)


def test_a_font_with_wide_lines_of_its_own_gets_less_leading(qapp):
    assert "line-height: 155%" in reader_css(palette("white"), 12, 100)
    assert "line-height: 114%" in reader_css(palette("white"), 12, 136)
