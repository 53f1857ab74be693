"""The reader: shows what is stored, loads nothing else, and never moves the text under the eyes."""

from __future__ import annotations

import socket
import time
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QSizeF, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage, QPalette, QTextCursor, QTextDocument, QTextTable
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QToolButton

from desktop.core.html.image_keys import image_key
from desktop.core.models import Enclosure, StoredImage
from desktop.core.picture_weight import MOST_HELD
from desktop.ui.articles.thumbnails import read_square
from desktop.ui.decoding import LIMIT_MB
from desktop.ui.reader import document as reader_document
from desktop.ui.reader import link_question
from desktop.ui.reader.document import ReaderView
from desktop.ui.reader.find_bar import STEP
from desktop.ui.reader.html import byline, language_name, reading_minutes
from desktop.ui.reader.pane import ReaderPane
from desktop.ui.reader.parts import clean_text
from desktop.ui.reader.picture_object import frame_text
from desktop.ui.reader.pictures import blank, decode
from desktop.ui.reader.quotes import quote_depth
from desktop.ui.reader.style import LARGEST_STEP, SMALLEST_STEP, ReadingStyle
from desktop.ui.reader.table_window import TableWindow
from tests.ui.reading import ReadingDesk, make_row, make_stored_article, save_picture

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

IMAGE = QTextDocument.ResourceType.ImageResource.value
KEY = "k" * 32
SHA = "s" * 64
LONG = "".join(
    f"<p>Paragraph {n}: {'words of a text that goes on for some lines ' * 6}</p>" for n in range(60)
)


@pytest.fixture
def open_pane(tmp_path, show):
    """A pane of 700 by 500 on an article with this HTML."""

    def make(html="<p>Text.</p>", images=(), **changes):
        desk = ReadingDesk(tmp_path, [make_stored_article(html, **changes)])
        desk.images = list(images)
        pane = ReaderPane(desk)
        pane.resize(700, 500)
        show(pane)
        pane.show_article(1)
        pane.desk = desk
        return pane

    return make


def blocks(pane):
    block = pane.view.document().begin()
    while block.isValid():
        yield block
        block = block.next()


def block_with(pane, text):
    return next(block for block in blocks(pane) if text in block.text())


def shown_text(pane):
    return pane.view.toPlainText()


def button(pane, name):
    return next(found for found in pane.findChildren(QToolButton) if found.accessibleName() == name)


def stored(folder, name=SHA, width=300, height=200, **changes):
    save_picture(folder, name, width, height)
    return StoredImage(
        **{
            "key": KEY,
            "url": "https://x.test/1",
            "sha256": name,
            "format": "png",
            "width": width,
            "height": height,
            "alt": "A bridge",
            **changes,
        }
    )


def test_it_shows_title_byline_and_text(open_pane):
    lines = shown_text(open_pane("<p>The text itself.</p>")).split("\n")
    assert lines[0] == "Lorries wait a day at the pass"
    assert lines[1] == "The Valley Courier · A. Writer"
    assert lines[2].startswith("Tue 24 Nov 2026, ")
    assert lines[2].endswith(" · 2 min read · English")
    assert lines[3] == "The text itself."
    assert lines[-1] == "Original at courier.test"


def test_an_article_without_a_date_says_when_it_was_seen():
    assert byline(make_stored_article(row=make_row(published=None)))[1].startswith("seen Tue 24 Nov 2026")


def test_an_updated_article_says_when():
    changed = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
    lines = byline(make_stored_article(row=make_row(updated=True), updated_at=changed))
    assert " · updated Wed 25 Nov 2026" in lines[1]


@pytest.mark.parametrize(
    ("code", "name"),
    [("kk", "Kazakh"), ("ru-RU", "Russian"), ("uz_Cyrl", "Uzbek"), ("", ""), ("xx", ""), ("not a code", "")],
)
def test_the_language_is_named(code, name):
    assert language_name(code) == name
    assert byline(make_stored_article(language=code))[1].endswith(name)


@pytest.mark.parametrize(("words", "minutes"), [(0, 0), (20, 0), (60, 1), (220, 1), (440, 2), (4_400, 20)])
def test_reading_time_is_in_whole_minutes(words, minutes):
    assert reading_minutes("word " * words) == minutes


@pytest.mark.parametrize(
    ("url", "kind", "length", "line"),
    [
        (
            "https://courier.test/x/a.mp3?k=1",
            "audio/mpeg",
            12_400_000,
            "Audio (mpeg, 12.4 MB): a.mp3 – courier.test",
        ),
        ("https://www.courier.test/b.mp4", "video/mp4", 0, "Video (mp4): b.mp4 – courier.test"),
        ("https://courier.test/c.pdf", "application/pdf", 88_000, "PDF (88 KB): c.pdf – courier.test"),
        ("https://courier.test/", "", -5, "File: courier.test"),
        ("https://[bad/d%20e.zip", "a<b>/c", 2_000, "File (c, 2 KB): d e.zip"),
    ],
)
def test_attached_files_are_listed_at_the_foot_with_kind_and_size(open_pane, url, kind, length, line):
    pane = open_pane(enclosures=(Enclosure(url, kind, length),))
    assert shown_text(pane).split("\n")[-2] == line


