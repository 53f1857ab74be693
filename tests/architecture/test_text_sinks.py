"""Text reaches widgets and links leave the program through one door each; nothing goes round them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "desktop"
# Qt takes what these are given for HTML when it looks like HTML, and loads what it names.
RICH_CLASSES = {"QLabel", "QMessageBox", "QWhatsThis", "QErrorMessage", "QToolTip", "QProgressDialog"}
RICH_METHODS = {"setToolTip", "setWhatsThis", "setTextFormat", "setDetailedText", "setInformativeText"}
TEXT_DOOR = "ui/text.py"
LINK_DOOR = "ui/links.py"


def called(node):
    """The last name of what a call calls: QLabel in QLabel(), QtWidgets.QLabel() and QLabel.x()."""
    function = node.func
    names = []
    while isinstance(function, ast.Attribute):
        names.append(function.attr)
        function = function.value
    if isinstance(function, ast.Name):
        names.append(function.id)
    return names


def escaped(call):
    """Whether what a call is given last went through the door: tooltip_text(x), or another item's toolTip()."""
    last = call.args[-1] if call.args else None
    return isinstance(last, ast.Call) and called(last)[:1] in (["tooltip_text"], ["toolTip"])


def faults(source, path):
    """What a module does that only the doors may do, as "line: name"."""
    found = []
    for node in ast.walk(ast.parse(source)):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Call):
            names = called(node)
            if path != TEXT_DOOR:
                found += [f"{line}: {name}" for name in names if name in RICH_CLASSES]
                found += [
                    f"{line}: {name}" for name in names[:1] if name in RICH_METHODS and not escaped(node)
                ]
        if isinstance(node, ast.ClassDef) and path != TEXT_DOOR:
            bases = [getattr(base, "id", getattr(base, "attr", "")) for base in node.bases]
            found += [f"{line}: class of {base}" for base in bases if base in RICH_CLASSES]
        names = [getattr(node, "id", ""), getattr(node, "attr", "")]
        if "QDesktopServices" in names and path != LINK_DOOR:
            found.append(f"{line}: QDesktopServices")
        if "fromUserInput" in names:
            found.append(f"{line}: fromUserInput")
        if "setOpenExternalLinks" in names:
            found.append(f"{line}: setOpenExternalLinks")
    return found


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.name)
def test_a_module_uses_the_doors(path):
    assert faults(path.read_text("utf-8"), path.relative_to(PACKAGE).as_posix()) == []


@pytest.mark.parametrize(
    "source",
    [
        "label = QLabel(title)",
        "label = QtWidgets.QLabel(title)",
        "widget.setToolTip(title)",
        "item.setToolTip(0, title)",
        "action.setWhatsThis(title)",
        "QMessageBox.warning(self, title, text)",
        "QtWidgets.QMessageBox(self).exec()",
        "QToolTip.showText(where, title)",
        "QWhatsThis.showText(where, title)",
        "class Title(QLabel): pass",
        "QDesktopServices.openUrl(url)",
        "open_url = QDesktopServices.openUrl",
        "url = QUrl.fromUserInput(text)",
        "browser.setOpenExternalLinks(True)",
    ],
)
def test_a_way_round_is_seen(source):
    assert faults(source, "ui/other.py")


def test_the_doors_themselves_are_in_use():
    assert faults((PACKAGE / TEXT_DOOR).read_text("utf-8"), "ui/other.py")
    assert faults((PACKAGE / LINK_DOOR).read_text("utf-8"), "ui/other.py")


@pytest.mark.parametrize(
    "harmless",
    [
        "label: QLabel",
        "from PySide6.QtWidgets import QLabel",
        "plain_label(x)",
        "item.setToolTip(0, tooltip_text(x))",
    ],
)
def test_names_alone_are_no_fault(harmless):
    assert not faults(harmless, "ui/other.py")


def test_references_are_decoded_by_the_one_function_that_never_raises():
    found = [
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if "html.unescape(" in path.read_text("utf-8") and "demo" not in path.parts
    ]
    assert found == ["core/html/markup.py"]
