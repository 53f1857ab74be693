"""Forty-eight simulated hours with three hundred feeds, read off by the public table of feed reader behaviour.

The table is FRB001 to FRB090 of https://rachelbythebay.com/frb/. Its page is not at hand here: the names of its lines
are those by which readers publish their own state, and what each asks for is put in our words beside it. A line that
cannot apply says why. What is checked is read from the publishers' own log, not from what the program believes.
"""

from __future__ import annotations

import gzip
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from desktop import __version__
from desktop.core.errors import FetchError, UsageError
from desktop.core.models import NewSource, Validators
from desktop.net.addresses import parse
from desktop.net.gate import Gate
from desktop.net.http import Http
from desktop.store import Store
from desktop.store.opening import FILE
from desktop.sync.discover import discover, newest, typed_address
from desktop.sync.lane import StoreLane
from desktop.sync.refresh import Refresh
from desktop.sync.report import Plan
from tests.faults.publishers import (
    BUSY_FOR,
    BUSY_FROM,
    HABITS,
    ODD_QUERY,
    SKIPPED_HOURS,
    START,
    Asked,
    Network,
    Publisher,
)  # fmt: skip
from tests.faults.world import World
from tests.server import LoopbackServer

OLD_STORE = Path(__file__).parents[1] / "data" / "databases" / "version-1.db.gz"
HOURS = 48
TICK = timedelta(minutes=15)  # the window looks every minute what is due
RESTARTS = (timedelta(hours=10, minutes=20), timedelta(hours=30))
ASLEEP = (timedelta(hours=20), timedelta(hours=23))  # the computer, and the program with it
PRESSES = timedelta(hours=26)  # the person asks for everything, twenty times in ten minutes
INTERVAL = timedelta(minutes=30)
SENT = frozenset(
    {"host", "user-agent", "accept", "accept-encoding", "if-none-match", "if-modified-since", "connection"}
)
DUE = Plan(rates=False, only_due=True)


@dataclass
class Diary:
    """What came of two days: the publishers and their log, and some things that only the program knows."""

    network: Network
    connections: int = 0
    restarted: list[datetime] = field(default_factory=list)
    pressed: tuple[datetime, datetime] = (START, START)
    added: list[Asked] = field(default_factory=list)  # while one more feed was added

    @property
    def log(self) -> list[Asked]:
        return self.network.log

    @cached_property
    def by_url(self) -> dict[tuple[str, str], list[Asked]]:
        """The requests for each address, in their order."""
        found: dict[tuple[str, str], list[Asked]] = defaultdict(list)
        for asked in self.log:
            found[asked.host, asked.path].append(asked)
        return dict(found)

    def of(self, *habits: str) -> Iterator[list[Asked]]:
        """The requests for each feed of the publishers with such habits."""
        for publisher in self.network.publishers:
            if publisher.habit in habits:
                for path in publisher.feeds:
                    yield self.by_url.get((publisher.name, path), [])

    def publisher(self, asked: Asked) -> Publisher | None:
        return next((each for each in self.network.publishers if each.name == asked.host), None)


def live(folder: Path, seed: int = 0) -> Diary:
    """Two days of the program on its publishers."""
    clock = _Clock()
    network = Network(clock)
    diary = Diary(network)
    random = Random(seed)
    with LoopbackServer({"*": network.answer}) as server:
        world = World(server.port)
        program = _Program(folder, clock, world, random)
        for publisher in network.publishers:
            for path in publisher.feeds:
                program.follow(publisher.url(path))
        asleep = False
        while clock.now < START + timedelta(hours=HOURS):
            since = clock.now - START
            if ASLEEP[0] <= since < ASLEEP[1]:
                asleep = True
            else:
                if any(moment <= since < moment + TICK for moment in RESTARTS):
                    program.restart()
                    diary.restarted.append(clock.now)
                program.refresh(DUE)
                if PRESSES <= since < PRESSES + TICK:
                    diary.pressed = (clock.now, clock.now + timedelta(minutes=10))
                    _press(program, clock)
                    _add(program, network, diary)
            clock.now += TICK
        assert asleep
        program.close()
        diary.connections = server.connections
    return diary


