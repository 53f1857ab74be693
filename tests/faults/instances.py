"""Twenty at once: one of them writes, the others say that it does; when it dies, the next one writes."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from desktop.core.errors import StoreLocked
from desktop.store import Store
from tests.faults import person

POINTS = 20
ROUNDS = 5
ROOT = Path(__file__).resolve().parents[2]
LONGEST_S = 180  # for all windows but one to end


def run(seed: int, points: int = POINTS) -> dict[str, object]:
    """Start `points` at once, some times over; gives how many wrote in each round, and what went wrong."""
    failed: list[str] = []
    writers: list[int] = []
    with tempfile.TemporaryDirectory(prefix="chorsu-instances-") as name:
        folder = Path(name) / "profile"
        for number in range(ROUNDS):  # the first makes the store
            found = _at_once(points, lambda: _write(folder))
            said = Counter(what for _, what in found)
            writers.append(said["writes"])
            if said != {"writes": 1, "is told": points - 1}:
                failed.append(f"round {number}: {dict(said)}")
            for pid in [pid for pid, what in found if what == "writes"]:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
        person.live(Path(name) / "live")
        live = Path(name) / "live"
        with Store.open(live):  # a window is open
            verbs = Counter(what for _, what in _at_once(points, lambda: _verb(live)))
        if verbs != {"3, and told": points}:
            failed.append(f"verbs beside a window: {dict(verbs)}")
        with Store.open(live) as store:
            failed += store.check()
    return {"points": points, "seed": seed, "writers": writers, "failed": failed}


def windows(points: int = POINTS) -> dict[str, object]:
    """Start so many windows at once, whole programs, on one folder; gives how many stayed open, took themselves to
    that one, and said that they could not."""
    command = [sys.executable, "-m", "desktop", "--offline", "--data-dir"]
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    with tempfile.TemporaryDirectory(prefix="chorsu-windows-") as name, contextlib.ExitStack() as ended:
        started = [
            ended.enter_context(
                subprocess.Popen([*command, name], cwd=ROOT, env=env, stderr=subprocess.PIPE, text=True)
            )
            for _ in range(points)
        ]
        until = time.monotonic() + LONGEST_S
        while sum(one.poll() is None for one in started) > 1 and time.monotonic() < until:
            time.sleep(0.1)
        handed_over = sum(one.returncode == 0 for one in started)
        for one in started:
            one.terminate()
        told = sum("Another program is writing" in one.communicate(timeout=60)[1] for one in started)
        with Store.open(Path(name)) as store:
            failed = store.check()
    return {"open": points - handed_over - told, "handed over": handed_over, "told": told, "failed": failed}


def _write(folder: Path) -> str:
    try:
        Store.open(folder).settings.set("reader.size", os.getpid() % 10)
    except StoreLocked as error:
        return "is told" if error.remedy else "is not told"
    return "writes"


def _verb(folder: Path) -> str:
    from desktop.__main__ import main

    told = io.StringIO()
    with contextlib.redirect_stderr(told):
        code = main(["--data-dir", str(folder), "mark", "1", "--star"])
    return (
        f"{code}, and told"
        if "Another program is writing" in told.getvalue()
        else f"{code}: {told.getvalue()}"
    )


def _at_once(number: int, does: Callable[[], str]) -> list[tuple[int, str]]:
    """What each of so many forks says that begin at one moment; one that writes goes on holding what it has."""
    gate_out, gate_in = os.pipe()
    out, said = os.pipe()
    pids: list[int] = []
    for _ in range(number):
        pid = os.fork()
        if pid == 0:
            os.close(gate_in)
            os.read(gate_out, 1)  # ends when the gate is opened to all
            try:
                word = does()
            except BaseException as error:  # noqa: BLE001 - the fork must end here
                word = f"{type(error).__name__}: {error}"
            os.write(said, f"{os.getpid()} {word.splitlines()[0]}\n".encode())
            if word == "writes":
                signal.pause()
            os._exit(0)
        pids.append(pid)
    os.close(gate_out)
    os.close(gate_in)
    found: list[tuple[int, str]] = []
    with os.fdopen(out) as lines:
        for _ in range(number):
            pid, _, word = lines.readline().rstrip("\n").partition(" ")
            found.append((int(pid), word))
    os.close(said)
    for pid in pids:
        if (pid, "writes") not in found:
            os.waitpid(pid, 0)
    return found
