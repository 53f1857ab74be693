"""Full text and feed text in the reader: one key between them, a word where there is none, pictures fetched again."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt

from desktop.core.fulltext_values import FullTextRule
from desktop.core.html.image_keys import image_key
from desktop.core.incoming import ImageRef, IncomingText
from desktop.core.models import Changes
from tests.server import LoopbackServer, Pause, Reply, head, script
from tests.ui.edition import NOW, make_article
from tests.ui.reading import save_picture
from tests.ui.test_reading_from_store import lane

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

FEED = "<p>The melon market opened early [...]</p>"
FULL = "<p>The melon market opened early.</p><p>Lorries had waited since midnight.</p>"
MS = 20_000
ROWS = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows


@pytest.fixture
def server():
    with LoopbackServer() as made:
        yield made


@pytest.fixture
def article(session, arrive):
    """An article whose feed cuts it."""
    return arrive([make_article(900, html=FEED, text="The melon market opened early [...]", cut=True)]).new[0]


def put(session, article_id):
    lane(
        session, lambda s: s.full_texts.put(article_id, IncomingText(FULL, "The melon market midnight"), NOW)
    )


def text(window):
    return window.reader.view.toPlainText()


def test_one_key_switches_between_full_text_and_the_feeds(window, session, article, qtbot):
    put(session, article)
    window.article_commands.show(article)
    assert "midnight" in text(window)
    assert window.reader.sheet.bar.full.isVisible()
    assert window.reader.sheet.bar.full.isChecked()
    window.reader.view.setFocus()
    qtbot.keyClick(window.reader.view, Qt.Key.Key_T)
    assert "midnight" not in text(window)
    assert not window.reader.sheet.bar.full.isChecked()
    qtbot.mouseClick(window.reader.sheet.bar.full, Qt.MouseButton.LeftButton)
    assert "midnight" in text(window)


def test_the_chosen_text_is_remembered_for_the_next_article(window, session, article, qtbot):
    put(session, article)
    window.article_commands.show(article)
    window.commands["toggle_full_text"].trigger()
    qtbot.waitUntil(lambda: session.setting("reader.full_text", True) is False)
    window.article_commands.show(1)
    assert not window.reader.sheet.bar.full.isVisible()
    window.article_commands.show(article)
    assert "midnight" not in text(window)


def test_without_a_full_text_the_reason_stands_under_the_feeds(window, session, article):
    lane(session, lambda s: s.full_texts.fail(article, "The site asks for a subscription.", NOW))
    window.article_commands.show(article)
    assert "Only the feed’s text is here. The site asks for a subscription." in text(window)
    assert not window.reader.sheet.bar.full.isVisible()


def test_full_text_that_arrives_before_the_reading_has_begun_is_shown(window, session, article):
    window.article_commands.show(article)
    put(session, article)
    session.articles_changed.emit(Changes(updated=(article,)))
    assert "midnight" in text(window)


def with_missing_picture(arrive, url):
    html = f'<p>The bridge is open.</p><figure><img src="cache:{image_key(url)}" alt="The bridge"></figure>'
    return arrive([make_article(901, html=html, images=(ImageRef(url, "The bridge"),))]).new[0]


def test_a_missing_picture_is_fetched_again(window, session, arrive, server, tmp_path, qtbot):
    url = server.address("/bridge.png")
    article_id = with_missing_picture(arrive, url)
    at_home = "UPDATE sources SET url = ?"  # only a source at home may show pictures from there
    lane(session, lambda s: s._database.connection.execute(at_home, (server.address("/feed"),)))
    server.routes["/bridge.png"] = Reply(404)
    window.article_commands.show(article_id)
    pictures = window.reader.view.pictures
    with qtbot.waitSignal(session.article_fetch.changed, timeout=MS):
        window.commands["fetch_again"].trigger()
    assert "nothing at this address" in pictures.images[image_key(url)].problem
    server.routes["/bridge.png"] = Reply(200, {}, save_picture(tmp_path, "b.png", 300, 200).read_bytes())
    with qtbot.waitSignal(session.article_fetch.changed, timeout=MS):
        window.commands["fetch_again"].trigger()
    assert pictures.images[image_key(url)].sha256
    assert len(server.asked("/bridge.png")) == 2


def test_offline_nothing_is_asked_and_the_status_bar_says_so(window, session, article, server, qtbot):
    session.set_offline(True)
    window.article_commands.show(article)
    with qtbot.waitSignal(window.fulltext_commands.said) as said:
        window.commands["fetch_again"].trigger()
    assert "offline" in said.args[0].lower()
    assert server.log == []


def choose_articles_that_lack(names, window, session, arrive, server):
    """Select one article for each picture, of these names and not here yet, the first one on top."""
    at_home = "UPDATE sources SET url = ?"
    lane(session, lambda s: s._database.connection.execute(at_home, (server.address("/feed"),)))
    ids = []
    for number, name in enumerate(names):
        url = server.address(f"/{name}.png")
        html = f'<p>The way over.</p><figure><img src="cache:{image_key(url)}" alt="It"></figure>'
        ids += arrive([make_article(901 + number, html=html, images=(ImageRef(url, "It"),))]).new
    window.articles.show_new()
    view = window.articles.view
    for article_id in ids:
        view.selectionModel().select(view.model().index_of(article_id), ROWS)
    assert sorted(view.selected_ids) == sorted(ids)


def test_what_several_articles_lack_is_fetched_in_turn(window, session, arrive, server, tmp_path, qtbot):
    server.routes["/bridge.png"] = Reply(200, {}, save_picture(tmp_path, "b.png", 300, 200).read_bytes())
    server.routes["/ferry.png"] = Reply(404)
    choose_articles_that_lack(["bridge", "ferry"], window, session, arrive, server)
    view = window.articles.view
    said, shown = [], []
    session.article_fetch.said.connect(said.append)
    session.progress_changed.connect(lambda progress: shown.append((progress.label, progress.done)))

    window.commands["fetch_again"].trigger()
    window.commands["fetch_again"].trigger()  # the same are asked for once

    qtbot.waitUntil(lambda: said == ["Fetched 1 picture. Still missing: 1 picture."], timeout=MS)
    assert shown == [("What 2 articles lack", 0), ("What 2 articles lack", 1), ("", 0)]
    assert len(server.asked("/bridge.png")) == len(server.asked("/ferry.png")) == 1
    view.selectAll()
    window.commands["fetch_again"].trigger()
    assert window.status.words.startswith("At most 20 articles are fetched again at once")


def test_the_fetch_of_several_articles_is_stopped_and_keeps_what_came(
    window, session, arrive, server, tmp_path, qtbot
):
    picture = Reply(200, {}, save_picture(tmp_path, "b.png", 300, 200).read_bytes())
    server.routes["/bridge.png"] = server.routes["/tunnel.png"] = picture
    server.routes["/ferry.png"] = script(head(Content_Length="1000"), Pause(60))  # the server goes quiet
    choose_articles_that_lack(["bridge", "ferry", "tunnel"], window, session, arrive, server)
    status = window.status
    window.commands["fetch_again"].trigger()
    qtbot.waitUntil(lambda: bool(server.asked("/ferry.png")), timeout=MS)
    qtbot.waitUntil(lambda: status._progress.text() == "What 3 articles lack 1/3")
    assert (status._bar.value(), status._bar.maximum()) == (1, 3)
    assert window.commands["stop"].isEnabled()

    qtbot.mouseClick(status._stop, Qt.MouseButton.LeftButton)

    said = "Stopped. 1 of 3 articles were asked for; what came is kept."
    qtbot.waitUntil(lambda: status.words == said, timeout=MS)
    assert not status._stop.isVisible()
    assert not window.commands["stop"].isEnabled()
    assert session.reader.images.totals().stored == 1
    assert server.asked("/tunnel.png") == []

    server.routes["/ferry.png"] = picture
    window.commands["fetch_again"].trigger()
    qtbot.waitUntil(lambda: status.words == "Fetched 2 pictures.", timeout=MS)
    assert session.reader.images.totals().stored == 3
    assert len(server.asked("/bridge.png")) == 1


def test_the_rule_of_a_source_is_chosen_in_its_menu(window, session, qtbot):
    source = session.reader.sources.all()[0]
    window.sidebar.choose(f"source:{source.id}")
    assert window.commands["full_text_cut"].isChecked()
    with qtbot.waitSignal(session.article_fetch.changed, timeout=MS):
        window.commands["full_text_always"].trigger()
    assert session.reader.sources.get(source.id).full_text is FullTextRule.ALWAYS
    assert window.commands["full_text_always"].isChecked()
    window.sidebar.choose("all")
    assert not window.commands["full_text_always"].isEnabled()
