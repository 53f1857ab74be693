"""kill -9 while a person reads on: a refresh, mark-all, a pack, a migration, a restore, a mending, a removal.

Each kill happens in a fork of this process: at a counted statement to SQLite or act on a file, or after some time.
The fork says each act of the person before and after it; what was said to be done must be there afterwards.
"""

from __future__ import annotations

import gzip
import itertools
import json
import os
import random
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from desktop.core.models import ArticleQuery
from desktop.core.rates import Pair
from desktop.core.shown import Shown
from desktop.store import Store
from desktop.store.backup import back_up
from desktop.store.opening import FILE, RUNNING
from desktop.store.restore import stage
from desktop.sync.lane import StoreLane
from tests.faults import person
from tests.unit.sync.press import NOW

POINTS = 200
MOST_TURNS = 12  # of a person beside a refresh
ROOT = Path(__file__).resolve().parents[2]
OLD = ROOT / "tests" / "data" / "databases" / "version-1.db.gz"
Say = Callable[[str, list[Any]], None]
Values = dict[tuple[str, object], object]
SERVED = """
import sys
from tests.faults.kills import routes
from tests.server import LoopbackServer
with LoopbackServer() as server:
    server.routes.update(routes(server.address("")))
    print(server.address(""), flush=True)
    sys.stdin.read()
"""

WINDOW = """
import sys, time
from pathlib import Path
from PySide6.QtWidgets import QDialog
from desktop import app
from desktop.paths import find_paths
def begin(session, window):
    print(round(time.process_time(), 2), len(window.findChildren(QDialog)))
    window.close()
sys.exit(app._run(find_paths(Path(sys.argv[1])), begin, offline=True, hidden=False))
"""


def routes(address: str) -> dict[str, Any]:
    """Two feeds of articles with pictures, and the pictures."""
    from tests.server import Reply
    from tests.unit.sync.press import png, rss

    found: dict[str, Any] = {"*": Reply(200, {"Content-Type": "image/png"}, png())}
    for name in ("steppe", "valley"):
        items = [
            f"<item><title>New of {name} {n}</title><link>{address}/{name}/{n}</link><description>{'word ' * 80}"
            f"&lt;img src='{address}/{name}/{n}.png'&gt;</description></item>"
            for n in range(30)
        ]
        head = {"Content-Type": "application/rss+xml", "ETag": f'"{name}"'}
        found[f"/{name}/"] = Reply(200, head, rss(items))
    return found


class Trap:
    """Ends the process at the n-th statement or act on a file."""

    def __init__(self, at: int) -> None:
        self._left = at
        self.events = 0

    def step(self, *_: object) -> None:
        self.events += 1
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def set(self) -> None:
        """From now on every connection, rename, removal and sync counts."""
        connect = sqlite3.connect

        def connected(*args: Any, **more: Any) -> sqlite3.Connection:
            connection = connect(*args, **more)
            connection.set_trace_callback(self.step)
            return connection

        sqlite3.connect = connected  # type: ignore[assignment]
        for owner, name in ((Path, "replace"), (Path, "unlink"), (os, "fsync"), (shutil, "copyfileobj")):
            setattr(owner, name, self._counted(getattr(owner, name)))

    def _counted(self, does: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **more: Any) -> Any:
            self.step()
            return does(*args, **more)

        return call


def acts(write: Callable[[Callable[[Store], Any]], Any], say: Say, turns: Iterator[int]) -> None:
    """What a person does, one act after the other, each said before and after."""

    def act(key: str, which: object, value: object, job: Callable[[Store], object]) -> None:
        say("begin", [[key, which, value]])
        write(job)
        say("done", [[key, which, value]])

    for n in turns:
        article = 20 + n % 15
        act("read", article, n % 3 > 0, lambda s, a=article, n=n: s.articles.set_read([a], n % 3 > 0))
        act("star", article, n % 2 == 0, lambda s, a=article, n=n: s.articles.set_starred([a], n % 2 == 0))
        act("note", article, f"note {n}", lambda s, a=article, n=n: s.notes.put(a, f"note {n}", NOW))
        act(
            "setting", "reader.width", 50 + n % 40, lambda s, n=n: s.settings.set("reader.width", 50 + n % 40)
        )
        act("tag", article, True, lambda s, a=article: s.tags.change([a], ["later"]))
        pair = ("AED", "AMD", "AZN", "BYN", "CNY", "GEL", "INR", "JPY")[n % 8]
        act("pin", pair, True, lambda s, p=pair: s.watchlists.pin(Pair(p, "KZT")))
        act("pin", pair, False, lambda s, p=pair: s.watchlists.unpin(Pair(p, "KZT")))


