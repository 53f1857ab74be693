"""Opens the real window, refreshes and quits: python -m tests.faults.window_once --data-dir FOLDER"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from desktop.app import _run
from desktop.paths import find_paths

if TYPE_CHECKING:
    from desktop.jobs.session import Session
    from desktop.ui.main_window import MainWindow


def begin(session: Session, window: MainWindow) -> None:
    session.start()
    session.refreshed.connect(lambda _: QTimer.singleShot(0, window.close))
    session.refresh()


if __name__ == "__main__":
    sys.exit(_run(find_paths(Path(sys.argv[2])), begin, offline=False, hidden=False))
