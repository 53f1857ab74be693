"""Feeds as published: the formats, what their publishers get wrong, and what is no feed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from desktop.core.errors import ParseError
from desktop.core.models import Enclosure
from desktop.net import feeds

URL = "https://site.example/feed/"
MODULES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
)


def rss(items: str, head: str = "<link>https://site.example/</link>"):
    body = f'<rss version="2.0" {MODULES}><channel><title>T</title>{head}{items}</channel></rss>'
    return feeds.parse(body.encode(), URL)


def item(inside: str, head: str = "<link>https://site.example/</link>"):
    return rss(f"<item>{inside}</item>", head).articles[0]


def atom(inside: str, attributes: str = ""):
    return feeds.parse(
        f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}>{inside}</feed>'.encode(), URL
    )


def entry(inside: str, attributes: str = ""):
    return atom(f"<entry>{inside}</entry>", attributes).articles[0]


def title(written: str, head: str = "") -> str:
    return item(f"<title>{written}</title>", head).title


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Tashkent&#8217;s line &#8212; late", "Tashkent’s line — late"),
        ("<![CDATA[&laquo;Gaz&raquo; &mdash; 3&nbsp;%]]>", "«Gaz» — 3 %"),
        ("Q&amp;A", "Q&A"),
        ("AT&amp;amp;T", "AT&T"),
        ("1 &lt; 2", "1 < 2"),
        ("5 &lt; 7 &amp;mdash; so", "5 < 7 — so"),
        ("&lt;b&gt;Bold&lt;/b&gt; words", "Bold words"),
        ("How to use &amp;lt;b&amp;gt;", "How to use &lt;b&gt;"),
        ("History of the &lt;blink&gt; tag", "History of the <blink> tag"),
        ("The <b>third</b> way", "The third way"),
        ("  two\n lines  ", "two lines"),
        ("Forum - https://site.example/tm/blog/101/forum", "Forum"),
        ("Forum - the site", "Forum - the site"),
        ("&amp;#x110000; &amp;#xD800;", "\ufffd \ufffd"),
        ("", ""),
    ],
)
def test_titles_of_rss(written, shown):
    assert title(written) == shown


@pytest.mark.parametrize("written", ["Use &amp;lt;b&amp;gt; here", "Write &amp;mdash; for a dash"])
def test_titles_of_wordpress_are_plain_text_already(written):
    shown = title(written, "<generator>https://wordpress.org/?v=6.8</generator>")
    assert shown == written.replace("&amp;", "&")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<title>Q&amp;A &lt;b&gt;</title>", "Q&A <b>"),
        ('<title type="text">say &amp;lt;b&amp;gt;</title>', "say &lt;b&gt;"),
        ('<title type="html">Q&amp;amp;A &lt;b&gt;bold&lt;/b&gt;</title>', "Q&A bold"),
        ('<title type="html"><![CDATA[Cabinet &amp; budget]]></title>', "Cabinet & budget"),
        ('<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <b>b</b></div></title>', "A b"),
        ("<title>late &amp;#8217; again &amp;nbsp;</title>", "late ’ again"),
    ],
)
def test_titles_of_atom(written, shown):
    assert entry(written).title == shown


@pytest.mark.parametrize(
    ("inside", "url"),
    [
        ("<link>https://a.example/1</link>", "https://a.example/1"),
        ("<link>\n /news/1 \n</link>", "https://site.example/news/1"),
        ("<link>//cdn.example/1</link>", "https://cdn.example/1"),
        ("<link>javascript:alert(1)</link>", ""),
        ("<link>file:///etc/passwd</link>", ""),
        ("<link>http://[::1</link>", ""),
        (f"<link>https://a.example/{'x' * 3000}</link>", ""),
        ("<link>https://a.example/?a=1&amp;b=2</link>", "https://a.example/?a=1&b=2"),
        ("<guid>https://a.example/g</guid>", "https://a.example/g"),
        ('<guid isPermaLink="false">https://a.example/?p=1</guid>', ""),
        ("<guid>101</guid>", ""),
        ("<link></link><guid isPermaLink='true'>https://a.example/g</guid>", "https://a.example/g"),
        ('<atom:link href="/x" rel="alternate"/>', "https://site.example/x"),
        ('<atom:link href="/x" rel="self"/>', ""),
    ],
)
def test_links_of_items(inside, url):
    assert item(inside).url == url


def test_guids_are_kept_as_they_are():
    assert (
        item('<guid isPermaLink="false"> HTTP://Old.example/?p=7 </guid>').guid == "HTTP://Old.example/?p=7"
    )


def test_items_with_one_guid_stay_two_items():
    articles = rss(
        "<item><guid>1</guid><title>a</title></item><item><guid>1</guid><title>b</title></item>"
    ).articles
    assert [(each.guid, each.title) for each in articles] == [("1", "a"), ("1", "b")]


def test_a_link_leaves_behind_the_password_that_it_holds():
    assert item("<link>https://bob:S3CRET@site.example/a?b#c</link>").url == "https://site.example/a?b#c"


def test_links_of_entries_stand_against_xml_base():
    found = entry('<link href="c/"/>', 'xml:base="https://base.example/a/b"')
    assert found.url == "https://base.example/a/c/"


def test_the_base_of_content_wins():
    inside = '<link href="/p/1"/><content type="html" xml:base="https://base.example/p/1/x">t</content>'
    assert entry(inside).base_url == "https://base.example/p/1/x"


def test_html_without_a_base_stands_against_its_article():
    assert item("<link>https://site.example/p/1</link>").base_url == "https://site.example/p/1"


def test_the_full_text_and_the_summary():
    found = item(
        "<description>s &lt;b&gt;</description><content:encoded><![CDATA[<p>c</p>]]></content:encoded>"
    )
    assert (found.summary_html, found.content_html) == ("s <b>", "<p>c</p>")


def test_markup_written_as_elements_is_html():
    assert item("<description>a <p>b<br/>c</p></description>").summary_html == "a <p>b<br>c</p>"


def test_xhtml_loses_its_namespace_and_its_div():
    content = (
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>a &amp; b</p></div></content>'
    )
    assert entry(content).content_html == "<p>a &amp; b</p>"


def test_plain_text_of_atom_becomes_html():
    assert entry("<summary>1 &lt; 2</summary>").summary_html == "1 &lt; 2"


def test_content_that_lies_elsewhere_is_no_content():
    assert entry('<content src="https://a.example/v.mp4" type="video/mp4"/>').content_html == ""


@pytest.mark.parametrize(
    ("inside", "author"),
    [
        ("<author>desk@site.example (The Desk)</author>", "The Desk"),
        ("<author>desk@site.example</author>", "desk@site.example"),
        ("<dc:creator><![CDATA[O'Test &#38; Sons]]></dc:creator>", "O'Test & Sons"),
        ("<dc:creator>A</dc:creator><dc:creator>B</dc:creator>", "A, B"),
        ("<author>A</author><dc:creator>A</dc:creator>", "A"),
        ("<itunes:author>A &amp; B</itunes:author>", "A & B"),
        ("", ""),
    ],
)
def test_authors_of_items(inside, author):
    assert item(inside).author == author


def test_entries_have_the_author_of_their_feed():
    body = "<author><name>The Desk</name></author><entry/><entry><author><name>A</name></author></entry>"
    assert [each.author for each in atom(body).articles] == ["The Desk", "A"]


def test_dates_of_items_and_entries():
    found = item("<pubDate>Пн, 23 ноя 2026 15:00:00 +0600</pubDate>")
    assert found.published == datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert found.published_text == "Пн, 23 ноя 2026 15:00:00 +0600"
    found = entry("<published>2026-11-23T08:00:00Z</published><updated>2026-11-24T08:00:00Z</updated>")
    assert found.published == datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert found.updated == datetime(2026, 11, 24, 8, tzinfo=UTC)


def test_an_entry_with_only_an_update_was_published_then():
    assert entry("<updated>2026-11-24T08:00:00Z</updated>").published == datetime(2026, 11, 24, 8, tzinfo=UTC)


def test_a_date_in_words_is_kept_as_text():
    found = item("<pubDate>yesterday</pubDate>")
    assert (found.published, found.published_text) == (None, "yesterday")


def test_categories_without_repetition():
    found = item("<category>A &amp; B</category><dc:subject>C</dc:subject><category>C</category><category/>")
    assert found.categories == ("A & B", "C")


def test_enclosures_relative_and_without_type_or_length():
    found = item(
        '<enclosure url="/a.jpg" length="" type=""/><enclosure url="https://b.example/c.mp3" length="-1"/>'
    )
    assert found.enclosures == (Enclosure("https://site.example/a.jpg"), Enclosure("https://b.example/c.mp3"))
    assert found.image_url == "https://site.example/a.jpg"


def test_enclosures_of_atom():
    found = entry('<link rel="enclosure" href="https://b.example/c.mp3" length="42" type="audio/mpeg"/>')
    assert found.enclosures == (Enclosure("https://b.example/c.mp3", "audio/mpeg", 42),)
    assert found.image_url == ""


@pytest.mark.parametrize("url", ["file:///etc/passwd", "javascript:x", "ftp://a.example/b"])
def test_enclosures_that_are_not_on_the_web_are_dropped(url):
    assert item(f'<enclosure url="{url}" type="image/png"/>').enclosures == ()


@pytest.mark.parametrize(
    "inside",
    [
        '<media:content url="/p.jpg" medium="image" width="900"/><media:content url="/q.jpg" type="image/png"/>',
        '<media:group><media:content url="/p.jpg" type="image/jpeg"/></media:group>',
        '<media:thumbnail url="/p.jpg" width="2000"/>',
        '<media:thumbnail url="/q.jpg" width="2000"/><media:content url="/p.jpg" medium="image"/>',
        '<media:content url="/v.mp4" type="video/mp4"><media:thumbnail url="/p.jpg"/></media:content>',
        '<itunes:image href="/p.jpg"/>',
        "<image><url>/p.jpg</url></image>",
    ],
)
def test_the_picture_beside_an_item(inside):
    assert item(inside).image_url == "https://site.example/p.jpg"


def test_vector_pictures_are_not_taken():
    assert item('<enclosure url="/p.svg" type="image/svg+xml"/>').image_url == ""


def test_what_the_feed_says_of_itself():
    head = (
        "<description>About</description><link>/</link><language>ru_RU</language><ttl>45</ttl>"
        '<image><url>/icon.png</url></image><atom:link rel="next" href="?paged=2"/>'
        '<atom:link rel="self" href="https://other.example/"/>'
    )
    feed = rss("", head)
    assert (feed.title, feed.description, feed.language, feed.ttl_minutes) == ("T", "About", "ru-RU", 45)
    assert (feed.site_url, feed.icon_url) == ("https://site.example/", "https://site.example/icon.png")
    assert feed.next_url == "https://site.example/feed/?paged=2"
    assert feed.url == URL


def test_how_often_a_feed_changes():
    head = "<sy:updatePeriod> daily </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>"
    assert rss("", head).ttl_minutes == 360


def test_when_a_feed_wants_to_be_left_alone():
    hours = "<skipHours><hour>0</hour><hour>07</hour><hour>24</hour><hour>noon</hour></skipHours>"
    days = "<skipDays><day>Saturday</day><day> sunday </day><!-- none --><day>Caturday</day></skipDays>"
    feed = rss("", hours + days)
    assert (feed.skip_hours, feed.skip_days) == (1 << 0 | 1 << 7, 1 << 5 | 1 << 6)
    always = "".join(f"<hour>{hour}</hour>" for hour in range(24))
    assert rss("", f"<skipHours>{always}</skipHours>").skip_hours == 0


def test_a_next_page_that_is_the_same_page_is_none():
    assert atom(f'<link rel="next" href="{URL}"/>').next_url == ""


def test_articles_have_the_language_of_their_feed_or_their_own():
    body = '<entry/><entry xml:lang="kk"/><entry><content type="html" xml:lang="uz">a</content></entry>'
    assert [each.language for each in atom(body, 'xml:lang="en"').articles] == ["en", "kk", "uz"]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ('<rss version="0.91"><channel><item/></channel></rss>', "rss091"),
        ('<rss version="0.92"><channel><item/></channel></rss>', "rss092"),
        ('<rss version="2.0"><channel><item/></channel></rss>', "rss20"),
        ("<rss><channel/><item/></rss>", "rss20"),
        ('<RSS VERSION="2.0"><CHANNEL><ITEM/></CHANNEL></RSS>', "rss20"),
        ('<rss version="2.0" xmlns="http://unknown.example/ns"><channel><item/></channel></rss>', "rss20"),
        (
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
            "<channel/><item/></rdf:RDF>",
            "rss10",
        ),
        (
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
            'xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel/><item/></rdf:RDF>',
            "rss090",
        ),
        ('<feed xmlns="http://www.w3.org/2005/Atom"><entry/></feed>', "atom10"),
        ('<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry/></a:feed>', "atom10"),
        ('<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry/></feed>', "atom03"),
        ("<CHANNEL HREF='https://a.example/'><ITEM/></CHANNEL>", "cdf"),
    ],
)
def test_formats(body, name):
    feed = feeds.parse(body.encode(), URL)
    assert (feed.format, len(feed.articles)) == (name, 1)


def test_rdf_names_its_items_by_about():
    body = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>T</title></channel>'
        '<item rdf:about="https://a.example/1"><title>I</title><dc:date>2026-11-23</dc:date></item></rdf:RDF>'
    )
    found = feeds.parse(body.encode(), URL).articles[0]
    assert (found.guid, found.url, found.title) == ("https://a.example/1", "https://a.example/1", "I")
    assert found.published == datetime(2026, 11, 23, tzinfo=UTC)


def test_modules_without_a_declaration_are_known_by_prefix():
    body = b"<rss><channel><item><dc:creator>A</dc:creator><media:thumbnail url='/p.jpg'/></item></channel></rss>"
    feed = feeds.parse(body, URL)
    assert (feed.articles[0].author, feed.articles[0].image_url) == ("A", "https://site.example/p.jpg")
    assert feed.damaged


def test_a_lost_end_tag_loses_no_item():
    articles = rss("<item><title>a</title><item><title>b</title></item>").articles
    assert [each.title for each in articles] == ["a", "b"]


def test_text_before_the_declaration_is_passed_over():
    body = b"<br />\n<b>Warning</b>: bad <?xml version='1.0'?><rss><channel><item/></channel></rss>"
    feed = feeds.parse(body, URL)
    assert (len(feed.articles), feed.damaged) == (1, True)


def test_a_document_type_of_html_makes_no_page_of_a_feed():
    assert len(feeds.parse(b"<!DOCTYPE html><rss><channel><item/></channel></rss>", URL).articles) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE html><html><body>x</body></html>",
        b"\xef\xbb\xbf \n<html><p>",
        b"<!-- c --><HTML>",
        b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>',
        b"<html><body><p>How to write <rss></p></body></html>",
    ],
)
def test_a_web_page_is_called_one(body):
    with pytest.raises(ParseError) as caught:
        feeds.parse(body, URL, "application/rss+xml")
    assert caught.value.is_html


def test_a_scrap_that_is_served_as_a_page_is_one():
    with pytest.raises(ParseError) as caught:
        feeds.parse(b"Please wait", URL, "text/html; charset=utf-8")
    assert caught.value.is_html


@pytest.mark.parametrize(
    "body", [b"", b" \n", b"\xef\xbb\xbf", b"<opml/>", b"text", b"<", b"{", b"[]", b'{"a":1}']
)
def test_what_is_no_feed_is_refused_in_a_sentence(body):
    with pytest.raises(ParseError) as caught:
        feeds.parse(body, URL)
    assert not caught.value.is_html
    assert caught.value.message.endswith(".")


def test_a_feed_without_items_is_a_feed():
    assert rss("").articles == ()


def test_more_than_ten_megabytes_are_refused():
    with pytest.raises(ParseError, match="10 MB"):
        feeds.parse(b"<rss>" + b" " * 11_000_000, URL)


@pytest.mark.timeout(20)
def test_ten_thousand_items_are_read():
    assert (
        len(rss("<item><title>a</title><link>https://a.example/</link></item>" * 10_000).articles) == 10_000
    )
