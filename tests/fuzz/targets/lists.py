"""Lists of feeds."""

from __future__ import annotations

from datetime import UTC, datetime

from desktop.core.errors import ParseError
from desktop.net import opml
from desktop.net.opml import Outlines
from desktop.sync import wire
from tests.fuzz.targets.target import Target, expect, expect_line, expect_web

NOW = datetime(2026, 11, 30, 6, tzinfo=UTC)
DIALECTS = (
    b"""<?xml version="1.0" encoding="UTF-8"?><opml version="2.0"><head><title>L</title></head><body>
    <outline text="Asia"><outline text="Banks" title="Banks"><outline type="rss" text="NBK" xmlUrl="https://a.example/x"
    htmlUrl="https://a.example/" category="/a/b"/></outline><outline text="B" xmlUrl="feed://b.example/r"/></outline>
    <outline text="C" type="atom" xmlUrl="https://c.example/?a=1&amp;b=2" isOpen="true"/></body></opml>""",
    b"""<opml version="1.1"><body><outline title="L" xmlUrl="|date" filtercmd="sh"/><outline text="D &amp;amp; E"
    xmlUrl="exec:ls"/><outline text="F" url="https://f.example/feed" postProcess="x"/></body></opml>""",
    '<?xml version="1.0" encoding="windows-1251"?><opml><body><outline text="Банк" xmlurl="http://б.example/р"/></body>'
    "</opml>".encode("cp1251"),
    b'<opml><body><outline xmlns:c="urn:chorsu:opml" text="W" xmlUrl="https://w.example/wp-json/" c:kind="wordpress"'
    b' c:feed="https://w.example/feed/" c:enabled="no" c:minutes="30" c:fullText="always"/></body></opml>',
)


def _run(body: bytes) -> None:
    try:
        found = opml.read(body)
    except ParseError:
        return
    expect(wire.load(Outlines, wire.dump(found)) == found, "it does not travel whole")
    for one in found.sources:
        expect_web(one.url, one.site_url, one.feed_url)
        expect_line(one.title, one.folder, one.user_agent, one.account)
    again = opml.read(opml.write(found.sources, NOW))
    expect(again.sources == found.sources, f"{again.sources} was written as {found.sources}")


TARGETS = (Target("opml", _run, lambda: DIALECTS),)
