"""An evening of reading in the real window: to the end and on, large pictures, files for others, and on tomorrow."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.core.models import ArticleRow
from desktop.ui.main_window import MainWindow
from desktop.ui.reader.picture_viewer import PictureViewer
from tests.e2e.test_window import MS, Program, filled, program, site
from tests.ui.person import Key, press

__all__ = ["filled", "program", "site"]

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def current(window: MainWindow) -> ArticleRow:
    found = window.articles.article(window.reader.article_id or 0)
    assert found is not None
    return found


def open_whole(program: Program) -> ArticleRow:
    """Open the first article with all of at least two pictures, by the keyboard alone."""
    window = program.window
    window.articles.view.setFocus()
    for _ in range(window.articles.model.rowCount()):
        press(program.qtbot, window, Key.Key_J)
        if window.reader.article_id and current(window).images_stored >= 2:
            window.reader.view.complete()
            return current(window)
    raise AssertionError("there is no such article")


def test_space_reads_to_the_end_and_goes_on_to_the_next_unread(filled: Program) -> None:
    window = filled.window
    first = open_whole(filled)
    window.reader.setFocus()
    pages = 0
    while window.reader.article_id == first.id:
        press(filled.qtbot, window, Key.Key_Space)
        pages += 1
        assert pages < 50
    assert pages >= 2
    assert window.reader.view.verticalScrollBar().value() == 0
    assert current(window).title != first.title


def test_the_pictures_of_an_article_are_looked_at_one_by_one(filled: Program) -> None:
    window = filled.window
    article = open_whole(filled)
    press(filled.qtbot, window, Key.Key_I)
    viewer = window.findChild(PictureViewer)
    filled.qtbot.waitUntil(viewer.isActiveWindow)
    for number in range(1, article.images_total + 1):
        filled.qtbot.waitUntil(lambda: not viewer._pictures.is_decoding)
        assert viewer.facts.text().startswith(f"{number} of {article.images_total} · ")
        assert not viewer.missing.isVisible()
        assert viewer.canvas.zoom > 0
        QTest.keyClick(viewer, Qt.Key.Key_Right)
    QTest.keyClick(viewer, Qt.Key.Key_Escape)
    assert not viewer.isVisible()


def test_a_missing_picture_is_fetched_again_where_it_was_missed(filled: Program) -> None:
    window, session = filled.window, filled.session
    article = open_whole(filled)
    first, second = list(window.reader.images.values())[:2]
    session.reader.images.file(first.sha256).unlink()
    session.reader.images.file(second.sha256).write_bytes(b"swapped")
    window.reader.picture_chosen.emit(first.key)  # what a click on it does
    viewer = window.findChild(PictureViewer)
    filled.qtbot.waitUntil(viewer.missing.isVisible)
    session.set_offline(True)
    viewer.missing.press()
    assert viewer.missing.words == (
        "No picture here", "Offline (switched off): nothing was fetched.", "Fetch again",
    )  # fmt: skip
    session.set_offline(False)
    with filled.qtbot.waitSignal(session.article_fetch.changed, timeout=MS):
        viewer.missing.press()
    filled.qtbot.waitUntil(lambda: not viewer._pictures.is_decoding)
    assert viewer.canvas.isVisible()
    assert not viewer.missing.isVisible()
    assert viewer.image.key == first.key
    assert viewer.facts.text().startswith(f"1 of {article.images_total} · {first.width} × {first.height}")
    for image in (first, second):
        body = session.reader.images.file(image.sha256).read_bytes()
        assert hashlib.sha256(body).hexdigest() == image.sha256
    viewer.close()


def test_what_is_saved_without_a_network_has_every_picture_inside(
    filled: Program, site: object, tmp_path: Path
) -> None:
    window = filled.window
    article = open_whole(filled)
    window.commands["offline"].trigger()
    page, paper = tmp_path / "saved.html", tmp_path / "saved.pdf"
    said: list[str] = []
    window.reader_commands.said.connect(lambda words, _: said.append(words))
    window.reader_commands.save_to(page)
    filled.qtbot.waitUntil(lambda: said == ["Saved as saved.html."])
    window.reader_commands.save_to(paper)
    filled.qtbot.waitUntil(lambda: said[1:] == ["Writing saved.pdf…", "Saved as saved.pdf."])
    text = page.read_text("utf-8")
    assert len(re.findall(r'<img src="data:image/\w+;base64,', text)) == article.images_total
    assert "<script" not in text
    assert not re.search(r'src="(?!data:)', text)
    assert paper.read_bytes().count(b"/Subtype /Image") >= article.images_total


def test_tomorrow_an_article_opens_where_it_was_left(filled: Program) -> None:
    article = open_whole(filled)
    filled.window.reader.scroll_page()
    place = filled.window.reader.view.top_character
    assert place > 0
    filled.close()
    window = filled.open()
    filled.qtbot.waitUntil(lambda: window.articles.model.rowCount() > 0)
    window.article_commands.show(article.id)
    window.reader.view.complete()
    assert window.reader.view.top_character == place
