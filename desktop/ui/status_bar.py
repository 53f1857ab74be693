"""The line at the bottom: online or not, the last refresh, how far this one is, and what went wrong."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QStatusBar, QToolButton, QWidget

from desktop.ui import icons, times
from desktop.ui.text import action_text, notice, plain_label, set_text, tooltip
from desktop.ui.theme import SPACE_M, SPACE_S, Theme

if TYPE_CHECKING:
    from desktop.jobs.progress import Problem, Progress
    from desktop.jobs.session import Connection, Session, Summary

SAID_MS = 8_000
MINUTE_MS = 60_000
PROBLEMS_KEPT = 50


class StatusBar(QStatusBar):
    """Shows the session's state by itself; `say` adds a passing message, with an undo where there is one."""

    stop_requested = Signal()
    undo_requested = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._problems: list[Problem] = []
        self._link = ""
        self._said = ""
        self._received = 0  # bytes, by the last refresh
        self._state_icon = plain_label("", self)
        self._state = plain_label("", self)
        self._words = plain_label("", self)
        self._undo = _button(self, "Undo")
        self._details = _button(self, "Details")
        self._progress = plain_label("", self)
        self._bar = QProgressBar(self)
        self._stop = _button(self, "Stop")
        self._quiet_again = QTimer(self, singleShot=True, interval=SAID_MS)
        self._clock = QTimer(self, interval=MINUTE_MS)
        self._lay_out()
        self._connect()
        self._on_connection(session.connection)

    @property
    def words(self) -> str:
        """The message that is shown now."""
        return self._words.text()

    @property
    def state(self) -> str:
        """Online or offline, and the last refresh, as shown."""
        return self._state.text()

    def say(self, text: str, *, undoable: bool = False) -> None:
        """Show a message for some seconds."""
        self._said = text
        self._undo.setVisible(undoable)
        self._quiet_again.start()
        self._show_words()

    def show_link(self, text: str) -> None:
        """Show where a link leads while the pointer is on it; "" ends that."""
        self._link = text
        self._show_words()

    def show_problems(self) -> None:
        """List what went wrong, newest first."""
        from dataclasses import replace  # nothing has gone wrong at most starts

        lines = [f"{one.message} {one.remedy}".strip() for one in reversed(self._problems)]
        notice(self.window(), "What went wrong", "\n\n".join(lines))
        self._problems = [replace(one, lasting=False) for one in self._problems]
        self._session.on_problems_seen()

    def _lay_out(self) -> None:
        self.setAccessibleName("Status")
        self.setSizeGripEnabled(False)
        self.setContentsMargins(SPACE_S, 0, SPACE_M, 0)
        self._state.setAccessibleName("Connection")
        self._words.setAccessibleName("Message")
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._progress.setAccessibleName("Progress")
        self._bar.setAccessibleName("Progress")
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(110, 6)
        for widget in (self._state_icon, self._state):
            self.addWidget(widget)
        self.addWidget(self._words, 1)
        for part in (self._undo, self._details, self._progress, self._bar, self._stop):
            self.addPermanentWidget(part)
        for hidden in (self._undo, self._details, self._progress, self._bar, self._stop):
            hidden.hide()

    def _connect(self) -> None:
        self._session.connection_changed.connect(self._on_connection)
        self._session.refreshed.connect(self._on_refreshed)
        self._session.progress_changed.connect(self._on_progress)
        self._session.problem.connect(self._on_problem)
        self._clock.timeout.connect(self._on_minute)
        self._clock.start()
        self._quiet_again.timeout.connect(self._on_quiet)
        self._undo.clicked.connect(self._on_undo)
        self._details.clicked.connect(self.show_problems)
        self._stop.clicked.connect(self.stop_requested)

    def _on_connection(self, connection: Connection) -> None:
        online = "Online (metered)" if connection.metered else "Online"
        words = online if connection.online else f"Offline ({connection.reason})"
        last = connection.last_refresh
        refreshed = f"refreshed {_moment(last, self._session.now())}" if last else "not refreshed yet"
        if last and self._received:
            from desktop.core.proof import size_words  # nothing was received at start

            refreshed = f"{refreshed}, {size_words(self._received)}"
        set_text(self._state, f"{words} · {refreshed}")
        tooltip(self._state, f"Last refresh: {times.full(last)}" if last else "Nothing was fetched yet.")
        self._tint()

    def _on_refreshed(self, summary: Summary) -> None:
        self._received = sum(summary.received.values())
        if summary.left_alone and not summary.sources:
            self.say("Every source was asked within the last five minutes.")

    def _on_minute(self) -> None:
        self._on_connection(self._session.connection)

    def _on_progress(self, progress: Progress) -> None:
        if progress.running and not self._stop.isVisibleTo(self):
            self._problems = [one for one in self._problems if one.lasting]
            self._details.setVisible(bool(self._problems))
            self._show_words()
        for part in (self._progress, self._bar, self._stop):
            part.setVisible(progress.running)
        self._bar.setRange(0, progress.total)
        self._bar.setValue(progress.done)
        counted = f"{times.count(progress.done)}/{times.count(progress.total)}" if progress.total else ""
        set_text(self._progress, f"{_short(progress.label)} {counted}".strip())

    def _on_problem(self, problem: Problem) -> None:
        self._problems = [*self._problems, problem][-PROBLEMS_KEPT:]
        self._details.show()
        self._show_words()

    def _on_quiet(self) -> None:
        self._said = ""
        self._undo.hide()
        self._show_words()

    def _on_undo(self) -> None:
        self._quiet_again.stop()
        self._on_quiet()
        self.undo_requested.emit()

    def _show_words(self) -> None:
        problem = self._problems[-1].message if self._problems else ""
        if len(self._problems) > 1:
            problem = f"{problem} ({len(self._problems)} problems)"
        is_problem = not (self._link or self._said) and bool(problem)
        set_text(self._words, self._link or self._said or problem)
        tooltip(self._words, self._words.text())
        palette = self.palette()
        if is_problem:
            palette.setColor(self._words.foregroundRole(), Theme.of(palette).warning)
        if palette != self._words.palette():
            self._words.setPalette(palette)

    def _tint(self) -> None:
        online = self._session.connection.online
        palette = self.palette()
        colour = Theme.of(palette).up if online else Theme.of(palette).warning
        name = "online" if online else "offline"
        self._state_icon.setPixmap(icons.pixmap(name, colour, 16, ratio=self.devicePixelRatioF()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_state_icon"):
            self._tint()
            self._show_words()


def _moment(when: datetime, now: datetime) -> str:
    age = times.age(when, now)
    if age == "now":
        return "just now"
    return f"{age} ago" if age.rpartition(" ")[2] in ("min", "h", "d") else age


def _short(label: str) -> str:
    begun = label[:1].upper() + label[1:]
    return begun if len(begun) <= 40 else begun[:39] + "…"


def _button(parent: QWidget, text: str) -> QToolButton:
    button = QToolButton(parent)
    button.setText(action_text(text))
    button.setAccessibleName(text)
    return button
