"""Taking offline through the window: chosen, proved, and then read whole with no server, no socket and no writing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from desktop.demo.site import DemoSite
from desktop.store import Store
from desktop.ui.main_window import MainWindow
from desktop.ui.packs.dialog import PackDialog
from tests.e2e.test_window import MS, Program, drawn, leaf_through, program, site, unplug
from tests.ui.person import Key, press

__all__ = ["drawn", "program", "site", "unplug"]

BROUGHT = 12
written: list[str] = []
watched: list[Path] = []


def _note_writing(event: str, args: tuple[object, ...]) -> None:
    """An audit hook cannot be taken off again: it looks only while a folder is watched."""
    if watched and event in ("open", "os.rename", "os.remove", "os.mkdir"):
        path, flags = str(args[0]), args[2] if event == "open" else 1
        if path.startswith(str(watched[0])) and isinstance(flags, int) and flags & 3:
            written.append(f"{event} {path}")


sys.addaudithook(_note_writing)


@pytest.fixture
def sealed(program: Program) -> Iterator[Callable[[], list[str]]]:
    """Makes the folder read-only, by its rights and, as root is above them, by a list of what was written all the
    same."""
    folders = []

    def seal() -> list[str]:
        folders[:] = [program.folder, *(path for path in program.folder.rglob("*") if path.is_dir())]
        for folder in folders:
            folder.chmod(0o500)
        watched[:] = [program.folder]
        written.clear()
        return written

    yield seal
    watched.clear()
    for folder in folders:
        folder.chmod(0o700)
    program.close()


def take_offline(program: Program) -> PackDialog:
    """File > Take offline, and its button, as a person does it."""
    window = program.window
    window.commands["pack"].trigger()
    dialog = window.findChild(PackDialog)
    program.qtbot.waitUntil(lambda: dialog.words != "", timeout=MS)
    take = next(b for b in dialog.findChildren(QPushButton) if b.text().replace("&", "") == "Take offline")
    with program.qtbot.waitSignal(program.session.pack.ended, timeout=MS):
        program.qtbot.mouseClick(take, Qt.MouseButton.LeftButton)
    return dialog


@pytest.fixture
def packed(program: Program, site: DemoSite) -> PackDialog:
    """The window on the demo site, whose last days were taken offline without a refresh before."""

    def settings(store: Store) -> None:
        for key, value in site.config().items():
            store.settings.set(key, value)
        store.settings.set("news.first_articles", BROUGHT)
        store.settings.set("news.pictures", False)  # only the pack asks for pictures
        store.settings.set("list.mark_opened_read", False)
        store.settings.set("refresh.automatic", False)

    program.prepare(settings)
    program.open()
    program.follow(f"{site.url}/")
    program.qtbot.waitUntil(lambda: program.window.articles.model.rowCount() == BROUGHT)
    assert program.session.reader.images.totals().stored == 0
    return take_offline(program)


def test_every_article_of_a_pack_is_read_whole_with_no_server_no_socket_and_no_writing(
    program: Program,
    site: DemoSite,
    packed: PackDialog,
    drawn: list[str],
    unplug: Callable[[], list[str]],
    sealed: Callable[[], list[str]],
) -> None:
    reader = program.session.reader
    proof = program.session.pack.proof
    assert proof is not None
    assert proof.complete
    assert packed.proof_words.startswith(f"On disk: {BROUGHT}/{BROUGHT} articles, {BROUGHT} with full text, ")
    assert "rates to 24 November: " in packed.proof_words
    assert packed.lines() == []
    packed.close()
    site.stop()
    program.close()
    asked = unplug()
    window = program.open()
    reader = program.session.reader
    changed = sealed()
    before = (program.folder / "chorsu.db").read_bytes()

    ids = [i for (i,) in reader._database.rows("SELECT article_id FROM pack_articles")]
    assert len(ids) == BROUGHT
    shown = set()
    for article_id in ids:
        drawn.clear()
        window._on_activated(article_id)
        assert window.reader.article_id == article_id
        assert leaf_through(program.qtbot, window).strip()
        pictures = {image.sha256 for image in reader.images.of_article(article_id)}
        assert set(drawn) == pictures
        shown |= pictures
    stored = {sha256 for sha256, _ in reader.images.stored_files()}
    assert shown == stored
    assert len(shown) > BROUGHT
    assert asked == []
    assert changed == []
    assert (program.folder / "chorsu.db").read_bytes() == before


def kept_words(window: MainWindow) -> str:
    return window.kept.label.text()


def test_the_line_at_the_bottom_turns_when_a_picture_goes_and_back_when_it_is_there_again(
    program: Program, packed: PackDialog
) -> None:
    window, session = program.window, program.session
    assert session.pack.proof is not None
    total = session.pack.proof.pictures
    assert kept_words(window) == f"Kept {BROUGHT}/{BROUGHT} articles, {total}/{total} pictures"
    calm = window.kept.label.palette().windowText().color()
    (sha256, _), *_ = session.reader.images.stored_files()
    session.reader.images.file(sha256).unlink()

    with program.qtbot.waitSignal(session.pack.proved, timeout=MS):
        session.refresh(news=False)  # after a refresh the pack is looked at
    assert kept_words(window) == f"Kept {BROUGHT}/{BROUGHT} articles, {total - 1}/{total} pictures"
    assert window.kept.label.palette().windowText().color() != calm
    ((kind, _, why),) = packed.lines()
    assert (kind, why) == ("Picture", "Its file is gone from the disk.")

    again = next(b for b in packed.findChildren(QPushButton) if "missing again" in b.text())
    with program.qtbot.waitSignal(session.pack.ended, timeout=MS):
        program.qtbot.mouseClick(again, Qt.MouseButton.LeftButton)
    assert kept_words(window) == f"Kept {BROUGHT}/{BROUGHT} articles, {total}/{total} pictures"
    assert packed.lines() == []
    packed.close()


def test_the_choice_of_sources_days_and_budget_is_kept_with_the_pack(
    program: Program, packed: PackDialog
) -> None:
    press(program.qtbot, packed, Key.Key_Escape)
    (source,) = program.session.reader.sources.all()
    program.window.commands["pack"].trigger()
    dialog = next(d for d in program.window.findChildren(PackDialog) if d.isVisible())
    choice = dialog.choice
    choice._days.setValue(2)
    choice._budget.setValue(50)
    choice._sources[0].setCheckState(0, Qt.CheckState.Unchecked)
    scope = choice.scope()
    assert (scope.sources, scope.days, scope.lists, scope.budget) == ((), 2, None, 50_000_000)
    program.qtbot.waitUntil(lambda: dialog.words.startswith("No stored article is among these"))
    choice._sources[0].setCheckState(0, Qt.CheckState.Checked)
    assert choice.scope().sources is None
    program.qtbot.waitUntil(lambda: "articles with" in dialog.words)
    assert source.title in [item.text(0) for item in choice._sources]
    dialog.close()
