"""The sanitiser against hostile HTML, judged by an oracle of its own (hostile_html.py)."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from desktop.core.html import intake, sound
from desktop.core.html.sanitise import image_key, sanitise, sanitise_kept
from desktop.core.incoming import ImageRef
from tests.unit.core import hostile_html as hostile

VECTORS = list(hostile.address_vectors())
POSTS = json.loads((Path(__file__).parents[2] / "data/wordpress/posts-edge.json").read_text("utf-8"))


def examined(html, base=hostile.BASE, lead=None):
    """The sanitised article and what the oracle says of it."""
    clean = sanitise(html, base, lead)
    return clean, hostile.examine(clean.html, {image_key(image.url) for image in clean.images})


def test_there_are_enough_vectors():
    assert len(VECTORS) + len(hostile.CONFUSIONS) >= 300


@pytest.mark.parametrize("carrier", range(len(hostile.CARRIERS)))
def test_no_address_gets_through_in_any_carrier(carrier):
    for name, html in VECTORS:
        if name.startswith(f"{carrier}-"):
            clean, oracle = examined(html)
            assert oracle.faults == [], (name, html, clean.html)
            assert all(image.url.startswith(("http://", "https://")) for image in clean.images), name


@pytest.mark.parametrize("disguise", range(len(hostile.DISGUISES)))
@pytest.mark.parametrize("target", ["javascript:alert(1)", "file:///etc/passwd", "cache:" + "0" * 32])
def test_no_disguise_saves_a_scheme(disguise, target):
    dressed = hostile.DISGUISES[disguise](target)
    clean, oracle = examined(f'<a href="{dressed}">words</a><img src="{dressed}" alt="x">')
    assert oracle.faults == []
    assert not any(link.startswith(("javascript", "file", "cache")) for link in oracle.links)
    assert "words" in clean.text


@pytest.mark.parametrize("html", hostile.CONFUSIONS, ids=lambda html: repr(html)[:40])
def test_no_confusion_gets_through(html):
    clean, oracle = examined(html)
    assert oracle.faults == [], clean.html


@pytest.mark.parametrize("html", hostile.CONFUSIONS + hostile.UNSETTLED, ids=lambda html: repr(html)[:40])
def test_what_has_been_cleaned_stays_as_it_is(html):
    assert_settled(html)


def test_what_is_cut_at_a_bound_stays_as_it_is(monkeypatch):
    for bound in (30, 60, 97):
        for module in (intake, sound):
            monkeypatch.setattr(module, "MAX_TAGS", bound)
        for part in LONG:
            once = assert_settled(part * bound)
            assert once.html.count("<") <= bound


def test_what_is_longer_as_it_is_kept_stays_as_it_is():
    once = sanitise("<p>" + "&" * 450_000 + "words", hostile.BASE)
    assert once.html.endswith("words</p>")
    assert sanitise_kept(once.html, hostile.BASE, frozenset()).html == once.html


def assert_settled(html):
    once = sanitise(html, hostile.BASE)
    keys = frozenset(image_key(image.url) for image in once.images)
    again = sanitise_kept(once.html, hostile.BASE, keys)
    assert (again.html, again.images) == (once.html, ())
    assert hostile.examine(once.html, keys).faults == []
    return once


# Each comes out with more tags than it had.
LONG = (
    *("<p>a", "<li>a<ul><li>b", "<b><p>a", "<p>https://a.example/b", "<p>a &lt; b", "a<br>\n\nb", "<h2>a<b>b"),
    *("<table><tr><td>a<td>b</table>c", "<table><tr><td>a", "<tr><td>a", "<dl><dt>a<dd><pre>\n\nb"),
    "<blockquote>a<table><caption>b<tr><td>c<table><td>d</table></table><hr><figure><img src=/b.svg>",
)  # fmt: skip


@pytest.mark.parametrize(
    "before",
    ["<p>", "<b>", "<a href=https://a.example/>", "<table>", "<table><tr>", "<form>", "<ul>", "<h2>", "</div>",
     "<iframe src=https://v.example/ />", "<img src=x>", "<unknown>", "<font>", "<noscript>", "<object>", "<video>"],
)  # fmt: skip
def test_the_text_after_a_tag_is_kept(before):
    assert "the words stay" in sanitise(f"{before}the words stay", hostile.BASE).text


def test_a_forged_name_of_a_stored_picture_is_dropped():
    key = image_key("https://steppe.example/1.png")
    clean, oracle = examined(f'<img src="cache:{key}"><img data-src="cache:{key}"><p>words</p>')
    assert clean.images == ()
    assert oracle.pictures == []


@pytest.mark.parametrize("post", POSTS, ids=lambda post: post["slug"][:30])
def test_every_odd_post_comes_out_harmless_and_whole(post):
    lead = ImageRef("https://steppe.example/lead.jpg", "Lead")
    clean, oracle = examined(post["content"]["rendered"], post["link"], lead)
    assert oracle.faults == []
    assert len(set(oracle.pictures)) == len(oracle.pictures)
    assert {picture.removeprefix("cache:") for picture in oracle.pictures} == {
        image_key(image.url) for image in clean.images
    }
    assert clean.images[0].url == lead.url
    assert "[caption" not in clean.text
    assert len(clean.excerpt) <= 310


DEEP = 50_000
TORTURE = {
    "divs": "<div>" * DEEP + "words",
    "spans": "<span>" * DEEP + "words",
    "bold": "<b>" * DEEP + "words",
    "links": "<a href=x>" * DEEP + "words",
    "quotes": "<blockquote>" * DEEP + "words",
    "lists": "<ul><li>" * DEEP + "words",
    "tables": "<table><tr><td>" * 20_000 + "words",
    "open paragraphs": "<p>x" * 200_000 + "words",
    "captions": "[caption]" * 100_000 + "words",
    "half captions": "[caption " * 100_000 + "words",
    "pairs": "[caption]x[/caption]" * 20_000 + "words",
    "brackets": "[" * 500_000 + "words",
    "ampersands": "&" * 1_000_000 + " words",
    "entities": "&amp;" * 390_000 + " words",
    "less": "<" * 1_000_000 + " words",
    "torn tags": "<x " * 300_000 + ">words",
    "torn quotes": '<a b="' * 200_000 + '">words',
    "attributes": "<b " + " ".join(f"a{n}=1" for n in range(100_000)) + ">words",
    "long attribute": f"<a href='{'x' * 1_900_000}'>words</a>",
    "comments": "<!--x-->" * 200_000 + "words",
    "open comments": "<p>words</p>" + "<!-- " * 300_000,
    "scripts": "<script>" * 100_000 + "</script>words",
    "iframes": "<iframe>" * 100_000 + "words",
    "pictures": "<img src=https://a.example/{}.png>" * 50_000 + "words",
    "kept formatting": "<p>" + "".join(f"<b id={n}>" for n in range(99)) + "</p>" + "<p>x" * 50_000 + "words",
    "misnested": "<b><i><u><p>" * 20_000 + "</b></i></u></p>" * 20_000 + "words",
    "ends": "</b></p></div>" * 100_000 + "words",
    "words": "word " * 390_000 + "words",
    "one word": "x" * 1_900_000 + " words",
    "breaks": "<br>" * 300_000 + "words",
    "new lines": "\n" * 1_900_000 + "words",
    "spaces": "<p> </p>" * 100_000 + "words",
    "rows": "<table>" + "<tr><td>x" * 100_000 + "<td>words",
    "srcset": '<img srcset="' + "https://a.example/1.png 1w, " * 50_000 + '">words',
    "ten megabytes": "<p>word word word</p>" * 500_000,
}


@pytest.mark.parametrize("name", TORTURE)
def test_no_input_takes_long(name):
    sanitise("<p>warm</p>", hostile.BASE)
    started = time.process_time()
    clean = sanitise(TORTURE[name], hostile.BASE)
    spent = time.process_time() - started
    assert hostile.examine(clean.html[:200_000], {image_key(i.url) for i in clean.images}).faults == []
    assert spent < 2.0, f"{spent:.1f} s"


@pytest.mark.parametrize(
    "name", [name for name in TORTURE if name not in ("ten megabytes", "torn quotes", "open comments")]
)
def test_no_input_loses_what_stands_at_its_end(name):
    assert "words" in sanitise(TORTURE[name], hostile.BASE).text
