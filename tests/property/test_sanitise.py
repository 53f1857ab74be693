"""The sanitiser on token soup: harmless, settled after one pass, and whole."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.core.html.budget import within_budget
from desktop.core.html.clean import by_a_parser
from desktop.core.html.display import for_display
from desktop.core.html.intake import AMPERSAND, bounded, characters, decoded, normal
from desktop.core.html.markup import BLOCK, Tag, strip_tags, tokens, unescape
from desktop.core.html.sanitise import image_key, sanitise, sanitise_kept
from desktop.core.html.sound import sound_tree
from desktop.core.text import fold, plain
from tests.unit.core import hostile_html as hostile

TOKENS = st.sampled_from(
    [
        *(
            "<p>",
            "</p>",
            "<b>",
            "</b>",
            "<i>",
            "</i>",
            "<div>",
            "</div>",
            "<ul>",
            "<li>",
            "</ul>",
            "<h2>",
            "</h1>",
        ),
        *(
            "<table>",
            "<tr>",
            "<td>",
            "</td>",
            "</table>",
            "<blockquote>",
            "</blockquote>",
            "<pre>",
            "</pre>",
            "\n",
        ),
        *(
            "<a href='/x'>",
            "<a href=javascript:x>",
            "</a>",
            "<img src=/a.png alt=z>",
            "<img src='cache:0'>",
            "<br>",
        ),
        *(
            "<figure>",
            "<figcaption>",
            "</figure>",
            "<iframe src=//v.example/>",
            "</iframe>",
            "<svg>",
            "</svg>",
        ),
        *(
            "<math>",
            "<mtext>",
            "<style>",
            "</style>",
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "<noscript>",
            "</noscript>",
        ),
        *(
            "[caption width='1']",
            "[/caption]",
            "[sic]",
            "&lt;",
            "&amp;",
            "&#x41;",
            "&",
            "<",
            ">",
            '"',
            "'",
            "=",
            "/",
        ),
        *(
            "<h3>",
            "<dl><dd>",
            "<caption>",
            "<a href='#n'>",
            "<b id=n>",
            "<p>https://a.example/b</p>",
            "<br>",
            "<hr>",
        ),
        *(
            "<script>",
            "</script>",
            "<form>",
            "</form>",
            "<select>",
            "<dl>",
            "<dt>",
            "<dd>",
            "</dl>",
            "<span>",
            " ",
        ),
    ]
)
PIECES = st.lists(TOKENS | st.text(max_size=6), max_size=40)
SETTINGS = settings(max_examples=250, derandomize=True, deadline=None)
FEW = settings(SETTINGS, max_examples=80)
LETTERS = "абвgʻo’ ёqwz"
_REFERENCES = """
    &amp; &lt; &nbsp; &#8217; &#x41; &#13; &#13;\n &#0; &#xFDD0; &#xD800; &notit; &NotEqualTilde; &amp &hellip; &#65
"""
REFERENCES = st.sampled_from(_REFERENCES.split(" "))


@SETTINGS
@given(PIECES)
def test_soup_comes_out_harmless(pieces):
    clean = sanitise("".join(pieces), hostile.BASE)
    keys = {image_key(image.url) for image in clean.images}
    assert hostile.examine(clean.html, keys).faults == []
    assert hostile.examine(within_budget(clean.html), keys).faults == []


@SETTINGS
@given(PIECES)
def test_what_was_cleaned_is_settled(pieces):
    once = sanitise("".join(pieces), hostile.BASE)
    keys = frozenset(image_key(image.url) for image in once.images)
    again = sanitise_kept(once.html, hostile.BASE, keys)
    assert (again.html, again.text, again.images) == (once.html, once.text, ())
    if not once.images and "[" not in once.html:  # those of our own are not input from outside
        assert sanitise(once.html, hostile.BASE).html == once.html


@FEW
@given(PIECES)
def test_in_a_sound_tree_a_parser_changes_nothing(pieces):
    safe = by_a_parser(bounded(normal("".join(pieces))))
    _, is_sound = sound_tree(safe.replace(AMPERSAND, "&"))
    assert not is_sound or by_a_parser(safe.replace("<pre>\n", "<pre>\n\n")) == safe


@SETTINGS
@given(st.lists(st.text(LETTERS, min_size=1, max_size=12), min_size=1, max_size=12))
def test_the_words_of_paragraphs_are_kept(words):
    html = "".join(f"<p>{word} <b>{word}</b></p>" for word in words)
    expected = [part for word in words for part in (word + " " + word).split()]
    clean = sanitise(html, hostile.BASE)
    assert clean.text.split() == expected
    assert (
        "".join(hostile.examine(for_display(clean.html, {})).words).split()
        == "".join(hostile.examine(clean.html).words).split()
    )


@SETTINGS
@given(st.text(max_size=300))
def test_a_plain_line_is_one_line_and_settled(text):
    line = plain(text, 80)
    assert len(line) <= 80
    assert "\n" not in line
    assert plain(line, 80) == line
    assert fold(fold(line)) == fold(line)


@FEW
@given(st.lists(REFERENCES | st.text("&#;x1a <", max_size=3), max_size=8))
def test_references_stand_for_what_python_says(pieces):
    text = "".join(pieces)
    expected = characters(unescape(text)).replace("\r\n", "\n").replace("\r", "\n")
    assert decoded(text) == expected


def test_what_is_no_character_goes_and_all_others_stay():
    gone = {
        *range(9),
        11,
        *range(14, 32),
        127,
        *range(0xD800, 0xE000),
        *range(0xFDD0, 0xFDF0),
        0xFEFF,
        0xFFFE,
        0xFFFF,
    }
    for code in (*range(0x3000), *range(0xD700, 0x10100)):
        assert characters(f"a{chr(code)}b") == ("ab" if code in gone else f"a{chr(code)}b"), hex(code)


@FEW
@given(PIECES)
def test_plain_tags_are_stripped_as_all_others_are(pieces):
    markup = "".join(pieces)
    texts = (_text_of(token) for token in tokens(markup))
    assert strip_tags(markup) == unescape("".join(texts))


def _text_of(token):
    if isinstance(token, Tag):
        return " " if token.name in BLOCK or token.name == "br" else ""
    return token
