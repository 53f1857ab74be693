"""A second start hands what it was asked for to the window that is open, or says why it could not."""

from __future__ import annotations

import contextlib
import os
import socket
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop import app
from desktop.core.errors import StoreLocked
from desktop.jobs.door import NAME, Door, hand_over
from desktop.jobs.session import Session
from desktop.store import Store
from desktop.store.files import WriterLock
from desktop.store.opening import LOCK
from desktop.ui.arguments import as_absolute, come_to_front, take
from desktop.ui.import_dialog import ImportDialog
from desktop.ui.main_window import MainWindow
from desktop.ui.sources.add_dialog import AddSourceDialog
from tests.ui.person import close_all, dialogs

ROOT = Path(__file__).resolve().parents[2]
SHORT_S = 0.2
unix = pytest.mark.skipif(sys.platform == "win32", reason="a pipe is no file")


START = """
import sys
from pathlib import Path
from desktop.core.errors import AppError
from desktop.jobs.door import hand_over

folder, wait_s, *words = sys.argv[1:]
try:
    print(hand_over(Path(folder), words, float(wait_s)))
except AppError as error:
    print(error.message, error.remedy, sep="\\n")
"""


class Start:
    """Another start, as far as the window knows: a process that hands over what it was given."""

    def __init__(self, folder: Path, *words: str, wait_s: float = 30.0) -> None:
        command = [sys.executable, "-c", START, str(folder), str(wait_s), *words]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def came(self) -> str:
        """What it came to, once it has ended."""
        return self._process.communicate(timeout=60)[0]


@pytest.fixture
def folder() -> Iterator[Path]:
    """One whose path is short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="chorsu-") as name:
        yield Path(name)


@pytest.fixture
def door(folder: Path, qapp: QApplication) -> Iterator[Door]:
    made = Door(folder, qapp)
    assert made.open()
    yield made
    made.close()
    made.deleteLater()


def ended(qtbot: QtBot, start: Start) -> str:
    qtbot.waitUntil(lambda: not start.is_running, timeout=60_000)
    return start.came()


def test_the_window_hears_what_a_second_start_was_given(folder: Path, door: Door, qtbot: QtBot) -> None:
    with qtbot.waitSignal(door.called, timeout=60_000) as called:
        start = Start(folder, "https://steppe.test/feed", "Река & <b>.opml")
    assert called.args[0] == ["https://steppe.test/feed", "Река & <b>.opml"]
    assert ended(qtbot, start) == "True\n"


def test_three_starts_at_once_are_all_heard(folder: Path, door: Door, qtbot: QtBot) -> None:
    heard: list[str] = []
    door.called.connect(lambda words, token: heard.extend(words))
    starts = [Start(folder, str(number)) for number in range(3)]
    assert [ended(qtbot, start) for start in starts] == ["True\n"] * 3
    assert sorted(heard) == ["0", "1", "2"]


def test_a_window_that_hangs_is_handed_nothing_and_the_start_says_so(
    folder: Path, door: Door, qtbot: QtBot
) -> None:
    heard: list[object] = []
    door.called.connect(lambda *words: heard.append(words))
    start = Start(folder, "https://steppe.test/feed", wait_s=SHORT_S)
    message, remedy, _ = start.came().split("\n")  # no event is handled meanwhile: the window hangs
    assert "does not answer. Nothing was handed over" in message
    assert remedy
    qtbot.wait(20)  # it goes on
    assert heard == []


def test_where_no_window_listens_or_one_is_being_closed_nothing_is_handed_over(
    folder: Path, door: Door
) -> None:
    door.close()
    assert hand_over(folder, ["x"]) is False


@unix
def test_a_window_that_was_killed_leaves_no_door_that_stays_shut(folder: Path, qtbot: QtBot) -> None:
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(folder / NAME))
    left.close()
    assert hand_over(folder, ["x"]) is False
    door = Door(folder, QApplication.instance())
    assert door.open()
    start = Start(folder, "x")
    assert ended(qtbot, start) == "True\n"
    door.close()


@unix
def test_nobody_else_may_knock(folder: Path, door: Door) -> None:
    assert not stat.S_IMODE((folder / NAME).stat().st_mode) & 0o077


@pytest.mark.parametrize(
    "said", [b"x" * 200_000, b"{}\n", b"[[1], 2]\n", b"[" * 9_000 + b"\n", b"\xff\xfe\n", b""]
)
@unix
def test_whoever_says_something_else_brings_nothing_about(
    folder: Path, door: Door, qtbot: QtBot, said: bytes
) -> None:
    heard: list[str] = []
    door.called.connect(lambda words, token: heard.extend(words))
    with socket.socket(socket.AF_UNIX) as stranger:
        stranger.connect(str(folder / NAME))
        stranger.settimeout(0.2)
        sender = threading.Thread(target=_send, args=(stranger, said))
        sender.start()
        qtbot.waitUntil(lambda: not sender.is_alive())
        qtbot.wait(20)
    start = Start(folder, "good")
    assert ended(qtbot, start) == "True\n"
    assert heard == ["good"]


def _send(stranger: socket.socket, said: bytes) -> None:
    with contextlib.suppress(OSError):  # it was not listened to
        stranger.sendall(said)


def test_a_path_that_is_too_long_for_a_socket_has_no_door(tmp_path: Path, qapp: QApplication) -> None:
    long = tmp_path / ("long" * 40)
    long.mkdir()
    door = Door(long, qapp)
    assert door.open() is (sys.platform == "win32")
    door.close()


def test_addresses_are_offered_and_lists_are_looked_at(
    window: MainWindow, session: Session, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.set_offline(True)
    (tmp_path / "feeds.opml").write_text(
        '<opml><body><outline text="A" xmlUrl="https://a.test/"/></body></opml>'
    )
    monkeypatch.chdir(tmp_path)
    words = as_absolute(["feeds.opml", "feed:steppe.test/rss"])
    assert words == [str(tmp_path / "feeds.opml"), "feed:steppe.test/rss"]
    take(window, words)
    qtbot.waitUntil(lambda: bool(dialogs(window, ImportDialog)))
    (offered,) = dialogs(window, AddSourceDialog)
    assert offered._address.text() == "feed:steppe.test/rss"  # type: ignore[attr-defined]
    close_all(window, ImportDialog)
    close_all(window, AddSourceDialog)


def test_a_minimised_window_comes_back(window: MainWindow, qtbot: QtBot) -> None:
    window.showMinimized()
    come_to_front(window)
    assert not window.windowState() & Qt.WindowState.WindowMinimized
    assert window.isVisible()


FIRST = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from desktop import app
from desktop.paths import find_paths
from desktop.ui import arguments

taken = arguments.take
def take(window, words):
    print("took", *words, flush=True)
    if "end" in words:
        QTimer.singleShot(0, window.close)
arguments.take = take
print("begin", flush=True)
sys.exit(app.open_window(find_paths(Path(sys.argv[1])), offline=True))
"""