def _press(program: _Program, clock: _Clock) -> None:
    for _ in range(20):
        program.refresh(Plan(rates=False, full_texts=False, pictures=False))
        clock.now += timedelta(seconds=30)


def _add(program: _Program, network: Network, diary: Diary) -> None:
    """One more feed, as the window adds it: looked at, shown, followed, refreshed."""
    before = len(network.log)
    url = network.publishers[0].url("/one-more.xml")
    (found,) = discover(program.http, url)
    newest(program.http, found)
    source = program.follow(found.url)
    program.refresh(Plan((source,), rates=False))
    diary.added = [asked for asked in network.log[before:] if "one-more" in asked.path]


class _Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


class _Program:
    """A store and a way to the web, which can be ended and begun anew."""

    def __init__(self, folder: Path, clock: _Clock, world: World, random: Random) -> None:
        self._folder, self._clock, self._world, self._random = folder, clock, world, random
        self._open()
        self.lane(lambda store: store.settings.set("archive.pause", 0.0))

    def _open(self) -> None:
        self.lane = StoreLane(self._folder)
        self.http = Http(Gate(), now=self._clock, random=self._random.random, wire=self._world)

    def follow(self, url: str) -> int:
        return self.lane(lambda store: store.sources.add(NewSource(url, feed_url=url), self._clock.now).id)

    def refresh(self, plan: Plan) -> None:
        Refresh(self.http, self.lane, lambda event: None, self._clock).run(plan)

    def restart(self) -> None:
        self.close()
        self._open()

    def close(self) -> None:
        self.http.close()
        self.lane.close()


# What each line asks for: what is wrong, each in a few words; nothing where it is kept.
Check = Callable[[Diary], Iterator[str]]


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    number: str
    name: str
    asks: str  # in our words
    check: Check | None = None
    reason: str = ""  # why it does not apply


def _polls(requests: list[Asked]) -> Iterator[tuple[Asked, Asked]]:
    return pairwise(requests)


def _given(requests: list[Asked], place: int) -> tuple[str, str]:
    """The validators that the address gave with its last whole answer before a request."""
    before = (requests[earlier] for earlier in reversed(range(place)))
    last = next((asked for asked in before if asked.status == 200 and asked.size), None)
    return (last.etag, last.last_modified) if last else ("", "")


def _sent(asked: Asked) -> tuple[str, str]:
    return asked.headers.get("if-none-match", ""), asked.headers.get("if-modified-since", "")


def _conditional(which: int, *habits: str) -> Check:
    """That what was given last is sent, to the letter: 0 the tag, 1 the date."""

    def check(diary: Diary) -> Iterator[str]:
        seen = 0
        for requests in diary.of(*(habits or ("plain", "max-age", "ttl", "weak", "trouble"))):
            for place in range(1, len(requests)):
                given = _given(requests, place)[which]
                seen += bool(given)
                if _sent(requests[place])[which] != given:
                    yield f"{requests[place].path}: {_sent(requests[place])[which]!r} for {given!r}"
        if not seen:
            yield "nothing was given"

    return check


def _whole_after(*statuses: int) -> Check:
    """That the validators are still sent after such an answer."""

    def check(diary: Diary) -> Iterator[str]:
        seen = 0
        for requests in diary.by_url.values():
            for place, (before, after) in enumerate(_polls(requests), 1):
                if before.status in statuses and _given(requests, place) != ("", ""):
                    seen += 1
                    if _sent(after) != _given(requests, place):
                        yield f"{after.path} after {before.status}"
        if not seen:
            yield "never happened"

    return check


def _after_restart(diary: Diary) -> Iterator[str]:
    for moment in diary.restarted:
        for requests in diary.of("plain", "max-age", "ttl"):
            place = next((n for n, asked in enumerate(requests) if asked.at >= moment), len(requests))
            if 0 < place < len(requests) and _sent(requests[place]) != _given(requests, place):
                yield requests[place].path


def _invented(which: int) -> Check:
    def check(diary: Diary) -> Iterator[str]:
        for requests in diary.by_url.values():
            own = {(asked.etag, asked.last_modified)[which] for asked in requests} | {""}
            yield from (asked.path for asked in requests if _sent(asked)[which] not in own)

    return check


