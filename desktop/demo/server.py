"""A small web server on 127.0.0.1: it compresses, answers HEAD and conditional requests, and keeps a log.

Two habits of real servers are kept because clients trip over them: a page that is compressed has its ETag
weakened, and WordPress compares the ETag that comes back as a plain string: the weakened one never matches.
"""

from __future__ import annotations

import contextlib
import gzip
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


class Cached(Enum):
    """How a conditional request is answered."""

    NEVER = "never"
    WORDPRESS = "wordpress"  # strings are compared; every validator that is sent must match
    FILE = "file"  # as RFC 9110 says


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asked. `path` is decoded; header names are lower case."""

    method: str
    target: str  # as sent, with its query
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer before compression."""

    body: bytes = b""
    content_type: str = "text/html; charset=UTF-8"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    cached: Cached = Cached.NEVER
    etag: str = ""
    last_modified: str = ""


Answer = Callable[[Request], Reply]


def parse_target(method: str, target: str, headers: Mapping[str, str]) -> Request:
    """Take a request line apart."""
    parts = urlsplit(target)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    return Request(method, target, unquote(parts.path), query, headers)


def is_fresh(request: Request, reply: Reply) -> bool:
    """Whether the client's copy is as good as this answer, by the habits of the server that it plays."""
    tag = request.headers.get("if-none-match", "")
    since = request.headers.get("if-modified-since", "")
    if reply.cached is Cached.NEVER or not (tag or since):
        return False
    same_tag = bool(tag) and (
        tag == reply.etag or (reply.cached is Cached.FILE and _opaque(tag) == _opaque(reply.etag))
    )
    not_since = bool(since) and _seconds(since) >= _seconds(reply.last_modified)
    if reply.cached is Cached.FILE:
        return same_tag if tag else not_since
    return same_tag and not_since if tag and since else same_tag or not_since


def _opaque(tag: str) -> str:
    return tag.strip().removeprefix("W/")


def _seconds(text: str) -> float:
    try:
        return parsedate_to_datetime(text).timestamp()
    except ValueError:
        return 0.0


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16
    timeout = 60
    server: _Server

    def do_GET(self) -> None:  # the name that http.server calls
        sent = {name.lower(): value for name, value in self.headers.items()}
        request = parse_target(self.command, self.path, sent)
        self.server.log.append(request)
        try:
            reply = self.server.answer(request)
        except Exception as error:  # noqa: BLE001 (a fault of ours must not end the server)
            self.server.errors.append(error)
            reply = Reply(b"Internal Server Error", "text/plain", 500)
        with contextlib.suppress(ConnectionError, TimeoutError):
            self._send(request, reply)

    do_HEAD = do_GET  # noqa: N815

    def _send(self, request: Request, reply: Reply) -> None:
        if is_fresh(request, reply):
            self._head(304, reply.etag, reply.last_modified)
            self.end_headers()
            return
        is_file = reply.cached is Cached.FILE
        squeeze = not is_file and bool(reply.body) and "gzip" in request.headers.get("accept-encoding", "")
        body = gzip.compress(reply.body, 5, mtime=0) if squeeze else reply.body
        self._head(
            reply.status, f"W/{reply.etag}" if squeeze and reply.etag else reply.etag, reply.last_modified
        )
        self.send_header("Content-Type", reply.content_type)
        if not is_file:
            self.send_header("Vary", "Accept-Encoding")
        if squeeze:
            self.send_header("Content-Encoding", "gzip")
        for name, value in reply.headers:
            self.send_header(name, value)
        self._body(body, chunked=not is_file)

    def _head(self, status: int, etag: str, last_modified: str) -> None:
        self.send_response_only(status)
        self.send_header("Server", "nginx")
        self.send_header("Date", formatdate(usegmt=True))
        if last_modified:
            self.send_header("Last-Modified", last_modified)
        if etag:
            self.send_header("ETag", etag)

    def _body(self, body: bytes, *, chunked: bool) -> None:
        """WordPress does not know the length beforehand; of a file it is known."""
        chunked = chunked and self.request_version != "HTTP/1.0"
        self.send_header(
            *(("Transfer-Encoding", "chunked") if chunked else ("Content-Length", str(len(body))))
        )
        self.end_headers()
        if self.command == "HEAD":
            return
        if not chunked:
            self.wfile.write(body)
            return
        if body:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(body), body))
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format: str, *args: object) -> None:
        """The log is a list of requests, not lines on standard error."""


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that server_close waits for them
    request_queue_size = 64

    def __init__(self, port: int, answer: Answer, log: list[Request]) -> None:
        self.answer = answer
        self.log = log
        self.errors: list[Exception] = []
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(("127.0.0.1", port), _Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        with self._guard:
            self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no event."""

    def hang_up(self) -> None:
        with self._guard:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


class WebServer:
    """Serves `answer` from `start()` to `stop()`; the port is known at once. `log` has every request."""

    def __init__(self, answer: Answer, port: int = 0) -> None:
        self.log: list[Request] = []
        self._server = _Server(port, answer, self.log)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="demo-server", daemon=True
        )
        self._closed = False

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """The root, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def errors(self) -> list[Exception]:
        """What went wrong in answering; the client got status 500."""
        return self._server.errors

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End every connection and thread; the address then refuses connections. May be called twice."""
        if self._closed:
            return
        self._closed = True
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.hang_up()
        self._server.server_close()
