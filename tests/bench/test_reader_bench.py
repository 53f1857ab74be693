"""How long the window stands still while a long article is opened: 500 KB of text with 40 pictures.

Steps are counted, and compared with what the whole at once costs in the same run.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMarginsF, QObject, Signal
from PySide6.QtGui import QFont, QImage, QPageLayout, QPageSize, QPalette
from pytestqt.qtbot import QtBot

from desktop.core.html.display import for_display, slices_for_display
from desktop.core.models import StoredImage
from desktop.core.search_marks import marker
from desktop.ui.reader.document import ReaderView
from desktop.ui.reader.hit_marks import HitMarks
from desktop.ui.reader.pictures import decode
from desktop.ui.reader.print import Manuscript, article_pages
from desktop.ui.reader.sheet import Sheet
from desktop.ui.reader.style import ReadingStyle
from tests.ui.reading import make_stored_article

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

SENTENCE = (
    "The lorries waited a day at the pass while the ministry counted loads. Перевал открыт для грузовиков. "
)
PICTURES = 40
MOST_MS = 50.0  # of this thread's own time in one step, on any machine


def long_article() -> str:
    """500 KB of paragraphs and headings, a list and a table now and then, and 40 figures."""
    parts: list[str] = []
    size = 0
    while size < 500_000:
        number = len(parts)
        text = f'<p>{SENTENCE * 5}<a href="https://a.test/{number}">A link</a> and <b>more</b>.</p>'
        if number % 40 == 20:
            text += f"<h2>Part {number}</h2><ul><li>{SENTENCE}</li><li>{SENTENCE}</li></ul>"
            text += "<table><tr><th>A</th><th>B</th></tr>" + "<tr><td>1</td><td>2</td></tr>" * 8 + "</table>"
        parts.append(text)
        size += len(text.encode())
    every = len(parts) // PICTURES
    for picture in range(PICTURES):
        parts[picture * every] += (
            f'<figure><img src="cache:{picture}"><figcaption>{SENTENCE}</figcaption></figure>'
        )
    return "".join(parts)


@pytest.fixture
def pictures(tmp_path: Path) -> dict[str, StoredImage]:
    """40 photographs of 1600 by 1067."""
    image = QImage(1600, 1067, QImage.Format.Format_RGB32)
    stored = {}
    for number in range(PICTURES):
        image.fill(0x304050 + 0x30 * number)
        for x in range(0, 1600, 5):
            for y in range(0, 1067, 97):
                image.setPixel(x, y, x * 7919 + y * number)
        image.save(str(tmp_path / f"{number}"), "JPEG", 85)  # type: ignore[call-overload]
        stored[str(number)] = StoredImage(str(number), "", f"{number}", "jpeg", 1600, 1067)
    return stored


@pytest.fixture
def view(qtbot: QtBot, tmp_path: Path) -> Iterator[ReaderView]:
    """A reader that has shown something already: the first letters of a font cost more than a page."""
    view = ReaderView(lambda name: tmp_path / name)
    view.resize(800, 800)
    view.show()
    view.show_page([f"<h2>A</h2><p>{SENTENCE}<b>{SENTENCE}</b></p>"], {}, ReadingStyle())
    view.complete()
    view.viewport().grab()
    yield view
    qtbot.waitUntil(lambda: not view.pictures.is_decoding)
    view.close()
    view.deleteLater()


@pytest.fixture(autouse=True)
def _settled() -> Iterator[None]:
    """As the program does after its first paint: what is loaded by now is not looked through again."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def timed(job: Callable[[], object]) -> float:
    """Milliseconds of this thread's own work, so that a busy machine does not count."""
    start = time.thread_time()
    job()
    return (time.thread_time() - start) * 1000


def test_opening_half_a_megabyte_never_holds_the_window(
    view: ReaderView, pictures: dict[str, StoredImage]
) -> None:
    html = long_article()
    app = QCoreApplication.instance()
    assert app is not None

    def open_whole() -> None:
        view.show_page([for_display(html, pictures)], pictures, ReadingStyle())
        view.repaint()
        app.processEvents()

    whole = min(timed(open_whole) for _ in range(3))
    rounds = [opened_in_steps(view, html, pictures) for _ in range(3)]
    longest = min(max(steps) for steps in rounds)
    print(f"whole {whole:.1f} ms, longest step {longest:.1f} ms of {[len(steps) for steps in rounds]} steps")
    assert all(len(steps) >= 20 for steps in rounds)
    assert longest < whole / 3
    assert longest < MOST_MS


def opened_in_steps(view: ReaderView, html: str, pictures: dict[str, StoredImage]) -> list[float]:
    """What each step cost from the opening until the whole text was there."""

    def open_it() -> None:
        view.show_page(slices_for_display(html, pictures), pictures, ReadingStyle())
        view.repaint()

    steps = [timed(open_it)]
    while not view.is_complete:
        steps.append(timed(QCoreApplication.processEvents))
    assert view.document().blockCount() > 800
    return steps


