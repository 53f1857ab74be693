"""A WordPress whose REST interface, feed, or both cannot be had."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

import pytest

from desktop.core.models import SourceKind
from tests.server import Reply, Request, script
from tests.unit.sync.conftest import Desk
from tests.unit.sync.press import HTML, NOW, SIGN_IN, Press, edited, hourly

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
