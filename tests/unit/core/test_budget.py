"""The render budget: bounded in every direction, and without loss of text."""

from __future__ import annotations

import time

import pytest

from desktop.core.html.budget import DEPTH, ELEMENTS, IMAGES, SHOWN, TABLE_DEPTH, WORD, within_budget
from desktop.core.html.display import for_display
from tests.unit.core.hostile_html import examine


def depth(html, name=""):
    """How deep elements (of one name) stand in each other."""
    deepest = level = 0
    for part in html.split("<")[1:]:
        tag = part.partition(">")[0].split()[0]
        if name and tag.strip("/") != name:
            continue
        if tag.startswith("/"):
            level -= 1
        elif tag not in ("br", "hr", "img"):
            level += 1
            deepest = max(deepest, level)
    return deepest


def words(html):
    return "".join(examine(html).words)


def test_what_is_within_the_budget_is_not_changed():
    html = "<h2>T</h2><p>a <b>b</b><br>c &amp; d</p><ul><li>x</li></ul><table><tr><td>1</td></tr></table>"
    assert within_budget(html) == html


def test_tables_stand_six_deep_at_most():
    html = within_budget("<table><tr><td>" * 20 + "words" + "</td></tr></table>" * 20)
    assert depth(html, "table") == TABLE_DEPTH
    assert "words" in words(html)


@pytest.mark.parametrize("tag", ["div", "span", "b", "blockquote", "sup"])
def test_nothing_stands_deeper_than_64(tag):
    html = within_budget(f"<{tag}>" * 500 + "words" + f"</{tag}>" * 500)
    assert depth(html) <= DEPTH
    assert words(html).strip() == "words"


def test_a_link_led_to_a_place_that_stood_too_deep_to_be_kept():
    html = '<p><a href="#n">1</a></p>' + "<blockquote>" * 70 + '<p id="n">A note.</p>' + "</blockquote>" * 70
    shown = within_budget(html)
    assert '<span id="n"></span>' in shown
    assert '<a name="n"></a>' in for_display(html, {})
    assert within_budget(shown) == shown


def test_elements_and_pictures_are_counted():
    html = within_budget("<p>x</p>" * (ELEMENTS + 500))
    assert html.count("<p>") <= ELEMENTS + 1
    assert words(html).count("x") == ELEMENTS + 500
    html = within_budget('<img src="cache:0" alt="a bridge">' * (IMAGES + 3))
    assert html.count("<img") == IMAGES
    assert html.count("a bridge") == IMAGES + 3


@pytest.mark.parametrize("letter", ["x", "ب", "&amp;", "x<b></b>"])
def test_a_word_can_be_broken_after_a_thousand_letters(letter):
    text = words(within_budget(letter * 5_000))
    assert max(map(len, text.split("\u200b"))) <= WORD
    assert text.replace("\u200b", "") == words(letter * 5_000)


def test_a_million_characters_are_shown_and_the_rest_is_named():
    html = within_budget("<p>word word word</p>" * 100_000)
    assert len(html) <= SHOWN
    assert "The rest is not shown here" in html


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td>" * 20_000,
        "<div>" * 100_000,
        "x" * 2_000_000,
        "&amp;" * 190_000,
        "<br>" * 250_000,
        "<b><i>" * 90_000,
    ],
    ids=lambda html: html[:12],
)
def test_a_budget_is_kept_quickly_and_twice_is_once(html):
    started = time.process_time()
    once = within_budget(html)
    assert time.process_time() - started < 1.5
    assert within_budget(once) == once
