"""Disks that are full: of thirty sizes, each filled by what a person's day writes, and given room again. And those that
cannot be written to, and folders that are taken away while the program runs.

Each size is a file system in memory of its own, in a name space of its own: for that the system must let us mount one.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from desktop.core.errors import AppError, StoreError, StoreReadOnly
from desktop.core.incoming import PictureInfo
from desktop.core.models import ArticleQuery
from desktop.store import Store
from desktop.store.backup import back_up
from desktop.store.copies import keep_daily
from desktop.store.opening import FILE, RUNNING
from tests.faults import person
from tests.faults.kills import OLD, lost, values_of
from tests.unit.store.builders import NOW, make_feed

POINTS = 30
ROOT = Path(__file__).resolve().parents[2]
STEP = 48 << 10
SPACES = (["unshare", "-m"], ["unshare", "-Urm"])  # as root, and as anybody where the system lets them


def available() -> list[str]:
    """How a file system can be mounted here; empty where it cannot."""
    for words in SPACES:
        probe = [*words, "mount", "-t", "tmpfs", "-o", "size=1m", "none", "/mnt"]
        if (
            shutil.which("unshare")
            and subprocess.run(probe, capture_output=True, check=False).returncode == 0
        ):
            return list(words)
    return []


def run(seed: int, points: int = POINTS) -> dict[str, object]:
    """Fill `points` disks, whose sizes are the seed's; gives what went wrong, and how often what was refused."""
    command = [*available(), sys.executable, "-m", "tests.faults.disks", str(seed), str(points)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=3000, check=False)
    if done.returncode:
        raise AssertionError(done.stderr)
    return {"points": points, "seed": seed, **json.loads(done.stdout.splitlines()[-1])}


def _fill_all(seed: int, points: int) -> dict[str, object]:
    chance = random.Random(seed)
    failed: list[str] = []
    told: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="chorsu-disks-") as name:
        place = Path(name)
        person.live(place / "live")
        need = sum(path.stat().st_size + 4096 for path in (place / "live").rglob("*"))
        disk = place / "disk"
        disk.mkdir()
        for number in range(points):
            size = need + number * STEP + chance.randint(1, STEP)
            for scene in SCENES if number % 3 == 0 else SCENES[:3]:
                _mount(disk, size)
                try:
                    told += scene(place / "live", disk, number)
                except Exception as error:  # noqa: BLE001 - whatever it is, it is what this looks for
                    failed.append(f"{scene.__name__[1:]}, {size} bytes: {type(error).__name__}: {error}")
                finally:
                    subprocess.run(["umount", str(disk)], check=True)
    return {"told": dict(told), "failed": failed}


def _mount(disk: Path, size: int) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(disk)], check=True)


def _give_room(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)


def _day(live: Path, disk: Path, number: int) -> Counter[str]:
    """A day until nothing fits any more, and another with room again: in the same process, and after a new start."""
    folder = disk / "profile"
    shutil.copytree(live, folder)
    before = values_of(folder)
    told: Counter[str] = Counter()
    said: list[tuple[str, list[Any]]] = []
    acts = _Acts(told, said)
    try:
        store = Store.open(folder)
    except StoreError as error:
        acts.note("open", error)
        _give_room(disk)
        store = Store.open(folder)
    with store:
        for n in range(40):
            acts.all_of(store, n)
            if told["mark"] and told["articles"]:
                break
        assert told["articles"] or told["open"], "the disk was never full"
        person.use(store)  # reading goes on
        _give_room(disk)
        refused = told.copy()
        acts.all_of(store, 50)
        assert told == refused, told - refused
    assert lost(said, before, values_of(folder)) == []
    with Store.open(folder) as store:
        assert store.mended is None
        assert store.check() == []
        acts.all_of(store, 51)
    assert told == refused, told - refused
    assert lost(said, before, values_of(folder)) == []
    return told


