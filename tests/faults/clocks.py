"""Turns the clock and the zone under the program, as dead batteries, travel, summer time and long sleep do.

By its own seam: a refresh that is given the time. From outside: the command line and the window, in processes that
believe another time, one after the other on one folder; each time a publisher has one more article for them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from desktop.core.models import ArticleQuery, NewSource, View
from desktop.net.gate import Gate
from desktop.net.http import Http
from desktop.net.rates import PROVIDERS
from desktop.paths import find_paths
from desktop.store import Store
from desktop.sync.lane import StoreLane
from desktop.sync.refresh import Refresh
from desktop.sync.report import Plan
from tests.server import LoopbackServer, Reply, Request

ROOT = Path(__file__).parents[2]
ALL = ArticleQuery(View.ALL)
START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
DUE = Plan(rates=False, full_texts=False, pictures=False, only_due=True)


@dataclass(frozen=True)
class Clock:
    """What the machine believes: the moment in UTC, and its zone."""

    name: str
    at: datetime
    zone: str


CLOCKS = (
    Clock("right", datetime(2026, 11, 30, 9, 0, tzinfo=UTC), "Asia/Almaty"),
    Clock("after 2038", datetime(2038, 1, 20, 3, 14, tzinfo=UTC), "Asia/Almaty"),
    Clock("400 days back", datetime(2025, 10, 26, 0, 30, tzinfo=UTC), "Asia/Almaty"),
    Clock("an hour left out", datetime(2026, 3, 29, 0, 59, 50, tzinfo=UTC), "Europe/Berlin"),
    Clock("an hour twice", datetime(2026, 10, 25, 0, 59, 50, tzinfo=UTC), "Europe/Berlin"),
    Clock("wrong zone", datetime(2026, 11, 30, 11, 0, tzinfo=UTC), "Pacific/Apia"),
    Clock("unknown zone", datetime(2026, 11, 30, 11, 5, tzinfo=UTC), "Nowhere/Land"),
    Clock("1970", datetime(1970, 1, 2, tzinfo=UTC), "America/New_York"),
    Clock("right again", datetime(2026, 11, 30, 12, 0, tzinfo=UTC), "Asia/Kolkata"),
)


class Site:
    """A feed that has one more article at each visit; the newest is of the moment that `clock` tells."""

    def __init__(self) -> None:
        self.articles = 0
        self.now = START
        self.items: list[str] = []

    def publish(self) -> None:
        self.articles += 1
        self.items.insert(
            0,
            f"<item><title>Story {self.articles}</title><guid>{self.articles}</guid>"
            f"<link>http://site.example/{self.articles}</link>"
            f"<pubDate>{format_datetime(self.now)}</pubDate><description>Text.</description></item>",
        )

    def answer(self, _: Request) -> Reply:
        head = '<?xml version="1.0"?><rss version="2.0"><channel><title>Site</title>'
        body = f"{head}<link>http://site.example/</link>{''.join(self.items)}</channel></rss>"
        return Reply(200, {"Content-Type": "application/rss+xml"}, body)


JUMPS = {
    "on by two hours, asleep": timedelta(hours=2),
    "on by nine hours, asleep": timedelta(hours=9),
    "on by a day": timedelta(days=1),
    "on by 400 days": timedelta(days=400),
    "to 2038": datetime(2038, 1, 20, tzinfo=UTC) - START,
    "to 9998": datetime(9998, 12, 30, tzinfo=UTC) - START,
    "back by an hour": timedelta(hours=-1),
    "back by a day": timedelta(days=-1),
    "back by 400 days": timedelta(days=-400),
    "back by ten years": timedelta(days=-3650),
    "to 1970": datetime(1970, 1, 2, tzinfo=UTC) - START,
}


def jump(folder: Path, name: str) -> list[str]:
    """The program's clock jumps once, while it runs or sleeps, and is set right a day later; what went wrong."""
    site, now = Site(), [START]
    with LoopbackServer({"/feed": site.answer}) as server:
        http = Http(Gate(), now=lambda: now[0], random=lambda: 0.0)
        lane = StoreLane(folder)
        try:
            lane(lambda store: store.sources.add(NewSource(server.address("/feed")), START))
            refresh = Refresh(http, lane, lambda _: None, lambda: now[0])
            return list(_jump(name, Day(site, server, now, refresh), lane))
        finally:
            http.close()
            lane.close()


@dataclass
class Day:
    """The time as it is at the publisher's, and as the program believes it to be."""

    site: Site
    server: LoopbackServer
    now: list[datetime]
    refresh: Refresh
    wrong_by: timedelta = timedelta()

    def go_on(self, by: timedelta) -> int:
        """Let time pass: one more article is there, and the timer ticks thrice. How often was the site asked?"""
        self.site.now += by
        self.now[0] = self.site.now + self.wrong_by
        self.site.publish()
        before = len(self.server.log)
        for _ in range(3):
            self.refresh.run(DUE)
        return len(self.server.log) - before


