"""Run all that the page of figures tells of, and write the page.

python -m tests.report                    everything, in about half an hour; the page is tests/REPORT.md
python -m tests.report --only WORD ...    the lines whose command has one of the words; the page is printed

Nothing else should run on the machine meanwhile. Exits with 1 when something does not hold.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.report.page import Result, head, section
from tests.report.sections import SECTIONS, Line

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "tests" / "REPORT.md"
LONGEST_S = 3_600
AT_ONCE = 2  # but for what measures time
_TARGETS = re.compile(r"== (\d+) of (\d+) targets hold")
_PASSED = re.compile(r"(\d+) passed")
_FAILED = re.compile(r"(\d+) (?:failed|error)")


def run(line: Line) -> Result:
    """Run a line's command and read what it says."""
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", *line.command],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # decoders and traces complain of what they are given
        text=True,
        check=False,
        timeout=LONGEST_S,
    )
    took = time.monotonic() - started
    sys.stderr.write(f"{took:5.0f} s  {done.returncode}  {' '.join(line.command)}\n")
    figures, failed = _counted(done.stdout) if line.is_counted else _json(done.stdout)
    return Result(line, figures, failed or int(done.returncode != 0), took)


def _counted(said: str) -> tuple[dict[str, object], int]:
    if targets := _TARGETS.search(said):
        held, of = int(targets[1]), int(targets[2])
        return {"targets": of, "held": held}, of - held
    passed, failed = _PASSED.search(said), _FAILED.search(said)
    return {"tests passed": int(passed[1]) if passed else 0}, int(failed[1]) if failed else int(not passed)


def _json(said: str) -> tuple[dict[str, object], int]:
    try:
        figures = json.loads(said)
    except ValueError:
        return {}, 1
    failed = figures.get("failed", 0)
    return figures, failed if isinstance(failed, int) else len(failed)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.report", description=__doc__)
    parser.add_argument("--only", nargs="+", default=[], metavar="WORD")
    options = parser.parse_args()
    wanted = [
        (part, line)
        for part in SECTIONS
        for line in part.lines
        if not options.only or any(word in " ".join(line.command) for word in options.only)
    ]
    results: dict[Line, Result] = {}
    for is_alone in (False, True):
        lines = [line for part, line in wanted if part.is_alone is is_alone]
        with ThreadPoolExecutor(1 if is_alone else AT_ONCE) as pool:
            results |= zip(lines, pool.map(run, lines), strict=True)
    parts = [head(ROOT)]
    for part in SECTIONS:
        if found := [results[line] for line in part.lines if line in results]:
            parts.append(section(part.title, found))
    bad = [result for result in results.values() if result.failed]
    if options.only:
        sys.stdout.write("".join(parts))
    else:
        PAGE.write_text("".join(parts), encoding="utf-8")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
