"""The window's composition root: makes the application, the session and the window, and takes them down in order."""

from __future__ import annotations

import gc
import logging
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from desktop import __version__, qt_binding
from desktop.core.errors import AppError, StoreError, StoreLocked
from desktop.log import fault
from desktop.paths import Paths, find_paths, resource
from desktop.qt_libraries import why_no_window

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from desktop.jobs.session import Session
    from desktop.ui.main_window import MainWindow

log = logging.getLogger(__name__)

OPENING = "chorsu.opening"  # the lock of a start, from its beginning until its window hears others
PATIENCE_S = 3.0  # for another program that has nearly finished writing
OPENING_S = 30.0  # for another start
PAUSE_S = 0.1
_AGAIN = -1  # no exit status: open the window once more
T = TypeVar("T")
Begin = Callable[["Session", "MainWindow"], None]


def open_window(
    paths: Paths, *, urls: Sequence[str] = (), offline: bool = False, hidden: bool = False
) -> int:
    """Show the window until it is closed. Raises AppError when there can be none."""

    def begin(session: Session, window: MainWindow) -> None:
        from desktop.ui import arguments

        session.start()
        arguments.take(window, urls)

    return _run(paths, begin, offline=offline, hidden=hidden, words=urls)


def open_demo() -> int:
    """Show the window on the built-in site, over a temporary folder. Raises AppError."""
    _require_qt()
    import tempfile

    from desktop.demo.process import DemoProcess
    from desktop.store import Store

    with DemoProcess() as site, tempfile.TemporaryDirectory(prefix="chorsu-demo-") as folder:
        paths = find_paths(Path(folder))
        with Store.open(paths.data) as store:
            for key, value in site.settings.items():
                store.settings.set(key, value)

        def begin(session: Session, window: MainWindow) -> None:
            session.subscriptions.discover(
                site.url, lambda found: session.add_sources(found[:1]), session.tell, window
            )
            session.start()

        return _run(paths, begin, offline=False, hidden=False)


def _run(paths: Paths, begin: Begin, *, offline: bool, hidden: bool, words: Sequence[str] = ()) -> int:
    gc.disable()  # until the window is painted: loading makes objects by the hundred thousand and drops none
    _require_qt()
    from PySide6.QtWidgets import QApplication

    application = QApplication(sys.argv[:1])
    _describe(application)
    status = _AGAIN
    while status == _AGAIN:  # on a store that was restored
        with ExitStack() as opening:
            try:
                has_turn = _take_turn(paths.data, words, opening)
                session = _session(paths.data, words, offline=offline) if has_turn else None
            except AppError as error:
                opening.close()  # who is shown it need not hold up others
                return _show_error(application, error)
            if session is None:
                return 0
            status = _run_once(application, session, paths.data, begin, opening, hidden=hidden)
    return status


def _take_turn(folder: Path, words: Sequence[str], opening: ExitStack) -> bool:
    """Be the only start on a folder, until `opening` is closed; False where another was, and its window has taken what
    this one was asked for. Raises AppError."""
    from desktop.store.failures import told
    from desktop.store.files import WriterLock, make_private_folder

    try:
        with told():
            make_private_folder(folder)
        lock = _wait_for(lambda: WriterLock(folder / OPENING), OPENING_S, folder, words)
    except StoreLocked:
        raise
    except StoreError as error:
        log.info(
            "no turn is taken: %s", error
        )  # where nothing can be written all may read; else opening tells why
        return True
    if lock is None:
        return False
    opening.callback(lock.release)
    return True


def _session(folder: Path, words: Sequence[str], *, offline: bool) -> Session | None:
    """A session on the store; None where a window is open on it already, and has taken what this start was asked for.

    Raises AppError, where that window hangs too. Who only finishes writing is waited for.
    """
    from desktop.jobs.session import Session

    return _wait_for(lambda: Session(folder, offline=offline), PATIENCE_S, folder, words)


def _wait_for(get: Callable[[], T], patience_s: float, folder: Path, words: Sequence[str]) -> T | None:
    """What only one may have, as soon as it is free; None where a window has taken what this start was asked for."""
    until = time.monotonic() + patience_s
    while True:
        try:
            return get()
        except StoreLocked:
            from desktop.jobs.door import hand_over
            from desktop.ui.arguments import as_absolute

            if hand_over(folder, as_absolute(words)):
                return None
            if time.monotonic() > until:
                raise
            time.sleep(PAUSE_S)


