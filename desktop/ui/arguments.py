"""What a start was given: addresses are offered as sources, lists and packs looked at. Nothing is stored by that."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from desktop.core.pack_file import ENDING

if TYPE_CHECKING:
    from desktop.ui.main_window import MainWindow

LISTS = (".opml", ".xml")


def take(window: MainWindow, words: Sequence[str]) -> None:
    """Open what was named, each in its own way."""
    window.complete()
    for word in words:
        ending, is_file = Path(word).suffix.lower(), Path(word).is_file()
        if is_file and ending in LISTS:
            window.library_commands.import_from(word)
        elif is_file and ending == ENDING:
            window.pack_commands.files.read_from(word)
        else:
            window.offer_source(word)


def come_to_front(window: MainWindow, token: str = "") -> None:
    """Show the window over others; `token` is what a start was given to allow that (Wayland)."""
    if token:
        os.environ["XDG_ACTIVATION_TOKEN"] = token  # where Qt looks for it
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()


def as_absolute(words: Sequence[str]) -> list[str]:
    """The words as another program has to be given them: files by their whole paths."""
    return [str(Path(word).absolute()) if Path(word).is_file() else word for word in words]
