"""A site and its category in one window, over a real refresh: one row a story, read once, whatever the feeds change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.core.models import ArticleQuery, NewSource, View
from desktop.store import Store
from desktop.ui.main_window import MainWindow
from tests.e2e.test_window import MS, NOW, Program
from tests.server import LoopbackServer, Reply
from tests.ui.person import row

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

ITEM = """<item><title>{title}</title><link>{link}</link><guid isPermaLink="false">{guid}</guid>
    <pubDate>Tue, 24 Nov 2026 0{hour}:00:00 +0000</pubDate><description>The ferry sails.</description></item>"""


def feed(name: str, *items: str) -> bytes:
    return f"""<rss version="2.0"><channel><title>{name}</title><link>https://reed.example/</link>
        {"".join(items)}</channel></rss>""".encode()


def story(number: int, guid: str, link: str = "https://reed.example/{}") -> str:
    return ITEM.format(title=f"Ferry {number} sails", link=link.format(number), guid=guid, hour=number)


SITE = feed("Reed", *(story(number, f"a{number}") for number in (1, 2, 3, 4)))
CATEGORY = feed("Reed Rivers", *(story(number, f"b{number}") for number in (2, 3)))
# New guids, http in place of https, links that count clicks, one of them twice.
LATER = feed(
    "Reed Rivers",
    *(story(number, f"c{number}", "http://www.reed.example/{}?utm_source=rss") for number in (2, 3, 3, 4)),
)


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer(
        {"/site": Reply(body=SITE), "/rivers": [Reply(body=CATEGORY), Reply(body=LATER)]}
    ) as made:
        yield made


@pytest.fixture
def window(server: LoopbackServer, tmp_path: Path, qtbot: QtBot) -> Iterator[MainWindow]:
    def follow(store: Store) -> None:
        store.sources.add(NewSource(server.address("/site"), title="Reed"), NOW)
        store.sources.add(NewSource(server.address("/rivers"), title="Reed Rivers", folder="Categories"), NOW)

    program = Program(tmp_path / "profile", qtbot)
    program.prepare(follow)
    yield program.open()
    program.close()


def refresh(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.session.refreshed, timeout=MS):
        window.session.refresh(rates=False)
    qtbot.wait(200)  # what comes in is gathered
    window.articles.show_query(ArticleQuery(View.UNREAD))
    window.sidebar.refill()


def test_a_story_of_site_and_category_is_one_row_read_once_and_stays_read(
    window: MainWindow, qtbot: QtBot
) -> None:
    refresh(window, qtbot)
    rows = [row(window, at) for at in range(window.articles.model.rowCount())]
    assert [(one.title[6], len(one.also_in)) for one in rows] == [("4", 0), ("3", 1), ("2", 1), ("1", 0)]
    assert window.articles.position.text().endswith("of 4 · 2 copies folded")
    assert window.sidebar.model.unread == 4

    window.commands["mark_all_read"].trigger()
    qtbot.waitUntil(lambda: window.sidebar.model.unread == 0)
    qtbot.waitUntil(window.commands["undo"].isEnabled)
    window.commands["undo"].trigger()
    qtbot.waitUntil(lambda: window.sidebar.model.unread == 4)
    window.commands["redo"].trigger()
    qtbot.waitUntil(lambda: window.sidebar.model.unread == 0)

    refresh(window, qtbot)
    assert window.sidebar.model.unread == 0
    articles = window.session.reader.articles
    assert articles.count(ArticleQuery(once=True)) == 4
    assert articles.folded(ArticleQuery(once=True)) == 3  # the fourth is in the category now too
    rivers = window.session.reader.sources.all()[1]
    assert articles.count(ArticleQuery(source_id=rivers.id, once=True)) == 3
