"""The mark of an article that its publisher changed or took back, as a button that shows what was changed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QToolButton

from desktop.core.models import ArticleRow
from desktop.ui.text import action_text, tooltip
from desktop.ui.theme import Theme


def show_fate(button: QToolButton, row: ArticleRow) -> None:
    """Have the button say what the publisher did to the article; it is hidden when that is nothing."""
    button.setVisible(row.updated or row.withdrawn)
    words = "Withdrawn by the publisher" if row.withdrawn else "Updated"
    button.setText(action_text(words))
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    button.setAccessibleName(f"{words}, show changes")
    tooltip(button, "Your copy stays. Show its versions" if row.withdrawn else "Show what was changed")
    palette = QPalette(button.window().palette())
    palette.setColor(QPalette.ColorRole.ButtonText, Theme.of(palette).warning)
    button.setPalette(palette)
