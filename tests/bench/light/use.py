"""What use takes: the memory of an hour of it, and the ticker that moves meanwhile; each in a process of its own."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

from desktop.store import Store
from desktop.store.opening import FILE
from tests.bench.light.fetching import feed
from tests.bench.light.programs import ENVIRONMENT, ROOT
from tests.bench.light.row import Row
from tests.server import LoopbackServer, Reply, Request

PUBLISHING = 20  # sources that an hour brings articles of


def hour(folder: Path, articles: int, is_long: bool) -> Iterator[Row]:
    """Memory after an hour of use, on a copy of the store in which some sources publish."""
    with tempfile.TemporaryDirectory(prefix="chorsu-hour-") as place:
        used = Path(place) / "store"
        shutil.copytree(folder, used)
        routes = {f"/{number}": _publishing(number) for number in range(PUBLISHING)}
        with LoopbackServer(routes) as server:
            _follow(used, [server.address(path) for path in routes])
            said = _said("tests.bench.light.hour", str(used), *(["--long"] if is_long else []))
    acts = ", ".join(f"{count} {name}" for name, count in said["acts"].items())
    pace = "an hour" if is_long else f"what an hour brings in {said['seconds']:.0f} s"
    new = said["articles"] - articles
    yield Row(f"memory (PSS) before {pace}, with {articles:,} articles", said["before"], "MiB")
    yield Row(f"and after it: {acts}", said["after"], "MiB")
    yield Row(f"and after another hour; {new:,} articles came in both", said["later"], "MiB")
    yield Row("and of the process that reads feeds, which ends by itself", said["reading"], "MiB")


def ticker() -> Iterator[Row]:
    """What the moving ticker takes, beside a bare widget that blits one pixmap as often."""
    said = _said("tests.bench.light.ticker")
    yield Row("a frame of a bare widget that blits one pixmap", said["bare_ms"], "ms of a core")
    times = said["ticker_ms"] / said["bare_ms"]
    yield Row("a frame of the moving ticker, 20 pairs", times, "times the bare widget", goal=1.3)
    share = said["ticker_ms"] * said["frames"] / 10
    yield Row(f"the moving ticker, {said['frames']:.0f} frames a second, of one core", share, "%")


def _publishing(number: int) -> Callable[[Request], Reply]:
    """A feed that has three new articles each time it is asked."""
    head, *items = feed(number).split("<item>")
    items[-1], end = items[-1].split("</channel>")
    asked = count(1)

    def answer(request: Request) -> Reply:
        shown = items[-10 - 3 * next(asked) :]
        return Reply(body=f"{head}{''.join(f'<item>{item}' for item in shown)}</channel>{end}")

    return answer


def _follow(folder: Path, urls: list[str]) -> None:
    """Let as many sources of a made store be those, and ask no other: their hosts are nowhere."""
    with Store.open(folder) as store:
        store.settings.set("network.automatic", False)
        store.settings.set("news.pictures", False)
        for source in store.sources.all():
            store.sources.set_enabled(source.id, source.id <= len(urls))
    with closing(sqlite3.connect(folder / FILE)) as db:
        db.executemany(
            "UPDATE sources SET url = ?1, feed_url = ?1 WHERE id = ?2",
            ((url, number) for number, url in enumerate(urls, 1)),
        )
        db.commit()


def _said(module: str, *arguments: str) -> dict[str, Any]:
    """The figures of a measurement that is a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        check=True,
    )
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures
