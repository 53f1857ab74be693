"""What real WordPress sites do to a reader that asks them again and again."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

import pytest

from desktop.core.models import SourceKind, Validators
from desktop.sync import posts as posts_module
from tests.server import Reply
from tests.unit.sync.conftest import Desk
from tests.unit.sync.press import HIDDEN, NOW, RSS, SIGN_IN, Press, edited, hourly, make_post, rss

SECOND = timedelta(seconds=1)


def test_a_weak_tag_goes_back_to_the_letter_until_its_server_is_seen_not_to_know_it(
    desk: Desk, press: Press
) -> None:
    """A web server that compresses weakens the tag of the WordPress behind it, which knows only its own."""
    press.posts = hourly(3)
    source = desk.add_press(press)
    for _ in range(3):
        desk.refresh()
    press.posts.append(make_post(4, NOW + SECOND))
    for _ in range(2):
        desk.refresh()
    given = [posts.modified for posts in (press.posts[2], press.posts[3])]
    tag, later = (f'"{moment.timestamp():.0f}"' for moment in given)
    before, after = (format_datetime(moment, usegmt=True) for moment in given)
    sent = [
        (request.headers.get("if-none-match"), request.headers.get("if-modified-since"))
        for request in press.server.asked("/feed/")
    ]
    assert sent == [(None, None), (f"W/{tag}", before), (tag, before), (tag, before), (later, after)]
    assert desk.source(source).state.unchanged == 3


def test_304_on_the_feed_asks_rest_nothing_and_writes_no_article_row(desk: Desk, press: Press) -> None:
    press.posts = hourly(12)
    source = desk.add_press(press)
    desk.refresh()
    written, asked = desk.watch_writes(), len(press.rest_requests)
    desk.wait(hours=1)
    summary = desk.refresh()
    assert (len(press.rest_requests), written()) == (asked, 0)
    assert summary.sources[0].error is None
    assert desk.source(source).state.last_success == desk.now


def test_a_post_that_was_deleted_is_noticed_though_the_date_moved_back(desk: Desk, press: Press) -> None:
    press.posts = hourly(3)
    desk.add_press(press)
    desk.refresh()
    asked = len(press.rest_requests)
    del press.posts[-1]
    desk.refresh()
    assert len(press.rest_requests) > asked
    assert len(desk.rows()) == 3  # what was read is not taken away


@pytest.mark.parametrize("body", [SIGN_IN.body, rss([])], ids=["web page", "empty feed"])
def test_a_feed_that_shows_no_articles_leaves_no_validators(desk: Desk, press: Press, body: str) -> None:
    press.posts = hourly(2)
    source = desk.add_press(press)
    press.shut("/feed/", Reply(200, {**RSS, "ETag": '"same"'}, body))
    desk.refresh()
    press.posts.append(make_post(3, NOW + SECOND))
    desk.refresh()
    assert "if-none-match" not in press.server.asked("/feed/")[1].headers
    assert desk.source(source).state.feed_validators == Validators()
    assert desk.titles() == {"Story 1", "Story 2", "Story 3"}


def test_validators_are_not_kept_when_neither_rest_nor_feed_could_be_read(desk: Desk, press: Press) -> None:
    source = desk.add_press(press)
    press.shut("/feed/", Reply(200, {**RSS, "ETag": '"1"'}, "<rss><channel>"[:3]))
    press.shut("/wp-json/wp/v2/posts", Reply(500))
    assert desk.refresh().sources[0].error is not None
    state = desk.source(source).state
    assert (state.feed_validators, state.body_hash, state.failures) == (Validators(), "", 1)
    press.reopen()
    press.posts = hourly(2)
    desk.refresh()
    assert len(desk.rows()) == 2


def test_edits_and_publications_are_asked_for_both_and_with_overlap(desk: Desk, press: Press) -> None:
    press.posts = hourly(2)
    desk.add_press(press)
    desk.refresh()
    newest, asked = press.posts[-1].modified, len(press.rest_requests)
    edited(press, 1)
    desk.refresh()
    queries = [request.query for request in press.rest_requests[asked:]]
    since = f"{newest - posts_module.OVERLAP:%Y-%m-%dT%H:%M:%SZ}"
    assert [query["modified_after"] for query in queries if "modified_after" in query] == [since]
    assert [query["after"] for query in queries if "after" in query] == [since]


def test_a_scheduled_post_that_went_live_is_found(desk: Desk, press: Press) -> None:
    press.posts = hourly(2)
    desk.add_press(press)
    desk.refresh()
    written_before = NOW - timedelta(days=3)
    press.posts.append(make_post(3, NOW + timedelta(minutes=3), modified=written_before))
    edited(press, 1, minutes=4)
    desk.wait(minutes=30)
    desk.refresh()
    assert "Story 3" in desk.titles()


def test_an_edit_of_a_post_that_the_feed_no_longer_shows_is_found(desk: Desk, press: Press) -> None:
    press.posts = hourly(30)
    desk.add_press(press)
    desk.refresh()
    edited(press, 2, body="A late correction.")
    desk.wait(minutes=10)
    assert len(desk.refresh().sources[0].changes.updated) == 1


def test_the_same_feed_from_a_server_without_validators_asks_rest_nothing(desk: Desk, press: Press) -> None:
    press.posts = hourly(3)
    desk.add_press(press)
    press.server.routes["/feed/"] = lambda request: Reply(200, RSS, press.feed(request).body)
    desk.refresh()
    asked = len(press.rest_requests)
    desk.refresh()
    assert len(press.rest_requests) == asked


def test_an_edit_becomes_an_update(desk: Desk, press: Press) -> None:
    press.posts = hourly(3)
    source = desk.add_press(press)
    desk.refresh()
    edited(press, 2, body="A correction.")
    desk.wait(minutes=10)
    changes = desk.refresh().sources[0].changes
    assert (len(changes.new), len(changes.updated)) == (0, 1)
    assert desk.source(source).state.newest_modified == NOW + timedelta(minutes=5)


def test_deleted_pictures_and_hidden_users_do_not_hide_the_article(desk: Desk, press: Press) -> None:
    index = {"name": "The Reed Pen", "namespaces": ["wp/v2"], "routes": {"/": {}}}
    press.posts = [make_post(1, NOW - SECOND, embedded={"author": [HIDDEN], "wp:featuredmedia": [index]})]
    desk.add_press(press)
    desk.refresh()
    [row] = desk.rows()
    article = desk.do(lambda store: store.articles.get(row.id))
    assert article is not None
    assert (article.author, row.images_total) == ("", 0)


def test_a_body_rendered_differently_each_time_is_no_update(desk: Desk, press: Press) -> None:
    press.posts = [make_post(n, NOW - n * SECOND, body="The same words.") for n in range(1, 4)]
    desk.add_press(press)
    desk.refresh()
    edited(press, 3, title="Story 3, corrected")
    desk.wait(minutes=10)
    changes = desk.refresh().sources[0].changes
    assert (len(changes.new), len(changes.updated), changes.unchanged) == (0, 1, 2)


def test_plain_permalinks(desk: Desk, press: Press) -> None:
    press.posts = hourly(3)
    desk.add(press.server.address("/index.php?rest_route=/"), SourceKind.WORDPRESS)
    desk.refresh()
    [request] = press.server.asked("/index.php")
    assert request.query["rest_route"] == "/wp/v2/posts"
    assert len(desk.rows()) == 3
