"""What it costs to read documents in a process of its own: its start, and frames there and back."""

from __future__ import annotations

import gc
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import pytest

from desktop.core.incoming import IncomingFeed
from desktop.core.models import NewSource
from desktop.store import Store
from desktop.sync import reading, wire
from desktop.sync.worker import Worker
from tests.bench.feed_samples import feed

FEEDS = 4
ITEMS = 50
ROUNDS = 5
TURNS = 3
OF_A_REFRESH = 100
URL = "https://courier.example/feed"
NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
linux = pytest.mark.skipif(sys.platform != "linux", reason="clocks of other processes, wide pipes")


@contextmanager
def reader() -> Iterator[Worker]:
    worker = Worker()
    try:
        yield worker
    finally:
        worker.close()


def spent_by(pid: int) -> float:
    """Seconds of processor time that another process has used (the clock of clock_getcpuclockid(3))."""
    return time.clock_gettime(~pid << 3 | 2)


def start() -> float:
    """Seconds of processor time until a new process has read its first feed: its own, and ours for it."""
    before = time.process_time()
    with reader() as worker:
        assert worker.read(IncomingFeed, "feed", feed(1, items=1, paragraphs=1), URL, "").articles
        assert worker.pid is not None
        return time.process_time() - before + spent_by(worker.pid)


class Round:
    """Seconds of processor time for some feeds: read here, read there, and stored. The two take turns, each feed three
    times, of which the best counts: what else the machine does slows both, and only ever slows."""

    def __init__(self, worker: Worker, store: Store, first: int) -> None:
        self.here = self.there = self.stored = 0.0
        for number in range(first, first + FEEDS):
            body = feed(number, ITEMS, paragraphs=3)
            source = store.sources.add(NewSource(f"{URL}/{number}"), NOW)
            here, there = zip(*(self._turn(worker, body) for _ in range(TURNS)), strict=True)
            self.here += min(here)
            self.there += min(there)
            found = reading.read_feed(body, URL)
            before = time.process_time()
            store.articles.apply(source.id, found, None, NOW)
            store.indexing.finish()
            self.stored += time.process_time() - before

    def _turn(self, worker: Worker, body: bytes) -> tuple[float, float]:
        assert worker.pid is not None
        begun = time.process_time()
        found = reading.read_feed(body, URL)
        between, other = time.process_time(), spent_by(worker.pid)
        answer = worker.read(IncomingFeed, "feed", body, URL, "")
        there = time.process_time() - between + spent_by(worker.pid) - other
        assert answer == found
        return between - begun, there


@pytest.fixture
def lean() -> Iterator[None]:
    """What the tests hold is no garbage to look for while we read in their process."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def calls(work: Callable[[], object]) -> int:
    """How many functions written in Python are called."""
    count = 0

    def seen(frame: FrameType, event: str, what: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def test_an_article_travels_in_a_few_calls() -> None:
    found = reading.read_feed(feed(1, ITEMS, paragraphs=3), URL)
    frame = wire.dump(found)
    assert wire.load(IncomingFeed, frame) == found  # and what is made once for a type is made
    packed, unpacked = (
        calls(lambda: wire.dump(found)) / ITEMS,
        calls(lambda: wire.load(IncomingFeed, frame)) / ITEMS,
    )
    content = sum(len((each.html + each.text + each.excerpt).encode()) for each in found.articles)
    print(
        f"an article through the pipe: {packed:.1f} calls there, {unpacked:.1f} here, "
        f"{len(frame) / content:.2f} times its texts"
    )
    assert packed < 5  # itself, its moments, its pictures
    assert unpacked < 20
    assert len(frame) < 1.5 * content


@linux
def test_a_refresh_of_a_hundred_feeds_costs_a_tenth_more_at_most(tmp_path: Path, lean: None) -> None:
    once = statistics.median(start() for _ in range(3)) * FEEDS / OF_A_REFRESH  # the share of a round
    with Store.open(tmp_path) as store, reader() as worker:
        worker.read(IncomingFeed, "feed", feed(0), URL, "")
        reading.read_feed(feed(0), URL)
        rounds = [Round(worker, store, number) for number in range(1, ROUNDS * FEEDS, FEEDS)]
    ratios = [(each.there + each.stored + once) / (each.here + each.stored) for each in rounds]
    ratio = statistics.median(ratios)
    here, there, stored = (
        statistics.median(getattr(each, name) for each in rounds) / FEEDS * 1000
        for name in ("here", "there", "stored")
    )
    print(
        f"reading and storing {OF_A_REFRESH} feeds of {ITEMS} items: {ratio:.3f} times the processor time without it "
        f"({min(ratios):.3f} to {max(ratios):.3f}; a start of {once / FEEDS * OF_A_REFRESH * 1000:.0f} ms, "
        f"a feed read in {there:.1f} ms against {here:.1f} ms, stored in {stored:.1f} ms)"
    )
    assert ratio < 1.1


@linux
def test_the_process_finds_the_next_document_in_its_pipe() -> None:
    bodies = [feed(number, items=20, paragraphs=4) for number in range(24)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_nvcsw
    worker = Worker()
    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(lambda body: worker.read(IncomingFeed, "feed", body, URL, ""), bodies))
    worker.close()
    waits = resource.getrusage(resource.RUSAGE_CHILDREN).ru_nvcsw - before
    print(f"{len(bodies)} feeds from 6 threads: the process waited {waits} times")
    assert all(each.articles for each in found)
    assert waits < len(bodies)
