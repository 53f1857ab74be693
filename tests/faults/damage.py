"""Damaged stores: each is opened as at a start, used, and compared with what the person had done."""

from __future__ import annotations

import hashlib
import random
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from desktop.core.errors import StoreDamaged, StoreTooNew
from desktop.store import Store
from desktop.store.copies import keep_daily
from desktop.store.migrations import MIGRATIONS
from desktop.store.opening import FILE, RUNNING, SUSPECT
from tests.faults import person

POINTS = 300  # of a normal run
IN_LOG = ("reader.leading", 170)  # written last of all, and lost where the log is
WAL = f"{FILE}-wal"
Damage = Callable[[Path, random.Random], None]


def _edit(folder: Path, change: Callable[[bytearray], None], name: str = FILE) -> None:
    body = bytearray((folder / name).read_bytes())
    change(body)
    (folder / name).write_bytes(body)


def _flip(folder: Path, chance: random.Random) -> None:
    def change(body: bytearray) -> None:
        body[chance.randrange(100, len(body))] ^= 1 << chance.randrange(8)

    _edit(folder, change)


def _flip_header(folder: Path, chance: random.Random) -> None:
    def change(body: bytearray) -> None:
        body[chance.randrange(0, 100)] ^= 1 << chance.randrange(8)

    _edit(folder, change)


def _noise(folder: Path, chance: random.Random) -> None:
    def change(body: bytearray) -> None:
        at = chance.randrange(0, len(body) - 512) // 512 * 512
        body[at : at + 512] = chance.randbytes(512)

    _edit(folder, change)


def _page_size(body: bytearray) -> int:
    return int.from_bytes(body[16:18], "big")


