"""Qt's constants must be the enumerations that the standard library would have made of them, member by member."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

COMPARED = """
import enum
make = enum.EnumType._create_
from desktop import qt_binding, qt_constants
qt_binding.load()
from PySide6 import QtCore, QtGui, QtWidgets

kinds = {base: qt_constants._Kind(base, make) for base in qt_constants._BASES}
print("known", *(kind.is_known for kind in kinds.values()))
classes = [getattr(module, name) for module in (QtCore, QtGui, QtWidgets) for name in dir(module)]
found = [one for owner in classes if isinstance(owner, type) for one in (owner, *vars(owner).values())]
others, alike = [], 0
for one in dict.fromkeys(one for one in found if type(one) is enum.EnumType):
    base, name, module = one.__mro__[1], one.__name__, one.__module__
    items = [(name, member.value) for name, member in one.__members__.items()]
    theirs = make(base, name, list(items), module=module, boundary=enum.KEEP)
    if not kinds[base].suits(items):
        others.append(name)
        continue
    assert qt_constants._facts(kinds[base].made(name, items, module)) == qt_constants._facts(theirs), one
    alike += 1
print("alike", alike)
print("left to the standard library", *sorted(others))
"""

USED = """
import enum, pickle
from PySide6.QtCore import QDir, QEvent, Qt

print(enum.EnumType._create_.__module__)
print(repr(Qt.Key.Key_A), repr(Qt.Key(65)), repr(Qt.Key["Key_A"]), Qt.Key.Key_A == 65, Qt.Key.Key_Any)
both = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
print(repr(both), repr(~both), both & Qt.AlignmentFlag.AlignLeft, list(Qt.AlignmentFlag)[:3], len(Qt.AlignmentFlag))
print(repr(Qt.KeyboardModifier(0)), repr(Qt.KeyboardModifier.ShiftModifier ^ Qt.KeyboardModifier.AltModifier))
print(repr(Qt.WindowType.Window | 1 << 30), repr(QDir.Filter.Drives | QDir.Filter.Files))
print(repr(QEvent.Type(50_000)), QEvent.Type(50_000) is QEvent.Type(50_000))
print(pickle.loads(pickle.dumps([Qt.Key.Key_A, both])) == [Qt.Key.Key_A, both])
print(Qt.Key.__doc__, Qt.Key.__module__, Qt.Key.__qualname__, Qt.Orientation.Vertical in Qt.Orientation)
for wrong in (lambda: Qt.Orientation("up"), lambda: Qt.Orientation.Up, lambda: setattr(Qt.Key, "Key_A", 1)):
    try:
        wrong()
    except Exception as error:
        print(type(error).__name__, error)
ours = enum.Enum("Ours", "red green")
print(repr(ours.red), ours.__module__, enum.IntFlag("Bits", ["a", "b"], boundary=enum.KEEP).b.value)
"""


def said(code: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_every_constant_is_as_the_standard_library_makes_it() -> None:
    known, alike, others = said(COMPARED)
    assert known == "known True True True True"
    assert int(alike.split()[1]) > 500
    assert len(others.split()) < 15  # flags with a negative number


def test_constants_behave_as_those_of_the_standard_library() -> None:
    maker, *ours = said("from desktop.qt_binding import load\nload()\n" + USED)
    assert maker == "desktop.qt_constants"
    assert ours == said(USED)[1:]
