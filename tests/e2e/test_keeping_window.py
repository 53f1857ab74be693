"""Keeping through the window: what would go is shown first, what went is said; data is saved on metered links."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QTreeWidget
from shiboken6 import isValid

from desktop.core.models import ArticleQuery
from desktop.core.retention import Rule
from desktop.demo.site import DemoSite
from desktop.ui.sources.keeping_dialog import KeepingDialog
from tests.e2e.test_window import BROUGHT, MS, Program, filled, program, site

__all__ = ["filled", "program", "site"]


@pytest.fixture
def keeping(filled: Program) -> Iterator[KeepingDialog]:
    """The dialog over the filled window, where all but the two newest articles are read and the oldest is starred."""
    ids = [row.id for row in filled.session.reader.articles.page(ArticleQuery())]
    filled.session.set_read(ids[2:], True)
    filled.session.set_starred(ids[-1:], True)
    filled.qtbot.waitUntil(lambda: filled.session.reader.articles.rows(ids[-1:])[0].starred)
    filled.window.commands["keeping"].trigger()
    dialog = filled.window.findChild(KeepingDialog)
    filled.qtbot.waitUntil(lambda: dialog.words == "All articles are kept.")
    yield dialog
    if isValid(dialog):
        dialog.close()


def test_what_would_go_is_shown_before_it_goes_and_said_after(
    filled: Program, keeping: KeepingDialog
) -> None:
    reader = filled.session.reader
    keeping._bounds[1].setValue(5)
    going = BROUGHT - 5 - 1
    filled.qtbot.waitUntil(lambda: keeping.words.startswith(f"{going} articles would go now, "))
    assert keeping.words.endswith(
        "1 more lies beyond the bounds, to stay: unread, starred, packed or with a note."
    )
    item = keeping.findChild(QTreeWidget).topLevelItem(0)
    assert item is not None
    assert [item.text(column) for column in (0, 1, 3)] == ["The Saksaul Herald", str(going), "1"]
    assert reader.articles.count(ArticleQuery()) == BROUGHT
    assert reader.retention.rules() == {}

    agree = next(b for b in keeping.findChildren(QPushButton) if b.text() == "&Keep to these rules")
    filled.qtbot.mouseClick(agree, Qt.MouseButton.LeftButton)
    filled.qtbot.waitUntil(lambda: reader.articles.count(ArticleQuery()) == BROUGHT - going, timeout=MS)
    filled.qtbot.waitUntil(
        lambda: filled.window.status.words.startswith(f"{going} old articles went by your rules of keeping (")
    )
    assert reader.retention.rules() == {0: Rule(articles=5)}
    filled.qtbot.waitUntil(lambda: keeping.words.startswith("Nothing would go now."))
    filled.session.refresh(rates=False)
    filled.qtbot.waitUntil(lambda: not filled.session.refreshing, timeout=MS)
    assert reader.articles.count(ArticleQuery()) == BROUGHT - going


def test_marks_do_not_wait_for_a_look_at_what_would_go(filled: Program, keeping: KeepingDialog) -> None:
    written: list[str] = []
    filled.session._lane(lambda store: store._database.connection.set_trace_callback(written.append))
    keeping._bounds[2].setValue(500)
    filled.qtbot.waitUntil(lambda: keeping.words == "Nothing would go now.")
    filled.session._lane(lambda store: store._database.connection.set_trace_callback(None))
    assert not [one for one in written if "bodies" in one]


def test_what_went_by_the_rules_comes_back_whole_and_stays(filled: Program, keeping: KeepingDialog) -> None:
    window, session = filled.window, filled.session
    window.commands["go_all"].trigger()
    titles = filled.titles()
    assert len(titles) == BROUGHT
    pictures = session.reader.images.stored_files()
    keeping._bounds[1].setValue(5)
    going = BROUGHT - 5 - 1
    filled.qtbot.waitUntil(lambda: keeping.words.startswith(f"{going} articles would go now, "))
    keeping._agree.click()
    filled.qtbot.waitUntil(lambda: window.status.words.startswith(f"{going} old articles went"), timeout=MS)
    assert session.reader.images.stored_files() != pictures
    assert window.commands["undo"].isEnabled()
    assert len(filled.titles()) == BROUGHT - going

    filled.qtbot.mouseClick(window.status._undo, Qt.MouseButton.LeftButton)
    assert window.status.words == f"{going} articles come back; no rule lets them go again."
    filled.qtbot.waitUntil(lambda: filled.titles() == titles)
    assert session.reader.images.stored_files() == pictures
    session.pack.look()
    assert session._lane(lambda store: store.check()) == []
    keeping.close()
    window.activateWindow()
    filled.qtbot.waitUntil(window.isActiveWindow)
    filled.refresh()
    assert filled.titles() == titles

    window.commands["redo"].trigger()
    filled.qtbot.waitUntil(lambda: len(filled.titles()) == BROUGHT - going)
    window.commands["undo"].trigger()
    filled.qtbot.waitUntil(lambda: filled.titles() == titles)
    assert session.keeping.rules() == {0: Rule(articles=5)}
    window.commands["undo"].trigger()
    filled.qtbot.waitUntil(lambda: not any(session.keeping.rules().values()))
    assert filled.titles() == titles


def test_a_source_can_have_a_rule_of_its_own(filled: Program, keeping: KeepingDialog) -> None:
    keeping._bounds[1].setValue(5)
    keeping._whose.setCurrentIndex(1)
    assert not keeping._bounds[1].isEnabled()
    assert keeping._bounds[1].value() == 5
    keeping._own.setChecked(True)
    keeping._bounds[1].setValue(0)
    filled.qtbot.waitUntil(lambda: keeping.words == "Nothing would go now.")


@pytest.mark.parametrize(
    ("largest", "problem"), [(0, ""), (20, "It is larger than 20 KB, and data is being saved.")]
)
def test_on_a_metered_link_only_small_pictures_come(
    filled: Program, site: DemoSite, largest: int, problem: str
) -> None:
    window, session = filled.window, filled.session
    assert not session.connection.metered
    session.set_setting("network.save_data", "metered")
    session.set_setting("network.picture_kb", largest)
    session._connection._on_metered(True)
    assert window.status.state.startswith("Online (metered) · refreshed ")
    site.publish()
    before = session.reader.images.totals()
    filled.refresh()
    filled.qtbot.waitUntil(lambda: session.reader.articles.count(ArticleQuery()) == BROUGHT + 1)
    missing = [image for image in _newest(filled) if not image.sha256]
    assert len(missing) >= 1
    assert {image.problem for image in missing} == {problem}
    assert session.reader.images.totals().stored >= before.stored

    session._connection._on_metered(False)
    session.article_fetch.fetch({session.reader.articles.page(ArticleQuery())[0].id: False})
    filled.qtbot.waitUntil(lambda: all(image.sha256 for image in _newest(filled)), timeout=MS)


def _newest(program: Program) -> list:  # type: ignore[type-arg]
    reader = program.session.reader
    return reader.images.of_article(reader.articles.page(ArticleQuery())[0].id)


def test_what_a_refresh_and_a_source_received_is_shown(filled: Program) -> None:
    state = filled.window.status.state
    assert state.rpartition(", ")[2].endswith(("KB", "MB"))
    (source,) = filled.session.reader.sources.all()
    assert filled.window.sidebar._coverage(source.id).endswith("received in 30 days.")


def test_nothing_is_written_where_no_rule_is_set(filled: Program) -> None:
    path = Path(filled.folder)
    before = sorted(path.rglob("images/*/*"))
    filled.session.keeping.tidy()
    filled.session._lane(lambda store: None)
    assert sorted(path.rglob("images/*/*")) == before
