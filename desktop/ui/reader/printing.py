"""Printing an article, and looking at it before; both in a thread."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget

from desktop.core.errors import AppError, StoppedError
from desktop.ui.reader.preview import Preview
from desktop.ui.reader.print import Manuscript, PrintDialog, new_printer, print_article

if TYPE_CHECKING:
    from desktop.jobs.session import Session

STOPPED = "Printing was stopped; pages that were done may still come out."


class Printing(QObject):
    """Asks for a printer and prints there; `say` is given what came of it."""

    def __init__(self, session: Session, say: Callable[[str], None], window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._say = say
        self._window = window

    def preview(self, manuscript: Manuscript) -> None:
        """Shows an article as it would be printed, in a window of its own."""
        printer = new_printer(manuscript.article.row.title)
        window = Preview(manuscript, printer, self._session.reading, self._window)
        window.print_requested.connect(lambda: self._ask(manuscript, _like(printer), window))
        window.show()

    def ask(self, manuscript: Manuscript) -> None:
        """Asks for a printer, and prints an article there."""
        self._ask(manuscript, new_printer(manuscript.article.row.title), self._window)

    def _ask(self, manuscript: Manuscript, printer: QPrinter, window: QWidget) -> None:
        dialog = PrintDialog(printer, window)
        dialog.accepted.connect(lambda _: self.print_on(printer, manuscript))
        dialog.show()

    def print_on(self, printer: QPrinter, manuscript: Manuscript) -> None:
        """Prints an article."""
        self._session.reading.make_and_tell(
            "Printing",
            partial(print_article, manuscript, printer),
            partial(self._on_printed, printer),
            self._on_failed,
            self,
            stopped=STOPPED,
            ends_with_program=False,
        )

    def _on_printed(self, printer: QPrinter, count: int) -> None:
        pages = f"{count:,} pages" if count > 1 else "1 page"
        name = printer.outputFileName().rpartition("/")[2]
        self._say(f"Printed as {name}: {pages}." if name else f"Sent to the printer: {pages}.")

    def _on_failed(self, error: AppError) -> None:
        if isinstance(error, StoppedError):
            self._say(error.message)
        else:
            self._session.tell(error)


def _like(printer: QPrinter) -> QPrinter:
    """Another one with the same paper: that of a preview can be set up anew while this one prints."""
    other = new_printer(printer.docName())
    other.setPageLayout(printer.pageLayout())
    return other
