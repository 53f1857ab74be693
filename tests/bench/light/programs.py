"""The program as a process beside a bare window: start, memory, and what it does while nobody does anything."""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop.store import Store
from tests.bench.light.row import Row

ROOT = Path(__file__).resolve().parents[3]
PROBE = ROOT / "tests" / "bench" / "start_probe.py"
ENVIRONMENT = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONDONTWRITEBYTECODE": ""}
STARTS = 12
REST_S = 6  # until a program that was started is at rest
IDLE_S = 20
TICK_S = 1 / os.sysconf("SC_CLK_TCK")
MIB = 1024  # of the KiB that the kernel counts in


def prepare(folder: Path) -> None:
    """Let a made store open as that of a person who has chosen sources, without a refresh."""
    with Store.open(folder) as store:
        store.settings.set("welcome.done", True)
        store.settings.set("refresh.automatic", False)


def starts(folders: dict[int, Path]) -> Iterator[Row]:
    """Time to the first paint by the number of articles, against a bare window of three panes started in turn."""
    bare: list[float] = []
    ours: dict[int, list[float]] = {size: [] for size in folders}
    for _ in range(STARTS):
        bare.append(_seconds_to_paint("bare"))
        for size, folder in folders.items():
            ours[size].append(_seconds_to_paint("chorsu", str(folder)))
    smallest = min(folders)
    yield Row("a bare window of three panes, to its first paint", statistics.median(bare) * 1000, "ms")
    for size, times in ours.items():
        yield Row(
            f"first paint at {size:,} articles", min(times) / min(bare), "times a bare window", goal=1.3
        )
        if size != smallest:
            yield Row(
                f"first paint at {size:,} articles",
                min(times) / min(ours[smallest]),
                f"times that at {smallest:,}",
                goal=1.1,
            )


def at_rest(folders: dict[int, Path]) -> Iterator[Row]:
    """Memory (PSS) and processor time at rest, before any refresh; the ticker stands still."""
    goals = {max(folders): 100.0, min(folders): 90.0}
    for size, folder in folders.items():
        with _window(folder) as process:
            yield Row(
                f"memory at rest with {size:,} articles (PSS)", _pss_mib(process.pid), "MiB", goals.get(size)
            )
            if size != min(folders):
                continue
            ticks, woken = _ticks(process.pid), _wake_ups(process.pid)
            time.sleep(IDLE_S)
            yield Row(
                "at rest, of one core", 100 * (_ticks(process.pid) - ticks) * TICK_S / IDLE_S, "%", goal=0.1
            )
            yield Row("at rest, wake-ups", (_wake_ups(process.pid) - woken) / IDLE_S, "a second")


def _seconds_to_paint(*what: str) -> float:
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, str(PROBE), *what], cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        took = time.perf_counter() - started
        process.communicate(timeout=60)
    if said != "painted\n":
        raise RuntimeError(f"{what}: {said!r} in place of a first paint")
    return took


@contextmanager
def _window(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The program's window, at rest."""
    command = [sys.executable, "-m", "desktop", "--data-dir", str(folder), "--offline"]
    with subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stderr=subprocess.DEVNULL) as process:
        time.sleep(REST_S)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _pss_mib(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / MIB
    raise RuntimeError("the kernel does not say what a process weighs")


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _wake_ups(pid: int) -> int:
    """How often a thread of the process had waited and went on."""
    return sum(
        int(line.split()[1])
        for task in Path(f"/proc/{pid}/task").iterdir()
        for line in (task / "status").read_text().splitlines()
        if line.startswith("voluntary_ctxt_switches")
    )
