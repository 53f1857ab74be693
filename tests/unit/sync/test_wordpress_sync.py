"""What real WordPress sites do to a reader that asks them again and again."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

import pytest

from desktop.core.models import SourceKind, Validators
from desktop.sync import posts as posts_module
from tests.server import Reply, Request, script
from tests.unit.sync.conftest import Desk
from tests.unit.sync.press import HIDDEN, HTML, NOW, RSS, SIGN_IN, Press, hourly, make_post, rss

SECOND = timedelta(seconds=1)


def edited(press: Press, number: int, minutes: int = 5, **changes: object) -> None:
    """Change a post, so many minutes after the start."""
    at = next(i for i, post in enumerate(press.posts) if post.number == number)
    old = press.posts[at]
    modified = NOW + timedelta(minutes=minutes)
    press.posts[at] = make_post(number, old.published, **{"modified": modified, "body": old.body, **changes})


def test_etag_goes_back_without_its_weakness_mark_and_with_the_date(desk: Desk, press: Press) -> None:
    press.posts = hourly(3)
    desk.add_press(press)
    desk.refresh()
    desk.refresh()
    again = press.server.asked("/feed/")[1]
    assert again.headers["if-none-match"] == f'"{press.posts[-1].modified.timestamp():.0f}"'
    assert again.headers["if-modified-since"] == format_datetime(press.posts[-1].modified, usegmt=True)


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


def test_posts_of_one_second_at_the_border_of_pages_are_all_found(desk: Desk, press: Press) -> None:
    crowd = NOW - timedelta(days=9)
    newer = hourly(93)
    press.posts = [make_post(1000 + n, crowd - timedelta(hours=n)) for n in range(1, 31)]
    press.posts += [make_post(500 + n, crowd) for n in range(14)] + newer
    source = desk.add_press(press)
    desk.do(lambda store: store.settings.set("news.first_articles", 500))
    desk.refresh()
    assert len(desk.rows(source)) == len(press.posts) == 137


def test_a_second_with_more_posts_than_a_page_is_walked_through(desk: Desk, press: Press) -> None:
    crowd = NOW - timedelta(days=1)
    press.posts = [make_post(n, crowd) for n in range(1, 104)] + [make_post(200, crowd - timedelta(days=1))]
    desk.add_press(press)
    desk.do(lambda store: store.settings.set("news.first_articles", 500))
    desk.refresh()
    assert "Story 200" in desk.titles()
    assert len(press.rest_requests) < 8


def test_articles_are_found_though_pages_shift_while_they_are_walked(desk: Desk, press: Press) -> None:
    press.posts = hourly(130)
    press.after_request = lambda: press.posts.remove(press.posts[-1])  # the newest goes, all move up
    desk.add_press(press)
    desk.do(lambda store: store.settings.set("news.first_articles", 500))
    desk.refresh()
    assert len(desk.rows()) == 130


def test_a_post_published_while_pages_are_walked_doubles_nothing(desk: Desk, press: Press) -> None:
    press.posts = hourly(130)
    press.after_request = lambda: press.posts.append(make_post(len(press.posts) + 1, NOW))
    desk.add_press(press)
    desk.do(lambda store: store.settings.set("news.first_articles", 500))
    desk.refresh()
    rows = desk.rows()
    assert len(rows) == len({row.url for row in rows}) == 130


def test_past_the_end_is_the_end(desk: Desk, press: Press) -> None:
    press.posts = [make_post(n, NOW - timedelta(days=1)) for n in range(1, 131)]

    def vanish() -> None:
        if len(press.rest_requests) == 2:
            del press.posts[90:]

    press.after_request = vanish
    desk.add_press(press)
    desk.do(lambda store: store.settings.set("news.first_articles", 500))
    assert desk.refresh().sources[0].error is None
    assert press.rest_requests[-1].query["page"] == "2"
    assert len(desk.rows()) >= 100


def test_only_as_much_as_the_person_set_comes_at_first(desk: Desk, press: Press) -> None:
    press.posts = hourly(60)
    desk.add_press(press)
    desk.do(lambda store: store.settings.set("news.first_articles", 20))
    desk.refresh()
    assert len(desk.rows()) == 20
    assert [request.query["per_page"] for request in press.rest_requests] == ["20"]


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


REFUSALS = {
    "401": Reply(401, {}, '{"code":"rest_cannot_access"}'),
    "403": Reply(403, HTML, "<html>no</html>"),
    "404": Reply(404, HTML, "<html>no</html>"),
    "500": Reply(500),
    "web page": Reply(200, HTML, "<!DOCTYPE html><html><body>The front page</body></html>"),
    "PHP notice": Reply(200, {}, "<br />\n<b>Fatal error</b>: Allowed memory size exhausted in class-wp.php"),
    "error object": Reply(200, {}, '{"code":"rest_disabled","message":"Sign in first."}'),
    "cut short": script(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n[{"),
}


@pytest.mark.parametrize("answer", REFUSALS.values(), ids=REFUSALS)
def test_where_rest_is_shut_the_feed_takes_its_place(desk: Desk, press: Press, answer: Reply) -> None:
    press.posts = hourly(3)
    source = desk.add_press(press)
    press.shut("/wp-json/wp/v2/posts", answer)
    assert desk.refresh().sources[0].error is None
    assert len(desk.rows()) == 3
    assert desk.source(source).state.last_error == ""


def test_articles_of_the_feed_are_known_again_when_rest_opens(desk: Desk, press: Press) -> None:
    press.posts = hourly(3)
    desk.add_press(press)
    press.shut("/wp-json/wp/v2/posts", Reply(403))
    desk.refresh()
    press.reopen()
    edited(press, 1)
    desk.wait(minutes=10)
    desk.refresh()
    assert len(desk.rows()) == 3


def test_php_notices_in_front_of_the_posts_are_passed_over(desk: Desk, press: Press) -> None:
    press.posts = hourly(2)
    desk.add_press(press)

    def noticed(request: Request) -> Reply:
        whole = press.rest(request)
        return Reply(200, HTML, f"<br />\n<b>Notice</b>: Undefined index in plugin.php\n{whole.body}")

    press.server.routes["/wp-json/wp/v2/posts"] = noticed
    press.shut("/feed/", Reply(404))
    desk.refresh()
    assert len(desk.rows()) == 2


def test_with_both_shut_nothing_is_lost_and_the_wait_grows(desk: Desk, press: Press) -> None:
    press.posts = hourly(3)
    source = desk.add_press(press)
    desk.refresh()
    before = desk.source(source).state
    press.shut("/feed/", Reply(500))
    press.shut("/wp-json/wp/v2/posts", Reply(500))
    waits = []
    for failures in (1, 2, 3):
        error = desk.refresh().sources[0].error
        state = desk.source(source).state
        assert state.failures == failures
        assert state.next_due is not None
        assert error is not None
        assert error.message.count(".") == error.message.endswith(".") + error.message.count("127.0.0.1") * 3
        waits.append(state.next_due - desk.now)
    assert waits[0] < waits[1] < waits[2]
    assert state.last_error == "127.0.0.1 is in trouble (500). Nothing to do: it is tried again later."
    assert (state.feed_validators, state.newest_modified) == (before.feed_validators, before.newest_modified)
    assert len(desk.rows()) == 3


def test_no_error_promises_a_feed_that_cannot_be_had(desk: Desk, press: Press) -> None:
    page = REFUSALS["web page"]
    press.shut("/wp-json/wp/v2/posts", page)
    press.shut("/feed/", Reply(404))
    with_feed, alone = desk.add_press(press), desk.add(press.server.address("/"), SourceKind.WORDPRESS)
    press.shut("/wp/v2/posts", page)
    desk.refresh()
    assert desk.source(with_feed).state.last_error.startswith("127.0.0.1 has nothing at this address (404).")
    assert desk.source(alone).state.last_error == (
        "The server sent a web page instead of posts. Add the feed of the site instead."
    )


@pytest.mark.parametrize("form", ["seconds", "date"])
@pytest.mark.parametrize("path", ["/feed/", "/wp-json/wp/v2/posts"])
def test_retry_after_reaches_the_next_due_time(desk: Desk, press: Press, form: str, path: str) -> None:
    press.posts = hourly(2)
    source = desk.add_press(press)
    until = desk.now + timedelta(hours=5)
    value = "18000" if form == "seconds" else format_datetime(until, usegmt=True)
    press.shut(path, Reply(503, {"Retry-After": value}))
    desk.refresh()
    assert desk.source(source).state.next_due == until
    asked = len(press.server.log)
    desk.refresh()  # even by hand: the site wants to be left alone
    assert len(press.server.log) == asked


def test_a_captive_portal_changes_nothing_stored(desk: Desk, press: Press) -> None:
    press.posts = hourly(3)
    source = desk.add_press(press)
    desk.refresh()
    before = desk.source(source)
    written = desk.watch_writes()
    press.server.routes.clear()
    press.shut(
        "*", Reply(200, {**HTML, "ETag": '"portal"', "Last-Modified": format_datetime(NOW)}, SIGN_IN.body)
    )
    error = desk.refresh().sources[0].error
    after = desk.source(source)
    assert "web page" in str(error)
    assert written() == 0
    assert (after.url, after.title, after.site_url) == (before.url, before.title, before.site_url)
    assert after.state.feed_validators == before.state.feed_validators
    assert after.state.body_hash == before.state.body_hash
    press.reopen()
    del press.server.routes["*"]
    asked = len(press.rest_requests)
    desk.refresh()
    assert len(press.rest_requests) == asked  # 304: nothing had changed
