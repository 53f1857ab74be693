"""Lists of feeds as other programs write them, and as nobody honest would."""

from __future__ import annotations

import time

import pytest

from desktop.core.errors import ParseError
from desktop.net import opml

HEAD = '<?xml version="1.0"?><opml version="1.0"><head><title>T</title></head><body>'
END = "</body></opml>"


def read(body: str) -> opml.Outlines:
    return opml.read((HEAD + body + END).encode())


def feed(address: str = "https://a.example/feed", more: str = "", title: str = "A") -> str:
    return f'<outline text="{title}" xmlUrl="{address}" {more}/>'


@pytest.mark.parametrize(
    ("outline", "url", "title"),
    [
        (feed(), "https://a.example/feed", "A"),
        ('<outline title="B" XMLURL=" https://b.example/ "/>', "https://b.example/", "B"),  # QuiteRSS writes text
        ('<outline type="rss" xmlUrl="feed://c.example/rss"/>', "http://c.example/rss", ""),
        ('<outline text="D" xmlUrl="feed:https://d.example/"/>', "https://d.example/", "D"),
        ('<outline text="E &amp;amp;&#10;F" xmlUrl="https://e.example/?a&b"/>', "https://e.example/?a&b", "E &amp; F"),
        ('<outline text="R" rssguard:xmlUrlType="0" xmlUrl="https://r.example/"/>', "https://r.example/", "R"),
    ],
)  # fmt: skip
def test_lists_of_other_programs(outline: str, url: str, title: str) -> None:
    (source,) = read(outline).sources
    assert (source.url, source.feed_url, source.title) == (url, url, title)


def test_folders_are_paths_and_a_feed_named_twice_comes_once() -> None:
    found = read(
        f"""<outline text="Asia"><outline title="Banks">{feed()}</outline><outline text=" ">{feed("https://b.example/")}
        </outline></outline><outline text="Empty"/>{feed("http://www.a.example/feed/?utm_source=x", title="Again")}"""
    )
    assert [(one.title, one.folder) for one in found.sources] == [("A", "Asia/Banks"), ("A", "Asia")]
    assert (found.merged, found.left_out) == (1, ())


@pytest.mark.parametrize(
    ("outline", "why"),
    [
        (feed(more='filtercmd="sed s/a/b/"'), "it asks for a command to be run"),
        (feed(more='filter-cmd="sh"'), "it asks for a command to be run"),
        (feed(more='rssguard:postProcess="rm -rf ~"'), "it asks for a command to be run"),
        (feed("file:///etc/passwd"), "its address does not begin with http:// or https://"),
        (feed("exec:curl x"), "its address does not begin with http:// or https://"),
        (feed("|curl x"), "its address does not begin with http:// or https://"),
        (feed("script:python a.py"), "its address does not begin with http:// or https://"),
        (feed("javascript:alert(1)"), "its address does not begin with http:// or https://"),
        (feed("feed:file:///etc/passwd"), "its address does not begin with http:// or https://"),
        (
            feed(more='xmlns:c="urn:chorsu:opml" c:address="file:///etc/passwd"'),
            "its address does not begin with http:// or https://",
        ),
        ('<outline text="A" type="link" url="https://a.example/"/>', "it names no feed"),
    ],
)
def test_what_is_no_feed_is_left_out_and_named(outline: str, why: str) -> None:
    found = read(outline + feed("https://good.example/"))
    assert [one.url for one in found.sources] == ["https://good.example/"]
    assert found.left_out == (opml.LeftOut("A", why),)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 ...", "not"),
        (b"<html><body><p>404</p></body></html>", "not an OPML list"),
        (b"<opml version='1.0'><head/></opml>", "not an OPML list"),
        (b'<!DOCTYPE opml [<!ENTITY a "b">]>' + HEAD.encode() + END.encode(), "declares entities"),
        ('<!DOCTYPE opml [<!ENTITY a "b">]>'.encode("utf-16"), "declares entities"),
        ((HEAD + '<outline text="a">' * 40 + feed() + "</outline>" * 40 + END).encode(), "32 levels"),
        ((HEAD + '<outline text="a">' * 100_000).encode(), "levels"),
        (HEAD.encode() + b" " * (50 << 20), "larger than 10 MB"),
    ],
)  # fmt: skip
def test_what_no_honest_program_wrote_is_refused_with_a_sentence(body: bytes, said: str) -> None:
    begun = time.process_time()
    with pytest.raises(ParseError) as error:
        opml.read(body)
    assert said in error.value.message
    assert error.value.message.endswith(".")
    assert "Nothing was imported" in error.value.remedy
    assert time.process_time() - begun < 2


def test_ten_thousand_outlines_are_read_quickly() -> None:
    body = "".join(
        f'<outline text="Folder {number}">{feed(f"https://s{number}.example/feed")}</outline>'
        for number in range(10_000)
    )
    begun = time.process_time()
    assert len(read(body).sources) == 10_000
    assert time.process_time() - begun < 2


def test_a_site_is_not_kept_with_a_password_in_it() -> None:
    outline = '<outline text="A" xmlUrl="https://a.example/feed" htmlUrl="https://u:S3CRET@a.example/"/>'
    (source,) = opml.read(f'<opml version="2.0"><body>{outline}</body></opml>'.encode()).sources
    assert source.site_url == ""


@pytest.mark.parametrize("site", ["a.example/p:q", "https", "https:", "https:a.example", "ftp://a.example/"])
def test_a_site_without_a_scheme_is_no_address_to_open(site: str) -> None:
    outline = f'<outline text="A" xmlUrl="https://a.example/feed" htmlUrl="{site}"/>'
    (source,) = opml.read(f'<opml version="2.0"><body>{outline}</body></opml>'.encode()).sources
    assert source.site_url == ""


def test_half_of_a_pair_of_surrogates_in_an_attribute_ended_the_import():
    body = (
        b'<opml><body><outline text="One" xmlUrl="https://one.example/feed" type="a&#xD800;b"/></body></opml>'
    )
    assert [source.url for source in opml.read(body).sources] == ["https://one.example/feed"]


def test_a_brace_in_a_namespace_ended_the_import():
    body = b'<opml><body><outline xmlns:c="urn:a}b" text="One" xmlUrl="https://one.example/" c:d="e"/></body></opml>'
    assert [source.url for source in opml.read(body).sources] == ["https://one.example/"]
