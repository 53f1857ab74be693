"""Turns the clock under a refresh, as dead batteries, a slip of the hand and long sleep do, and sets it right again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from desktop.core.models import ArticleQuery, NewSource, View
from desktop.net.gate import Gate
from desktop.net.http import Http
from desktop.sync.lane import StoreLane
from desktop.sync.refresh import Refresh
from desktop.sync.report import Plan
from tests.server import LoopbackServer, Reply, Request

ALL = ArticleQuery(View.ALL)
START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
DUE = Plan(rates=False, full_texts=False, pictures=False, only_due=True)


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


def run(seed: int = 0) -> dict[str, object]:
    """All jumps; the figures."""
    failed: list[str] = []
    with TemporaryDirectory() as folder:
        for number, name in enumerate(JUMPS):
            failed += jump(Path(folder) / str(number), name)
    return {"jumps": len(JUMPS), "failed": failed}
