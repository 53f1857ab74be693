"""The built-in edition as a process beside the window, so that drawing its pictures costs the window nothing."""

from __future__ import annotations

import subprocess
import sys
from types import TracebackType

from desktop.core.errors import AppError

# Everything that the site holds comes at once, and it lives fast.
_SETTINGS: dict[str, str | int | float | bool] = {
    "news.first_articles": 1312,
    "refresh.minutes": 1,
    "refresh.rates_minutes": 1,
    "refresh.rates_at_hours": False,
    "rates.history_pace": 0.05,
    "network.automatic": False,
    "welcome.done": True,
}


class DemoProcess:
    """Runs `chorsu demo --serve` while its context lasts."""

    def __init__(self) -> None:
        # A frozen program is its own interpreter.
        start = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "desktop"]
        self._process = subprocess.Popen(
            [*start, "demo", "--serve"],
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        self.url = ""
        self.settings: dict[str, str | int | float | bool] = dict(_SETTINGS)

    def __enter__(self) -> DemoProcess:
        """Wait until the site answers. Raises AppError when it does not start."""
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        blanks = 0
        while blanks < 2:
            line = self._process.stdout.readline()
            if not line:
                self._end()
                raise AppError("The demo's site did not start.", "See what this prints: chorsu demo --serve")
            blanks += not line.strip()
            words = line.split()
            if words[:3] == ["chorsu", "config", "set"]:
                self.settings[words[3]] = words[4]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        if self._process.stdout is not None:
            self._process.stdout.close()
