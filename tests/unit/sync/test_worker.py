"""The process that reads documents: what it gives is what reading in place gives, and nothing that ends it ends us."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import threading
from argparse import Namespace
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from desktop.cli.access import asking
from desktop.core.errors import NoRatesError, ParseError, QuarantinedError, ReaderError, StoppedError
from desktop.core.fulltext import Obstacle
from desktop.core.incoming import IncomingFeed, IncomingText, PictureInfo, Quarantined
from desktop.jobs.web import Web
from desktop.net.rates import Parsed
from desktop.store import Store
from desktop.sync import documents, reading
from desktop.sync.allowance import Allowance
from desktop.sync.quarantine import Quarantine
from desktop.sync.report import Event, SourceDone
from desktop.sync.worker import Cause, EndedTwice, ReadingFault, Worker
from tests.bench.feed_samples import feed
from tests.server import LoopbackServer, Reply
from tests.unit.sync.conftest import Desk

ROOT = Path(__file__).resolve().parents[3]
URL = "https://courier.example/feed"
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
posix = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
linux = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="what /proc tells is asked")


@pytest.fixture
def make() -> Iterator[Callable[..., Worker]]:
    """Makes workers, and ends them after the test."""
    made: list[Worker] = []

    def make_it(*, idle_s: float = 180.0, **allowance: float) -> Worker:
        made.append(Worker(Allowance(**allowance), idle_s))  # type: ignore[arg-type]
        return made[-1]

    yield make_it
    for worker in made:
        worker.close()


@pytest.fixture(scope="module")
def slow() -> bytes:
    """A feed that takes seconds."""
    return feed(1, items=600, paragraphs=4)


def outcome(way: Callable[..., IncomingFeed], body: bytes) -> object:
    """The feed, or what is said of a document that is none."""
    try:
        return way(body, URL, "text/xml")
    except ParseError as error:
        return error.message, error.remedy, error.is_html


def read(worker: Worker, body: bytes = b"") -> IncomingFeed:
    return worker.read(IncomingFeed, "feed", body or feed(1, items=1), URL, "")


def signalled(worker: Worker, kind: signal.Signals, times: int, body: bytes) -> threading.Thread:
    """Sends a signal to each of so many processes of a worker, as soon as it reads this document."""

    def send() -> None:
        done: set[int] = set()
        while len(done) < times:
            child = worker._child
            job = child._jobs[0] if child and child._jobs else None
            if child and job and job.body == body and job.started is not None and child.pid not in done:
                os.kill(child.pid, kind)
                done.add(child.pid)
                job.done.wait(30)
            elif job:
                job.done.wait(0.001)

    thread = threading.Thread(target=send)
    thread.start()
    return thread


def test_what_comes_back_is_what_reading_in_place_gives(make: Callable[..., Worker], data: Path) -> None:
    worker = make()
    for path in sorted((data / "news").iterdir()):
        body = path.read_bytes()
        ways = (reading.read_feed, partial(worker.read, IncomingFeed, "feed"))
        there, here = (outcome(way, body) for way in ways)
        assert there == here
    page = (data / "wordpress" / "single.html").read_bytes()
    whole = tuple[IncomingText, Obstacle]
    assert worker.read(whole, "page", page, URL, "text/html", "") == reading.read_page(page, URL, "text/html")
    gif = b"GIF89a\x02\x00\x03\x00" + b"\0" * 20
    assert worker.read(PictureInfo, "picture", gif) == PictureInfo("gif", 2, 3)


def test_rates_keep_every_digit_on_their_way(data: Path) -> None:
    from desktop.net.rates import PROVIDERS, Request

    body = (data / "rates" / "nbkr-latest-daily.xml").read_bytes()
    found = documents.read_rates(body, "nbkr", NOW, Request("https://bank.example"))
    assert found == PROVIDERS["nbkr"].read(body, NOW)
    assert isinstance(found, Parsed)
    assert found.quotes


def test_a_day_without_rates_is_told_apart_from_damage(make: Callable[..., Worker]) -> None:
    stamp = NOW.isoformat()
    with pytest.raises(ParseError) as error:
        make().read(Parsed, "rates", b"<html></html>", "nbkr", stamp, "")
    assert not isinstance(error.value, NoRatesError)


def test_half_a_pair_of_surrogates_in_a_title_travels(make: Callable[..., Worker]) -> None:
    body = b'{"version":"https://jsonfeed.org/version/1.1","title":"\\ud83d T","items":[]}'
    assert read(make(), body) == reading.read_feed(body, URL)


def test_a_fault_of_ours_comes_back_with_its_traceback(make: Callable[..., Worker]) -> None:
    worker = make()
    with pytest.raises(ReadingFault, match="read_feed"):
        worker.read(IncomingFeed, "feed", b"")  # without an address
    assert read(worker).articles


def test_a_value_of_another_type_is_not_taken(make: Callable[..., Worker]) -> None:
    with pytest.raises(ValueError, match=r"in place of|no <class"):
        make().read(PictureInfo, "feed", feed(1, items=1), URL, "")


def test_many_threads_each_get_their_own_document(make: Callable[..., Worker]) -> None:
    worker = make()
    bodies = [feed(number, items=3) for number in range(24)]
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda body: read(worker, body), bodies))
    assert found == [reading.read_feed(body, URL, "") for body in bodies]


@posix
def test_a_killed_process_is_started_again_and_the_document_read(
    make: Callable[..., Worker], slow: bytes
) -> None:
    worker = make()
    killer = signalled(worker, signal.SIGKILL, 1, slow)
    assert len(read(worker, slow).articles) == 600
    killer.join()


@posix
def test_a_document_that_ends_the_process_twice_is_given_up_and_the_others_are_read(
    make: Callable[..., Worker], slow: bytes
) -> None:
    worker = make()
    with ThreadPoolExecutor(6) as pool:
        killer = signalled(worker, signal.SIGKILL, 2, slow)
        culprit = pool.submit(read, worker, slow)
        while worker._child is None or not worker._child._jobs:
            assert not culprit.done()
        others = [pool.submit(read, worker, feed(number, items=1)) for number in range(10)]
        with pytest.raises(EndedTwice) as end:
            culprit.result()
        assert [len(each.result().articles) for each in others] == [1] * 10
    killer.join()
    assert end.value.cause is Cause.CRASH


@posix
def test_a_stopped_process_is_given_up_when_its_time_is_over(
    make: Callable[..., Worker], slow: bytes
) -> None:
    worker = make(processor_s=0.6, processor_s_per_mb=0.0, clock_factor=0.5)
    stopper = signalled(worker, signal.SIGSTOP, 2, slow)
    with pytest.raises(EndedTwice) as end:
        read(worker, slow)
    stopper.join()
    assert end.value.cause is Cause.TIME
    assert read(worker).articles


@posix
def test_a_document_that_takes_too_long_is_given_up(make: Callable[..., Worker], slow: bytes) -> None:
    worker = make(processor_s=0.2, processor_s_per_mb=0.0, clock_factor=1000.0)
    with pytest.raises(EndedTwice) as end:
        read(worker, slow)
    assert end.value.cause is Cause.TIME
    assert read(worker).articles


@linux
def test_a_document_that_takes_too_much_memory_is_given_up(make: Callable[..., Worker], slow: bytes) -> None:
    worker = make(memory_bytes=3_000_000)
    with pytest.raises(EndedTwice) as end:
        read(worker, slow)
    assert end.value.cause in (Cause.MEMORY, Cause.CRASH)  # a library may end where Python would say so
    assert read(worker).articles


@linux
def test_a_process_that_has_grown_is_replaced_after_its_document(make: Callable[..., Worker]) -> None:
    worker = make(kept_bytes=1000)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda number: read(worker, feed(number, items=1)), range(6)))
    assert [len(each.articles) for each in found] == [1] * 6
    assert worker.pid is None


def test_it_ends_by_itself_when_nobody_asks_and_starts_again(make: Callable[..., Worker]) -> None:
    worker = make(idle_s=0.05)
    read(worker)
    child = worker._child
    assert child is not None
    child.join()
    assert worker.pid is None
    assert read(worker).articles


def test_closing_ends_the_wait(make: Callable[..., Worker], slow: bytes) -> None:
    worker = make()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(read, worker, slow)
        while worker._child is None or not worker._child._jobs:
            assert not waiting.done()
        worker.close()
        with pytest.raises(StoppedError):
            waiting.result()


def test_no_interpreter_is_told_in_words(
    make: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(ReaderError, match="does not start"):
        read(make())


@posix
@pytest.mark.parametrize("words", ["echo rubbish, and more of it", "exit 1", "head -c 100000 /dev/zero"])
def test_an_interpreter_that_says_something_else_is_told_in_words(
    make: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: str
) -> None:
    other = tmp_path / "python"
    other.write_text(f"#!/bin/sh\n{words}\n", "utf-8")
    other.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(other))
    with pytest.raises(ReaderError, match="ended at once"):
        read(make())


@linux
def test_nothing_is_left_of_processes_that_ended(make: Callable[..., Worker]) -> None:
    def open_files() -> int:
        return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - names are enough

    read(make())
    before, threads = open_files(), threading.active_count()
    for _ in range(3):
        worker = make()
        read(worker)
        worker.close()
    assert open_files() == before
    assert threading.active_count() == threads
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG) if worker.pid else os.waitpid(_gone(worker), os.WNOHANG)


def _gone(worker: Worker) -> int:
    read(worker)
    pid = worker.pid
    worker.close()
    assert pid is not None
    return pid


@linux
def test_it_goes_with_the_program_that_was_killed() -> None:
    code = (
        "from desktop.sync import documents; from tests.bench.feed_samples import feed\n"
        f"documents.read_feed(feed(1, items=1), {URL!r}); print(documents.worker.pid, flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        watch = os.pidfd_open(int(program.stdout.readline()))
        program.kill()
    try:
        assert select.select([watch], [], [], 30)[0], "the process outlived the program"
    finally:
        os.close(watch)


@linux
def test_it_is_small_and_loads_neither_window_nor_network_nor_store(make: Callable[..., Worker]) -> None:
    worker = make()
    for number in range(10):
        read(worker, feed(number, items=20))
    told = Path(f"/proc/{worker.pid}/smaps_rollup").read_text("ascii").split("Pss:")[1].split()[0]
    assert int(told) * 1024 < 60_000_000
    maps = Path(f"/proc/{worker.pid}/maps").read_text("utf-8")
    assert "libQt6" not in maps
    code = (
        "import sys, desktop.sync.worker_process, desktop.sync.reading, desktop.net.rates, json\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    loaded = json.loads(subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True))
    parts = ("requests", "urllib3", "sqlite3", "PySide6", "desktop.store", "desktop.ui", "desktop.net.http")
    assert [name for name in loaded if name.startswith(parts)] == []


def test_it_ends_with_the_window_and_with_a_command() -> None:
    web = Web()
    web()
    documents.read_feed(feed(1, items=1), URL)
    web.close()
    assert documents.worker.pid is None
    with asking(Namespace(offline=True)):
        documents.read_feed(feed(1, items=1), URL)
    assert documents.worker.pid is None


# a refresh


@posix
def test_a_refresh_goes_on_when_the_process_is_killed_in_its_midst(desk: Desk) -> None:
    routes = {f"/{n}": Reply(200, {"Content-Type": "text/xml"}, feed(n, items=4)) for n in range(20)}
    killed: list[int] = []

    def kill(event: Event) -> None:
        pid = documents.worker.pid
        if isinstance(event, SourceDone) and pid is not None and pid not in killed and len(killed) < 3:
            killed.append(pid)
            os.kill(pid, signal.SIGKILL)

    with LoopbackServer(routes) as server:
        for path in routes:
            desk.add(server.address(path))
        desk.on_event = kill
        done = desk.refresh().sources
    assert len(killed) == 3
    assert [(len(each.changes.new), each.error) for each in done] == [(4, None)] * 20


@posix
def test_a_feed_that_breaks_the_reading_twice_is_put_aside_until_it_changes(
    desk: Desk, slow: bytes, tmp_path: Path
) -> None:
    body = [slow]
    with LoopbackServer(
        {"/bad": lambda _: Reply(body=body[0]), "/good": Reply(body=feed(7, items=2))}
    ) as server:
        bad, good = desk.add(server.address("/bad")), desk.add(server.address("/good"))
        killer = signalled(documents.worker, signal.SIGKILL, 2, slow)
        # Only the bad one is read while the killer is at work.
        desk.refresh(_only(bad.id))
        killer.join()
        said = "The feed makes the part of Chorsu that reads it break down, so it was put aside."
        assert desk.source(bad).state.last_error.startswith(said)
        desk.refresh()
        assert len(desk.rows(good)) == 2
        # As after a new start: only the store remembers.
        documents.quarantine.know([])
        started = documents.worker.pid
        desk.refresh(_only(bad.id))
        assert desk.source(bad).state.last_error.startswith(said)
        assert documents.worker.pid == started  # it was not given to it again
        body[0] = feed(8, items=3)
        desk.refresh(_only(bad.id))
        assert (desk.source(bad).state.last_error, len(desk.rows(bad))) == ("", 3)


def _only(source_id: int):  # type: ignore[no-untyped-def]
    from desktop.sync.report import Plan

    return Plan((source_id,), rates=False, full_texts=False, pictures=False)


def test_what_was_put_aside_is_tried_again_after_a_week_and_by_another_version(tmp_path: Path) -> None:
    entry = Quarantined("ab" * 32, "The feed takes too long to read, so it was put aside.")
    with Store.open(tmp_path) as store:
        store.quarantine.keep([entry], "1.0", NOW)
        assert store.quarantine.all("1.0", NOW + timedelta(days=6)) == [entry]
        assert store.quarantine.all("1.1", NOW) == []
        assert store.quarantine.all("1.0", NOW + timedelta(days=7)) == []


def test_the_same_bytes_read_as_something_else_are_not_put_aside() -> None:
    quarantine = Quarantine()
    quarantine.add("page", b"body", Cause.TIME)
    quarantine.check("feed", b"body")
    with pytest.raises(QuarantinedError, match=r"The page takes too long to read, so it was put aside\."):
        quarantine.check("page", b"body")
    assert [len(each.digest) for each in quarantine.take_unsaved()] == [64]
    assert quarantine.take_unsaved() == []
