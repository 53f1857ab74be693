"""What the sanitiser keeps, changes and leaves out of an article."""

from __future__ import annotations

import pytest

from desktop.core.html.sanitise import from_plain_text, image_key, sanitise, title_text
from desktop.core.incoming import ImageRef

BASE = "https://steppe.example/news/story/"
UP = "https://steppe.example/wp-content/uploads/2026/11/"


def cleaned(html, lead=None):
    return sanitise(html, BASE, lead)


def addresses(html, lead=None):
    return [image.url for image in cleaned(html, lead).images]


@pytest.mark.parametrize(
    ("html", "result"),
    [
        ("<h1>T</h1>", "<h2>T</h2>"),
        ("<p class=a id=b style='float:left' onclick=x title=t lang=x dir=rtl>T</p>", "<p>T</p>"),
        ("<p>a<script>x</script><style>y</style>b</p>", "<p>ab</p>"),
        ("<p>one</p><span id='more-12'></span><!--more--><p>two</p><!--nextpage-->", "<p>one</p><p>two</p>"),
        ("<p>T</p><form><input><button>Send</button></form>", "<p>T</p>"),
        ("<a href='javascript:x'>T</a>", "T"),
        (
            "<a href='../other/?a=1&amp;b=2'>T</a>",
            '<a href="https://steppe.example/news/other/?a=1&amp;b=2">T</a>',
        ),
        ("<a href='//site.example/x'>T</a>", '<a href="https://site.example/x">T</a>'),
        ("<a href='/x?utm_source=r&amp;id=1'>T</a>", '<a href="https://steppe.example/x?id=1">T</a>'),
        ("<a href='mailto:desk@site.example'>T</a>", '<a href="mailto:desk@site.example">T</a>'),
        ("<article>one</article><article>two</article>", "<div>one</div><div>two</div>"),
        ("<p>a<br>b</p>", "<p>a<br>b</p>"),
        (
            "<table><tr><td colspan=2>T</table>",
            '<table><tbody><tr><td colspan="2">T</td></tr></tbody></table>',
        ),
    ],
)
def test_markup_comes_out_as(html, result):
    assert cleaned(html).html == result


@pytest.mark.parametrize(
    "text", ["growth < 3 percent. Trade > 5.", "1 << 2", "a <3 b", "5 < 7 & 8 > 3", "x <= y"]
)
def test_signs_of_comparison_are_text(text):
    assert cleaned(text).text == text
    assert cleaned(f"<p>{text}</p><p>more</p>").text == f"{text}\n\nmore"


@pytest.mark.parametrize("tag", ["video", "audio"])
@pytest.mark.parametrize("attributes", ["", " src=/v.mp4"])
def test_an_unclosed_player_takes_no_text_with_it(tag, attributes):
    assert "the words stay" in cleaned(f"<p>a</p><{tag}{attributes}><p>the words stay</p>").text


@pytest.mark.parametrize(
    ("image", "address"),
    [
        (f'<img src="{UP}a.jpg">', f"{UP}a.jpg"),
        ('<img src="/a.jpg">', "https://steppe.example/a.jpg"),
        ('<img src="data:image/gif;base64,R0" data-src="/a.jpg">', "https://steppe.example/a.jpg"),
        ('<img src="/placeholder.gif" data-lazy-src="/a.jpg">', "https://steppe.example/a.jpg"),
        ('<img data-original="/a.jpg">', "https://steppe.example/a.jpg"),
        ('<img data-img-url="/a.jpg">', "https://steppe.example/a.jpg"),
        ('<img src="/i/blank.gif" data-large-file="/a.jpg">', "https://steppe.example/a.jpg"),
        ('<img src="data:x" data-lazyload="/a.jpg">', "https://steppe.example/a.jpg"),
        ('<img src="/s.jpg" srcset="/s.jpg 300w, /l.jpg 2560w, /xl.jpg 6000w">', "https://steppe.example/l.jpg"),
        ('<img src="/1.jpg" srcset="/1.jpg, /2.jpg 2x, /4.jpg 4x">', "https://steppe.example/2.jpg"),
        ('<img src="/s.jpg" srcset="/s.jpg 300w, /m.jpg 1024w, /l.jpg 4000w">', "https://steppe.example/m.jpg"),
        ('<picture><source srcset="/w.webp" type="image/webp"><img alt="x"></picture>', "https://steppe.example/w.webp"),
        ('<picture><source srcset="/w.avif" type="image/avif"><img src="/a.jpg"></picture>', "https://steppe.example/a.jpg"),
    ],
)  # fmt: skip
def test_the_best_address_of_a_picture_is_taken(image, address):
    clean = cleaned(f"<p>T</p>{image}")
    assert [each.url for each in clean.images] == [address]
    assert f'<img src="cache:{image_key(address)}"' in clean.html


