"""Defects of the libraries that we stand on: each of these would hurt the person, so each is watched."""

from __future__ import annotations

import ast
import sqlite3
import sys
from pathlib import Path

import pytest
import urllib3
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel

PACKAGE = Path(__file__).resolve().parents[2] / "desktop"


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None cannot die from Python 3.12 on")
def test_calls_that_return_none_do_not_eat_its_references(qtbot: object) -> None:
    """PySide6 6.12.0 drops one reference of None a call before Python 3.12, and the process aborts."""
    label = QLabel()
    timer = QTimer()
    before = sys.getrefcount(None)
    for number in range(1000):
        label.setText("a")
        timer.setInterval(number)
    assert sys.getrefcount(None) - before > -100


def test_urllib3_bounds_what_it_unpacks() -> None:
    """Before 2.6.3 a small compressed answer could fill the memory."""
    assert tuple(int(part) for part in urllib3.__version__.split(".")[:3]) >= (2, 6, 3)


def test_sqlite_has_what_the_schema_needs() -> None:
    """FTS5 is asked for; the WAL-reset defect before 3.51.3 needs two writers, and there is one by construction."""
    options = {row[0] for row in sqlite3.connect(":memory:").execute("PRAGMA compile_options")}
    assert "ENABLE_FTS5" in options
    assert sqlite3.sqlite_version_info >= (3, 37)
    opens = [
        path.name
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "connect"
        if isinstance(node.func.value, ast.Name) and node.func.value.id == "sqlite3"
    ]
    assert set(opens) == {"opening.py", "migrating.py"}  # the second copies the file aside


def test_no_shell_and_no_pickle_of_foreign_bytes() -> None:
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.keyword):
                assert node.arg != "shell", path
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                name = f"{node.value.id}.{node.attr}"
                assert name not in ("os.system", "os.popen", "pickle.loads", "pickle.load"), path
            if isinstance(node, ast.Attribute):
                assert node.attr != "processEvents", path