def values_of(folder: Path) -> Values:
    """What the acts above come to, read past our own code."""
    found: Values = {}
    with closing(sqlite3.connect((folder / FILE).as_uri() + "?mode=ro", uri=True)) as db:
        keys = "FROM identities k LEFT JOIN states t ON t.source_id = k.source_id AND t.key = k.key"
        for article, read, starred in db.execute(f"SELECT k.article_id, t.read, t.starred {keys}"):
            found["read", article], found["star", article] = bool(read), bool(starred)
        of = "n JOIN identities k ON k.source_id = n.source_id AND k.key = n.key"
        found |= {("note", i): text for i, text in db.execute(f"SELECT k.article_id, n.text FROM notes {of}")}
        found |= {("tag", i): True for (i,) in db.execute(f"SELECT k.article_id FROM taggings {of}")}
        found |= {
            ("setting", key): json.loads(value)
            for key, value in db.execute("SELECT key, value FROM settings")
        }
        found |= {
            ("pin", base): True for (base,) in db.execute("SELECT base FROM pinned_pairs WHERE quote = 'KZT'")
        }
    return found


def lost(said: list[tuple[str, list[Any]]], before: Values, after: Values) -> list[str]:
    """The acts that were done and are not there; one that was only begun may be."""
    wanted: dict[tuple[str, object], list[object]] = {}
    for what, values in said:
        for key, which, value in values:
            name = (key, which)
            wanted.setdefault(name, [before.get(name, False)])
            wanted[name] = [value] if what == "done" else [*wanted[name], value]
    return [
        f"{name}: wanted {allowed}, found {after.get(name, False)}"
        for name, allowed in wanted.items()
        if after.get(name, False) not in allowed
    ]


# --- what goes on meanwhile, in the fork


@contextmanager
def _at_work(folder: Path, say: Say) -> Iterator[tuple[StoreLane, Any]]:
    """A lane, the web, and a person who goes on reading beside it."""
    from desktop.net.gate import Gate
    from desktop.net.http import Http
    from desktop.sync import documents
    from tests.e2e.forks import Here

    documents.worker = Here()  # type: ignore[assignment]
    lane, http, over = StoreLane(folder), Http(Gate()), threading.Event()
    turns = itertools.takewhile(lambda _: not over.is_set(), range(MOST_TURNS))
    reading = threading.Thread(target=acts, args=(lane, say, turns))
    reading.start()
    try:
        yield lane, http
    finally:
        over.set()
        reading.join()
        http.close()
        lane.close()


def refresh(folder: Path, say: Say) -> None:
    from desktop.sync.refresh import Refresh
    from desktop.sync.report import Plan

    with _at_work(folder, say) as (lane, http):
        Refresh(http, lane, lambda _: None, lambda: NOW).run(Plan(rates=False))


def pack(folder: Path, say: Say) -> None:
    from desktop.core.proof import Scope
    from desktop.sync.pack import Packing

    with _at_work(folder, say) as (lane, http):
        Packing(http, lane, lambda _: None, lambda: NOW).run(Scope(days=30, lists=()))


def mark_all(folder: Path, say: Say) -> None:
    with Store.open(folder) as store:
        for query in (ArticleQuery(source_id=1), ArticleQuery()):
            shown = Shown(query, store.articles.newest_id())
            ids = [i for i in store.articles.ids(query) if not store.articles.rows([i])[0].read]
            say("begin", [["read", i, True] for i in ids])
            number, _ = store.marks.read(shown)
            say("done", [["read", i, True] for i in ids])
            say("begin", [["read", i, False] for i in ids])
            store.marks.put(number, read=False)
            say("done", [["read", i, False] for i in ids])
        acts(lambda job: job(store), say, iter(range(5)))


def migration(folder: Path, say: Say) -> None:
    with Store.open(folder) as store:
        acts(lambda job: job(store), say, iter(()))


def restore(folder: Path, say: Say) -> None:
    stage(folder / "backup.zip", folder)
    with Store.open(folder):
        say("restored", [])


def mending(folder: Path, say: Say) -> None:
    with Store.open(folder) as store:
        assert store.mended is not None


