"""An article on paper: laid out in a thread, looked at page by page, stopped in the middle."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QMarginsF, Qt
from PySide6.QtGui import QFont, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from desktop.core.html.image_keys import image_key
from desktop.core.incoming import ImageRef
from desktop.core.models import StoredImage
from desktop.ui.reader import paper_view, printing
from desktop.ui.reader import print as print_
from desktop.ui.reader.parts import blocks
from desktop.ui.reader.picture_object import MOST_ON_PAPER
from desktop.ui.reader.preview import PREPARING, Preview
from desktop.ui.reader.printing import STOPPED
from desktop.ui.reader.style import ReadingStyle
from tests.ui.conftest import deliver_deletes
from tests.ui.edition import make_article
from tests.ui.reading import make_stored_article, save_picture

PICTURE, DAMAGED, GONE = (f"https://courier.test/{name}.png" for name in ("bridge", "damaged", "gone"))
WORDS = "<p>" + "The lorries waited a day at the pass while loads were counted. " * 6 + "</p>"
HTML = "".join(f'<p><img src="cache:{image_key(url)}"></p>' for url in (PICTURE, DAMAGED, GONE)) + WORDS * 60
A4 = QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF())


@pytest.fixture
def article(window, arrive):
    """An open article of several pages with a picture, a damaged one and a missing one; none is stored yet."""
    images = tuple(ImageRef(url, "") for url in (PICTURE, DAMAGED, GONE))
    (article_id,) = arrive([make_article(500, title="Bridge: open", html=HTML, images=images)]).new
    window.article_commands.show(article_id)
    return window.reader.article


@pytest.fixture
def given(tmp_path):
    """The same, without a window."""
    save_picture(tmp_path, "bridge", 300, 200)
    (tmp_path / "damaged").write_bytes(b"no picture")
    images = {}
    for url, name in ((PICTURE, "bridge"), (DAMAGED, "damaged"), (GONE, "")):
        images[image_key(url)] = StoredImage(image_key(url), url, name, "png", 300, 200)
    return manuscript(HTML, images, tmp_path)


@pytest.fixture
def preview(session, given, printer, qtbot):
    """The window of the preview, once the pages are there."""
    opened = Preview(given, printer, session.reading, None)
    opened.show()
    qtbot.waitUntil(lambda: opened.view.count > 0)
    yield opened
    opened.close()
    deliver_deletes()


@pytest.fixture
def press(session, given):
    """Prints the article, without a window: `press(printer)` gives the list of what is said then."""
    parent = QWidget()

    def print_it(printer):
        heard = []
        printing.Printing(session, heard.append, parent).print_on(printer, given)
        return heard

    yield print_it
    parent.deleteLater()


@pytest.fixture
def printer(tmp_path):
    made = print_.new_printer("Bridge")
    made.setOutputFileName(str(tmp_path / "printed.pdf"))
    made.setPageLayout(A4)
    return made


@pytest.fixture
def going_on(monkeypatch):
    """Whatever is painted on paper waits for this once a page is there; gives the numbers of the pages, too."""
    gate, painted, paint = threading.Event(), [], print_._paint_page

    def slowly(painter, document, room, number):
        paint(painter, document, room, number)
        painted.append((number, threading.current_thread() is threading.main_thread()))
        gate.wait(60)

    monkeypatch.setattr(print_, "_paint_page", slowly)
    yield gate, painted
    gate.set()


def print_on(window, printer):
    window.reader_commands._printing.print_on(
        printer, window.reader_commands._manuscript(window.reader.article)
    )


def pages_of(path):
    return path.read_bytes().count(b"/Type /Page\n")


def test_the_preview_is_a_window_beside_the_other_that_tells_how_far_it_is_and_paints_nothing_itself(
    window, article, qtbot, going_on
):
    gate, painted = going_on
    window.commands["print_preview"].trigger()
    preview = window.findChild(Preview)
    assert preview.isVisible()
    assert not preview.isModal()
    assert preview.waiting.words == (PREPARING, "The text is being set.", "Stop")
    qtbot.waitUntil(lambda: preview.waiting.words[1].startswith("Page 1 of "))
    gate.set()
    qtbot.waitUntil(lambda: preview.view.count > 0)
    count = preview.view.count
    assert count > 3
    assert painted == [(number, False) for number in range(count)]
    assert preview.waiting.words[1] in [f"Page {number + 1} of {count}" for number in range(count)]
    assert f"Page 1 of {count}" in [
        label.text().split(" ·")[0] for label in preview.findChildren(type(preview._facts))
    ]
    preview.close()


def test_of_many_pages_those_in_view_are_painted(preview, monkeypatch):
    view, painted = preview.view, []
    paint = paper_view.PaperView._paint_page
    monkeypatch.setattr(
        paper_view.PaperView,
        "_paint_page",
        lambda self, painter, recorded, page, paper: (
            painted.append(recorded.pages.index(page)),
            paint(self, painter, recorded, page, paper),
        ),
    )
    view.viewport().grab()
    assert painted == [0]
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.page == view.count
    painted.clear()
    view.viewport().grab()
    assert painted in ([view.count - 1], [view.count - 2, view.count - 1])
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.page == 1


def test_the_preview_shows_pictures_and_says_what_is_damaged(preview, monkeypatch, qtbot):
    view, frames = preview.view, []
    paint = paper_view.paint_frame
    monkeypatch.setattr(
        paper_view, "paint_frame", lambda *given: (frames.append(given[-1].split("\n")[0]), paint(*given))
    )
    view.viewport().grab()
    qtbot.waitUntil(lambda: not view._pictures.is_decoding)
    shown = view.viewport().grab().toImage()
    assert set(frames) == {"Picture cannot be shown: its file is damaged or missing"}
    (placed, damaged), where = view._recorded.pages[0].pictures, view.paper(0)
    assert damaged.image.key == image_key(DAMAGED)
    spot = where.topLeft() + (placed.area.center() - view._sheet.topLeft()) * view._scale
    picture = view._pictures.at_hand(placed.image, placed.width * view._scale)
    assert shown.pixelColor(spot.toPoint()) == picture.pixelColor(picture.rect().center())


def test_the_pages_can_be_made_larger_and_smaller_and_turned(preview, qtbot):
    view, count = preview.view, preview.view.count
    fitting = view.zoom
    view.zoom_by(2)
    assert view.zoom == pytest.approx(fitting * 1.25**2)
    assert view.horizontalScrollBar().maximum() > 0
    view.fit()
    assert view.zoom == fitting
    assert view.horizontalScrollBar().maximum() == 0
    before = view._recorded
    preview._printer.setPageOrientation(QPageLayout.Orientation.Landscape)
    preview.prepare()
    qtbot.waitUntil(lambda: view._recorded is not before)
    assert view._sheet.width() > view._sheet.height()
    assert view.count >= count


def test_a_preview_that_is_closed_while_it_is_prepared_leaves_nothing_behind(
    session, given, printer, qtbot, going_on
):
    gate, painted = going_on
    preview = Preview(given, printer, session.reading, None)
    preview.show()
    qtbot.waitUntil(lambda: bool(painted))
    preview.waiting.press()
    qtbot.waitUntil(lambda: not isValid(preview))
    gate.set()
    qtbot.waitUntil(lambda: not session.reading._stops)
    assert len(painted) == 1


def test_an_article_is_printed_in_a_thread_as_the_preview_shows_it(
    window, article, said, session, qtbot, printer, going_on, tmp_path
):
    gate, painted = going_on
    shown = []
    session.progress_changed.connect(shown.append)
    print_on(window, printer)
    qtbot.waitUntil(lambda: any(progress.total > 1 for progress in shown))
    assert window.status._stop.isVisible()
    assert shown[0].label == "Printing"
    gate.set()
    qtbot.waitUntil(lambda: bool(said))
    count = len(painted)
    assert said == [f"Printed as printed.pdf: {count} pages."]
    assert painted == [(number, False) for number in range(count)]
    assert pages_of(tmp_path / "printed.pdf") == count > 3
    assert not shown[-1].running
    manuscript = window.reader_commands._manuscript(article)
    recorded = print_.article_pages(manuscript, A4, printer.resolution(), lambda done, total: None)
    assert len(recorded.pages) == count


def test_printing_can_be_stopped(session, press, qtbot, printer, going_on):
    gate, painted = going_on
    said = press(printer)
    qtbot.waitUntil(lambda: bool(painted))
    session.stop()
    gate.set()
    qtbot.waitUntil(lambda: said == [STOPPED])
    assert len(painted) == 1
    assert not session.reading._stops


def test_what_is_being_printed_when_the_program_ends_comes_out_whole(
    session, press, qtbot, printer, going_on, tmp_path
):
    gate, painted = going_on
    said = press(printer)
    qtbot.waitUntil(lambda: bool(painted))
    session.reading.close()
    gate.set()
    qtbot.waitUntil(lambda: bool(said))
    assert pages_of(tmp_path / "printed.pdf") == len(painted) > 3


@pytest.mark.qt_log_ignore("QPainter::begin", extend=True)
def test_a_printer_that_takes_nothing_is_told_of(session, press, qtbot, printer, tmp_path):
    told = []
    session.problem.connect(told.append)
    printer.setOutputFileName(str(tmp_path / "nowhere" / "printed.pdf"))
    press(printer)
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].message == "The printer took nothing."


def test_the_print_dialog_prints_where_it_was_told_to(window, article, said, qtbot, printer, monkeypatch):
    monkeypatch.setattr(printing, "new_printer", lambda title: printer)
    window.commands["print"].trigger()
    dialog = window.findChild(print_.PrintDialog)
    assert dialog.isVisible()
    assert not dialog.isModal()
    dialog.accepted.emit(printer)
    dialog.close()
    qtbot.waitUntil(lambda: [words.partition(":")[0] for words in said] == ["Printed as printed.pdf"])


@pytest.mark.parametrize("dots", [96, 300, 1200])
def test_an_article_took_thirty_sheets_of_a_fine_printer_with_a_word_on_each_line(qtbot, tmp_path, dots):
    paper = print_.Paper(manuscript(WORDS * 8))
    writer = QPdfWriter(str(tmp_path / "page.pdf"))
    writer.setResolution(dots)
    writer.setPageLayout(A4)
    pages = []
    assert paper.print_on(writer, lambda done, total: pages.append(total)) == 2
    assert pages == [2, 2]
    layout = paper._document.documentLayout()
    text = max(layout.blockBoundingRect(block).width() for block in blocks(paper._document))
    assert text / writer.width() == pytest.approx(17 / 21, abs=0.01)  # 21 cm less 2 on each side
    paper.deleteLater()


def test_a_recorded_page_has_every_line_where_the_printed_one_has_it(qtbot, tmp_path):
    missing = {"k": StoredImage("k", "Alt", "", "", 300, 200)}
    given = manuscript(f'<p><img src="cache:k"></p><ol><li>One</li></ol>{WORDS}', missing)
    writer = QPdfWriter(str(tmp_path / "page.pdf"))
    writer.setResolution(192)  # twice that of a picture's own dots
    writer.setPageLayout(A4)
    paper, other = print_.Paper(given), print_.Paper(given)
    recorded = paper.record(writer).pages[0]
    sheet, room = other._lay_out(writer, lambda done, total: None)
    lines = [
        inked(writer, recorded.paint_words),
        inked(writer, lambda painter: other._paint(painter, sheet, room, 0)),
    ]
    assert len(lines[1]) > 10
    assert [pytest.approx(line, abs=3) for line in lines[0]] == lines[1]
    for each in (paper, other):
        each.deleteLater()


def test_in_a_dark_window_the_words_of_a_preview_were_as_light_as_their_paper(qtbot, tmp_path):
    recorded = print_.article_pages(
        manuscript("<p>The bridge is open.</p>"), A4, 96, lambda done, total: None
    )
    image = QImage(recorded.sheet.size().toSize(), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setPen(Qt.GlobalColor.white)  # that of a widget is the colour of its own words
    recorded.pages[0].paint_words(painter)
    painter.end()
    room = recorded.room.toRect()
    rows = range(room.top(), room.bottom())
    dark = [y for y in rows for x in range(room.left(), room.right()) if image.pixelColor(x, y).value() < 40]
    assert dark[-1] - dark[0] > 60  # the title, and the words a good way below it


def manuscript(html, images=None, folder=Path()):
    article = make_stored_article()._replace(html=html)
    return print_.Manuscript(article, images or {}, lambda name: folder / name, ReadingStyle(), QFont())


def inked(device, paint):
    """First and last row of dots of each line that is painted."""
    image = QImage(device.width(), device.height(), QImage.Format.Format_Grayscale8)
    image.setDotsPerMeterX(round(device.logicalDpiX() / 0.0254))
    image.setDotsPerMeterY(round(device.logicalDpiY() / 0.0254))
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    paint(painter)
    painter.end()
    body, width = bytes(image.constBits()), image.bytesPerLine()
    found, begun = [], -1
    for number in range(image.height()):
        is_inked = min(body[number * width : (number + 1) * width]) < 160
        if is_inked and begun < 0:
            begun = number
        elif not is_inked and begun >= 0:
            found.append((begun, number))
            begun = -1
    return found


def test_a_large_picture_held_the_window_while_it_was_encoded_for_paper(qtbot, tmp_path):
    save_picture(tmp_path, "large", 2100, 1400)
    image = StoredImage("k", "", "large", "png", 2100, 1400)
    paper = print_.Paper(manuscript('<p><img src="cache:k"></p>', {"k": image}, tmp_path))
    decoded = paper._object._picture(image, 8_000.0)  # dots of a fine printer
    assert 0.98 * MOST_ON_PAPER < decoded.width() * decoded.height() < 1.02 * MOST_ON_PAPER
    assert decoded.width() / decoded.height() == pytest.approx(1.5, abs=0.01)
    paper.deleteLater()
