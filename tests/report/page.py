"""The page as Markdown."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.report.sections import Line

LIBRARIES = ("PySide6-Essentials", "lxml", "nh3", "requests", "urllib3", "readability-lxml")


HEAD = """# What the program was put through

Made by `python -m tests.report`; each part says from which commit, and everything in it was measured in one run. Seeds
stand in the commands. A part that is named on the line (`--section Light`) is measured anew and leaves the others as
they are.
"""
SHOWN = 5  # reasons of a line that does not hold


@dataclass(frozen=True, slots=True)
class Result:
    """What a line came to: its figures, how many things failed, how long it took, and why it has no figures."""

    line: Line
    figures: dict[str, Any]
    failed: int
    seconds: float
    reason: str = ""


def made(root: Path) -> str:
    """From what, with what and when the figures were measured."""

    def git(*words: str) -> str:
        return subprocess.run(
            ["git", *words], cwd=root, capture_output=True, text=True, check=False
        ).stdout.strip()

    commit = git("log", "-1", "--format=%h of %cs") or "a copy"
    changed = " with changes" if git("status", "--porcelain", "--", ".", ":!tests/REPORT.md") else ""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d} from {commit}{changed}, with Python {platform.python_version()},"
        f" SQLite {sqlite3.sqlite_version}, {libraries}; {platform.system()}, {os.cpu_count()} cores,"
        f" {_memory_gib()} GiB of memory."
    )


def _memory_gib() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)


def parts_of(page: str) -> dict[str, str]:
    """The sections of a page that was written before, by their titles."""
    _, *parts = page.split("\n## ")
    return {part.partition("\n")[0]: f"\n## {part.rstrip()}\n" for part in parts}


def section(title: str, results: Sequence[Result], made_of: str) -> str:
    """A table of a section's results, and why some do not hold; figures that are rows of their own stand below."""
    parts = [
        f"\n## {title}\n\n{made_of}\n\n| what | wanted | came to | holds | took |\n|---|---|---|---|---|\n"
    ]
    for result in results:
        holds = "yes" if not result.failed else f"**no: {result.failed}**"
        came = "; ".join(_figures(result.figures)) or ("nothing" if result.reason else "see below")
        what = f"{result.line.what}<br>`{' '.join(result.line.command)}`"
        parts.append(f"| {what} | {result.line.wanted} | {came} | {holds} | {result.seconds:.0f} s |\n")
    if reasons := [line for result in results for line in _reasons(result)]:
        parts.append("\nWhat does not hold:\n\n" + "".join(reasons))
    for result in results:
        if "rows" in result.figures:
            parts.append(measured(result.figures["rows"]))
        if "table" in result.figures:
            parts.append(listed(result.figures["table"]))
    return "".join(parts)


def _reasons(result: Result) -> Iterable[str]:
    told = [result.reason] if result.reason else []
    for name in ("failed", "problems"):
        told += [str(one) for one in result.figures.get(name, ()) if one] if _listed(result, name) else []
    told += [
        f"{row['what']}: {_number(row['found'])} {row['unit']}, wanted {_number(row['goal'])}"
        for row in result.figures.get("rows", ())
        if not row["met"]
    ]
    shown = told if "rows" in result.figures else told[:SHOWN]
    for one in shown:
        yield f"- `{result.line.name}`: {' '.join(one.split())[:300]}\n"
    if more := len(told) - len(shown):
        yield f"- `{result.line.name}`: and {more} more\n"


def _listed(result: Result, name: str) -> bool:
    return isinstance(result.figures.get(name), list)


def listed(rows: Sequence[dict[str, Any]]) -> str:
    """Rows of words, under the names of their columns."""
    names = list(rows[0]) if rows else []
    lines = [names, ["---"] * len(names), *([str(row[name]) for name in names] for row in rows)]
    return "\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)


def measured(rows: Iterable[dict[str, Any]]) -> str:
    """Rows that are measured values with a goal each."""
    parts = ["\n| measured | found | goal | met |\n|---|---|---|---|\n"]
    for row in rows:
        goal = "" if row["goal"] is None else f"{_number(row['goal'])} {row['unit']}"
        met = "" if row["goal"] is None else "yes" if row["met"] else "**no**"
        parts.append(f"| {row['what']} | {_number(row['found'])} {row['unit']} | {goal} | {met} |\n")
    return "".join(parts)


def _figures(figures: dict[str, Any]) -> Iterable[str]:
    for name, value in figures.items():
        if isinstance(value, (int, float)) and name != "failed":
            yield f"{name.replace('_', ' ')} {_number(value)}"
        elif isinstance(value, dict):
            yield from _figures({f"{name} {inner}": each for inner, each in value.items()})


def _number(value: float) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}".rstrip("0").rstrip(".")
