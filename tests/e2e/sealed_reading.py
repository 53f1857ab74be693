"""Opens the real program on a data folder that it may not write to, with no way to the network, and reads a pack.

Run as a process of its own: `python -m tests.e2e.sealed_reading FOLDER`. Prints what it saw as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from tests.sealed import obey_modes

MS = 30_000
asked: list[str] = []
refused: list[str] = []


def forbid(folder: Path) -> None:
    """No socket that leads off this machine, and a note of each attempt to write below the folder."""

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "socket.__new__" and args[1] not in (_LOCAL, -1):
            asked.append(event)
            raise PermissionError("no sockets here")
        if event in ("socket.getaddrinfo", "socket.connect"):
            asked.append(event)
            raise PermissionError("no network here")
        if event == "open" and str(args[0]).startswith(str(folder)) and int(args[2] or 0) & _WRITES:
            refused.append(str(args[0]))

    sys.addaudithook(hook)


_LOCAL = 1  # AF_UNIX: signals reach the event loop through a pair of them
_WRITES = os.O_WRONLY | os.O_RDWR


def wait_until(done: Any) -> None:
    from PySide6.QtCore import QDeadlineTimer, QEventLoop
    from PySide6.QtWidgets import QApplication

    deadline = QDeadlineTimer(MS)
    while not done():
        if deadline.hasExpired():
            raise TimeoutError
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)


def read_all(session: Any, window: Any) -> dict[str, Any]:
    """Every article of the pack, opened from the list in the reader and leafed through."""
    from PySide6.QtGui import QPixmap

    from desktop.ui.reader.pictures import Pictures

    drawn: set[str] = set()
    at_hand = Pictures.at_hand

    def noted(self: Pictures, image: Any, width: float) -> Any:
        picture = at_hand(self, image, width)
        if picture is not None and not picture.isNull():
            drawn.add(image.sha256)
        return picture

    Pictures.at_hand = noted  # type: ignore[method-assign]
    wait_until(lambda: window.articles.model.rowCount() > 0)
    wait_until(lambda: session.pack.proof is not None)
    view, articles = window.reader.view, {}
    for (article_id,) in session.reader._database.rows("SELECT article_id FROM pack_articles"):
        drawn.clear()
        window._on_activated(article_id)
        assert window.reader.article_id == article_id
        while True:
            page = QPixmap(view.viewport().grab())
            assert not page.isNull()
            wait_until(lambda: not view.pictures.is_decoding)
            view.viewport().grab()
            if not view.scroll_page():
                break
        stored = {image.sha256 for image in session.reader.images.of_article(article_id)}
        articles[article_id] = {
            "text": len(view.toPlainText()),
            "drawn": sorted(drawn),
            "stored": sorted(stored),
        }
    return {
        "articles": articles,
        "read_only": session.read_only,
        "state": window.status.state,
        "words": window.status.words,
        "kept": window.kept.label.text(),
        "starred": [row.title for row in _starred(session)],
    }


def _starred(session: Any) -> list[Any]:
    from desktop.core.models import ArticleQuery, View

    return list(session.reader.articles.page(ArticleQuery(View.STARRED), None, 50))


def leave_marks(window: Any) -> str:
    """What a person is told who stars an article all the same; it shows no star that is not kept."""

    def is_starred() -> bool:
        return bool(window.articles.article(window.reader.article_id).starred)

    before, told = is_starred(), len(window.status._problems)
    window.commands["toggle_star"].trigger()
    wait_until(lambda: len(window.status._problems) > told)
    wait_until(lambda: is_starred() == before)
    return str(window.status._problems[-1].message)


def main(folder: Path) -> int:
    obey_modes()
    forbid(folder)
    from desktop import app
    from desktop.paths import find_paths

    seen: dict[str, Any] = {}

    def begin(session: Any, window: Any) -> None:
        session.start()
        try:
            seen.update(read_all(session, window))
            seen["told"] = leave_marks(window)
            window.articles.header.search("road")
            seen["search"] = " ".join(window.search_commands.bar.words)
        finally:
            window.close()

    paths = find_paths(folder)
    paths.create()
    status = app._run(paths, begin, offline=False, hidden=False)
    sys.stdout.write(json.dumps({**seen, "asked": asked, "refused": refused}) + "\n")
    return status


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
