"""Shows hostile HTML in the real reader and says what came of it: FOLDER PORT SEED POINTS."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QTextBrowser

from desktop.core.html.sanitise import sanitise
from desktop.core.models import FetchState, NewSource
from desktop.jobs.session import Session
from desktop.store import Store
from desktop.sync.reading import read_feed
from desktop.ui.reader.page import ArticleDocument
from desktop.ui.reader.pane import ReaderPane
from desktop.ui.reader.style import ReadingStyle
from desktop.ui.reader.table_window import TableWindow
from tests.faults.hostile_vectors import vectors
from tests.faults.layout_bombs import bombs
from tests.ui.conftest import deliver_deletes

# Every font that the bombs need is looked for before anything is measured.
WARM = "<p>words слова \u0634\u0647\u0631 \u4e2d \u0e01 \u0905 \u10d0 \u05d0 \u3042 \U0001f468</p>"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
AT_ONCE = 8  # articles of a feed, which may have 10 MB
STALL_S = 0.1
FEED = "https://steppe.example/feed.json"
PICTURE = re.compile("<img [^>]*>")


class Heart:
    """The processor time of the GUI thread between two looks of the event loop, the longest of each case."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self.longest: dict[str, float] = {}

    def beat(self, case: str, step: Callable[[], object]) -> None:
        started = time.thread_time()
        step()
        spent = time.thread_time() - started
        self.longest[case] = max(spent, self.longest.get(case, 0.0))

    def settle(self, case: str, pane: ReaderPane) -> None:
        """Until the whole page is there and painted."""
        self.beat(case, self._app.processEvents)
        while not pane.view.is_complete:
            self.beat(case, self._app.processEvents)
        self.beat(case, self._app.processEvents)


class Answers:
    """What the documents were given for what they asked for: all must be one transparent point."""

    def __init__(self) -> None:
        self.asked = 0
        self.faults: list[str] = []
        load = ArticleDocument.loadResource

        def heard(document: ArticleDocument, kind: int, name: QUrl | str) -> Any:
            answer = load(document, kind, name)
            self.asked += 1
            if not isinstance(answer, QImage) or (answer.width(), answer.height()) != (1, 1):
                self.faults.append(QUrl(name).toString())
            return answer

        ArticleDocument.loadResource = heard  # type: ignore[method-assign]


def fill(folder: Path, pages: list[str]) -> list[int]:
    """The pages as articles of a store, by the way of every feed; gives their ids in order."""
    items = [{"id": str(n), "title": f"Story {n}", "url": f"https://steppe.example/{n}", "content_html": page}
             for n, page in enumerate(pages)]  # fmt: skip
    with Store.open(folder) as store:
        store.settings.set("welcome.done", True)
        source = store.sources.add(NewSource(FEED), NOW)
        for start in range(0, len(items), AT_ONCE):
            part = items[start : start + AT_ONCE]
            body = json.dumps(
                {"version": "https://jsonfeed.org/version/1.1", "title": "Steppe", "items": part}
            )
            feed = read_feed(body.encode(), FEED, "application/feed+json")
            assert len(feed.articles) == len(part)
            changes = store.articles.apply(source.id, feed, FetchState(), NOW)
            assert len(changes.new) == len(part)
        rows = store.articles.rows(list(range(1, len(pages) + 1)))
    found = {row.url: row.id for row in rows}
    return [found[f"https://steppe.example/{n}"] for n in range(len(pages))]


def is_steady(html: str) -> bool:
    """Whether what has been cleaned stays as it is. Pictures of our own are no input from outside."""
    once = PICTURE.sub("", sanitise(html, FEED).html)
    twice = sanitise(once, FEED).html
    return sanitise(twice, FEED).html == twice


def control(folder: Path) -> None:
    """What a plain browser does with such an address; the trace must see it."""
    browser = QTextBrowser()
    browser.setHtml(f"<img src='{folder / 'control.png'}'>")
    browser.show()
    browser.grab()
    browser.deleteLater()


def main() -> int:
    folder, port, seed, points = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    app = QApplication([])
    control(folder)
    os.chdir(folder)
    hostile = list(vectors(folder / "canary.png", port, Random(seed), points))
    heavy = bombs(points)
    pages = {"warm": WARM}
    pages |= {f"{n} {html[:60]}": f"<p>words</p>{html}<p>words</p>" for n, html in enumerate(hostile)} | heavy
    ids = fill(folder / "store", list(pages.values()))
    answers, heart = Answers(), Heart(app)
    session = Session(folder / "store", clock=lambda: NOW)
    pane = ReaderPane(session)
    pane.resize(900, 700)
    pane.show()
    mute = [name for name, id_ in zip(pages, ids, strict=True) if not _shows(heart, pane, name, id_)]
    _look_again(heart, pane, dict(zip(pages, ids, strict=True)))
    del heart.longest["warm"]
    _past_the_sanitiser(app, pane, hostile)
    figures = {
        "vectors": len(hostile),
        "bombs": len(heavy),
        "asked": answers.asked,
        "answered": answers.faults,
        "changing": [html for html in hostile if not is_steady(html)],
        "longest_stall_s": round(max(heart.longest.values()), 3),
        "slow": {name: round(spent, 3) for name, spent in heart.longest.items() if spent >= STALL_S},
        "mute": mute,
    }
    pane.close()
    pane.deleteLater()
    session.close()
    deliver_deletes()
    json.dump(figures, sys.stdout)
    return 0


def _look_again(heart: Heart, pane: ReaderPane, ids: dict[str, int]) -> None:
    """What took long is shown once more, and the shorter time counts: another program may have been in the way."""
    for name, before in list(heart.longest.items()):
        if before >= STALL_S and name != "warm":
            _shows(heart, pane, "warm", ids["warm"])
            del heart.longest[name]
            _shows(heart, pane, name, ids[name])
            heart.longest[name] = min(before, heart.longest[name])


def _shows(heart: Heart, pane: ReaderPane, name: str, article: int) -> bool:
    """Shows an article, goes to its end and makes the window narrower or wider; whether its text is there, or a word
    on where it is."""
    heart.beat(name, lambda: pane.show_article(article))
    heart.settle(name, pane)
    bar = pane.view.verticalScrollBar()
    heart.beat(name, lambda: bar.setValue(bar.maximum()))
    heart.beat(name, lambda: pane.resize(1_760 - pane.width(), 700))
    heart.settle(name, pane)
    text = pane.view.toPlainText()
    return any(words in text for words in ("words", "Table of", "not shown here"))


def _past_the_sanitiser(app: QApplication, pane: ReaderPane, pages: list[str]) -> None:
    """The same HTML as no sanitiser ever saw it, in the reader's browser and in the window of a table."""
    for html in pages:
        pane.view.show_page([html, f"<p>more</p>{html}"], {}, ReadingStyle())
        pane.view.complete()
        app.processEvents()
        pane.view.viewport().repaint()
    window = TableWindow("Table", "".join(pages[::7]), ReadingStyle(), pane)
    window.show()
    app.processEvents()
    window.close()


if __name__ == "__main__":
    sys.exit(main())
