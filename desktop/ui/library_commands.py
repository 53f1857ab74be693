"""Lists of feeds in and out, backups and what is restored from them; an import can be undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QApplication, QWidget

from desktop.core.errors import AppError
from desktop.core.models import ArticleQuery, NewSource
from desktop.ui.articles.list import ArticleList
from desktop.ui.file_drop import FileDrop
from desktop.ui.sources.sidebar import Sidebar
from desktop.ui.text import notice
from desktop.ui.times import count
from desktop.ui.undo import Done

if TYPE_CHECKING:
    from desktop.core.identity import Mark
    from desktop.jobs.backups import Contents
    from desktop.jobs.library import Preview
    from desktop.jobs.session import Session
    from desktop.ui.file_dialog import FileDialog

_ARTICLES = {
    "Web page with pictures (*.html)": "html",
    "Markdown (*.md)": "md",
    "JSON (*.json)": "json",
    "Table (*.csv)": "csv",
}
_BACKUPS = ("Everything (*.zip)", "Everything but pictures (*.zip)")
_RESTORABLE = "Backups and copies (*.zip *.db chorsu.db.*);;All files (*)"
_LISTS = "Lists of feeds, QuiteRSS, RSS Guard (*.opml *.xml *.db *.sqlite);;All files (*)"
_OPML = "Lists of feeds (*.opml *.xml);;All files (*)"


class LibraryCommands(QObject):
    """Asks for files, shows what is in them, and says what was done."""

    said = Signal(str, bool)  # a message, and whether it can be undone

    def __init__(
        self, session: Session, sidebar: Sidebar, articles: ArticleList, stack: QUndoStack, window: QWidget
    ) -> None:
        super().__init__(window)
        self._session = session
        self._sidebar = sidebar
        self._articles = articles
        self._chosen: ArticleQuery | list[int] = []
        self._stack = stack
        self._window = window
        FileDrop(window, ".opml").dropped.connect(self.import_from)
        session.library.imported.connect(self._on_imported)
        session.library.backups.staged.connect(self._on_staged)

    def slots(self) -> dict[str, Callable[[], object]]:
        """The actions that are done here."""
        return {
            "import": self.ask_import,
            "export": self.ask_export,
            "export_articles": self.ask_articles,
            "back_up": self.ask_backup,
            "restore": self.ask_restore,
        }

    def ask_import(self) -> None:
        """Ask for a list of feeds, or the database of another reader."""
        self._ask("Import sources", "", self.import_from, _LISTS)

    def ask_export(self) -> None:
        """Ask where the list of all sources goes."""
        self._ask("Export sources", "sources.opml", self.export_to)

    def import_from(self, path: str) -> None:
        """Show what a file would bring."""
        file = Path(path)
        self.said.emit(f"Reading {file.name}…", False)
        self._session.library.read_list(file, partial(self._on_read, file), self._on_failed, self)

    def export_to(self, path: str) -> None:
        file = Path(path)
        self._session.library.write_list(file, partial(self._on_written, file), self)

    def ask_articles(self) -> None:
        """Ask where the selected articles go, or all of the list where fewer than two are selected."""
        from desktop.ui.reader.save_dialog import SaveDialog

        ids = self._articles.view.selected_ids
        self._chosen = ids if len(ids) > 1 else self._articles.model.query
        number = len(ids) if len(ids) > 1 else self._articles.model.total
        title = f"Export {count(number)} {'article' if number == 1 else 'articles'}"
        dialog = SaveDialog("", f"articles-{self._session.today()}", self._window, title, _ARTICLES)
        dialog.fileSelected.connect(self.export_articles_to)
        dialog.open()

    def export_articles_to(self, path: str) -> None:
        file = Path(path)
        self.said.emit(f"Writing {file.name}…", False)
        self._session.library.write_articles(file, self._chosen, partial(self._on_articles, file), self)

    def ask_backup(self) -> None:
        """Ask where a backup goes, and whether with pictures."""
        day = self._session.today().isoformat()
        self._ask("Back up", f"chorsu-{day}.zip", self.back_up_to, ";;".join(_BACKUPS))

    def ask_restore(self) -> None:
        """Ask for a backup; nothing is changed before the person has seen what is in it."""
        dialog = self._ask("Restore", "", self.restore_from, _RESTORABLE)
        copies = self._session.library.backups.copies
        if copies.is_dir():
            dialog.setDirectory(str(copies))

    def back_up_to(self, path: str) -> None:
        from desktop.ui.file_dialog import FileDialog

        dialog = self.sender()
        pictures = not isinstance(dialog, FileDialog) or dialog.selectedNameFilter() == _BACKUPS[0]
        file = Path(path)
        self._session.library.backups.back_up(
            file,
            pictures=pictures,
            done=partial(self._on_backed_up, file),
            failed=partial(self._tell, "Back up"),
            owner=self,
        )

    def restore_from(self, path: str) -> None:
        """Show what is in a backup, and what it would take the place of."""
        file = Path(path)
        failed = partial(self._tell, "Restore")
        self._session.library.backups.look(file, partial(self._on_looked, file), failed, self)

    def _ask(self, title: str, proposed: str, then: Callable[[str], None], kinds: str = _OPML) -> FileDialog:
        from desktop.ui.file_dialog import ask_file  # no dialog is needed to start

        return ask_file(self._window, title, then, kinds, proposed)

    def _on_read(self, file: Path, preview: Preview) -> None:
        from desktop.ui.import_dialog import ImportDialog

        self.said.emit("", False)
        dialog = ImportDialog(file, preview, self._sidebar.model.folders, self._window)
        dialog.chosen.connect(partial(self._on_chosen, preview))
        dialog.open()

    def _on_chosen(self, preview: Preview, sources: list[NewSource], folder: str) -> None:
        self._session.library.import_list(sources, folder, preview.marks)

    def _on_imported(self, fresh: list[NewSource], marks: Mapping[str, Sequence[Mark]]) -> None:
        library = self._session.library
        words = f"{count(len(fresh))} {'source' if len(fresh) == 1 else 'sources'} imported"
        again, back = partial(library.add_again, fresh, marks), partial(library.take_back, fresh)
        self._stack.push(Done(words, again, back))
        self.said.emit(words, True)

    def _on_written(self, file: Path, written: tuple[int, int]) -> None:
        number, keyed = written
        sources = "source" if number == 1 else "sources"
        warning = (
            f" {count(keyed)} of the addresses hold a key of yours: give the file to nobody." if keyed else ""
        )
        self.said.emit(f"{count(number)} {sources} exported to {file.name}.{warning}", False)

    def _on_articles(self, file: Path, number: int) -> None:
        articles = "article" if number == 1 else "articles"
        self.said.emit(f"{count(number)} {articles} exported to {file.name}.", False)

    def _on_backed_up(self, file: Path, found: Contents) -> None:
        pictures = f" and {count(found.pictures)} pictures" if found.pictures else ""
        self.said.emit(f"{count(found.articles)} articles{pictures} backed up to {file.name}.", False)

    def _on_looked(self, file: Path, found: tuple[Contents, Contents | None]) -> None:
        from desktop.ui.backup_dialog import RestoreDialog

        dialog = RestoreDialog(file, *found, self._window)
        dialog.accepted.connect(partial(self._restore, file))
        dialog.open()

    def _restore(self, file: Path) -> None:
        self._session.library.backups.stage(file, partial(self._tell, "Restore"), self)

    def _on_staged(self) -> None:
        """The program starts anew on the restored store."""
        QApplication.closeAllWindows()

    def _on_failed(self, error: AppError) -> None:
        self.said.emit("", False)
        self._tell("Import sources", error)

    def _tell(self, title: str, error: AppError) -> None:
        notice(self._window, title, f"{error.message}\n\n{error.remedy}".strip())
