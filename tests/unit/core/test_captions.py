"""Shortcodes that a site left in its text, as an article shows them."""

from __future__ import annotations

import pytest

from desktop.core.html.sanitise import sanitise

BASE = "https://steppe.example/news/story/"
IMAGE = '<img src="https://steppe.example/up/bridge-1024x682.jpg" alt="A bridge">'


def cleaned(html):
    return sanitise(html, BASE)


@pytest.mark.parametrize(
    "attributes",
    [
        'id="attachment_1" align="aligncenter" width="1024"',
        "id='attachment_1' width='1024'",
        "id=&#8221;attachment_1&#8243; width=&#8221;1024&#8243;",
        "id=&quot;attachment_1&quot; width=&quot;1024&quot;",
        "id=”attachment_1″ width=“1024”",
        "width=1024",
    ],
)
@pytest.mark.parametrize("name", ["caption", "wp_caption"])
def test_a_caption_becomes_a_figure_in_whatever_quotes(name, attributes):
    clean = cleaned(f"<p>[{name} {attributes}]{IMAGE} The old <em>bridge</em>[/{name}]</p><p>Text.</p>")
    assert "<figure><img " in clean.html
    assert "<figcaption>The old <em>bridge</em></figcaption></figure>" in clean.html
    assert "[" not in clean.text
    assert clean.excerpt == "Text."


def test_the_link_round_the_picture_stays_in_the_figure():
    html = cleaned(f'[caption width="9"]<a href="/big.jpg">{IMAGE}</a> Words[/caption]').html
    assert html.startswith('<figure><a href="https://steppe.example/big.jpg"><img ')
    assert html.endswith("<figcaption>Words</figcaption></figure>")


def test_the_words_of_the_old_style_stand_in_an_attribute():
    html = cleaned(f'[caption width="300" caption="Old words"]{IMAGE}[/caption]').html
    assert "<figcaption>Old words</figcaption>" in html


def test_a_caption_without_words_is_a_picture():
    assert "figcaption" not in cleaned(f'[caption width="300"]{IMAGE}[/caption]').html


@pytest.mark.parametrize(
    "html",
    [
        '[caption id="attachment_1" width="1024"]Image: the desk[/caption] TOWN - The words.',
        '[caption id="attachment_1" align="aligncenter" width="1024"] The words.',
        'The words. [caption id="attachment_5" align="al...',
        "The words. [caption id=&#8221;attachment_5&#8243; al [&hellip;]",
        "The words. [caption id=”attachment_5″ al […]",
        f'[caption width="300"]{IMAGE} Cut words below a picture<p>The words.</p>',
        f'[caption width="3"]{IMAGE}[caption width="3"]{IMAGE} x[/caption]<p>The words.</p>',
        "The words.[/caption]",
    ],
)
def test_no_part_of_a_caption_code_is_ever_shown(html):
    clean = cleaned(html)
    for shown in (clean.text, clean.excerpt):
        assert "caption" not in shown
        assert "attachment" not in shown
    assert "The words" in clean.text


@pytest.mark.parametrize(
    "words",
    ["[sic]", "[the ministry]", "[1]", "[ ... ]", "[Ed. note: as told]", "a[0] = b[1]", "[x=1]", "[видео]"],
)
def test_ordinary_brackets_stay(words):
    assert cleaned(f"<p>He said {words} so.</p>").text == f"He said {words} so."


@pytest.mark.parametrize("code", ["caption", 'gallery ids="1,2"'])
def test_a_code_in_double_brackets_is_shown_in_single_ones(code):
    assert cleaned(f"<p>Write [[{code}]] there.</p>").text == f"Write [{code}] there."


@pytest.mark.parametrize(
    "html",
    [
        '[et_pb_section fb_built="1"][et_pb_row][et_pb_text]Inner words[/et_pb_text][/et_pb_row][/et_pb_section]',
        '[vc_row][vc_column width="1/2"]Inner words[/vc_column][/vc_row]',
        '[fusion_text columns=""]Inner words[/fusion_text]',
        '[pull_quote style="wide"]Inner words[/pull_quote]',
        '[gallery ids="1,2,3"]Inner words[playlist ids="4"]',
    ],
)
def test_builders_go_and_their_text_stays(html):
    assert cleaned(html).text == "Inner words"


@pytest.mark.parametrize(
    ("html", "address"),
    [
        ("[embed]https://www.youtube.com/watch?v=abcdefg[/embed]", "https://www.youtube.com/watch?v=abcdefg"),
        ("[embed width=500]https://site.example/post/[/embed]", "https://site.example/post/"),
        ('[audio mp3="https://site.example/a.mp3"][/audio]', "https://site.example/a.mp3"),
        ('[video width="640" mp4="/v.mp4"][/video]', "https://steppe.example/v.mp4"),
    ],
)
def test_players_become_links(html, address):
    assert f'<a href="{address}">' in cleaned(f"<p>Before.</p>{html}<p>After.</p>").html


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x"])
def test_a_player_leads_nowhere_but_the_web(address):
    clean = cleaned(f'[embed]{address}[/embed][audio src="{address}"][video mp4="{address}"][/video]')
    assert "href" not in clean.html
