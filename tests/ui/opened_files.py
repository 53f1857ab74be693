"""Who opens a file: heard from the system, whatever library does it. Linux alone tells."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

OPENED = 0x20  # IN_OPEN, in <sys/inotify.h>


class Ear:
    """Counts how often one file is opened, by anybody."""

    def __init__(self, file: Path) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._watch: int = self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self._watch < 0 or self._libc.inotify_add_watch(self._watch, os.fsencode(file), OPENED) < 0:
            raise OSError(ctypes.get_errno(), "no watch on a file")

    def heard(self) -> int:
        """How often it was opened since this was asked last."""
        try:
            return len(os.read(self._watch, 65_536)) // 16  # struct inotify_event of a file has no name
        except BlockingIOError:
            return 0

    def close(self) -> None:
        os.close(self._watch)


def can_hear() -> bool:
    return sys.platform.startswith("linux")
