"""A pack into a file and out of one through the window: seen before it is stored, and proved after."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QListWidget, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from desktop.core.models import ArticleQuery
from desktop.jobs.session import Session
from desktop.ui.main_window import MainWindow
from desktop.ui.packs.dialog import PackDialog
from desktop.ui.packs.read_dialog import ReadPackDialog
from tests.ui.conftest import deliver_deletes
from tests.unit.sync.test_pack_file import furnished

__all__ = ["furnished"]


@pytest.fixture
def pack(furnished: Path) -> Path:
    """A pack of five articles of a source that nobody follows here."""
    return furnished.with_name("p.zip")


@pytest.fixture
def look(window: MainWindow, qtbot: QtBot) -> Callable[[Path], ReadPackDialog]:
    def open_it(path: Path) -> ReadPackDialog:
        window.pack_commands.files.read_from(str(path))
        qtbot.waitUntil(lambda: window.findChild(ReadPackDialog) is not None)
        found: ReadPackDialog = window.findChild(ReadPackDialog)
        return found

    return open_it


def words(dialog: ReadPackDialog) -> list[str]:
    return [label.text() for label in dialog.findChildren(QLabel)]


def answer(qtbot: QtBot, dialog: ReadPackDialog, text: str) -> None:
    button = next(b for b in dialog.findChildren(QPushButton) if b.text().replace("&", "") == text)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_pack_is_looked_at_read_in_and_proved(
    window: MainWindow, session: Session, qtbot: QtBot, pack: Path, look: Callable[[Path], ReadPackDialog]
) -> None:
    before = session.reader.articles.count(ArticleQuery())
    dialog = look(pack)
    assert any(text.startswith("p.zip, written 24 Nov 2026") for text in words(dialog))
    cells = {label.accessibleName() for label in dialog.findChildren(QLabel)}
    assert {"Articles, in the file: 5", "Articles, not here yet: 5", "Pictures, not here yet: 3"} <= cells
    sources = dialog.findChild(QListWidget)
    assert [sources.item(row).text() for row in range(sources.count())] == ["Steppe Post (5 articles)"]
    assert session.reader.articles.count(ArticleQuery()) == before
    sources.item(0).setCheckState(Qt.CheckState.Checked)

    files = session.library.pack_files
    with qtbot.waitSignals([files.brought, files.read_in]):
        answer(qtbot, dialog, "Read in")
    assert session.reader.articles.count(ArticleQuery()) == before + 5
    added = session.reader.sources.by_url("https://steppe.example/feed/")
    assert added is not None
    assert added.enabled
    assert window.status.words.startswith("Read in: 5 new articles, 3 pictures, ")
    shown = window.findChild(PackDialog)
    assert shown.isVisible()
    assert shown.proof_words.startswith("Read in from a file of 24 Nov 2026. On disk: 5/5 articles")
    assert window.kept.label.text().startswith("Kept 5/5 articles, 3/")
    assert "Steppe Post" in [source.title for source in session.reader.sources.all()]
    shown.close()


def test_what_was_only_looked_at_is_not_stored(
    window: MainWindow, session: Session, qtbot: QtBot, pack: Path, look: Callable[[Path], ReadPackDialog]
) -> None:
    before = len(session.reader.sources.all())
    answer(qtbot, look(pack), "Cancel")
    assert len(session.reader.sources.all()) == before
    assert session.reader.packs.current() is None


def test_the_pack_of_this_machine_is_written_and_reads_the_same(
    window: MainWindow,
    session: Session,
    qtbot: QtBot,
    pack: Path,
    look: Callable[[Path], ReadPackDialog],
    tmp_path: Path,
) -> None:
    with qtbot.waitSignal(session.library.pack_files.read_in):
        answer(qtbot, look(pack), "Read in")
    deliver_deletes()
    window.pack_commands.files.write_to(str(tmp_path / "again.zip"))
    qtbot.waitUntil(lambda: "written to again.zip" in window.status.words)
    chosen = window.findChild(
        PackDialog
    ).choice.scope()  # its source came paused, and is proposed all the same
    assert chosen.sources == (session.reader.sources.by_url("https://steppe.example/feed/").id,)
    dialog = look(tmp_path / "again.zip")
    assert "Articles, not here yet: 0" in {label.accessibleName() for label in dialog.findChildren(QLabel)}
    assert not dialog.findChild(QListWidget).isVisible()
    answer(qtbot, dialog, "Cancel")
    window.findChild(PackDialog).close()


def test_a_file_that_is_no_pack_and_a_pack_that_is_not_there_are_told(
    window: MainWindow, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "x.zip").write_bytes(b"x" * 100)
    for act, told in (
        (lambda: window.pack_commands.files.read_from(str(tmp_path / "x.zip")), "is not a pack of Chorsu"),
        (lambda: window.pack_commands.files.write_to(str(tmp_path / "y.zip")), "There is no pack to write."),
    ):
        act()
        qtbot.waitUntil(lambda: window.findChild(QMessageBox) is not None)
        box = window.findChild(QMessageBox)
        assert told in box.text() + box.informativeText()
        box.close()
        deliver_deletes()
    assert not (tmp_path / "y.zip").exists()


def test_the_menu_asks_for_files(window: MainWindow, qtbot: QtBot) -> None:
    for name, title in (("write_pack", "Write offline pack"), ("read_pack", "Read offline pack")):
        window.commands[name].trigger()
        dialog = window.findChild(QFileDialog)
        assert dialog.windowTitle() == title
        dialog.reject()
        deliver_deletes()


def test_a_pack_that_is_dropped_on_the_window_is_looked_at(
    window: MainWindow, qtbot: QtBot, pack: Path
) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(pack))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(window, entering)
    assert entering.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPoint(9, 9), Qt.DropAction.CopyAction, data, buttons, keys))
    qtbot.waitUntil(lambda: window.findChild(ReadPackDialog) is not None)
    answer(qtbot, window.findChild(ReadPackDialog), "Cancel")
