"""The table of actions: complete, without conflicts, and reachable."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from desktop.ui.actions import COMMANDS, Command, words
from desktop.ui.main_window import MainWindow
from desktop.ui.shortcuts_dialog import keys


def menu_actions(menu: QMenu) -> list[QAction]:
    found: list[QAction] = []
    for action in menu.actions():
        inner = action.menu()
        found.extend(menu_actions(inner) if isinstance(inner, QMenu) else [action])
    return found


def test_no_two_actions_share_a_key() -> None:
    used = Counter(
        QKeySequence(key).toString() for command in COMMANDS for key in (*command.keys, *command.single)
    )

    assert [key for key, count in used.items() if count > 1] == []


def test_every_key_is_a_key() -> None:
    for command in COMMANDS:
        for key in (*command.keys, *command.single):
            assert not QKeySequence(key).isEmpty(), f"{command.name}: {key}"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("refresh", "F5"),
        ("search", "Ctrl+F"),
        ("search", "/"),
        ("add_source", "Ctrl+N"),
        ("quit", "Ctrl+Q"),
        ("settings", "Ctrl+,"),
        ("shortcuts", "F1"),
        ("zoom_in", "Ctrl++"),
        ("zoom_out", "Ctrl+-"),
        ("zoom_reset", "Ctrl+0"),
        ("next_pane", "F6"),
        ("next", "J"),
        ("previous", "K"),
        ("next_unread", "N"),
        ("previous_unread", "P"),
        ("read_on", "Space"),
        ("open", "V"),
        ("toggle_read", "M"),
        ("toggle_star", "S"),
        ("show_new", "R"),
        ("undo", "Ctrl+Z"),
    ],
)
def test_the_promised_keys_are_there(name: str, key: str) -> None:
    command = next(command for command in COMMANDS if command.name == name)

    assert key in (*command.keys, *command.single)


def test_every_action_is_in_a_menu_and_does_something(window: MainWindow) -> None:
    menus = [action.menu() for action in window.menuBar().actions()]
    listed = {
        action.objectName() for menu in menus if isinstance(menu, QMenu) for action in menu_actions(menu)
    }

    assert {command.name for command in COMMANDS} <= listed
    for command in COMMANDS:
        assert window.commands.does(command.name), command.name


def test_menus_come_in_the_usual_order(window: MainWindow) -> None:
    titles = [action.text().replace("&", "") for action in window.menuBar().actions()]

    assert titles == ["File", "Edit", "View", "Go", "Feeds", "Article", "Rates", "Help"]


def test_access_keys_do_not_clash_within_a_menu() -> None:
    marked = Counter(
        (command.menu, command.submenu, command.text[command.text.index("&") + 1].lower())
        for command in COMMANDS
        if "&" in command.text
    )

    assert [where for where, count in marked.items() if count > 1] == []


def test_words_and_keys_are_fit_for_the_help() -> None:
    command = Command("x", "&File", "&Add source…", ("Ctrl+N",), ("A",))

    assert (words(command), keys(command)) == ("Add source…", "Ctrl+N, A")
