"""Stored HTML as HTML for the reader."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.core.html.display import for_display, slices_for_display
from desktop.core.html.sanitise import sanitise
from desktop.core.html.style import Inks, kept_style
from desktop.core.models import StoredImage

KEY = "0" * 32
FIGURE = f'<figure><img src="cache:{KEY}" alt="A bridge" width="640" height="480"><figcaption>Old</figcaption></figure>'
STORED = StoredImage(KEY, "https://steppe.example/a.jpg", sha256="ab", format="jpeg", width=640, height=480)


def test_a_figure_is_a_centred_picture_with_its_caption():
    html = for_display(FIGURE, {KEY: STORED})
    assert f'<p align="center"><img src="cache:{KEY}" alt="A bridge" width="640" height="480"></p>' in html
    assert '<p class="caption" align="center">Old</p>' in html
    assert "<fig" not in html


def test_a_picture_that_is_not_stored_yet_keeps_its_place_for_the_reader_to_frame():
    missing = StoredImage(KEY, STORED.url, problem="the server said 404")
    assert for_display(FIGURE, {KEY: missing}) == for_display(FIGURE, {KEY: STORED})


def test_a_picture_that_the_store_does_not_know_is_a_frame_with_words():
    html = for_display(FIGURE, {})
    assert "<img" not in html
    assert "A bridge" in html
    assert "picture not stored yet" in html.lower()


def test_no_address_but_that_of_the_web_and_the_store_passes():
    html = for_display(
        '<img src="file:///x" alt="T"><a href="file:///x">L</a><img src="https://a.example/x">', {}
    )
    assert "file:" not in html
    assert "https://a.example" not in html
    assert "L" in html


def test_quotations_lists_and_tables_stay():
    html = "<blockquote><p>Q</p></blockquote><ul><li>a</li></ul><table><tbody><tr><td>1</td></tr></tbody></table>"
    assert for_display(html, {}) == html


def test_the_budget_is_applied():
    html = for_display("<table><tr><td>" * 30 + "words", {})
    assert html.count("<table") <= 6
    assert "words" in html


def test_an_article_comes_from_outside_to_the_reader():
    clean = sanitise(
        '<figure><img src="/a.jpg" alt="A"><figcaption>C</figcaption></figure>', "https://steppe.example/"
    )
    key = clean.html.partition("cache:")[2][:32]
    assert f'src="cache:{key}"' in for_display(
        clean.html, {key: StoredImage(key, clean.images[0].url, sha256="ab")}
    )


WHITE_ON_NAVY = '<p style="color:#ffffff;background-color:#000080">x</p>'
PAPER, NIGHT = Inks("#000000", "#ffffff"), Inks("#e6e6e6", "#1e1e1e")


def styled(html, inks):
    return "".join(slices_for_display(html, {}, inks=inks))


def test_a_publishers_colours_are_shown_only_where_they_are_wanted():
    html = '<p style="color:#8a0000;text-align:center">x <span style="color:#00008a">y</span></p>'
    assert for_display(html, {}) == "<p>x y</p>"
    assert (
        styled(html, PAPER)
        == '<p style="color:#8a0000" align="center">x <span style="color:#00008a">y</span></p>'
    )


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ('<p style="color:#000000">black on night</p>', "<p>black on night</p>"),
        (
            '<p style="color:#ffffff;background-color:#000080">x</p>',
            '<p style="color:#ffffff;background-color:#000080">x</p>',
        ),
        (
            '<p style="background-color:#ffffff">light ground for light text</p>',
            "<p>light ground for light text</p>",
        ),
        (
            '<p style="color:#000000;background-color:#ffff00">x<b style="color:#ffffff">y</b></p>',
            '<p style="color:#000000;background-color:#ffff00">x<b>y</b></p>',
        ),
    ],
)
def test_no_text_becomes_illegible_through_its_publisher(html, shown):
    assert styled(html, NIGHT) == shown


COLOURS = st.none() | st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@settings(max_examples=150)
@given(st.lists(st.tuples(COLOURS, COLOURS), max_size=6))
def test_whatever_is_nested_every_text_can_be_read(layers):
    """Our own walk over the result, with nothing but the colours that stand in it."""
    opened = ""
    for ink, ground in layers:
        style = [f"color:{ink}" if ink else "", f"background-color:{ground}" if ground else ""]
        opened += f'<div style="{";".join(filter(None, style))}">x'
    inks = PAPER
    for style in re.findall(r"<div([^>]*)>", styled(opened, PAPER)):
        ink, ground = re.search(r"[^-]color:(#\w+)", style), re.search(r"background-color:(#\w+)", style)
        inks = Inks(ink[1] if ink else inks.text, ground[1] if ground else inks.ground)
        assert inks.legible


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"style": "COLOR: Red !important; font-size: 40px"}, "color:#ff0000"),
        ({"style": "background: #FFF url(https://a.test/x); color: rgb(1, 2, 300)"}, ""),
        (
            {"style": "background:#abc;text-align: CENTER", "align": "left"},
            "background-color:#aabbcc;text-align:center",
        ),
        ({"align": "right"}, "text-align:right"),
        ({"style": "color:expression(alert(1));color:;text-align:inherit"}, ""),
    ],
)
def test_of_a_style_only_colours_and_alignment_are_kept(given, kept):
    assert kept_style(given) == kept