def removal(folder: Path, say: Say) -> None:
    """The first source goes and comes back, in parts as a large one does, while the other stays."""
    from desktop.store.removals import Removals

    with Store.open(folder) as store:
        removals = Removals(store._database, store.images, at_once=8)
        for _ in range(3):
            removals.remove([1])
            removals.put_back(1)


SCENES: dict[str, Callable[[Path, Say], None]] = {
    "refresh": refresh,
    "mark-all": mark_all,
    "pack": pack,
    "migration": migration,
    "restore": restore,
    "mending": mending,
    "removal": removal,
}


# --- the whole


def _begin(place: Path, address: str) -> dict[str, Path]:
    """A folder for each scene to begin with."""
    live = place / "live"
    person.live(live)
    with closing(sqlite3.connect(live / FILE)) as db:
        db.execute("UPDATE sources SET url = ? || substr(url, 9, 6) || '/', feed_url = ''", (f"{address}/",))
        db.execute("UPDATE fetch_states SET etag = '', next_due = NULL")
        db.execute("UPDATE articles SET images_total = 0")
        db.execute("UPDATE headlines SET lead_key = ''")  # their pictures are on no server
        db.execute("DELETE FROM article_images")
        db.execute("DELETE FROM images WHERE sha256 = ''")
        db.commit()
    old = place / "old"
    old.mkdir()
    (old / FILE).write_bytes(gzip.decompress(OLD.read_bytes()))
    back_up(live, place / "backup.zip", NOW)
    restoring = place / "restoring"
    shutil.copytree(live, restoring)
    shutil.copy(place / "backup.zip", restoring)
    with Store.open(restoring) as store:
        store.settings.set("reader.width", 88)
    damaged = place / "damaged"
    shutil.copytree(live, damaged)
    body = bytearray((damaged / FILE).read_bytes())
    with closing(sqlite3.connect(live / FILE)) as db:
        (size,) = db.execute("PRAGMA page_size").fetchone()
        (root,) = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'articles'").fetchone()
    body[(root - 1) * size : root * size] = bytes(size)
    (damaged / FILE).write_bytes(body)
    (damaged / RUNNING).touch()
    return {"migration": old, "restore": restoring, "mending": damaged} | dict.fromkeys(
        ("refresh", "mark-all", "pack", "removal"), live
    )


