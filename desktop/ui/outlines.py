"""Outlines of check boxes that can be seen in a dark palette too.

Qt's Fusion style makes an outline by darkening the colour of the window, which in a dark palette leaves a box that is
not checked without any. The only say that a program has in it is that colour, for a class of widgets.
"""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from desktop.ui import theme
from desktop.ui.theme import Theme

_CLASSES = ("QCheckBox", "QTreeWidget")
_LIGHTER = 127  # percent: Fusion makes of a window's colour 100/140, and of that 110/100


class Outlines(QObject):
    """Follows the system from light to dark and back."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self.follow)
        self.follow()

    def follow(self) -> None:
        """Give the boxes an outline that fits the palette of now."""
        if QApplication.style().name().lower() != "fusion" or theme.prefers_high_contrast():
            return
        palette = QApplication.palette()
        look = Theme.of(palette)
        is_dark = theme.luminance(look.text) > theme.luminance(look.window)
        if is_dark:
            outline = theme.legible(look.window, look.window, theme.SHAPE_CONTRAST)
            palette.setColor(QPalette.ColorRole.Window, outline.lighter(_LIGHTER))
        for name in _CLASSES:
            QApplication.setPalette(palette, name)  # type: ignore[arg-type]  # its stub wants bytes, it a str
