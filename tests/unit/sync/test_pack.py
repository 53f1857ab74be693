"""A pack against a scripted site: what is refused, what the budget leaves out, what a stop leaves to be done."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date

import pytest

from desktop.core.fulltext_values import FullTextRule
from desktop.core.models import Source
from desktop.core.proof import Kind, Lack, Proof, Scope, described, sentence, short
from desktop.sync.pack import Packing, estimate, sources_of
from desktop.sync.report import PicturesDone, Step
from tests.server import LoopbackServer, Reply, Route
from tests.unit.sync.conftest import Desk
from tests.unit.sync.press import RSS, png, rss, story
from tests.unit.sync.test_backfill_feeds import page, paged

PICTURES = 8
SCOPE = Scope(days=3650, lists=())


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer() as running:
        yield running


@pytest.fixture
def packing(desk: Desk, server: LoopbackServer) -> Packing:
    """A source of eight articles with a picture each; the feed is all that there is of their texts."""
    names = [f"/{number}.png" for number in range(PICTURES)]
    items = [
        story(number, f'<enclosure url="{server.address(name)}" type="image/png"/>')
        for number, name in enumerate(names, 1)
    ]
    server.routes["/feed"] = Reply(200, RSS, rss(items).encode())
    for width, name in enumerate(names, 10):
        server.routes[name] = Reply(200, {}, png(width, 10))
    source = desk.add(server.address("/feed"))
    desk.do(lambda store: store.sources.set_full_text(source.id, FullTextRule.NEVER))
    desk.do(lambda store: store.settings.set("archive.pause", 0.0))
    return Packing(desk.http, desk.lane, desk._report, desk.clock)


def test_what_the_site_does_not_give_is_listed_and_asked_again_at_once(
    desk: Desk, server: LoopbackServer, packing: Packing
) -> None:
    good = server.routes["/3.png"]
    server.routes["/3.png"] = Reply(404)
    proof, _ = packing.run(SCOPE)
    assert (proof.whole_pictures, proof.pictures) == (PICTURES - 1, PICTURES)
    (lack,) = proof.lacks
    assert (lack.kind, lack.tried, lack.damaged) == (Kind.PICTURE, True, False)
    assert lack.reason == "127.0.0.1 has nothing at this address (404)."
    assert f"{PICTURES - 1}/{PICTURES} pictures (1 missing)" in sentence(proof)

    server.routes["/3.png"] = good
    asked = len(server.log)
    proof, _ = packing.retry()
    assert proof.complete
    assert [request.path for request in server.log[asked:]] == ["/3.png"]


def test_a_host_without_answer_is_asked_once_and_its_other_pages_are_still_to_come(
    desk: Desk, server: LoopbackServer, packing: Packing
) -> None:
    (source,) = desk.do(lambda store: store.sources.all())
    desk.do(lambda store: store.sources.set_full_text(source.id, FullTextRule.ALWAYS))
    proof, _ = packing.run(SCOPE)
    assert proof.full_texts == 0
    assert f"0 with full text (1 refused by the site, {PICTURES - 1} still to come)" in sentence(proof)
    assert all(lack.reason for lack in proof.lacks)


def test_the_newest_pictures_fill_the_budget_and_the_rest_says_so(desk: Desk, packing: Packing) -> None:
    whole, _ = packing.run(SCOPE)
    texts = whole.size - sum(len(png(width, 10)) for width in range(10, 10 + PICTURES))
    for image in desk.do(lambda store: store._database.rows("SELECT key FROM images")):
        desk.do(lambda store, key=image[0]: store.images.forget_file(key))  # type: ignore[misc]

    budget = texts + len(png(10, 10)) * 2
    proof, _ = packing.run(Scope(days=3650, lists=(), budget=budget))
    assert 1 <= proof.whole_pictures <= 3
    assert {lack.reason for lack in proof.lacks} == {"The budget of 0 MB is used up."}


def test_a_stop_keeps_what_came_and_the_next_run_asks_for_the_rest_alone(
    desk: Desk, server: LoopbackServer, packing: Packing
) -> None:
    def stop(event: object) -> None:
        if isinstance(event, PicturesDone):
            desk.http.stop()

    desk.on_event = stop
    proof, summary = packing.run(SCOPE)
    assert summary.stopped
    assert 1 <= proof.whole_pictures < PICTURES
    assert not desk.do(lambda store: _ended(store.packs.current()))

    desk.on_event = lambda event: None
    desk.http.resume()
    asked = len(server.log)
    then, _ = packing.run(SCOPE)
    assert then.complete
    assert len(server.log) - asked == PICTURES - proof.whole_pictures
    assert desk.do(lambda store: _ended(store.packs.current()))


def _ended(pack: object) -> bool:
    return bool(getattr(pack, "ended", False))


def test_a_source_that_cannot_be_reached_is_missing_until_it_is(
    desk: Desk, server: LoopbackServer, packing: Packing
) -> None:
    late = desk.add(server.address("/late"), title="Late News")
    desk.do(lambda store: store.sources.set_full_text(late.id, FullTextRule.NEVER))
    proof, _ = packing.run(SCOPE)
    (lack,) = proof.lacks
    assert (lack.kind, lack.name) == (Kind.SOURCE, "Late News")
    assert "404" in lack.reason
    assert ", 1 source not reached: " in sentence(proof)

    server.routes["/late"] = Reply(200, RSS, rss([story(99)]).encode())
    asked = len(server.log)
    proof, _ = packing.retry()
    assert proof.complete
    assert proof.articles == PICTURES + 1
    paths = [request.path for request in server.log[asked:]]
    assert paths[0] == "/late"
    assert {path.partition("?")[0] for path in paths} == {"/late"}  # and whether it has older articles


def test_the_sentence_of_a_proof() -> None:
    refused = [Lack(Kind.FULL_TEXT, "A", "No.", n, tried=True) for n in range(7)]
    gone = [Lack(Kind.PICTURE, "A", "No.", n, "k", tried=True) for n in range(6)]
    proof = Proof(312, 312, 305, 1190, 1184, 148_200_000, date(2026, 11, 22), (*refused, *gone))
    assert sentence(proof) == (
        "312/312 articles, 305 with full text (7 refused by the site), 1,184/1,190 pictures (6 missing), "
        "rates to 22 November: 148 MB"
    )
    assert short(proof) == "Kept 312/312 articles, 1,184/1,190 pictures"
    assert not proof.complete
    assert Proof(0, 0, 0, 0, 0, 0).complete


def late(desk: Desk, server: LoopbackServer, then: Route) -> Source:
    """A source of which eleven articles were missed: its feed shows ten, an article an hour."""
    server.routes["/feed"] = page(range(21, 31))
    source = desk.add(server.address("/feed"), title="Reed Bank Notes")
    desk.do(lambda store: store.sources.set_full_text(source.id, FullTextRule.NEVER))
    desk.do(lambda store: store.settings.set("archive.pause", 0.0))
    desk.refresh()
    server.routes["/feed"] = then
    desk.refresh()
    return source


def test_what_was_missed_in_the_days_of_a_pack_is_loaded_first(desk: Desk, server: LoopbackServer) -> None:
    late(desk, server, paged)
    found = desk.do(lambda store: estimate(store, Scope(days=1, lists=()), desk.now))
    assert (found.articles, found.missed) == (14, 11)
    assert described(found).endswith(" About 11 articles of its days will be loaded first.")
    proof, _ = Packing(desk.http, desk.lane, desk._report, desk.clock).run(Scope(days=7, lists=()))
    assert proof.complete
    assert proof.articles == 30
    assert any(isinstance(event, Step) and event.label == "older articles" for event in desk.events)


@pytest.fixture
def in_almaty(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Days are those of where the reader is."""
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "Asia/Almaty")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="no zone of its own for a process")
@pytest.mark.usefixtures("in_almaty")
def test_a_gap_that_no_archive_closes_is_named_with_its_days(desk: Desk, server: LoopbackServer) -> None:
    late(desk, server, page(range(1, 11)))
    packing = Packing(desk.http, desk.lane, desk._report, desk.clock)
    proof, _ = packing.run(Scope(days=7, lists=()))
    assert [(lack.kind, lack.name, lack.reason) for lack in proof.lacks] == [
        (
            Kind.GAP,
            "Reed Bank Notes",
            "About 11 articles of 23 to 24 November may be missing. Its source offers no archive.",
        )
    ]
    assert ", 1 gap in its days: " in sentence(proof)
    asked = len(server.log)
    packing.retry()
    assert len(server.log) == asked  # it has no archive, so it is not asked for one again


