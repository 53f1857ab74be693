"""What the binding of Qt puts off must come when it is asked for, word for word."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from desktop.qt_binding import kept

ROOT = Path(__file__).resolve().parents[2]

EXPLAINED = """
import threading
from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.support.signature import get_signature

def wrong(call):
    try:
        call()
    except Exception as error:
        print(type(error).__name__, error)

QtWidgets.QApplication([])
thread = threading.Thread(target=wrong, args=[lambda: QtCore.QTimer.singleShot("soon")])
thread.start()
thread.join()
wrong(lambda: QtWidgets.QLabel().setText(1, 2, 3))
wrong(lambda: QtGui.QColor(object()))
wrong(lambda: QtWidgets.QLabel(colour="red"))
wrong(lambda: QtWidgets.QLabel().setAlignment(7))
print(get_signature(QtCore.QTimer.singleShot))
print(QtWidgets.QLabel.setText.__doc__)
"""


def said(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_wrong_calls_are_explained_in_the_same_words() -> None:
    words = said("from desktop.qt_binding import load\nload()\n" + EXPLAINED)
    assert "Supported signatures:" in words
    assert words == said(EXPLAINED)


def test_nothing_that_explains_is_run_before_it_is_asked_for() -> None:
    """The modules of PySide6 that are put off are there by name, with nothing in them, and no source is read."""
    code = """
from desktop import qt_binding
qt_binding.load()
import linecache, sys
from PySide6 import QtWidgets
for path in sorted(qt_binding._EXPLAINING):
    module = sys.modules[path.removesuffix(".py").replace("/", ".")]
    print(path, sorted(name for name in vars(module) if not name.startswith("__")))
import colorsys
print([name for name in linecache.cache if "colorsys" in name])
"""
    lines = said(code).splitlines()
    assert len(lines) == 7
    assert all(line.endswith(" ['later']") for line in lines[:-1])
    assert lines[-1] == "[]"


def test_a_binding_that_is_loaded_already_is_left_as_it_is() -> None:
    code = "import PySide6.QtCore\nfrom desktop.qt_binding import load\nload()\n" + EXPLAINED
    assert said(code) == said(EXPLAINED)


def test_painting_a_gradient_starts_no_thread() -> None:
    code = """
from desktop.qt_binding import load
load()
import os
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QGuiApplication
application = QGuiApplication(["test"])
image = QImage(20, 500, QImage.Format.Format_RGB32)
painter = QPainter(image)
fading = QLinearGradient(0, 0, 20, 0)
fading.setColorAt(1, QColor("teal"))
before = os.listdir("/proc/self/task")
painter.fillRect(image.rect(), fading)
painter.end()
print(sorted(before) == sorted(os.listdir("/proc/self/task")))
"""
    if not Path("/proc/self/task").exists():
        pytest.skip("threads are counted by Linux alone")
    assert said(code) == "True\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path


def test_a_module_of_the_binding_is_compiled_once(folder: Path) -> None:
    code = kept(b"A = 1", "one/two.py", folder)
    (file,) = folder.iterdir()
    file.write_bytes(file.read_bytes().replace(b"A", b"B"))  # to see that it is taken from there
    assert (code.co_names, kept(b"A = 1", "one/two.py", folder).co_names) == (("A",), ("B",))


@pytest.mark.parametrize("left", [b"", b"x" * 40, 20, 30])
def test_a_damaged_or_outdated_code_is_compiled_anew(folder: Path, left: bytes | int) -> None:
    kept(b"A = 1", "one.py", folder)
    (file,) = folder.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[:left] if isinstance(left, int) else left)
    assert kept(b"A = 1", "one.py", folder).co_names == ("A",)
    assert file.read_bytes() == whole
    assert kept(b"C = 1", "one.py", folder).co_names == ("C",)


def test_where_nothing_can_be_kept_the_binding_is_compiled_all_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kept(b"A = 1", "one.py", folder / "none").co_names == ("A",)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert kept(b"A = 1", "one.py", folder).co_names == ("A",)
    assert list(folder.iterdir()) == []
