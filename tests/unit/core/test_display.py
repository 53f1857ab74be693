"""Stored HTML as HTML for the reader."""

from __future__ import annotations

from desktop.core.display import for_display
from desktop.core.html import sanitise
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
