"""Backups through the command line and the real program: made, looked at, restored, and a damaged store replaced."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtWidgets import QLabel, QMessageBox
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop.jobs.session import Session
from desktop.store import Store
from desktop.store.backup import back_up
from desktop.store.copies import daily, keep_daily
from desktop.ui.backup_dialog import RestoreDialog
from desktop.ui.main_window import MainWindow
from tests.e2e.test_command_line import ROOT, Shell
from tests.ui.conftest import deliver_deletes
from tests.ui.edition import NOW, fill
from tests.ui.person import close_all, dialogs
from tests.ui.test_library_window import choose

# What a person does when a window stands: restore in the first one, close the second.
RESTARTING = """
import sys
from pathlib import Path
from desktop import app
from desktop.paths import find_paths

seen = []
def begin(session, window):
    seen.append(len(session.reader.sources.all()))
    if len(seen) == 1:
        session.library.backups.stage(Path(sys.argv[2]), lambda error: sys.exit(str(error)), window)
    else:
        window.close()
status = app._run(find_paths(Path(sys.argv[1])), begin, offline=True, hidden=False)
print(seen, status)
"""
MENDED = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QMessageBox
from desktop import app
from desktop.paths import find_paths

def begin(session, window):
    session.start()
    print(len(session.reader.sources.all()), window.status.words)
    assert not window.findChildren(QMessageBox)
    if sys.argv[2] == "look":
        window.status.show_problems()
        print(window.findChildren(QMessageBox)[0].text().partition("\\n")[0])
    window.close()
print(app._run(find_paths(Path(sys.argv[1])), begin, offline=True, hidden=False))
"""


def program(script: str, *words: str | Path) -> str:
    """Run the whole program with a person's part written down."""
    ran = subprocess.run(
        [sys.executable, "-c", script, *map(str, words)],
        cwd=ROOT, env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True, text=True, timeout=90, check=True,
    )  # fmt: skip
    assert "Traceback" not in ran.stderr
    return ran.stdout


def test_a_backup_is_made_looked_at_and_restored_from_the_command_line(tmp_path: Path) -> None:
    shell = Shell(tmp_path / "profile")
    fill(shell.folder, 5)
    shell("mark", "1", "--star")
    file = tmp_path / "all.zip"
    made = shell.json("backup", str(file))
    assert (made["sources"], made["articles"], made["starred"], made["pairs"]) == (2, 10, 1, 5)
    shell("remove", "1")
    shell("mark", "6", "--star")

    looked = shell.json("restore", str(file), "--preview")
    assert looked["backup"] == made
    assert (looked["replaces"]["sources"], looked["replaces"]["articles"], looked["kept"]) == (1, 5, None)
    assert len(shell.json("sources")) == 1
    with Store.open(shell.folder):  # the window is open
        shell("restore", str(file), status=3)
    assert "replaces:" in shell("restore", str(file))
    kept = shell.last.stderr.split("kept as ")[1].strip()
    assert [a["id"] for a in shell.json("articles", "--starred")] == [1]
    assert "The store is whole." in shell("check")

    shell("restore", kept)
    assert [a["id"] for a in shell.json("articles", "--starred")] == [6]
    file.write_bytes(file.read_bytes()[:-30])
    shell("restore", str(file), status=3)
    shell("restore", str(tmp_path / "missing"), status=2)


def test_a_refresh_keeps_a_copy_of_the_day_that_mends_a_damaged_store(tmp_path: Path) -> None:
    shell = Shell(tmp_path / "profile")
    fill(shell.folder, 5)
    shell("mark", "1", "--star")
    shell("restore")
    assert "no daily copies yet" in shell.last.stderr
    shell("--offline", "sync", status=1)
    (listed,) = shell.json("restore")
    assert (listed["sources"], listed["starred"]) == (2, 1)
    shell("mark", "1", "--unstar")
    shell("restore", listed["file"])
    former = shell.last.stderr.split("kept as ")[1].strip()
    assert former in [one["file"] for one in shell.json("restore")]
    (shell.folder / "chorsu.db").write_bytes(b"damaged")
    assert {source["title"] for source in shell.json("sources")} == {"Steppe Courier", "Osh Herald"}
    assert f"as on {listed['file'][-13:-3]}" in shell.last.stderr
    assert shell.json("restore")[0]["starred"] == 1


def test_the_window_starts_anew_on_what_was_restored(tmp_path: Path) -> None:
    fill(tmp_path / "profile", 3)
    back_up(tmp_path / "profile", tmp_path / "b.zip", NOW)
    with Store.open(tmp_path / "profile") as store:
        store.sources.remove(1)
    assert program(RESTARTING, tmp_path / "profile", tmp_path / "b.zip") == "[1, 2] 0\n"


def test_the_window_opens_on_a_mended_store_and_says_so_until_one_looked(tmp_path: Path) -> None:
    fill(tmp_path, 3)
    with Store.open(tmp_path) as store:
        store.articles.set_starred([1], True)
        keep_daily(tmp_path, NOW)
    (tmp_path / "chorsu.db").write_bytes(b"damaged")
    told = "The store was damaged and has been mended: it has 0 articles; what could not be read"
    for words in ("pass", "look"):
        first, *rest = program(MENDED, tmp_path, words).splitlines()
        assert first.startswith(f"2 {told}")
        assert rest[-1] == "0"
    assert rest[0].startswith(told)
    assert program(MENDED, tmp_path, "pass") == "2 \n0\n"
    with Store.open(tmp_path) as store:
        assert store._database.value("SELECT count(*) FROM states WHERE starred = 1") == 1


def test_the_window_backs_up_and_shows_what_a_restore_would_replace(
    window: MainWindow,
    session: Session,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    file = tmp_path / "b.zip"
    choose(window, "back_up", file)
    qtbot.waitUntil(lambda: window.status.words == "60 articles backed up to b.zip.")
    session.set_starred([1, 2], True)
    qtbot.waitUntil(lambda: sum(one.starred for one in session.reader.sources.counts().values()) == 2)

    choose(window, "restore", file)
    qtbot.waitUntil(lambda: bool(dialogs(window, RestoreDialog)))
    (dialog,) = dialogs(window, RestoreDialog)
    told = {label.accessibleName() for label in dialog.findChildren(QLabel)}
    assert {"Articles, in the backup: 60", "Stars, in the backup: 0", "Stars, here now: 2"} <= told
    dialog.accept()
    qtbot.waitUntil(lambda: not isValid(window))
    assert session.library.backups.restart_wanted
    session.close()
    with Store.open(tmp_path) as store:
        assert sum(one.starred for one in store.sources.counts().values()) == 0
    deliver_deletes()


def test_a_file_that_is_no_backup_changes_nothing(
    window: MainWindow,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    file = tmp_path / "photo.zip"
    file.write_bytes(b"PK\x05\x06" + bytes(18))
    choose(window, "restore", file)
    qtbot.waitUntil(lambda: bool(dialogs(window, QMessageBox)))
    assert (
        dialogs(window, QMessageBox)[0].text()
        == "The file is not a backup of Chorsu.\n\nNothing was changed."
    )
    close_all(window, QMessageBox)


def test_the_window_keeps_a_copy_of_the_day(session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    backups = session.library.backups
    backups._clock.setInterval(1)
    backups.start()
    qtbot.waitUntil(lambda: [copy.name for copy in daily(tmp_path)] == ["state-2026-11-24.db"])
