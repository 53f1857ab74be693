"""A long article comes in slices: what stands there in the end is what would stand there at once."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QPalette, QTextDocument

from desktop.core.html.display import for_display, slices_for_display
from desktop.core.models import StoredImage
from desktop.ui.reader import pictures as reader_pictures
from desktop.ui.reader.document import ReaderView
from desktop.ui.reader.page import ArticleDocument
from desktop.ui.reader.pane import ReaderPane
from desktop.ui.reader.parts import blocks, fragments
from desktop.ui.reader.picture_object import fitted, middle
from desktop.ui.reader.pictures import blank
from desktop.ui.reader.relaying import AT_ONCE
from desktop.ui.reader.style import ReadingStyle, serif_family
from desktop.ui.theme import SPACE_M
from tests.ui.reading import ReadingDesk, make_stored_article, save_picture

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

MIXED = "".join(
    f"<h2>Part {n}</h2><p>One <b>bold {n}</b> and <a href='https://a.test/{n}'>a link</a>.</p>"
    "<ul><li>a</li><li>b</li></ul><p>שלום עולם</p><blockquote><p>Q</p><p>R</p></blockquote>"
    "<table><tr><td>1</td><td>2</td></tr></table><ol start='3'><li>c</li></ol><pre>x\ny</pre><hr>"
    f'<figure><img src="cache:k"><figcaption>Caption {n}</figcaption></figure><p>End.</p>'
    for n in range(12)
)


@pytest.fixture
def view(qtbot, tmp_path):
    save_picture(tmp_path, "k", 300, 200)
    made = ReaderView(lambda name: tmp_path / name)
    made.resize(700, 500)
    made.show()
    yield made
    made.close()
    made.deleteLater()


IMAGES = {"k": StoredImage("k", "", "k", "png", 300, 200)}


def formats(document: QTextDocument):
    """Everything that can be seen of a document, block by block."""
    found = []
    for block in blocks(document):
        layout = block.blockFormat()
        kept = block.textList()
        runs = [(part.text(), part.charFormat().properties()) for part in fragments(block)]
        found.append((layout.properties(), kept.format().style() if kept else None, runs))
    return found


@pytest.mark.parametrize("style", [ReadingStyle(), ReadingStyle(justified=True, font="serif")])
def test_a_text_in_slices_looks_as_it_does_whole(view, style):
    view.show_page([for_display(MIXED, IMAGES)], IMAGES, style)
    view.complete()
    whole = formats(view.document())
    slices = list(slices_for_display(MIXED, IMAGES, 200, 300))
    assert len(slices) > 5
    view.show_page(slices, IMAGES, style)
    view.complete()
    assert formats(view.document()) == whole


@pytest.mark.parametrize("html", [MIXED, "<div>" + MIXED + "</div>", "bare <p>a</p> text " * 500, ""])
def test_slices_are_whole_blocks_and_lose_nothing(html):
    slices = list(slices_for_display(html, {}, 100, 100))
    assert "".join(slices) == for_display(html, {})
    assert all(part.startswith(("<p", "<h")) for part in slices[1:])
    assert all(part.count("<ul>") == part.count("</ul>") for part in slices)


def test_the_rest_of_a_long_text_comes_by_itself(view, qtbot):
    with qtbot.waitSignal(view.completed):
        view.show_page(slices_for_display(MIXED, IMAGES, 200, 300), IMAGES, ReadingStyle())
        assert "Part 11" not in view.toPlainText()
    assert "Part 11" in view.toPlainText()


def test_another_article_stops_what_was_still_coming(view, qtbot):
    view.show_page(slices_for_display(MIXED, IMAGES, 200, 300), IMAGES, ReadingStyle())
    with qtbot.waitSignal(view.completed):
        view.show_page(["<p>Short.</p>"], {}, ReadingStyle())
    assert view.toPlainText() == "Short."


def test_a_place_that_has_not_come_yet_is_brought(view):
    view.show_page(slices_for_display(MIXED, IMAGES, 200, 300), IMAGES, ReadingStyle())
    view.complete()
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    place = view.places.now()
    view.restyle(ReadingStyle())
    assert view.places.now() == place


@pytest.fixture
def decoding(monkeypatch):
    """What is decoded waits until `go` is set; (the threads that decode, go)."""
    threads, go = [], threading.Event()
    decode = reader_pictures.decode

    def noted(*args):
        threads.append(threading.current_thread())
        go.wait(10)
        return decode(*args)

    monkeypatch.setattr(reader_pictures, "decode", noted)
    yield threads, go
    go.set()


def is_green(view):
    image = view.grab().toImage()
    return any(image.pixelColor(image.width() // 2, y).name() == "#008000" for y in range(image.height()))


def test_pictures_are_decoded_beside_the_window_and_the_page_is_painted_with_them(view, qtbot, decoding):
    threads, go = decoding
    view.show_page(['<p><img src="cache:k"></p>'], IMAGES, ReadingStyle())
    qtbot.waitUntil(lambda: bool(threads))  # by the layout: nothing has been painted
    assert not view.viewport().updatesEnabled()
    go.set()
    qtbot.waitUntil(view.viewport().updatesEnabled)
    assert not view.pictures.is_decoding
    assert is_green(view)
    assert threads
    assert threading.main_thread() not in threads


def test_a_picture_that_takes_long_does_not_keep_the_text_away(view, qtbot, decoding):
    _, go = decoding
    view.show_page(['<p>Words.</p><p><img src="cache:k"></p>'], IMAGES, ReadingStyle())
    assert not view.viewport().updatesEnabled()
    qtbot.waitUntil(view.viewport().updatesEnabled)
    assert view.pictures.is_decoding
    go.set()
    qtbot.waitUntil(lambda: not view.pictures.is_decoding)
    assert is_green(view)


def test_a_picture_never_flickers_while_its_column_gets_another_width(view, qtbot, decoding):
    _, go = decoding
    go.set()
    view.show_page(['<p>Words.</p><p><img src="cache:k"></p>'], IMAGES, ReadingStyle())
    qtbot.waitUntil(lambda: not view.pictures.is_decoding)
    go.clear()
    view.resize(250, 500)
    assert is_green(view)
    assert view.pictures.is_decoding
    view.update_pictures(IMAGES)
    assert is_green(view)
    go.set()
    qtbot.waitUntil(lambda: not view.pictures.is_decoding)
    assert is_green(view)


def test_no_more_is_decoded_ahead_than_there_is_room_for(view, qtbot, decoding, monkeypatch):
    threads, go = decoding
    go.set()
    monkeypatch.setattr(reader_pictures, "AHEAD_BYTES", 2 * 300 * 200 * 4)
    images = {f"{n}": StoredImage(f"{n}", "", f"{n}", "png", 300, 200) for n in range(9)}
    view.resize(700, 100)
    view.show_page(
        ["<p>Words.</p>" * 20 + '<p><img src="cache:%s"></p>' * 9 % tuple(images)], images, ReadingStyle()
    )
    view.document().size()
    qtbot.waitUntil(lambda: not view.pictures.is_decoding)
    assert len(threads) == 2


def test_the_texts_of_articles_that_were_left_do_not_stay_in_memory(view, qtbot):
    for number in range(5):
        view.show_page([f"<p>{number}</p>", "<p>More.</p>"], {}, ReadingStyle())
        view.complete()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert view.findChildren(QTextDocument) == [view.document()]


def long_text():
    return "".join(f"<p>{n} {'words and more words ' * 10}</p>" for n in range(400))


def test_a_long_text_keeps_its_place_and_its_layout_until_the_window_is_no_longer_resized(view, qtbot):
    view.show_page(slices_for_display(long_text(), {}), {}, ReadingStyle())
    view.complete()
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() * 2 // 3)
    before, document, width = view.places.now(), view.document(), view.document().textWidth()
    for step in range(5):
        view.resize(690 - 50 * step, 500)
    assert view.document() is document
    assert document.textWidth() == width
    assert not view.horizontalScrollBar().isVisible()
    qtbot.waitUntil(lambda: view.document() is not document)
    assert not view.viewport().updatesEnabled()
    qtbot.waitUntil(view.viewport().updatesEnabled)
    assert view.document().textWidth() == view.viewport().width()
    assert view.places.now().position == pytest.approx(before.position, abs=200)
    view.complete()


def test_a_long_selection_outlives_another_size_of_the_text(view, qtbot):
    view.show_page(slices_for_display(long_text(), {}), {}, ReadingStyle())
    view.complete()
    view.selectAll()
    words = view.textCursor().selectedText()
    view.restyle(ReadingStyle(step=2))
    qtbot.waitUntil(lambda: view.is_complete)
    assert view.textCursor().selectedText() == words
    assert view.viewport().updatesEnabled()


def test_all_that_is_selected_while_the_text_has_still_to_come_is_all_of_it(view, qtbot):
    view.show_page(slices_for_display(long_text(), {}), {}, ReadingStyle())
    view.selectAll()
    first = len(view.textCursor().selectedText())
    assert not view.is_complete
    qtbot.waitUntil(lambda: view.is_complete)
    whole = len(view.textCursor().selectedText())
    assert first < whole == view.characters - 1


def test_what_is_copied_to_the_end_goes_to_the_end_of_what_has_still_to_come(view):
    view.show_page(slices_for_display(long_text(), {}), {}, ReadingStyle())
    view.selectAll()
    assert not view.is_complete
    copied = view.createMimeDataFromSelection().text()
    assert view.is_complete
    assert copied == view.createMimeDataFromSelection().text()
    assert len(copied) > view.characters * 0.9


def test_another_height_while_the_width_was_not_quiet_yet_set_the_whole_text_anew(view, qtbot):
    view.show_page(slices_for_display(long_text(), {}), {}, ReadingStyle())
    view.complete()
    document, changes = view.document(), []
    document.contentsChange.connect(lambda *given: changes.append(given))
    view.resize(640, 500)
    view.resize(640, 420)
    assert view.document() is document
    assert changes == []
    qtbot.waitUntil(lambda: view.document() is not document and view.is_complete)


def test_pictures_that_come_together_are_laid_out_a_few_at_a_time(view, qtbot, tmp_path):
    missing = {f"k{n}": StoredImage(f"k{n}", "", "", "", 0, 0) for n in range(3 * AT_ONCE)}
    html = "".join(f'<p>Words.</p><figure><img src="cache:{key}"></figure>' for key in missing)
    view.show_page(slices_for_display(html, missing), missing, ReadingStyle())
    view.complete()
    height = view.document().size().height()
    come = {key: StoredImage(key, "", "k", "png", 300, 200) for key in missing}
    view.update_pictures(come)
    heights = [view.document().size().height()]
    while not view.relaying.is_over:
        QCoreApplication.processEvents()
        heights.append(view.document().size().height())
    assert height < heights[0] < heights[1] < heights[2]
    assert heights[-1] - height == pytest.approx(3 * (heights[0] - height), rel=0.01)
    qtbot.waitUntil(lambda: not view.pictures.is_decoding)


def test_a_change_in_the_settings_is_seen_at_once(tmp_path, show):
    pane = ReaderPane(ReadingDesk(tmp_path, [make_stored_article("<p>Words.</p>" * 3)]))
    pane.resize(1_200, 500)
    show(pane)
    pane.show_article(1)
    margin = pane.view.document().rootFrame().frameFormat().leftMargin()
    pane.apply_setting("reader.width", 50)
    assert pane.view.document().rootFrame().frameFormat().leftMargin() > margin
    pane.apply_setting("reader.justified", True)
    assert pane.view.document().defaultTextOption().alignment() == Qt.AlignmentFlag.AlignJustify
    pane.apply_setting("reader.font", "serif")
    assert pane.view.document().defaultFont().family() == serif_family()
    document = pane.view.document()
    pane.apply_setting("ticker.motion", False)
    assert pane.view.document() is document


@pytest.mark.parametrize(
    ("key", "value", "kept"),
    [
        ("reader.width", 500, ("characters", 90)),
        ("reader.leading", 0, ("leading", 130)),
        ("reader.size", "large", ("step", 0)),
        ("reader.font", "wingdings", ("font", "sans")),
    ],
)
def test_a_setting_that_makes_no_sense_does_no_harm(key, value, kept):
    style = ReadingStyle().with_setting(key, value)
    assert getattr(style, kept[0]) == kept[1]


def test_a_picture_that_a_camera_turned_stands_upright(tmp_path, qapp):
    path = save_picture(tmp_path, "turned", 200, 100, "JPEG")
    body = path.read_bytes()
    entry = bytes.fromhex("0112 0003 00000001 0006 0000")  # orientation: turn by 90 degrees
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01" + entry + bytes(4)
    path.write_bytes(body[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2) + exif + body[2:])
    image = reader_pictures.decode(path, "jpeg", 150)
    assert (image.width(), image.height()) == (75, 150)
    room = QRectF(10, 10, 150, 75)
    assert fitted(QSizeF(75, 150), room).size().toTuple() == (37.5, 75.0)
    assert fitted(QSizeF(75, 150), room).center() == room.center()
    assert fitted(QSizeF(150, 75), room) == room


def test_a_quotation_without_paragraphs_keeps_its_distance_from_what_follows(qapp):
    document = ArticleDocument(lambda *_: blank(), ReadingStyle(), QFont(), QPalette(), qapp)
    document.begin_with("<blockquote>We were told on Friday.</blockquote><ul><li>Fruit first</li></ul>")
    assert document.begin().blockFormat().bottomMargin() >= SPACE_M
    document.deleteLater()


def test_a_gallery_fills_the_column_in_rows_and_each_picture_can_be_chosen(view, qtbot, tmp_path):
    images = {}
    for name, width, height in (("a", 300, 200), ("b", 200, 600), ("c", 900, 200)):
        save_picture(tmp_path, name, width, height)
        images[name] = StoredImage(name, "", name, "png", width, height)
    figures = "".join(f'<figure><img src="cache:{name}"></figure>' for name in images)
    view.show_page([for_display(f"<p>Words.</p><figure>{figures}</figure>", images)], images, ReadingStyle())
    qtbot.waitUntil(lambda: not view.pictures.is_decoding)
    assert view.viewport().updatesEnabled()
    picture = view.grab().toImage()
    line = view.document().begin().next().layout().lineAt(0)
    assert view.document().begin().next().layout().lineCount() == 1
    assert view.pictures.width - 3 <= line.naturalTextWidth() <= view.pictures.width
    rect = view.document().documentLayout().blockBoundingRect(view.document().begin().next())
    left, cell, y = view.margin, view.pictures.width / 3, round(rect.center().y())
    for place, name in enumerate(images):
        middle = round(left + cell * (place + 0.5))
        assert view.picture_at(QPoint(middle, y)) == name
        assert picture.pixelColor(middle, y).name() == "#008000"
        assert picture.pixelColor(round(left + cell * place) + 8, y).name() == "#008000"


@pytest.mark.parametrize(
    ("size", "part"), [((300, 200), (50, 0, 200, 200)), ((200, 600), (0, 200, 200, 200))]
)
def test_the_middle_of_a_picture_fills_its_room_in_a_gallery(size, part):
    assert middle(QSizeF(*size), QSizeF(90, 90)).getRect() == part
