"""One refresh over many sources: what each may do to the others."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from time import monotonic

import pytest

from desktop.core.incoming import IncomingFeed
from desktop.core.models import FetchState
from desktop.sync import documents
from desktop.sync.report import Plan, SourceDone, Step, TextDone
from tests.server import LoopbackServer, Reply, Request, Script, head, script
from tests.server import Step as Wire
from tests.unit.sync.conftest import Desk
from tests.unit.sync.press import HTML, NOW, RSS, rss, story

GOOD = Reply(200, RSS, rss([story(1)]))
DUE = Plan(rates=False, pictures=False, only_due=True)


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer({"/good": GOOD}) as made:
        yield made


BAD = {
    "/missing": Reply(404),
    "/trouble": Reply(500),
    "/reset": script(Wire.RESET),
    "/silent": script(),
    "/noise": script(b"\x00\xff not HTTP \r\n\r\n"),
    "/page": Reply(200, HTML, "<!DOCTYPE html><html><body>Hello</body></html>"),
    "/empty": Reply(200, RSS),
    "/cut": script(head(Content_Length="5000"), b"<rss>"),
    "/circle": Reply(302, {"Location": "/circle"}),
}


def test_a_source_that_fails_stops_no_other(desk: Desk, server: LoopbackServer) -> None:
    server.routes |= BAD
    bad = [desk.add(server.address(path)) for path in BAD]
    good = desk.add(server.address("/good"))
    summary = desk.refresh()
    failed = {done.source.id for done in summary.sources if done.error is not None}
    assert failed == {source.id for source in bad}
    assert len(desk.rows(good)) == len(desk.rows()) == 1
    for source in bad:
        state = desk.source(source).state
        assert (state.failures, state.last_fetch) == (1, NOW)
        assert state.last_error.startswith(("127.0.0.1 ", "The "))
        assert state.next_due is not None
        assert state.next_due > NOW


def test_a_server_that_is_not_there_stops_no_other(desk: Desk, server: LoopbackServer) -> None:
    gone = LoopbackServer().start()
    lost = desk.add(gone.address("/feed"))
    gone.stop()
    good = desk.add(server.address("/good"))
    desk.refresh()
    assert desk.source(lost).state.last_error.startswith("127.0.0.1 refused the connection.")
    assert len(desk.rows(good)) == 1


class Inside:
    """A route that counts how many requests are answered at once."""

    def __init__(self) -> None:
        self.now = self.most = 0
        self._guard = threading.Lock()

    def __call__(self, _: Request) -> Script:
        return Script(self._steps)

    def _steps(self) -> Iterator[object]:
        with self._guard:
            self.now += 1
            self.most = max(self.most, self.now)
        body = str(GOOD.body).encode()
        yield head(Content_Length=str(len(body)), Content_Type="text/xml")
        yield body[:-1]
        with self._guard:
            self.now -= 1
        yield body[-1:]


def test_sources_of_one_host_are_asked_one_after_the_other(desk: Desk, server: LoopbackServer) -> None:
    inside = Inside()
    server.routes["*"] = inside
    for number in range(12):
        desk.add(server.address(f"/{number}"))
    desk.refresh()
    assert (inside.most, len(server.log)) == (1, 12)


def test_different_hosts_are_asked_at_once(desk: Desk) -> None:
    together = threading.Barrier(3, timeout=20)

    def wait_for_the_others(_: Request) -> Reply:
        together.wait()
        return GOOD

    servers = [LoopbackServer({"*": wait_for_the_others}).start() for _ in range(3)]
    try:
        for each in servers:
            desk.add(each.address("/"))
        assert [done.error for done in desk.refresh().sources] == [None] * 3
    finally:
        for each in servers:
            each.stop()


def test_stop_ends_it_soon_and_keeps_what_arrived(desk: Desk, server: LoopbackServer) -> None:
    good = desk.add(server.address("/good"))
    with LoopbackServer({"*": script(head(Content_Length="9"), Wire.STALL)}) as slow:
        waiting = desk.add(slow.address("/"))
        desk.on_event = lambda event: desk.http.stop() if isinstance(event, SourceDone) else None
        began = monotonic()
        summary = desk.refresh()
    assert monotonic() - began < 5
    assert summary.stopped
    assert len(desk.rows(good)) == 1
    assert desk.source(waiting).state == FetchState()  # nothing is held against it
    assert TextDone(complete=False) in desk.events


def test_after_a_stop_everything_can_be_asked_again(desk: Desk, server: LoopbackServer) -> None:
    desk.add(server.address("/good"))
    desk.http.stop()
    assert desk.refresh().stopped
    desk.http.resume()
    assert len(desk.refresh().sources) == 1


def test_offline_opens_no_socket_and_changes_nothing(desk: Desk, server: LoopbackServer) -> None:
    source = desk.add(server.address("/good"))
    desk.gate.shut()
    summary = desk.refresh(Plan())
    assert summary.offline
    assert (server.log, server.connections) == ([], 0)
    assert desk.source(source).state == FetchState()
    assert desk.do(lambda store: store.rates.provider_states()) == {}
    assert TextDone(complete=True) not in desk.events


def test_going_offline_meanwhile_ends_the_rest_quietly(desk: Desk, server: LoopbackServer) -> None:
    server.routes["*"] = GOOD
    first, second = (desk.add(server.address(f"/{name}")) for name in "ab")
    desk.on_event = lambda event: desk.gate.shut() if isinstance(event, SourceDone) else None
    assert desk.refresh().offline
    assert len(server.log) == 1
    assert {desk.source(first).state.failures, desk.source(second).state.failures} == {0}


def test_only_what_is_due_is_asked_by_the_clock(desk: Desk, server: LoopbackServer) -> None:
    desk.add(server.address("/good"))
    assert len(desk.refresh(DUE).sources) == 1
    assert len(desk.refresh(DUE).sources) == 0
    assert desk.events[-1] == TextDone(complete=False)
    desk.wait(hours=1)
    assert len(desk.refresh(DUE).sources) == 1


def test_a_person_who_asks_does_not_wait(desk: Desk, server: LoopbackServer) -> None:
    desk.add(server.address("/good"))
    desk.refresh()
    assert len(desk.refresh().sources) == 1


def test_a_due_time_from_a_clock_that_was_wrong_is_not_waited_for(desk: Desk, server: LoopbackServer) -> None:
    source = desk.add(server.address("/good"))
    state = FetchState()._replace(next_due=NOW + timedelta(days=900))
    desk.do(lambda store: store.sources.save_state(source.id, state))
    assert len(desk.refresh(DUE).sources) == 1


def test_a_source_that_is_switched_off_is_asked_only_by_name(desk: Desk, server: LoopbackServer) -> None:
    source = desk.add(server.address("/good"))
    desk.do(lambda store: store.sources.set_enabled(source.id, False))
    assert len(desk.refresh().sources) == 0
    assert len(desk.refresh(Plan((source.id,), rates=False, pictures=False)).sources) == 1


def test_a_source_may_be_removed_while_it_is_asked(desk: Desk, server: LoopbackServer) -> None:
    source = desk.add(server.address("/slow"), title="A")
    other = desk.add(server.address("/good"), title="B")

    def remove(_: Request) -> Reply:
        desk.do(lambda store: store.sources.remove(source.id))
        return GOOD

    server.routes["/slow"] = remove
    desk.refresh()
    assert len(desk.rows()) == len(desk.rows(other)) == 1


def test_a_source_that_we_stumble_over_hides_no_other_and_is_told_at_the_end(
    desk: Desk, server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_feed = documents.read_feed

    def stumble(body: bytes, url: str, kind: str = "") -> IncomingFeed:
        if url.endswith("/poison"):
            raise RuntimeError("a fault of ours")
        return read_feed(body, url, kind)

    monkeypatch.setattr(documents, "read_feed", stumble)
    server.routes["/poison"] = GOOD
    desk.add(server.address("/poison"), title="A")
    good = desk.add(server.address("/good"), title="B")
    with pytest.raises(RuntimeError, match="a fault of ours"):
        desk.refresh()
    assert len(desk.rows(good)) == 1
    assert TextDone(complete=True) in desk.events


def test_progress_counts_to_its_end(desk: Desk, server: LoopbackServer) -> None:
    server.routes |= BAD
    for path in ("/good", "/missing", "/page"):
        desk.add(server.address(path))
    desk.refresh()
    steps = [event for event in desk.events if isinstance(event, Step)]
    assert (steps[-1].done, steps[-1].total) == (3, 3)
    assert desk.events[-1] == TextDone(complete=True)


def test_one_wish_to_be_left_alone_is_heeded_for_all_sources_of_the_host(
    desk: Desk, server: LoopbackServer
) -> None:
    server.routes["*"] = Reply(429, {"Retry-After": "7200"})
    sources = [desk.add(server.address(f"/{number}")) for number in range(3)]
    desk.refresh()
    assert len(server.log) == 1
    assert {desk.source(source).state.next_due for source in sources} == {NOW + timedelta(hours=2)}
