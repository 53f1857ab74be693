"""Forty publishers with three hundred feeds on one simulated network, each with habits of its own, and a log of every
request that reached them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.server import Reply, Request
from tests.unit.sync.press import png

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # a Tuesday
HOSTS, FEEDS = 40, 300
XML = {"Content-Type": "application/rss+xml; charset=UTF-8"}
HTML = {"Content-Type": "text/html; charset=UTF-8"}
BUSY_FROM, BUSY_FOR = timedelta(hours=10), timedelta(hours=3)
SKIPPED_HOURS = (0, 1, 2, 3, 4, 5)
SKIPPED_DAY = "Wednesday"
PICTURE = png(600, 400)
WHOLE = "".join(f"<p>Sentence {n} of all that there is to say.</p>" for n in range(9))
ODD_QUERY = "?b[]=2&a=%c3%a9|{x}&&c&a=1"


@dataclass(frozen=True)
class Asked:
    """One request that reached a publisher, and what it was told."""

    at: datetime
    host: str
    path: str
    method: str
    headers: dict[str, str]
    status: int
    etag: str
    last_modified: str
    size: int


@dataclass
class Publisher:
    """One host. `every` is how often its feeds publish; what else it does is its `habit`."""

    name: str
    habit: str
    every: timedelta
    feeds: list[str] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"http://{self.name}{path}"


HABITS = (
    *["plain"] * 16, "etag alone", "etag alone", "date alone", "date alone", "no validators", "weak", "weak",
    "max-age", "max-age", "ttl", "ttl", "skip hours", "skip day", "busy", "busy in silence", "missing", "forbidden",
    "trouble", "gone", "moved", "detour", "detour", "pages", "becomes a page",
)  # fmt: skip
USUAL = timedelta(days=1)
OFTEN = ("max-age", "ttl", "busy", "busy in silence")  # publish twice a day
RHYTHMS = (timedelta(hours=1), timedelta(hours=5), timedelta(days=1), timedelta(days=20))


def publishers() -> list[Publisher]:
    """All of them; the first have eight feeds, the others seven."""
    assert len(HABITS) == HOSTS
    made = [
        Publisher(
            f"site{n:02}.example",
            habit,
            RHYTHMS[n % len(RHYTHMS)] if habit == "plain" else USUAL / (2 if habit in OFTEN else 1),
        )
        for n, habit in enumerate(HABITS)
    ]
    for n in range(FEEDS):
        owner = made[n % HOSTS]
        owner.feeds.append(f"/feed{n // HOSTS}.xml" + (ODD_QUERY if n % 50 == 0 else ""))
    return made


class Network:
    """The publishers as one server; tells the time by the clock that it is given."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self.publishers = publishers()
        self._by_name = {each.name: each for each in self.publishers}
        self.log: list[Asked] = []
        self._guard = threading.Lock()
        self._under_way: Counter[str] = Counter()
        self.most_at_once: Counter[str] = Counter()  # of a host; of all by ""

    def answer(self, request: Request) -> Reply:
        host = request.headers["host"]
        with self._guard:
            for key in (host, ""):
                self._under_way[key] += 1
                self.most_at_once[key] = max(self.most_at_once[key], self._under_way[key])
        now = self._clock()
        reply = self._answer(host, request, now)
        asked = Asked(
            now, host, request.path, request.method, dict(request.headers), reply.status,
            reply.headers.get("ETag", ""), reply.headers.get("Last-Modified", ""), len(reply.body),
        )  # fmt: skip
        with self._guard:
            self.log.append(asked)
            for key in (host, ""):
                self._under_way[key] -= 1
        return reply

    def _answer(self, host: str, request: Request, now: datetime) -> Reply:
        if host.startswith("cdn."):
            return self._feed(Publisher(host, "plain", RHYTHMS[0]), request, now)
        publisher = self._by_name[host]
        since = now - START
        match publisher.habit:
            case "busy" if BUSY_FROM <= since < BUSY_FROM + BUSY_FOR:
                left = BUSY_FROM + BUSY_FOR - since
                return Reply(429, {"Retry-After": str(int(left.total_seconds()))})
            case "busy in silence" if BUSY_FROM <= since < BUSY_FROM + BUSY_FOR:
                return Reply(503)
            case "missing" if since >= timedelta(hours=4):
                return Reply(404)
            case "forbidden" if since >= timedelta(hours=4):
                return Reply(403)
            case "trouble" if since >= timedelta(hours=4):
                return Reply(500)
            case "gone" if since >= timedelta(hours=4):
                return Reply(410)
            case "becomes a page" if since >= timedelta(hours=4):
                return Reply(200, HTML, "<!DOCTYPE html><html><body>Nothing here</body></html>")
            case "moved" if request.path.startswith("/feed"):
                return Reply(301, {"Location": f"/new{request.path}"})
            case "detour":
                return Reply(302, {"Location": f"http://cdn.{host}{request.path}"})
        if request.path.startswith(("/page/", "/picture/")):
            return self._page(request)
        return self._feed(publisher, request, now)

    def _page(self, request: Request) -> Reply:
        if request.path.endswith("0"):
            return Reply(404)
        if request.path.startswith("/picture/"):
            return Reply(200, {"Content-Type": "image/png"}, PICTURE)
        text = "".join(
            f"<p>Paragraph {n} of what {request.path} has to tell, at some length.</p>" for n in range(9)
        )
        return Reply(200, HTML, f"<html><body><article><h1>Story</h1>{text}</article></body></html>")

    def _feed(self, publisher: Publisher, request: Request, now: datetime) -> Reply:
        newest = int((now - START + timedelta(days=60)) / publisher.every)
        changed = START - timedelta(days=60) + newest * publisher.every
        habit = publisher.habit
        etag = f'"{request.path.partition("?")[0]}-{newest}"'
        headers = dict(XML)
        if habit not in ("date alone", "no validators"):
            headers["ETag"] = f"W/{etag}" if habit == "weak" else etag
        if habit not in ("etag alone", "no validators"):
            headers["Last-Modified"] = format_datetime(changed, usegmt=True)
        if habit == "max-age":
            headers["Cache-Control"] = "public, max-age=7200"
        headers["Set-Cookie"] = "visitor=17; Path=/; Max-Age=9999999"
        sent = request.headers.get("if-none-match"), request.headers.get("if-modified-since")
        own = headers.get("ETag"), headers.get("Last-Modified")
        if sent != (None, None) and sent == own:
            return Reply(304, headers)
        return Reply(200, headers, _document(publisher, request.path.partition("?")[0], newest, changed))


