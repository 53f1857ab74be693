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


@dataclass(frozen=True, slots=True)
class Result:
    """What a line came to: its figures, how many things failed, and how long it took."""

    line: Line
    figures: dict[str, Any]
    failed: int
    seconds: float


def head(root: Path) -> str:
    """Title, versions and how to make the page."""
    commit = subprocess.run(
        ["git", "log", "-1", "--format=%h of %cs"], cwd=root, capture_output=True, text=True, check=False
    ).stdout.strip()
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        "# What the program was put through\n\n"
        f"Made by `python -m tests.report` on {datetime.now(UTC):%Y-%m-%d} from {commit or 'a copy'}; everything on"
        " it was measured in that run. Seeds stand in the commands.\n\n"
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {libraries}; {platform.system()},"
        f" {os.cpu_count()} cores.\n"
    )


def section(title: str, results: Sequence[Result]) -> str:
    """A table of a section's results; figures that are rows of their own stand in a table below."""
    parts = [f"\n## {title}\n\n| what | wanted | came to | holds | took |\n|---|---|---|---|---|\n"]
    for result in results:
        holds = "yes" if not result.failed else f"**no: {result.failed}**"
        came = "; ".join(_figures(result.figures)) or "see below"
        what = f"{result.line.what}<br>`{' '.join(result.line.command)}`"
        parts.append(f"| {what} | {result.line.wanted} | {came} | {holds} | {result.seconds:.0f} s |\n")
    for result in results:
        if "rows" in result.figures:
            parts.append(measured(result.figures["rows"]))
        if "table" in result.figures:
            parts.append(listed(result.figures["table"]))
    return "".join(parts)


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