def _fork(scene: str, folder: Path, at: int, after_s: float) -> tuple[list[tuple[str, list[Any]]], int, bool]:
    """Let a scene happen and end it; gives what was said, how many events there were, and whether it was killed."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.close(ours)
            trap = Trap(at)
            trap.set()

            def say(what: str, values: list[Any]) -> None:
                os.write(theirs, json.dumps([what, values]).encode() + b"\n")

            SCENES[scene](folder, say)
            say("events", [trap.events])
            code = 0
        finally:
            os._exit(code)
    os.close(theirs)
    said = b""
    end = time.monotonic() + (after_s or 60)
    while True:
        ready, _, _ = select.select([ours], [], [], max(0.0, end - time.monotonic()))
        if not ready:
            os.kill(pid, signal.SIGKILL)
        elif not (more := os.read(ours, 1 << 16)):
            break
        else:
            said += more
    os.close(ours)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if status not in (0, -signal.SIGKILL):
        raise AssertionError(f"{scene} ended with {status}")
    lines = [tuple(json.loads(line)) for line in said.splitlines(keepends=True) if line.endswith(b"\n")]
    events = lines.pop()[1][0] if lines and lines[-1][0] == "events" else 0
    return lines, events, status != 0


def run(seed: int, points: int = POINTS) -> dict[str, object]:
    """Kill at `points` places, spread over the scenes; gives what was lost and how long the next starts took."""
    chance = random.Random(seed)
    failed: list[str] = []
    killed: Counter[str] = Counter()
    slowest, acknowledged = 0.0, 0
    windows: dict[str, float] = {}
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    with (
        tempfile.TemporaryDirectory(prefix="chorsu-kills-") as place,
        subprocess.Popen(
            [sys.executable, "-c", SERVED],
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as server,
    ):
        assert server.stdout is not None
        begin = _begin(Path(place), server.stdout.readline().strip())
        _load()
        folder = Path(place) / "profile"
        lasts: dict[str, tuple[int, float]] = {}
        for number in range(points + len(SCENES)):
            scene = list(SCENES)[number % len(SCENES)]
            shutil.copytree(begin[scene], folder)
            before = values_of(folder) if scene in ("refresh", "mark-all", "pack") else {}
            at, after_s = 0, 0.0
            if scene in lasts:
                events, length_s = lasts[scene]
                at, after_s = (
                    (chance.randint(1, events), 0.0) if number % 3 else (0, chance.uniform(0, length_s))
                )
            started = time.monotonic()
            try:
                said, events, was_killed = _fork(scene, folder, at, after_s)
                if scene not in lasts:
                    lasts[scene] = events, time.monotonic() - started
                killed[scene] += was_killed
                acknowledged += sum(what == "done" for what, _ in said)
                started = time.monotonic()
                _check_start(scene, folder)
                slowest = max(slowest, time.monotonic() - started)
                wrong = (
                    lost(said, before, values_of(folder)) if before else _wrong(scene, folder, begin[scene])
                )
                failed += [f"{scene}, event {at}, {after_s:.3f} s: {one}" for one in wrong]
                # A window is a second's work: in a small run one stands for all.
                if number >= points and was_killed and (points >= POINTS or not windows):
                    (folder / RUNNING).touch()
                    windows[scene], dialogs = _window(folder)
                    failed += [f"{scene}: the window after it has {dialogs} dialogs"] if dialogs else []
            except Exception as error:  # noqa: BLE001 - whatever it is, it is what this looks for
                failed.append(f"{scene}, event {at}, {after_s:.3f} s: {type(error).__name__}: {error}")
            shutil.rmtree(folder)
        server.communicate(timeout=30)
    return {
        "points": points,
        "seed": seed,
        "killed": dict(killed),
        "acknowledged acts": acknowledged,
        "slowest start, s": round(slowest, 3),
        "windows": len(windows),
        "slowest window, s of processor": max(windows.values(), default=None),
        "failed": failed,
    }


def _window(folder: Path) -> tuple[float, int]:
    """Seconds of processor time until a window stands, and how many dialogs there are."""
    env = os.environ | {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", WINDOW, str(folder)],
        env=env,
        capture_output=True,
        text=True,
        timeout=90,
        check=True,
    )
    seconds, dialogs = done.stdout.split()
    return float(seconds), int(dialogs)


def _load() -> None:
    """What the scenes need, once for all forks."""
    import desktop.net.http
    import desktop.store.mending
    import desktop.store.tags
    import desktop.sync.pack
    import desktop.sync.reading
    import desktop.sync.refresh  # noqa: F401


def _check_start(scene: str, folder: Path) -> None:
    """The next start: whole, without mending what was not broken, and all that is kept twice agrees."""
    with Store.open(folder) as store:
        if scene != "mending":
            assert store.mended is None, store.mended
        while store.indexing.step():
            pass
        problems = [
            one for one in store.check() if "picture files are missing" not in one or scene != "migration"
        ]
        assert problems == [], problems
    left = [path.name for path in folder.iterdir() if path.name.startswith(".")]
    assert left == [], left


def _lasting(folder: Path) -> tuple[list[Any], list[Any]]:
    """Marks, which outlive their source, and the articles of the second source."""
    with closing(sqlite3.connect((folder / FILE).as_uri() + "?mode=ro", uri=True)) as db:
        return (
            db.execute("SELECT source_id, key, read, starred FROM states ORDER BY 1, 2").fetchall(),
            db.execute("SELECT id, read, starred FROM articles WHERE source_id = 2 ORDER BY 1").fetchall(),
        )


def _wrong(scene: str, folder: Path, before: Path) -> list[str]:
    """What is not as it was in a store whose marks nobody touched."""
    if scene == "removal":
        return [] if _lasting(folder) == _lasting(before) else ["marks, or articles of the other source"]
    with Store.open(folder) as store:
        if scene == "migration":
            found = store.articles.count(ArticleQuery()), store.articles.unread_count(ArticleQuery())
            return [] if found == (12, 4) and store.settings.get("reader.size", 0) == 2 else [str(found)]
        width = store.settings.get("reader.width", 0)
        aside = [
            one for one in folder.glob(f"{FILE}.*") if not one.name.endswith(("-wal", "-shm", ".restored"))
        ]
        if scene == "restore":
            return [] if (width, len(aside)) in ((88, 0), (72, 1)) else [f"{width}, {aside}"]
        return [] if (width, len(aside)) == (72, 1) else [f"{width}, {aside}"]
