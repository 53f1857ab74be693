"""A box that is not checked is seen in a dark palette too."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QCheckBox, QTreeWidget, QTreeWidgetItem, QWidget

from desktop.ui.outlines import Outlines
from desktop.ui.theme import SHAPE_CONTRAST, contrast

Show = Callable[[QWidget], QWidget]


@pytest.fixture
def colours(qapp: QApplication) -> Iterator[Callable[[str, str, str], None]]:
    """Gives the program a palette of these: window, base, text."""
    before, style = QApplication.palette(), qapp.style().name()
    qapp.setStyle("Fusion")
    outlines = Outlines(qapp)

    def choose(window: str, base: str, text: str) -> None:
        palette = QPalette(before)
        for role, colour in (("Window", window), ("Base", base), ("Text", text), ("WindowText", text)):
            palette.setColor(QPalette.ColorRole[role], QColor(colour))
        qapp.setPalette(palette)
        outlines.follow()

    yield choose
    qapp.setPalette(before)
    outlines.follow()
    outlines.deleteLater()
    qapp.setStyle(style)


@pytest.mark.parametrize(
    "palette", [("#2b2b2b", "#1e1e1e", "#e6e6e6"), ("#efefef", "#ffffff", "#000000")], ids=["dark", "light"]
)
def test_a_box_that_is_not_checked_has_an_outline_that_is_seen(
    colours: Callable[[str, str, str], None], palette: tuple[str, str, str], show: Show
) -> None:
    colours(*palette)
    box = QCheckBox()
    tree = QTreeWidget()
    line = QTreeWidgetItem(["", ""])
    line.setCheckState(0, Qt.CheckState.Unchecked)
    tree.addTopLevelItem(line)
    for widget, least in ((box, 1.6), (tree.viewport(), 1.6)):
        show(widget.window())
        picture = widget.grab().toImage()
        ground = QColor(palette[0] if widget is box else palette[1])
        pixels = (
            picture.pixelColor(x, y)
            for x in range(min(40, picture.width()))
            for y in range(min(20, picture.height()))
        )
        seen = max(contrast(one, ground) for one in pixels)
        assert seen >= (SHAPE_CONTRAST if palette[0] == "#2b2b2b" else least)
