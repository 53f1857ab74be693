"""Plays every script of `server_scripts` to the real refresh, and compares what came of it with what is right."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from desktop.core.models import ArticleQuery, NewSource, Source
from desktop.net.gate import Gate
from desktop.net.http import Http
from desktop.net.http.values import FEED
from desktop.store import Store
from desktop.sync.lane import StoreLane
from desktop.sync.refresh import Refresh
from desktop.sync.report import Event, Plan, SourceDone, Step
from tests.faults.memory import peak_over
from tests.faults.pulse import Pulse
from tests.faults.server_scripts import MINUTES, NOW, Case, cases
from tests.faults.world import World
from tests.server import Answer, LoopbackServer, Reply, Request

KEYS = Path(__file__).parents[1] / "data" / "tls"
DEADLINE = 0.5  # of the scripts that run into it
GRACE = 1.0  # after a deadline
NEWS = Plan(rates=False, full_texts=False, pictures=False)


@dataclass
class Played:
    """One script, and what it came to."""

    case: Case
    url: str
    host: str
    source: int = 0
    requests: int = 0
    deadline: float = FEED.deadline_s  # of a talk
    seconds: float = 0.0  # the longest talk
    late: float = 0.0  # how late the machine was meanwhile
    faults: tuple[str, ...] = ()

    @property
    def over(self) -> float:
        """Seconds over the deadline that are not the machine's."""
        return self.seconds - self.deadline - self.late


class Stage:
    """The servers behind the scripts: plain ones by name, protected ones and silent ones by themselves."""

    def __init__(self, played: Sequence[Played]) -> None:
        self._of_host = {p.host: p for p in played} | {_other(p.host): p for p in played}
        self._guard = threading.Lock()
        self.plain = LoopbackServer({"*": self._answer})
        self.servers = [self.plain]
        self.world = World(0)
        self._sockets: list[socket.socket] = []

    def _answer(self, request: Request) -> Answer:
        return self.turn(self._of_host[request.headers["host"].partition(":")[0]], request)

    def turn(self, played: Played, request: Request) -> Answer:
        """The next answer of a script."""
        with self._guard:
            turn, played.requests = played.requests, played.requests + 1
        answer = played.case.answer(request, turn)
        if isinstance(answer, Reply) and "elsewhere-at" in answer.headers.get("Location", ""):
            to = answer.headers["Location"].replace("elsewhere-at.example", _other(played.host))
            return replace(answer, headers={**answer.headers, "Location": to})
        return answer

    def set_up(self, played: Played, number: int) -> None:
        """Put a server behind the address of a script that needs one of its own."""
        case = played.case
        if case.scheme == "https" and not case.network:
            own = LoopbackServer(
                {"*": lambda request: self.turn(played, request)}, tls=_tls(case.certificate)
            )
            self.servers.append(own)
            played.url = f"https://127.0.0.1:{own.port}/feed.xml"
            self.world.home.add("127.0.0.1")
        elif case.network == "name":
            self.world.silent.add(played.host)
        elif case.network:
            ip = f"93.184.216.{number % 250 + 1}"
            self.world.names[played.host] = [ip]
            self.world.elsewhere[ip] = self._deaf(full=case.network == "connect")

    def _deaf(self, *, full: bool) -> tuple[str, int]:
        """A port that lets connections in and never says a word; a `full` one lets none in."""
        deaf = socket.socket()
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0 if full else 8)
        self._sockets.append(deaf)
        for _ in range(3 if full else 0):
            waiting = socket.socket()
            waiting.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                waiting.connect(deaf.getsockname())
            self._sockets.append(waiting)
        return deaf.getsockname()

    def __enter__(self) -> Stage:
        for server in self.servers:
            server.start()
        self.world.behind(self.plain.port)
        return self

    def __exit__(self, *exc: object) -> None:
        self.world.closing.set()
        for server in self.servers:
            server.stop()
        for each in self._sockets:
            each.close()


def play(
    folder: Path, chosen: Sequence[Case], *, at_once: bool = False, deadline: float = DEADLINE
) -> list[Played]:
    """Run the scripts, each as a source of its own, and say for each what was not as it must be.

    Those that send megabytes come one after another, so that the peak of memory is that of one, unless all are wanted
    `at_once`. `deadline` is that of the scripts that run into it; the others have the program's own.
    """
    made = [
        Played(case, f"http://case{n}.example/feed.xml", f"case{n}.example") for n, case in enumerate(chosen)
    ]
    for each in made:
        each.deadline = deadline if each.case.slow else each.deadline
    for _, group in groupby(sorted(made, key=_kind), key=_kind):
        _play_group(folder, list(group), at_once=at_once)
    return made


def _kind(played: Played) -> tuple[bool, float, bool, bool]:
    return played.case.slow, played.case.days, played.case.scheme == "https", played.case.large


