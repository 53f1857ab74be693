"""Types each of the twelve strings into every field of every window, and looks at what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QDialog,
    QDialogButtonBox,
    QInputDialog,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid

from desktop.core import folders
from desktop.core.models import NewSource, SourceKind
from desktop.core.tags import LONGEST as TAG_LIMIT
from desktop.core.tags import tag_key, tag_name
from desktop.core.text import PLAIN_LIMIT, plain, visible
from desktop.store.columns import sound
from desktop.store.watchlists import NAME_LIMIT as LIST_LIMIT
from desktop.sync.subscriptions import preview
from desktop.ui.articles.note_dialog import MOST, NoteDialog
from desktop.ui.articles.tag_editor import TagEditor
from desktop.ui.file_dialog import FileDialog
from desktop.ui.import_dialog import ImportDialog
from desktop.ui.rates.alert_editor import AlertEditor
from desktop.ui.rates.converter import Converter
from desktop.ui.sources.add_dialog import AddSourceDialog
from desktop.ui.sources.properties_dialog import PropertiesDialog
from desktop.ui.sources.rules_window import RulesWindow
from desktop.ui.sources.search_commands import NAME_LIMIT as SEARCH_LIMIT
from desktop.ui.sources.sidebar_nodes import NAMED, Kind
from tests.ui.conftest import deliver_deletes
from tests.ui.fields import HOWS, Field, fields, type_into
from tests.ui.hostile_strings import BLANK, STRINGS

if TYPE_CHECKING:
    from tests.ui.hostile_walk import Walk

LONGEST = 10_000
IN_TURN = 6
_LIMITS = {Kind.SEARCH: SEARCH_LIMIT, Kind.WATCHLIST: LIST_LIMIT, Kind.TAG: TAG_LIMIT}
SOON_MS = 1_000  # a timer that gathers, or waits for a pause in typing
_LINES = (QLineEdit, QPlainTextEdit, QTextEdit)
_NAMES = {
    Kind.SOURCE: ("typedsource", ""),
    Kind.WATCHLIST: ("typedlist", ""),
    Kind.FOLDER: ("typedfolder", "/"),
    Kind.SEARCH: ("typedsearch", ""),
    Kind.TAG: ("typedtag", '"'),
}  # what the strings are called, and the letters that the name cannot hold
_FILES = (
    "export",
    "export_list",
    "export_articles",
    "save_article",
    "back_up",
    "write_pack",
    "import",
    "import_list",
    "restore",
    "read_pack",
)
SAVE = QDialogButtonBox.StandardButton.Save


class Typist:
    """`typed` and `kept`: the fields that a string was typed into, and those where the window took it as well."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.typed: set[tuple[str, str]] = set()
        self.kept: set[tuple[str, str]] = set()
        self._turn = self._number = 0

    # In any window

    def fill(self, window: QWidget) -> None:
        """Every field of a window with each string, all at once, and what the window says to that."""
        found = [field for field in fields(window) if isinstance(field.widget, _LINES)]
        new = {field.key for field in found} - self.typed
        if not new:
            return
        size = window.size()
        for number in range(len(STRINGS)):
            for field in found:
                self._enter(field, self.walk.put("typed", number)[:LONGEST])
            self.walk.look(type(window).__name__, window)
            self._expect(f"the size of {type(window).__name__}", window.size(), size)
        self.typed |= new

    def _enter(self, field: Field, text: str) -> None:
        """Type a text into a field: in one of the ways, in turn."""
        self._turn += 1
        by_keys = self.walk.thorough or self._turn % 12 == 0
        how = HOWS[self._turn % 3] if by_keys else HOWS[1 + self._turn % 2]
        type_into(field.widget, text, how)
        if takes_anything(field.widget):
            self._expect(f"{field.key} by {how}", field.widget.text(), text[: field.widget.maxLength()])

    # In the windows that keep what is typed

    def go(self) -> None:
        """Normally each window has two of the strings given to it, together they have all; `thorough`: it has all."""
        for number in range(len(STRINGS)):
            self._number = number
            self._rename(number, Kind.SOURCE)
            self._note(number)
            for place, stage in enumerate(self._stages):
                if self.walk.thorough or (number + place) % IN_TURN == 0:
                    stage(number)
            self.walk.look("typed", self.walk.window)
        self.walk.look("typed")

    @property
    def _stages(self) -> Iterator[Callable[[int], None]]:
        yield from (partial(self._rename, kind=kind) for kind in NAMED if kind is not Kind.SOURCE)
        yield from (
            self._properties,
            self._add,
            self._import,
            self._move,
            self._tag,
            self._rule,
            self._search,
        )
        yield from (self._pair, self._alert, self._convert)
        yield from (partial(self._file, command=command) for command in _FILES)

    def _give(
        self, root: QWidget, called: str, name: str, number: int, without: str = "", form: str = "{}"
    ) -> tuple[Any, str]:
        """Type a string into the field of a window that is called so; gives the field and what was typed."""
        (field,) = [one for one in fields(root) if one.name == called and isinstance(one.widget, _LINES)]
        text = self.walk.put(name, number, without)[:LONGEST]
        self._enter(field, form.format(text))
        if takes_anything(field.widget) and number != BLANK and form == "{}":
            self.walk.put.values[name, number] = text = field.widget.text()
        self.typed.add(field.key)
        self.kept.add(field.key)
        return field.widget, text

    def _rename(self, number: int, kind: Kind) -> None:
        """A line of the sidebar is written over."""
        walk, sidebar = self.walk, self.walk.window.sidebar
        key = walk.keys(kind)[0]
        sidebar.choose(key)
        sidebar.edit_title()
        name, without = _NAMES[kind]
        editor, text = self._give(sidebar, "Views and sources", name, number, without)
        walk.look("editor", sidebar)
        QTest.keyClick(editor, Qt.Key.Key_Return)
        self._settle()
        node = sidebar.current
        assert node is not None
        if plain(text):
            self._expect(
                f"the name of a {kind.value}", node.title, plain(text, _LIMITS.get(kind, PLAIN_LIMIT))
            )
        else:
            self._expect(f"a {kind.value} without a name", node.key, key)
        if kind is Kind.TAG:
            self._expect("the list of a tag", walk.window.articles.model.rowCount() > 0, True)

    def _properties(self, number: int) -> None:
        walk = self.walk
        key = walk.keys(Kind.SOURCE)[0]
        before = self._source(key)
        walk.window.sidebar.choose(key)
        walk.act("properties")
        dialog = walk.opened(PropertiesDialog)
        _, title = self._give(dialog, "Title", "typedname", number)
        _, folder = self._give(dialog, "Folder", "typedplace", number, "/")
        _, agent = self._give(dialog, "Name given to the server", "typedagent", number)
        _, user = self._give(dialog, "User name", "typeduser", number)
        address, _ = self._give(dialog, "Address", "typedaddress", number)
        self._give(dialog, "Password", "typedsecret", number)
        walk.look("properties", dialog)
        self._press(dialog, SAVE)
        self._until(dialog._buttons.isEnabled)
        walk.look("refused", dialog)
        address.setText(f"https://t{number}.test/")
        self._press(dialog, SAVE)
        self._until(lambda: not isValid(dialog) or not dialog.isVisible() or dialog._buttons.isEnabled())
        kept = self._source(key)
        if plain(user) and isValid(dialog):  # else the password belongs to nobody, and nothing is stored
            walk.look("stored without the password", dialog)
            self._expect("title", kept.title, plain(title) or before.title)
            self._expect("folder", kept.folder, folders.tidy(folder))
            self._expect("agent", kept.user_agent, one_line(agent))
            self._expect("user", kept.account, one_line(user))
        if isValid(dialog):
            dialog.close()
        deliver_deletes()

    def _add(self, number: int) -> None:
        walk, url = self.walk, f"https://typed{number}.test/feed"
        walk.act("add_source")
        dialog = walk.opened(AddSourceDialog)
        field, _ = self._give(dialog, "Address", "typedaddress", number)
        QTest.keyClick(field, Qt.Key.Key_Return)
        self._until(dialog._find.isEnabled)
        walk.look("not found", dialog)
        dialog._on_found([NewSource(url, SourceKind.FEED, f"Typed {number}")])
        _, folder = self._give(dialog, "Folder", "typedplace", number, "/")
        dialog.accept()
        deliver_deletes()
        self._until(lambda: walk.session.reader.sources.by_url(url))
        self._expect_folder(url, folder)

    def _import(self, number: int) -> None:
        walk, url = self.walk, f"https://imported{number}.test/feed"
        opml = f'<opml version="2.0"><body><outline text="Imported" xmlUrl="{url}"/></body></opml>'
        walk.window.library_commands._on_read(walk.folder / "list.opml", preview(opml.encode(), []))
        dialog = walk.opened(ImportDialog)
        _, folder = self._give(dialog, "Into folder", "typedplace", number, "/")
        dialog.accept()
        deliver_deletes()
        self._until(lambda: walk.session.reader.sources.by_url(url))
        self._expect_folder(url, folder)

    def _expect_folder(self, url: str, typed: str) -> None:
        source = self.walk.session.reader.sources.by_url(url)
        self._expect("the folder of a new source", source and source.folder, folders.tidy(typed))

    def _move(self, number: int) -> None:
        walk = self.walk
        key = walk.keys(Kind.SOURCE)[1]
        walk.window.sidebar.choose(key)
        walk.act("move")
        dialog = walk.opened(QInputDialog)
        field, folder = self._give(dialog, "Folder", "typedfolder", number, "/")
        walk.look("move", dialog)
        QTest.keyClick(field, Qt.Key.Key_Return)
        self._settle()
        self._expect("moved to", self._source(key).folder, folders.tidy(folder))
        deliver_deletes()

    def _note(self, number: int) -> None:
        walk = self.walk
        article_id = self._article(number)
        before = walk.session.reader.notes.of(article_id)
        walk.act("note")
        dialog = walk.opened(NoteDialog)
        _, text = self._give(dialog, "Note", "typednote", number)
        walk.look("note", dialog)
        self._press(dialog, SAVE)
        self._settle()
        kept = sound(text.replace("\r\n", "\n")).strip()[:MOST]
        self._expect("note", walk.session.reader.notes.of(article_id), kept if plain(kept) else before)
        deliver_deletes()

    def _tag(self, number: int) -> None:
        walk = self.walk
        article_id = self._article(number)
        walk.act("tags")
        editor = walk.opened(TagEditor)
        field, text = self._give(editor, "Tag", "typedlabel", number, '"')
        walk.look("tags", editor)
        if tag_key(text):
            QTest.keyClick(field, Qt.Key.Key_Return)
            walk.look("tags", editor)
            self._press(editor, SAVE)
            self._settle()
            (row,) = walk.session.reader.articles.rows([article_id])
            self._expect("tags", tag_name(text) in row.tags, True)
        _close(editor)
        walk.look("reader", walk.window.reader)

    def _rule(self, number: int) -> None:
        walk, stored = self.walk, self.walk.session.reader.arrival_rules
        before = len(stored.all())
        walk.act("rules")
        rules = walk.opened(RulesWindow)
        self._give(rules, "Articles that the rule finds", "typedwords", number, '"', '"{}"')
        _, tag = self._give(rules, "A tag to put on what is found", "typedrule", number, '"')
        self._until(lambda: rules.said)
        walk.look("rule", rules, rewritten=True)
        if rules._add.isEnabled():
            self._press(rules, rules._add)
            self._settle()
            self._expect("the tag of a rule", stored.all()[-1].tag, tag_name(tag))
        walk.look("rule", rules)
        self._expect("rules", len(stored.all()) - before, int(number != BLANK))
        rules.close()
        deliver_deletes()

    def _search(self, number: int) -> None:
        walk, window = self.walk, self.walk.window
        window.sidebar.choose("all")
        before = walk.session.reader.saved_searches.all()
        self._give(window.articles.header, "Search articles", "typedsearch", number)
        self._settle()
        walk.look("searched", window.articles, rewritten=True)
        walk.act("save_search")
        self._settle()
        self._expect(
            "searches", len(walk.session.reader.saved_searches.all()) - len(before), int(number != BLANK)
        )
        window.sidebar.choose("all")
        window.articles.header.clear()

    def _pair(self, number: int) -> None:
        walk, window = self.walk, self.walk.window
        window.sidebar.choose(walk.keys(Kind.WATCHLIST)[0])
        page = window.rates_commands.page
        assert page is not None
        field, _ = self._give(page, "Add a pair", "typedpair", number)
        QTest.keyClick(field, Qt.Key.Key_Return)
        walk.look("pair refused", page)
        field.clear()

    def _alert(self, number: int) -> None:
        walk = self.walk
        walk.window.alert_commands.add(None)
        editor = walk.opened(AlertEditor)
        self._give(editor, "Rate", "typedrate", number)
        self._give(editor, "Pair", "typedpair", number)
        editor.submit()
        walk.look("alert refused", editor)
        editor.close()
        deliver_deletes()

    def _convert(self, number: int) -> None:
        walk = self.walk
        walk.act("converter")
        converter = walk.opened(Converter)
        for called in ("Amount", "From currency", "To currency"):
            field, _ = self._give(converter, called, "typedamount", number)
            QTest.keyClick(field, Qt.Key.Key_Return)
            walk.look("converter", converter)
        converter.close()
        deliver_deletes()

    def _file(self, number: int, command: str) -> None:
        """The name of a file that cannot be, is not there, or is written."""
        walk, folder = self.walk, self.walk.folder / "files"
        folder.mkdir(exist_ok=True)
        self._article(0)
        walk.act(command)
        dialog = walk.opened(FileDialog)
        dialog.setDirectory(str(folder))
        name, _ = self._give(dialog, "fileNameEdit", "typedfile", number)
        QTimer.singleShot(0, self._close_boxes)  # Qt's own, which the dialog waits for
        QTest.keyClick(name, Qt.Key.Key_Return)
        self._settle()
        walk.look(f"file for {command}", walk.window.status, *self._dialogs())
        self._close_boxes()
        _close(dialog)
        for file in folder.iterdir():
            file.unlink()

    # Helpers of these

    def _source(self, key: str) -> Any:
        return self.walk.session.reader.sources.get(int(key.partition(":")[2]))

    def _article(self, number: int) -> int:
        """Choose an article; gives its id."""
        window = self.walk.window
        window.sidebar.choose("all")
        view = window.articles.view
        view.choose(view.model().index(number % view.model().rowCount(), 0))
        article = window.article_commands.current
        assert article is not None
        return int(article.id)

    def _press(self, dialog: QWidget, button: QAbstractButton | QDialogButtonBox.StandardButton) -> None:
        if isinstance(button, QDialogButtonBox.StandardButton):
            box = dialog.findChild(QDialogButtonBox)
            assert box is not None
            button = box.button(button)
        assert button.isEnabled()
        button.click()

    def _settle(self) -> None:
        """What the store and short timers have to do is done."""
        window, session = self.walk.window, self.walk.session
        for _ in range(3):
            session._lane.submit(lambda _: None).result(10)
            QApplication.processEvents()
            for timer in (*window.findChildren(QTimer), *session.findChildren(QTimer)):
                if timer.isActive() and timer.isSingleShot() and timer.interval() <= SOON_MS:
                    timer.start(0)
            QApplication.processEvents()

    def _until(self, ready: Callable[[], Any]) -> None:
        self._settle()
        self.walk.qtbot.waitUntil(lambda: bool(ready()))

    def _expect(self, what: str, found: object, wanted: object) -> None:
        if found != wanted:
            self.walk.faults[f"{self._number} {what}: {str(wanted)[:120]!r} is {str(found)[:120]!r}"] = None

    def _dialogs(self) -> list[QWidget]:
        return [one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()]

    def _close_boxes(self) -> None:
        for box in QApplication.topLevelWidgets():
            if isinstance(box, QMessageBox) and box.isVisible():
                self.walk.look("told", box)
                box.close()


def _close(dialog: QWidget) -> None:
    """Close a window, if it is still there."""
    if isValid(dialog):
        dialog.close()
    deliver_deletes()


def takes_anything(widget: QWidget) -> bool:
    """A line that neither a mask nor a range of numbers narrows."""
    return (
        isinstance(widget, QLineEdit)
        and widget.validator() is None
        and not isinstance(widget.parentWidget(), QAbstractSpinBox)
        and widget.objectName() != "pagesLineEdit"
    )


def one_line(text: str) -> str:
    return visible(" ".join(text.splitlines())).strip()