def test_a_gap_before_the_days_of_a_pack_is_none_of_it(desk: Desk, server: LoopbackServer) -> None:
    late(desk, server, page(range(1, 11)))
    desk.wait(days=3)
    proof, _ = Packing(desk.http, desk.lane, desk._report, desk.clock).run(Scope(days=2, lists=()))
    assert proof.complete


def test_a_stop_while_gaps_are_closed_goes_on_there(desk: Desk, server: LoopbackServer) -> None:
    late(desk, server, paged)
    packing = Packing(desk.http, desk.lane, desk._report, desk.clock)

    def stop(event: object) -> None:
        if isinstance(event, Step) and event.label == "older articles":
            desk.http.stop()

    desk.on_event = stop
    proof, summary = packing.run(Scope(days=7, lists=()))
    assert summary.stopped
    assert Kind.GAP in {lack.kind for lack in proof.lacks}
    desk.on_event = lambda event: None
    desk.http.resume()
    proof, _ = packing.run(Scope(days=7, lists=()))
    assert proof.complete
    assert proof.articles == 30


def test_a_source_that_was_removed_but_for_kept_articles_is_no_part_of_a_pack(
    desk: Desk, packing: Packing
) -> None:
    desk.refresh()
    first = desk.rows()[0]
    desk.do(lambda store: store.articles.set_starred([first.id], True))
    desk.do(lambda store: store.sources.remove(first.source_id, keep_marked=True))
    for scope in (SCOPE, Scope((first.source_id,), 3650, lists=())):
        pack = desk.do(lambda store, scope=scope: store.packs.begin(scope, desk.now))
        assert desk.do(lambda store, pack=pack: sources_of(store, pack)) == ()
