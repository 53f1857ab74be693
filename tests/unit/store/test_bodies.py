"""How texts stand in the store: what is packed comes out as it went in, whichever of the two forms it takes."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

import pytest

from desktop.core.errors import StoreDamaged
from desktop.core.html.kept_text import text_of
from desktop.core.html.sanitise import sanitise
from desktop.store.columns import SEPARATOR, pack_body, pack_excerpt, unpack_body, unpack_excerpt

BASE = "https://steppe.example/"


def is_short(packed: bytes) -> bool:
    """Whether the text is left to its HTML."""
    return SEPARATOR not in zlib.decompress(packed).decode()


# What stands in stores without its text: another result for any of these would change articles that are kept.
@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("plain", "plain"),
        ("<p>One\ntwo</p><p>three</p>", "One two\n\nthree"),
        ("<h2>A</h2><ul><li>b</li><li>c <em>d</em>e</li></ul>f", "A\n\nb\n\nc de\n\nf"),
        ("<p>a<br>b<br><br><br>c</p>", "a\nb\n\nc"),
        ("<table><tbody><tr><td>1</td><td>2</td></tr><tr><th>3</th></tr></tbody></table>", "1 2\n\n3"),
        ("<dl><dt>a</dt><dd>b</dd></dl>", "a\n\nb"),
        ('<p>a <a href="https://x.example/?a=1&amp;b=2" title="&gt;">b</a>.</p>', "a b."),
        ('<figure><img src="cache:1" alt="x"><figcaption>c</figcaption></figure>d', "c\n\nd"),
        ("<pre>a\n  b\n</pre><p>c\nd</p>", "a\nb\n\nc d"),
        ("<pre><code>a\nb</code></pre>", "a b"),
        ("<p>&lt;p&gt; &amp;amp; &quot;q&quot; \u00a0 x\u2028y</p>", '<p> &amp; "q" \u00a0 x\u2028y'),
        ("<details><summary>a</summary>b</details><hr>c", "a\n\nb\n\nc"),
    ],
)
def test_the_text_of_kept_html_is_what_it_always_was(html: str, text: str) -> None:
    assert text_of(html) == text
    assert unpack_body(zlib.compress(html.encode())) == (html, text)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a</p>", "a"),
        ("<p>a</p>", ""),
        ("", "a"),
        ("<p>a<sup><a href='#1'>1</a></sup></p>", "a"),
        ("<p>a</p>", "another"),
        ("<p>a</p>", "a "),
        ("<" * 2000, "<"),
        ("<p>ёлка, көпір, 数</p>", "ёлка, көпір, 数"),
    ],
)
def test_html_and_text_come_out_as_they_went_in(html: str, text: str) -> None:
    assert unpack_body(pack_body(html, text)) == (html, text)


def test_a_text_of_before_stays_what_it_was() -> None:
    """Bodies of former versions hold every text, an empty one as well."""
    assert unpack_body(zlib.compress(b"<p>a</p>\0a  b")) == ("<p>a</p>", "a  b")
    assert unpack_body(zlib.compress(b"<p>a</p>\0")) == ("<p>a</p>", "")
    assert unpack_body(zlib.compress(b"\0a")) == ("", "a")


def test_the_text_of_nearly_every_article_is_left_to_its_html(data: Path) -> None:
    posts = json.loads((data / "wordpress" / "posts.json").read_text("utf-8"))
    edge = json.loads((data / "wordpress" / "posts-edge.json").read_text("utf-8"))
    pages = [path.read_text("utf-8", "replace") for path in sorted((data / "fulltext").glob("*.html"))]
    found = [
        sanitise(html, BASE) for html in (*(post["content"]["rendered"] for post in posts + edge), *pages)
    ]
    packed = [pack_body(one.html, one.text) for one in found]
    assert [unpack_body(body) for body in packed] == [(one.html, one.text) for one in found]
    assert sum(map(is_short, packed)) > 0.9 * len(packed)
    beside = sum(len(zlib.compress((one.html + SEPARATOR + one.text).encode())) for one in found)
    assert sum(map(len, packed)) < 0.95 * beside


def test_a_damaged_body_is_told() -> None:
    packed = bytearray(pack_body("<p>a</p>" * 50, "a"))
    packed[len(packed) // 2] ^= 255
    for body in (bytes(packed), b"", b"x", zlib.compress(b"\xff")):
        with pytest.raises(StoreDamaged):
            unpack_body(body)


@pytest.mark.parametrize("excerpt", ["", "a", "Рынок ждёт снега. " * 16, "river market " * 200, "数\u2028é"])
def test_an_excerpt_comes_out_as_it_went_in(excerpt: str) -> None:
    assert unpack_excerpt(pack_excerpt(excerpt)) == excerpt


def test_an_excerpt_of_prose_takes_little_more_than_half() -> None:
    excerpt = (
        "Национальный банк повысил учётную ставку на полпроцента и объяснил это ростом цен на продовольствие и "
        "горючее. Реформа тарифов отложена до весны, пока не закончатся переговоры о цене газа, заявил министр."
    )
    assert len(pack_excerpt(excerpt)) < 0.62 * len(excerpt.encode())


def test_a_damaged_excerpt_takes_no_list_away() -> None:
    packed = pack_excerpt("Рынок ждёт снега, а снег ждёт ночи.")
    for damaged in (packed[:-4], b"\xff" + packed, "text of another row", None):
        assert unpack_excerpt(damaged) == ""  # type: ignore[arg-type]
