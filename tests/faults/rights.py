"""Folders that another user of the machine may not touch, and ours that we may only read or may not even see.

Root may do all, so what is asked here is asked as nobody, in forks of a process that has loaded what they need.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import pkgutil
import stat
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from desktop.store import Store
from desktop.store.copies import keep_daily
from tests.faults import person
from tests.unit.store.builders import NOW

NOBODY = 65534
READING = tuple(
    line.split()
    for line in ("sources", "articles --json", "search river", "show 1", "rates USD/KZT", "config list")
)
WRITING = tuple(
    line.split() for line in ("mark 1 --star", "note 1 x", "config set reader.size 2", "watch add EURUZS")
)


def available() -> bool:
    """Whether we may become somebody else."""
    return hasattr(os, "fork") and os.geteuid() == 0


def run(seed: int) -> dict[str, object]:
    """Gives what nobody could read of a running store, and the verbs that did not end as they should."""
    _load()
    failed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="chorsu-rights-") as name:
        place = Path(name)
        place.chmod(0o755)
        folder = place / "profile"
        person.live(folder)
        with Store.open(folder) as store:
            store.articles.set_starred([2], True)
            keep_daily(folder, NOW)
            files = [path for path in folder.rglob("*") if path.is_file()]
            failed += [
                f"{path.name}: {stat.filemode(path.stat().st_mode)}"
                for path in (folder, *folder.rglob("*"))
                if path.stat().st_mode & 0o077
            ]
            failed += _as_nobody(lambda: [f"nobody reads {path.name}" for path in files if _can_read(path)])
        failed += [f"shut: {one}" for one in _as_nobody(lambda: _verbs(folder, {3}, {3}, "data folder"))]
        _give_to_nobody(folder, write=False)
        failed += [f"read-only: {one}" for one in _as_nobody(lambda: _verbs(folder, {0}, {3}, "data folder"))]
        _give_to_nobody(folder, write=True)
        failed += [f"own: {one}" for one in _as_nobody(lambda: _verbs(folder, {0}, {0}, ""))]
    return {"seed": seed, "files": len(files), "verbs": 3 * len(READING + WRITING), "failed": failed}


def _load() -> None:
    import desktop

    for room in ("cli", "core", "store", "sync", "net"):
        package = importlib.import_module(f"desktop.{room}")
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    import desktop.__main__

    del desktop
    with contextlib.suppress(SystemExit):
        _said(("--help",), Path("/"))


def _can_read(path: Path) -> bool:
    try:
        path.read_bytes()
    except PermissionError:
        return False
    return True


def _give_to_nobody(folder: Path, *, write: bool) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
        path.chmod((0o700 if path.is_dir() else 0o600) if write else 0o500 if path.is_dir() else 0o400)


def _as_nobody(does: Callable[[], list[str]]) -> list[str]:
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            found = does()
        except BaseException as error:  # noqa: BLE001 - the fork must end here
            found = [f"{type(error).__name__}: {error}"]
        os.write(theirs, "\n".join(found).encode())
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        said = pipe.read().decode()
    os.waitpid(pid, 0)
    return said.splitlines()


def _verbs(folder: Path, reading: set[int], writing: set[int], words: str) -> list[str]:
    wrong: list[str] = []
    for verbs, expected in ((READING, reading), (WRITING, writing)):
        for verb in verbs:
            code, said = _said(verb, folder)
            if code not in expected or "Traceback" in said or (code and words not in said):
                wrong.append(f"{' '.join(verb)}: {code}: {said[-300:]!r}")
    return wrong


def _said(verb: Sequence[str], folder: Path) -> tuple[int, str]:
    from desktop.__main__ import main

    out, told = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(told):
        code = main(["--data-dir", str(folder), *verb])
    return code, told.getvalue()
