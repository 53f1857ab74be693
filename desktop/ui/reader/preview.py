"""The article as it would be printed, in a window of its own. It is laid out in a thread."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtPrintSupport import QPageSetupDialog, QPrinter
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.core.errors import AppError
from desktop.ui.empty_state import EmptyState
from desktop.ui.reader.command_button import Command, command_button
from desktop.ui.reader.paper_view import PaperView
from desktop.ui.reader.print import Manuscript, Recorded, article_pages
from desktop.ui.text import plain_label, set_text, window_title
from desktop.ui.theme import SPACE_M, SPACE_S

if TYPE_CHECKING:
    from desktop.jobs.reading import Reading

SIZE = (900, 900)
PREPARING = "Preparing the paper…"


class Preview(QWidget):
    """Shows the pages of an article on the paper of `printer`. Not modal; deletes itself when it is closed.

    + and - zoom, 0 fits the width, Ctrl+P prints, Ctrl+Shift+P sets up the page, Escape closes.
    """

    print_requested = Signal()

    def __init__(self, manuscript: Manuscript, printer: QPrinter, reading: Reading, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(window_title(f"Print preview – {manuscript.article.row.title}"))
        self._manuscript = manuscript
        self._printer = printer
        self._reading = reading
        self._give_up: Callable[[], None] = _nothing
        self.view = PaperView(manuscript.file, self)
        self.view.changed.connect(self._show_facts)
        self.waiting = EmptyState(self)
        self.waiting.asked.connect(self.close)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.waiting)
        self._stack.addWidget(self.view)
        self._facts = plain_label("", self)
        self._build()
        self.resize(*SIZE)
        self.prepare()

    def prepare(self) -> None:
        """Lays the article out for the page that the printer is set to."""
        self._give_up()
        self._stack.setCurrentWidget(self.waiting)
        self._show_progress(0, 0)
        layout, dots = self._printer.pageLayout(), self._printer.resolution()
        printed, paper = layout.paintRectPixels(dots), layout.fullRectPixels(dots)
        sheet = QRectF(paper.translated(-printed.topLeft()))
        make = partial(article_pages, self._manuscript, layout, dots)
        done = partial(self._show_pages, sheet)
        self._give_up = self._reading.make(
            make, self._show_progress, done, self._show_failure, self, stopped="It was stopped."
        )

    def set_up_page(self) -> None:
        """Asks for the paper, its margins and how it lies."""
        dialog = QPageSetupDialog(self._printer, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(self.prepare)
        dialog.setModal(False)
        dialog.show()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._give_up()
        super().closeEvent(event)

    def _show_progress(self, done: int, total: int) -> None:
        how_far = f"Page {done + 1} of {total}" if total else "The text is being set."
        self.waiting.say(PREPARING, how_far, "Stop")
        set_text(self._facts, "")

    def _show_pages(self, sheet: QRectF, recorded: Recorded) -> None:
        self._stack.setCurrentWidget(self.view)
        self.view.show_pages(recorded, sheet)
        self.view.setFocus()

    def _show_failure(self, error: AppError) -> None:
        self.waiting.say("There is no preview", f"{error.message} {error.remedy}".strip(), "Close")

    def _show_facts(self) -> None:
        page, count = f"{self.view.page:,}", f"{self.view.count:,}"
        set_text(self._facts, f"Page {page} of {count}  ·  {self.view.zoom * 100:.0f} %")

    def _build(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_M)
        bar.setSpacing(SPACE_S)
        for command in (
            Command("Print…", "Print", self.print_requested.emit, "Ctrl+P"),
            Command("Page setup…", "Page setup", self.set_up_page, "Ctrl+Shift+P"),
        ):
            bar.addWidget(command_button(self, command))
        bar.addSpacing(SPACE_M)
        bar.addWidget(self._facts)
        bar.addStretch(1)
        for command in (
            Command("Fit", "Fit the width", self.view.fit, "0", "F"),
            Command("−", "Zoom out", partial(self.view.zoom_by, -1), "-"),
            Command("+", "Zoom in", partial(self.view.zoom_by, 1), "+", "="),
        ):
            bar.addWidget(command_button(self, command))
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._stack, 1)
        layout.addLayout(bar)


def _nothing() -> None:
    """There is nothing to give up yet."""
