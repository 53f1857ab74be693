"""Opens a window and says so when it was first painted: the program's own, or a bare one of three panes.

python tests/bench/start_probe.py bare | chorsu FOLDER | modules FOLDER

Prints "painted", or the names of the modules that are loaded by then, and closes the window.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6 import QtWidgets
from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent

ROOT = Path(__file__).resolve().parents[2]


class WatchedWindow(QtWidgets.QMainWindow):
    """A main window that says when it was painted."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QTimer.singleShot(0, self, self._on_painted)  # its parts are painted within the same event

    def _on_painted(self) -> None:
        print("painted", flush=True)
        self.close()


class ListingWindow(WatchedWindow):
    """One that lists the modules that its paint took."""

    def _on_painted(self) -> None:
        print(*sorted(sys.modules), flush=True)
        self.close()


def bare() -> int:
    """The least that a window of three panes costs: a tree, a list and a text with a line in each."""
    application = QtWidgets.QApplication(sys.argv[:1])
    window = WatchedWindow()
    panes = QtWidgets.QSplitter(window)
    tree = QtWidgets.QTreeWidget(panes)
    tree.addTopLevelItem(QtWidgets.QTreeWidgetItem(["Sources"]))
    articles = QtWidgets.QListWidget(panes)
    articles.addItem("Articles")
    text = QtWidgets.QTextBrowser(panes)
    text.setPlainText("Text")
    window.setCentralWidget(panes)
    window.statusBar().showMessage("Ready")
    window.resize(1280, 800)
    window.show()
    return application.exec()


def chorsu(folder: str, window: type[WatchedWindow] = WatchedWindow) -> int:
    """The program as a person starts it, from its own entry on; its main window is a watched one."""
    QtWidgets.QMainWindow = window  # type: ignore[misc]
    sys.path.insert(0, str(ROOT))
    from desktop.__main__ import main

    return main(["--data-dir", folder])


def main() -> int:
    if sys.argv[1] == "bare":
        return bare()
    return chorsu(sys.argv[2], ListingWindow if sys.argv[1] == "modules" else WatchedWindow)


if __name__ == "__main__":
    sys.exit(main())
