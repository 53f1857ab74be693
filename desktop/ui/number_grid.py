"""Two columns of numbers beside each other, such as what is in a file and what is here."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from desktop.ui import theme
from desktop.ui.text import plain_label


def number_grid(
    parent: QWidget, columns: tuple[str, str], rows: Iterable[tuple[str, str, str]]
) -> QGridLayout:
    """A line for each of `rows`, its name and its two numbers; each number says to a screen reader what it is."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.SPACE_XL)
    grid.setVerticalSpacing(theme.SPACE_S)
    grid.setColumnStretch(3, 1)
    for line, (name, *numbers) in enumerate((("", *columns), *rows)):
        grid.addWidget(_cell(parent, name), line, 0)
        for place, (number, column) in enumerate(zip(numbers, columns, strict=True), 1):
            cell = _cell(parent, number)
            if line:
                cell.setAccessibleName(f"{name}, {column[0].lower()}{column[1:]}: {number}")
            grid.addWidget(cell, line, place, Qt.AlignmentFlag.AlignRight)
    return grid


def _cell(parent: QWidget, text: str) -> QLabel:
    label = plain_label(text, parent)
    label.setFont(theme.tabular(label.font()))
    return label
