"""Every action of the window in one table: menu, words, keys. Menus and the help are made from it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget


class Command(NamedTuple):
    """One action. `keys` work in the whole window, `single` only in the list and the reader."""

    name: str
    menu: str
    text: str
    keys: tuple[str, ...] = ()
    single: tuple[str, ...] = ()
    submenu: str = ""
    checkable: bool = False
    group: str = ""  # of the actions of a group exactly one is checked
    line: bool = False  # a line stands before it in the menu


_LENS = {
    "kz": "&Kazakhstan", "kg": "K&yrgyzstan", "tj": "&Tajikistan", "tm": "Turk&menistan", "uz": "&Uzbekistan",
}  # fmt: skip

COMMANDS: tuple[Command, ...] = (
    Command("add_source", "&File", "&Add source…", ("Ctrl+N",)),
    Command("starters", "&File", "Sta&rter sources…"),
    Command("import", "&File", "&Import sources…", line=True),
    Command("export", "&File", "E&xport sources…"),
    Command("export_articles", "&File", "Export ar&ticles…"),
    Command("back_up", "&File", "&Back up…", line=True),
    Command("restore", "&File", "Rest&ore…"),
    Command("pack", "&File", "Take o&ffline…", ("Ctrl+Shift+K",), line=True),
    Command("write_pack", "&File", "Write offline pac&k to a file…"),
    Command("read_pack", "&File", "Rea&d offline pack from a file…"),
    Command("offline", "&File", "&Work offline", checkable=True),
    Command("save_article", "&File", "Sa&ve article as…", ("Ctrl+S",), line=True),
    Command("print", "&File", "&Print…", ("Ctrl+P",)),
    Command("print_preview", "&File", "Print previ&ew"),
    Command("settings", "&File", "&Settings…", ("Ctrl+,",), line=True),
    Command("quit", "&File", "&Quit", ("Ctrl+Q",), line=True),
    Command("undo", "&Edit", "&Undo", ("Ctrl+Z",)),
    Command("redo", "&Edit", "&Redo", ("Ctrl+Shift+Z",)),
    Command("copy_link", "&Edit", "&Copy article address", ("Ctrl+Shift+C",), line=True),
    Command("copy_citation", "&Edit", "Copy c&itation", ("Ctrl+Alt+C",)),
    Command("search", "&Edit", "&Search articles", ("Ctrl+F",), ("/",), line=True),
    Command("save_search", "&Edit", "Sa&ve search", ("Ctrl+Shift+S",)),
    Command("remove_search", "&Edit", "Re&move saved search"),
    Command("find", "&Edit", "&Find in article", ("Ctrl+Shift+F",)),
    Command(
        "layout_wide", "&View", "&Wide", ("Ctrl+Shift+1",), submenu="&Layout", checkable=True, group="layout"
    ),
    Command(
        "layout_classic",
        "&View",
        "&Classic",
        ("Ctrl+Shift+2",),
        submenu="&Layout",
        checkable=True,
        group="layout",
    ),
    Command(
        "layout_list",
        "&View",
        "&List only",
        ("Ctrl+Shift+3",),
        submenu="&Layout",
        checkable=True,
        group="layout",
    ),
    Command("look_cards", "&View", "&Cards", submenu="Sho&w list as", checkable=True, group="look"),
    Command("look_compact", "&View", "Co&mpact rows", submenu="Sho&w list as", checkable=True, group="look"),
    Command("look_columns", "&View", "C&olumns", submenu="Sho&w list as", checkable=True, group="look"),
    Command("sort_newest", "&View", "&Newest first", submenu="S&ort", checkable=True, group="sort"),
    Command("sort_oldest", "&View", "&Oldest first", submenu="S&ort", checkable=True, group="sort"),
    Command("sort_source", "&View", "By &source", submenu="S&ort", checkable=True, group="sort"),
    Command("sort_title", "&View", "By &title", submenu="S&ort", checkable=True, group="sort"),
    Command("sort_best", "&View", "&Best match first", submenu="S&ort", checkable=True, group="sort"),
    Command("group_list", "&View", "&Group by day, source or letter", ("Ctrl+Alt+G",), checkable=True),
    Command("show_copies", "&View", "E&very copy of a story", checkable=True),
    Command(
        "lens_all",
        "&View",
        "&All countries",
        ("Ctrl+Alt+0",),
        ("0",),
        submenu="Country &lens",
        checkable=True,
        group="lens",
    ),
    *(
        Command(
            f"lens_{code}",
            "&View",
            name,
            (f"Ctrl+Alt+{number}",),
            submenu="Country &lens",
            checkable=True,
            group="lens",
        )
        for number, (code, name) in enumerate(_LENS.items(), 1)
    ),
    Command("show_sidebar", "&View", "&Sidebar", ("F9",), checkable=True, line=True),
    Command("show_ticker", "&View", "&Ticker", checkable=True),
    Command("zoom_in", "&View", "Zoom &in", ("Ctrl++", "Ctrl+="), line=True),
    Command("zoom_out", "&View", "Zoom &out", ("Ctrl+-",)),
    Command("zoom_reset", "&View", "&Normal size", ("Ctrl+0",)),
    Command("full_screen", "&View", "&Full screen", ("F11",), checkable=True, line=True),
    Command("next", "&Go", "&Next article", (), ("J",)),
    Command("previous", "&Go", "&Previous article", (), ("K",)),
    Command("next_unread", "&Go", "Next &unread article", (), ("N",)),
    Command("previous_unread", "&Go", "Pre&vious unread article", (), ("P",)),
    Command("read_on", "&Go", "&Scroll, then next unread", (), ("Space",)),
    Command("back", "&Go", "&Back to the list", ("Alt+Left",), ("U",)),
    Command("jump_back", "&Go", "Bac&k from a note", (), ("Backspace",)),
    Command("show_new", "&Go", "Show ne&w articles, else refresh", (), ("R",)),
    Command("next_source", "&Go", "Next s&ource", (), ("Shift+J",), line=True),
    Command("previous_source", "&Go", "Previous sour&ce", (), ("Shift+K",)),
    Command("go_unread", "&Go", "Unrea&d", ("Ctrl+1",), line=True),
    Command("go_today", "&Go", "&Today", ("Ctrl+2",)),
    Command("go_starred", "&Go", "Starr&ed", ("Ctrl+3",)),
    Command("go_later", "&Go", "Read later", ("Ctrl+8",)),
    Command("go_kept", "&Go", "Kept offline", ("Ctrl+9",)),
    Command("go_notes", "&Go", "Notes", ("Ctrl+6",)),
    Command("go_updated", "&Go", "Updated", ("Ctrl+7",)),
    Command("go_all", "&Go", "&All articles", ("Ctrl+4",)),
    Command("go_rates", "&Go", "&Rates", ("Ctrl+5",)),
    Command("next_pane", "&Go", "Ne&xt pane", ("F6",), line=True),
    Command("previous_pane", "&Go", "Prev&ious pane", ("Shift+F6",)),
    Command("refresh", "F&eeds", "&Refresh all", ("F5",)),
    Command("refresh_current", "F&eeds", "Refresh this &source", ("Shift+F5",)),
    Command("stop", "F&eeds", "S&top", ("Ctrl+.",)),
    Command("load_older", "F&eeds", "&Load older articles", ("Ctrl+Shift+O",)),
    Command("mark_all_read", "F&eeds", "&Mark all as read", (), ("Shift+A",), line=True),
    Command("mark_above_read", "F&eeds", "Mark &above as read", (), ("[",)),
    Command("mark_below_read", "F&eeds", "Mark &below as read", (), ("]",)),
    Command("mark_older_read", "F&eeds", "Mark ol&der than a day as read", (), ("O",)),
    Command("full_text_never", "F&eeds", "&Never", submenu="F&ull text", checkable=True, group="full_text"),
    Command(
        "full_text_cut",
        "F&eeds",
        "When the feed &cuts it",
        submenu="F&ull text",
        checkable=True,
        group="full_text",
    ),
    Command("full_text_always", "F&eeds", "&Always", submenu="F&ull text", checkable=True, group="full_text"),
    Command("keeping", "F&eeds", "&Keeping…", line=True),
    Command("rules", "F&eeds", "Rul&es on arrival…"),
    Command("open_site", "F&eeds", "&Open site", line=True),
    Command("rename", "F&eeds", "Re&name", ("F2",)),
    Command("delete_tag", "F&eeds", "Delete ta&g"),
    Command("move", "F&eeds", "Move to &folder…"),
    Command("pause", "F&eeds", "&Pause source", checkable=True),
    Command("follow_again", "F&eeds", "Subs&cribe again"),
    Command("remove", "F&eeds", "Remo&ve source"),
    Command("remove_keeping", "F&eeds", "Remove, but keep &what you marked…"),
    Command("properties", "F&eeds", "Propert&ies…", ("Alt+Return",), line=True),
    Command("health", "F&eeds", "&Health…", ("Ctrl+Shift+H",)),
    Command("open", "&Article", "&Open in browser", ("Ctrl+Return",), ("V",)),
    Command("pictures", "&Article", "&Pictures", (), ("I",)),
    Command("publisher_style", "&Article", "Publisher's &colours in this source", checkable=True, line=True),
    Command("toggle_read", "&Article", "Mark as &read or unread", ("Ctrl+M",), ("M",)),
    Command("note", "&Article", "&Note…", ("Ctrl+E",), ("E",)),
    Command("toggle_star", "&Article", "&Star or unstar", ("Ctrl+D",), ("S",)),
    Command("read_later", "&Article", "Read la&ter, or not", ("Ctrl+Shift+L",), ("L",)),
    Command("tags", "&Article", "T&ags…", ("Ctrl+Shift+M",), ("Shift+T",)),
    Command("tags_shown", "&Article", "Tags of all in the &list…"),
    Command("show_changes", "&Article", "Show chan&ges", ("Ctrl+Shift+D",), line=True),
    Command("toggle_full_text", "&Article", "&Full text or the feed's", ("Ctrl+T",), ("T",)),
    Command("fetch_again", "&Article", "Fetch what is m&issing", ("Ctrl+Shift+R",)),
    Command("delete_article", "&Article", "D&elete", (), ("Del",), line=True),
    Command("refresh_rates", "&Rates", "&Update rates now"),
    Command("load_history", "&Rates", "Load histor&y…"),
    Command("focus_ticker", "&Rates", "&Go to the ticker", ("Ctrl+L",)),
    Command("add_pair", "&Rates", "Add pai&r…", ("Ctrl+Shift+P",), line=True),
    Command("pair_details", "&Rates", "&Details of the pair"),
    Command("chart", "&Rates", "Char&t of the pair", ("Ctrl+G",), ("G",)),
    Command("converter", "&Rates", "Con&verter", ("Ctrl+K",), ("C",)),
    Command("flip_pair", "&Rates", "&Flip direction"),
    Command("copy_rate", "&Rates", "&Copy rate"),
    Command("pair_source", "&Rates", "&Source of the pair…"),
    Command("move_pair_up", "&Rates", "Move pair u&p", ("Alt+Up",)),
    Command("move_pair_down", "&Rates", "Move pair do&wn", ("Alt+Down",)),
    Command("unpin_pair", "&Rates", "U&npin"),
    Command("alert_me", "&Rates", "Alert &me…", line=True),
    Command("alerts", "&Rates", "&Alerts…", ("Ctrl+Shift+A",)),
    Command("list_new", "&Rates", "&New list", submenu="Watch&list", line=True),
    Command("list_rename", "&Rates", "&Rename", submenu="Watch&list"),
    Command("list_up", "&Rates", "Move &up", submenu="Watch&list"),
    Command("list_down", "&Rates", "Move &down", submenu="Watch&list"),
    Command("list_ticker", "&Rates", "Show in the &ticker", submenu="Watch&list", checkable=True),
    Command("list_delete", "&Rates", "De&lete list", submenu="Watch&list"),
    Command("copy_list_text", "&Rates", "Copy list as te&xt", line=True),
    Command("copy_list_table", "&Rates", "Copy list as ta&ble", ("Ctrl+Shift+T",)),
    Command("import_list", "&Rates", "&Import pairs from CSV…"),
    Command("export_list", "&Rates", "&Export list as CSV…"),
    Command("shortcuts", "&Help", "&Keyboard shortcuts", ("F1",), ("?",)),
    Command("about", "&Help", "&About Chorsu", line=True),
)


class Actions(QObject):
    """The QActions of the table, by name, and what they do: looked up when one is triggered."""

    def __init__(self, owner: QWidget, complete: Callable[[], None]) -> None:
        """`complete` connects what is still to be connected, when an action is triggered that does nothing yet."""
        super().__init__(owner)
        self._owner = owner
        self._complete = complete
        self._slots: dict[str, Callable[[], object]] = {}
        self._groups: dict[str, QActionGroup] = {}
        self._singles: list[QAction] = []
        self._by_name = {command.name: self._make(command) for command in COMMANDS}

    def __getitem__(self, name: str) -> QAction:
        return self._by_name[name]

    def fill(self, bar: QMenuBar) -> None:
        """Make the menus."""
        bar.triggered.connect(self._on_triggered)  # from a menu of any kind, by its keys, or by `trigger`
        menus: dict[str, QMenu] = {}
        for command in COMMANDS:
            if command.menu not in menus:
                menus[command.menu] = bar.addMenu(command.menu)
            menu = menus[command.menu]
            if command.submenu:
                key = command.menu + command.submenu
                menus.setdefault(key, menu.addMenu(command.submenu) if key not in menus else menu)
                menu = menus[key]
            if command.line:
                menu.addSeparator()
            menu.addAction(self[command.name])

    def connect_slots(self, slots: Mapping[str, Callable[[], object]]) -> None:
        """Have actions call these."""
        self._slots.update(slots)

    def does(self, name: str) -> bool:
        """Whether something is connected to an action."""
        return name in self._slots

    def give_single_keys(self, widgets: Iterable[QWidget], names: Collection[str] = ()) -> None:
        """Let the single keys, all or those of some actions, work while one of these widgets, or a part of it,
        has the focus."""
        for widget in widgets:
            widget.addActions([twin for twin in self._singles if not names or twin.data() in names])

    def menu(self, names: Iterable[str], parent: QWidget) -> QMenu:
        """A context menu of some of the actions; "" is a line."""
        menu = QMenu(parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in names:
            if name:
                menu.addAction(self[name])
            else:
                menu.addSeparator()
        return menu

    def _on_triggered(self, action: QAction) -> None:
        name = action.objectName()
        if name not in self._slots:
            self._complete()
        self._slots[name]()

    def _make(self, command: Command) -> QAction:
        hint = f"\t{command.single[0]}" if command.single and not command.keys else ""
        action = QAction(command.text + hint, self._owner)
        action.setObjectName(command.name)
        if command.checkable:
            action.setCheckable(True)
        if command.keys:
            action.setShortcuts([QKeySequence(key) for key in command.keys])
        action.setMenuRole(_ROLES.get(command.name, QAction.MenuRole.NoRole))
        self._owner.addAction(action)
        if command.group:
            self._groups.setdefault(command.group, QActionGroup(self)).addAction(action)
        if command.single:
            self._singles.append(self._single(command, action))
        return action

    def _single(self, command: Command, action: QAction) -> QAction:
        """A twin that carries the single keys, since one action has one reach."""
        twin = QAction(words(command), self)
        twin.setData(command.name)
        twin.setShortcuts([QKeySequence(key) for key in command.single])
        twin.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        twin.triggered.connect(action.trigger)
        return twin


_ROLES = {
    "quit": QAction.MenuRole.QuitRole,
    "settings": QAction.MenuRole.PreferencesRole,
    "about": QAction.MenuRole.AboutRole,
}


def words(command: Command) -> str:
    """The text of an action without the mark of its access key."""
    return command.text.replace("&", "")


def menu_title(command: Command) -> str:
    """The name of the menu that an action stands in."""
    return command.menu.replace("&", "")
