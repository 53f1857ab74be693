"""Both doors of the sanitiser give the same article: plain HTML needs neither a parser nor a tree."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given

from desktop.core.html.clean import cleaned_as_tree, cleaned_at_once, lacks_paragraphs
from desktop.core.html.image_keys import image_key
from desktop.core.html.intake import normal
from desktop.core.incoming import ImageRef
from desktop.net import feeds
from tests.bench.feed_samples import feed
from tests.property.test_sanitise import PIECES, SETTINGS
from tests.unit.core import hostile_html as hostile

INLINE = (
    *(
        "a",
        "abbr",
        "b",
        "br",
        "cite",
        "code",
        "del",
        "em",
        "i",
        "img",
        "ins",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "u",
    ),
)
HOLDERS = ["div", "blockquote", "figure", "figcaption"]
LINES = ["p", "h1", "h2", "h3", "h6", "hr"]
OTHERS = [
    "table",
    "tr",
    "td",
    "pre",
    "font",
    "section",
    "kbd",
    "dl",
    "dd",
    "center",
    "nobr",
    "button",
    "x-y",
    "svg",
]
VOID = frozenset({"br", "img", "hr"})
WORDS = (
    *(
        "word",
        " ",
        "\n",
        "\n\n",
        "a & b",
        "&amp;",
        "&amp>",
        "&lt",
        "&nbsp;",
        "\u00a0",
        "&#38;lt;",
        "&#1;",
        "&notit;",
    ),
    *(
        ">",
        *(
            "https://a.example/b",
            " \u00a0http://a.example",
            " a ",
            "<br> <br>",
            "The post a",
            " appeared first on b.",
            "\f",
        ),
        '<a class="more-link" href="/b"> More</a>',
        '<img src="/e.png" class="emoji" alt=" :) ">',
        "&amp>lt;",
        "ё",
        "\u00ad",
        "\t",
        "&#x41;",
        "&hellip;",
        "]]>",
        "&NotEqualTilde;",
        "&",
        "&#xFDD0;",
        "\ufdd0",
    ),
)
ADDRESSES = (
    *(
        "https://a.example/b",
        "HTTP://A.example",
        "http://1.2.3.999/",
        "https://xn--a.example/",
        "//a.example",
        "#n1",
    ),
    *(
        "/b?c=1&amp;d",
        "b/c",
        "javascript:alert(1)",
        "mailto:a@b.example",
        "http://a b.example",
        "",
        "http://[",
        "a:b",
    ),
    *(
        "https://пример.example/я",
        "https://a.example\\b",
        "cache:0f",
        "https://-a.example/",
        "http://a.1.example/",
    ),
    *(
        "http://a.0x1/",
        "https://a..example/",
        "&#106;avascript:x",
        "tel:1",
        "data:text/html,x",
        "/\\x",
        "#%41 b",
    ),
    *(
        "https://a.example:99999/",
        "https://a--b.example/",
        "https://a.example/?q=&quot;'",
        "//[",
        "mailto:",
        "/ b",
    ),
)
_WORDS_OF_KEYS = """
    class id title style align name alt width start srcset data-src onclick cite
