"""Folders that cannot be written to, for root too."""

from __future__ import annotations

import ctypes
import os
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

T = TypeVar("T")

_VERSION_3 = 0x20080522  # of the capabilities of Linux, as in linux/capability.h
_ABOVE_MODES = 1 << 1 | 1 << 2 | 1 << 3  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER


def obey_modes() -> None:
    """From now on this thread, and those that it starts, keep to the rights of files, which root is above."""
    if os.geteuid() != 0:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header = ctypes.create_string_buffer(struct.pack("Ii", _VERSION_3, 0))
    held = ctypes.create_string_buffer(24)
    if libc.capget(header, held) != 0:
        raise OSError(ctypes.get_errno(), "capget")
    effective, permitted, *rest = struct.unpack("6I", held.raw)
    kept = struct.pack("6I", effective & ~_ABOVE_MODES, permitted & ~_ABOVE_MODES, *rest)
    if libc.capset(header, kept) != 0:
        raise OSError(ctypes.get_errno(), "capset")


def obeying_modes(job: Callable[[], T]) -> T:
    """Run a job in a thread that keeps to the rights of files; gives what it gives, or raises what it raises."""
    found: list[T] = []
    failed: list[BaseException] = []

    def work() -> None:
        try:
            obey_modes()
            found.append(job())
        except BaseException as error:  # noqa: BLE001 - raised again by who waits
            failed.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return found[0]


@contextmanager
def sealed(folder: Path) -> Iterator[None]:
    """A folder, all its folders r-x and all its files r--, until the end."""
    if os.name != "posix" or (os.geteuid() == 0 and sys.platform != "linux"):
        pytest.skip("there is no way here to take the right to write away")
    paths = [folder, *folder.rglob("*")]
    modes = {path: path.stat().st_mode & 0o777 for path in paths}
    for path in reversed(paths):
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        yield
    finally:
        for path in paths:
            path.chmod(modes[path])
