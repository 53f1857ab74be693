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
from pathlib import Path

from tests.report.page import Result, head, section
from tests.report.sections import SECTIONS, Line

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "tests" / "REPORT.md"
LONGEST_S = 3_600
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
        text=True,
        check=False,
        timeout=LONGEST_S,
    )
    took = time.monotonic() - started
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
    parts, bad = [head(ROOT)], 0
    for part in SECTIONS:
        results = []
        for line in part.lines:
            command = " ".join(line.command)
            if options.only and not any(word in command for word in options.only):
                continue
            sys.stderr.write(f"{line.what}: python -m {command}\n")
            result = run(line)
            results.append(result)
            bad += bool(result.failed)
            sys.stderr.write(
                f"  {'holds' if not result.failed else 'DOES NOT HOLD'} ({result.seconds:.0f} s)\n"
            )
        if results:
            parts.append(section(part.title, results))
    if options.only:
        sys.stdout.write("".join(parts))
    else:
        PAGE.write_text("".join(parts), encoding="utf-8")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
