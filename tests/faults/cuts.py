"""Power cuts: what the program writes and syncs is recorded once with strace, then cut off at a thousand places.

Of what was not synced at a cut any part may be on the disk: each write by itself is there, gone, or torn at a sector;
of the names that were made, changed and removed, the first so many are. The pages of a file that lie in the memory of
the system only are the reason for all this; strace sees each of them go by.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from desktop.core.errors import StoreError
from desktop.core.incoming import PictureInfo
from desktop.core.models import ArticleQuery, FetchState, Validators
from desktop.core.rates import Pair
from desktop.core.shown import Shown
from desktop.store import Store
from desktop.store.backup import back_up
from desktop.store.copies import keep_daily
from desktop.store.removals import Removals
from desktop.store.restore import stage
from tests.faults import person
from tests.faults.kills import Values, lost, values_of
from tests.unit.store.builders import NOW, add_source, make_feed

POINTS = 1000
ROOT = Path(__file__).resolve().parents[2]
SECTOR = 512
ROUNDS = 12
PER_ROUND = 4
CALLS = "openat,lseek,write,pwrite64,ftruncate,fsync,fdatasync,rename,unlink,unlinkat,rmdir,mkdir"


def available() -> bool:
    """Whether the system has what the recording needs."""
    return shutil.which("strace") is not None


# --- the session that is recorded


def session(folder: Path, said: Path) -> None:
    """A person's days in small: articles come with validators, are marked, one by one and all at once; the store is
    closed and opened again, backed up and restored, and a source goes and comes back."""
    out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)

    def act(key: str, which: object, value: object, job: Callable[[], object]) -> None:
        many([[key, which, value]], job)

    def many(values: list[list[object]], job: Callable[[], object]) -> None:
        os.write(out, json.dumps(["begin", values]).encode() + b"\n")
        job()
        os.write(out, json.dumps(["done", values]).encode() + b"\n")

    for part in range(3):
        with _open(folder) as store:
            if part == 0:
                add_source(store, "steppe")
            for n in range(part * ROUNDS // 3, (part + 1) * ROUNDS // 3):
                _round(store, n)
                _marks(store, n, act)
            newest = store.articles.newest_id()
            all_read = [["read", article, True] for article in range(1, newest + 1)]
            many(all_read, lambda s=store, i=newest: s.marks.read(Shown(ArticleQuery(), i)))
            keep_daily(folder, NOW + timedelta(days=part))
    back_up(folder, folder.parent / "backup.zip", NOW)
    stage(folder.parent / "backup.zip", folder)
    with _open(folder) as store:
        act("setting", "reader.width", 7, lambda: store.settings.set("reader.width", 7))
        other = add_source(store, "valley").id
        store.articles.apply(other, make_feed(person.feed("valley", 1, 9, words=200)), None, NOW)
        removals = Removals(store._database, store.images, at_once=3)
        removals.remove([other])
        act("star", 1, False, lambda: store.articles.set_starred([1], False))
        removals.put_back(other)


@contextmanager
def _open(folder: Path) -> Iterator[Store]:
    with Store.open(folder) as store:
        # So that a short session goes from the log into the file, more than once.
        store._database.connection.execute("PRAGMA wal_autocheckpoint = 40")
        yield store


def _marks(store: Store, n: int, act: Callable[[str, object, object, Callable[[], object]], None]) -> None:
    article = 1 + n * PER_ROUND
    act("read", article, True, lambda: store.articles.set_read([article], True))
    act("star", article, True, lambda: store.articles.set_starred([article], True))
    act("note", article, f"n{n}", lambda: store.notes.put(article, f"n{n}", NOW))
    act("setting", "reader.width", 50 + n, lambda: store.settings.set("reader.width", 50 + n))
    act("tag", article, True, lambda: store.tags.change([article], ["later"]))
    pair = ("AED", "AMD", "AZN", "BYN", "CNY", "GEL", "INR", "JPY")[n // 2 % 8]
    act("pin", pair, n % 2 == 0, lambda: _pin(store, pair, n % 2 == 0))


def _pin(store: Store, base: str, wanted: bool) -> None:
    (store.watchlists.pin if wanted else store.watchlists.unpin)(Pair(base, "KZT"))


def _round(store: Store, n: int) -> None:
    first = n * PER_ROUND + 1
    state = FetchState(validators=Validators(f'"{n}"', ""), last_fetch=NOW)
    store.articles.apply(1, make_feed(person.feed("steppe", first, first + PER_ROUND, words=200)), state, NOW)
    store.images.put(
        f"key{n}", f"https://steppe.example/{n}.png", b"picture %d" % n * 300, PictureInfo("png", 1, 1)
    )


# --- what was recorded


@dataclass(frozen=True)
class Write:
    """Bytes into a file at a place, or its new length (`data` None)."""

    file: int
    place: int
    data: bytes | None


@dataclass(frozen=True)
class Sync:
    """All of a file so far is on the disk."""

    file: int


@dataclass(frozen=True)
class Name:
    """A name of a folder that was made (`file`), or removed (None)."""

    folder: str
    changes: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True)
class SyncNames:
    """All names of a folder so far are on the disk."""

    folder: str


@dataclass(frozen=True)
class Said:
    """What the session said."""

    line: str


Event = Write | Sync | Name | SyncNames | Said
_LINE = re.compile(r"^(?:\d+ +)?(\w+)\((.*)\) += (-?\d+)(?:<(.*?)>)?")
_FD = re.compile(r"^(\d+)<([^>]*)>(\(deleted\))?$")


@dataclass
class Recording:
    """The events of a session, read from what strace wrote."""

    root: str
    said: str
    events: list[Event] = field(default_factory=list)
    folders: set[int] = field(default_factory=set)
    _files: dict[str, int] = field(default_factory=dict)  # the file that a name has now
    _offsets: dict[int, int] = field(default_factory=dict)
    _made: int = 0

    def read(self, lines: Iterable[str]) -> None:
        for line in lines:
            found = _LINE.match(line)
            if found and int(found[3]) >= 0:
                self._call(found[1], found[2].split(", "), int(found[3]), _text(found[4] or ""))

    def _call(self, name: str, words: list[str], result: int, path: str) -> None:
        if name == "openat":
            self._offsets[result] = 0
            if "O_CREAT" in words[2] and path not in self._files and self.is_ours(path):
                self._name(path, self._new())
        elif name == "mkdir" and self.is_ours(_text(words[0])):
            self._name(_text(words[0]), self._new())
            self.folders.add(self._made)
        elif name == "rename" and self.is_ours(_text(words[1])):
            old, new = _text(words[0]), _text(words[1])
            file = self._files.pop(old)
            self._files[new] = file
            self.events.append(Name(_folder_of(new), ((old, None), (new, file))))
        elif name in ("unlink", "rmdir"):
            self._gone(_text(words[0]))
        elif name == "unlinkat":  # of a name in an open folder
            self._gone(f"{_text(words[0].partition('<')[2].rstrip('>'))}/{_text(words[1])}")
        elif match := _FD.match(words[0]):
            self._on_file(name, int(match[1]), _text(match[2]), words, result)

    def _gone(self, path: str) -> None:
        if path in self._files:
            del self._files[path]
            self.events.append(Name(_folder_of(path), ((path, None),)))

    def _on_file(self, name: str, fd: int, path: str, words: list[str], result: int) -> None:
        if name == "lseek":
            self._offsets[fd] = result
        elif path == self.said and name == "write":
            self.events.append(Said(_bytes(words[1]).decode()))
        elif path == self.root or self._files.get(path) in self.folders:
            if name == "fsync":
                self.events.append(SyncNames(path))
        elif path in self._files:
            file = self._files[path]
            if name == "pwrite64":
                self.events.append(Write(file, int(words[3]), _bytes(words[1])[:result]))
            elif name == "write":
                self.events.append(Write(file, self._offsets.get(fd, 0), _bytes(words[1])[:result]))
                self._offsets[fd] = self._offsets.get(fd, 0) + result
            elif name == "ftruncate":
                self.events.append(Write(file, int(words[1]), None))
            elif name in ("fsync", "fdatasync"):
                self.events.append(Sync(file))

    def _new(self) -> int:
        self._made += 1
        return self._made

    def _name(self, path: str, file: int) -> None:
        self._files[path] = file
        self.events.append(Name(_folder_of(path), ((path, file),)))

    def is_ours(self, path: str) -> bool:
        """Whether a cut may find it; what the log's readers share is made anew at each opening."""
        return path.startswith(self.root + "/") and not path.endswith("-shm")