def _zero_pages(folder: Path, chance: random.Random) -> None:
    def change(body: bytearray) -> None:
        size = _page_size(body)
        for _ in range(chance.choice((1, 1, 1, 3, 8))):
            at = chance.randrange(0, len(body) // size) * size
            body[at : at + size] = bytes(size)

    _edit(folder, change)


def _swap_pages(folder: Path, chance: random.Random) -> None:
    def change(body: bytearray) -> None:
        size = _page_size(body)
        numbers = chance.sample(range(1, len(body) // size), 2)
        one, other = (slice(number * size, (number + 1) * size) for number in numbers)
        body[one], body[other] = body[other], body[one]

    _edit(folder, change)


def _truncate(folder: Path, chance: random.Random) -> None:
    def change(body: bytearray) -> None:
        del body[chance.randrange(0, len(body)) :]

    _edit(folder, change)


def _zero_all(folder: Path, chance: random.Random) -> None:
    _edit(folder, lambda body: body.__setitem__(slice(None), bytes(len(body))))


def _foreign_database(folder: Path, chance: random.Random) -> None:
    (folder / FILE).unlink()
    with closing(sqlite3.connect(folder / FILE)) as db:
        db.execute(f"CREATE TABLE bookmarks_{chance.randrange(99)} (url TEXT)")
        db.commit()


def _foreign_file(folder: Path, chance: random.Random) -> None:
    (folder / FILE).write_bytes(b"<html>404</html>" * chance.randrange(0, 500))


def _directory(folder: Path, chance: random.Random) -> None:
    (folder / FILE).unlink()
    (folder / FILE).mkdir()
    (folder / FILE / "somebody's").write_bytes(chance.randbytes(9))


def _newer(folder: Path, chance: random.Random) -> None:
    with closing(sqlite3.connect(folder / FILE)) as db:
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + chance.randrange(1, 9)}")
        db.commit()


def _log_alone(folder: Path, chance: random.Random) -> None:
    _with_log(folder)
    (folder / FILE).unlink()


def _gone(folder: Path, chance: random.Random) -> None:
    (folder / FILE).unlink()


def _torn_log(folder: Path, chance: random.Random) -> None:
    _with_log(folder)

    def change(body: bytearray) -> None:
        if chance.random() < 0.5:
            del body[chance.randrange(0, len(body)) :]
        else:
            body[chance.randrange(0, len(body))] ^= 0xFF

    _edit(folder, change, WAL)


def _with_log(folder: Path) -> None:
    """As a kill leaves it: the last writes stand in the log only."""
    with tempfile.TemporaryDirectory() as other:
        with Store.open(folder) as store:
            store.settings.set(*IN_LOG)
            for name in (FILE, WAL, RUNNING):
                shutil.copy(folder / name, other)
        for name in (FILE, WAL, RUNNING):
            shutil.copy(Path(other) / name, folder)


KINDS: dict[str, Damage] = {
    "flipped bit": _flip,
    "flipped bit of the header": _flip_header,
    "sector of noise": _noise,
    "zeroed pages": _zero_pages,
    "swapped pages": _swap_pages,
    "cut short": _truncate,
    "zeroed": _zero_all,
    "another program's database": _foreign_database,
    "not a database": _foreign_file,
    "a folder": _directory,
    "newer version": _newer,
    "log alone": _log_alone,
    "file gone": _gone,
    "torn log": _torn_log,
}
_OFTEN = (
    "flipped bit",
    "flipped bit of the header",
    "sector of noise",
    "zeroed pages",
    "swapped pages",
    "cut short",
)


def run(seed: int, points: int = POINTS) -> dict[str, object]:
    """Damage a store `points` times and start on it; gives what came of it.

    `failed` names each damage after which no start succeeded, evidence was missing, what the person did was neither
    as it was nor as the daily copy had it, or the store was not whole. `unnoticed` counts damages that changed what
    the person did without any check seeing it: a flipped bit in a value looks like a value.
    """
    chance = random.Random(seed)
    order = [*KINDS, *(kind for kind in _OFTEN for _ in range(5))]
    outcomes: Counter[str] = Counter()
    unnoticed: Counter[str] = Counter()
    failed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="chorsu-damage-") as place:
        whole = Path(place) / "whole"
        copy = person.live(whole)
        today = person.state_of(whole)
        for number in range(points):
            kind = order[number % len(order)]
            folder = Path(place) / "damaged"
            shutil.copytree(whole, folder)
            KINDS[kind](folder, chance)
            if chance.random() < 0.7:
                (folder / RUNNING).touch()
            try:
                outcome = _start(folder, today, copy)
                outcomes[outcome] += 1
                if outcome == "unnoticed":
                    unnoticed[kind] += 1
            except Exception as error:  # noqa: BLE001 - whatever it is, it is what this looks for
                failed.append(f"{number}: {kind}: {type(error).__name__}: {error}")
            shutil.rmtree(folder)
    return {
        "points": points,
        "seed": seed,
        "failed": failed,
        "outcomes": dict(sorted(outcomes.items())),
        "unnoticed": dict(unnoticed),
    }


def _start(folder: Path, today: person.State, copy: person.State) -> str:
    """Start until nothing is found any more; gives how it went. Raises what should not have been."""
    before = _hashes(folder)
    mended = None
    for _ in range(3):
        try:
            with Store.open(folder) as store:
                mended = store.mended or mended
                if store.mended:
                    assert store.settings.get("store.mended", "").startswith(store.mended.message)
                unreadable = person.use(store)
                problems = store.check()
                keep_daily(folder, person.NOW)
        except StoreTooNew:
            assert _hashes(folder)[FILE] == before[FILE]
            return "refused as newer, untouched"
        except StoreDamaged:
            continue  # met while reading, and told: the next start looks at everything
        if not (folder / SUSPECT).exists():  # else met by the check, which is to say the same
            break
    else:
        raise AssertionError("damage is met at every start")
    state = person.state_of(folder)
    state["settings"] -= {(IN_LOG[0], str(IN_LOG[1]))}
    if mended is None:
        changed = sum(len(state[name] ^ today[name]) for name in today)
        assert changed <= 2, state  # one row that is another now
        if unreadable:
            return "told at the article"
        if problems:
            return "told by chorsu check"
        return "unnoticed" if changed else "harmless"
    wrong = person.lost(state, today=today, copy=copy)
    assert not wrong, wrong
    assert not problems, problems
    assert before[FILE] in _hashes(folder).values() if FILE in before else True, "no evidence"
    assert folder.stat().st_mode & 0o077 == 0
    if mended.copy:
        return "mended with the copy of the day before"
    return "mended from itself"


def _hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".lock"
    }
