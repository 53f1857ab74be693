"""A request under way, and what can end it at any moment.

Timeouts of libraries bound single reads, not time: a server that sends a byte now and then holds them for
ever. So each connection has a `Line`, a second handle on its socket, and a flight that is over its deadline
or stopped has its line cut from another thread, whatever the library is doing with it (handshake, headers,
body).
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from enum import Enum

from desktop.core.errors import StoppedError
from desktop.net.gate import Gate


class Cut(Enum):
    """Why a flight ended early."""

    DEADLINE = "deadline"
    STOP = "stop"


class Line:
    """A second handle on a connected socket, to cut it from any thread. Closed when its last holder lets
    go."""

    def __init__(self, sock: socket.socket, peer: str) -> None:
        """`peer` is the IP address at its other end."""
        self._sock = sock.dup()
        self._lock = threading.Lock()
        self._holders = 0
        self.peer = peer

    def hold(self) -> None:
        with self._lock:
            self._holders += 1

    def release(self) -> None:
        with self._lock:
            self._holders -= 1
            if self._holders <= 0:
                self._sock.close()

    def cut(self) -> None:
        with self._lock, contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)


class Flight:
    """One request to one host, without its redirects. `seconds` bounds all of it."""

    def __init__(
        self, gate: Gate, target: str, *, seconds: float, connect_seconds: float, private_ok: bool
    ) -> None:
        """`target` is the path and query that are asked for, to the letter."""
        self.gate = gate
        self.target = target
        self.deadline = time.monotonic() + seconds
        self.connect_seconds = connect_seconds
        self.private_ok = private_ok
        self.cut: Cut | None = None
        self.reused = False  # the connection had served before, so the server may have left it
        self.peer = ""  # the IP address that answers; that of the proxy where there is one
        self._line: Line | None = None
        self._lock = threading.Lock()

    def attach(self, line: Line, *, reused: bool, proxied: bool) -> None:
        """Tie the flight to its connection; a flight that is already over cuts it at once."""
        with self._lock:
            if line is self._line:
                return
            line.hold()
            if self._line is not None:
                self._line.release()
            self._line = line
            self.reused = reused
            self.peer = "" if proxied else line.peer
            over = self.cut is not None
        if over:
            line.cut()

    def abort(self, why: Cut) -> None:
        with self._lock:
            self.cut = self.cut or why
            line = self._line
        if line is not None:
            line.cut()

    def land(self) -> None:
        """The request is over: let go of the connection."""
        with self._lock:
            line, self._line = self._line, None
        if line is not None:
            line.release()

    def check(self) -> None:
        """Raise StoppedError when stopped, TimeoutError when over the deadline."""
        if self.cut is Cut.STOP:
            raise StoppedError("The refresh was stopped.")
        if self.cut is Cut.DEADLINE or time.monotonic() >= self.deadline:
            raise TimeoutError("over the deadline")


class Watch:
    """Ends the flights that pass their deadline, from one thread that lives only while something flies or
    idles."""

    def __init__(self, on_idle: Callable[[], None], idle_seconds: float = 15.0) -> None:
        self._on_idle = on_idle
        self._idle_seconds = idle_seconds
        self._changed = threading.Condition()
        self._flights: set[Flight] = set()
        self._thread: threading.Thread | None = None
        self._closed = False

    def enter(self, flight: Flight) -> None:
        with self._changed:
            self._flights.add(flight)
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._run, name="http watch", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def leave(self, flight: Flight) -> None:
        flight.land()
        with self._changed:
            self._flights.discard(flight)
            self._changed.notify_all()

    def abort_all(self, why: Cut) -> None:
        with self._changed:
            flights = list(self._flights)
        for flight in flights:
            flight.abort(why)

    def close(self) -> None:
        with self._changed:
            self._closed = True
            thread = self._thread
            self._changed.notify_all()
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                if self._closed or not self._wait():
                    self._thread = None
                    break
                moment = time.monotonic()
                over = [flight for flight in self._flights if flight.deadline <= moment]
            for flight in over:
                flight.abort(Cut.DEADLINE)
        self._on_idle()

    def _wait(self) -> bool:
        """Sleep until a deadline or a change; False when nothing flew all the while."""
        ends = [flight.deadline for flight in self._flights if flight.cut is None]
        seconds = min(ends) - time.monotonic() if ends else self._idle_seconds
        return self._changed.wait(max(0.0, seconds)) or bool(self._flights)
