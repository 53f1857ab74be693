"""How much memory a stretch of work takes at its peak, over what the process had before."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

STATUS = Path("/proc/self/status")
PEAK = Path("/proc/self/clear_refs")


@dataclass
class Peak:
    """In megabytes; NaN where the system does not tell."""

    megabytes: float = float("nan")


@contextmanager
def peak_over() -> Iterator[Peak]:
    """Measure the block: the highest resident memory within it, less that at its beginning (Linux alone tells)."""
    peak = Peak()
    gc.collect()
    try:
        PEAK.write_text("5")  # forget the peak of before
    except OSError:
        yield peak
        return
    before = _kilobytes("VmRSS")
    yield peak
    peak.megabytes = (_kilobytes("VmHWM") - before) / 1000


def _kilobytes(name: str) -> int:
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1])
