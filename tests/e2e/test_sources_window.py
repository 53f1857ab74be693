"""Sources through the real window: found, looked at and followed; put in order; looked after."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QListWidget

from desktop.demo.site import DemoSite
from desktop.ui.sources.add_dialog import AddSourceDialog
from tests.e2e.test_window import MS, Program, program, site
from tests.server import LoopbackServer, Reply

__all__ = ["program", "site"]

RSS = {"Content-Type": "application/rss+xml"}


def feed(title: str, *days: int) -> str:
    """A feed with an article of each day of November 2026, in this order."""
    items = "".join(
        f"<item><title>{title}: {day} ноября</title><guid>{title}-{day}</guid>"
        f"<pubDate>{day:02} Nov 2026 08:00:00 GMT</pubDate><description>Текст {day}</description></item>"
        for day in days
    )
    return f"<rss version='2.0'><channel><title>{title}</title><link>https://reed.example/</link>{items}</channel></rss>"


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer({"/feed.xml": Reply(200, RSS, feed("Камыш", 3, 9, 1, 20, 5, 12, 7))}) as running:
        yield running


def drop(program: Program, address: str) -> AddSourceDialog:
    """Let a link fall on the middle of the window, as from a browser."""
    window, data = program.window, QMimeData()
    data.setUrls([QUrl(address)])
    where, button, none = QPoint(300, 300), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(where, Qt.DropAction.CopyAction, data, button, none)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(where.toPointF(), Qt.DropAction.CopyAction, data, button, none))
    dialog = window.findChild(AddSourceDialog)
    assert dialog is not None
    return dialog


def lines(dialog: AddSourceDialog, name: str) -> list[str]:
    shown = next(each for each in dialog.findChildren(QListWidget) if each.accessibleName() == name)
    return [shown.item(row).text() for row in range(shown.count())]


def test_a_dropped_link_shows_every_feed_of_a_site_and_its_newest_articles_before_anything_is_stored(
    program: Program, site: DemoSite
) -> None:
    program.prepare(lambda store: None)
    program.open()
    dialog = drop(program, f"{site.url}/")
    program.qtbot.waitUntil(lambda: len(lines(dialog, "Newest articles")) == 5, timeout=MS)

    found = lines(dialog, "What was found")
    assert "WordPress site" in found[0]
    assert sum("/category/" in line for line in found) >= 3
    assert [("/comments/" in line) for line in found].index(True) == len(found) - 1
    assert program.session.reader.sources.all() == []


def test_a_link_with_the_scheme_of_feeds_is_followed_when_add_is_pressed(
    program: Program, server: LoopbackServer
) -> None:
    program.prepare(lambda store: store.settings.set("news.pictures", False))
    program.open()
    dialog = drop(program, "feed:" + server.address("/feed.xml"))
    program.qtbot.waitUntil(lambda: len(lines(dialog, "Newest articles")) == 5, timeout=MS)
    assert [line.rpartition(": ")[2] for line in lines(dialog, "Newest articles")] == [
        f"{day} ноября" for day in (20, 12, 9, 7, 5)
    ]
    add = next(b for b in dialog.findChild(QDialogButtonBox).buttons() if b.text() == "&Add")
    with program.qtbot.waitSignal(program.session.refreshed, timeout=MS):
        program.qtbot.mouseClick(add, Qt.MouseButton.LeftButton)
    assert [source.title for source in program.session.reader.sources.all()] == ["Камыш"]
