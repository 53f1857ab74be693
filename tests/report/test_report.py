from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

from tests.report import __main__ as report
from tests.report.page import Result, parts_of, section
from tests.report.sections import SECTIONS, Line

MADE = "Measured on 2026-11-30 from abc."
LINE = Line("What", "wanted", ("tests.faults", "kills"))


def test_every_line_names_something_that_can_be_run() -> None:
    for part in SECTIONS:
        for line in part.lines:
            assert find_spec(line.command[0]) is not None, line
            if line.command[0] == "tests.faults":
                assert find_spec(f"tests.faults.{line.command[1]}") is not None, line


def test_a_line_that_cannot_run_does_not_stop_the_page() -> None:
    result = report.run(Line("What", "wanted", ("tests.no_such_module",)))
    assert (result.figures, result.failed) == ({}, 1)
    assert "no_such_module" in result.reason
    part = section("Title", [result], MADE)
    assert "| nothing | **no: 1** |" in part
    assert f"- `tests.no_such_module`: {result.reason}" in part


def test_what_does_not_hold_is_told_with_its_reason() -> None:
    rows = [
        {"what": "a start", "found": 2.0, "unit": "times", "goal": 1.3, "met": False},
        {"what": "a page", "found": 1.0, "unit": "ms", "goal": 5.0, "met": True},
    ]
    light = Result(
        Line("", "", ("tests.bench.light",)), {"rows": rows, "problems": ["marks: gone"], "failed": 2}, 2, 1
    )
    kills = Result(LINE, {"points": 3, "failed": [f"mark {number} lost" for number in range(9)]}, 9, 1)
    part = section("Title", [light, kills], MADE)
    assert "- `tests.bench.light`: marks: gone\n- `tests.bench.light`: a start: 2 times, wanted 1.3\n" in part
    assert "a page:" not in part
    assert "- `tests.faults kills`: mark 4 lost\n- `tests.faults kills`: and 4 more\n" in part


def test_a_part_that_is_measured_anew_leaves_the_others_as_they_are(tmp_path: Path) -> None:
    page = tmp_path / "REPORT.md"
    titles = [part.title for part in SECTIONS[:3]]
    result = Result(LINE, {"points": 3, "failed": []}, 0, 1)
    report.write(page, {title: section(title, [result], f"{MADE} First.") for title in titles[::2]})
    first = parts_of(page.read_text("utf-8"))
    assert list(first) == titles[::2]
    report.write(page, {titles[1]: section(titles[1], [result], f"{MADE} Later.")})
    later = parts_of(page.read_text("utf-8"))
    assert list(later) == titles
    assert {title: later[title] for title in titles[::2]} == first
    assert "Later." in later[titles[1]]
    report.write(page, later)
    assert parts_of(page.read_text("utf-8")) == later


def test_long_parts_are_run_only_by_name() -> None:
    assert not any(part.is_long for part in report.chosen([]))
    assert [part.title for part in report.chosen(["million"])] == ["With a million articles"]


def test_what_pytest_and_the_fuzzing_say_is_counted() -> None:
    assert report._counted("FAILED tests/a.py::b - no\n3 passed, 1 failed") == (
        {"tests passed": 3, "problems": ["FAILED tests/a.py::b - no"]},
        1,
    )
    assert report._counted("== 11 of 12 targets hold opml") == (
        {"targets": 12, "held": 11, "problems": ["opml"]},
        1,
    )
    assert report._counted("nothing was said") == ({}, 1)
    assert report._json(json.dumps({"failed": ["a", "b"]}))[1] == 2
