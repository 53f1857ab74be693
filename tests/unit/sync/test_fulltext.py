"""Full texts: asked for after the news, kept beside the feed's text, or refused with a word on why."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from email.utils import format_datetime
from pathlib import Path

import pytest

from desktop.core.fulltext import SOMETHING_ELSE, Obstacle
from desktop.core.fulltext_values import NO_BETTER, FullTextRule
from desktop.core.models import Article, ArticleQuery, FetchState, Source
from desktop.store.migrating import migrate
from desktop.store.migrations import MIGRATIONS
from desktop.sync import documents
from desktop.sync.report import FullTextDone, Plan, TextDone
from tests.server import Answer, LoopbackServer, Reply
from tests.unit.sync.conftest import Desk
from tests.unit.sync.press import HTML, NOW, RSS, Press, hourly, png, rss

TEXTS = Plan(rates=False, pictures=False)
LATER = Plan((), rates=False, pictures=False)
TEASER = "The melon market of the old town opened an hour earlier on Sunday, and the first lorries were waiting [...]"
SENTENCES = [f"Trader number {n} sold melons from the valley before the noon heat." for n in range(25)]
STORY = f"<p>{TEASER[:-6]} since midnight.</p>" + "".join(f"<p>{each}</p>" for each in SENTENCES)
PAGE = (
    "<!DOCTYPE html><html><body><nav><a href='/'>Home</a></nav>"
    f"<article><h1>Melons</h1>{STORY}{{more}}</article></body></html>"
)
FOREIGN = "".join(
    f"<p>Football club {n} has signed a goalkeeper for three seasons, it announced.</p>" for n in range(9)
)


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer() as made:
        yield made


def feed(server: LoopbackServer, text: str = TEASER, path: str = "/melons", title: str = "Melons") -> Reply:
    item = (
        f"<item><title>{title}</title><link>{server.address(path)}</link><guid>{path}</guid>"
        f"<pubDate>{format_datetime(NOW)}</pubDate><description><![CDATA[<p>{text}</p>]]></description></item>"
    )
    return Reply(200, RSS, rss([item]))


def one(desk: Desk, server: LoopbackServer, page: Answer, text: str = TEASER) -> Source:
    """Follow a feed of one article whose page answers so."""
    server.routes |= {"/feed": feed(server, text), "/melons": page}
    source = desk.add(server.address("/feed"))
    desk.refresh(TEXTS)
    return source


def article(desk: Desk, source: Source) -> Article:
    [row] = desk.rows(source)
    found = desk.do(lambda store: store.articles.get(row.id))
    assert found is not None
    return found


def page(more: str = "") -> Reply:
    return Reply(200, HTML, PAGE.format(more=more))


def test_a_cut_article_is_completed_and_the_feeds_text_stays(desk: Desk, server: LoopbackServer) -> None:
    kept = article(desk, one(desk, server, page()))
    assert SENTENCES[-1] in kept.full.text
    assert "Home" not in kept.full.text
    assert SENTENCES[0] not in kept.text
    assert (kept.full.cut, kept.full.problem) == (True, "")


def test_what_a_page_hides_is_cleaned_like_a_feed(desk: Desk, server: LoopbackServer) -> None:
    evil = "<p onclick='x()'>Melons<script>alert(1)</script><a href='javascript:x()'>here</a></p>"
    html = article(desk, one(desk, server, page(evil))).full.html
    assert "Melons" in html
    assert not any(word in html for word in ("script", "onclick", "<h1"))


def test_full_text_is_found_by_its_words_once(desk: Desk, server: LoopbackServer) -> None:
    source = one(desk, server, page())
    [row] = desk.rows(source)
    for words in ("melons noon heat", "market lorries"):
        query = ArticleQuery(words=words)
        found = desk.do(lambda store, query=query: store.articles.page(query))
        assert [hit.id for hit in found] == [row.id]
        assert desk.do(lambda store, query=query: store.articles.count(query)) == 1


def test_pictures_of_the_page_are_wanted_and_one_stands_in_the_list(
    desk: Desk, server: LoopbackServer
) -> None:
    figure = (
        f'<figure><img src="{server.address("/m-1024x682.png")}"><figcaption>A melon</figcaption></figure>'
    )
    server.routes["/m-1024x682.png"] = Reply(200, {}, png(640, 480))
    source = one(desk, server, page(figure))
    assert desk.refresh(Plan((), rates=False)).pictures_stored == 1
    [row] = desk.rows(source)
    assert (row.images_total, row.images_stored) == (1, 1)
    assert row.lead_image
    server.routes["/feed"] = feed(
        server, f'{TEASER}<img src="{server.address("/m-1024x682.png")}">', title="New title"
    )
    desk.wait(hours=1)
    desk.refresh(Plan(rates=False, full_texts=False, pictures=False))
    assert desk.rows(source)[0].images_total == 1
    assert desk.do(lambda store: store.check()) == []


REFUSED: dict[str, tuple[Answer, str]] = {
    "not found": (Reply(404), "has nothing at this address"),
    "another article": (Reply(200, HTML, f"<body><article>{FOREIGN}</article></body>"), SOMETHING_ELSE),
    "no more than the feed": (
        Reply(200, HTML, f"<body><div class='text'><p>{TEASER[:80]}</p></div><div>{'<a>x</a> ' * 60}</div></body>"),
        NO_BETTER,
    ),
    "a PDF": (Reply(200, {"Content-Type": "application/pdf"}, "%PDF-1.7"), "no web page"),
    "script": (Reply(200, HTML, "<html><body><div id=root></div></body></html>"), str(Obstacle.SCRIPT)),
    "pay-wall": (
        Reply(200, HTML, f"<body><article><p>{TEASER}</p><div class='paywall'><p>Subscribe to read the rest of "
              "this story and all others for the price of one melon a month.</p></div></article></body>"),
        str(Obstacle.PAYWALL),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("answer", "words"), REFUSED.values(), ids=REFUSED)
def test_a_page_that_does_not_serve_leaves_the_feeds_text_and_a_sentence(
    desk: Desk, server: LoopbackServer, answer: Answer, words: str
) -> None:
    kept = article(desk, one(desk, server, answer))
    assert kept.full.html == ""
    assert "melon market" in kept.text
    assert words in kept.full.problem


def test_a_page_that_leads_to_another_site_is_not_taken(desk: Desk, server: LoopbackServer) -> None:
    with LoopbackServer({"*": page()}) as other:
        away = other.address("/").replace("127.0.0.1", "localhost")
        kept = article(desk, one(desk, server, Reply(302, {"Location": away})))
        assert kept.full.html == ""
        assert kept.full.problem


def test_a_failure_is_tried_again_later_and_never_final(desk: Desk, server: LoopbackServer) -> None:
    source = one(desk, server, Reply(500))
    desk.refresh(LATER)
    assert len(server.asked("/melons")) == 1
    server.routes["/melons"] = page()
    desk.wait(minutes=20)
    assert desk.refresh(LATER).full_texts_stored == 1
    kept = article(desk, source)
    assert (bool(kept.full.html), kept.full.problem) == (True, "")


def test_a_page_that_did_not_serve_is_looked_at_again_after_days(desk: Desk, server: LoopbackServer) -> None:
    source = one(desk, server, REFUSED["pay-wall"][0])
    server.routes["/melons"] = page()
    desk.wait(hours=20)
    desk.refresh(LATER)
    assert len(server.asked("/melons")) == 1
    desk.wait(hours=5)
    desk.refresh(LATER)
    assert article(desk, source).full.html


def test_a_server_that_wants_to_be_left_alone_is_asked_once(desk: Desk, server: LoopbackServer) -> None:
    busy = Reply(429, {"Retry-After": "3600"})
    items = "".join(
        f"<item><title>M{n}</title><link>{server.address(f'/m{n}')}</link><description>{TEASER}</description></item>"
        for n in range(5)
    )
    server.routes |= {"/feed": Reply(200, RSS, rss([items]))} | {f"/m{n}": busy for n in range(5)}
    desk.add(server.address("/feed"))
    summary = desk.refresh(TEXTS)
    assert sum(len(server.asked(f"/m{n}")) for n in range(5)) == 1
    assert summary.full_texts_missing == 1


def test_whole_articles_read_articles_and_sources_set_to_never_are_not_asked(
    desk: Desk, server: LoopbackServer
) -> None:
    one(desk, server, page(), text=" ".join(SENTENCES))
    server.routes |= {
        "/second": feed(server, path="/b", title="B"),
        "/third": feed(server, path="/c", title="C"),
    }
    read, never = desk.add(server.address("/second")), desk.add(server.address("/third"))
    desk.do(lambda store: store.sources.set_full_text(never.id, FullTextRule.NEVER))
    desk.refresh(Plan(rates=False, full_texts=False, pictures=False))
    desk.do(
        lambda store: store.articles.set_read(
            [row.id for row in store.articles.page(ArticleQuery(source_id=read.id))], True
        )
    )
    desk.refresh(LATER)
    assert [request.path for request in server.log if "feed" not in request.path] == ["/second", "/third"]


def test_always_asks_for_whole_articles_too(desk: Desk, server: LoopbackServer) -> None:
    source = one(desk, server, page(), text=" ".join(SENTENCES[:12]))
    assert server.asked("/melons") == []
    changed = desk.do(lambda store: store.sources.set_full_text(source.id, FullTextRule.ALWAYS))
    assert changed.full_text is FullTextRule.ALWAYS
    assert desk.refresh(LATER).full_texts_stored == 1


def test_an_edited_article_is_asked_for_again_and_keeps_its_full_text_meanwhile(
    desk: Desk, server: LoopbackServer
) -> None:
    source = one(desk, server, page())
    server.routes |= {"/feed": feed(server, f"Corrected: {TEASER}"), "/melons": Reply(500)}
    desk.wait(hours=1)
    desk.refresh(TEXTS)
    kept = article(desk, source)
    assert kept.row.updated
    assert SENTENCES[-1] in kept.full.text
    server.routes["/melons"] = page("<p>The market was on Saturday.</p>")
    desk.wait(hours=1)
    desk.refresh(LATER)
    assert "Saturday" in article(desk, source).full.text
    assert desk.do(lambda store: store.check()) == []


def test_posts_of_a_wordpress_whose_feed_cuts_are_completed_by_its_rest_interface(
    desk: Desk, press: Press
) -> None:
    press.posts = [replace(post, body=TEASER) for post in hourly(3)]
    press.shut("/wp-json/wp/v2/posts", Reply(403))
    source = desk.add_press(press)
    desk.refresh()
    press.posts = [replace(post, body=STORY) for post in press.posts]
    press.reopen()
    press.server.log.clear()
    assert desk.refresh(LATER).full_texts_stored == 3
    assert [request.query.get("include") for request in press.rest_requests] == ["3,2,1"]
    assert len(press.server.log) == 1
    assert all(
        SENTENCES[-1] in desk.do(lambda store, i=row.id: store.articles.get(i)).full.text
        for row in desk.rows(source)
    )


def test_full_texts_come_after_the_news_and_before_pictures(desk: Desk, server: LoopbackServer) -> None:
    one(desk, server, page())
    kinds = [type(event) for event in desk.events]
    assert kinds.index(TextDone) < kinds.index(FullTextDone)


def test_a_page_of_a_public_site_is_never_asked_for_at_home(desk: Desk, server: LoopbackServer) -> None:
    source = desk.add("http://reed.example/feed")
    incoming = documents.read_feed(str(feed(server).body).encode(), source.url)
    desk.do(lambda store: store.articles.apply(source.id, incoming, FetchState(), NOW))
    desk.refresh(LATER)
    assert server.log == []
    assert "private network" in article(desk, source).full.problem


def test_a_store_from_before_wants_the_short_unread_articles(tmp_path: Path) -> None:
    path = tmp_path / "chorsu.db"
    db = sqlite3.connect(path, isolation_level=None)
    migrate(db, path, MIGRATIONS[:1])
    db.execute("INSERT INTO origins (id, url_key) VALUES (1, 'x')")
    db.execute("INSERT INTO sources VALUES (1, 'u', 'feed', 't', '', '', '', '', '', 1, 0)")
    for number, (read, excerpt) in enumerate([(0, "short"), (1, "short"), (0, "long " * 80)], 1):
        db.execute(
            "INSERT INTO articles (id, source_id, sort_at, read, title, url, excerpt) VALUES (?, 1, 5, ?, 't', 'u', ?)",
            (number, read, excerpt),
        )
    migrate(db, path)
    assert db.execute("SELECT article_id, wanted FROM full_texts").fetchall() == [(1, 1)]
    db.close()


SIZES = {  # where the feed has the picture, where the page has it, and which of them is asked for
    "a thumbnail": ("/2026/market-hall-300x200.png", "/2026/market-hall-1024x682.png", "page"),
    "the original": ("/2026/market-hall.png", "/2026/market-hall-1024x682.png", "feed"),
    "asked for by width": ("/2026/market-hall.png?w=320", "/2026/market-hall.png?w=1200", "page"),
}


@pytest.mark.parametrize("name", SIZES)
def test_a_picture_that_feed_and_page_show_in_two_sizes_is_one_and_comes_once(
    desk: Desk, server: LoopbackServer, name: str
) -> None:
    small, large, best = SIZES[name]
    shown = f'{TEASER}<img src="{server.address(small)}" width="640">'
    page = PAGE.format(more=f'<figure><img src="{server.address(large)}" width="1024"></figure>').encode()
    for path in {small.partition("?")[0], large.partition("?")[0]}:
        server.routes[path] = Reply(200, {"Content-Type": "image/png"}, png(640, 480))
    source = one(desk, server, Reply(200, HTML, page), text=shown)
    desk.refresh(Plan((), rates=False))
    [row] = desk.rows(source)
    article = desk.do(lambda store: store.articles.get(row.id))
    assert article is not None
    [picture] = desk.do(lambda store: store.images.of_article(row.id))
    assert picture.sha256
    assert picture.url == server.address(large if best == "page" else small)
    assert f'src="cache:{picture.key}"' in article.html
    assert f'src="cache:{picture.key}"' in article.full.html
    assert article.row.images_total == 1
    assert len([request for request in server.log if "market-hall" in request.path]) == 1