def _pairs(diary: Diary) -> Iterator[str]:
    for requests in diary.by_url.values():
        own = {(asked.etag, asked.last_modified) for asked in requests} | {("", "")}
        yield from (f"{asked.host}{asked.path}" for asked in requests if _sent(asked) not in own)


def _upgrade(diary: Diary) -> Iterator[str]:
    """On the store of version 1 that is kept for such tests."""
    given = Validators('"kept"', "Mon, 23 Nov 2026 10:00:00 GMT")
    with TemporaryDirectory() as folder:
        path = Path(folder) / FILE
        path.write_bytes(gzip.decompress(OLD_STORE.read_bytes()))
        with closing(sqlite3.connect(path)) as old, old:
            (source,) = old.execute("SELECT min(id) FROM sources").fetchone()
            columns = "(source_id, etag, last_modified) VALUES (?, ?, ?)"
            old.execute(f"INSERT INTO fetch_states {columns}", (source, given.etag, given.last_modified))
        with Store.open(Path(folder)) as store:
            kept = store.sources.get(source).state.validators
    if kept != given:
        yield f"{kept}"


def _busy(diary: Diary) -> Iterator[str]:
    until = START + BUSY_FROM + BUSY_FOR
    requests = [asked for of in diary.of("busy") for asked in of if asked.status == 429]
    if not requests:
        yield "never happened"
    first = min((asked.at for asked in requests), default=until)
    yield from (f"asked at {asked.at:%H:%M}" for asked in requests if first < asked.at < until)
    if len(requests) > 1:
        yield f"{len(requests)} requests while it was busy"


def _silent(diary: Diary) -> Iterator[str]:
    requests = sorted(
        (asked for of in diary.of("busy in silence") for asked in of if asked.status == 503),
        key=lambda asked: asked.at,
    )
    gaps = [(later.at - earlier.at) / timedelta(minutes=1) for earlier, later in pairwise(requests)]
    if not requests:
        yield "never happened"
    if gaps and (min(gaps) < 10 or len(requests) > 7):
        yield f"asked after {min(gaps):.0f} minutes, {len(requests)} times in three hours"


def _spaced(least: timedelta, *habits: str) -> Check:
    """That polls of such feeds lie at least so far apart, but for those that the person asked for."""

    def check(diary: Diary) -> Iterator[str]:
        for requests in diary.of(*habits):
            for before, after in _polls(requests):
                if after.at - before.at < least and not _on_demand(diary, before, after):
                    yield f"{after.path} after {(after.at - before.at) / timedelta(minutes=1):.0f} minutes"

    return check


def _on_demand(diary: Diary, *asked: Asked) -> bool:
    return any(diary.pressed[0] <= each.at <= diary.pressed[1] for each in asked)


def _rhythm(diary: Diary) -> Iterator[str]:
    for requests in diary.of("plain"):
        publisher = diary.publisher(requests[0])
        assert publisher is not None
        least = max(INTERVAL, min(publisher.every / 12, timedelta(hours=6)))
        for before, after in _polls(requests):
            if after.at - before.at < least - timedelta(minutes=1) and not _on_demand(diary, before, after):
                yield f"{publisher.every} between articles, {after.at - before.at} between polls"


def _hints(diary: Diary) -> Iterator[str]:
    yield from _spaced(timedelta(hours=4), "ttl")(diary)
    for requests in diary.of("skip hours"):
        yield from (
            f"asked in hour {asked.at.hour}"
            for asked in requests
            if asked.at.hour in SKIPPED_HOURS and not _on_demand(diary, asked)
        )
    for requests in diary.of("skip day"):
        yield from (
            f"asked on a Wednesday at {asked.at:%H:%M}"
            for asked in requests
            if asked.at.weekday() == 2 and not _on_demand(diary, asked)
        )