@pytest.mark.parametrize(
    "image",
    [
        '<img src="/p.gif" width="1" height="1">',
        '<img src="/p.gif" width="0" height="0">',
        '<img src="/p.gif" style="display:none">',
        '<img src="https://pixel.wp.com/b.gif?x=1">',
        '<img src="https://mc.yandex.ru/watch/123">',
        '<img src="https://www.facebook.com/tr?id=1&ev=PageView">',
        '<img src="data:image/png;base64,AAAA">',
        '<img alt="no source">',
    ],
)
def test_what_only_counts_readers_is_left_out(image):
    clean = cleaned(f"<p>T</p>{image}")
    assert (clean.html, clean.images) == ("<p>T</p>", ())


@pytest.mark.parametrize(
    ("html", "link"),
    [
        ('<p>T <img src="/map.svg" alt="Map of the pass"></p>', "/map.svg>Map of the pass"),
        ('<p><img src="/chart.SVG?v=2"></p>', "/chart.SVG?v=2>Drawing (SVG)"),
        ('<p><a href="/x"><img src="/map.svg" alt="Map"></a></p>', "/map.svg>Map"),
    ],
)
def test_a_drawing_is_a_link_with_its_words_and_never_fetched(html, link):
    clean = cleaned(html)
    address, _, words = link.partition(">")
    assert f'<a href="https://steppe.example{address}">{words}</a>' in clean.html
    assert clean.html.count("<a ") == 1
    assert clean.images == ()
    assert cleaned(clean.html).html == clean.html


def test_an_emoji_picture_is_its_character():
    html = '<p>Flag <img class="wp-smiley" alt="🇰🇬" src="https://s.w.org/images/core/emoji/14/72x72/1f1f0.png"></p>'
    assert cleaned(html).html == "<p>Flag 🇰🇬</p>"
    assert cleaned(html).images == ()


@pytest.mark.parametrize("copy", ["b-300x200.jpg", "b-scaled.jpg", "b.jpg?w=600", "b-1024x682.jpg", "b.jpg"])
def test_the_lead_picture_is_shown_once(copy):
    name = "long-bridge-name-"
    lead = ImageRef(f"{UP}{name}b.jpg", "Lead")
    clean = cleaned(f'<p>T</p><img src="{UP}{name}{copy}"><img src="{UP}other-picture.jpg">', lead)
    assert clean.html.count("<img") == 2
    assert len(clean.images) == 2
    assert name in clean.images[0].url


def test_a_lead_picture_that_the_text_lacks_is_put_first():
    clean = cleaned("<p>T</p>", ImageRef(f"{UP}lead.jpg", "Lead", 1200, 800))
    assert clean.html.startswith(f'<figure><img src="cache:{image_key(UP + "lead.jpg")}"')
    assert clean.images[0].url == f"{UP}lead.jpg"


def test_sizes_are_numbers_within_reason():
    html = cleaned(
        '<img src="/a.jpg" width="100%" height="999999"><img src="/b.jpg" width="640px" height="x">'
    ).html
    assert "%" not in html
    assert "999999" not in html
    assert 'width="640"' in html


def test_a_noscript_copy_of_a_lazy_picture_is_not_a_second_one():
    html = '<img src="data:x" data-src="/a.jpg"><noscript><img src="/a.jpg"></noscript>'
    assert addresses(html) == ["https://steppe.example/a.jpg"]


@pytest.mark.parametrize(
    ("html", "address"),
    [
        (
            '<iframe title="A clip" src="https://www.youtube.com/embed/abcdefg1234"></iframe>',
            "youtube.com/watch",
        ),
        ('<iframe src="https://maps.site.example/?ll=43,76"></iframe>', "maps.site.example"),
        ('<video><source src="/v.mp4" type="video/mp4"></video>', "steppe.example/v.mp4"),
        ('<audio src="/a.mp3"></audio>', "steppe.example/a.mp3"),
        ('<object data="https://site.example/x"></object>', "site.example/x"),
    ],
)
def test_an_embed_is_a_link_with_words(html, address):
    clean = cleaned(f"<p>T</p>{html}<p>After</p>")
    assert address in clean.html
    assert "<iframe" not in clean.html
    assert clean.text.endswith("After")
    assert len(clean.text) > len("T\n\n\n\nAfter")


