"""Http.get against servers that misbehave: bounded in time and size, and one plain sentence in the end."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import tracemalloc
import zlib
from collections.abc import Iterator

import pytest

from desktop.core.errors import FetchError
from desktop.net.gate import Gate
from desktop.net.http import Http, Limits
from tests.faults.pulse import Pulse
from tests.server import LoopbackServer, Pause, Reply, Script, Step, drip, endless, head, script

SHORT = Limits(body_bytes=100_000, deadline_s=0.25, connect_s=0.25, read_s=0.25)
LATE = 4  # by which a thread of ours wakes late may be lost at each of some hand-overs between threads
ROOMY = Limits(body_bytes=100_000, deadline_s=5.0)


@pytest.fixture
def http() -> Iterator[Http]:
    http = Http(Gate(), random=lambda: 0.0)
    yield http
    http.close()


def failure(http: Http, answer: object, limits: Limits = ROOMY) -> FetchError:
    """What fetching an answer ends in, within its deadline."""
    began = time.monotonic()
    with Pulse() as pulse, LoopbackServer({"/": answer}) as server, pytest.raises(FetchError) as caught:
        http.get(server.address(), limits=limits)
    assert time.monotonic() - began < limits.deadline_s + 1 + LATE * pulse.late_s
    assert caught.value.message.endswith(".")
    return caught.value


# time

DRIPS = {
    "status line": drip(b"HTTP/1.1 200 OK" + b" " * 500, 0.03),
    "headers": drip(b"X-Slow: 1\r\n" * 100, 0.03, b"HTTP/1.1 200 OK\r\n"),
    "body": drip(b"x" * 500, 0.03, head(Content_Length="500")),
    "body without a length": drip(b"x" * 500, 0.03, head()),
    "chunk sizes": drip(b"0" * 500, 0.03, head(Transfer_Encoding="chunked")),
    "trailer": drip(b"X: 1\r\n" * 100, 0.03, head(Transfer_Encoding="chunked") + b"0\r\n"),
    "gzip": drip(
        gzip.compress(b"x" * 50_000, 0), 0.03, head(Content_Encoding="gzip", Content_Length="60000")
    ),
    "continue": Script(
        lambda: (step for _ in range(999) for step in (b"HTTP/1.1 100 Continue\r\n\r\n", Pause(0.03)))
    ),
}
STALLS = {
    "before the answer": script(Step.STALL),
    "in the status line": script(b"HTTP/1.1 2", Step.STALL),
    "in the headers": script(b"HTTP/1.1 200 OK\r\nContent-Le", Step.STALL),
    "before the body": script(head(Content_Length="10"), Step.STALL),
    "in the body": script(head(Content_Length="10") + b"12345", Step.STALL),
    "in a chunk": script(head(Transfer_Encoding="chunked") + b"a\r\n12345", Step.STALL),
    "before the last chunk": script(head(Transfer_Encoding="chunked") + b"5\r\n12345\r\n", Step.STALL),
}


@pytest.mark.parametrize("answer", DRIPS.values(), ids=DRIPS)
def test_a_byte_now_and_then_does_not_outlive_the_deadline(http: Http, answer: Script):
    limits = Limits(body_bytes=100_000, deadline_s=0.25)
    assert "within 0.25 seconds" in failure(http, answer, limits).message


@pytest.mark.parametrize("answer", STALLS.values(), ids=STALLS)
def test_a_server_that_falls_silent_is_left(http: Http, answer: Script):
    failure(http, answer, SHORT)


def test_the_deadline_covers_redirects_together(http: Http):
    slow = drip(b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n", 0.01)
    with LoopbackServer({"/": slow, "/b": script(Step.STALL)}) as server:
        began = time.monotonic()
        with Pulse() as pulse, pytest.raises(FetchError, match=r"within 0\.8 seconds"):
            http.get(server.address(), limits=Limits(1000, 0.8))
    assert 0.7 < time.monotonic() - began < 1.5 + LATE * pulse.late_s


def test_a_silent_name_server_does_not_outlive_the_deadline(http: Http, monkeypatch):
    released = threading.Event()

    def silent(host, port, family=0, type=0, proto=0, flags=0):
        if flags & socket.AI_NUMERICHOST:
            raise socket.gaierror(socket.EAI_NONAME, "not a number")
        released.wait(10)
        return []

    monkeypatch.setattr("socket.getaddrinfo", silent)
    began = time.monotonic()
    with Pulse() as pulse, pytest.raises(FetchError):
        http.get("http://slow.example/", limits=SHORT)
    released.set()
    assert time.monotonic() - began < 1.5 + LATE * pulse.late_s


# size


def test_a_body_larger_than_allowed_is_not_read_to_its_end(http: Http):
    error = failure(http, endless(head(), b"x" * 65536))
    assert "larger than the 0.1 MB" in error.message


def test_a_declared_length_that_is_too_large_is_not_read_at_all(http: Http):
    assert "larger than" in failure(http, script(head(Content_Length="200000"), Step.STALL)).message


def test_a_compression_bomb_ends_early_and_costs_little_memory(http: Http):
    bomb = zlib_bomb(200)
    limits = Limits(body_bytes=10_000_000, deadline_s=5.0)
    tracemalloc.start()
    try:
        error = failure(http, Reply(headers={"Content-Encoding": "gzip"}, body=bomb), limits)
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
    finally:
        tracemalloc.stop()
    assert "unpacks to far more" in error.message


def test_a_bomb_inside_a_bomb(http: Http):
    twice = gzip.compress(zlib_bomb(20))
    failure(http, Reply(headers={"Content-Encoding": "gzip, gzip"}, body=twice))


def test_unpacked_bytes_count_against_the_limit(http: Http):
    assert "larger than" in failure(http, Reply(body="abcdefgh" * 20_000, gzip=True)).message


def test_more_than_two_layers_are_refused(http: Http):
    failure(http, Reply(headers={"Content-Encoding": "gzip, gzip, gzip"}, body=b"x"))


def zlib_bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(bytes(1_000_000)) for _ in range(megabytes)) + packer.flush()


@pytest.mark.parametrize(
    "headers",
    [
        b"X-Long: " + b"x" * 70_000 + b"\r\n",
        b"X-Many: 1\r\n" * 300,
        b"".join(b"X-%d: " % n + b"x" * 2000 + b"\r\n" for n in range(60)),
    ],
    ids=["one long", "many", "large in all"],
)
def test_headers_are_bounded(http: Http, headers: bytes):
    failure(http, script(b"HTTP/1.1 200 OK\r\n" + headers + b"Content-Length: 0\r\n\r\n"))


def test_a_header_line_without_end(http: Http):
    failure(http, endless(b"HTTP/1.1 200 OK\r\nX-Long: ", b"x" * 65536))


# encodings that are fine

ENCODED = {
    "gzip": ("gzip", gzip.compress(b"hello")),
    "x-gzip": ("x-gzip", gzip.compress(b"hello")),
    "deflate": ("deflate", zlib.compress(b"hello")),
    "raw deflate": ("deflate", zlib.compress(b"hello", wbits=-15)),
    "two members": ("gzip", gzip.compress(b"hel") + gzip.compress(b"lo")),
    "garbage after the end": ("gzip", gzip.compress(b"hello") + b"\0\0garbage"),
    "identity": ("identity", b"hello"),
    "capitals and spaces": (" GZIP ", gzip.compress(b"hello")),
    "two layers": ("deflate, gzip", gzip.compress(zlib.compress(b"hello"))),
}


@pytest.mark.parametrize(("encoding", "body"), ENCODED.values(), ids=ENCODED)
def test_what_was_asked_for_is_unpacked(http: Http, encoding: str, body: bytes):
    with LoopbackServer({"/": Reply(headers={"Content-Encoding": encoding}, body=body)}) as server:
        assert http.get(server.address()).body == b"hello"


def test_compressed_bytes_one_at_a_time_in_chunks(http: Http):
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in zlib.compress(b"hello" * 100)) + b"0\r\n\r\n"
    answer = head(Transfer_Encoding="chunked", Content_Encoding="deflate") + chunks
    with LoopbackServer({"/": script(answer)}) as server:
        assert http.get(server.address()).body == b"hello" * 100


def test_a_large_body_is_unpacked_whole(http: Http):
    body = bytes(range(256)) * 4000
    with LoopbackServer({"/": Reply(body=body, gzip=True)}) as server:
        assert http.get(server.address(), limits=Limits(2_000_000, 5.0)).body == body


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("br", b"x"), ("zstd", b"x"), ("gzip", b"plain text"), ("deflate", b"plain text"), ("gzip", b"")],
)
def test_what_cannot_be_unpacked_is_an_error_or_empty(http: Http, encoding: str, body: bytes):
    reply = Reply(headers={"Content-Encoding": encoding}, body=body)
    if body:
        assert "packed in a way" in failure(http, reply).message
        return
    with LoopbackServer({"/": reply}) as server:
        assert http.get(server.address()).body == b""


# answers that end early or are no answers

BROKEN = {
    "short body": script(head(Content_Length="10") + b"12345"),
    "short chunk": script(head(Transfer_Encoding="chunked") + b"a\r\n12345"),
    "no last chunk": script(head(Transfer_Encoding="chunked") + b"5\r\n12345\r\n"),
    "short gzip": Reply(headers={"Content-Encoding": "gzip"}, body=gzip.compress(b"x" * 99)[:-6]),
    "short deflate": Reply(headers={"Content-Encoding": "deflate"}, body=zlib.compress(b"x" * 99)[:-6]),
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
def test_an_answer_that_ends_early_is_not_taken_for_whole(http: Http, answer: object):
    assert "before it was complete" in failure(http, answer).message


ODD = {
    "nothing": script(),
    "reset": script(Step.RESET),
    "reset in the body": script(head(Content_Length="10") + b"123", Step.RESET),
    "not HTTP": script(b"220 mail.example ESMTP\r\n"),
    "HTTP/0.9": script(b"<html>hello</html>"),
    "bad status": script(b"HTTP/1.1 abc OK\r\n\r\n"),
    "huge status": script(b"HTTP/1.1 99999 OK\r\n\r\n"),
    "binary": script(bytes(range(256))),
    "bad chunk size": script(head(Transfer_Encoding="chunked") + b"zz\r\nhello\r\n0\r\n\r\n"),
    "huge chunk size": script(head(Transfer_Encoding="chunked") + b"F" * 70_000 + b"\r\n"),
    "two lengths": script(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nhello"),
}


@pytest.mark.parametrize("answer", ODD.values(), ids=ODD)
def test_what_is_no_answer_is_said_to_be_none(http: Http, answer: object):
    failure(http, answer)


def test_bytes_after_an_answer_are_not_taken_for_the_next(http: Http):
    poisoned = Reply(headers={"Content-Length": "5"}, body=b"first" + head(Content_Length="6") + b"poison")
    with LoopbackServer({"/": poisoned, "/b": Reply(body="second")}) as server:
        assert http.get(server.address()).body == b"first"
        assert http.get(server.address("/b")).body == b"second"


def test_a_body_up_to_the_end_of_the_connection_is_whole(http: Http):
    with LoopbackServer({"/": script(head() + b"hello")}) as server:
        assert http.get(server.address()).body == b"hello"


def test_line_feeds_alone_are_read(http: Http):
    with LoopbackServer({"/": script(b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello")}) as server:
        assert http.get(server.address()).body == b"hello"


# statuses

WORDS = [
    (400, "refuses the request"),
    (401, "user name"),
    (403, "refuses feed readers"),
    (404, "nothing at this address"),
    (410, "for good"),
    (418, "refuses the request"),
    (429, "left alone"),
    (451, "legal"),
    (500, "in trouble"),
    (502, "in trouble"),
    (503, "left alone"),
    (511, "sign in"),
    (520, "in trouble"),
    (999, "in trouble"),
    (202, "something else"),
    (204, "something else"),
    (206, "something else"),
    (300, "something else"),
    (304, "something else"),
]


@pytest.mark.parametrize(("status", "words"), WORDS)
def test_each_status_has_its_sentence_and_its_remedy(http: Http, status: int, words: str):
    error = failure(http, Reply(status, body="" if status in (204, 304) else "an error page"))
    assert error.status == status
    assert words in error.message
    assert error.remedy


# no server at all


def test_a_refused_connection(http: Http):
    with LoopbackServer() as server:
        address = server.address()
    with pytest.raises(FetchError, match="refused the connection") as caught:
        http.get(address)
    assert caught.value.host_wide


def test_an_unknown_name(http: Http, monkeypatch):
    def unknown(*args, **kw):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", unknown)
    with pytest.raises(FetchError, match=r"No server by the name of gone\.example") as caught:
        http.get("http://gone.example/")
    assert caught.value.host_wide


def test_the_next_address_of_a_host_is_tried(http: Http, monkeypatch):
    real = socket.getaddrinfo

    def two(host, port, family=0, type=0, proto=0, flags=0):
        if flags & socket.AI_NUMERICHOST:
            raise socket.gaierror(socket.EAI_NONAME, "a name")
        return [info for ip in ("::1", "127.0.0.1") for info in real(ip, port, family, type, proto, flags)]

    monkeypatch.setattr("socket.getaddrinfo", two)
    with LoopbackServer({"/": Reply(body="here")}) as server:
        assert http.get(f"http://two.example:{server.port}/").body == b"here"


@pytest.mark.parametrize(
    "url", ["ftp://example.org/", "file:///etc/hostname", "example.org", "http://u:p@example.org/"]
)
def test_what_is_no_web_address_is_not_asked(http: Http, url: str):
    with pytest.raises(FetchError):
        http.get(url)