def another_size(view: ReaderView) -> None:
    view.restyle(ReadingStyle(step=1))


def other_colours(view: ReaderView) -> None:
    palette = QPalette(view.palette())
    palette.setColor(QPalette.ColorRole.Base, palette.color(QPalette.ColorRole.Base).darker(150))
    view.setPalette(palette)


def narrower_and_wider(view: ReaderView) -> None:
    for width in (760, 700, 620, 540, 560):
        view.resize(width, 800)
        view.repaint()


@pytest.mark.parametrize("tenth", [1, 9])
@pytest.mark.parametrize("change", [another_size, other_colours, narrower_and_wider])
def test_a_long_text_that_is_set_anew_never_holds_the_window(
    view: ReaderView,
    pictures: dict[str, StoredImage],
    qtbot: QtBot,
    change: Callable[[ReaderView], None],
    tenth: int,
) -> None:
    html = long_article()
    whole = timed(lambda: view.show_page([for_display(html, pictures)], pictures, ReadingStyle()))
    view.show_page(slices_for_display(html, pictures), pictures, ReadingStyle())
    view.complete()
    # As every turn of the event loop does.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() * tenth // 10)
    view.repaint()
    place, document = view.places.now(), view.document()
    steps = [timed(lambda: change(view))]
    qtbot.waitUntil(lambda: view.document() is not document)
    while not view.is_complete:
        steps.append(timed(QCoreApplication.processEvents))
    print(f"whole {whole:.1f} ms, longest step {max(steps):.1f} ms of {len(steps)}")
    assert view.places.now().position == pytest.approx(place.position, abs=200)
    assert view.viewport().updatesEnabled()
    assert max(steps) < whole / 2
    assert max(steps) < MOST_MS


def test_scrolling_through_40_pictures_is_as_cheap_as_opening(
    view: ReaderView, pictures: dict[str, StoredImage]
) -> None:
    """What is painted has been decoded by a thread."""
    html = long_article()
    decoding = timed(lambda: [decode(view.pictures._file(name), "jpeg", 570) for name in pictures])
    view.show_page(slices_for_display(html, pictures), pictures, ReadingStyle())
    view.complete()
    steps = []
    while view.scroll_page():
        steps.append(timed(QCoreApplication.processEvents))
    print(f"longest scroll {max(steps):.1f} ms of {len(steps)}")
    assert len(steps) > 100
    assert sum(steps) / len(steps) < decoding / PICTURES * 2


class Found(QObject):
    """The list, as far as the marks in a text are concerned."""

    searched = Signal()

    def __init__(self, words: str) -> None:
        super().__init__()
        self.hits = marker(words)


class Reading(QObject):
    """The reader, likewise."""

    article_opened = Signal()

    def __init__(self, sheet: Sheet) -> None:
        super().__init__()
        self.sheet, self.view = sheet, sheet.view


def test_marking_what_was_searched_for_in_a_long_text_never_holds_the_window(
    qtbot: QtBot, tmp_path: Path
) -> None:
    sheet = Sheet(lambda name: tmp_path / name, None)
    qtbot.addWidget(sheet)
    sheet.resize(800, 800)
    sheet.show()
    reading = Reading(sheet)
    found = Found("lorries")
    marks = HitMarks(found, reading, reading)  # type: ignore[arg-type]
    html = "".join(f"<p>{SENTENCE * 5}</p>" for _ in range(600))
    sheet.view.show_page(slices_for_display(html, {}), {}, ReadingStyle())
    steps = [timed(reading.article_opened.emit)]
    while not sheet.view.is_complete or marks.is_looking:
        steps.append(timed(QCoreApplication.processEvents))
    print(f"longest step {max(steps):.1f} ms of {len(steps)}")
    assert len(sheet.view.extraSelections()) == 1_000
    assert len(steps) > 20
    assert max(steps) < MOST_MS


def test_paper_is_set_in_steps(qtbot: QtBot, pictures: dict[str, StoredImage], tmp_path: Path) -> None:
    """In a thread; but each call of Qt holds the lock of Python, which the window waits for."""
    article = make_stored_article()._replace(html=long_article())
    given = Manuscript(article, pictures, lambda name: tmp_path / name, ReadingStyle(), QFont())
    layout = QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF())
    told = []  # how far it is, and when that was told
    recorded = article_pages(
        given, layout, 300, lambda done, total: told.append((done, total, time.thread_time()))
    )
    steps = [(later[2] - former[2]) * 1000 for former, later in pairwise(told)]
    whole = sum(steps)
    print(f"whole {whole:.1f} ms, longest step {max(steps):.1f} ms of {len(steps)}")
    count = len(recorded.pages)
    assert [step[:2] for step in told[-count:]] == [(number, count) for number in range(count)]
    assert len(told) - count > 25  # before the first page
    assert sum(len(page.pictures) for page in recorded.pages) == PICTURES
    assert max(steps) < whole / 5