def _play_group(folder: Path, played: list[Played], *, at_once: bool) -> None:
    _, days, _, large = _kind(played[0])
    stage = Stage(played)
    for number, each in enumerate(played):
        if each.case.scheme == "https" and each.case.network:
            each.url = each.url.replace("http:", "https:")
        stage.set_up(each, number)
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trust.load_verify_locations(KEYS / "ca.pem")
    clock = _Clock()
    lane = StoreLane(folder)
    with stage:
        http = Http(
            Gate(),
            now=clock,
            random=lambda: 0.5,
            tls=lambda host: trust,
            wire=stage.world,
            longest_s=played[0].deadline,
        )
        try:
            for each in played:
                each.source = lane(lambda store, each=each: _follow(store, each))
            for round_ in range(max(each.case.rounds for each in played)):
                clock.now = NOW + round_ * (timedelta(days=days) or timedelta(minutes=MINUTES))
                playing = [each for each in played if each.case.rounds > round_]
                for part in [[each] for each in playing] if large and not at_once else [playing]:
                    with Pulse() as pulse:
                        _refresh(http, lane, clock, part)
                    for each in part:
                        each.late = max(each.late, pulse.late_s)
        finally:
            http.close()
            strays = stage.world.strays
        for each in played:
            each.faults = lane(lambda store, each=each: tuple(_faults(store, each, clock.last[each.source])))
            each.faults += tuple(f"connected to {ip}:{port}" for ip, port in strays)
    lane.close()


class _Clock:
    def __init__(self) -> None:
        self.now = NOW
        self.last: dict[int, datetime] = {}  # when each source was asked last

    def __call__(self) -> datetime:
        return self.now


def _follow(store: Store, played: Played) -> int:
    return store.sources.add(NewSource(played.url, title="Reed", feed_url=played.url), NOW).id


def _refresh(http: Http, lane: StoreLane, clock: _Clock, played: list[Played]) -> None:
    by_source = {each.source: each for each in played}
    enabled = lane(lambda store: [s.id for s in store.sources.all() if s.enabled and s.id in by_source])
    began: dict[int, float] = {}

    def report(event: Event) -> None:
        if isinstance(event, Step):
            began[threading.get_ident()] = time.monotonic()
        elif isinstance(event, SourceDone):
            each = by_source[event.source.id]
            each.seconds = max(each.seconds, time.monotonic() - began[threading.get_ident()])

    clock.last |= dict.fromkeys(enabled, clock.now)
    Refresh(http, lane, report, clock).run(replace(NEWS, sources=tuple(enabled)))


def _faults(store: Store, played: Played, asked: datetime) -> Iterator[str]:
    """What is not as it must be."""
    expect, source = played.case.expect, store.sources.get(played.source)
    state = source.state
    rows = store.articles.page(ArticleQuery(source_id=source.id))
    if len(rows) != expect.articles:
        yield f"{len(rows)} articles"
    if expect.title and rows[0].title != expect.title:
        yield f"the title {rows[0].title!r}"
    if bool(state.last_error) is not expect.fails or expect.error not in state.last_error:
        yield f"the error {state.last_error!r}"
    yield from _places(source, played)
    if source.enabled is not expect.enabled:
        yield f"enabled: {source.enabled}"
    if expect.validators is not None and state.validators != expect.validators:
        yield f"{state.validators}"
    if expect.requests is not None and played.requests != expect.requests:
        yield f"{played.requests} requests"
    wait = (state.next_due - asked).total_seconds() / 60 if state.next_due else 0
    if not expect.wait[0] <= wait <= expect.wait[1]:
        yield f"asked again after {wait:.1f} minutes"
    if played.over > GRACE:
        yield f"{played.over:.1f} seconds over its deadline of {played.deadline:g}"


def _places(source: Source, played: Played) -> Iterator[str]:
    """Whether the source stands where it stood."""
    moved = played.case.expect.moved
    expected = played.url.replace("/feed.xml", moved) if moved else played.url
    if (source.url, source.feed_url) != (expected, expected):
        yield f"the address {source.url}"
    if source.title != "Reed":
        yield f"the title {source.title!r}"


def _tls(name: str) -> ssl.SSLContext | None:
    if not name:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(KEYS / f"{name}.pem")
    return context


def _other(host: str) -> str:
    """Another host that answers for the same script."""
    return f"elsewhere-at-{host}"


def patient() -> list[Played]:
    """The servers that say nothing, under the deadline that every feed has."""
    silent = [case for case in cases() if case.slow and case.name.startswith("stalls")]
    with TemporaryDirectory() as folder:
        return play(Path(folder), silent, deadline=FEED.deadline_s)


def run(seed: int = 0) -> dict[str, object]:
    """The figures: scripts, outcomes that were right, the longest over its deadline, and memory."""
    chosen = cases()
    Random(seed).shuffle(chosen)
    with TemporaryDirectory() as folder:
        play(Path(folder) / "warm", chosen[:1])  # what is loaded once is not what a server costs
        with peak_over() as peak:
            played = play(Path(folder) / "store", chosen)
        with peak_over() as peak_at_once:
            play(Path(folder) / "large", [case for case in chosen if case.large], at_once=True)
    wrong = {each.case.name: list(each.faults) for each in played if each.faults}
    over = max(each.over for each in played)
    return {
        "scripts": len(played),
        "right": len(played) - len(wrong),
        "kinds": len(Counter(each.case.name.partition(" ")[0] for each in played)),
        "longest_over_deadline_s": round(max(0.0, over), 2),
        "memory_mb": round(peak.megabytes, 1),
        "memory_of_six_at_once_mb": round(peak_at_once.megabytes, 1),
        "wrong": wrong,
    }
