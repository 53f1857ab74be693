"""What the line at the bottom says."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from desktop.jobs.progress import Problem, Progress
from desktop.jobs.session import Connection, Session
from desktop.sync.report import Summary
from desktop.ui.main_window import MainWindow
from tests.ui.edition import NOW
from tests.ui.person import close_all, dialogs


def test_progress_can_be_stopped(window: MainWindow, session: Session, qtbot: QtBot) -> None:
    session.progress_changed.emit(Progress(True, 3, 10, "Steppe Courier"))
    assert window.status._progress.text() == "Steppe Courier 3/10"
    assert window.commands["stop"].isEnabled()

    with qtbot.waitSignal(window.status.stop_requested):
        window.status._stop.click()

    session.progress_changed.emit(Progress(False))
    assert not window.status._stop.isVisible()
    assert not window.commands["stop"].isEnabled()


def test_problems_are_told_in_short_and_listed_in_full(window: MainWindow, session: Session) -> None:
    session.problem.emit(Problem("Steppe Courier did not answer.", "It is asked again later.", 1))
    session.problem.emit(Problem("Osh Herald sent a <b>page</b>.", "", 2))
    assert window.status.words == "Osh Herald sent a <b>page</b>. (2 problems)"

    window.status._details.click()
    (box,) = dialogs(window, QMessageBox)
    assert isinstance(box, QMessageBox)
    assert box.text().index("Osh Herald") < box.text().index("asked again later")
    close_all(window, QMessageBox)


def test_a_refresh_that_asked_nobody_again_says_why(window: MainWindow, session: Session) -> None:
    session.refreshed.emit(Summary(left_alone=3))
    assert window.status.words == "Every source was asked within the last five minutes."


def test_the_next_refresh_forgets_old_problems(window: MainWindow, session: Session) -> None:
    session.problem.emit(Problem("Steppe Courier did not answer."))
    session.progress_changed.emit(Progress(True, 0, 1, ""))

    assert window.status.words == ""
    assert not window.status._details.isVisible()


def test_a_link_is_shown_while_the_pointer_is_on_it(window: MainWindow) -> None:
    window.status.say("Something")
    window.reader.link_hovered.emit("https://courier.test/2")
    assert window.status.words == "https://courier.test/2"

    window.reader.link_hovered.emit("")
    assert window.status.words == "Something"


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=5), "Online · refreshed just now"),
        (timedelta(minutes=12), "Online · refreshed 12 min ago"),
        (timedelta(days=60), "Online · refreshed 25 Sep"),
        (None, "Online · not refreshed yet"),
    ],
)
def test_it_says_when_it_was_refreshed(
    window: MainWindow, session: Session, ago: timedelta | None, words: str
) -> None:
    last = NOW - ago if ago else None
    session.connection_changed.emit(Connection(True, "", last))

    assert window.status.state == words
