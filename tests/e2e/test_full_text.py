"""Full texts through the command line: a feed that cuts, its pages, and then all of it without a network."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.fulltext import Page, pages
from tests.e2e.test_command_line import NO_SOCKETS, Shell
from tests.server import LoopbackServer, Reply

HTML = {"Content-Type": "text/html"}  # the pages say themselves which letters they are written in
SHAPES = ("portal-russian", "agency-kazakh", "news-uzbek-latin", "old-windows-1251", "long-read", "persian")
WALLS = ("pay-wall", "script-only", "cookie-wall")


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer() as made:
        yield made


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "profile")


def publish(server: LoopbackServer, shown: list[Page]) -> None:
    """A feed with the first words of each page."""
    items = []
    for page in shown:
        server.routes[f"/{page.name}"] = Reply(200, HTML, page.body)
        start = " ".join(page.text.split()[:15]) or "A few words of an article"
        items.append(
            f"<item><title>{page.name}</title><link>{server.address(f'/{page.name}')}</link>"
            f"<guid>{page.name}</guid><description>{start} […]</description></item>"
        )
    channel = f"<channel><title>Steppe Wire</title>{''.join(items)}</channel>"
    server.routes["/feed"] = Reply(
        200, {"Content-Type": "application/rss+xml; charset=utf-8"}, f'<rss version="2.0">{channel}</rss>'
    )


def test_a_feed_that_cuts_is_read_whole_and_then_without_a_network(
    shell: Shell, server: LoopbackServer
) -> None:
    known = {page.name: page for page in pages()}
    publish(server, [known[name] for name in (*SHAPES, *WALLS)])
    shell("config", "set", "news.pictures", "false")
    shell("config", "set", "archive.pause", "0")
    shell("add", server.address("/feed"))
    assert shell.json("sync", "--news")["full_texts"] == {"stored": len(SHAPES), "missing": len(WALLS)}
    server.stop()
    shell.walls += NO_SOCKETS

    articles = {article["title"]: article for article in shell.json("articles")}
    assert {name for name, article in articles.items() if article["body"]["full"]} == set(SHAPES)
    assert all(article["body"]["feed"] for article in articles.values())
    for name in SHAPES:
        shown = shell("show", str(articles[name]["id"]))
        last = known[name].text.strip().split("\n\n")[-3].split()
        assert " ".join(last[:6]) in " ".join(shown.split())
    for name in WALLS:
        told = json.loads(shell("show", str(articles[name]["id"]), "--as", "json"))
        assert told["problem"].endswith(".")
        assert "[…]" in told["text"]


def test_a_source_that_is_set_to_never_is_asked_for_its_feed_only(
    shell: Shell, server: LoopbackServer
) -> None:
    publish(server, [page for page in pages() if page.name == "long-read"])
    shell("add", server.address("/feed"), "--full-text", "never")
    shell("sync", "--news")
    assert [source["full_text"] for source in shell.json("sources")] == ["never"]
    assert server.asked("/long-read") == []
