"""Pictures of articles: fetched after the texts, kept, or missing for a reason that is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desktop.core.errors import FetchError
from desktop.core.html.display import for_display
from desktop.core.models import FetchState, Source, StoredImage
from desktop.net.http import Response
from desktop.sync import documents
from desktop.sync.lacks import Lacks
from desktop.sync.report import PicturesDone, Plan, TextDone
from desktop.sync.run import Run
from tests.server import Answer, LoopbackServer, Reply, head, script
from tests.unit.sync.conftest import Desk
from tests.unit.sync.press import HTML, NOW, RSS, png, rss, story

WITH_PICTURES = Plan(rates=False, full_texts=False)
ONLY_PICTURES = Plan((), rates=False, full_texts=False)
SVG = '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer() as made:
        yield made


def illustrated(server: LoopbackServer, *names: str) -> Reply:
    """A feed with one article for each picture."""
    items = [
        story(n, f'<enclosure url="{server.address(name)}" type="image/png"/>')
        for n, name in enumerate(names, 1)
    ]
    return Reply(200, RSS, rss(items))


def pictures(desk: Desk, source: Source) -> list[StoredImage]:
    rows = desk.rows(source)
    return desk.do(lambda store: [image for row in rows for image in store.images.of_article(row.id)])


def one(desk: Desk, server: LoopbackServer, answer: Answer) -> StoredImage:
    """What becomes of a picture that is answered so."""
    server.routes |= {"/feed": illustrated(server, "/a.png"), "/a.png": answer}
    source = desk.add(server.address("/feed"))
    desk.refresh(WITH_PICTURES)
    [picture] = pictures(desk, source)
    return picture


def test_a_picture_is_stored_with_its_size(desk: Desk, server: LoopbackServer) -> None:
    picture = one(desk, server, Reply(200, {"Content-Type": "image/png"}, png(640, 480)))
    assert (picture.format, picture.width, picture.height, picture.problem) == ("png", 640, 480, "")
    assert desk.do(lambda store: store.images.file(picture.sha256).read_bytes()) == png(640, 480)


def test_a_picture_is_told_by_its_bytes_not_by_its_label(desk: Desk, server: LoopbackServer) -> None:
    assert one(desk, server, Reply(200, HTML, png())).format == "png"


MISSING: dict[str, tuple[Answer, str]] = {
    "404": (Reply(404), "has nothing at this address"),
    "web page": (Reply(200, HTML, "<!DOCTYPE html><html></html>"), "web page"),
    "SVG": (Reply(200, {"Content-Type": "image/svg+xml"}, SVG), "SVG"),
    "too large": (script(head(Content_Length="20000000")), "larger than"),
    "too many pixels": (Reply(200, {}, png(30_000, 30_000)), "pixels"),
    "empty": (Reply(200), "."),
    "cut short": (Reply(200, {}, png()[:12]), "."),
}


@pytest.mark.parametrize(("answer", "words"), MISSING.values(), ids=MISSING)
def test_a_picture_that_cannot_be_kept_says_why(
    desk: Desk, server: LoopbackServer, answer: Answer, words: str
) -> None:
    picture = one(desk, server, answer)
    assert picture.sha256 == ""
    assert words in picture.problem
    assert picture.problem.endswith(".")


def test_a_missing_picture_is_asked_again_later_and_not_before(desk: Desk, server: LoopbackServer) -> None:
    one(desk, server, Reply(404))
    desk.refresh(ONLY_PICTURES)
    assert len(server.asked("/a.png")) == 1
    server.routes["/a.png"] = Reply(200, {}, png())
    desk.wait(minutes=20)
    assert desk.refresh(ONLY_PICTURES).pictures_stored == 1
    assert desk.do(lambda store: store.images.wanted(9, desk.now)) == []


def test_a_stored_picture_is_never_asked_again(desk: Desk, server: LoopbackServer) -> None:
    one(desk, server, Reply(200, {}, png()))
    desk.wait(days=2)
    desk.refresh(WITH_PICTURES)
    assert len(server.asked("/a.png")) == 1


def publish_from_the_web(desk: Desk, picture: str) -> Source:
    """An article of a public site that shows `picture`."""
    source = desk.add("http://reed.example/feed")
    body = rss([story(1, f'<enclosure url="{picture}" type="image/png"/>')]).encode()
    feed = documents.read_feed(body, source.url)
    desk.do(lambda store: store.articles.apply(source.id, feed, FetchState(), NOW))
    return source


def test_a_public_site_cannot_make_us_ask_addresses_at_home(desk: Desk, server: LoopbackServer) -> None:
    source = publish_from_the_web(desk, server.address("/router/reboot"))
    desk.refresh(ONLY_PICTURES)
    assert server.log == []
    assert "private network" in pictures(desk, source)[0].problem


def test_a_site_at_home_reaches_only_itself_at_home(desk: Desk, server: LoopbackServer) -> None:
    with LoopbackServer({"*": Reply(200, {}, png())}) as neighbour:
        item = story(1, f'<enclosure url="{neighbour.address("/b.png")}" type="image/png"/>')
        server.routes["/feed"] = Reply(200, RSS, rss([item]))
        desk.add(server.address("/feed"))
        assert desk.refresh(WITH_PICTURES).pictures_missing == 1
        assert neighbour.log == []


def test_texts_come_before_pictures_and_pictures_tell_their_articles(
    desk: Desk, server: LoopbackServer
) -> None:
    one(desk, server, Reply(200, {}, png()))
    kinds = [type(event) for event in desk.events]
    assert kinds.index(TextDone) < kinds.index(PicturesDone)
    [done] = [event for event in desk.events if isinstance(event, PicturesDone)]
    assert done == PicturesDone(1, 0, tuple(row.id for row in desk.rows()))


def test_a_person_who_wants_no_pictures_gets_none(desk: Desk, server: LoopbackServer) -> None:
    server.routes |= {"/feed": illustrated(server, "/a.png")}
    desk.add(server.address("/feed"))
    desk.refresh(Plan(rates=False, full_texts=False, pictures=False))
    assert server.asked("/a.png") == []


def test_the_clock_fetches_no_pictures_for_a_person_who_wants_none(
    desk: Desk, server: LoopbackServer
) -> None:
    server.routes |= {"/feed": illustrated(server, "/a.png")}
    desk.add(server.address("/feed"))
    desk.do(lambda store: store.settings.set("news.pictures", False))
    desk.refresh(Plan(only_due=True, rates=False, full_texts=False))
    assert [request.path for request in server.log] == ["/feed"]


def test_stop_among_the_pictures_holds_nothing_against_the_others(desk: Desk, server: LoopbackServer) -> None:
    names = [f"/{number}.png" for number in range(5)]
    server.routes |= {"*": Reply(200, {}, png()), "/feed": illustrated(server, *names)}
    source = desk.add(server.address("/feed"))
    desk.on_event = lambda event: desk.http.stop() if isinstance(event, PicturesDone) else None
    summary = desk.refresh(WITH_PICTURES)
    assert (summary.stopped, summary.pictures_stored, summary.pictures_missing) == (True, 1, 0)
    assert {picture.problem for picture in pictures(desk, source)} == {""}


class Nowhere:
    """In the place of a network in which no host has a name."""

    metered = False
    received_here = 0

    def __init__(self) -> None:
        self.asked: list[str] = []

    def get(self, url: str, **_: object) -> Response:
        self.asked.append(url)
        raise FetchError("No server by the name of dead.test was found.", host_wide=True)


def test_a_host_that_is_not_there_does_not_hold_a_refresh_up_for_each_of_its_pictures(
    desk: Desk, server: LoopbackServer
) -> None:
    server.routes["/feed"] = illustrated(server, *(f"/{number}.png" for number in range(60)))
    source = desk.add(server.address("/feed"))
    desk.refresh(Plan(rates=False, full_texts=False, pictures=False))
    nowhere = Nowhere()
    with Run(nowhere, desk.lane, lambda _: None, lambda: desk.now) as run:  # type: ignore[arg-type]
        Lacks(run).fetch_pictures()
    assert len(nowhere.asked) == 2
    assert run.summary.pictures_missing == 60
    problems = {picture.problem for picture in pictures(desk, source)}
    assert problems == {"No server by the name of dead.test was found.", "127.0.0.1 could not be reached."}


def test_tracking_pixels_are_not_asked_for(desk: Desk, server: LoopbackServer) -> None:
    pixel = f'<img src="{server.address("/pixel.gif")}" width="1" height="1">'
    text = f"<description><![CDATA[<p>Text{pixel}</p>]]></description>"
    server.routes["/feed"] = Reply(200, RSS, rss([story(1, text)]))
    desk.add(server.address("/feed"))
    desk.refresh(WITH_PICTURES)
    assert [request.path for request in server.log] == ["/feed"]


def test_one_picture_under_two_addresses_is_one_file(desk: Desk, server: LoopbackServer) -> None:
    server.routes |= {
        "/feed": illustrated(server, "/a.png", "/mirror/a.png"),
        "/a.png": Reply(200, {}, png()),
        "/mirror/a.png": Reply(200, {}, png()),
    }
    source = desk.add(server.address("/feed"))
    desk.refresh(WITH_PICTURES)
    first, second = pictures(desk, source)
    assert first.key != second.key
    assert first.sha256 == second.sha256
    folder = desk.do(lambda store: store.images.file(first.sha256).parent.parent)
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1


def test_a_moving_picture_is_kept_to_the_byte(desk: Desk, server: LoopbackServer) -> None:
    frame = b"!\xf9\x04\x00\x0a\x00\x00\x00,\x00\x00\x00\x00\x02\x00\x02\x00\x00\x02\x02D\x01\x00"
    gif = b"GIF89a\x02\x00\x02\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff" + frame * 3 + b";"
    picture = one(desk, server, Reply(200, {"Content-Type": "image/gif"}, gif))
    assert desk.do(lambda store: store.images.file(picture.sha256).read_bytes()) == gif


def test_a_picture_is_asked_for_without_cookies_and_without_telling_who_shows_it(
    desk: Desk, server: LoopbackServer
) -> None:
    answer = Reply(200, {"Set-Cookie": "reader=1; Path=/"}, png())
    server.routes |= {"/feed": illustrated(server, "/a.png", "/b.png"), "/a.png": answer, "/b.png": answer}
    desk.add(server.address("/feed"))
    assert desk.refresh(WITH_PICTURES).pictures_stored == 2
    for request in server.log:
        assert not {"cookie", "referer", "origin"} & {name.lower() for name in request.headers}


def test_a_public_picture_that_redirects_home_is_not_followed(desk: Desk, server: LoopbackServer) -> None:
    with LoopbackServer({"*": Reply(200, {}, png())}) as neighbour:
        away = Reply(302, {"Location": neighbour.address("/router")})
        assert "private network" in one(desk, server, away).problem
        assert neighbour.log == []


def test_a_point_that_came_as_a_picture_is_neither_shown_nor_missed(
    desk: Desk, server: LoopbackServer
) -> None:
    picture = one(desk, server, Reply(200, {"Content-Type": "image/png"}, png(1, 1)))
    assert picture.is_beacon
    [source] = desk.do(lambda store: store.sources.all())
    [row] = desk.rows(source)
    assert (row.lead_image, row.images_total - row.images_stored) == ("", 0)
    article = desk.do(lambda store: store.articles.get(row.id))
    assert article is not None
    assert f"cache:{picture.key}" in article.html
    assert "cache:" not in for_display(article.html, {picture.key: picture})
