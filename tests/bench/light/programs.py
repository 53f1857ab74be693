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
from tests.bench.light.processes import pss_mib, running_s, since, wake_ups
from tests.bench.light.row import Row
from tests.unit.store.builders import NOW, make_quote

ROOT = Path(__file__).resolve().parents[3]
PROBE = ROOT / "tests" / "bench" / "start_probe.py"
ENVIRONMENT = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONDONTWRITEBYTECODE": ""}
STARTS = 12
REST_S = 6  # until a program that was started is at rest
IDLE_S = 20


def prepare(folder: Path) -> None:
    """Let a made store open as that of a person who has chosen sources, with rates in the ticker, without a refresh."""
    with Store.open(folder) as store:
        pairs = [pinned.pair for pinned in store.watchlists.pairs()]
        store.rates.save(
            [make_quote(base=pair.base, quote=pair.quote, source="erapi") for pair in pairs], NOW
        )
        store.settings.set("ticker.motion", False)  # five rates are wider than the display of tests
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
                f"memory at rest with {size:,} articles (PSS)", pss_mib([process.pid]), "MiB", goals.get(size)
            )
            if size != min(folders):
                continue
            ran, woken = running_s([process.pid]), wake_ups([process.pid])
            time.sleep(IDLE_S)
            share = 100 * since(ran, running_s([process.pid])) / IDLE_S
            yield Row("at rest, the ticker standing still, of one core", share, "%", goal=0.1)
            yield Row("at rest, wake-ups", since(woken, wake_ups([process.pid])) / IDLE_S, "a second")


def _seconds_to_paint(*what: str) -> float:
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, str(PROBE), *what], cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        took = time.perf_counter() - started
        process.communicate(timeout=60)
    if not said.startswith("painted "):
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