def _folder_of(name: str) -> str:
    return name.rpartition("/")[0]


def _bytes(word: str) -> bytes:
    return bytes.fromhex(word.strip('"').replace("\\x", ""))


def _text(word: str) -> str:
    return _bytes(word).decode() if word.startswith(('"\\x', "\\x")) else word.strip('"')


def record(place: Path) -> Recording:
    """Let the session happen under strace in `place`."""
    folder, said, log = place / "profile", place / "said", place / "strace"
    folder.mkdir(mode=0o700)
    subprocess.run(
        ["strace", "-f", "-y", "-xx", "-s", "4000000", "-e", f"trace={CALLS}", "-o", str(log),
         sys.executable, "-c", "import sys, pathlib; from tests.faults.cuts import session;"
         "session(*map(pathlib.Path, sys.argv[1:]))", str(folder), str(said)],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}, check=True,
        capture_output=True, timeout=300,
    )  # fmt: skip
    recording = Recording(str(folder), str(said))
    with log.open() as lines:
        recording.read(lines)
    return recording


# --- a cut


@dataclass
class Disk:
    """What is on the disk for sure, and what is on its way to it."""

    files: dict[int, bytearray] = field(default_factory=dict)
    pending: dict[int, list[Write]] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    pending_names: list[Name] = field(default_factory=list)

    def take(self, event: Event) -> None:
        if isinstance(event, Write):
            self.pending.setdefault(event.file, []).append(event)
        elif isinstance(event, Sync):
            for write in self.pending.pop(event.file, []):
                _put(self.files.setdefault(event.file, bytearray()), write)
        elif isinstance(event, Name):
            self.pending_names.append(event)
        elif isinstance(event, SyncNames):
            for name in self.pending_names:
                if name.folder == event.folder:
                    _rename(self.names, name)
            self.pending_names = [name for name in self.pending_names if name.folder != event.folder]

    def cut(self, chance: random.Random) -> dict[str, tuple[int, bytearray]]:
        """What may be found after a cut now: files, and what is in them, by name."""
        names = dict(self.names)
        for name in self.pending_names[: chance.randint(0, len(self.pending_names))]:
            _rename(names, name)
        files = {file: bytearray(self.files.get(file, b"")) for file in set(names.values())}
        keeps = chance.choice((0.0, 0.2, 0.5, 0.8, 1.0))
        for file, writes in self.pending.items():
            for write in writes if file in files else ():
                if chance.random() < keeps:
                    _put(files[file], _torn(write, chance) if chance.random() < 0.2 else write)
        return {name: (file, files[file]) for name, file in names.items()}


