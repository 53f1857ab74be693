"""Hours of use in a window of its own process: python -m tests.bench.light.hour FOLDER [--long]

By the window's own clock two hours, in which a person reads an article every half a minute, looks into another list
every four minutes, searches every five, stars, tags, marks all and takes it back, and refreshes every ten. It is over
in a minute or two; with --long it takes the hours. The store in FOLDER is used up by it. Prints as JSON the acts
of an hour, and the memory (PSS) in MiB before and after one and both, of the window and of the process that reads
feeds for it.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from desktop.core.models import ArticleQuery
from desktop.jobs.session import Session
from desktop.ui.main_window import MainWindow
from tests.bench.light import processes
from tests.bench.make_store import NOW, WORDS

STEP = timedelta(seconds=30)
STEPS = timedelta(hours=1) // STEP
VIEWS = ("go_unread", "go_today", "go_starred", "go_all", "next_source", "next_source", "previous_source")
REFRESH_S = 120.0
SETTLE_S = 3.0


class Hour:
    """A window and the person before it."""

    def __init__(self, folder: Path, is_long: bool) -> None:
        self.now = NOW
        self.is_long = is_long
        self.chance = Random(1)
        self.acts: Counter[str] = Counter()
        self.session = Session(folder, clock=lambda: self.now)
        self.window = MainWindow(self.session)
        self.window.show()
        self.wait(0.3)
        self.window.complete()
        gc.collect()
        gc.freeze()  # as the program does once it is painted
        self.session.start()

    def wait(self, seconds: float) -> None:
        loop = QEventLoop()
        QTimer.singleShot(round(seconds * 1000), loop.quit)
        loop.exec()

    def live(self) -> None:
        """All the acts, in their order."""
        for step in range(STEPS):
            started = time.monotonic()
            for name, act in self._due(step):
                act()
                self.acts[name] += 1
                self.wait(0.05)
            self.now += STEP
            if self.is_long:
                self.wait(max(0.0, STEP.total_seconds() - (time.monotonic() - started)))

    def close(self) -> None:
        self.window.close()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        self.session.close()

    def _due(self, step: int) -> Iterator[tuple[str, Callable[[], None]]]:
        if step % 20 == 5:
            yield "refreshes", self._refresh
        if step % 8 == 3:
            yield "lists", lambda: self._command(self.chance.choice(VIEWS))
        if step % 10 == 7:
            yield "searches", self._search
        yield "articles", lambda: self._command("next")
        yield "articles scrolled", self._scroll
        if step % 6 == 4:
            yield "stars", lambda: self._command("toggle_star")
        if step % 12 == 9:
            yield "read later", lambda: self._command("read_later")
        if step % 40 == 30:
            yield "all marked", lambda: self._command("mark_all_read")
            yield "undone", lambda: self._command("undo")

    def _command(self, name: str) -> None:
        self.window.commands[name].trigger()

    def _search(self) -> None:
        """For a word, and back to all articles."""
        word = self.chance.choice(WORDS[self.chance.choice(("en", "ru", "uz"))])
        self.window.articles.show_query(ArticleQuery(words=word))
        self.wait(0.1)
        self._command("next")
        self.wait(0.05)
        self._command("go_all")

    def _scroll(self) -> None:
        """To the end of the article, page by page."""
        while self.window.reader.scroll_page():
            QApplication.processEvents()

    def _refresh(self) -> None:
        """All the sources, to the end."""
        ended: list[object] = []
        told = self.session.refreshed.connect(ended.append)
        self._command("refresh")
        until = time.monotonic() + REFRESH_S
        while not ended and time.monotonic() < until:
            self.wait(0.02)
        self.session.refreshed.disconnect(told)
        if not ended:
            raise RuntimeError("a refresh has not ended")


def weigh(pid: int) -> tuple[float, float]:
    """MiB of the window's process, and of those that it has started."""
    gc.collect()
    window, *others = processes.tree(pid)
    return processes.pss_mib([window]), processes.pss_mib(others)


def main() -> int:
    application = QApplication(sys.argv[:1])
    hour = Hour(Path(sys.argv[1]), "--long" in sys.argv)
    hour.wait(SETTLE_S)
    before, _ = weigh(os.getpid())
    started = time.monotonic()
    hour.live()
    took, acts = time.monotonic() - started, dict(hour.acts)
    hour.wait(SETTLE_S)
    after, reading = weigh(os.getpid())
    hour.live()
    hour.wait(SETTLE_S)
    later, _ = weigh(os.getpid())
    arrived = hour.session.reader.articles.count(ArticleQuery())
    hour.close()
    del application
    print(
        json.dumps(
            {"acts": acts, "seconds": took, "articles": arrived,
             "before": before, "after": after, "later": later, "reading": reading}
        )
    )  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
