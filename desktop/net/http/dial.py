"""The one way to open a connection: through the gate, within its time, and into private networks only if it
may."""

from __future__ import annotations

import contextlib
import queue
import selectors
import socket
import threading
import time
from collections.abc import Sequence
from typing import Any

from desktop.net.addresses import is_public
from desktop.net.http.errors import private
from desktop.net.http.flight import Flight

TICK = 0.1  # seconds between looks at the flight while something is waited for
STAGGER = 0.3  # seconds before the next address of a host is tried beside the first

Info = tuple[socket.AddressFamily, socket.SocketKind, int, str, Any]


class Wire:
    """The system's names and connections. A test puts a world of its own in its place."""

    def look_up(self, host: str, port: int, flags: int) -> list[Info]:
        """The addresses of a host; gaierror where it has none."""
        return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags))

    def connect(self, sock: socket.socket, address: Any) -> None:
        """Begin to connect a socket that does not block."""
        sock.connect(address)


def dial(host: str, port: int, flight: Flight, wire: Wire, *, proxied: bool) -> tuple[socket.socket, str]:
    """A connection to a host and the IP address at its other end, a public one unless the flight may go into
    private networks.

    FetchError, OSError (gaierror, TimeoutError, ConnectionRefusedError ...), OfflineError or StoppedError.
    """
    flight.gate.check()
    flight.check()
    end = min(flight.deadline, time.monotonic() + flight.connect_seconds)
    infos = _resolve(wire, host, port, flight, end)
    if not (proxied or flight.private_ok):
        infos = [info for info in infos if is_public(info[4][0])]
        if not infos:
            raise private(host)
    flight.gate.check()
    return _connect(wire, _interleave(infos), flight, end)


def _resolve(wire: Wire, host: str, port: int, flight: Flight, end: float) -> list[Info]:
    """The addresses of a host. The system's look-up cannot be interrupted, so it runs in a thread that is
    abandoned."""
    with contextlib.suppress(OSError):  # numbers, in any writing, need no look-up
        return _look_up(wire, host, port, socket.AI_NUMERICHOST)
    answers: queue.SimpleQueue[list[Info] | Exception] = queue.SimpleQueue()

    def work() -> None:
        try:
            answers.put(_look_up(wire, host, port, 0))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=work, name=f"look-up {host}", daemon=True).start()
    while time.monotonic() < end:
        flight.check()
        with contextlib.suppress(queue.Empty):
            answer = answers.get(timeout=TICK)
            if isinstance(answer, UnicodeError):
                raise socket.gaierror(socket.EAI_NONAME, "not a name")
            if isinstance(answer, Exception):
                raise answer
            return answer
    raise socket.gaierror(socket.EAI_AGAIN, "no answer in time")


def _look_up(wire: Wire, host: str, port: int, flags: int) -> list[Info]:
    infos = wire.look_up(host, port, flags)
    if not infos:
        raise socket.gaierror(socket.EAI_NONAME, "no address")
    return infos


def _interleave(infos: Sequence[Info]) -> list[Info]:
    """The families in turn, so that one that is broken costs little."""
    family = infos[0][0]
    first = [info for info in infos if info[0] == family]
    rest = [info for info in infos if info[0] != family]
    turns = [info for pair in zip(first, rest, strict=False) for info in pair]
    return turns + first[len(rest) :] + rest[len(first) :]


def _connect(wire: Wire, waiting: list[Info], flight: Flight, end: float) -> tuple[socket.socket, str]:
    """The first of the addresses that answers; each has a head start of STAGGER on the next."""
    last: OSError = TimeoutError("no address answered")
    next_start = 0.0
    with selectors.DefaultSelector() as pending:
        try:
            while waiting or pending.get_map():
                flight.check()
                moment = time.monotonic()
                if moment >= end:
                    raise TimeoutError("no address answered in time")
                if waiting and (moment >= next_start or not pending.get_map()):
                    next_start = moment + STAGGER
                    info = waiting.pop(0)
                    try:
                        pending.register(_start(wire, info), selectors.EVENT_WRITE, info[4][0])
                    except OSError as error:
                        last = error
                        continue
                for key, _ in pending.select(min(TICK, end - moment)):
                    sock = key.fileobj
                    assert isinstance(sock, socket.socket)
                    pending.unregister(sock)
                    problem = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                    if not problem:
                        return sock, key.data
                    sock.close()
                    last = OSError(problem, "")  # of the class that the number stands for
                    next_start = 0.0
        finally:
            for key in list(pending.get_map().values()):
                _close(key.fileobj)
    raise last


def _start(wire: Wire, info: Info) -> socket.socket:
    family, kind, protocol, _, address = info
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wire.connect(sock, address)
    except BlockingIOError:
        pass
    except BaseException:
        sock.close()
        raise
    return sock


def _close(fileobj: object) -> None:
    if isinstance(fileobj, socket.socket):
        fileobj.close()