@pytest.mark.parametrize(
    "tail",
    [
        '<p>The post <a href="/x">T</a> appeared first on <a href="/">Steppe</a>.</p>',
        '<p>The post <a href="/x">T</a> first appeared on <a href="/">Steppe</a>.</p>',
        '<p>Запись <a href="/x">T</a> впервые появилась на <a href="/">Степи</a>.</p>',
    ],
)
def test_the_credit_of_the_publishing_software_goes(tail):
    assert cleaned(f"<p>Words.</p>{tail}").html == "<p>Words.</p>"


@pytest.mark.parametrize(
    "tail",
    [
        " [&hellip;]",
        " [&#8230;]",
        ' &#8230; <a class="more-link" href="/x">Continue reading <span class="screen-reader-text">T</span></a>',
        ' ... <a href="/x">Read more</a>',
    ],
)
def test_an_excerpt_ends_in_words(tail):
    excerpt = cleaned(f"<p>The first words of it{tail}</p>").excerpt
    assert excerpt.replace(" …", "…") == "The first words of it…"


@pytest.mark.parametrize("text", ["There is no more", "They asked for more.", "He wants to read on"])
def test_an_excerpt_keeps_the_last_word_of_a_text(text):
    assert cleaned(f"<p>{text}</p>").excerpt == text


def test_a_long_excerpt_is_cut_at_a_word():
    excerpt = cleaned(f"<p>{'word ' * 400}</p>").excerpt
    assert 280 <= len(excerpt) <= 301
    assert excerpt.endswith("word…")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Q&#038;A: &#8220;What&#8217;s next?&#8221; at 5 < 7", "Q&A: “What’s next?” at 5 < 7"),
        ("A <em>title</em> &mdash; <b>bold</b>", "A title — bold"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("one\n two\u202e", "one two"),
        ("", ""),
    ],
)
def test_a_title_is_plain_text(html, text):
    assert title_text(html) == text


def test_plain_text_becomes_paragraphs_and_comes_back():
    html = from_plain_text("a < b & c\r\n\r\nd\ne\n")
    assert html == "<p>a &lt; b &amp; c</p><p>d<br>e</p>"
    assert cleaned(html).text == "a < b & c\n\nd\ne"


def test_the_key_of_a_picture_is_short_and_the_same_for_one_address():
    key = image_key("https://Steppe.example/a b.jpg#x")
    assert key == image_key("https://steppe.example/a%20b.jpg")
    assert len(key) == 32
    assert key != image_key("https://steppe.example/a%20b.jpg?w=1")


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        (
            '<p>x<sup id="r"><a href="#f">1</a></sup></p><p id="f">n <a href="https://a.test/p#r">b</a></p>',
            '<p>x<sup id="r"><a href="#f">1</a></sup></p><p id="f">n <a href="#r">b</a></p>',
        ),
        ('<p><a name="t"></a>a <a href="#t">b</a></p>', '<p><span id="t"></span>a <a href="#t">b</a></p>'),
        ('<p id="x" class="y">a <a href="#y">b</a></p>', '<p>a <a href="https://a.test/p#y">b</a></p>'),
        ('<p id="a b">a <a href="#a%20b">b</a></p>', '<p>a <a href="https://a.test/p#a%20b">b</a></p>'),
    ],
)
def test_footnotes_lead_to_their_place_and_back_and_other_names_go(html, kept):
    assert sanitise(html, "https://a.test/p").html == kept


def test_the_number_of_a_note_is_no_part_of_the_word_before_it():
    clean = sanitise(
        '<p>The night<sup><a href="#n">1</a></sup> is 5 m<sup>2</sup>.</p><p id="n">Note.</p>',
        "https://a.test/",
    )
    assert clean.text == "The night is 5 m2.\n\nNote."
    assert clean.excerpt.startswith("The night is 5 m2.")


@pytest.mark.parametrize("markup", ["<p>a {} b</p>", "<p title='{}'>a \ufffd b</p>", "<table><tr><td>a {} b"])
def test_a_reference_of_five_thousand_digits_is_a_character_that_is_not_known(markup):
    clean = sanitise(markup.format("&#" + "9" * 5000 + ";"), "https://a.test/")
    assert clean.text.strip() == "a \ufffd b"


def test_marks_of_byte_order_within_a_text_are_dropped():
    clean = sanitise("<b></b>\ufeffwo\ufeffrds", "https://a.test/")
    assert clean.html == clean.text == "words"


def test_a_link_to_a_host_of_letters_that_do_not_exist_is_none():
    clean = sanitise("<a href='//\U00055000;x'>words</a>", "https://steppe.example/")
    assert clean.html == "words"