def _jump(name: str, day: Day, lane: StoreLane) -> Iterator[str]:
    hour = timedelta(hours=1)
    day.go_on(timedelta())
    if "asleep" in name:
        if day.go_on(JUMPS[name]) != 1:
            yield f"{name}: on waking it asks not once"
    else:
        day.wrong_by = JUMPS[name]
        if day.go_on(timedelta(minutes=1)) > 1:
            yield f"{name}: the tick after the jump asks more than once"
    asked = sum(day.go_on(hour) for _ in range(24))
    if not 3 <= asked <= 24:  # at six hours, where the feed seems to be silent
        yield f"{name}: asked {asked} times in a day"
    day.wrong_by = timedelta()
    asked = sum(day.go_on(hour) for _ in range(49))
    if not 22 <= asked <= 49:
        yield f"{name}, set right: asked {asked} times in two days"
    day.go_on(timedelta(days=2))
    rows = lane(lambda store: store.articles.page(ALL, limit=500))
    if sorted(int(row.title.split()[1]) for row in rows) != list(range(1, day.site.articles + 1)):
        yield f"{name}: {len(rows)} articles of {day.site.articles}"
    if rows[0].title != f"Story {day.site.articles}":
        yield f"{name}, set right: {rows[0].title} stands over {day.site.articles}"
    yield from (f"{name}: {problem}" for problem in lane(lambda store: store.check()))


def machine(clock: Clock) -> dict[str, str]:
    """The environment in which every process believes a clock."""
    return os.environ | {
        "CLOCK_SHIFT": f"{clock.at.timestamp() - time.time():.0f}",
        "PYTHONPATH": os.pathsep.join((str(ROOT / "tests" / "faults" / "turned"), str(ROOT))),
        "TZ": clock.zone,
        "QT_QPA_PLATFORM": "offscreen",
    }


def live(folder: Path, clocks: Sequence[Clock]) -> Iterator[str]:
    """A command line and a window under one clock after the other, on one folder; what went wrong."""
    site = Site()
    with LoopbackServer({"/feed": site.answer, "*": Reply(404)}) as server:
        _prepare(folder, server)
        for clock in clocks:
            for words in (["desktop", "sync", "--news"], ["tests.faults.window_once"]):
                site.publish()
                said = subprocess.run(
                    [sys.executable, "-m", words[0], "--data-dir", str(folder), *words[1:]],
                    cwd=ROOT, env=machine(clock), capture_output=True, text=True, timeout=60, check=False,
                )  # fmt: skip
                name = f"{clock.name}, {words[0]}"
                if said.returncode or "Traceback" in said.stderr or "unexpected" in said.stderr:
                    yield f"{name}: {said.returncode} {said.stderr[-300:]}"
                yield from (f"{name}: {problem}" for problem in _look(folder, site, clock))


def _prepare(folder: Path, server: LoopbackServer) -> None:
    with Store.open(find_paths(folder).data) as store:
        store.settings.set("welcome.done", True)
        store.settings.set("refresh.automatic", False)
        store.settings.set("network.automatic", False)
        for bank in PROVIDERS.values():
            for key, url in (("url", bank.url), ("spare_url", bank.spare_url)):
                if url:
                    store.settings.set(f"rates.{bank.id}.{key}", server.address("/bank"))
        store.sources.add(NewSource(server.address("/feed")), START)


def _look(folder: Path, site: Site, clock: Clock) -> Iterator[str]:
    """What is not as it must be in the store; stars the first article when it is there."""
    with Store.open(find_paths(folder).data) as store:
        asked = store.sources.all()[0].state.last_fetch
        # Kept in whole seconds, so it may seem to be one before the clock was set.
        if asked is None or not timedelta(seconds=-1) <= asked - clock.at < timedelta(minutes=10):
            yield f"it believed to be at {asked}"
        rows = store.articles.page(ALL, limit=500)
        if len(rows) != site.articles:
            yield f"{len(rows)} articles of {site.articles}"
        first = [row for row in rows if row.title == "Story 1"]
        if site.articles == 1:
            store.articles.set_starred([row.id for row in first], True)
        elif not all(row.starred for row in first):
            yield "the star is lost"
        yield from store.check()


def run(seed: int = 0, clocks: Sequence[Clock] = CLOCKS) -> dict[str, object]:
    """All jumps, and these clocks; the figures."""
    failed: list[str] = []
    with TemporaryDirectory() as folder:
        for number, name in enumerate(JUMPS):
            failed += jump(Path(folder) / str(number), name)
        failed += live(Path(folder) / "life", clocks)
    return {
        "jumps": len(JUMPS),
        "clocks": [clock.name for clock in clocks],
        "failed": failed,
    }