def _put(body: bytearray, write: Write) -> None:
    if write.data is None:
        del body[write.place :]
        body.extend(bytes(write.place - len(body)))
        return
    body.extend(bytes(max(0, write.place - len(body))))
    body[write.place : write.place + len(write.data)] = write.data


def _torn(write: Write, chance: random.Random) -> Write:
    if write.data is None:
        return write
    boundary = -write.place % SECTOR
    places = range(boundary, len(write.data), SECTOR)
    return Write(write.file, write.place, write.data[: chance.choice(places)] if len(places) else b"")


def _rename(names: dict[str, int], name: Name) -> None:
    for path, file in name.changes:
        if file is None:
            names.pop(path, None)
        else:
            names[path] = file


# --- the whole


def unrecorded(recording: Recording) -> list[str]:
    """Files that the session left otherwise than the recording comes to: what it did not see, no cut could take."""
    disk = Disk()
    for event in recording.events:
        disk.take(event)
    for name in disk.pending_names:
        _rename(disk.names, name)
    for file in list(disk.pending):
        disk.take(Sync(file))
    folder = Path(recording.root)
    left = {str(path): path for path in folder.rglob("*") if recording.is_ours(str(path))}
    wrong = [f"{name} is there by the recording alone" for name in disk.names.keys() - left.keys()]
    for name, path in left.items():
        file = disk.names.get(name)
        if file is None:
            wrong.append(f"{name} was made unseen")
        elif file not in recording.folders and path.read_bytes() != disk.files.get(file, b""):
            wrong.append(f"{name} holds other bytes than were seen")
    return wrong


