"""Taking offline through the window: chosen, proved, and then read whole with no server, no socket and no writing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from desktop.demo.site import DemoSite
from desktop.jobs.pack_watch import GLANCE_MS
from desktop.store import Store
from desktop.ui.main_window import MainWindow
from desktop.ui.packs.dialog import PackDialog
from tests.e2e.test_reading import current
from tests.e2e.test_window import MS, NOW, ROOT, Program, program
from tests.sealed import sealed
from tests.ui.person import Key, press

__all__ = ["program"]

BROUGHT = 12


@pytest.fixture
def site() -> Iterator[DemoSite]:
    """A demo site with as many articles as a pack takes, so that there is nothing older to load first."""
    with DemoSite(NOW, articles=BROUGHT) as running:
        yield running
        assert running.errors == []


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
        store.settings.set("news.pictures", False)  # only the pack asks for pictures
        store.settings.set("list.mark_opened_read", False)
        store.settings.set("refresh.automatic", False)

    program.prepare(settings)
    program.open()
    program.follow(f"{site.url}/")
    program.qtbot.waitUntil(lambda: program.window.articles.model.rowCount() == BROUGHT)
    assert program.session.reader.images.totals().stored == 0
    return take_offline(program)


def read_sealed(folder: Path) -> dict[str, Any]:
    """What another process saw that could write nothing in the folder and reach nobody."""
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with sealed(folder):
        done = subprocess.run(
            [sys.executable, "-m", "tests.e2e.sealed_reading", str(folder)],
            cwd=ROOT,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            capture_output=True,
            text=True,
            timeout=MS / 1000,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]


def test_every_article_of_a_pack_is_read_whole_with_no_server_no_socket_and_no_writing(
    program: Program, site: DemoSite, packed: PackDialog, tmp_path: Path
) -> None:
    proof = program.session.pack.proof
    assert proof is not None
    assert proof.complete
    assert packed.proof_words.startswith(f"On disk: {BROUGHT}/{BROUGHT} articles, {BROUGHT} with full text, ")
    assert "rates to 24 November: " in packed.proof_words
    assert packed.lines() == []
    packed.close()
    stored = {sha256 for sha256, _ in program.session.reader.images.stored_files()}
    program.window.article_commands.go_next()
    program.window.commands["toggle_star"].trigger()
    starred = current(program.window).title
    program.qtbot.waitUntil(
        lambda: program.session.reader.articles.rows([current(program.window).id])[0].starred
    )
    program.qtbot.waitUntil(lambda: program.session.reader.words_waiting == 0)
    site.stop()
    cut_off = tmp_path / "as it lay when the power went"
    shutil.copytree(program.folder, cut_off, ignore=shutil.ignore_patterns("*-shm"))
    program.close()
    assert (cut_off / "chorsu.db-wal").stat().st_size > 0
    assert not (program.folder / "chorsu.db-wal").exists()

    with Store.open(program.folder) as store:  # an index that was not made ready before the folder was sealed
        store._database.connection.execute("INSERT INTO search_rebuild SELECT max(sort_at) FROM articles")

    for folder in (program.folder, cut_off):
        seen = read_sealed(folder)
        older = "Older articles may be missing here: search is not made ready where nothing can be written."
        assert seen["search"] == (older if folder == program.folder else "")
        articles = seen["articles"].values()
        assert len(articles) == BROUGHT
        assert all(article["text"] > 500 for article in articles)
        assert all(article["drawn"] == article["stored"] for article in articles)
        assert {sha256 for article in articles for sha256 in article["drawn"]} == stored
        assert len(stored) == proof.pictures > BROUGHT
        assert seen["read_only"]
        assert seen["state"].startswith("Offline (the data folder is read-only) · refreshed ")
        assert seen["words"] == (
            "The data folder cannot be written to: all that is stored can be read, but nothing new is kept."
        )
        assert (
            seen["kept"] == f"Kept {BROUGHT}/{BROUGHT} articles, {proof.pictures}/{proof.pictures} pictures"
        )
        assert seen["starred"] == [starred]
        assert seen["told"] == "The store cannot be written to."
        assert seen["asked"] == []
        assert {Path(path).name for path in seen["refused"]} <= {"chorsu.lock", "chorsu.opening"}


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


def test_the_line_at_the_bottom_turns_within_seconds_whatever_happens_to_the_pack(
    program: Program, packed: PackDialog
) -> None:
    packed.close()
    window, session, qtbot = program.window, program.session, program.qtbot
    pack = session.pack
    assert pack.proof is not None
    total = pack.proof.pictures

    def shows(articles: int, pictures: int) -> None:
        words = f"Kept {articles}/{BROUGHT} articles, {pictures}/{total} pictures"
        qtbot.waitUntil(lambda: kept_words(window) == words, timeout=MS)

    with qtbot.waitSignal(pack.proved, timeout=MS):
        pack.look(thorough=True)
    assert "Every byte was read again on 24 Nov, 14:30." in window.kept.label.toolTip()
    assert GLANCE_MS <= 5_000
    pack.watch.least_ms = 20
    pack.watch.start()
    (sha256, _), *_ = session.reader.images.stored_files()
    path = session.reader.images.file(sha256)
    body = path.read_bytes()
    for harm in (path.unlink, lambda: path.write_bytes(body[:-1]), lambda: path.write_bytes(body[::-1])):
        harm()
        shows(BROUGHT, total - 1)
        path.write_bytes(body)
        shows(BROUGHT, total)

    def lose(store: Store) -> None:
        store._database.connection.execute("DELETE FROM bodies WHERE article_id = 3")

    session._lane(lose)
    shows(BROUGHT - 1, total)


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
