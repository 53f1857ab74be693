"""What can be done with whole watchlists: make, name, order, delete, copy, import, export; all of it undoable."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QGuiApplication, QUndoStack
from PySide6.QtWidgets import QWidget

from desktop.core.errors import AppError
from desktop.core.rates.sources import RULES
from desktop.core.text import plain
from desktop.store.watchlists import NAME_LIMIT
from desktop.ui.actions import Actions
from desktop.ui.rates.commands import RatesCommands
from desktop.ui.sources.sidebar import Sidebar
from desktop.ui.sources.sidebar_nodes import watchlist_key
from desktop.ui.text import notice
from desktop.ui.undo import Done

if TYPE_CHECKING:
    from desktop.jobs.session import Session
    from desktop.jobs.watchlists import Act

LIST_MENU = (
    "list_new",
    "list_rename",
    "list_up",
    "list_down",
    "list_ticker",
    "",
    "copy_list_text",
    "copy_list_table",
    "import_list",
    "export_list",
    "",
    "list_delete",
)
NEW_NAME = "New list"
FILTER = "CSV (*.csv);;All files (*)"


class WatchlistCommands(QObject):
    """Acts on the list that is shown, else on that of the ticker. Puts every change of a list on the undo stack."""

    said = Signal(str, bool)  # a message, and whether it can be undone

    def __init__(
        self,
        session: Session,
        sidebar: Sidebar,
        rates: RatesCommands,
        actions: Actions,
        stack: QUndoStack,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session = session
        self._sidebar = sidebar
        self._rates = rates
        self._actions = actions
        self._stack = stack
        self._window = window
        self._to_name = ""  # the key of a list that was just made, and is to be given a name
        session.watchlists.acted.connect(self._on_acted)
        session.watchlists_changed.connect(self.enable)
        rates.page_shown.connect(self._on_page)
        rates.page_left.connect(self.enable)
        sidebar.list_menu_requested.connect(self._on_menu)
        rates.list_menu_requested.connect(self._on_menu)
        sidebar.list_rename_requested.connect(self._on_rename)
        sidebar.model.rebuilt.connect(self._on_rebuilt)
        self.enable()

    def slots(self) -> dict[str, Callable[[], object]]:
        """The actions that are done here."""
        return {
            "list_new": self.create,
            "list_rename": self.rename,
            "list_delete": self.delete,
            "list_up": self.move_up,
            "list_down": self.move_down,
            "list_ticker": self.show_in_ticker,
            "copy_list_text": self.copy_text,
            "copy_list_table": self.copy_table,
            "import_list": self.ask_import,
            "export_list": self.ask_export,
        }

    def create(self) -> None:
        """Make a list with a free name, go there, and let the person write another name over it."""
        names = {name.casefold() for name in self._session.reader.watchlists.names()}
        name = next(
            name
            for number in range(1, len(names) + 2)
            if (name := NEW_NAME if number == 1 else f"{NEW_NAME} {number}").casefold() not in names
        )
        self._to_name = watchlist_key(name)
        self._sidebar.follow(self._to_name)
        self._session.watchlists.create(name)

    def rename(self) -> None:
        """Let the person write over the name in the sidebar."""
        if not self._sidebar.isVisible():
            self._actions["show_sidebar"].trigger()
        if self._sidebar.choose(watchlist_key(self._rates.list_name)):
            self._sidebar.edit_title()

    def delete(self) -> None:
        """Delete the list at once; the message offers to take it back."""
        self._session.watchlists.delete(self._rates.list_name)

    def move_up(self) -> None:
        self._move(-1)

    def move_down(self) -> None:
        self._move(1)

    def _move(self, by: int) -> None:
        place = self._place() + by
        if 0 <= place < len(self._session.reader.watchlists.names()):
            self._session.watchlists.move_list(self._rates.list_name, place)

    def show_in_ticker(self) -> None:
        """Let the ticker show this list."""
        self._session.watchlists.show_in_ticker(self._rates.list_name)

    def copy_text(self) -> None:
        """Put the rates on the clipboard, one sentence a line, each with its source and date."""
        from desktop.ui.rates.page_export import as_text

        QGuiApplication.clipboard().setText(as_text(self._session, self._rates.list_name))
        self.said.emit(f"“{self._rates.list_name}” copied as text.", False)

    def copy_table(self) -> None:
        """Put the rates on the clipboard for a document (HTML) and for a spreadsheet (tabs)."""
        from desktop.ui.rates.page_export import as_table, put_on_clipboard

        put_on_clipboard(as_table(self._session, self._rates.list_name))
        self.said.emit(f"“{self._rates.list_name}” copied as a table.", False)

    def ask_export(self) -> None:
        """Ask for a file to write the list to."""
        self._ask(is_export=True)

    def ask_import(self) -> None:
        """Ask for a file to read pairs from."""
        self._ask(is_export=False)

    def export_to(self, path: str) -> None:
        """Write the list as CSV: whole, or not at all."""
        from desktop.ui.rates.page_export import as_csv

        name = self._rates.list_name
        target = Path(path)
        draft = target.with_name(f".{target.name}.part")
        try:
            draft.write_text(as_csv(self._session, name), "utf-8", newline="")
            draft.replace(target)
        except OSError as error:
            draft.unlink(missing_ok=True)
            self._tell(f"The list could not be written to {target.name}: {error.strerror or error}.")
        else:
            self.said.emit(f"“{name}” exported to {target.name}.", False)

    def import_from(self, path: str) -> None:
        """Add the pairs of a CSV file to the list: all of them, or none with the number of every bad line."""
        from desktop.core.rates import watch_csv

        name = self._rates.list_name
        try:
            with Path(path).open("rb") as file:
                text = watch_csv.decode(file.read(watch_csv.BYTES_AT_MOST + 1))
            lines = watch_csv.read(text, self._session.lexicon().pair, RULES)
        except OSError as error:
            self._tell(f"The file could not be read: {error.strerror or error}. Nothing was changed.")
        except AppError as error:
            self._tell(f"{error.message}\n\n{error.remedy}")
        else:
            count = f"{len(lines)} pair{'' if len(lines) == 1 else 's'}"
            self._session.watchlists.pin_all(lines, name, f"{count} imported to “{name}”")

    def enable(self) -> None:
        """Let the actions be used that fit the list at hand."""
        names = self._session.reader.watchlists.names()
        place = self._place()
        self._actions["list_delete"].setEnabled(len(names) > 1)
        self._actions["list_up"].setEnabled(place > 0)
        self._actions["list_down"].setEnabled(0 <= place < len(names) - 1)
        shown = self._session.reader.watchlists.in_ticker() == self._rates.list_name
        self._actions["list_ticker"].setChecked(shown)
        self._actions["list_ticker"].setEnabled(not shown)

    def _place(self) -> int:
        names = self._session.reader.watchlists.names()
        name = self._rates.list_name
        return names.index(name) if name in names else -1

    def _ask(self, *, is_export: bool) -> None:
        from desktop.ui.file_dialog import ask_file  # no dialog is needed to start

        if is_export:
            proposed = f"{_file_name(self._rates.list_name)}.csv"
            ask_file(self._window, "Export list", self.export_to, FILTER, proposed)
        else:
            ask_file(self._window, "Import list", self.import_from, FILTER)

    def _tell(self, words: str) -> None:
        notice(self._window, "Watchlist", words)

    def _on_acted(self, act: Act) -> None:
        watchlists = self._session.watchlists
        self._stack.push(
            Done(act.words, partial(watchlists.do_again, act), partial(watchlists.take_back, act))
        )
        if not act.quiet:
            self.said.emit(act.words, True)

    def _on_page(self, _: str) -> None:
        self.enable()

    def _on_menu(self, where: QPoint) -> None:
        self._actions.menu(LIST_MENU, self._window).popup(where)

    def _on_rename(self, name: str, new_name: str) -> None:
        new_name = plain(new_name, NAME_LIMIT)
        if new_name not in self._session.reader.watchlists.names():
            self._sidebar.follow(watchlist_key(new_name))
        self._session.watchlists.rename(name, new_name)

    def _on_rebuilt(self) -> None:
        """The lines of the sidebar are new: a list may have been made, renamed or deleted."""
        node = self._sidebar.current
        is_new = bool(self._to_name) and self._sidebar.current_key == self._to_name
        if node is not None and node.query is None and (is_new or self._rates.page is not None):
            self._rates.show_list(node.watchlist)
        if is_new:
            self._to_name = ""
            self._sidebar.edit_title()


def _file_name(name: str) -> str:
    """A list's name as the name of a file."""
    return (
        "".join(letter if letter.isalnum() or letter in " -_" else "_" for letter in name).strip() or "rates"
    )