@unix
def test_two_real_starts_are_one_window(folder: Path) -> None:
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", FIRST, str(folder)]
    first = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
    assert first.stdout is not None
    lines = iter(first.stdout.readline, "")
    assert next(lines) == "begin\n"
    assert next(lines).startswith("took")  # what it was given itself: nothing
    WriterLock(folder / app.OPENING).release()  # it has had its turn
    start = [sys.executable, "-m", "desktop", "--data-dir", str(folder)]
    for words in (["https://steppe.test/feed"], ["end"]):
        second = subprocess.run(
            [*start, *words], cwd=ROOT, env=env, timeout=60, check=False, capture_output=True
        )
        assert (second.returncode, second.stderr) == (0, b"")
        assert next(lines) == f"took {' '.join(words)}\n"
    first.communicate(timeout=60)
    assert first.returncode == 0


def test_a_start_waits_for_a_program_that_has_nearly_finished_writing(
    folder: Path, qapp: QApplication
) -> None:
    Store.open(folder).close()
    lock = WriterLock(folder / LOCK)
    ending = threading.Timer(0.2, lock.release)
    ending.start()
    session = app._session(folder, [], offline=True)
    ending.join()
    assert session is not None
    session.close()
    session.deleteLater()


def test_a_second_start_waits_for_one_that_is_slow_to_open_its_window(
    folder: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "PATIENCE_S", 0.0)  # that is for who writes, and opens no window
    with ExitStack() as first, ExitStack() as second:
        assert app._take_turn(folder, [], first)
        ending = threading.Timer(0.2, first.close)
        ending.start()
        assert app._take_turn(folder, [], second)
        ending.join()


def test_a_second_start_goes_to_the_window_of_one_that_still_has_its_turn(
    folder: Path, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.jobs.door.hand_over", lambda *what: True)
    with ExitStack() as first, ExitStack() as second:
        assert app._take_turn(folder, [], first)
        assert app._take_turn(folder, ["https://steppe.test/feed"], second) is False


def test_a_start_on_a_folder_that_cannot_be_written_to_waits_for_no_turn(folder: Path) -> None:
    (folder / app.OPENING).mkdir()  # as little to be opened as a file in a sealed folder
    with ExitStack() as opening:
        assert app._take_turn(folder, [], opening)


def test_a_start_that_fails_leaves_the_next_its_turn(folder: Path) -> None:
    for _ in range(2):
        with ExitStack() as opening:
            assert app._take_turn(folder, [], opening)


def test_a_start_beside_a_program_that_goes_on_writing_says_so(
    folder: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "PATIENCE_S", 0.0)
    with Store.open(folder), pytest.raises(StoreLocked) as caught:
        app._session(folder, ["https://steppe.test/feed"], offline=True)
    assert caught.value.remedy


def test_a_start_beside_an_open_window_opens_none(
    folder: Path, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr("desktop.jobs.door.hand_over", lambda *what: asked.append(what) or True)
    with Store.open(folder):
        assert app._session(folder, ["https://steppe.test/feed"], offline=True) is None
    assert asked == [(folder, ["https://steppe.test/feed"])]
