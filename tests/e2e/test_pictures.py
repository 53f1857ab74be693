"""Pictures in every way that pages name them, in the real window: which are asked for, how, kept to the byte, drawn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QImage

from desktop.core.models import ArticleQuery
from tests.e2e.test_window import MS, Program, drawn, leaf_through, program, unplug
from tests.server import LoopbackServer, Reply, Request

__all__ = ["drawn", "program", "unplug"]

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

# Two frames of 100 by 80 points, one colour each: an animation that a new encoding would make one picture of.
_FRAME = (
    b"!\xf9\x04\x00\x0a\x00\x00\x00" + b",\0\0\0\0\x64\0\x50\0\0" + b"\x02\x06\x84\x8f\xa9\xcb\xed\x0d\x00"
)
GIF = b"GIF89a\x64\0\x50\0\x80\0\0\x10\x60\xa0\xff\xff\xff" + 2 * _FRAME + b";"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
TEXT = "The bridge was opened on Monday, and the lorries crossed it by the hundred before noon. "
ITEM = """<item><title>The bridge opens</title><guid>bridge</guid><link>{site}/bridge</link>
    <content:encoded><![CDATA[{body}]]></content:encoded></item>"""
BODY = """
    <p>{text}</p><p><img src="{site}/plain.png" alt="Plain"></p>
    <p>{text}</p>
    <p><img src="{site}/set-300x200.png" srcset="{site}/set-300x200.png 300w, {site}/set-1024x682.png 1024w,
        {site}/set.png 4000w" alt="From a set"></p>
    <p>{text}</p><p><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-src="{site}/late.png" alt="Lazy"></p>
    <p>{text}</p><picture><source srcset="{site}/part-800.png 800w"><img src="{site}/part-200.png" alt="Part"></picture>
    <p>{text}</p><p><img src="{site}/moving.gif" alt="Moving"></p>
    <p>{text}</p><p><img src="{site}/drawing.svg" alt="A drawing"></p>
    <p>{text}<img src="{site}/beacon.gif" width="1" height="1"></p>
    <p>{text}</p><p><img src="{site}/gone.png" alt="The old bridge"></p>
    <p>{text}</p>"""


def png(width: int, height: int, colour: Qt.GlobalColor) -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(colour)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


@pytest.fixture
def site() -> Iterator[tuple[LoopbackServer, dict[str, bytes]]]:
    """A site with one article, and the pictures that it has."""
    pictures = {
        "/plain.png": png(400, 300, Qt.GlobalColor.red),
        "/set-1024x682.png": png(1024, 682, Qt.GlobalColor.blue),
        "/late.png": png(300, 200, Qt.GlobalColor.green),
        "/part-800.png": png(800, 500, Qt.GlobalColor.cyan),
        "/moving.gif": GIF,
    }
    with LoopbackServer() as server:
        address = server.address("/")[:-1]
        body = BODY.format(site=address, text=TEXT * 6)
        feed = (
            '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
            f"<title>Bridge Post</title><link>{address}/</link>{ITEM.format(site=address, body=body)}"
            "</channel></rss>"
        )
        cookie = {"Set-Cookie": "seen=1; Path=/"}
        server.routes["/feed"] = Reply(200, {"Content-Type": "application/rss+xml", **cookie}, feed)
        for path, picture in pictures.items():
            server.routes[path] = Reply(200, {"Content-Type": "text/plain", **cookie}, picture)
        server.routes["/drawing.svg"] = Reply(200, {"Content-Type": "image/svg+xml"}, SVG)
        yield server, pictures


def of_pictures(server: LoopbackServer) -> list[Request]:
    return [one for one in server.log if one.path.rpartition(".")[2] in ("png", "gif", "svg")]


def test_each_picture_comes_once_in_the_size_that_is_shown_and_nothing_follows_the_reader(
    program: Program,
    site: tuple[LoopbackServer, dict[str, bytes]],
    drawn: list[str],
    unplug: object,
) -> None:
    server, pictures = site

    program.prepare(lambda store: store.settings.set("refresh.automatic", False))
    window = program.open()
    program.follow(server.address("/feed"))
    session = program.session
    (row,) = session.reader.articles.page(ArticleQuery())
    program.qtbot.waitUntil(
        lambda: all(image.sha256 or image.problem for image in session.reader.images.of_article(row.id)),
        timeout=MS,
    )
    images = session.reader.images.of_article(row.id)
    asked = of_pictures(server)
    assert sorted(one.path for one in asked) == sorted([*pictures, "/gone.png"])
    assert all(not {"cookie", "referer"} & one.headers.keys() for one in asked)
    files = [session.reader.images.file(image.sha256).read_bytes() for image in images if image.sha256]
    assert sorted(files) == sorted(pictures.values())  # to the byte, the moving one too

    window.article_commands.show(row.id)
    text = leaf_through(program.qtbot, window)
    assert set(drawn) == {image.sha256 for image in images if image.sha256}
    assert len(set(drawn)) == len(pictures)
    assert "A drawing" in text
    (missing,) = [image for image in images if not image.sha256]
    assert missing.alt == "The old bridge"
    assert "nothing at this address" in missing.problem

    server.routes["/gone.png"] = Reply(200, {}, png(200, 100, Qt.GlobalColor.magenta))
    with program.qtbot.waitSignal(session.article_fetch.changed, timeout=MS):
        window.commands["fetch_again"].trigger()
    program.qtbot.waitUntil(lambda: all(image.sha256 for image in session.reader.images.of_article(row.id)))
    drawn.clear()
    window.reader.view.verticalScrollBar().setValue(0)
    leaf_through(program.qtbot, window)
    assert len(set(drawn)) == len(pictures) + 1
    assert len(of_pictures(server)) == len(asked) + 1
