"""The arrows of the house: core <- net | store <- sync <- jobs <- ui <- app, and sync <- cli."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "desktop"

# What each room may import of the house, and of the libraries with a door of their own.
MAY_IMPORT = {
    "core": {"core"},
    "net": {"core", "net"},
    "store": {"core", "store"},
    "sync": {"core", "net", "store", "sync", "paths"},
    "jobs": {"core", "net", "store", "sync", "jobs", "paths"},
    "ui": {"core", "jobs", "store", "ui", "paths"},
    "cli": {"core", "net", "store", "sync", "cli", "paths", "log", "demo", "app"},
    "demo": {"core", "demo", "paths"},
    "app": {"core", "store", "jobs", "ui", "demo", "paths", "log", "qt_binding", "qt_libraries"},
    "paths": set(),
    "log": set(),
    "qt_binding": {"qt_constants"},
    "qt_constants": set(),
    "qt_libraries": set(),
    "__main__": {"cli", "sync"},
}
DOORS = {
    "PySide6": {"jobs", "ui", "qt_binding", "app"},
    "PySide6.QtWidgets": {"ui", "qt_binding", "app"},
    "PySide6.QtGui": {"ui", "app"},
    "sqlite3": {"store"},
    "requests": {"net"},
    "urllib3": {"net"},
    "truststore": {"net"},
    "platformdirs": {"paths"},
}


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Every module that a file imports, and whether only the type checker sees it."""
    tree = ast.parse(path.read_text("utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, id(node) in typing_only
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield node.module or "", id(node) in typing_only
            if node.module in ("desktop", "PySide6"):
                for alias in node.names:
                    yield f"{node.module}.{alias.name}", id(node) in typing_only


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_one_way(path: Path) -> None:
    here = room(path)
    for name, _ in imports(path):
        parts = name.split(".")
        if parts[0] == "desktop" and len(parts) > 1 and parts[1] != "__version__":
            assert parts[1] in MAY_IMPORT[here], f"{here} may not import {name}"
        for door, rooms in DOORS.items():
            if name == door or name.startswith(f"{door}."):
                assert here in rooms, f"{here} may not import {name}"


@pytest.mark.parametrize("path", sorted((PACKAGE / "core").rglob("*.py")), ids=lambda path: path.name)
def test_core_has_no_clock_and_touches_nothing(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Attribute):
            assert node.attr not in ("now", "utcnow", "today", "read_text", "read_bytes", "write_text"), path
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id != "open", path


def test_only_the_roots_import_app_and_nobody_imports_the_entry() -> None:
    for path in modules():
        for name, _ in imports(path):
            assert name != "desktop.__main__", path
            if name == "desktop.app":
                assert path == PACKAGE / "cli" / "windows.py"
