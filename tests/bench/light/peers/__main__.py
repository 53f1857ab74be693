"""Measure other readers beside the program, in turn: python -m tests.bench.light.peers [--feeds N] [--only NAME]

Each has a home, an X server (or a terminal) and a message bus of its own, in a network that ends at this machine. All
follow the same feeds of 50 articles of a loopback server. What refreshes take is the processor time of a start that
refreshes, less that of a start that does not. Prints the table as JSON; exits with 1 when a goal is missed. A reader
that is not installed or could not be measured is named with the reason, and is no failure.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.light.fetching import FEEDS, ITEMS, feed
from tests.bench.light.peers import network
from tests.bench.light.peers.driven import NotDriven, Run, adopt, drive
from tests.bench.light.peers.readers import READERS, Chorsu, Reader
from tests.bench.light.row import Row
from tests.server import LoopbackServer, Reply, Request, conditional

PUBLISHED = "Tue, 24 Nov 2026 06:00:00 GMT"
STARTS = 3
IDLE_S = 15.0
MOST_S = 60.0
MOST_FETCH_S = 240.0


class Feeds:
    """What the server sends, and what each was answered."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.routes = {f"/{number}.xml": self._route(number) for number in range(count)}
        self.routes["*"] = lambda request: Reply(404)
        self._answers: list[tuple[str, int]] = []

    def forget(self) -> None:
        self._answers.clear()

    @property
    def asked(self) -> int:
        """How many of the feeds were asked since."""
        return len({path for path, _ in self._answers})

    @property
    def unchanged(self) -> int:
        """How many answers were that nothing is new."""
        return sum(status == 304 for _, status in self._answers)

    def _route(self, number: int) -> Callable[[Request], Reply]:
        answer = conditional(feed(number), etag=f'"{number}"', last_modified=PUBLISHED, gzip=True)

        def noted(request: Request) -> Reply:
            reply = answer(request)
            self._answers.append((request.path, reply.status))
            return reply

        return noted


@dataclass
class Case:
    """A reader in its home, and what has come of it so far."""

    reader: Reader
    home: Path
    reason: str = ""  # why it is not measured any further
    empty: Run | None = None
    cold: Run | None = None
    full: list[Run] = field(default_factory=list)
    warm: Run | None = None
    unchanged: int = 0

    def start(self, feeds: Feeds, *, fetch: bool, idle_s: float = 0.0) -> Run:
        """Start it once. Raises NotDriven."""
        reader = self.reader
        reader.at_start(self.home, fetch)
        feeds.forget()
        started = time.monotonic()

        def ready() -> bool:
            if fetch and not feeds.asked and time.monotonic() - started > MOST_S:
                raise NotDriven(f"it asked for nothing within {MOST_S:.0f} s")
            return not fetch or feeds.asked == feeds.count

        run = drive(
            reader.command(self.home, fetch),
            self.home,
            in_terminal=reader.in_terminal,
            asks_to_quit=reader.asks_to_quit,
            ready=ready,
            most_s=MOST_FETCH_S if fetch else MOST_S,
            idle_s=idle_s,
        )
        wanted = feeds.count * ITEMS if fetch or self.cold else 0
        if (stored := reader.stored(self.home)) != wanted:
            raise NotDriven(f"it stored {stored:,} of {wanted:,} articles")
        return run


