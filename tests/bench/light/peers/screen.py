"""Where a program shows itself, and when that last changed: an X server without a screen, or a terminal."""

from __future__ import annotations

import fcntl
import mmap
import os
import pty
import shutil
import struct
import subprocess
import tempfile
import termios
from pathlib import Path

WIDTH, HEIGHT = 1280, 800
SAMPLE = 16  # of so many pixels one is compared
CHANGED = 25  # samples; a cursor that blinks is fewer


class Screen:
    """An Xvfb and a message bus of their own, for one program."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="chorsu-screen-"))
        said, say = os.pipe()
        with os.fdopen(said) as heard:
            self._server = subprocess.Popen(
                ["Xvfb", "-displayfd", str(say), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp",
                 "-noreset", "-fbdir", str(self._folder)],
                pass_fds=[say], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            os.close(say)
            self._display = f":{heard.readline().strip()}"
        self._bus = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--print-address"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert self._bus.stdout is not None
        self._address = self._bus.stdout.readline().strip()
        with (self._folder / "Xvfb_screen0").open("rb") as file:
            self._pixels = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        # An xwd file: its header tells its own size, and how many colours of 12 bytes lie before the pixels.
        (head,), (colours,) = (struct.unpack(">I", self._pixels[at : at + 4]) for at in (0, 76))
        self._start = head + 12 * colours
        self._seen = self._shown()

    @property
    def own(self) -> set[int]:
        """The processes that are not the program's."""
        return {self._server.pid, self._bus.pid}

    def environment(self) -> dict[str, str]:
        """What a program has to be told to be shown here."""
        return {
            "DISPLAY": self._display,
            "DBUS_SESSION_BUS_ADDRESS": self._address,
            "QT_QPA_PLATFORM": "xcb",
            "QTWEBENGINE_DISABLE_SANDBOX": "1",  # it refuses root otherwise
            "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
            "GSETTINGS_BACKEND": "keyfile",
            "NO_AT_BRIDGE": "1",
        }

    def changed(self) -> bool:
        """Whether something else is shown than when this was last asked."""
        shown = self._shown()
        if shown == self._seen:
            return False
        before, now = (memoryview(pixels).cast("I")[::SAMPLE] for pixels in (self._seen, shown))
        if sum(a != b for a, b in zip(before, now, strict=True)) < CHANGED:
            return False
        self._seen = shown
        return True

    def quit(self) -> None:
        """By Ctrl+Q in its window."""
        press = ["xdotool", "search", "--onlyvisible", "--class", ".", "windowfocus", "--sync",
                 "key", "--clearmodifiers", "ctrl+q"]  # fmt: skip
        environment = os.environ | {"DISPLAY": self._display}
        subprocess.run(press, env=environment, stderr=subprocess.DEVNULL, timeout=10, check=False)

    def close(self) -> None:
        self._pixels.close()
        for process in (self._bus, self._server):
            process.terminate()
            process.wait(10)
        assert self._bus.stdout is not None
        self._bus.stdout.close()
        shutil.rmtree(self._folder)

    def _shown(self) -> bytes:
        return self._pixels[self._start : self._start + 4 * WIDTH * HEIGHT]


class Terminal:
    """A terminal of 160 columns and 50 lines."""

    own: frozenset[int] = frozenset()

    def __init__(self) -> None:
        self._ours, self.theirs = pty.openpty()
        fcntl.ioctl(self.theirs, termios.TIOCSWINSZ, struct.pack("4H", 50, 160, 0, 0))
        os.set_blocking(self._ours, False)

    def environment(self) -> dict[str, str]:
        return {"TERM": "xterm"}

    def changed(self) -> bool:
        try:
            return bool(os.read(self._ours, 1 << 20))
        except BlockingIOError:
            return False

    def close(self) -> None:
        os.close(self.theirs)
        os.close(self._ours)
