"""Documents made to exhaust who reads them, by name. Each goes through the process that reads, within the time and the
memory that it has there, and is read or refused as is right for it. They are built here; with --long four times as large.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.core.errors import ParseError, QuarantinedError
from desktop.sync import documents
from tests.fuzz.targets.target import URL

OPEN, CLOSE = b'<rss version="2.0"><channel><title>T</title>', b"</channel></rss>"
ITEM = b"<item><title>A</title><guid>a</guid></item>"
VERSION = b'{"version":"https://jsonfeed.org/version/1.1","items":'
MOST_MB = 250  # of the process at its largest
READ, REFUSED = "read", "refused"
EITHER = (READ, REFUSED)  # what matters is that it ends
Make = Callable[[int], bytes]  # given a thousand, or four


def rss(inside: bytes) -> bytes:
    return OPEN + inside + CLOSE


def described(markup: bytes) -> bytes:
    return rss(b"<item><title>A</title><description><![CDATA[" + markup + b"]]></description></item>")


def titled(title: bytes) -> bytes:
    return rss(b"<item><title>" + title + b"</title></item>")


def chain(count: int) -> bytes:
    """Entities that each stand for the one before."""
    declared = "".join(f'<!ENTITY e{n} "&e{n - 1};">' for n in range(1, count))
    return (
        f'<!DOCTYPE rss [<!ENTITY e0 "x">{declared}]><rss><channel><title>&e{count - 1};</title>'.encode()
        + CLOSE
    )


def laughs(levels: int, times: int) -> bytes:
    declared = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * times}">' for n in range(1, levels))
    return f'<!DOCTYPE x [<!ENTITY l0 "ha">{declared}]>'.encode() + rss(b"<description>&l9;</description>")


def quadratic(size: int) -> bytes:
    entity = b'<!DOCTYPE x [<!ENTITY a "' + b"a" * size + b'">]>'
    return entity + rss(b"<description>" + b"&a;" * size + b"</description>")


XML: dict[str, tuple[Make, str | tuple[str, str]]] = {
    "a chain of entities": (lambda k: chain(8 * k), EITHER),
    "a billion laughs": (lambda k: laughs(10, 10), READ),
    "a quadratic entity": (lambda k: quadratic(15 * k), READ),
    "parameter entities": (lambda k: b'<!DOCTYPE x [<!ENTITY % a "<!ENTITY b \'c\'>">%a;]>' + rss(ITEM), READ),
    "an external document type": (lambda k: b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">' + rss(ITEM), READ),
    "a document type without an end": (lambda k: b"<!DOCTYPE x [" + b"<!ENTITY a 'b'>" * 15 * k, REFUSED),
    "levels": (lambda k: b"<a>" * 10 * k, REFUSED),
    "levels within a feed": (lambda k: rss(b"<a>" * 250 * k), EITHER),
    "200 levels within an item": (lambda k: rss(b"<item>" + b"<a>" * 200 + b"</a>" * 200 + b"</item>"), READ),
    "items in items in items": (lambda k: rss(b"<item>" * 240 + b"</item>" * 240), READ),
    "namespaces": (lambda k: rss(b"".join(b'<a xmlns:n%d="u:%d"/>' % (n, n) for n in range(25 * k))), EITHER),
    "attributes": (lambda k: b"<rss " + b" ".join(b'a%d="1"' % n for n in range(75 * k)) + b">" + CLOSE, REFUSED),
    "an attribute of megabytes": (lambda k: b'<rss a="' + b"x" * 2000 * k + b'"><channel>' + ITEM + CLOSE, EITHER),
    "a name of a megabyte": (lambda k: rss(b"<" + b"n" * 1000 * k + b"/>" + ITEM), EITHER),
    "blanks before it": (lambda k: b" " * 250 * k + rss(ITEM), EITHER),
    "comments": (lambda k: b"<!-- -->" * 25 * k + rss(ITEM), EITHER),
    "instructions": (lambda k: rss(b"<?x y?>" * 25 * k + ITEM), READ),
    "a comment of megabytes": (lambda k: rss(b"<!--" + b"-x" * 1000 * k + b"-->" + ITEM), EITHER),
    "sections of characters": (lambda k: titled(b"<![CDATA[x]]>" * 12 * k), READ),
    "broken references": (lambda k: titled(b"&x " * 250 * k), EITHER),
    "bare brackets": (lambda k: titled(b"< " * 250 * k), EITHER),
    "a number of a megabyte": (lambda k: titled(b"&#" + b"9" * 250 * k + b";"), READ),
    "a guid of a megabyte": (lambda k: rss(b"<item><title>A</title><guid>" + b"g" * 250 * k + b"</guid></item>"), READ),
    "a title of a megabyte": (lambda k: titled(b"word " * 250 * k), READ),
    "a title of brackets": (lambda k: titled(b"<![CDATA[" + b"<" * 250 * k + b"]]>"), READ),
    "a date of a megabyte": (lambda k: rss(b"<item><title>A</title><pubDate>" + b"Mon, " * 50 * k + b"</pubDate></item>"), READ),
    "enclosures": (lambda k: rss(b"<item><title>A</title>" + b'<enclosure url="/a.mp3" length="-1"/>' * k + b"</item>"), READ),
    "categories": (lambda k: rss(b"<item><title>A</title>" + b"<category>c</category>" * 3 * k + b"</item>"), READ),
    "small items": (lambda k: rss(ITEM * 4 * k), READ),
    "what says that it is UTF-16": (lambda k: b'<?xml version="1.0" encoding="UTF-16"?>' + rss(ITEM * 8 * k), EITHER),
    "zeros": (lambda k: b"\0" * 1000 * k, REFUSED),
    "marks of byte order": (lambda k: b"\xef\xbb\xbf" * 75 * k + rss(ITEM), EITHER),
}  # fmt: skip
HTML: dict[str, Make] = {
    "divisions in one another": lambda k: b"<div>" * 12 * k,
    "spans in one another": lambda k: b"<span>" * 5 * k + b"x",
    "25 tables in one another": lambda k: b"<table><tr><td>" * 25,
    "tables in one another": lambda k: b"<table><tr><td>" * k,
    "lists in one another": lambda k: b"<ul><li>" * 3 * k,
    "<b><i><a> in one another": lambda k: b"<b><i><a href=x>" * 8 * k,
    "a word of a megabyte": lambda k: b"w" * 250 * k,
    "ampersands": lambda k: b"&" * 250 * k,
    "brackets": lambda k: b"<" * 250 * k,
    "open tags without an end": lambda k: b"<a " * 25 * k,
    "open comments": lambda k: b"<!--" * 25 * k,
    "quotes in a tag": lambda k: b"<a " + b"\"'" * 25 * k + b">x",
    "pictures": lambda k: b"<img src=/a.png>" * 12 * k,
    "pictures with sets": lambda k: b"<img srcset='a.png 1x, b.png 2x' src=/c.png>" * 3 * k,
    "attributes": lambda k: b"<p " + b" ".join(b"a%d=1" % n for n in range(25 * k)) + b">x",
    "line breaks": lambda k: b"<br>" * 75 * k,
    "links": lambda k: b"<a href='https://a.example/x'>y</a>" * 25 * k,
    "styles": lambda k: b"<p style='color:red;color:blue'>x</p>" * 12 * k,
    "a style of a megabyte": lambda k: b"<p style='" + b"color:red;" * 25 * k + b"'>x</p>",
    "broken tables": lambda k: b"<table><div><tr><p><td>" * 5 * k,
    "shortcodes": lambda k: b"[caption id='a']" * 25 * k,
    "a shortcode without an end": lambda k: b"[caption " + b"a='b' " * 25 * k,
    "joined Arabic": lambda k: "ل".encode() * 60 * k,
    "combining marks": lambda k: b"a" + "\u0301".encode() * 75 * k,
    "fields of choice": lambda k: b"<select><option>" * 25 * k,
    "formulas": lambda k: b"<math><mtext><table><mglyph><style>" * 5 * k,
    "forms": lambda k: b"<form><button>" * 5 * k,
}
JSON: dict[str, Make] = {
    "lists in one another": lambda k: b"[" * 100 * k,
    "objects in one another": lambda k: b'{"a":' * 100 * k,
    "a number of a megabyte": lambda k: VERSION + b'[{"id":' + b"9" * 250 * k + b"}]}",
    "a number without a size": lambda k: VERSION + b'[{"id":1e999999999}]}',
    "names": lambda k: VERSION + json.dumps([{"id": "1", "authors": [{"name": f"n{n}"} for n in range(5 * k)]}]).encode() + b"}",
    "items": lambda k: VERSION + json.dumps([{"id": str(n)} for n in range(5 * k)]).encode() + b"}",
}  # fmt: skip
OPML: dict[str, Make] = {
    "outlines": lambda k: b"<opml><body>" + b'<outline text="a" xmlUrl="http://a.example/"/>' * 8 * k + b"</body></opml>",
    "levels": lambda k: b"<opml><body>" + b"<outline text='a'>" * 3 * k,
    "levels of long folders": lambda k: b"<opml><body>" + (b"<outline text='" + b"f" * 5000 + b"'>") * 250
    + b"<outline xmlUrl='http://a.example/'/>" * 100,
    "feeds 30 levels deep": lambda k: b"<opml><body>" + (b"<outline text='" + b"f" * 500 + b"'>") * 30
    + b"".join(b"<outline xmlUrl='http://a%d.example/'/>" % n for n in range(k)),
}  # fmt: skip


@pytest.fixture
def k(long: bool) -> int:
    return 4000 if long else 1000


def outcome(read: Callable[[], object]) -> str:
    """READ or REFUSED; QuarantinedError, which says that it ended the process or took too long, is neither."""
    try:
        read()
    except QuarantinedError:
        raise
    except ParseError:
        return REFUSED
    return READ


@pytest.mark.parametrize("name", XML)
def test_feeds(name: str, k: int) -> None:
    make, expected = XML[name]
    assert outcome(lambda: documents.read_feed(make(k), URL)) in expected


@pytest.mark.parametrize("name", HTML)
def test_articles(name: str, k: int) -> None:
    assert outcome(lambda: documents.read_feed(described(HTML[name](k)), URL)) == READ


@pytest.mark.long
@pytest.mark.parametrize("name", HTML)
def test_pages(name: str, k: int) -> None:
    page = b"<html><head><title>A</title></head><body><article><p>Text.</p>" + HTML[name](k)
    assert outcome(lambda: documents.read_page(page, URL, "text/html")) == READ
    assert outcome(lambda: documents.read_links(page, URL, {})) == READ


@pytest.mark.parametrize("name", JSON)
def test_json(name: str, k: int) -> None:
    body = JSON[name](k)
    assert outcome(lambda: documents.read_feed(body, URL)) in EITHER
    assert outcome(lambda: documents.read_posts(body, URL, {})) in EITHER


@pytest.mark.parametrize("name", OPML)
def test_lists(name: str, k: int) -> None:
    assert outcome(lambda: documents.read_outlines(OPML[name](k))) in EITHER


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="what /proc tells is asked")
@pytest.mark.parametrize("name", ["small items", "a quadratic entity", "namespaces", "a title of a megabyte"])
def test_none_of_them_takes_much_memory(name: str, k: int) -> None:
    documents.close()
    documents.read_feed(rss(ITEM), URL)
    status = Path(f"/proc/{documents.worker.pid}/status")
    outcome(lambda: documents.read_feed(XML[name][0](k), URL))
    if status.exists():  # one that has grown beyond 50 MB may be gone by now
        peak = re.search(r"VmHWM:\s*(\d+)", status.read_text("ascii", "replace"))
        assert peak is None or int(peak[1]) < MOST_MB * 1000