def test_an_attached_picture_that_the_text_shows_is_not_listed_again(open_pane, tmp_path):
    url = "https://courier.test/p.jpg"
    key = image_key(url)
    pane = open_pane(
        f'<p>a</p><img src="cache:{key}">',
        [stored(tmp_path, key=key)],
        enclosures=(
            Enclosure(url, "image/jpeg", 1),
            Enclosure("https://courier.test/q.jpg", "image/jpeg", 1),
        ),
    )
    assert "p.jpg" not in shown_text(pane)
    assert "Picture: q.jpg" in shown_text(pane)


HOSTILE = [
    "<img src='file:///etc/passwd'>",
    "<h1>Big</h1>",
    "</h1><img src='/etc/passwd'><table>",
    "<a href='javascript:x'>x</a>",
    "&lt;img src=x&gt;",
    "one\r\ntwo\u202ethree",
    "<script>x</script>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_titles_and_names_are_shown_letter_by_letter(open_pane, text):
    row = make_row(title=text, source_title=text)
    pane = open_pane(author=text, row=row, enclosures=(Enclosure("https://x.test/?" + text, text),))
    first = shown_text(pane).split("\n")[0]
    assert first.split() == "".join(text.replace("\u202e", "").replace("\r\n", " ")).split()
    assert "\u202e" not in shown_text(pane)
    assert not any(block.text().count("\ufffc") for block in blocks(pane))
    assert not pane.view.document().rootFrame().childFrames()


def test_nothing_is_shown_before_an_article_is_chosen(tmp_path, show):
    pane = ReaderPane(ReadingDesk(tmp_path))
    show(pane)
    assert pane.article_id is None
    assert not pane.view.isVisible()
    assert not pane.scroll_page()
    pane.find()
    assert not pane.sheet.find_bar.isVisible()


def test_an_article_that_is_gone_shows_none(open_pane):
    pane = open_pane()
    pane.show_article(99)
    assert pane.article_id is None


def test_an_empty_pane_gives_its_reason(open_pane):
    pane = open_pane()
    pane.show_empty("No articles", "Nothing has arrived yet.")
    assert pane.article_id is None
    assert not pane.view.isVisible()


VECTORS = [
    "file:///etc/passwd",
    "/etc/passwd",
    "etc/passwd",
    "../../etc/passwd",
    "\\\\server\\share\\x.png",
    "//server/share/x.png",
    "qrc:/x.png",
    ":/x.png",
    "data:image/png;base64,iVBORw0KGgo=",
    "http://127.0.0.1:1/x.png",
    "https://example.org/x.png",
    "cache:unknown",
    "cache:../../etc/passwd",
    "cache:/etc/passwd",
    "cache://host/" + KEY,
    "CACHE:unknown",
    "file:cache:" + KEY,
    "",
]


@pytest.fixture
def view(qtbot, tmp_path):
    """The text alone, with one picture in the store."""
    made = ReaderView(lambda sha256: tmp_path / sha256)
    qtbot.addWidget(made)
    made.show_page(["<p>Text.</p>"], {KEY: stored(tmp_path)}, ReadingStyle())
    return made


@pytest.mark.parametrize("name", VECTORS)
def test_no_other_resource_is_ever_answered(view, name):
    for kind in (1, 2, 3, 4, 100):
        for answer in (view.loadResource(kind, QUrl(name)), view.document().loadResource(kind, QUrl(name))):
            assert isinstance(answer, QImage)
            assert (answer.width(), answer.height()) == (1, 1)


def test_the_placeholder_is_never_null():
    assert not blank().isNull()


@pytest.mark.parametrize(
    "html",
    [
        "<img src='{0}'>",
        "<p style=\"background-image:url('{0}')\">x</p>",
        "<table background='{0}'><tr><td>x</td></tr></table>",
        "<style>@import url('{0}'); p {{ background: url('{0}') }}</style><p>x</p>",
        "<link rel='stylesheet' href='{0}'><p>x</p>",
        "<body background='{0}'><p>x</p></body>",
        "<object data='{0}'></object><iframe src='{0}'></iframe>",
        "<ul style=\"list-style-image:url('{0}')\"><li>x</li></ul>",
        "<input type='image' src='{0}'>",
        "<img srcset='{0} 2x' src='{0}'>",
    ],
)
def test_hostile_html_that_comes_past_the_sanitiser_still_loads_nothing(qapp, show, tmp_path, html):
    """The view is given the worst: all that Qt gets is one transparent point, and no file is read."""
    canary = save_picture(tmp_path, "canary.png", 50, 50)
    asked = []

    class Spy(ReaderView):
        def _resource(self, kind, name):
            answer = super()._resource(kind, name)
            asked.append((name.toString(), answer.width()))
            return answer

    view = Spy(lambda sha256: tmp_path / sha256)
    for name in (canary.as_uri(), str(canary), "canary.png"):
        view.show_page([html.format(name)], {}, ReadingStyle())
        view.resize(400, 300)
        show(view)
        view.grab()
    assert all(width == 1 for _, width in asked)
    colours = {
        view.grab().toImage().pixelColor(x, y).name() for x in range(0, 400, 7) for y in range(0, 300, 7)
    }
    assert "#006400" not in colours


def test_a_stored_picture_is_shown(open_pane, tmp_path, qtbot):
    pane = open_pane(f"<p><img src='cache:{KEY}' alt='A bridge'></p>", [stored(tmp_path)])
    qtbot.waitUntil(lambda: not pane.view.pictures.is_decoding)
    image = pane.view.grab().toImage()
    inside = [image.pixelColor(image.width() // 2, y).name() for y in range(image.height())]
    assert inside.count(QPalette().color(QPalette.ColorRole.Base).name()) < len(inside)
    assert any(green == "#008000" for green in inside)


def picture_sizes(pane):
    """The sizes that pictures take in the laid-out text."""
    pane.view.grab()
    sizes = []
    for block in blocks(pane):
        parts = block.begin()
        while not parts.atEnd():
            layout = parts.fragment().charFormat()
            if layout.isImageFormat():
                document = pane.view.document()
                place = parts.fragment().position()
                sizes.append(pane.view._picture_object.intrinsicSize(document, place, layout))
            parts += 1
    return sizes


def test_a_large_picture_fits_the_column_and_keeps_its_shape(open_pane, tmp_path):
    pane = open_pane(
        f"<p><img src='cache:{KEY}' width='1600' height='800'></p>",
        [stored(tmp_path, width=1600, height=800)],
    )
    (size,) = picture_sizes(pane)
    assert size.width() == pytest.approx(pane.view.pictures.width)
    assert size.height() == pytest.approx(size.width() / 2)
    pane.resize(400, 500)
    (size,) = picture_sizes(pane)
    assert size.width() <= 400


def test_a_small_picture_is_not_blown_up(open_pane, tmp_path):
    pane = open_pane(f"<p><img src='cache:{KEY}' width='900' height='600'></p>", [stored(tmp_path)])
    assert picture_sizes(pane) == [QSizeF(300, 200)]


def test_a_declared_size_cannot_distort_or_flood(open_pane, tmp_path):
    pane = open_pane(f"<p><img src='cache:{KEY}' width='30' height='99999'></p>", [stored(tmp_path)])
    assert picture_sizes(pane) == [QSizeF(30, 20)]


def test_pictures_are_decoded_no_larger_than_they_are_shown(tmp_path, qapp):
    path = save_picture(tmp_path, "big", 1600, 800)
    assert decode(path, "png", 400).width() == 400
    assert decode(path, "png", 4_000).width() == 1600


@pytest.mark.parametrize("kind", ["svg", "bmp", "xpm", "", "jpeg", "../png", "я"])
def test_a_file_that_is_not_of_its_stated_kind_is_not_decoded(tmp_path, qapp, qtlog, kind):
    with qtlog.disabled():
        assert decode(save_picture(tmp_path, "p", 10, 10), kind, 100).isNull()


def test_every_picture_that_is_stored_can_be_shown_up_to_the_bound_of_pixels(tmp_path, qapp):
    image = QImage(4_200, 4_200, QImage.Format.Format_RGB32)
    image.fill(80)
    image.save(str(tmp_path / "large"), "PNG")
    assert decode(tmp_path / "large", "png", 400).width() == 400
    assert read_square(tmp_path / "large", 72).width() == 72
    assert LIMIT_MB * 1024**2 >= MOST_HELD


@pytest.mark.parametrize("body", [b"", b"<svg/>", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"<html>"])
def test_a_damaged_file_is_not_decoded(tmp_path, qapp, qtlog, body):
    path = tmp_path / "p"
    path.write_bytes(body)
    with qtlog.disabled():
        assert decode(path, "png", 100).isNull()
    assert decode(tmp_path / "none", "png", 100).isNull()


def test_a_missing_picture_is_a_labelled_frame(open_pane):
    image = StoredImage(
        KEY, "https://x.test/1", alt="A <b>bridge</b>\u202e", problem="the site refuses pictures"
    )
    pane = open_pane(f"<p><img src='cache:{KEY}'></p>", [image])
    (size,) = picture_sizes(pane)
    assert size.width() == pytest.approx(pane.view.pictures.width)
    assert 30 < size.height() < 200
    assert frame_text(image) == "Picture missing: the site refuses pictures\nA <b>bridge</b>"
    assert (
        frame_text(image, "A <b>bridge</b>") == "Picture missing: the site refuses pictures"
    )  # its caption says it


def test_a_picture_that_was_not_asked_for_yet_says_so():
    assert frame_text(StoredImage(KEY, "https://x.test/1")) == "Picture missing: not fetched yet"


def test_a_picture_whose_file_is_gone_says_so(open_pane, tmp_path):
    image = stored(tmp_path)
    pane = open_pane(f"<p><img src='cache:{KEY}'></p>", [image])
    (tmp_path / SHA).unlink()
    pane.view.pictures.show({KEY: image})
    pane.view.grab()
    assert frame_text(image).startswith("Picture cannot be shown")


def test_the_memory_for_pictures_is_bounded(open_pane, tmp_path, monkeypatch):
    monkeypatch.setattr("desktop.ui.reader.pictures.KEPT_BYTES", 600_000)
    pane = open_pane()
    pictures = pane.view.pictures
    for n in range(6):
        pictures.decoded(stored(tmp_path, f"{n}" * 64), 300)
    assert len(pictures._decoded) == 2


def top_of(pane, text):
    cursor = QTextCursor(block_with(pane, text))
    return pane.view.cursorRect(cursor).top()


def test_arriving_pictures_leave_the_text_where_it_is(open_pane, tmp_path):
    missing = StoredImage(KEY, "https://x.test/1")
    pane = open_pane(f"<p><img src='cache:{KEY}' width='900' height='600'></p>" + LONG, [missing])
    document = pane.view.document()
    pane.scroll_page()
    pane.scroll_page()
    before = top_of(pane, "Paragraph 9")
    pane.desk.images = [stored(tmp_path, width=900, height=600)]
    pane.desk.tell(1)
    assert top_of(pane, "Paragraph 9") == pytest.approx(before, abs=2)
    assert pane.view.document() is document
    assert picture_sizes(pane)[0].height() > 200


def test_a_selection_outlives_arriving_pictures(open_pane, tmp_path):
    pane = open_pane(f"<p><img src='cache:{KEY}'></p>" + LONG, [StoredImage(KEY, "https://x.test/1")])
    cursor = QTextCursor(block_with(pane, "Paragraph 3"))
    cursor.movePosition(QTextCursor.MoveOperation.EndOfWord, QTextCursor.MoveMode.KeepAnchor)
    pane.view.setTextCursor(cursor)
    pane.desk.images = [stored(tmp_path)]
    pane.desk.tell(1)
    assert pane.view.textCursor().selectedText() == "Paragraph"


def test_an_open_article_is_not_read_again(open_pane):
    pane = open_pane(LONG)
    pane.desk.articles[1] = pane.desk.articles[1]._replace(html="<p>Changed by its publisher.</p>")
    read = pane.desk.bodies_read
    pane.scroll_page()
    place = pane.view.verticalScrollBar().value()
    pane.desk.tell(1, 2, 3)
    pane.show_article(1)
    assert pane.desk.bodies_read == read
    assert pane.view.verticalScrollBar().value() == place
    assert "Changed by" not in shown_text(pane)


def test_marks_follow_the_store(open_pane):
    pane = open_pane()
    button(pane, "Star")
    pane.desk.mark(starred=True, read=True)
    button(pane, "Remove the star")
    button(pane, "Mark as unread")


def test_the_actions_ask_for_what_they_say(open_pane):
    pane = open_pane()
    heard = []
    pane.toggle_star_requested.connect(lambda article_id: heard.append(("star", article_id)))
    pane.toggle_read_requested.connect(lambda article_id: heard.append(("read", article_id)))
    pane.open_requested.connect(lambda article_id: heard.append(("open", article_id)))
    for name in ("Star", "Mark as read", "Open in browser"):
        button(pane, name).click()
    assert heard == [("star", 1), ("read", 1), ("open", 1)]


def test_an_article_whose_address_may_not_be_opened_has_no_way_out(open_pane):
    pane = open_pane(row=make_row(url="file:///etc/passwd"))
    assert not button(pane, "Open in browser").isEnabled()


def test_links_are_opened_by_the_checked_way_only(open_pane, monkeypatch):
    opened = []
    monkeypatch.setattr(reader_document, "open_external", lambda url: opened.append(url.toString()))
    pane = open_pane("<p><a href='https://example.org/x'>link</a></p>")
    before = shown_text(pane)
    pane.view.anchorClicked.emit(QUrl("https://example.org/x"))
    pane.view.anchorClicked.emit(QUrl("file:///etc/passwd"))
    assert opened == ["https://example.org/x", "file:///etc/passwd"]
    assert shown_text(pane) == before


def test_a_link_is_followed_with_the_mouse(open_pane, monkeypatch):
    opened = []
    monkeypatch.setattr(reader_document, "open_external", lambda url: opened.append(url.toString()))
    pane = open_pane("<p><a href='https://example.org/x'>a link to follow</a></p>")
    cursor = QTextCursor(block_with(pane, "a link to follow"))
    cursor.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.MoveAnchor, 4)
    at = pane.view.cursorRect(cursor).center()
    QTest.mouseClick(pane.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert opened == ["https://example.org/x"]


def test_a_link_that_reads_otherwise_is_asked_about_first(open_pane, monkeypatch):
    opened = []
    for module in (reader_document, link_question):
        monkeypatch.setattr(module, "open_external", lambda url: opened.append(url.toString()))
    pane = open_pane("<p><a href='https://evil.example/'>example<b>.org</b></a></p>")
    pane.view.anchorClicked.emit(QUrl("https://evil.example/"))
    assert opened == []
    assert pane.sheet.link_question.isVisible()
    assert (
        pane.sheet.link_question.accessibleName() == "This link reads example.org, but leads to evil.example."
    )
    stay, go = (pane.sheet.link_question.findChildren(QPushButton)[n] for n in (1, 0))
    stay.click()
    assert opened == []
    pane.view.anchorClicked.emit(QUrl("https://evil.example/"))
    go.click()
    assert opened == ["https://evil.example/"]
    assert not pane.sheet.link_question.isVisible()


def test_a_hovered_link_is_told_as_plain_text(open_pane):
    pane = open_pane()
    heard = []
    pane.link_hovered.connect(heard.append)
    pane.view.highlighted.emit(QUrl("https://example.org/x"))
    pane.view.highlighted.emit(QUrl())
    assert heard == ["example.org — https://example.org/x", ""]


def test_a_page_at_a_time_until_the_end(open_pane):
    pane = open_pane(LONG)
    pages = 0
    while pane.scroll_page():
        pages += 1
    bar = pane.view.verticalScrollBar()
    assert pages > 3
    assert bar.value() == bar.maximum()
    assert not pane.scroll_page()


def test_a_page_keeps_the_last_lines_in_view(open_pane):
    pane = open_pane(LONG)
    pane.scroll_page()
    assert pane.view.verticalScrollBar().value() < pane.view.viewport().height()


def test_another_article_starts_at_its_top(open_pane):
    pane = open_pane(LONG)
    pane.desk.articles[2] = make_stored_article(LONG, row=make_row(id=2, title="Another"))
    pane.scroll_page()
    pane.show_article(2)
    assert pane.view.verticalScrollBar().value() == 0
    assert shown_text(pane).startswith("Another")


def test_zoom_is_remembered_and_bounded(open_pane):
    pane = open_pane("<p>Text</p>")
    normal = pane.view.reading_font.pointSizeF()
    pane.zoom(1)
    assert pane.view.reading_font.pointSizeF() > normal
    assert pane.desk.settings["reader.size"] == 1
    pane.zoom(100)
    assert pane.desk.settings["reader.size"] == LARGEST_STEP
    pane.zoom(-100)
    assert pane.desk.settings["reader.size"] == SMALLEST_STEP
    pane.reset_zoom()
    assert pane.desk.settings["reader.size"] == 0
    assert pane.view.reading_font.pointSizeF() == pytest.approx(normal)


def test_a_remembered_size_is_used(tmp_path, show):
    desk = ReadingDesk(tmp_path, [make_stored_article()])
    desk.settings["reader.size"] = 5
    pane = ReaderPane(desk)
    show(pane)
    pane.show_article(1)
    assert pane.view.reading_font.pointSizeF() > 1.5 * pane.font().pointSizeF()


def test_zoom_keeps_the_place(open_pane):
    pane = open_pane(LONG)
    for _ in range(4):
        pane.scroll_page()
    first = pane.view.cursorForPosition(QPoint(100, 0)).block().blockNumber()
    pane.zoom(3)
    assert abs(pane.view.cursorForPosition(QPoint(100, 0)).block().blockNumber() - first) <= 1


def test_resizing_keeps_the_place(open_pane):
    pane = open_pane(LONG)
    for _ in range(4):
        pane.scroll_page()
    first = pane.view.cursorForPosition(QPoint(100, 0)).block().blockNumber()
    pane.resize(450, 500)
    assert abs(pane.view.cursorForPosition(QPoint(100, 0)).block().blockNumber() - first) <= 1


@pytest.mark.parametrize("width", [320, 700, 1_400])
def test_lines_are_no_longer_than_can_be_read(open_pane, width):
    pane = open_pane(LONG)
    pane.resize(width, 500)
    pane.view.grab()
    lines = block_with(pane, "Paragraph 1:").layout()
    lengths = [lines.lineAt(n).textLength() for n in range(lines.lineCount())]
    assert max(lengths) <= 80
    if width >= 700:
        assert max(lengths) >= 55


def test_the_column_stands_in_the_middle(open_pane):
    pane = open_pane(LONG)
    pane.resize(1_400, 500)
    layout = pane.view.document().rootFrame().frameFormat()
    assert layout.leftMargin() == layout.rightMargin() > 200


def test_each_block_has_the_direction_of_its_text(open_pane):
    pane = open_pane("<p>Left to right.</p><p>שלום עולם</p><p>مرحبا بالعالم</p>")
    right = Qt.LayoutDirection.RightToLeft
    assert block_with(pane, "Left").textDirection() != right
    assert block_with(pane, "שלום").textDirection() == right
    assert block_with(pane, "مرحبا").textDirection() == right


def test_quotations_are_indented_on_the_side_where_they_start(open_pane):
    pane = open_pane(
        "<blockquote><p>Left one.</p><p>Left two.</p></blockquote>"
        "<blockquote><p>اقتباس</p></blockquote><p>After.</p>"
    )
    assert [quote_depth(block_with(pane, text)) for text in ("one", "two", "اقتباس", "After")] == [1, 1, 1, 0]
    assert block_with(pane, "اقتباس").blockFormat().rightMargin() > 0
    assert block_with(pane, "اقتباس").blockFormat().leftMargin() == 0


def test_a_quotation_has_a_bar(open_pane):
    plain_page = open_pane("<p>Words of one line.</p>").view.grab().toImage()
    quoted = open_pane("<blockquote><p>Words of one line.</p></blockquote>").view.grab().toImage()

    def columns(image):
        ground = image.pixelColor(1, image.height() - 1).name()
        return {
            x
            for x in range(image.width())
            if sum(image.pixelColor(x, y).name() != ground for y in range(image.height())) > 12
        }

    assert columns(quoted) != columns(plain_page)


def test_tables_stay_tables(open_pane):
    pane = open_pane("<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>")
    tables = [
        frame for frame in pane.view.document().rootFrame().childFrames() if isinstance(frame, QTextTable)
    ]
    assert [(table.rows(), table.columns()) for table in tables] == [(2, 2)]


def table_of(pane):
    return next(
        frame for frame in pane.view.document().rootFrame().childFrames() if isinstance(frame, QTextTable)
    )


def test_numbers_stand_to_the_right_under_their_headings(open_pane):
    rows = [
        ("Month", "Lorries", "Share"),
        ("May", "8,412", "−1.5 %"),
        ("June", "9 077", "12 %"),
        ("July", "—", "3"),
    ]
    html = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    table = table_of(open_pane(f"<table>{html}</table>"))
    right = Qt.AlignmentFlag.AlignRight
    sides = [
        [
            bool(table.cellAt(row, column).firstCursorPosition().blockFormat().alignment() & right)
            for column in range(3)
        ]
        for row in range(4)
    ]
    assert sides == [[False, True, True]] * 4


def test_words_and_their_headings_stand_to_the_left(open_pane):
    table = table_of(
        open_pane("<table><tr><th>Name</th></tr><tr><td>Osh</td></tr><tr><td>12</td></tr></table>")
    )
    for row in range(3):
        layout = table.cellAt(row, 0).firstCursorPosition().blockFormat()
        assert layout.alignment() & Qt.AlignmentFlag.AlignLeft


def test_a_caption_makes_no_columns(open_pane):
    html = "<table><caption>Traffic</caption><tr><td>a</td><td>b</td></tr></table>"
    table = table_of(open_pane(html))
    assert (table.rows(), table.columns()) == (2, 2)
    assert "Traffic" in table.cellAt(0, 0).firstCursorPosition().block().text()


def test_a_large_table_is_laid_out_once_and_not_once_a_cell(view):
    """A layout after each change of a cell would take minutes here."""
    html = "<table>" + ("<tr>" + "<td>12</td>" * 10 + "</tr>") * 90 + "</table>"
    bare = QTextDocument()
    start = time.process_time()
    bare.setHtml(html)
    bare.size()
    plain = time.process_time() - start
    start = time.process_time()
    view.show_page([html], {}, ReadingStyle())
    view.document().size()
    assert time.process_time() - start < 30 * plain + 0.5


def test_a_table_of_nothing_is_no_fault(open_pane):
    open_pane(
        "<table><tr><td></td><td></td></tr><tr><td colspan='3'></td></tr></table><table></table>"
    ).view.grab()


def test_colours_follow_the_palette(open_pane):
    pane = open_pane("<p>Text with a <a href='https://x.test/'>link</a>.</p>")
    dark = QPalette(pane.palette())
    dark.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.black)
    dark.setColor(QPalette.ColorRole.Text, Qt.GlobalColor.white)
    pane.setPalette(dark)
    meta = block_with(pane, "A. Writer").begin().fragment().charFormat().foreground().color()
    assert meta.lightness() > 120
    image = pane.view.grab().toImage()
    assert image.pixelColor(2, image.height() - 2).lightness() < 30


def test_copied_text_is_plain_and_clean(open_pane, tmp_path):
    pane = open_pane(
        f"<p>Before.</p><p><img src='cache:{KEY}'></p><p>After <b>bold</b>.</p>", [stored(tmp_path)]
    )
    pane.view.selectAll()
    pane.view.copy()
    data = QGuiApplication.clipboard().mimeData()
    assert data.formats() == ["text/plain"]
    assert "\ufffc" not in data.text()
    assert "Before." in data.text()
    assert "After bold." in data.text()


def test_runs_of_empty_lines_are_folded():
    assert clean_text("a\n\n\n\ufffc\n\n\nb  \n") == "a\n\nb"


def test_find_marks_counts_and_walks(open_pane):
    pane = open_pane("<p>One valley. Two valleys.</p>" + LONG + "<p>The last Valley.</p>")
    pane.view.complete()
    pane.find()
    bar = pane.sheet.find_bar
    assert bar.isVisible()
    bar.field.setText("valley")
    assert bar.matches == 4  # the byline names a valley too
    assert len(pane.view.extraSelections()) == 4
    QTest.keyClick(bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert pane.view.verticalScrollBar().value() > 0
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert pane.view.textCursor().blockNumber() < 3


def test_find_says_when_there_is_nothing(open_pane):
    pane = open_pane()
    pane.view.complete()
    pane.find()
    pane.sheet.find_bar.field.setText("not in here")
    assert pane.sheet.find_bar.matches == 0
    assert pane.sheet.find_bar._count.text() == "not found"


def test_escape_closes_the_search_and_gives_the_focus_back(open_pane):
    pane = open_pane("<p>valley</p>")
    pane.find()
    pane.sheet.find_bar.field.setText("valley")
    QTest.keyClick(pane.sheet.find_bar.field, Qt.Key.Key_Escape)
    assert not pane.sheet.find_bar.isVisible()
    assert pane.view.extraSelections() == []
    assert pane.view.hasFocus()


def test_another_article_closes_the_search(open_pane):
    pane = open_pane("<p>valley</p>")
    pane.desk.articles[2] = make_stored_article(row=make_row(id=2))
    pane.find()
    pane.show_article(2)
    assert not pane.sheet.find_bar.isVisible()


def test_space_reads_on_and_is_left_to_the_window_at_the_end(open_pane):
    pane = open_pane(LONG)
    QTest.keyClick(pane.view, Qt.Key.Key_Space)
    assert pane.view.verticalScrollBar().value() > 0


def test_the_pane_hands_its_focus_to_the_text(open_pane):
    pane = open_pane()
    pane.setFocus()
    assert pane.view.hasFocus()


def test_the_title_stays_in_sight_once_it_has_scrolled_away(open_pane):
    pane = open_pane(LONG)
    assert pane.sheet.bar.heading.text() == "The Valley Courier"
    pane.scroll_page()
    assert pane.sheet.bar.heading.text() == "The Valley Courier · Lorries wait a day at the pass"


def test_a_publishers_tooltip_is_not_taken_for_html(open_pane):
    pane = open_pane("<p><a href='https://x.test/' title='&lt;img src=/etc/passwd&gt;'>link</a></p>")
    assert pane.view.viewport().toolTip() == ""


def test_an_article_is_shown_without_a_single_socket(open_pane, tmp_path, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("the reader tried to open a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    html = f"<p>Text.</p><p><img src='cache:{KEY}'><img src='https://example.org/x.png'></p>" + LONG
    pane = open_pane(html, [stored(tmp_path)])
    while pane.scroll_page():
        pane.view.grab()
    assert "Paragraph 59" in shown_text(pane)


def test_a_footnote_leads_to_its_note_and_back(open_pane, qtbot):
    pane = open_pane(
        '<p>Words<sup id="r1"><a href="#n1">1</a></sup>.</p>'
        + LONG
        + '<p id="n1">The note. <a href="#r1">↩</a></p>'
        + LONG
    )
    heard = []
    pane.link_hovered.connect(heard.append)
    pane.view.highlighted.emit(QUrl("#n1"))
    assert heard == ["A place in this article; Backspace leads back"]
    pane.view.anchorClicked.emit(QUrl("#n1"))
    assert not pane.view.is_complete  # the note has still to come
    qtbot.waitUntil(lambda: pane.view.verticalScrollBar().value() > 0)
    assert abs(top_of(pane, "The note.")) <= 2
    assert pane.view.jumps.back()
    assert pane.view.verticalScrollBar().value() == 0
    assert not pane.view.jumps.back()
    assert not pane.view.jumps.to("nowhere")


def test_a_table_that_is_too_wide_opens_in_its_own_window(open_pane):
    cells = "".join(f"<td>November{n:04}</td>" for n in range(12))
    pane = open_pane(
        f"<p>a</p><table><caption>By &lt;month&gt;</caption><tr>{cells}</tr><tr>{cells}</tr></table>"
        "<table><tr><td>narrow</td></tr></table>"
    )
    assert block_with(pane, "By <month> (12 columns, 2 rows)")
    assert "November" not in shown_text(pane)
    assert "narrow" in shown_text(pane)
    pane.view.anchorClicked.emit(QUrl("table:0"))
    window = pane.findChild(TableWindow)
    document = window.view.document()
    (table,) = [frame for frame in document.rootFrame().childFrames() if isinstance(frame, QTextTable)]
    assert table.columns() == 12
    assert window.view.horizontalScrollBar().maximum() > 0
    assert all(block.layout().lineCount() <= 1 for block in iterate(document))
    window.close()


def iterate(document):
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()


def test_an_article_opens_where_it_was_left(open_pane):
    pane = open_pane(LONG * 3)
    pane.desk.articles[2] = make_stored_article(LONG, row=make_row(id=2))
    pane.view.complete()
    for _ in range(20):
        pane.scroll_page()
    there = pane.view.places.now()
    pane.show_article(2)
    assert pane.view.verticalScrollBar().value() == 0
    pane.show_article(1)
    pane.view.complete()
    assert pane.view.places.now().position == there.position
    assert pane.view.viewport().updatesEnabled()
    pane.view.verticalScrollBar().setValue(0)
    pane.hide()
    assert pane.desk.places[1] == 0


def test_a_place_beyond_the_end_is_the_end(open_pane, tmp_path):
    pane = open_pane(LONG)
    pane.show_article(None)
    pane.desk.places[1] = 10**9
    pane.show_article(1)
    pane.view.complete()
    bar = pane.view.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("Қыркүйек, ҚЫРКҮЙЕК, қыркүйек", "қыркүйек", 3),
        ("Өзгөрүү өзгөрүү", "ӨЗГӨРҮҮ", 2),
        ("Тоҷикистон ТОҶИКИСТОН", "тоҷик", 2),
        ("Oʻzbekiston", "oʻzbek", 1),
        ("aaaa", "aa", 2),
        ("one\u00a0two", "one two", 1),
    ],
)
def test_find_knows_the_case_of_every_alphabet(open_pane, text, words, found):
    pane = open_pane(f"<p>{text}</p>", row=make_row(title="T", source_title="S"), author="")
    pane.find()
    pane.sheet.find_bar.field.setText(words)
    assert pane.sheet.find_bar.matches == found


def test_find_goes_round_and_counts(open_pane):
    pane = open_pane("<p>pass</p>" + LONG + "<p>pass</p>", row=make_row(title="T"))
    pane.view.complete()
    pane.find()
    bar = pane.sheet.find_bar
    bar.field.setText("pass")
    assert bar._count.text() == "1 of 2"
    bar.next()
    assert bar._count.text() == "2 of 2"
    bar.next()
    assert bar._count.text() == "1 of 2"
    bar.previous()
    assert bar._count.text() == "2 of 2"


def test_find_reaches_what_has_not_come_yet_and_outlives_a_change_of_size(open_pane, qtbot):
    pane = open_pane(LONG * 4 + "<p>a single needle</p>")
    pane.find()
    pane.sheet.find_bar.field.setText("needle")
    assert not pane.view.is_complete
    assert pane.sheet.find_bar._count.text() == "searching…"
    qtbot.waitUntil(lambda: pane.sheet.find_bar.matches == 1)
    assert pane.sheet.find_bar._count.text() == "1 of 1"
    assert pane.view.textCursor().block().text() == "a single needle"
    assert pane.view.verticalScrollBar().value() > 0
    pane.zoom(2)
    pane.view.complete()
    assert pane.sheet.find_bar.matches == 1
    assert [each.cursor.selectedText() for each in pane.view.extraSelections()] == ["needle"]


def test_typing_a_common_letter_held_the_window_until_a_thousand_matches_were_marked(open_pane, qtbot):
    pane = open_pane("<p>" + "aha " * 700 + "</p>", row=make_row(title="T", source_title="S"), author="")
    pane.view.complete()
    pane.find()
    bar = pane.sheet.find_bar
    bar.field.setText("a")
    assert (bar.matches, len(pane.view.extraSelections()), bar._count.text()) == (STEP, STEP, f"1 of {STEP}+")
    bar.next()
    counts = [bar.matches]
    while bar.is_looking:
        QCoreApplication.processEvents()
        counts.append(bar.matches)
    assert counts == list(range(STEP, 1_001, STEP))
    assert bar._count.text() == "2 of 1,000+"
    assert len(pane.view.extraSelections()) == 1_000


def test_opening_the_search_set_the_whole_text_anew(open_pane):
    pane = open_pane(LONG * 4)
    pane.view.complete()
    changes, document = [], pane.view.document()
    document.contentsChange.connect(lambda *given: changes.append(given))
    height = pane.view.height()
    pane.find()
    pane.layout().activate()
    QCoreApplication.processEvents()
    assert pane.view.height() < height
    pane.sheet.find_bar.close_bar()
    QCoreApplication.processEvents()
    assert changes == []


def test_copied_text_has_captions_tables_and_lists_in_order(open_pane, tmp_path):
    html = (
        f'<p>Before.</p><figure><img src="cache:{KEY}" alt="alt"><figcaption>The caption</figcaption></figure>'
        "<ul><li>one</li><li>two</li></ul><table><tr><td>a</td><td>b</td></tr></table><pre>x = 1\n  y</pre><p>End.</p>"
    )
    pane = open_pane(html, [stored(tmp_path)])
    pane.view.selectAll()
    pane.view.copy()
    text = QGuiApplication.clipboard().text()
    body = text[text.index("Before.") : text.index("End.")]
    assert body.split() == ["Before.", "The", "caption", "one", "two", "a", "b", "x", "=", "1", "y"]
    assert "x = 1\n  y" in body
