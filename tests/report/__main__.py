"""Run all that the page of figures tells of, and write the page.

python -m tests.report                     everything but the long parts, in about 35 minutes; the page is
                                           tests/REPORT.md
python -m tests.report --section WORD ...  the parts whose title has one of the words; the others stay as they are
python -m tests.report --only WORD ...     the lines whose command has one of the words; the page is printed

Nothing else should run on the machine meanwhile. A part is written as soon as it is measured, so what was done is kept
when the rest is broken off. Exits with 1 when something does not hold.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from tests.report.page import HEAD, Result, made, parts_of, section
from tests.report.sections import SECTIONS, Line, Section

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "tests" / "REPORT.md"
LONGEST_S = 3_600
AT_ONCE = 2  # but for what measures time
_TARGETS = re.compile(r"== (\d+) of (\d+) targets hold(.*)")
_PASSED = re.compile(r"(\d+) passed")
_FAILED = re.compile(r"(\d+) (?:failed|error)")


def run(line: Line) -> Result:
    """Run a line's command and read what it says. Whatever it does, there is a result."""
    started = time.monotonic()
    with tempfile.TemporaryFile("w+", errors="replace") as complaints:
        try:
            done = subprocess.run(
                [sys.executable, "-m", *line.command],
                cwd=ROOT,
                env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
                stdout=subprocess.PIPE,
                stderr=complaints,  # decoders and traces complain of what they are given: told only of a failure
                text=True,
                check=False,
                timeout=LONGEST_S,
            )
            said, status = done.stdout, done.returncode
            ended = f"ended with {status}"
        except subprocess.TimeoutExpired:
            said, status, ended = "", 1, f"not over after {LONGEST_S} s"
        complaints.seek(0)
        last = (complaints.read().strip().splitlines() or ["without a word"])[-1]
    took = time.monotonic() - started
    sys.stderr.write(f"{took:5.0f} s  {status}  {' '.join(line.command)}\n")
    figures, failed = _counted(said) if line.is_counted else _json(said)
    reason = "" if figures else f"{ended}: {last}"
    return Result(line, figures, failed or int(status != 0), took, reason)


def _counted(said: str) -> tuple[dict[str, object], int]:
    if targets := _TARGETS.search(said):
        held, of = int(targets[1]), int(targets[2])
        return {"targets": of, "held": held, "problems": targets[3].split()}, of - held
    passed, failed = _PASSED.search(said), _FAILED.search(said)
    if not passed and not failed:
        return {}, 1
    broken = [line for line in said.splitlines() if line.startswith(("FAILED", "ERROR"))]
    count = int(failed[1]) if failed else 0
    return {"tests passed": int(passed[1]) if passed else 0, "problems": broken}, count


def _json(said: str) -> tuple[dict[str, object], int]:
    try:
        figures = json.loads(said)
    except ValueError:
        return {}, 1
    failed = figures.get("failed", 0)
    return figures, failed if isinstance(failed, int) else len(failed)


def chosen(words: Iterable[str]) -> list[Section]:
    """The parts whose title has one of the words; without any, all that are not long."""
    lower = [word.lower() for word in words]
    if not lower:
        return [part for part in SECTIONS if not part.is_long]
    return [part for part in SECTIONS if any(word in part.title.lower() for word in lower)]


def write(page: Path, parts: dict[str, str]) -> None:
    """Put these parts into the page, and leave the others that it has as they are."""
    before = parts_of(page.read_text("utf-8")) if page.exists() else {}
    known = before | parts
    text = HEAD + "".join(known[part.title] for part in SECTIONS if part.title in known)
    whole = page.with_suffix(".new")
    whole.write_text(text, "utf-8")
    whole.replace(page)


def measure(parts: Iterable[Section], page: Path) -> int:
    """Run the parts, those that measure time at the end and alone; how many lines do not hold."""
    parts, bad = list(parts), 0
    made_of = made(ROOT)
    for is_alone in (False, True):
        with ThreadPoolExecutor(1 if is_alone else AT_ONCE) as pool:
            running: list[tuple[Section, list[Future[Result]]]] = [
                (part, [pool.submit(run, line) for line in part.lines])
                for part in parts
                if part.is_alone is is_alone
            ]
            for part, futures in running:
                results = [future.result() for future in futures]
                bad += sum(bool(result.failed) for result in results)
                write(page, {part.title: section(part.title, results, made_of)})
    return bad


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.report", description=__doc__)
    parser.add_argument("--section", nargs="+", default=[], metavar="WORD")
    parser.add_argument("--only", nargs="+", default=[], metavar="WORD")
    options = parser.parse_args()
    if options.only:
        with tempfile.TemporaryDirectory() as place:
            page = Path(place) / "REPORT.md"
            bad = measure(_with(options.only), page)
            sys.stdout.write(page.read_text("utf-8") if page.exists() else "")
    else:
        bad = measure(chosen(options.section), PAGE)
    return 1 if bad else 0


def _with(words: Iterable[str]) -> Iterable[Section]:
    for part in SECTIONS:
        lines = tuple(line for line in part.lines if any(word in " ".join(line.command) for word in words))
        if lines:
            yield Section(part.title, lines, part.is_alone)


if __name__ == "__main__":
    sys.exit(main())
