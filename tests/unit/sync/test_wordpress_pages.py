"""WordPress pages that tie, shift and end while they are walked."""

from __future__ import annotations

from datetime import timedelta

from tests.unit.sync.conftest import Desk
from tests.unit.sync.press import NOW, Press, hourly, make_post


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
        if len(press.rest_requests) == 3:  # in the midst of the crowded second
            del press.posts[90:]

    press.after_request = vanish
    desk.add_press(press)
    desk.do(lambda store: store.settings.set("news.first_articles", 500))
    assert desk.refresh().sources[0].error is None
    assert "2" in [request.query.get("page") for request in press.rest_requests]
    assert len(desk.rows()) >= 100


def test_only_as_much_as_the_person_set_comes_at_first(desk: Desk, press: Press) -> None:
    press.posts = hourly(60)
    desk.add_press(press)
    desk.do(lambda store: store.settings.set("news.first_articles", 20))
    desk.refresh()
    assert len(desk.rows()) == 20
    assert [request.query["per_page"] for request in press.rest_requests] == ["20"]
