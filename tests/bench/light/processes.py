"""What processes weigh and take, as the kernel counts it, with all that they have started."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

PROC = Path("/proc")
MIB = 1024  # of the KiB that the kernel counts in
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def tree(root: int) -> list[int]:
    """A process and all that came of it and still lives, eldest first."""
    children: dict[int, list[int]] = {}
    for folder in PROC.iterdir():
        if folder.name.isdecimal() and (fields := _stat(int(folder.name))):
            children.setdefault(int(fields[1]), []).append(int(folder.name))
    found = [root]
    for pid in found:
        found += children.get(pid, ())
    return found


def pss_mib(pids: Iterable[int]) -> float:
    """Memory in MiB, of which what processes share is shared out among them (PSS)."""
    return sum(
        int(line.split()[1]) / MIB
        for pid in pids
        for line in _lines(PROC / str(pid) / "smaps_rollup")
        if line.startswith("Pss:")
    )


def cpu_s(pids: Iterable[int]) -> float:
    """Processor time in seconds since their start, with that of their children who have ended and were waited for."""
    return sum(sum(map(int, fields[11:15])) for pid in pids if (fields := _stat(pid))) * _TICK_S


def running_s(pids: Iterable[int]) -> dict[Path, float]:
    """Processor time in seconds of each thread that lives: finer than `cpu_s`, which counts in hundredths."""
    return {
        task: int(line.split()[0]) / 1e9 for task in _tasks(pids) for line in _lines(task / "schedstat")[:1]
    }


def wake_ups(pids: Iterable[int]) -> dict[Path, int]:
    """How often each thread that lives had waited and went on."""
    return {
        task: int(line.split()[1])
        for task in _tasks(pids)
        for line in _lines(task / "status")
        if line.startswith("voluntary_ctxt_switches")
    }


def since(before: Mapping[Path, float], now: Mapping[Path, float]) -> float:
    """What was added up between two looks; what a thread did that has ended meanwhile is not known."""
    return sum(count - before.get(task, 0) for task, count in now.items())


def _tasks(pids: Iterable[int]) -> Iterator[Path]:
    for pid in pids:
        try:
            yield from list((PROC / str(pid) / "task").iterdir())
        except OSError:
            continue  # it has ended


def _stat(pid: int) -> list[str]:
    """The fields behind the name, from the state on; none where it has ended."""
    return "".join(_lines(PROC / str(pid) / "stat")).rpartition(")")[2].split()


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except OSError:
        return []
