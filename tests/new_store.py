"""A store as its first opening makes it, from bytes that are made once: its tables take ten times as long to make as to
copy. What a first opening does is seen wherever a test opens a folder that it has not begun with this."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from desktop.store import Store
from desktop.store.opening import FILE


def made_by(fill: Callable[[Path], object]) -> bytes:
    """The file of the store that `fill` leaves in a folder."""
    with tempfile.TemporaryDirectory() as name:
        fill(Path(name))
        return (Path(name) / FILE).read_bytes()


@cache
def _empty() -> bytes:
    return made_by(lambda folder: Store.open(folder).close())


def begin(folder: Path) -> Path:
    """Put an empty store into a folder that has none; gives the folder."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (folder / FILE).exists():
        (folder / FILE).write_bytes(_empty())
    return folder
