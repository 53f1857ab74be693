"""Closing gaps of WordPress sites and walking into their archives, while they publish, edit and delete."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from desktop.core.models import ArticleQuery, Source, SourceKind
from desktop.demo.site import DemoSite
from desktop.sync.pace import Pace
from tests.server import Reply, Request
from tests.unit.sync.archive import Archivist
from tests.unit.sync.conftest import Desk
from tests.unit.sync.press import JSON, NOW, Press, edited, hourly, make_post

SECOND = timedelta(seconds=1)
LIMIT = "news.first_articles"


@pytest.fixture
def archive(desk: Desk) -> Archivist:
    return Archivist(desk)


def follow(desk: Desk, press: Press, first: int = 20) -> Source:
    """A site of which the newest articles are known."""
    desk.do(lambda store: store.settings.set(LIMIT, first))
    source = desk.add_press(press)
    desk.refresh()
    return source


def test_all_older_articles_come_and_count_as_read(desk: Desk, press: Press, archive: Archivist) -> None:
    press.posts = hourly(260)
    source = follow(desk, press)
    assert archive.estimate(source).articles == 240
    result = archive.fill(source)
    assert (result.new, result.complete, result.error) == (240, True, None)
    rows = desk.rows(source)
    assert len(rows) == len({row.url for row in rows}) == 260
    assert [row.read for row in rows] == [False] * 20 + [True] * 240
    assert archive.coverage(source).begins
    assert archive.coverage(source).gaps == ()


def test_a_person_may_want_older_articles_unread(desk: Desk, press: Press, archive: Archivist) -> None:
    press.posts = hourly(30)
    source = follow(desk, press)
    desk.do(lambda store: store.settings.set("archive.unread", True))
    archive.fill(source)
    assert not any(row.read for row in desk.rows(source))


def test_as_many_as_asked_for_and_the_next_time_the_next_ones(
    desk: Desk, press: Press, archive: Archivist
) -> None:
    press.posts = hourly(100)
    source = follow(desk, press)
    assert archive.fill(source, most=30).new == 30
    assert desk.titles(source) == {f"Story {n}" for n in range(51, 101)}
    assert archive.fill(source, most=30).new == 30
    assert desk.titles(source) == {f"Story {n}" for n in range(21, 101)}


def test_down_to_a_day(desk: Desk, press: Press, archive: Archivist) -> None:
    press.posts = hourly(100)
    source = follow(desk, press)
    result = archive.fill(source, since=NOW - timedelta(hours=50))
    assert desk.titles(source) == {f"Story {n}" for n in range(51, 101)}
    assert result.complete
    assert not archive.coverage(source).begins


def test_at_most_one_request_a_second(desk: Desk, press: Press, archive: Archivist) -> None:
    now, begun = 100.0, []

    def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    def request() -> None:
        nonlocal now
        begun.append(now)
        now += 0.25

    press.posts = hourly(420)
    source = follow(desk, press)
    press.after_request = request
    result = archive.fill(source, pace=Pace(1.0, lambda: now, sleep))
    assert result.requests == len(begun) == 5 + 5  # pages, then what is still public
    assert begun == [100.0 + n for n in range(len(begun))]


def test_a_stopped_walk_goes_on_where_it_was(desk: Desk, press: Press, archive: Archivist) -> None:
    press.posts = hourly(520)
    source = follow(desk, press)
    archive.stop_after = 2
    first = archive.fill(source)
    assert (first.stopped, first.new, first.complete) == (True, 198, False)
    archive.stop_after, asked = None, len(press.rest_requests)
    second = archive.fill(source)
    assert (second.new, second.complete) == (302, True)
    assert len(press.rest_requests) - asked == 4 + 6  # nothing is walked twice
    assert len(desk.rows(source)) == 520


def test_a_fault_of_the_site_keeps_what_came(desk: Desk, press: Press, archive: Archivist) -> None:
    press.posts = hourly(320)
    source = follow(desk, press)
    archive.on_page = lambda: press.shut("/wp-json/wp/v2/posts", Reply(500))
    broken = archive.fill(source)
    assert (broken.new, broken.error is not None, broken.complete) == (99, True, False)
    press.reopen()
    archive.on_page = lambda: None
    assert archive.fill(source).complete
    assert len(desk.rows(source)) == 320


def test_a_site_that_does_not_look_at_dates_is_not_walked_for_ever(
    desk: Desk, press: Press, archive: Archivist
) -> None:
    press.posts = hourly(250)
    source = follow(desk, press)
    press.server.routes["/feed/"] = Reply(404)

    def rest(request: Request) -> Reply:
        path = "&".join(part for part in request.path.split("&") if not part.startswith("before="))
        return press.rest(Request("GET", path.replace("before", "other"), {}))

    press.server.routes["/wp-json/wp/v2/posts"] = rest
    result = archive.fill(source)
    assert result.error is not None
    assert result.requests < 5
    assert not archive.coverage(source).begins


def test_a_second_with_more_posts_than_a_page(desk: Desk, press: Press, archive: Archivist) -> None:
    crowd = NOW - timedelta(days=2)
    press.posts = [make_post(1000 + n, crowd - n * SECOND) for n in range(30)]
    press.posts += [make_post(2000 + n, crowd) for n in range(230)] + hourly(25)
    source = follow(desk, press)
    assert archive.fill(source).complete
    assert len(desk.rows(source)) == 285


def test_the_whole_archive_while_the_site_lives(desk: Desk, archive: Archivist) -> None:
    """1,312 articles; meanwhile some are published, edited and deleted; 14 have one second on a border of pages."""
    with DemoSite(datetime.now(UTC)) as site:
        desk.now = datetime.now(UTC)
        border = site.newsroom.posts[290].published
        site.publish_together(border, 14)
        source = desk.add(f"{site.url}/wp-json/", kind=SourceKind.WORDPRESS, feed_url=f"{site.url}/feed/")
        desk.do(lambda store: store.settings.set(LIMIT, 100))
        desk.refresh()
        everything = {post.id for post in site.newsroom.posts}
        pages = 0

        def live() -> None:
            nonlocal pages
            pages += 1
            posts = site.newsroom.posts
            everything.add(site.publish().id)
            site.edit(posts[5 + pages].id)
            site.edit(posts[-3 * pages].id)  # not walked yet
            for post in (posts[40 + pages], posts[-5 * pages]):
                site.delete(post.id)

        archive.on_page = live
        archive.stop_after = 4
        assert archive.fill(source).stopped
        archive.stop_after = None
        result = archive.fill(source)
        assert result.error is None
        archive.on_page = lambda: None
        desk.wait(minutes=1)
        desk.refresh()
        archive.fill(source)

        public = {post.id: post for post in site.newsroom.posts}
        stored = desk.rows(source)
        numbers = {row.id: number(desk, row.id) for row in stored}
        assert len(set(numbers.values())) == len(stored)  # nothing twice
        there = {numbers[row.id] for row in stored if not row.withdrawn}
        assert there == set(public)  # nothing missing, nothing that is gone
        kept = {numbers[row.id] for row in stored if row.withdrawn}
        assert kept
        assert kept <= everything - set(public)
        for row in stored:
            post = public.get(numbers[row.id])
            if post is not None and post.edition:  # the text is that of the last edit
                assert written(desk, row.id) == post.modified
        assert archive.coverage(source).gaps == ()
        assert site.errors == []


def written(desk: Desk, article_id: int) -> datetime | None:
    """When the text of an article was last changed by its publisher."""
    article = desk.do(lambda store: store.articles.get(article_id))
    assert article is not None
    return article.updated_at


def number(desk: Desk, article_id: int) -> int:
    """The number of an article at its site."""
    article = desk.do(lambda store: store.articles.get(article_id))
    assert article is not None
    return int(article.guid.rpartition("=")[2])


# What the publisher took back or changed


def test_a_deleted_post_is_marked_and_kept_and_loses_the_mark_when_it_returns(
    desk: Desk, press: Press
) -> None:
    press.posts = hourly(12)
    source = follow(desk, press)
    gone = press.posts.pop(3)
    desk.wait(days=1)
    changes = desk.refresh().sources[0].changes
    [row] = [row for row in desk.rows(source) if row.withdrawn]
    assert (row.title, changes.withdrawn, row.id in changes.updated) == (gone.title, (row.id,), True)
    article = desk.do(lambda store: store.articles.get(row.id))
    assert article is not None
    assert gone.body in article.text
    press.posts.insert(3, gone)
    desk.wait(days=1)
    assert desk.refresh().sources[0].changes.updated == (row.id,)
    assert not any(row.withdrawn for row in desk.rows(source))


def test_a_withdrawn_article_is_still_found(desk: Desk, press: Press) -> None:
    press.posts = [*hourly(3), make_post(9, NOW - timedelta(days=3), body="A heron on the ice.")]
    source = follow(desk, press)
    del press.posts[-1]
    desk.wait(days=1)
    desk.refresh()
    query = ArticleQuery(source_id=source.id, words="heron")
    assert [row.withdrawn for row in desk.do(lambda store: store.articles.page(query))] == [True]


def test_what_is_unchanged_is_asked_for_deletions_once_a_day(desk: Desk, press: Press) -> None:
    press.posts = hourly(250)
    follow(desk, press, 250)
    asked = len(press.rest_requests)
    desk.wait(hours=23)
    desk.refresh()
    assert len(press.rest_requests) == asked
    desk.wait(hours=2)
    desk.refresh()
    numbers = [request.query["include"].split(",") for request in press.rest_requests[asked:]]
    assert [len(batch) for batch in numbers] == [99, 100]  # the newest; others, and one that is there
    assert press.rest_requests[-1].query["_fields"] == "id"


def test_in_turn_every_article_is_asked_about(desk: Desk, press: Press) -> None:
    press.posts = hourly(450)
    source = follow(desk, press, 450)
    del press.posts[:4]
    del press.posts[200]
    for _ in range(5):
        desk.wait(days=1)
        desk.refresh()
    assert sum(row.withdrawn for row in desk.rows(source)) == 5


def test_a_whole_section_that_was_taken_back_is_noticed(desk: Desk, press: Press) -> None:
    press.posts = hourly(350)
    source = follow(desk, press, 350)
    del press.posts[:250]
    for _ in range(4):
        desk.wait(days=1)
        desk.refresh()
    assert sum(row.withdrawn for row in desk.rows(source)) == 250


@pytest.mark.parametrize("answer", [Reply(200, JSON, "[]"), Reply(500), Reply(200, JSON, '{"code":"x"}')])
def test_a_site_that_does_not_tell_withdraws_nothing(desk: Desk, press: Press, answer: Reply) -> None:
    press.posts = hourly(12)
    source = follow(desk, press)
    press.shut("/wp-json/wp/v2/posts", answer)
    desk.wait(days=1)
    desk.refresh()
    assert not any(row.withdrawn for row in desk.rows(source))


def test_an_edited_post_keeps_its_former_text(desk: Desk, press: Press) -> None:
    press.posts = [*hourly(3), make_post(9, NOW - timedelta(days=3), body="The bridge is open.")]
    source = follow(desk, press)
    edited(press, 9, body="The bridge is closed.")
    desk.wait(minutes=10)
    desk.refresh()
    [row] = [row for row in desk.rows(source) if row.updated]
    [former] = desk.do(lambda store: store.articles.revisions(row.id))
    assert former[3] == "The bridge is open."