def _document(publisher: Publisher, path: str, newest: int, changed: datetime) -> str:
    return (
        f'<rss version="2.0"><channel><title>{publisher.name}</title><link>http://{publisher.name}/</link>'
        f"{_wishes(publisher.habit)}{''.join(_items(publisher, path, newest, changed))}</channel></rss>"
    )


def _wishes(habit: str) -> str:
    if habit == "ttl":
        return "<ttl>240</ttl>"
    if habit == "skip hours":
        return f"<skipHours>{''.join(f'<hour>{hour}</hour>' for hour in SKIPPED_HOURS)}</skipHours>"
    return f"<skipDays><day>{SKIPPED_DAY}</day></skipDays>" if habit == "skip day" else ""


def _items(publisher: Publisher, path: str, newest: int, changed: datetime) -> Iterator[str]:
    """Whole articles; those of one publisher are cut, and the same in all of its feeds."""
    is_cut = publisher.habit == "pages"
    for back in range(4):
        number, when = newest - back, changed - back * publisher.every
        link = (
            f"http://{publisher.name}/page/{number}" if is_cut else f"http://{publisher.name}{path}/{number}"
        )
        picture = f'<img src="http://{publisher.name}/picture/{number}" width="600" height="400">'
        shown = f"…</p>{picture}" if is_cut else f".</p>{WHOLE}"
        yield (
            f"<item><title>Story {number}</title><link>{link}</link><guid>{link}</guid>"
            f"<pubDate>{format_datetime(when, usegmt=True)}</pubDate>"
            f"<description><![CDATA[<p>What happened{shown}]]></description></item>"
        )
