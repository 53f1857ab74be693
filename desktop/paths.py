"""Where things are: the person's data, the log, and the resources that travel with the program."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import NamedTuple


class Paths(NamedTuple):
    """The folders of one profile. Articles and pictures are data, not cache: a cleaner may empty caches."""

    data: Path
    log: Path

    def create(self) -> None:
        """Make the folders, private to their owner; one that cannot be made so is told of when the store is opened."""
        try:
            self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
            if os.name == "posix" and self.data.stat().st_mode & 0o077:
                self.data.chmod(0o700)
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
                raise


def find_paths(data_dir: Path | None = None) -> Paths:
    """Give the folders under `data_dir`, or the platform's own places. Nothing is made yet."""
    if data_dir is None:
        from platformdirs import PlatformDirs

        data_dir = Path(PlatformDirs("chorsu", appauthor=False).user_data_dir)
    data_dir = data_dir.expanduser().absolute()
    return Paths(data=data_dir, log=data_dir / "chorsu.log")


def resources() -> Path:
    """The folder of resources: inside the package when installed or frozen, beside it in a checkout."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen:
        return Path(frozen) / "desktop" / "resources"
    package = Path(__file__).resolve().parent
    inside = package / "resources"
    return inside if inside.is_dir() else package.parent / "resources"


def resource(name: str) -> Path:
    """One resource by its name with slashes: `resource("icons/chorsu.svg")`."""
    return resources().joinpath(*name.split("/"))
