"""One window a data folder: what a second start was asked for goes to the first, or it is said why that could not be.

The first listens at a socket that its user alone may use. A second start connects, is told "ready", and only then says
what it wants: a window that hangs has been handed nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalSocket

ANSWER_S = 5.0  # a window that has not answered by then is taken to hang
NAME = "chorsu.window"
_READY, _DONE = b"ready\n", b"done\n"
_LONGEST_PATH = 90  # bytes: that of a socket has room for 103, and Qt makes it in a folder beside it
_MOST = 100_000  # bytes of what a start is asked for


class Door(QObject):
    """Where other starts on the same data folder are heard. For who holds the lock of the store."""

    called = Signal(
        list, str
    )  # the addresses and files that a start was given, and its token to come to the front

    def __init__(self, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        from PySide6.QtNetwork import QLocalServer  # nothing is listened to before the first paint

        self._name = _place(folder)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)

    def open(self) -> bool:
        """Listen, also where a start that was killed has left its socket. False where that cannot be."""
        if not self._name:
            return False
        self._server.removeServer(self._name)
        return self._server.listen(self._name)

    def close(self) -> None:
        """Hear nobody any more."""
        self._server.close()

    def _on_connection(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(self._on_words)
            socket.disconnected.connect(socket.deleteLater)
            socket.write(_READY)
            socket.flush()

    def _on_words(self) -> None:
        socket: QLocalSocket = self.sender()  # type: ignore[assignment]
        if socket.bytesAvailable() > _MOST:
            socket.abort()
        elif socket.canReadLine():
            words, token = _read(bytes(socket.readLine().data()))
            socket.write(_DONE)
            socket.flush()
            self.called.emit(words, token)


def hand_over(folder: Path, words: Sequence[str], wait_s: float = ANSWER_S) -> bool:
    """Have the window that is open on a folder take what this start was asked for, and come to the front.

    False where no window listens, or one that is being closed. Raises AppError where one does, and does not answer.
    """
    from PySide6.QtNetwork import QLocalSocket

    name = _place(folder)
    if not name:
        return False
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(round(wait_s * 1_000)):
        return False
    if not _hears(socket, _READY, wait_s):
        if socket.state() != QLocalSocket.LocalSocketState.ConnectedState:
            return False  # it is being closed
        raise AppError(
            "Chorsu is open already, but its window does not answer. Nothing was handed over to it.",
            "Wait until it answers, or end that program; then start Chorsu again.",
        )
    socket.write(json.dumps([list(words), os.environ.get("XDG_ACTIVATION_TOKEN", "")]).encode() + b"\n")
    if not _hears(socket, _DONE, wait_s):
        raise AppError(
            "The open window of Chorsu has stopped answering, so it may not have taken what it was given.",
            "Look at it, or end that program and start Chorsu again.",
        )
    return True


def _hears(socket: QLocalSocket, answer: bytes, wait_s: float) -> bool:
    while not socket.canReadLine():
        if not socket.waitForReadyRead(round(wait_s * 1_000)):
            return False
    return bool(socket.readLine().data() == answer)


def _read(line: bytes) -> tuple[list[str], str]:
    """What a start says; nothing of what is of no such form."""
    try:
        words, token = json.loads(line)
    except (ValueError, TypeError, RecursionError):
        return [], ""
    is_words = isinstance(words, list) and all(isinstance(word, str) for word in words)
    return words if is_words else [], token if isinstance(token, str) else ""


def _place(folder: Path) -> str:
    """The socket of a data folder: within it, where nobody else may look; on Windows a name. "" where there is none."""
    if sys.platform == "win32":
        return f"chorsu-{hashlib.sha256(str(folder).casefold().encode()).hexdigest()[:24]}"
    path = os.fsencode(folder / NAME)
    return str(folder / NAME) if len(path) <= _LONGEST_PATH else ""