"""
KEYS = tuple(_WORDS_OF_KEYS.split())
VALUES = (
    "",
    "x",
    "n1",
    "12",
    "center",
    "color:red",
    "&quot;",
    "&#9;",
    " ",
    "a b",
    "'",
    "ё",
    "wp-embedded-content",
)
SLIPS = (
    " hidden",
    " id=x",
    " ID='y'",
    ' id = "z"',
    '\nid="n1"',
    ' id="a"id="b"',
    " /",
    ' title=">"',
    ' x:y="z"',
)
CREDITS = (
    '<p>The post <a href="/b">a</a> appeared first on <a href="/">b</a>.</p>\n',
    "<p>The post a was first published on b.</p>",
    "<div><p>The post a appeared first on b.</p><p> </p></div>",
)
MISTAKE = 0.02
NO_KEYS: frozenset[str] = frozenset()
DOCUMENTS = 3_000


class Writer:
    """Writes documents that are plain but for a mistake here and there."""

    def __init__(self, seed: int) -> None:
        self._chance = Random(seed)
        self._of = self._chance.choice

    def document(self) -> str:
        return "".join(self._block(3) for _ in range(self._chance.randint(0, 4)))

    def _mistaken(self) -> bool:
        return self._chance.random() < MISTAKE

    def _many(self, write: object, depth: int) -> str:
        assert callable(write)
        return "".join(write(depth - 1) for _ in range(self._chance.randint(0, 3)))

    def _block(self, depth: int) -> str:
        kind = self._chance.randint(0, 5)
        if depth <= 0 or kind == 0:
            return self._line(2)
        if kind == 5:
            return self._of(CREDITS)
        if kind == 1:
            return self._element(self._of(LINES), self._line, 3)
        if kind == 2:
            return self._element(self._of(("ul", "ol")), self._entry, depth)
        return self._element(self._of(HOLDERS), self._block, depth)

    def _entry(self, depth: int) -> str:
        kind = self._chance.randint(0, 3)
        if kind > 1:
            return self._element("li", self._block if kind == 2 else self._line, depth)
        return " \n"[kind]

    def _line(self, depth: int) -> str:
        if depth <= 0 or self._chance.random() < 0.4:
            return self._of(WORDS)
        return self._element(self._of(INLINE), self._line, depth)

    def _element(self, name: str, write: object, depth: int) -> str:
        if self._mistaken():
            name = self._of((*INLINE, *HOLDERS, *LINES, *OTHERS))
        start = f"<{name}{''.join(self._attribute(name) for _ in range(self._of((0, 0, 1, 2))))}"
        if name in VOID:
            return start + self._of((">", "/>", " />"))
        return f"{start}>{self._many(write, depth)}" + ("" if self._mistaken() else f"</{name}>")

    def _attribute(self, name: str) -> str:
        if self._mistaken():
            return self._of(SLIPS)
        if name in ("a", "img") and self._chance.random() < 0.6:
            usual = self._chance.random() < 0.5
            address = "https://a.example/b" if usual else self._of(ADDRESSES)
            return f' {"href" if name == "a" else "src"}="{address}"'
        return f' {self._of(KEYS)}="{self._of(VALUES)}"'


def _is_plain(html: str, lead: ImageRef | None = None) -> bool:
    """Whether the quick door takes `html`; what comes out is then that of the slow one."""
    markup = normal(html)
    arguments = markup, hostile.BASE, NO_KEYS, lead
    quick = None if lacks_paragraphs(markup) else cleaned_at_once(*arguments)
    if quick is not None:
        assert quick == cleaned_as_tree(*arguments), html
        if quick.images:  # which may stand in what was kept
            keys = frozenset(image_key(image.url) for image in quick.images)
            assert cleaned_at_once(quick.html, hostile.BASE, keys, None) == replace(quick, images=()), html
    return quick is not None


def test_both_doors_give_the_same_of_documents() -> None:
    leads = (None, None, ImageRef("/b", "lead"))
    plain = sum(_is_plain(Writer(seed).document(), leads[seed % 3]) for seed in range(DOCUMENTS))
    assert DOCUMENTS / 4 < plain < DOCUMENTS  # those with mistakes are not


@SETTINGS
@given(PIECES)
def test_both_doors_give_the_same_of_soup(pieces: list[str]) -> None:
    _is_plain("".join(pieces))


def test_both_doors_give_the_same_of_hostile_documents() -> None:
    for _, html in hostile.address_vectors():
        _is_plain(html)
        _is_plain(f"<p>{html}</p>")
    for html in hostile.CONFUSIONS:
        _is_plain(html)


def test_what_a_site_of_wordpress_writes_goes_through_the_quick_door() -> None:
    articles = feeds.parse(feed(1, items=20), "https://courier.example/feed/").articles
    assert all(_is_plain(article.content_html) for article in articles)
