"""A public source tries to lead the program into the network at home: every writing of an address by every way that a
document has. None may be connected to; a public address by each of the ways must be."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from desktop.core.errors import AppError
from desktop.core.fulltext_values import FullTextRule
from desktop.core.models import NewSource, SourceKind
from desktop.net.gate import Gate
from desktop.net.http import Http
from desktop.sync.backfill import Backfill
from desktop.sync.discover import discover, newest
from desktop.sync.lane import StoreLane
from desktop.sync.pace import Pace
from desktop.sync.refresh import Refresh
from desktop.sync.report import Plan
from tests.faults.world import PUBLIC, World
from tests.server import LoopbackServer, Reply, Request

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
XML = {"Content-Type": "application/rss+xml"}
HTML = {"Content-Type": "text/html"}
CONTROL = "93.184.215.99"  # public: each way must reach it, or it proves nothing

WRITINGS = (
    # IPv4 in all its spellings
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "127.0.0.1.",
    "①②⑦.⓪.⓪.①", "127。0。0。1", "0.0.0.0", "0", "10.0.0.5", "172.16.9.9", "192.168.1.1", "169.254.169.254",
    "100.100.100.200", "198.51.100.7", "224.0.0.1", "255.255.255.255",
    # IPv6, and IPv4 within it
    "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:0:7f00:1]", "[::127.0.0.1]", "[2002:7f00:1::]",
    "[2002:a00:5::1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::1]", "[fe80::1]", "[fe80::1%25eth0]", "[fc00::1]",
    "[fd00:ec2::254]", "[ff02::1]", "[2001:db8::1]", "[2001::1]",
    # names
    "localhost", "LOCALHOST.", "x.localhost", "localhost.localdomain", "router.lan", "nas.local", "printer",
    "home.arpa", "metadata.google.internal", "wiki.intranet",
    # names that lead there
    "inside.example", "inside6.example", "mapped.example", "rebinding.example", "mixed.example",
    # with a name, a password or a port
    "news.example@127.0.0.1", "user:word@localhost", "127.0.0.1:6379", "news.example:25",
)  # fmt: skip
NAMES = {
    "inside.example": ["10.0.0.7"],
    "inside6.example": ["fd00::7"],
    "mapped.example": ["::ffff:10.0.0.7"],
    "rebinding.example": [PUBLIC, "127.0.0.1"],  # in turn
    "reach.example": [CONTROL],
}
TOGETHER = {"mixed.example": ["127.0.0.1", PUBLIC, "10.0.0.7"]}


# What a document may lead by. Each request that comes of one begins its path with it.
WAYS = (
    "picture", "https", "hop", "chain", "page", "pagehop", "feedhop", "next", "numbered", "json", "beside", "feed",
    "rest", "preview",
)  # fmt: skip


class Lair:
    """A public site whose documents point at each of the places."""

    def __init__(self, places: Sequence[str]) -> None:
        self.places = places

    def answer(self, request: Request) -> Reply:
        """By the first part of the host's name; the number of the place is the first part of the path."""
        name = request.headers["host"].partition(".")[0]
        number, _, rest = request.path.lstrip("/").partition("/")
        if name == "reach":
            return Reply(404)
        if name == "news":
            return self._news()
        return getattr(self, f"_{name}")(self.places[int(number)], number, rest)

    def _hop(self, place: str, number: str, rest: str) -> Reply:
        return Reply(302, {"Location": f"http://{place}/{rest}"})

    def _chain(self, place: str, number: str, rest: str) -> Reply:
        return Reply(301, {"Location": f"http://hop.example/{number}/{rest}"})

    def _news(self) -> Reply:
        items = "".join(self._item(place, number) for number, place in enumerate(self.places))
        return Reply(200, XML, f'<rss version="2.0"><channel><title>News</title>{items}</channel></rss>')

    def _item(self, place: str, number: int) -> str:
        pictures = (
            f"http://{place}/picture/{number}.png",
            f"https://{place}/https/{number}.png",
            f"http://hop.example/{number}/hop/{number}.png",
            f"http://chain.example/{number}/chain/{number}.png",
        )
        shown = "".join(f'<img src="{url}" width="600" height="400">' for url in pictures)
        return "".join(
            f"<item><title>Story {number} {link}</title><link>{link}</link>"
            f"<description><![CDATA[<p>Cut short … {shown}</p>]]></description>"
            f'<enclosure url="http://{place}/picture/{number}.jpg" type="image/jpeg" length="9"/></item>'
            for link in (f"http://{place}/page/{number}", f"http://hop.example/{number}/pagehop/{number}")
        )

    def _move(self, place: str, number: str, rest: str) -> Reply:
        return Reply(302, {"Location": f"http://{place}/feedhop/"})

    def _atom(self, place: str, number: str, rest: str) -> Reply:
        following = "numbered/?paged=2" if rest.startswith("numbered") else "next/"
        entry = "<entry><id>a</id><title>A</title><updated>2026-11-24T08:00:00Z</updated></entry>"
        link = f'<link rel="next" href="http://{place}/{following}"/>'
        return Reply(
            200, XML, f'<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>{link}{entry}</feed>'
        )

    def _json(self, place: str, number: str, rest: str) -> Reply:
        items = [{"id": "a", "title": "A", "date_published": "2026-11-24T08:00:00Z"}]
        version = "https://jsonfeed.org/version/1.1"
        value = {"version": version, "title": "A", "next_url": f"http://{place}/json/", "items": items}
        return Reply(200, {"Content-Type": "application/feed+json"}, json.dumps(value))

    def _site(self, place: str, number: str, rest: str) -> Reply:
        """A page whose first feed is at the place, one whose second is, and one that names a REST interface there. Each
        has a good feed too, so that nothing is guessed."""
        kind = 'rel="alternate" type="application/rss+xml"'
        if rest.startswith("good"):
            return Reply(200, XML, '<rss version="2.0"><channel><title>Good</title></channel></rss>')
        good, bad = (
            f'<link {kind} href="/{number}/good">',
            f'<link {kind} href="http://{place}/{rest.strip("/")}/">',
        )
        if rest.startswith("rest"):
            rest_link = {"Link": f'<http://{place}/rest/>; rel="https://api.w.org/"'}
            return Reply(200, HTML | rest_link, f"<html><head>{good}</head></html>")
        links = good + bad if rest.startswith("preview") else bad + good
        return Reply(200, HTML, f"<html><head>{links}</head></html>")

    def _wp(self, place: str, number: str, rest: str) -> Reply:
        return Reply(404)


