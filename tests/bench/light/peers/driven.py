"""One run of a program: started, watched until it is at rest, measured, ended."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.light import processes
from tests.bench.light.peers.screen import Screen, Terminal

ROOT = Path(__file__).resolve().parents[4]
LOOK_S = 0.01
QUIET_S = 1.5  # so long nothing is painted and nothing worked on: it is at rest
BUSY = 0.05  # of a core: more than what blinks
QUIT_S = 15.0
_CHILD_SUBREAPER = 36  # prctl: what a program leaves behind becomes ours, and is found and ended with it


class NotDriven(Exception):
    """Why a program could not be measured."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a program took from its start until it was at rest: seconds to the last paint and to the last work, and
    processor time; then memory in MiB, and where it was looked at, processor time in % and wake-ups a second."""

    painted_s: float
    worked_s: float
    cpu_s: float
    pss_mib: float
    processes: int
    idle_percent: float | None
    wake_ups: float | None


def adopt() -> None:
    """From now on what programs leave behind are children of this process."""
    ctypes.CDLL(None).prctl(_CHILD_SUBREAPER, 1, 0, 0, 0)


def drive(
    command: Sequence[str],
    home: Path,
    *,
    in_terminal: bool = False,
    asks_to_quit: bool = False,
    ready: Callable[[], bool] = lambda: True,
    most_s: float = 60.0,
    idle_s: float = 0.0,
) -> Run:
    """Run a program in a home of its own until it is at rest and `ready`. Raises NotDriven."""
    display = Terminal() if in_terminal else Screen()
    try:
        with _started(command, home, display, asks_to_quit) as (process, alive):
            painted, worked = _rest(process, alive, display, ready, most_s)
            cpu = processes.cpu_s(alive())
            idle, woken = _idle(alive(), idle_s) if idle_s else (None, None)
            return Run(painted, worked, cpu, processes.pss_mib(alive()), len(alive()), idle, woken)
    finally:
        display.close()


def _environment(home: Path) -> dict[str, str]:
    runtime, temporary = home / ".runtime", home / ".tmp"
    for folder in (runtime, temporary):
        folder.mkdir(mode=0o700, exist_ok=True)
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(home / ".local/share"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_RUNTIME_DIR": str(runtime),
        "TMPDIR": str(temporary),  # where some look whether they run already
        "LANG": "C.UTF-8",
    }


@contextmanager
def _started(
    command: Sequence[str], home: Path, display: Screen | Terminal, asks_to_quit: bool
) -> Iterator[tuple[subprocess.Popen[bytes], Callable[[], list[int]]]]:
    """The process, and a look at those that it consists of."""
    stream = display.theirs if isinstance(display, Terminal) else subprocess.DEVNULL
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=_environment(home) | display.environment(),
        stdin=stream,
        stdout=stream,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    ours = {os.getpid(), *display.own}

    def alive() -> list[int]:
        return [pid for pid in processes.tree(os.getpid()) if pid not in ours]

    try:
        yield process, alive
        if process.poll() is None:
            if asks_to_quit and isinstance(display, Screen):
                display.quit()
            else:
                process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(QUIT_S)
    finally:
        for pid in alive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait(QUIT_S)
        _reap(alive)


def _reap(alive: Callable[[], list[int]]) -> None:
    for pid in alive():
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, 0)


def _rest(
    process: subprocess.Popen[bytes],
    alive: Callable[[], list[int]],
    display: Screen | Terminal,
    ready: Callable[[], bool],
    most_s: float,
) -> tuple[float, float]:
    """Seconds to the last paint and to the last work before it was at rest."""
    started = looked = time.monotonic()
    painted, worked, cpu = 0.0, started, 0.0
    while True:
        now = time.monotonic()
        if display.changed():
            painted = now
        if now - looked > 0.25:
            if process.poll() is not None:
                raise NotDriven("it ended by itself")
            used = processes.cpu_s(alive())
            if used - cpu > BUSY * (now - looked) or not ready():
                worked = now
            looked, cpu = now, used
        if painted and now - max(painted, worked) > QUIET_S:
            return painted - started, worked - started
        if now - started > most_s:
            raise NotDriven(f"not at rest within {most_s:.0f} s")
        time.sleep(LOOK_S)


def _idle(pids: list[int], seconds: float) -> tuple[float, float]:
    """Processor time in % of a core, and wake-ups a second."""
    ran, woken = processes.running_s(pids), processes.wake_ups(pids)
    time.sleep(seconds)
    return (
        100 * processes.since(ran, processes.running_s(pids)) / seconds,
        processes.since(woken, processes.wake_ups(pids)) / seconds,
    )
