"""A notification through the desktop's own service, where there is one: that of the session bus.

https://specifications.freedesktop.org/notification-spec/latest/protocol.html
"""

from __future__ import annotations

import html
import os
import sys
from pathlib import Path

SERVICE = "org.freedesktop.Notifications"
_PATH = "/org/freedesktop/Notifications"


def has_bus() -> bool:
    """Whether a session bus can be there at all; asking for one that is not may start programs."""
    if not sys.platform.startswith("linux"):
        return False
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    return bool(os.environ.get("DBUS_SESSION_BUS_ADDRESS")) or bool(runtime and Path(runtime, "bus").exists())


def send(title: str, text: str) -> bool:
    """Show a notification; gives whether the service took it. May wait for the bus: not for the GUI thread."""
    from PySide6.QtCore import Q_ARG, QMetaObject  # none of this is needed at start
    from PySide6.QtDBus import QDBusConnection, QDBusInterface

    service = QDBusInterface(SERVICE, _PATH, SERVICE, QDBusConnection.sessionBus())
    if not service.isValid():
        return False
    # A plain call would send 0 as a signed number, which the service refuses: the types are named one by one.
    return bool(
        QMetaObject.invokeMethod(
            service,
            "Notify",
            Q_ARG("QString", "Chorsu"),
            Q_ARG("uint", 0),
            Q_ARG("QString", "chorsu"),
            Q_ARG("QString", title),
            Q_ARG("QString", html.escape(text, quote=False)),
            Q_ARG("QStringList", []),
            Q_ARG("QVariantMap", {"desktop-entry": "chorsu"}),
            Q_ARG("int", -1),
        )
    )
