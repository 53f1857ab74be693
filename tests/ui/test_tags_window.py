"""Tags, what is put by and notes in the window: put on what is chosen or shown, seen where the article is, undone."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.core.models import ArticleQuery, View
from desktop.core.tags import LONGEST, Tag, tag_name
from desktop.ui.articles.tag_editor import OFF, ON, SOME, TagEditor
from desktop.ui.main_window import MainWindow
from tests.ui.person import Key, press, row

BANKS = ArticleQuery(tag="Banks")


def editor_of(window: MainWindow, command: str) -> TagEditor:
    window.commands[command].trigger()
    found = [each for each in window.findChildren(TagEditor) if each.isVisible()]
    return found[-1]


def states(editor: TagEditor) -> dict[str, Qt.CheckState]:
    lines = [editor.list.item(place) for place in range(editor.list.count())]
    return {line.text(): line.checkState() for line in lines}


def count(window: MainWindow, query: ArticleQuery) -> int:
    return window.session.reader.articles.count(query)


def test_tags_are_typed_put_on_the_selection_and_undone_in_one_step(window: MainWindow, qtbot: QtBot) -> None:
    window.sidebar.choose("all")
    view = window.articles.view
    view.choose(view.model().index(0, 0))
    with qtbot.waitSignal(window.session.acts.tagged):
        editor = editor_of(window, "tags")
        qtbot.keyClicks(editor.field, "Banks")
        qtbot.keyPress(editor.field, Key.Key_Return)
        editor.field.setText("Су")
        editor.accept()
    assert row(window, 0).tags == ("Banks", "Су")
    assert window.undo_stack.undoText() == "1 article tagged “Banks”, “Су”"
    view.selectAll()
    editor = editor_of(window, "tags")
    assert states(editor) == {"Banks": SOME, "Су": SOME}
    qtbot.keyClicks(editor.field, "ban")
    assert [editor.list.item(at).isHidden() for at in (0, 1)] == [False, True]
    with qtbot.waitSignal(window.session.acts.tagged):
        qtbot.keyPress(editor.field, Key.Key_Return)  # the one tag that begins so
        qtbot.keyPress(editor.field, Key.Key_Return)
    assert count(window, BANKS) == len(window.articles.chosen_rows())
    assert count(window, ArticleQuery(tag="Су")) == 1
    for expected in (1, 0):
        with qtbot.waitSignal(window.session.acts.tagged):
            window.commands["undo"].trigger()
        assert count(window, BANKS) == expected
    with qtbot.waitSignal(window.session.acts.tagged):
        window.commands["redo"].trigger()
    assert row(window, 0).tags == ("Banks", "Су")
    assert window.session.reader.check() == []


def test_all_that_the_list_shows_is_tagged_and_a_tag_that_is_left_half_stays(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.sidebar.choose("all")
    total = window.articles.model.total
    first = row(window, 0).id
    with qtbot.waitSignal(window.session.acts.tagged):
        window.session.acts.tag([first], ["Old", "Kept"], [], lambda change, changed: None)
    editor = editor_of(window, "tags_shown")
    assert states(editor) == {"Kept": SOME, "Old": SOME}
    editor.list.item(1).setCheckState(OFF)
    make = next(each for each in editor.findChildren(QPushButton) if not each.isVisible())
    qtbot.keyClicks(editor.field, "Banks")
    assert make.text() == "New: Banks"
    with qtbot.waitSignal(window.session.acts.tagged):
        editor.accept()
    assert window.session.reader.tags.all() == (
        Tag("Banks", total, count(window, ArticleQuery(tag="Banks", unread_only=True))),
        Tag("Kept", 1, count(window, ArticleQuery(tag="Kept", unread_only=True))),
    )
    with qtbot.waitSignal(window.session.acts.tagged):
        window.commands["undo"].trigger()
    assert [tag.name for tag in window.session.reader.tags.all()] == ["Kept", "Old"]


def test_one_key_puts_an_article_by_and_its_view_and_mark_follow(window: MainWindow, qtbot: QtBot) -> None:
    window.sidebar.choose("all")
    view = window.articles.view
    view.choose(view.model().index(1, 0))
    title = row(window, 1).title
    with qtbot.waitSignal(window.session.acts.tagged):
        press(qtbot, view, Key.Key_L)
    window.sidebar.choose("later")
    assert [row(window, at).title for at in range(window.articles.model.rowCount())] == [title]
    view.choose(view.model().index(0, 0))
    with qtbot.waitSignal(window.session.acts.tagged):
        window.reader.sheet.bar.later_pressed.emit()
    assert window.articles.model.rowCount() == 0
    assert window.articles.empty.isVisible()
    with qtbot.waitSignal(window.session.acts.tagged):
        window.commands["undo"].trigger()
    assert window.articles.model.rowCount() == 1


def test_a_tag_is_renamed_and_deleted_in_the_sidebar_and_both_are_undone(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.sidebar.choose("all")
    first = row(window, 0).id
    with qtbot.waitSignal(window.sidebar.model.rebuilt):
        window.session.acts.tag([first], ["Bnaks"], [], lambda change, changed: None)
    window.sidebar.choose("tag:Bnaks")
    assert window.commands["delete_tag"].isEnabled()
    model = window.sidebar.model
    with qtbot.waitSignal(model.rebuilt):
        model.setData(model.index_of("tag:Bnaks"), "Banks")
    assert window.sidebar.current_key == "tag:Banks"
    assert row(window, 0).tags == ("Banks",)
    with qtbot.waitSignal(model.rebuilt):
        window.commands["delete_tag"].trigger()
    assert not window.commands["delete_tag"].isEnabled()
    assert window.session.reader.tags.all() == ()
    with qtbot.waitSignal(model.rebuilt):
        window.commands["undo"].trigger()
    assert [tag.name for tag in window.session.reader.tags.all()] == ["Banks"]
    with qtbot.waitSignal(model.rebuilt):
        window.commands["undo"].trigger()
    assert [tag.name for tag in window.session.reader.tags.all()] == ["Bnaks"]


def test_a_note_stands_above_its_article_and_is_told_of_in_the_list(window: MainWindow, qtbot: QtBot) -> None:
    window.sidebar.choose("all")
    view = window.articles.view
    view.choose(view.model().index(0, 0))
    own = window.reader.sheet.own
    assert not own.isVisible()
    with qtbot.waitSignal(window.session.acts.noted):
        window.session.acts.note(row(window, 0).id, "Сурау керек.\nКімге?", window.session.now())
    assert (own.isVisible(), own.words.text()) == (True, "Сурау керек. Кімге?")
    index = view.model().index(0, 0)
    assert "with a note" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert count(window, ArticleQuery(View.NOTES)) == 1


def test_the_editor_leaves_what_was_not_touched(qtbot: QtBot) -> None:
    editor = TagEditor("Two", {"a": ON, "b": OFF, "c": SOME})
    told: list[tuple[list[str], list[str]]] = []
    editor.changed.connect(lambda add, remove: told.append((add, remove)))
    editor.accept()
    assert told == []


def test_a_tag_that_is_given_too_long_a_name_keeps_its_line_and_its_list(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.session.acts.tag([1, 2], ["Banks"], [], lambda *_: None)
    model = window.sidebar.model
    qtbot.waitUntil(lambda: model.index_of("tag:Banks").isValid())
    window.sidebar.choose("tag:Banks")
    typed = f'Банки "и" {"деньги " * 10}'
    name = tag_name(typed)
    assert (len(name), name[-1]) == (LONGEST, "…")
    assert model.setData(model.index_of("tag:Banks"), typed)
    qtbot.waitUntil(lambda: model.index_of(f"tag:{name}").isValid())
    assert window.sidebar.current_key == f"tag:{name}"
    assert window.articles.model.total == 2
    assert window.status.words == f"Tag renamed to “{name}”"
