"""A pack into a file, and out of one, from the menu or by a drop on the window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.core.errors import AppError
from desktop.core.pack_file import ENDING
from desktop.core.pack_words import told
from desktop.core.proof import size_words
from desktop.ui.file_drop import FileDrop
from desktop.ui.text import notice
from desktop.ui.times import count

if TYPE_CHECKING:
    from desktop.jobs.pack_files import Preview, Taken, Written
    from desktop.jobs.session import Session

WRITE, READ = "Write offline pack", "Read offline pack"
KINDS = "Offline packs (*.zip);;All files (*)"


class PackFileCommands(QObject):
    """Asks for files, shows what is in them, and says what was done."""

    said = Signal(str, bool)  # a message, and whether it can be undone
    proof_wanted = Signal()

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._window = window
        session.library.pack_files.read_in.connect(self._on_read_in)
        FileDrop(window, ENDING).dropped.connect(self.read_from)

    def ask_write(self) -> None:
        """Ask where the pack goes."""
        from desktop.ui.file_dialog import ask_file  # no dialog is needed to start

        proposed = f"chorsu-pack-{self._session.today()}.zip"
        ask_file(self._window, WRITE, self.write_to, KINDS, proposed)

    def ask_read(self) -> None:
        """Ask for a pack; nothing is stored before the person has seen what is in it."""
        from desktop.ui.file_dialog import ask_file

        ask_file(self._window, READ, self.read_from, KINDS)

    def write_to(self, path: str) -> None:
        file = Path(path)
        failed = partial(self._tell, WRITE)
        self._session.library.pack_files.write(file, partial(self._on_written, file), failed, self)

    def read_from(self, path: str) -> None:
        """Check a file and show what is in it."""
        if self._session.pack.running:
            self._tell(
                READ, AppError("Something is being taken offline.", "Wait until that is done, or stop it.")
            )
            return
        file = Path(path)
        self.said.emit(f"Checking {file.name}…", False)
        failed = partial(self._tell, READ)
        self._session.library.pack_files.look(file, partial(self._on_looked, file), failed, self)

    def _on_written(self, file: Path, written: Written) -> None:
        words = f"{count(written.articles)} articles and {count(written.pictures)} pictures written to {file.name}"
        lacking = "" if written.proof.complete else f"; {count(len(written.proof.lacks))} things are missing"
        self.said.emit(f"{words} ({size_words(written.size)}){lacking}.", False)

    def _on_looked(self, file: Path, found: Preview) -> None:
        from desktop.ui.packs.read_dialog import ReadPackDialog

        self.said.emit("", False)
        dialog = ReadPackDialog(file, found, self._window)
        dialog.chosen.connect(partial(self._read, file))
        dialog.open()

    def _read(self, file: Path, follow: list[str]) -> None:
        failed = partial(self._tell, READ)
        self._session.library.pack_files.read(file, follow, failed, self)

    def _on_read_in(self, taken: Taken) -> None:
        self.said.emit(told(taken), False)
        self.proof_wanted.emit()

    def _tell(self, title: str, error: AppError) -> None:
        self.said.emit("", False)
        notice(self._window, title, f"{error.message}\n\n{error.remedy}".strip())

    def slots(self) -> dict[str, Callable[[], object]]:
        """The actions that are done here."""
        return {"write_pack": self.ask_write, "read_pack": self.ask_read}
