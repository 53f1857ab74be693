"""Notifications where no session bus takes them: Windows, macOS, and desktops with a tray alone."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QSystemTrayIcon, QWidget

SHOWN_MS = 10_000


def show_from_tray(window: QWidget, title: str, text: str, clicked: Callable[[], object]) -> None:
    """Show a notification beside an icon in the tray, if there is a tray; the icon stays with the window."""
    if not QSystemTrayIcon.isSystemTrayAvailable() or not QSystemTrayIcon.supportsMessages():
        return
    icon = window.findChild(QSystemTrayIcon)
    if icon is None:
        icon = QSystemTrayIcon(window.windowIcon(), window)
        icon.activated.connect(clicked)
        icon.messageClicked.connect(clicked)
    icon.show()
    icon.showMessage(title, text, window.windowIcon(), SHOWN_MS)
