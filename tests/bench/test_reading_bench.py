"""What it costs to read documents in a process of its own: its start, and frames there and back."""

from __future__ import annotations

import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop.core.incoming import IncomingFeed
from desktop.core.models import NewSource
from desktop.store import Store
from desktop.sync import reading
from desktop.sync.worker import Worker
from tests.bench.feed_samples import feed

FEEDS = 4
OF_A_REFRESH = 100
URL = "https://courier.example/feed"
NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


def processor() -> float:
    """Seconds of this process, and of those that it has seen end."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def through_a_worker(bodies: list[bytes]) -> float:
    before = processor()
    worker = Worker()
    for body in bodies:
        assert worker.read(IncomingFeed, "feed", body, URL, "").articles
    worker.close()
    return processor() - before


def storing(folder: Path, bodies: list[bytes]) -> float:
    """What a refresh does with the feeds once they are read."""
    feeds = [reading.read_feed(body, URL) for body in bodies]
    with Store.open(folder) as store:
        ids = [store.sources.add(NewSource(f"{URL}{number}"), NOW).id for number in range(len(feeds))]
        before = processor()
        for source_id, found in zip(ids, feeds, strict=True):
            store.articles.apply(source_id, found, None, NOW)
        return processor() - before


def test_a_refresh_of_a_hundred_feeds_costs_a_tenth_more_at_most(tmp_path: Path) -> None:
    bodies = [feed(number, items=50, paragraphs=3) for number in range(FEEDS)]
    small = feed(1, items=1, paragraphs=1)
    reading.read_feed(small, URL)
    here, start, there = [], [], []
    for _ in range(5):
        before = processor()
        for body in bodies:
            reading.read_feed(body, URL)
        here.append(processor() - before)
        start.append(through_a_worker([small]))
        there.append(through_a_worker([small, *bodies]))
    once, a_feed, own = min(start), (min(there) - min(start)) / FEEDS, min(here) / FEEDS
    stored = min(storing(tmp_path / str(turn), bodies) for turn in range(3)) / FEEDS
    ratio = (once + OF_A_REFRESH * (a_feed + stored)) / (OF_A_REFRESH * (own + stored))
    print(
        f"reading and storing {OF_A_REFRESH} feeds of 50 items: {ratio:.3f} times the processor time without it "
        f"(start {once * 1000:.0f} ms, a feed {a_feed * 1000:.1f} ms against {own * 1000:.1f} ms)"
    )
    assert ratio < 1.1


@pytest.mark.skipif(sys.platform != "linux", reason="pipes are as wide as documents on Linux only")
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