def measure(cases: Sequence[Case], feeds: Feeds, urls: Sequence[str]) -> None:
    """Every step with all of them in turn."""

    def follow(case: Case) -> None:
        case.reader.follow(case.home, urls)
        case.empty = case.start(feeds, fetch=False)

    def cold(case: Case) -> None:
        case.cold = case.start(feeds, fetch=True)

    def full(case: Case) -> None:
        case.full.append(case.start(feeds, fetch=False, idle_s=0.0 if case.full else IDLE_S))

    def warm(case: Case) -> None:
        case.warm = case.start(feeds, fetch=True)
        case.unchanged = feeds.unchanged

    for step in (follow, cold, *[full] * STARTS, warm):
        for case in cases:
            if case.reason:
                continue
            try:
                step(case)
            except Exception as error:  # noqa: BLE001 - whatever another program does, the others are measured
                case.reason = str(error) or type(error).__name__
            said = f"not measured further: {case.reason}" if case.reason else "done"
            print(f"{case.reader.name}, {step.__name__}: {said}", file=sys.stderr, flush=True)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a reader came to: seconds, MiB, % of a core."""

    paint: float
    start_cpu: float
    pss: float
    idle: float
    wake_ups: float
    cold: float
    cold_clock: float
    warm: float

    @classmethod
    def of(cls, case: Case) -> Figures | None:
        """None where it was not measured to the end."""
        if case.reason or case.empty is None or case.cold is None or case.warm is None:
            return None
        start = statistics.median(run.cpu_s for run in case.full)
        return cls(
            paint=min(run.painted_s for run in case.full),
            start_cpu=start,
            pss=statistics.median(run.pss_mib for run in case.full),
            idle=case.full[0].idle_percent or 0.0,
            wake_ups=case.full[0].wake_ups or 0.0,
            cold=case.cold.cpu_s - case.empty.cpu_s,
            cold_clock=case.cold.worked_s,
            warm=case.warm.cpu_s - start,
        )


def table(cases: Sequence[Case], feeds: Feeds) -> list[dict[str, str]]:
    """A row for each reader, with how many times Chorsu's its figures are."""
    ours = next(filter(None, (Figures.of(case) for case in cases if isinstance(case.reader, Chorsu))), None)
    rows = []
    for case in cases:
        figures = Figures.of(case)

        def told(name: str, unit: str, figures: Figures | None = figures) -> str:
            if figures is None:
                return "—"
            value, base = getattr(figures, name), getattr(ours, name) if ours else 0.0
            times = f" ({value / base:.2f}x)" if base > 0 and figures != ours else ""
            return f"{value:.2f} {unit}{times}".replace("  ", " ").strip()

        rows.append(
            {
                "reader": " ".join(filter(None, (case.reader.name, case.reader.version()))),
                "first full paint": told("paint", "s"),
                "a start, of a core": told("start_cpu", "s"),
                "memory at rest (PSS)": told("pss", "MiB"),
                "at rest, of a core": told("idle", "%"),
                "wake-ups a second": told("wake_ups", ""),
                f"{feeds.count} new feeds, of a core": told("cold", "s"),
                "by the clock, with the start": told("cold_clock", "s"),
                f"{feeds.count} unchanged, of a core": told("warm", "s"),
                "answered 304": str(case.unchanged) if figures else "—",
                "": f"not measured: {case.reason}" if case.reason else "",
            }
        )
    return rows


def goals(cases: Sequence[Case], feeds: Feeds) -> list[Row]:
    """What is wanted of ours beside the best of the others."""
    found = {case.reader.name: figures for case in cases if (figures := Figures.of(case))}
    windows = {case.reader.name for case in cases if not case.reader.in_terminal}
    ours = found.pop(Chorsu.name, None)
    rows = []
    for name, what, among in (
        ("cold", f"{feeds.count} new feeds, processor time", set(found)),
        ("warm", f"{feeds.count} unchanged feeds, processor time", set(found)),
        ("pss", "memory at rest", windows & set(found)),
        ("start_cpu", "a start, processor time", windows & set(found)),
    ):
        if ours and among:
            best = min(among, key=lambda one: getattr(found[one], name))
            times = getattr(ours, name) / max(getattr(found[best], name), 0.01)
            rows.append(Row(f"{what}, beside the best peer", times, f"times {best}", 1.0))
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.light.peers", description=__doc__)
    parser.add_argument("--feeds", type=int, default=FEEDS)
    parser.add_argument("--only", nargs="+", metavar="NAME", help="Chorsu and these alone")
    options = parser.parse_args()
    lacking = [name for name in ("Xvfb", "dbus-daemon") if shutil.which(name) is None]
    sealed = ""
    try:
        network.leave()
    except OSError as error:
        sealed = f"there is no network without the world: {error}"
    adopt()
    feeds = Feeds(options.feeds)
    with tempfile.TemporaryDirectory(prefix="chorsu-peers-") as work, LoopbackServer(feeds.routes) as server:
        cases = []
        for reader in READERS:
            if options.only and reader.name not in {Chorsu.name, *options.only}:
                continue
            home = Path(work) / reader.name
            home.mkdir()
            needs = ", ".join(filter(None, [*lacking, reader.lacks()]))
            cases.append(Case(reader, home, f"not installed: {needs}" if needs else sealed))
        measure(cases, feeds, [server.address(f"/{number}.xml") for number in range(feeds.count)])
        rows = goals(cases, feeds)
        failed = sum(not row.met for row in rows) + (0 if lacking or sealed else Figures.of(cases[0]) is None)
        said = {"rows": [row.as_json() for row in rows], "table": table(cases, feeds), "failed": failed}
    print(json.dumps(said, indent=1, ensure_ascii=False))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