def _once(diary: Diary) -> Iterator[str]:
    """No body twice: the same version of a document is sent once to whoever says which one it has."""
    for requests in diary.of(*(set(HABITS) - {"no validators", "detour", "moved"})):
        versions = Counter(asked.etag or asked.last_modified for asked in requests if asked.status == 200)
        yield from (
            f"{requests[0].path} {count} times"
            for version, count in versions.items()
            if version and count > 1
        )


def _others(diary: Diary) -> Iterator[str]:
    """Pictures of articles: once. Pages: once, and for a feed that shows the article later once more."""
    seen = 0
    for (host, path), requests in diary.by_url.items():
        if path.startswith(("/page/", "/picture/")):
            seen += 1
            if sum(asked.status == 200 for asked in requests) > (8 if path.startswith("/page/") else 1):
                yield f"{host}{path} {len(requests)} times"
    if not seen:
        yield "none was asked for"


def _item(diary: Diary) -> Iterator[str]:
    for (host, path), requests in diary.by_url.items():
        if path.startswith(("/page/", "/picture/")) and sum(asked.status != 200 for asked in requests) > 5:
            yield f"{host}{path} {len(requests)} times"


def _one_at_once(diary: Diary) -> Iterator[str]:
    yield from (
        f"{count} at once at {host}"
        for host, count in diary.network.most_at_once.items()
        if host and count > 1
    )


def _few_servers(diary: Diary) -> Iterator[str]:
    """Many feeds of one host: in turn, over kept connections, and no round without its pause."""
    yield from _one_at_once(diary)
    yield from _spaced(
        INTERVAL,
        *set(HABITS)
        - {"trouble", "missing", "forbidden", "becomes a page", "busy", "busy in silence", "gone", "moved"},
    )(diary)
    if diary.connections * 4 > len(diary.log):
        yield f"{diary.connections} connections for {len(diary.log)} requests"


def _few_addresses(diary: Diary) -> Iterator[str]:
    if diary.network.most_at_once[""] > 6:
        yield f"{diary.network.most_at_once['']} at once at one address"


def _single_request(diary: Diary) -> Iterator[str]:
    if len(diary.added) != 1:
        yield f"{len(diary.added)} requests to add a feed"


def _restarts(diary: Diary) -> Iterator[str]:
    """A start asks nothing that is not due: gaps over a restart are as long as any others."""
    for moment in diary.restarted:
        for requests in diary.of("plain", "max-age", "ttl", "weak"):
            for before, after in _polls(requests):
                if before.at < moment <= after.at and after.at - before.at < INTERVAL:
                    yield f"{after.path} after {after.at - before.at}"


def _methods(*wrong: str) -> Check:
    def check(diary: Diary) -> Iterator[str]:
        yield from (f"{asked.method} {asked.path}" for asked in diary.log if asked.method in wrong)
        if not wrong:
            yield from (f"{asked.method} {asked.path}" for asked in diary.log if asked.method != "GET")

    return check


def _input(diary: Diary) -> Iterator[str]:
    for text in (
        "",
        "not an address",
        "ftp://site.example/x",
        "javascript:alert(1)",
        "http://",
        "https://a b/c",
    ):
        try:
            yield f"{text!r} became {parse(typed_address(text))}"
        except (FetchError, UsageError):
            continue


def _guesses(diary: Diary) -> Iterator[str]:
    known = {publisher.url(path) for publisher in diary.network.publishers for path in publisher.feeds}
    for asked in diary.log:
        path = asked.path.removeprefix("/new")
        host = asked.host.removeprefix("cdn.")
        named = path.startswith(("/page/", "/picture/", "/one-more"))
        if f"http://{host}{path}" not in known and not named:
            yield f"{asked.host}{asked.path}"


def _queries(diary: Diary) -> Iterator[str]:
    queries = {urlsplit(asked.path).query for asked in diary.log} - {""}
    yield from (query for query in queries if f"?{query}" != ODD_QUERY)
    if not queries:
        yield "none was asked"


def _headers(*wrong: str) -> Check:
    def check(diary: Diary) -> Iterator[str]:
        yield from sorted({name for asked in diary.log for name in wrong if name in asked.headers})

    return check


def _no_others(diary: Diary) -> Iterator[str]:
    yield from sorted({name for asked in diary.log for name in asked.headers} - SENT)


