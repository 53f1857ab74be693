"""The system's libraries that Qt stands on: looked for before Qt is, because Qt itself aborts without a word."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_ALWAYS = ("libEGL.so.1", "libGL.so.1", "libxkbcommon.so.0", "libdbus-1.so.3", "libfontconfig.so.1")
_X11 = (
    "libX11-xcb.so.1",
    "libxcb-cursor.so.0",
    "libxcb-icccm.so.4",
    "libxcb-image.so.0",
    "libxcb-keysyms.so.1",
    "libxcb-randr.so.0",
    "libxcb-render-util.so.0",
    "libxcb-shape.so.0",
    "libxcb-xinerama.so.0",
    "libxkbcommon-x11.so.0",
)
_PACKAGES = (
    ("Debian or Ubuntu", "sudo apt install libegl1 libgl1 libxkbcommon-x11-0 libdbus-1-3 libfontconfig1 libx11-xcb1 "
     "libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 "
     "libxcb-xinerama0"),
    ("Fedora", "sudo dnf install mesa-libEGL mesa-libGL libxkbcommon-x11 dbus-libs fontconfig libX11-xcb "
     "xcb-util-cursor xcb-util-wm xcb-util-image xcb-util-keysyms xcb-util-renderutil libxcb"),
    ("Arch", "sudo pacman -S libglvnd libxkbcommon-x11 dbus fontconfig libx11 xcb-util-cursor xcb-util-wm "
     "xcb-util-image xcb-util-keysyms xcb-util-renderutil libxcb"),
)  # fmt: skip


def why_no_window(*, qt_loads: bool = False) -> str:
    """What keeps a window from opening on this system, with what to do; "" when nothing does.

    `qt_loads`: Qt's own libraries were loaded, so what these are linked with is there.
    """
    if not sys.platform.startswith("linux"):
        return ""
    platform = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0]
    wayland = bool(os.environ.get("WAYLAND_DISPLAY"))
    if not platform and not wayland and not os.environ.get("DISPLAY"):
        return "There is no display to open a window on. The command line works without one: chorsu --help"
    needed = [] if qt_loads else list(_ALWAYS)
    if platform == "xcb" or (not platform and not wayland):
        needed += _X11
    missing = [name for name in needed if not _loads(name)]
    if not missing:
        return ""
    how = "\n".join(f"  {system}: {command}" for system, command in _PACKAGES)
    return f"Qt needs libraries that this system lacks ({', '.join(missing)}). Install them with:\n{how}"


def _loads(name: str) -> bool:
    bundled = getattr(sys, "_MEIPASS", "")  # a frozen build brings most of them along
    if bundled and Path(bundled, name).exists():
        return True
    import ctypes  # most starts need not look

    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True
