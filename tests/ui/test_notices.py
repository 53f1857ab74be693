"""A notification reaches the desktop's own service over a real session bus, in the types that it insists on."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.jobs import notices

ROOT = Path(__file__).resolve().parents[2]
SERVICE = """
import json, sys
from PySide6.QtCore import ClassInfo, QCoreApplication, QObject, QTimer, Slot
from PySide6.QtDBus import QDBusConnection

@ClassInfo({"D-Bus Interface": "org.freedesktop.Notifications"})
class Service(QObject):
    @Slot(str, "uint", str, str, str, "QStringList", "QVariantMap", int, result="uint")
    def Notify(self, app, replaces, icon, title, text, actions, hints, timeout):
        print(json.dumps([app, replaces, icon, title, text, list(actions), dict(hints), timeout]), flush=True)
        QTimer.singleShot(0, application.quit)
        return 1

application, service = QCoreApplication(sys.argv), Service()
bus = QDBusConnection.sessionBus()
bus.registerObject("/org/freedesktop/Notifications", service, QDBusConnection.RegisterOption.ExportAllSlots)
bus.registerService("org.freedesktop.Notifications")
print("ready", flush=True)
QTimer.singleShot(30_000, application.quit)
application.exec()
"""
PERSON = """
import subprocess, sys
from PySide6.QtCore import QCoreApplication
from desktop.jobs import notices

application = QCoreApplication(sys.argv)
print(notices.has_bus(), notices.send("Too early", "nobody is there"))
service = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdout=subprocess.PIPE, text=True)
service.stdout.readline()
print(notices.send("Rate alert", "USD/KZT crossed 520 on 14 Nov <b>&"))
print(service.communicate()[0])
"""


@pytest.mark.skipif(shutil.which("dbus-run-session") is None, reason="there is no bus to try it on")
def test_a_notification_reaches_the_service_of_the_desktop() -> None:
    told = subprocess.run(
        ["dbus-run-session", "--", sys.executable, "-c", PERSON, SERVICE],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    lines = told.stdout.split("\n")
    assert lines[:2] == ["True False", "True"], told.stderr
    text = "USD/KZT crossed 520 on 14 Nov &lt;b&gt;&amp;"
    hints = {"desktop-entry": "chorsu"}
    assert json.loads(lines[2]) == ["Chorsu", 0, "chorsu", "Rate alert", text, [], hints, -1]


def test_no_bus_is_looked_for_where_none_can_be(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert not notices.has_bus()
    (tmp_path / "bus").touch()
    assert notices.has_bus() == sys.platform.startswith("linux")
