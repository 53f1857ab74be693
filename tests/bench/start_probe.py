"""Opens a window and says so when it was first painted: the program's own, or a bare one of three panes.

python tests/bench/start_probe.py bare | chorsu FOLDER | modules FOLDER

Prints "painted" and the seconds of processor time until then, or the names of the modules that are loaded by then, and
closes the window.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QMainWindow

ROOT = Path(__file__).resolve().parents[2]


def say_time() -> None:
    print("painted", time.process_time(), flush=True)


def say_modules() -> None:
    """With the classes of PySide6 that were made: it makes each, and all of its constants, when it is first named."""
    made = [
        f"{name}.{one}"
        for name in sys.modules
        if name.startswith("PySide6.Qt")
        for one in vars(sys.modules[name])
    ]
    print(*sorted([*sys.modules, *made]), flush=True)


def watched(say: Callable[[], None]) -> type[QMainWindow]:
    """A main window that says when it was painted."""
    from PySide6 import QtCore, QtWidgets

    class WatchedWindow(QtWidgets.QMainWindow):
        def paintEvent(self, event: QPaintEvent) -> None:
            super().paintEvent(event)
            QtCore.QTimer.singleShot(0, self, self._on_painted)  # its parts are painted within the same event

        def _on_painted(self) -> None:
            say()
            self.close()

    return WatchedWindow


def bare() -> int:
    """The least that a window of three panes costs: a tree, a list and a text with a line in each."""
    from PySide6 import QtWidgets

    application = QtWidgets.QApplication(sys.argv[:1])
    window = watched(say_time)()
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


def chorsu(folder: str, say: Callable[[], None]) -> int:
    """The program as a person starts it, from its own entry on; its main window is a watched one."""
    sys.path.insert(0, str(ROOT))
    from desktop import app
    from desktop.__main__ import main

    def require_qt() -> None:
        require()
        from PySide6 import QtWidgets

        QtWidgets.QMainWindow = watched(say)  # type: ignore[misc]

    require = app._require_qt
    app._require_qt = require_qt
    return main(["--data-dir", folder])


def main() -> int:
    if sys.argv[1] == "bare":
        return bare()
    return chorsu(sys.argv[2], say_modules if sys.argv[1] == "modules" else say_time)


if __name__ == "__main__":
    sys.exit(main())
