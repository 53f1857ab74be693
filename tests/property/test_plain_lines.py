"""Paragraphs that are read at once come out as both doors of the sanitiser give them element by element."""

from __future__ import annotations

from random import Random

from desktop.core.html.clean import cleaned_as_tree, cleaned_at_once, lacks_paragraphs
from desktop.core.html.intake import normal
from desktop.core.html.plain_lines import line_of
from tests.unit.core import hostile_html as hostile

STRESSED = (
    *("%s", "%s", "<b>%s</b>", "<em> %s</em>", "<i>%s<br></i>", "<u>%s</u>", "<b><i>%s</i></b>"),
    '<a href="https://a.example/b">%s</a>',
    '<a href="https://a.example/b/.c">%s</a>',
    '<a href="https://a.example/b" rel="nofollow noopener" target="_blank">%s </a>',
    '<a class="more-link" href="https://a.example/b">%s</a>',
)
WORDS_OF_LINES = (
    *(
        "word",
        " two words ",
        "a  b",
        "a\nb",
        " ",
        "",
        "a &amp; b",
        "it&#8217;s",
        "&nbsp;",
        "&nbsp;a",
        "a\u00a0 ",
    ),
    *(
        "&lt;b&gt;",
        ">",
        "http",
        "https://a.example/b",
        "&am",
        "p;",
        "&#10;",
        '"',
        "/.",
        "\u2028",
        "&hellip;",
        "ё",
    ),
    "The post a appeared first on b.",
)
STARTS_OF_LINES = (
    "<p>",
    "<p>",
    '<p class="x">',
    '<p style="text-align: right">',
    '<p id="n1">',
    "<pre>",
)
BEFORE_LINES = (
    "",
    "",
    "\n",
    "word",
    "word ",
    "<br>",
    "<h2>a</h2>\n",
    "<p></p>",
    "<li>",
    '<img src="/e.png">',
)


def test_a_paragraph_that_is_read_at_once_is_the_same_through_both_doors() -> None:
    chance, documents, at_once = Random(7), 1_000, 0
    for _ in range(documents):
        inside = [
            chance.choice(STRESSED) % chance.choice(("word", chance.choice(WORDS_OF_LINES)))
            for _ in range(chance.randint(1, 2))
        ]
        before, start = chance.choice(BEFORE_LINES), chance.choice(STARTS_OF_LINES)
        line = start + "".join(inside)
        at_once += line_of(line) is not None
        markup = normal(f"{before}{line}</p>{chance.choice(BEFORE_LINES)}")
        arguments = markup, hostile.BASE, frozenset[str](), None
        quick = None if lacks_paragraphs(markup) else cleaned_at_once(*arguments)
        assert quick in (None, cleaned_as_tree(*arguments)), markup
    assert documents / 4 < at_once < documents