def _pellets(diary: Diary) -> Iterator[str]:
    since, until = diary.pressed
    for (host, path), requests in diary.by_url.items():
        count = sum(since <= asked.at <= until for asked in requests)
        if count > 3:  # the poll of the hour, and one for every five minutes of pressing
            yield f"{host}{path} {count} times"


def _unconditional(diary: Diary) -> Iterator[str]:
    """Nothing that the person can press asks for a whole feed again."""
    since, until = diary.pressed
    for requests in diary.of("plain", "max-age", "ttl", "weak", "etag alone", "date alone"):
        for place, asked in enumerate(requests):
            if since <= asked.at <= until and place and _sent(asked) == ("", ""):
                yield asked.path


def _agents(diary: Diary) -> set[str]:
    return {asked.headers.get("user-agent", "") for asked in diary.log}


def _agent(kept: Callable[[str], bool]) -> Check:
    def check(diary: Diary) -> Iterator[str]:
        yield from (agent for agent in _agents(diary) if not kept(agent))

    return check


def _one_agent(diary: Diary) -> Iterator[str]:
    if len(_agents(diary)) != 1:
        yield ", ".join(sorted(_agents(diary)))


def _says_version(agent: str) -> bool:
    return f"Chorsu/{__version__}" in agent


def _names_none(words: tuple[str, ...]) -> Callable[[str], bool]:
    return lambda agent: not any(word in agent.lower() for word in words)


BROWSERS = ("mozilla", "chrome", "safari", "webkit", "gecko", "opera", "msie", "edg/")
LIBRARIES = ("python", "requests", "urllib3", "curl", "libwww", "qt", "aiohttp", "httpx")
NO_PAGE = (
    "The project has no page yet, and FRB090 forbids to invent one. The name takes the package's homepage as soon "
    "as it has one (tests/unit/net/test_http.py)."
)
CLOUD = "Chorsu runs on the computer of the one person who reads: there is no service that polls for many."