def run(seed: int, points: int = POINTS) -> dict[str, object]:
    """Cut at `points` places; gives what was corrupt, acts that were lost, validators newer than their articles."""
    chance = random.Random(seed)
    failed: list[str] = []
    counted: Counter[str] = Counter()
    shared = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="chorsu-cuts-", dir=shared) as name:
        place = Path(name)
        recording = record(place)
        events = recording.events
        failed += unrecorded(recording)
        counted["writes"] = sum(isinstance(event, Write) for event in events)
        counted["syncs"] = sum(isinstance(event, Sync | SyncNames) for event in events)
        disk, at = Disk(), 0
        said: list[tuple[str, list]] = []
        for cut in sorted(chance.randint(0, len(events)) for _ in range(points)):
            for event in events[at:cut]:
                disk.take(event)
                if isinstance(event, Said):
                    said += [tuple(json.loads(line)) for line in event.line.splitlines()]
            at = cut
            folder = place / "after"
            _lay(disk.cut(chance), recording, folder)
            try:
                wrong = _look(folder, said, thorough=chance.random() < 0.25)
            except (StoreError, OSError, AssertionError) as error:
                wrong = [f"{type(error).__name__}: {error}"]
            failed += [f"cut at {cut} of {len(events)}: {one}" for one in wrong]
            shutil.rmtree(folder)
        counted["acts"] = sum(what == "done" for what, _ in said)
    return {"points": points, "seed": seed, "recorded": dict(counted), "failed": failed}


def _lay(files: dict[str, tuple[int, bytearray]], recording: Recording, folder: Path) -> None:
    folder.mkdir(mode=0o700)
    for name, (file, body) in sorted(files.items()):
        target = folder / Path(name).relative_to(recording.root)
        if target.parent.is_dir():  # else its folder is not there, so neither is it
            if file in recording.folders:
                target.mkdir(mode=0o700)
            else:
                target.write_bytes(body)


def _look(folder: Path, said: list[tuple[str, list]], *, thorough: bool) -> list[str]:
    """Start on what the cut left; gives what is wrong with it."""
    done = [one for one in said if one[0] == "done"]
    with Store.open(folder) as store:
        if store.mended is not None:
            return [store.mended.message]
        etag = ""
        if store.sources.all():
            etag = store.sources.get(1).state.validators.etag
        elif done:
            return ["the source is gone"]
        articles = int(store._database.value("SELECT count(*) FROM articles"))
        wrong = store.check() if thorough else []
        if store._database.value("PRAGMA integrity_check(1)") != "ok":
            wrong.append("corrupt")
    if etag and articles < (int(etag.strip('"')) + 1) * PER_ROUND:
        wrong.append(f"validator {etag} of {articles} articles")
    before: Values = {}
    return [*wrong, *lost(said, before, values_of(folder))]