def _run_once(
    application: QApplication,
    session: Session,
    folder: Path,
    begin: Begin,
    opening: ExitStack,
    *,
    hidden: bool,
) -> int:
    from desktop.ui.first_paint import FirstPaint, load_next
    from desktop.ui.main_window import MainWindow

    try:
        with _faults_told(session), ExitStack() as later:
            window = MainWindow(session)
            if hidden:
                window.showMinimized()
            else:
                window.show()
            # Network, timers and parsers wait until the window is painted.
            first = FirstPaint(window)
            first.touched.connect(window.complete)
            first.over.connect(lambda: later.enter_context(_signals_quit(application)))
            first.over.connect(lambda: later.enter_context(_door(folder, application, window)))
            first.over.connect(opening.close)  # from here on others are heard
            first.over.connect(lambda: load_next(window, lambda: _go_on(begin, session, window)))
            status = application.exec()
            return _AGAIN if session.library.backups.restart_wanted else status
    finally:
        gc.enable()
        session.close()


def _go_on(begin: Begin, session: Session, window: MainWindow) -> None:
    from desktop.ui.outlines import Outlines  # the first paint has no box to check

    window.complete()
    Outlines(window)
    gc.freeze()  # what is loaded by now stays: no collection need look at it again
    gc.enable()
    begin(session, window)


def _require_qt() -> None:
    try:
        qt_binding.load()
    except ImportError as error:
        if problem := why_no_window():
            raise AppError(problem) from error
        raise AppError(
            f"Qt could not be loaded ({error}).",
            "Reinstall it with: pip install --force-reinstall PySide6-Essentials",
        ) from error
    if problem := why_no_window(qt_loads=True):
        raise AppError(problem)


def _describe(application: QApplication) -> None:
    from PySide6.QtGui import QIcon

    application.setApplicationName("chorsu")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("chorsu")
    application.setWindowIcon(QIcon(str(resource("icons/chorsu.png"))))


def _show_error(application: QApplication, error: AppError) -> int:
    """There can be no window: say so in one, since a person may have started us without a terminal."""
    from desktop.ui.text import notice

    log.error("%s", error)
    sys.stderr.write(f"chorsu: {error}\n")
    notice(None, "Chorsu", f"{error.message}\n\n{error.remedy}".strip())
    application.exec()
    return 3


@contextmanager
def _faults_told(session: Session) -> Iterator[None]:
    """Log what no code caught, and tell the person once."""
    told: list[type[BaseException]] = []

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        log.error("unexpected fault", exc_info=(kind, error, trace))
        if sys.stderr is not None:  # a window without a console has none
            sys.stderr.write(f"{fault(kind, error, trace)}\n")
        if kind not in told:
            told.append(kind)
            session.tell(
                AppError("Something went wrong inside Chorsu; what is stored is safe.", "See the log.")
            )

    sys.excepthook = hook
    try:
        yield
    finally:
        sys.excepthook = sys.__excepthook__


@contextmanager
def _door(folder: Path, application: QApplication, window: MainWindow) -> Iterator[None]:
    """Take over what other starts on the same folder are asked for."""
    from desktop.jobs.door import Door
    from desktop.ui import arguments

    def called(words: list[str], token: str) -> None:
        arguments.come_to_front(window, token)
        arguments.take(window, words)

    door = Door(folder, application)
    door.called.connect(called)
    door.open()
    try:
        yield
    finally:
        door.close()
        door.deleteLater()


@contextmanager
def _signals_quit(application: QApplication) -> Iterator[None]:
    """Let Ctrl+C and a session's end close the window in order, without a timer that wakes the program."""
    import signal  # these two are not needed for the first paint, and before it Python's own ways will do
    import socket

    from PySide6.QtCore import QSocketNotifier

    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.setblocking(False)
    former_fd = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    former = {name: signal.signal(name, lambda *_: None) for name in (signal.SIGINT, signal.SIGTERM)}
    notifier = QSocketNotifier(ours.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(application.closeAllWindows)
    try:
        yield
    finally:
        notifier.setEnabled(False)
        for name, handler in former.items():
            signal.signal(name, handler)
        signal.set_wakeup_fd(former_fd)
        ours.close()
        theirs.close()