def attack(folder: Path, places: Sequence[str]) -> tuple[World, set[str]]:
    """Lead the program to the places by all ways. Gives what it connected to, and the ways that reach.example was
    reached by."""
    lair = Lair(places)
    with LoopbackServer({"*": lair.answer}) as server:
        world = World(server.port, names=NAMES, together=TOGETHER)
        http = Http(Gate(), now=lambda: NOW, wire=world, longest_s=10)
        lane = StoreLane(folder)
        try:
            _refresh(http, lane, places)
            _walk_back(http, lane, len(places))
            _discover(http, len(places))
        finally:
            http.close()
            lane.close()
        asked = [request for request in server.log if request.headers["host"].startswith("reach.")]
    ways = {request.path.strip("/").partition("/")[0] for request in asked}
    return world, ways | ({"https"} if (CONTROL, 443) in world.reached else set())


def _add(lane: StoreLane, url: str, kind: SourceKind = SourceKind.FEED, feed_url: str = "") -> int:
    new = NewSource(url, kind, feed_url=feed_url or url, full_text=FullTextRule.ALWAYS)
    return lane(lambda store: store.sources.add(new, NOW).id)


def _refresh(http: Http, lane: StoreLane, places: Sequence[str]) -> None:
    """The news with its pictures and full texts, feeds that redirect, and feeds beside a REST interface."""
    _add(lane, "http://news.example/feed")
    lane(lambda store: store.settings.set("archive.pause", 0.0))
    for number, place in enumerate(places):
        _add(lane, f"http://move.example/{number}/feed")
        _add(lane, f"http://wp.example/{number}/wp-json/", SourceKind.WORDPRESS, f"http://{place}/beside/")
    Refresh(http, lane, lambda event: None, lambda: NOW).run(Plan(rates=False))


def _walk_back(http: Http, lane: StoreLane, count: int) -> None:
    for number in range(count):
        for url in (
            f"http://atom.example/{number}/next",
            f"http://atom.example/{number}/numbered",
            f"http://json.example/{number}/",
        ):
            source = _add(lane, url)
            Backfill(http, lane, lambda filled: None, lambda: NOW, pace=Pace(0)).run(source)


def _discover(http: Http, count: int) -> None:
    for number in range(count):
        for what in ("feed/", "preview/", "rest/"):
            with contextlib.suppress(AppError):
                for found in discover(http, f"http://site.example/{number}/{what}"):
                    with contextlib.suppress(AppError):
                        newest(http, found)


def run(seed: int = 0) -> dict[str, object]:
    """The figures: attempts, connections into private networks, and the ways by which a public address was reached."""
    places = [*WRITINGS, "reach.example"]
    Random(seed).shuffle(places)
    with TemporaryDirectory() as folder:
        world, ways = attack(Path(folder), places)
    return {
        "attempts": len(WRITINGS) * len(WAYS),
        "connected": len(world.strays),
        "ways": len(WAYS),
        "ways_that_reach_a_public_address": len(ways & set(WAYS)),
        "unreached": sorted(set(WAYS) - ways),
        "strays": sorted(set(world.strays)),
    }
