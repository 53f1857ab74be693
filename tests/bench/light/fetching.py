"""A refresh of 100 feeds, new and unchanged, against the floor of one; and what an article weighs on the disk."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path

from desktop.store.opening import FILE
from tests.bench.light.floor import UNCHANGED
from tests.bench.light.programs import ENVIRONMENT, ROOT
from tests.bench.light.row import Row
from tests.bench.make_store import NOW, vocabulary
from tests.server import LoopbackServer, conditional

FEEDS, ITEMS = 100, 50
WORDS = 600  # of an article: about 4.4 KB of HTML
BYTES_GOAL = 4_700.0


def refreshes(folder: Path) -> Iterator[Row]:
    """Processor time of a first refresh and of unchanged ones, ours against the floor's, each in a process of its own
    that has loaded what it needs."""
    routes = {
        f"/{number}": conditional(feed(number), etag=f'"{number}"', gzip=True) for number in range(FEEDS)
    }
    with LoopbackServer(routes) as server:
        addresses = [server.address(path) for path in routes]
        floor_new, floor_same = _timed("floor", folder / "floor.db", addresses)
        asked = len(server.log)
        cold, warm = _timed("refreshing", folder, addresses)
        requests = len(server.log) - asked
    yield Row("the floor: 100 new feeds of 50 articles", floor_new, "s of a core")
    yield Row("100 new feeds of 50 articles", cold / floor_new, "times the floor", 1.2)
    yield Row("the floor: 100 unchanged feeds", floor_same, "s of a core")
    yield Row("100 unchanged feeds", warm / floor_same, "times the floor", 2.0)
    yield Row(f"requests of those {1 + UNCHANGED} refreshes", requests, "requests", (1.0 + UNCHANGED) * FEEDS)
    articles = FEEDS * ITEMS
    yield Row("an article with its index", (folder / FILE).stat().st_size / articles, "bytes", BYTES_GOAL)


def feed(number: int) -> str:
    """A feed of 50 made-up articles of 600 words each, of a vocabulary that is used as that of a language."""
    chance = random.Random(number)
    items = []
    for place in range(ITEMS):
        name = number * ITEMS + place
        paragraphs = [" ".join(vocabulary(chance, 60)) for _ in range(WORDS // 60)]
        body = "\n".join(
            f'<p class="wp-block-paragraph">{text[:200]}<a href="https://made.example/{name}/{at}">{text[200:230]}</a>'
            f"{text[230:300]}<strong>{text[300:310]}</strong>{text[310:]}</p>"
            for at, text in enumerate(paragraphs)
        )
        items.append(
            f"<item><title>{' '.join(vocabulary(chance, 9))}</title><link>https://made.example/{name}/</link>"
            f"<guid>https://made.example/?p={name}</guid>"
            f"<pubDate>{format_datetime(NOW - timedelta(minutes=3 * name))}</pubDate>"
            f"<description>{' '.join(vocabulary(chance, 30))}</description>"
            f'<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/">{escape(body)}</content:encoded></item>'
        )
    return f'<rss version="2.0"><channel><title>Made {number}</title>{"".join(items)}</channel></rss>'


def _timed(module: str, path: Path, addresses: list[str]) -> tuple[float, float]:
    """The seconds of a new refresh and of an unchanged one that a module beside this one prints."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.bench.light.{module}", str(path), *addresses],
        cwd=ROOT,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
    )
    first, second = (line.split() for line in done.stdout.splitlines())
    if (int(first[1]), int(second[1])) != (FEEDS * ITEMS, 0):
        raise RuntimeError(f"{module} stored {first[1]} and {second[1]} articles")
    return float(first[0]), float(second[0])
