"""A web server on 127.0.0.1 that does exactly what a test tells it to, well-behaved or not.

    with LoopbackServer({"/feed/": Reply(body=FEED, headers={"ETag": '"1"'})}) as server:
        http.get(server.address("/feed/"))
        assert [request.path for request in server.log] == ["/feed/"]

A route answers a path with its query, else the path alone, else "*"; without one the answer is 404. It is a
`Reply`, a `Script` (raw bytes, see below), a list of them (one for each request in turn, the last one for
ever), or a callable that is given the `Request` and returns one of them. Leaving the `with` block ends every
connection and thread.
"""

from __future__ import annotations

import contextlib
import gzip as gzip_module
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Request:
    """What a client asked. `path` is as sent, with its query; header names are lower case."""

    method: str
    path: str
    headers: Mapping[str, str]

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))


@dataclass(frozen=True)
class Reply:
    """A proper HTTP answer. With `gzip` the body is compressed and labelled so."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | str = b""
    gzip: bool = False

    def encoded(self) -> tuple[dict[str, str], bytes]:
        body = self.body.encode() if isinstance(self.body, str) else self.body
        headers = dict(self.headers)
        if self.gzip:
            body = gzip_module.compress(body, mtime=0)
            headers.setdefault("Content-Encoding", "gzip")
        if self.status >= 200 and self.status not in (204, 304):
            headers.setdefault("Content-Length", str(len(body)))
        return headers, body


@dataclass(frozen=True)
class Pause:
    """A step of a script: wait so many seconds (cut short when the server ends)."""

    seconds: float


class Step:
    """Steps of a script that are not bytes."""

    STALL = Pause(3600.0)  # say nothing more until the client or the server goes
    RESET = object()  # break the connection with a TCP reset


@dataclass(frozen=True)
class Script:
    """A raw answer: bytes to send, `Pause`s, `Step.STALL`, `Step.RESET`; then the connection is closed."""

    steps: Iterable[Any] | Callable[[], Iterable[Any]]

    def play(self) -> Iterable[Any]:
        return self.steps() if callable(self.steps) else self.steps


Answer = Reply | Script
Route = Answer | list[Answer] | Callable[[Request], Answer]


def script(*steps: Any) -> Script:
    """A script of these steps."""
    return Script(steps)


def head(status: str = "200 OK", **headers: str) -> bytes:
    """The raw head of an answer: head(Content_Length="5")."""
    lines = [f"HTTP/1.1 {status}", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def drip(data: bytes, every: float, before: bytes = b"") -> Script:
    """`before` at once, then `data` one byte at a time."""

    def steps() -> Iterable[Any]:
        yield before
        for at in range(len(data)):
            yield data[at : at + 1]
            yield Pause(every)

    return Script(steps)


def endless(before: bytes, block: bytes) -> Script:
    """`before`, then `block` for ever."""

    def steps() -> Iterable[Any]:
        yield before
        while True:
            yield block

    return Script(steps)


def conditional(
    body: bytes | str,
    *,
    etag: str = "",
    last_modified: str = "",
    headers: Mapping[str, str] | None = None,
    gzip: bool = False,
) -> Callable[[Request], Reply]:
    """A route that answers 304 as WordPress does: only if every validator that is sent is right, byte for
    byte."""
    own = {**(headers or {}), **({"ETag": etag} if etag else {})}
    own |= {"Last-Modified": last_modified} if last_modified else {}

    def answer(request: Request) -> Reply:
        sent = [
            (request.headers[name], value)
            for name, value in (("if-none-match", etag), ("if-modified-since", last_modified))
            if name in request.headers
        ]
        if sent and all(given == value for given, value in sent):
            return Reply(304, own)
        return Reply(200, own, body, gzip)

    return answer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server_version = "Loopback"
    sys_version = ""
    server: _Server

    def handle(self) -> None:
        if self.server.owner.greeting is not None:
            self._play(self.server.owner.greeting)
            return
        super().handle()

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        sent = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, sent)
        answer = self.server.owner.answer_to(request)
        if isinstance(answer, Script):
            self._play(answer)
        else:
            self._send(answer)

    do_HEAD = do_POST = do_CONNECT = do_GET  # noqa: N815 (the names that http.server calls)

    def _send(self, reply: Reply) -> None:
        headers, body = reply.encoded()
        try:
            reason = HTTPStatus(reply.status).phrase
        except ValueError:
            reason = "Odd"
        self.send_response_only(reply.status, reason)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _play(self, script: Script) -> None:
        self.close_connection = True
        for step in script.play():
            if self.server.owner.closing.is_set():
                return
            if isinstance(step, Pause):
                self._wait(step.seconds)
            elif step is Step.RESET:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                return
            elif step:
                self.wfile.write(step)

    def _wait(self, seconds: float) -> None:
        """Wait, but no longer than the client stays."""
        if seconds < 1:
            self.server.owner.closing.wait(seconds)
            return
        self.connection.settimeout(seconds)
        with contextlib.suppress(OSError):
            while self.connection.recv(4096):
                pass

    def log_message(self, format: str, *args: object) -> None:
        """Tests read `LoopbackServer.log` instead."""


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that server_close waits for them
    block_on_close = True
    request_queue_size = 64

    def __init__(self, owner: LoopbackServer, tls: ssl.SSLContext | None) -> None:
        self.owner = owner
        self.tls = tls
        self.open: set[socket.socket] = set()
        self.guard = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        if self.tls is not None:  # the handshake comes with the first read, in the connection's own thread
            connection = self.tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        with self.guard:
            self.open.add(connection)
            self.owner.connections += 1
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        with self.guard:
            self.open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up, or a TLS handshake that fails, is part of the tests."""

    def hang_up(self) -> None:
        with self.guard:
            for connection in self.open:
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)


class LoopbackServer:
    """A server on a free port of 127.0.0.1; see the module. `greeting` is played to connections instead of
    HTTP."""

    def __init__(
        self,
        routes: Mapping[str, Route] | None = None,
        *,
        tls: ssl.SSLContext | None = None,
        greeting: Script | None = None,
    ) -> None:
        self.routes: dict[str, Route] = dict(routes or {})
        self.log: list[Request] = []
        self.connections = 0  # how many were accepted
        self.greeting = greeting
        self.closing = threading.Event()
        self._turns: dict[str, int] = {}
        self._guard = threading.Lock()
        self._server = _Server(self, tls)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="loopback")
        self._running = False

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """The root, without a slash at its end."""
        return f"{'https' if self._server.tls else 'http'}://127.0.0.1:{self.port}"

    def address(self, path: str = "/") -> str:
        return self.url + path

    def asked(self, path: str) -> list[Request]:
        """The requests for a path, whatever their query."""
        return [request for request in self.log if request.path.partition("?")[0] == path]

    def answer_to(self, request: Request) -> Answer:
        with self._guard:
            self.log.append(request)
            names = (request.path, request.path.partition("?")[0], "*")
            key = next((name for name in names if name in self.routes), "")
            if not key:
                return Reply(404, {"Content-Type": "text/plain"}, "nothing here")
            route = self.routes[key]
            if isinstance(route, list):
                turn = self._turns.get(key, 0)
                self._turns[key] = turn + 1
                return route[min(turn, len(route) - 1)]
        return route(request) if callable(route) else route

    def start(self) -> LoopbackServer:
        self._running = True
        self._thread.start()
        return self

    def stop(self) -> None:
        """End every connection, wait for every thread. The address then refuses connections."""
        if not self._running:
            return
        self._running = False
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up()
        self._server.server_close()

    def __enter__(self) -> LoopbackServer:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        self.stop()