class _Acts:
    """What a day writes; what is refused is told, and counted."""

    def __init__(self, told: Counter[str], said: list[tuple[str, list[Any]]]) -> None:
        self._told = told
        self._said = said

    def all_of(self, store: Store, n: int) -> None:
        first = 1000 + n * 20
        feed = make_feed(person.feed("steppe", first, first + 20, words=300))
        self._act("articles", lambda: store.articles.apply(1, feed, None, NOW))
        body = os.urandom(20_000)
        picture = PictureInfo("png", 1, 1)
        self._act("picture", lambda: store.images.put(f"p{n}", f"https://s.example/{n}.png", body, picture))
        self._mark("star", 20 + n % 15, n % 2 == 0, lambda v: store.articles.set_starred([20 + n % 15], v))
        self._mark("setting", "reader.width", 50 + n, lambda v: store.settings.set("reader.width", v))
        self._mark("note", 20 + n % 15, f"n{n}", lambda v: store.notes.put(20 + n % 15, v, NOW))
        self._act("copy", lambda: keep_daily(store.folder, NOW + timedelta(days=n)))
        if n % 2:
            self._act("backup", lambda: back_up(store.folder, store.folder.parent / "b.zip", NOW))

    def _mark(self, key: str, which: object, value: Any, does: Callable[[Any], object]) -> None:
        self._said.append(("begin", [[key, which, value]]))
        if self._act("mark", lambda: does(value)):
            self._said.append(("done", [[key, which, value]]))

    def _act(self, name: str, does: Callable[[], object]) -> bool:
        try:
            does()
        except AppError as error:
            self.note(name, error)
            return False
        return True

    def note(self, name: str, error: AppError) -> None:
        _is_of_room(error)
        self._told[name] += 1


def _is_of_room(error: AppError) -> None:
    """Whoever reads it knows that there is no room, and what to do."""
    assert "full" in error.message or "space" in f"{error.message} {error.remedy}".lower(), error
    assert error.remedy, error


def _growth(live: Path, disk: Path, number: int) -> Counter[str]:
    """A store of the first version is brought up to date where there may be no room for that."""
    folder = disk / "profile"
    folder.mkdir()
    (folder / FILE).write_bytes(gzip.decompress(OLD.read_bytes()))
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    (disk / "filled").write_bytes(bytes(max(0, free - (number + 1) * STEP)))
    return _opened_in_the_end(
        disk, folder, "growth", lambda store: store.articles.count(ArticleQuery()) == 12
    )


def _mending(live: Path, disk: Path, number: int) -> Counter[str]:
    """A damaged store is mended where there may be no room for that; until then it stays as it is."""
    folder = disk / "profile"
    shutil.copytree(live, folder)
    body = (folder / FILE).read_bytes()
    damaged = body[: len(body) // 2]
    (folder / FILE).write_bytes(damaged)
    (folder / RUNNING).touch()
    found = _opened_in_the_end(disk, folder, "mending", lambda store: len(store.sources.all()) == 2)
    assert damaged in {path.read_bytes() for path in folder.glob(f"{FILE}.damaged-*")}
    return found


def _refusal(does: Callable[[], object]) -> StoreError:
    try:
        does()
    except StoreError as error:
        return error
    raise AssertionError("it says that it has stored what nobody finds")


def _read_only(live: Path, disk: Path, number: int) -> Counter[str]:
    """A disk that nothing can be written to: it is said, what is there can be read, and in the end all is as it was."""
    folder = disk / "profile"
    _give_room(disk)
    shutil.copytree(live, folder)
    before = values_of(folder)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    refusal = _refusal(lambda: Store.open(folder).close())
    assert isinstance(refusal, StoreReadOnly), refusal
    assert refusal.remedy, refusal
    with Store.open_reader(folder) as store:
        person.use(store)
    subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    with Store.open(folder) as store:
        assert store.mended is None
        store.articles.set_starred([20], True)
        assert store.check() == []
    assert lost([("done", [["star", 20, True]])], before, values_of(folder)) == []
    return Counter({"read-only": 1})


def _missing(live: Path, disk: Path, number: int) -> Counter[str]:
    """The folder is taken away while the program runs, and put back: nothing that was said to be stored is lost."""
    folder, away = disk / "profile", disk / "away"
    _give_room(disk)
    shutil.copytree(live, folder)
    before = values_of(folder)
    with Store.open(folder) as store:
        store.notes.put(20, "before", NOW)
        folder.rename(away)
        refusal = _refusal(partial(store.notes.put, 20, "meanwhile", NOW))
        assert "moved or removed" in refusal.message, refusal
        assert refusal.remedy, refusal
        person.use(store)
        away.rename(folder)
        store.notes.put(21, "after", NOW)
        assert store.check() == []
    said = [("done", [["note", 20, "before"]]), ("done", [["note", 21, "after"]])]
    assert lost(said, before, values_of(folder)) == []
    return Counter({"missing": 1})


def _opened_in_the_end(disk: Path, folder: Path, what: str, good: Callable[[Store], bool]) -> Counter[str]:
    told: Counter[str] = Counter()
    try:
        Store.open(folder).close()
    except StoreError as error:
        _is_of_room(error)
        told[what] += 1
        _give_room(disk)
    with Store.open(folder) as store:
        assert good(store)
        assert [one for one in store.check() if "picture files" not in one] == []
    return told


SCENES = (_day, _growth, _mending, _read_only, _missing)  # the size matters to the first three


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_fill_all(*map(int, sys.argv[1:]))) + "\n")
