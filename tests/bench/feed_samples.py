"""Made-up feeds in the shape of a WordPress site's, for measuring, and seeded damage to do to documents."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

SENTENCES = """
the council canal road between two stations opened after a long winter and before spring with seven new lamps
учёные новый мост через реку открыли вчера қала көпір жол бүгін yangi yoʻl ochildi shahar köpri täze prices
rose by three percent as herders drove their flocks toward higher pastures near an old caravan market
"""
WORDS = SENTENCES.split()
FIRST_DAY = datetime(2026, 11, 20, 12, tzinfo=UTC)
HEAD = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
	xmlns:content="http://purl.org/rss/1.0/modules/content/"
	xmlns:wfw="http://wellformedweb.org/CommentAPI/"
	xmlns:dc="http://purl.org/dc/elements/1.1/"
	xmlns:atom="http://www.w3.org/2005/Atom"
	xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"
	xmlns:slash="http://purl.org/rss/1.0/modules/slash/"
	>
<channel>
	<title>Made-up Courier {number}</title>
	<atom:link href="https://courier{number}.example/feed/" rel="self" type="application/rss+xml" />
	<link>https://courier{number}.example</link>
	<description>News that never happened</description>
	<lastBuildDate>Fri, 20 Nov 2026 12:00:00 +0000</lastBuildDate>
	<language>en-US</language>
	<sy:updatePeriod>hourly</sy:updatePeriod>
	<sy:updateFrequency>1</sy:updateFrequency>
	<generator>https://wordpress.org/?v=6.1.9</generator>
	<image><url>https://courier{number}.example/icon.png</url><title>Courier</title></image>
"""
ITEM = """	<item>
		<title>{title} &#8211; it&#8217;s {number}</title>
		<link>https://courier.example/{number}/</link>
		<comments>https://courier.example/{number}/#respond</comments>
		<dc:creator><![CDATA[{author}]]></dc:creator>
		<pubDate>{date}</pubDate>
		<category><![CDATA[Kazakhstan]]></category>
		<category><![CDATA[Business & Economy]]></category>
		<guid isPermaLink="false">https://courier.example/?p={number}</guid>
		<description><![CDATA[<p>{summary} [&#8230;]</p>]]></description>
		<content:encoded><![CDATA[{body}]]></content:encoded>
		<wfw:commentRss>https://courier.example/{number}/feed/</wfw:commentRss>
		<slash:comments>0</slash:comments>
	</item>
"""
FIGURE = (
    '<figure class="wp-block-image size-large"><img decoding="async" width="1024" height="683" '
    'src="https://courier.example/wp-content/uploads/2026/11/p{n}-1024x683.jpg" alt="A bridge" '
    'srcset="https://courier.example/wp-content/uploads/2026/11/p{n}-1024x683.jpg 1024w, '
    'https://courier.example/wp-content/uploads/2026/11/p{n}-300x200.jpg 300w" sizes="100vw" />'
    "<figcaption>Bridge number {n}</figcaption></figure>\n"
)
DAMAGE = (
    *(
        b"&",
        b"<",
        b">",
        b"]]>",
        b"<![CDATA[",
        b"&nbsp;",
        b"&#0;",
        b"&#x110000;",
        b"&#xD800;",
        b"&#99999999999;",
    ),
    *(b"\x00", b"\x0b", b"\xff", b"\xc3", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"<item>", b"</item>"),
    *(
        b"<entry>",
        b"<title>",
        b"</channel>",
        b"<!--",
        b"-->",
        b"<?x",
        b"?>",
        b'"',
        b"'",
        b"xmlns:a='b'",
        b"<a:b>",
    ),
    *(b"\xe2\x80\xae", b"{", b"}", b"[", b"]", b",", b"null", b"1e999", b"\\ud800", b"\\u0000", b'"":', b"-"),
    *(
        b"http://[::1",
        b"<link href='//[x'/>",
        b"<pubDate>99 Foo 99999</pubDate>",
        b"<x xml:base='http://['/>",
    ),
    *(b"isPermaLink='maybe'", b"\xef\xbb\xbf", b"9" * 400),
)


def feed(number: int, items: int = 50, paragraphs: int = 11) -> bytes:
    """A feed of full texts, always the same for the same numbers: 50 items are about 260 KB."""
    draw = random.Random(number)
    parts = [HEAD.format(number=number)]
    for index in range(items):
        date = format_datetime(FIRST_DAY - timedelta(hours=3 * index))
        parts.append(
            ITEM.format(
                title=_words(draw, 8),
                number=number * 1000 + index,
                author=_words(draw, 2).title(),
                date=date,
                summary=_words(draw, 40),
                body=_body(draw, index, paragraphs),
            )
        )
    parts.append("</channel>\n</rss>\n")
    return "".join(parts).encode()


def _words(draw: random.Random, count: int) -> str:
    return " ".join(draw.choices(WORDS, k=count))


def _body(draw: random.Random, index: int, paragraphs: int) -> str:
    texts = (
        f'<p>{_words(draw, 28)} <a href="/{index}/">{_words(draw, 3)}</a>, '
        f"&#8220;{_words(draw, 12)}&#8221;.</p>\n"
        for _ in range(paragraphs)
    )
    return FIGURE.format(n=index) + "".join(texts)


def damaged(body: bytes, draw: random.Random) -> bytes:
    """The document with one to six faults: bytes changed, cut, doubled, swapped, or hostile pieces put in."""
    for _ in range(draw.randint(1, 6)):
        body = draw.choice((_flipped, _cut_out, _doubled, _truncated, _inserted, _inserted, _swapped))(
            body, draw
        )
    return body


def _span(body: bytes, draw: random.Random) -> tuple[int, int]:
    start = draw.randrange(len(body) + 1)
    return start, min(len(body), start + draw.choice((1, 3, 20, 400)))


def _flipped(body: bytes, draw: random.Random) -> bytes:
    start, end = _span(body, draw)
    return body[:start] + bytes(draw.randrange(256) for _ in range(end - start)) + body[end:]


def _cut_out(body: bytes, draw: random.Random) -> bytes:
    start, end = _span(body, draw)
    return body[:start] + body[end:]


def _doubled(body: bytes, draw: random.Random) -> bytes:
    start, end = _span(body, draw)
    return body[:end] + body[start:end] * draw.choice((1, 2, 50)) + body[end:]


def _truncated(body: bytes, draw: random.Random) -> bytes:
    return body[: draw.randrange(len(body) + 1)] if draw.random() < 0.3 else body


def _inserted(body: bytes, draw: random.Random) -> bytes:
    start, _ = _span(body, draw)
    return body[:start] + draw.choice(DAMAGE) + body[start:]


def _swapped(body: bytes, draw: random.Random) -> bytes:
    first, middle = _span(body, draw)
    second, end = _span(body, draw)
    if middle > second:
        return body
    return body[:first] + body[second:end] + body[middle:second] + body[first:middle] + body[end:]
