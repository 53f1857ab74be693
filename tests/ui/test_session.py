"""The session behind the window: threads, lanes and signals, with real requests to a server beside it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
from PySide6.QtCore import QObject
from PySide6.QtNetwork import QNetworkInformation
from pytestqt.qtbot import QtBot

from desktop.core.errors import AppError, OfflineError
from desktop.core.models import ArticleQuery, Changes, NewSource
from desktop.core.rates import ProviderState
from desktop.jobs.progress import Problem, Progress
from desktop.jobs.session import Connection, Session
from desktop.net.rates import PROVIDERS
from desktop.store import Store
from desktop.sync import documents
from desktop.sync.refresh import Refresh
from desktop.sync.report import SourceDone
from tests.new_store import begin
from tests.server import LoopbackServer, Reply, Request, Step, head, script
from tests.ui.conftest import deliver_deletes
from tests.ui.edition import NOW

RSS = {"Content-Type": "application/rss+xml"}
STALLED = script(head(Content_Length="9"), Step.STALL)
ALL = ArticleQuery()


def feed(*numbers: int) -> Reply:
    """A feed of these articles."""
    items = "".join(
        f"<item><title>Story {n}</title><link>http://reed.test/{n}</link><guid>{n}</guid></item>"
        for n in numbers
    )
    return Reply(200, RSS, f'<rss version="2.0"><channel><title>The Reed Pen</title>{items}</channel></rss>')


class Ears:
    """Everything that a session said, in order."""

    def __init__(self, session: Session) -> None:
        self.changes: list[Changes] = []
        self.problems: list[Problem] = []
        self.progress: list[Progress] = []
        self.connections: list[Connection] = []
        self.sources = 0
        session.articles_changed.connect(self.changes.append)
        session.problem.connect(self.problems.append)
        session.progress_changed.connect(self.progress.append)
        session.connection_changed.connect(self.connections.append)
        session.sources_changed.connect(self._on_sources)

    def _on_sources(self) -> None:
        self.sources += 1


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer({"/feed": feed(1, 2, 3)}) as made:
        yield made


@pytest.fixture
def desk(open_session: Callable[[int], Session], server: LoopbackServer, tmp_path: Path) -> Session:
    """A session without sources, whose banks are all on the server, where they answer 404."""
    with Store.open(begin(tmp_path)) as store:
        for bank in PROVIDERS.values():
            if bank.url:
                store.settings.set(f"rates.{bank.id}.url", server.address(f"/bank/{bank.id}"))
    return open_session(0)


@pytest.fixture
def ears(desk: Session) -> Ears:
    return Ears(desk)


def add(desk: Session, *urls: str) -> None:
    """Store sources without asking them."""
    for url in urls:
        desk._lane(
            lambda store, url=url: store.sources.add(NewSource(url, title=url.rpartition("/")[2]), NOW)
        )


def refresh(qtbot: QtBot, desk: Session) -> None:
    """One refresh of the news, to its end."""
    ended: list[Progress] = []
    desk.progress_changed.connect(lambda p: None if p.running else ended.append(p))
    desk.refresh(rates=False)
    qtbot.waitUntil(lambda: bool(ended))


def test_a_refresh_brings_articles_and_ends_its_progress(
    qtbot: QtBot, desk: Session, ears: Ears, server: LoopbackServer
) -> None:
    add(desk, server.address("/feed"))
    refresh(qtbot, desk)
    assert len(desk.reader.articles.page(ALL)) == 3
    assert ears.progress[0].running
    assert ears.progress[-1] == Progress()
    assert not desk.refreshing


def test_changes_of_many_sources_come_together(
    qtbot: QtBot, desk: Session, ears: Ears, server: LoopbackServer
) -> None:
    paths = [f"/{number}" for number in range(30)]
    server.routes |= {path: feed(10 * int(path[1:]) + 1, 10 * int(path[1:]) + 2) for path in paths}
    add(desk, *map(server.address, paths))
    refresh(qtbot, desk)
    ids = [article for changes in ears.changes for article in changes.new]
    assert len(ids) == len(set(ids)) == 60
    assert len(ears.changes) < 15


def test_what_is_told_can_be_read_at_once(qtbot: QtBot, desk: Session, server: LoopbackServer) -> None:
    add(desk, server.address("/feed"))
    seen: list[int] = []
    desk.articles_changed.connect(lambda changes: seen.append(len(desk.reader.articles.rows(changes.new))))
    refresh(qtbot, desk)
    assert sum(seen) == 3


def test_offline_asks_nothing_and_is_remembered(
    qtbot: QtBot, desk: Session, ears: Ears, server: LoopbackServer, tmp_path: Path
) -> None:
    add(desk, server.address("/feed"))
    desk.set_offline(True)
    assert ears.connections[-1] == Connection(False, "switched off", None)
    desk.refresh()
    qtbot.waitUntil(lambda: ears.progress[-1:] == [Progress()])
    assert (server.connections, ears.problems) == (0, [])
    desk.close()
    reopened = Session(tmp_path, clock=lambda: NOW)
    assert (reopened.offline, reopened.connection.online) == (True, False)
    reopened.close()


def test_online_again_everything_works_as_before(qtbot: QtBot, desk: Session, server: LoopbackServer) -> None:
    add(desk, server.address("/feed"))
    desk.set_offline(True)
    desk.set_offline(False)
    refresh(qtbot, desk)
    assert desk.connection.online
    assert len(desk.reader.articles.page(ALL)) == 3


def test_when_the_system_sees_no_network_the_gate_is_shut(desk: Session, ears: Ears) -> None:
    reachable = QNetworkInformation.Reachability
    desk._connection._on_reachability(reachable.Disconnected)
    assert ears.connections[-1].reason == "no network"
    with pytest.raises(OfflineError, match="The system sees no network, so nothing was asked"):
        desk._web.gate.check()
    desk._connection._on_reachability(reachable.Unknown)
    assert ears.connections[-1].online


def test_an_offline_search_for_feeds_is_told_in_a_sentence(
    qtbot: QtBot, desk: Session, server: LoopbackServer
) -> None:
    desk.set_offline(True)
    errors: list[AppError] = []
    desk.subscriptions.discover(server.url, lambda found: None, errors.append, desk)
    qtbot.waitUntil(lambda: bool(errors))
    assert errors[0].message == "Chorsu works offline, so nothing was asked."


def test_the_last_refresh_is_told_with_the_connection(
    qtbot: QtBot, desk: Session, ears: Ears, server: LoopbackServer
) -> None:
    add(desk, server.address("/feed"))
    refresh(qtbot, desk)
    qtbot.waitUntil(lambda: any(connection.last_refresh == NOW for connection in ears.connections))


def test_a_tick_with_nothing_due_is_no_refresh(
    qtbot: QtBot, open_session: Callable[[int], Session], server: LoopbackServer
) -> None:
    session = open_session(0)
    session.set_setting("refresh.last", 1000)
    later = NOW + timedelta(minutes=5)

    def nothing_due(store: Store) -> None:
        for bank in PROVIDERS:
            store.rates.save_state(ProviderState(bank)._replace(next_due=later))

    session._lane(nothing_due)
    with qtbot.waitSignal(session.refreshed):
        session._refresher._on_tick()
    assert session._lane(lambda store: store.settings.get("refresh.last", 0)) == 1000


@pytest.mark.parametrize("answers", ["stalled", "busy"])
def test_closing_during_a_refresh_leaves_no_thread_and_no_half_write(
    qtbot: QtBot, desk: Session, server: LoopbackServer, tmp_path: Path, answers: str
) -> None:
    threads = set(threading.enumerate())
    paths = [f"/{number}" for number in range(20)]
    server.routes |= {path: STALLED if answers == "stalled" else feed(int(path[1:])) for path in paths}
    add(desk, *map(server.address, paths))
    desk.refresh()
    qtbot.waitUntil(lambda: bool(server.log))
    began = monotonic()
    desk.close()
    assert monotonic() - began < 5
    ours = [
        t.name
        for t in threading.enumerate()
        if t.name.startswith(("store", "refresh", "ask", "fetch", "http watch"))
    ]
    assert ours == []
    assert {t for t in threading.enumerate() if t.name.startswith("loopback")} <= threads
    with Store.open(tmp_path) as store:
        assert store.check() == []


def test_closing_does_not_wait_for_a_search_for_feeds(
    qtbot: QtBot, desk: Session, server: LoopbackServer
) -> None:
    server.routes["*"] = STALLED
    desk.subscriptions.discover(server.url, lambda found: None, lambda error: None, desk)
    qtbot.waitUntil(lambda: bool(server.log))
    began = monotonic()
    desk.close()
    assert monotonic() - began < 5


def test_closing_twice_is_fine(desk: Session) -> None:
    desk.close()
    desk.close()


def test_writes_that_were_accepted_outlive_the_closing(desk: Session, tmp_path: Path) -> None:
    for number in range(50):
        desk.set_setting(f"test.{number}", number)
    desk.close()
    with Store.open_reader(tmp_path) as store:
        assert [store.settings.get(f"test.{number}", -1) for number in range(50)] == list(range(50))


def test_stop_ends_a_stalled_refresh(qtbot: QtBot, desk: Session, ears: Ears, server: LoopbackServer) -> None:
    server.routes["/slow"] = STALLED
    add(desk, server.address("/slow"))
    desk.refresh(rates=False)
    qtbot.waitUntil(lambda: bool(server.log))
    with qtbot.waitSignal(desk.refreshed) as ended:
        desk.stop()
    assert ended.args is not None
    assert ended.args[0].stopped
    assert (ears.progress[-1], ears.problems) == (Progress(), [])


def test_after_a_stop_the_next_refresh_runs(qtbot: QtBot, desk: Session, server: LoopbackServer) -> None:
    server.routes["/turns"] = [STALLED, feed(7)]
    add(desk, server.address("/turns"))
    desk.refresh(rates=False)
    qtbot.waitUntil(lambda: bool(server.log))
    with qtbot.waitSignal(desk.refreshed):
        desk.stop()
    refresh(qtbot, desk)
    assert [row.title for row in desk.reader.articles.page(ALL)] == ["Story 7"]


def test_a_refresh_asked_for_meanwhile_runs_once_after_it(
    qtbot: QtBot, desk: Session, server: LoopbackServer
) -> None:
    add(desk, server.address("/feed"))
    ended: list[object] = []
    desk.refreshed.connect(ended.append)
    for _ in range(4):
        desk.refresh(rates=False)
    qtbot.waitUntil(lambda: len(ended) == 2 and not desk.refreshing)
    assert len(server.asked("/feed")) == 2


def test_added_sources_are_stored_and_refreshed(
    qtbot: QtBot, desk: Session, ears: Ears, server: LoopbackServer
) -> None:
    new = NewSource(server.address("/feed"), title="Reeds", folder="Reading")
    with qtbot.waitSignal(desk.refreshed):
        desk.add_sources([new, new])
    [source] = desk.reader.sources.all()
    assert (source.title, source.folder) == ("Reeds", "Reading")
    assert len(desk.reader.articles.page(ALL)) == 3
    assert desk.setting("welcome.done", False)
    assert ears.sources
    assert [problem for problem in ears.problems if problem.source_id] == []


def test_a_source_that_is_there_already_stays_as_it_is(
    qtbot: QtBot, desk: Session, server: LoopbackServer
) -> None:
    add(desk, server.address("/feed"))
    with qtbot.waitSignal(desk.refreshed):
        desk.add_sources([NewSource(server.address("/feed"), title="Another name")])
    assert [source.title for source in desk.reader.sources.all()] == ["feed"]


def test_added_offline_they_wait(qtbot: QtBot, desk: Session, server: LoopbackServer) -> None:
    desk.set_offline(True)
    with qtbot.waitSignal(desk.sources_changed):
        desk.add_sources([NewSource(server.address("/feed"))])
    assert len(desk.reader.sources.all()) == 1
    assert not desk.refreshing
    assert server.connections == 0


def test_sources_that_are_asked_one_after_the_other_were_all_read_anew_for_each(
    qtbot: QtBot, desk: Session, server: LoopbackServer
) -> None:
    add(desk, server.address("/feed"))
    (source,) = desk.reader.sources.all()
    ears = Ears(desk)
    with qtbot.waitSignal(desk.sources_changed):
        for _ in range(100):
            desk._refresher.hear(SourceDone(source, Changes(unchanged=3), None))
    assert ears.sources == 1


def test_a_source_that_fails_is_a_problem_with_its_name(
    qtbot: QtBot, desk: Session, ears: Ears, server: LoopbackServer
) -> None:
    add(desk, server.address("/gone"), server.address("/feed"))
    refresh(qtbot, desk)
    gone = desk.reader.sources.by_url(server.address("/gone"))
    assert gone is not None
    [problem] = ears.problems
    assert problem.message == "gone: 127.0.0.1 has nothing at this address (404)."
    assert (problem.remedy != "", problem.source_id) == (True, gone.id)


def test_a_fault_of_ours_is_told_once_and_logged(
    qtbot: QtBot, desk: Session, ears: Ears, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def run(self: Refresh, plan: object) -> None:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr(Refresh, "run", run)
    with caplog.at_level(logging.ERROR), qtbot.waitSignal(desk.problem):
        desk.refresh()
    [problem] = ears.problems
    assert problem.message == "Something went wrong inside Chorsu; nothing that was stored is lost."
    assert "ZeroDivisionError: a fault of ours" in caplog.text
    assert ears.progress[-1] == Progress()
    monkeypatch.undo()
    refresh(qtbot, desk)


def test_articles_that_came_before_a_fault_of_ours_are_shown(
    qtbot: QtBot, desk: Session, ears: Ears, server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_feed = documents.read_feed

    def stumble(body: bytes, url: str, kind: str = "") -> object:
        if url.endswith("/poison"):
            raise ZeroDivisionError
        return read_feed(body, url, kind)

    monkeypatch.setattr(documents, "read_feed", stumble)
    server.routes["/poison"] = feed(9)
    add(desk, server.address("/feed"), server.address("/poison"))
    refresh(qtbot, desk)
    assert sum(len(changes.new) for changes in ears.changes) == 3
    qtbot.waitUntil(lambda: len(ears.problems) == 1)


def test_a_write_that_cannot_be_is_a_problem(qtbot: QtBot, desk: Session, ears: Ears) -> None:
    with qtbot.waitSignal(desk.problem):
        desk.acts.remove_source(99)
    assert ears.problems == [Problem("There is no source 99.", ears.problems[0].remedy)]


def test_feeds_are_found_without_storing_anything(
    qtbot: QtBot, desk: Session, server: LoopbackServer
) -> None:
    found: list[NewSource] = []
    desk.subscriptions.discover(server.address("/feed"), found.extend, lambda error: None, desk)
    qtbot.waitUntil(lambda: bool(found))
    assert found[0].title == "The Reed Pen"
    assert desk.reader.sources.all() == []


def test_an_answer_for_a_window_that_is_gone_goes_nowhere(
    qtbot: QtBot, desk: Session, server: LoopbackServer
) -> None:
    asked, answer = threading.Event(), threading.Event()

    def wait(_: Request) -> Reply:
        asked.set()
        answer.wait(20)
        return feed(1)

    server.routes["/slow"] = wait
    owner, late = QObject(), QObject()
    calls: list[object] = []
    desk.subscriptions.discover(server.address("/slow"), calls.append, calls.append, owner)
    assert asked.wait(20)
    owner.deleteLater()
    deliver_deletes()
    answer.set()
    after: list[object] = []
    desk.subscriptions.discover(server.address("/slow"), after.append, after.append, late)
    qtbot.waitUntil(lambda: bool(after))
    assert calls == []


def test_what_was_delivered_after_the_closing_goes_nowhere(qapp: QObject, desk: Session) -> None:
    calls: list[int] = []
    desk._delivery.post(lambda: calls.append(1))
    desk.close()
    desk._delivery.post(lambda: calls.append(2))
    deliver_deletes()
    assert calls == []


def test_a_source_that_is_removed_before_its_turn_is_passed_over_and_the_others_are_asked(
    qtbot: QtBot, desk: Session, ears: Ears, server: LoopbackServer
) -> None:
    server.routes["/other"] = feed(4, 5)
    add(desk, server.address("/feed"), server.address("/other"))
    ids = [source.id for source in desk.reader.sources.all()]
    desk.refresh([], rates=False)
    desk.refresh(ids, rates=False)  # waits for the one before
    desk.acts.remove_source(ids[0])
    qtbot.waitUntil(lambda: len(desk.reader.articles.page(ALL)) == 2)
    qtbot.waitUntil(lambda: not desk.refreshing)
    assert ears.problems == []
    assert server.asked("/feed") == []


def test_removing_a_source_tells_its_articles(
    qtbot: QtBot, desk: Session, ears: Ears, server: LoopbackServer
) -> None:
    add(desk, server.address("/feed"))
    refresh(qtbot, desk)
    ids = {row.id for row in desk.reader.articles.page(ALL)}
    [source] = desk.reader.sources.all()
    with qtbot.waitSignal(desk.articles_changed):
        desk.acts.remove_source(source.id)
    assert set(ears.changes[-1].removed) == ids