TABLE = (
    Line("FRB001", "Last-Modified storage", "the date of a feed is kept", _conditional(1)),
    Line("FRB002", "If-Modified-Since generation", "and sent back", _conditional(1, "date alone")),
    Line("FRB003", "ETag storage", "the tag of a feed is kept, with its quotes", _conditional(0)),
    Line("FRB004", "If-None-Match generation", "and sent back", _conditional(0, "etag alone", "weak")),
    Line("FRB010", "No short-term memory loss", "after trouble it is conditional", _whole_after(500, 503)),
    Line("FRB011", "No long-term memory loss", "so it is after a restart", _after_restart),
    Line("FRB012", "No creative If-Modified-Since", "no date but one that the address gave", _invented(1)),
    Line("FRB013", "No creative If-None-Match", "no tag but one that the address gave", _invented(0)),
    Line("FRB014", "An atomic set", "tag and date of one answer go together", _pairs),
    Line("FRB015", "Surviving upgrades", "a store of an older version keeps its validators", _upgrade),
    Line("FRB016", "Surviving 429", "after 429 the next request is conditional", _whole_after(429)),
    Line("FRB020", "Slow down on request", "Retry-After holds for the whole host", _busy),
    Line("FRB021", "Slow down without hints", "503 without a word: ten minutes, doubling", _silent),
    Line("FRB022", "Documents have cache hints", "max-age is waited for", _spaced(timedelta(hours=2), "max-age")),
    Line("FRB023", "Match the rhythm of the feed", "who publishes seldom is asked seldom", _rhythm),
    Line("FRB024", "Hints of the feed formats", "ttl, skipHours and skipDays are heard", _hints),
    Line("FRB030", "No duplicate fetch for content", "no version of a feed is sent twice", _once),
    Line("FRB031", "Other URLs need caching too", "pictures come once, pages once for a feed", _others),
    Line("FRB032", "Don't hammer an item", "also those that fail are left alone", _item),
    Line("FRB033", "Don't hammer a server", "never two requests to a host at once", _one_at_once),
    Line("FRB034", "Many feeds, few servers", "in turn, over kept connections, no round too early", _few_servers),
    Line("FRB035", "Many hosts, few addresses", "six requests at most, whatever the names", _few_addresses),
    Line("FRB036", "Adding a feed is one request", "look, preview and first refresh share it", _single_request),
    Line("FRB037", "Relying on cron is not enough", "a restart asks nothing before it is due", _restarts),
    Line("FRB040-FRB049", "Cloud and many devices", "one poll for all of its readers", reason=CLOUD),
    Line("FRB050", "Use only GET", "no other method", _methods()),
    Line("FRB051", "No HEAD", "not even to see whether it is there", _methods("HEAD")),
    Line("FRB060", "Check user input of URLs", "what is no web address is not asked", _input),
    Line("FRB061", "Don't guess at the URL", "only what was typed or a document named is polled", _guesses),
    Line("FRB062", "No extra parameters", "nothing is added to an address", _queries),
    Line("FRB063", "No cookies", "those that are set never come back", _headers("cookie", "cookie2")),
    Line("FRB064", "No cache-busting", "nothing is sent against caches", _headers("cache-control", "pragma")),
    Line("FRB065", "No referrers", "nobody learns where an address came from", _headers("referer", "origin")),
    Line("FRB066", "No normalizing of queries", "a query arrives as its publisher wrote it", _queries),
    Line("FRB070", "Limit on-demand fetches", "twenty presses in ten minutes are two requests", _pellets),
    Line("FRB071", "Confirm unconditional requests", "no command makes one", _unconditional),
    Line("FRB080", "User-Agent", "each request has one", _agent(bool)),
    Line("FRB081", "Contact URL", "it names a page about the program", reason=NO_PAGE),
    Line("FRB082", "Versioning", "it names the version", _agent(lambda agent: __version__ in agent)),
    Line("FRB083", "Useful versioning", "the version is the program's own", _agent(_says_version)),
    Line("FRB084", "No masquerading", "it begins with the program's name", _agent(lambda a: a.startswith("Chorsu/"))),
    Line("FRB085", "Not as a browser", "it names no browser", _agent(_names_none(BROWSERS))),
    Line("FRB086", "No libraries", "it names no library", _agent(_names_none(LIBRARIES))),
    Line("FRB087", "No morphing", "it is the same for every host", _one_agent),
    Line("FRB088", "No user id", "nothing of the person or the computer is in it", _no_others),
    Line("FRB089", "You are not jwz", "it claims no other program's history", _agent(_names_none(("netscape",)))),
    Line("FRB090", "URLs not fake", "no page is named that there is not", _agent(lambda a: "://" not in a)),
)  # fmt: skip


def table(diary: Diary) -> list[dict[str, str]]:
    """Each line with what came of it: pass, not applicable with its reason, or what is wrong."""
    rows = []
    for line in TABLE:
        wrong = [] if line.check is None else sorted(set(line.check(diary)))
        result = "not applicable" if line.check is None else "fails" if wrong else "pass"
        why = line.reason or "; ".join(wrong[:3]) + ("" if len(wrong) <= 3 else f" and {len(wrong) - 3} more")
        rows.append({"line": line.number, "name": line.name, "asks": line.asks, "result": result, "why": why})
    return rows


def run(seed: int = 0) -> dict[str, object]:
    """The figures: requests, bytes and the table."""
    with TemporaryDirectory() as folder:
        diary = live(Path(folder), seed)
    rows = table(diary)
    feeds = [asked for asked in diary.log if "/page/" not in asked.path and "/picture/" not in asked.path]
    return {
        "hours": HOURS,
        "hosts": len(diary.network.publishers),
        "feeds": sum(len(each.feeds) for each in diary.network.publishers),
        "requests": len(diary.log),
        "requests_a_feed_and_day": round(len(feeds) / 300 / (HOURS / 24), 1),
        "unchanged_share": round(sum(asked.status == 304 for asked in feeds) / len(feeds), 3),
        "connections": diary.connections,
        "passed": sum(row["result"] == "pass" for row in rows),
        "not_applicable": sum(row["result"] == "not applicable" for row in rows),
        "failed": [row for row in rows if row["result"] == "fails"],
        "table": rows,
    }
