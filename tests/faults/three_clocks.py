"""The tests under three clocks that are not today's, by libfaketime: Python, SQLite and Qt all believe them.

Debian and Ubuntu have it as `faketime`. Where it is not installed, nothing is run, and the figures say so.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.faults.clocks import ROOT, Clock

SUITE = ("tests/unit", "tests/property")
# What reads the clock or a zone: some hundred tests, in seconds.
PART = ("tests/unit/core/test_schedule.py", "tests/unit/net/test_dates.py")
SIDE_BY_SIDE = ("-n", "2", "--dist", "loadfile")
CLOCKS = (
    Clock("after 2038", datetime(2038, 1, 19, 3, 13, 50, tzinfo=UTC), "Asia/Almaty"),
    Clock("a year back", datetime(2025, 11, 30, 9, 0, tzinfo=UTC), "America/Sao_Paulo"),
    # The end of summer time, ten seconds on. Before 2025 urllib3 takes the clock for wrong, and warns.
    Clock("an hour twice", datetime(2026, 11, 1, 5, 59, 50, tzinfo=UTC), "America/New_York"),
)
PLACES = ("/usr/lib/*/faketime", "/usr/lib/faketime", "/usr/lib64/faketime", "/usr/local/lib/faketime")
SECONDS = 3_600  # of one clock


def library() -> Path | None:
    """The library of libfaketime for programs with threads, where it is installed."""
    for place in PLACES:
        for found in sorted(Path("/").glob(f"{place.lstrip('/')}/libfaketimeMT.so.1")):
            return found
    return None


def believing(clock: Clock, faketime: Path) -> dict[str, str]:
    """The environment in which every process believes a clock. Deadlines go by the monotonic one, which stays right."""
    return os.environ | {
        "LD_PRELOAD": str(faketime),
        "FAKETIME": f"@{clock.at.timestamp():.0f}",
        "FAKETIME_FMT": "%s",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_DONT_RESET": "1",
        "PYTHONPATH": os.pathsep.join((str(ROOT / "tests" / "faults" / "asleep"), str(ROOT))),
        "TZ": clock.zone,
        "QT_QPA_PLATFORM": "offscreen",
    }


def tests_under(clock: Clock, faketime: Path, tests: Sequence[str], *options: str) -> tuple[int, list[str]]:
    """How many of some tests passed under a clock, and which did not."""
    command = [sys.executable, "-m", "pytest", "-q", "-rfE", "-p", "no:cacheprovider", *options, *tests]
    done = subprocess.run(
        command, cwd=ROOT, env=believing(clock, faketime), capture_output=True, text=True, timeout=SECONDS, check=False
    )  # fmt: skip
    passed = re.search(r"(\d+) passed", done.stdout)
    failed = [
        f"{clock.name}: {line}" for line in re.findall(r"^(?:FAILED|ERROR) (.*)", done.stdout, re.MULTILINE)
    ]
    if done.returncode and not failed:
        failed = [f"{clock.name}: {done.returncode} {done.stdout[-300:]} {done.stderr[-300:]}"]
    return int(passed[1]) if passed else 0, failed


def run(seed: int = 0, clocks: Sequence[Clock] = CLOCKS) -> dict[str, object]:
    """The tests of `SUITE` under each clock; the figures."""
    faketime = library()
    if faketime is None:
        return {"skipped": "libfaketime is not installed", "clocks": [], "failed": []}
    failed: list[str] = []
    passed: dict[str, int] = {}
    for clock in clocks:
        passed[clock.name], wrong = tests_under(clock, faketime, SUITE, *SIDE_BY_SIDE)
        failed += wrong
    return {"clocks": [clock.name for clock in clocks], "passed": passed, "failed": failed}
