"""What a person does with the window, in words of the tests."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.models import ArticleRow
from desktop.ui.articles.list import ArticleList
from desktop.ui.articles.model import ROW_ROLE
from desktop.ui.main_window import MainWindow
from tests.ui.conftest import deliver_deletes

Key = Qt.Key
Modifier = Qt.KeyboardModifier


def ids(articles: ArticleList, *rows: int) -> list[int]:
    return [articles.model.index(row, 0).data(ROW_ROLE).id for row in rows]


def row(window: MainWindow, at: int) -> ArticleRow:
    found = window.articles.model.article(window.articles.model.index(at, 0))
    assert found is not None
    return found


def press(
    qtbot: QtBot, window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = Modifier.NoModifier
) -> None:
    """A key, where the focus is."""
    qtbot.keyClick(QApplication.focusWidget() or window, key, modifier)


def dialogs(window: MainWindow, kind: type[QWidget]) -> list[QWidget]:
    return [dialog for dialog in window.findChildren(kind) if dialog.isVisible()]


def close_all(window: MainWindow, kind: type[QWidget]) -> None:
    for dialog in dialogs(window, kind):
        dialog.close()
    deliver_deletes()
