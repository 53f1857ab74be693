"""The list, undo, and what goes in and out, in the real window on the demo's site."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QTreeWidgetItemIterator

from desktop.core.models import NewSource
from desktop.demo.site import DemoSite
from desktop.net import opml
from desktop.ui.articles.columns import ColumnsHeader
from desktop.ui.import_dialog import ImportDialog
from desktop.ui.main_window import MainWindow
from tests.e2e.test_window import ARTICLES, BROUGHT, Program, filled, program, site
from tests.ui.person import Key, Modifier, press, row
from tests.ui.test_arranged_list import do, heads
from tests.ui.test_library_window import choose, line, offered
from tests.unit.store.test_foreign import QUITERSS, made, rss_guard

__all__ = ["filled", "program", "site"]


def unread(window: MainWindow) -> set[str]:
    """The titles of all that is stored as unread."""
    pages = window.session.reader.articles
    return {one.title for one in pages.page(window.articles.model.query, limit=ARTICLES) if not one.read}


def test_a_list_is_ordered_grouped_and_looks_as_it_was_left_in_three_layouts_and_after_a_restart(
    filled: Program,
) -> None:
    window, qtbot = filled.window, filled.qtbot
    window.sidebar.choose("all")
    newest = filled.titles()
    do(window, "look_columns", "group_list")
    header = window.articles.view.horizontalHeader()
    assert isinstance(header, ColumnsHeader)
    assert heads(window)[0] in ("Today", "Yesterday")
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=header.place_of("Date").center())
    assert filled.titles() == newest[::-1]
    window.sidebar.choose("starred")
    do(window, "sort_source", "look_compact")
    for layout in ("classic", "list", "wide"):
        do(window, f"layout_{layout}")
        assert window.reader.isVisible() == (layout != "list")
    do(window, "layout_classic")
    filled.close()

    window = filled.open()
    window.sidebar.choose("starred")
    checked = ("sort_source", "look_compact", "layout_classic")
    assert all(window.commands[name].isChecked() for name in checked)
    window.sidebar.choose("all")
    assert all(window.commands[name].isChecked() for name in ("sort_oldest", "group_list", "look_columns"))
    assert filled.titles() == newest[::-1]
    do(window, "group_list", "sort_title")
    qtbot.waitUntil(lambda: window.articles.model.rowCount(QModelIndex()) == len(newest))
    assert heads(window) == {}
    assert sorted(filled.titles()) == sorted(newest)
    assert filled.titles() not in (newest, newest[::-1])


def test_what_was_just_read_stays_among_the_unread_until_one_leaves(filled: Program) -> None:
    window, qtbot = filled.window, filled.qtbot
    window.sidebar.choose("unread")
    titles = filled.titles()
    window.articles.view.setFocus()
    for _ in range(2):
        press(qtbot, window, Key.Key_J)
    qtbot.waitUntil(lambda: len(unread(window)) == len(titles) - 2)
    assert filled.titles() == titles
    assert [row(window, at).read for at in range(3)] == [True, True, False]

    window.sidebar.choose("all")
    window.sidebar.choose("unread")

    assert filled.titles() == titles[2:]


def test_exactly_what_was_shown_is_marked_said_undone_and_done_again(
    program: Program, site: DemoSite
) -> None:
    program.prepare(lambda store: [store.settings.set(*one) for one in site.config().items()])
    window, qtbot = program.open(), program.qtbot
    program.follow(f"{site.url}/")
    window.sidebar.choose("all")
    qtbot.waitUntil(lambda: window.articles.model.rowCount(QModelIndex()) == ARTICLES)
    titles = program.titles()
    day = window.session.now().timestamp() - 86_400
    old = {title for at, title in enumerate(titles) if row(window, at).sort_at.timestamp() < day}
    assert 0 < len(old) < len(titles)
    window.articles.view.choose_quietly(row(window, 4).id)
    for name, marked in (
        ("mark_above_read", set(titles[:4])),
        ("mark_below_read", set(titles[5:])),
        ("mark_older_read", old),
        ("mark_all_read", set(titles)),
    ):
        do(window, name)
        words = f"{len(marked)} articles marked read"
        qtbot.waitUntil(lambda words=words: window.status.words == words)
        left = set(titles) - marked
        qtbot.waitUntil(lambda left=left: unread(window) == left)
        assert window.undo_stack.undoText() == words
        window.status._undo.click()
        qtbot.waitUntil(lambda: unread(window) == set(titles))
        press(qtbot, window, Key.Key_Z, Modifier.ControlModifier | Modifier.ShiftModifier)
        qtbot.waitUntil(lambda left=left: unread(window) == left)
        press(qtbot, window, Key.Key_Z, Modifier.ControlModifier)
        qtbot.waitUntil(lambda: unread(window) == set(titles))
    do(window, "toggle_star")
    qtbot.waitUntil(lambda: row(window, 4).starred)
    do(window, "undo")
    qtbot.waitUntil(lambda: not row(window, 4).starred)


def test_a_source_goes_with_its_marks_and_comes_back_with_them(filled: Program) -> None:
    window, qtbot = filled.window, filled.qtbot
    (source,) = window.session.reader.sources.all()
    window.sidebar.choose("all")
    window.articles.view.choose_quietly(row(window, 1).id)
    do(window, "toggle_star", "toggle_read")
    rows = window.session.reader.articles
    ids = [row(window, at).id for at in range(BROUGHT)]
    qtbot.waitUntil(lambda: rows.rows(ids)[1].starred and rows.rows(ids)[1].read)
    before = rows.rows(ids)
    window.sidebar.choose(f"source:{source.id}")
    do(window, "remove")
    qtbot.waitUntil(lambda: window.session.reader.sources.all() == [])
    assert window.status.words == f"“{source.title}” removed with {BROUGHT} articles"
    assert rows.rows(ids) == []

    window.status._undo.click()

    qtbot.waitUntil(lambda: window.session.reader.sources.all() == [source])
    assert rows.rows(ids) == before
    assert window.session.reader.check() == []
    do(window, "redo")
    qtbot.waitUntil(lambda: window.session.reader.sources.all() == [])


def test_sources_come_in_by_choice_and_all_goes_out_in_every_form(filled: Program, tmp_path: Path) -> None:
    window, qtbot, session = filled.window, filled.qtbot, filled.session
    session.set_offline(True)
    (own,) = session.reader.sources.subscriptions()
    coming = [
        own,
        NewSource("https://reed.example/feed", title="Су", folder="Азия/Су"),
        NewSource("https://other.example/feed", title="Other"),
    ]
    (tmp_path / "in.opml").write_bytes(opml.write(coming, session.now()))
    choose(window, "import", tmp_path / "in.opml")
    dialog = offered(window, qtbot)
    assert line(dialog, own.title).isDisabled()
    line(dialog, "Other").setCheckState(0, Qt.CheckState.Unchecked)
    dialog._folder.setCurrentText("Mine")
    dialog.accept()
    qtbot.waitUntil(lambda: window.status.words == "1 source imported")
    found = session.reader.sources.by_url("https://reed.example/feed")
    assert (found.title, found.folder) == ("Су", "Mine/Азия/Су")
    for name, schema in (("feeds.db", QUITERSS), ("database.db", rss_guard("TEXT"))):
        qtbot.waitUntil(lambda: not window.findChildren(ImportDialog))
        choose(window, "import", made(tmp_path / name, schema))
        shown = QTreeWidgetItemIterator(offered(window, qtbot)._tree)
        assert shown.value() is not None
        offered(window, qtbot).reject()

    choose(window, "export", tmp_path / "out.opml")
    qtbot.waitUntil(lambda: window.status.words == "2 sources exported to out.opml.")
    out = opml.read((tmp_path / "out.opml").read_bytes())
    assert list(out.sources) == session.reader.sources.subscriptions()
    window.sidebar.choose("all")
    titles = filled.titles()
    for ending in ("html", "md", "json", "csv"):
        file = tmp_path / f"articles.{ending}"
        choose(window, "export_articles", file)
        qtbot.waitUntil(
            lambda file=file: window.status.words == f"{BROUGHT} articles exported to {file.name}."
        )
        assert file.stat().st_size > 1_000
    stored = json.loads((tmp_path / "articles.json").read_text("utf-8"))
    with (tmp_path / "articles.csv").open(encoding="utf-8-sig", newline="") as table:
        listed = [one["title"] for one in csv.DictReader(table)]
    assert [one["title"] for one in stored] == listed == titles
