"""Reading an answer's body within its limits, before and after unpacking."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from io import BytesIO

from desktop.core.errors import FetchError, TooLargeError

CHUNK = 16 * 1024
MAX_ENCODINGS = 2
RATIO_FROM = 1024 * 1024  # bytes unpacked before the ratio is looked at
MAX_RATIO = 200

_GZIP = 16 + zlib.MAX_WBITS


class _Unpacker:
    """One layer of gzip or deflate. Bytes after its end are ignored, a further gzip member is not."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._stream = zlib.decompressobj(_GZIP) if name == "gzip" else None
        self._held = b""  # the first byte of a deflate stream, until the second tells what it is

    @property
    def complete(self) -> bool:
        return self._stream is not None and self._stream.eof

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._stream is None:  # deflate is sent with and without the zlib header
                data, self._held = self._held + data, b""
                if len(data) < 2:
                    self._held = data
                    return
                self._stream = zlib.decompressobj(
                    zlib.MAX_WBITS if _has_zlib_header(data) else -zlib.MAX_WBITS
                )
            elif self._stream.eof:
                if self._name != "gzip" or not data.startswith(b"\x1f\x8b"):
                    return
                self._stream = zlib.decompressobj(_GZIP)
            yield from self._inflate(self._stream, data)
            data = self._stream.unused_data

    @staticmethod
    def _inflate(stream: zlib._Decompress, data: bytes) -> Iterator[bytes]:
        part = stream.decompress(data, CHUNK)
        yield part
        while not stream.eof and (stream.unconsumed_tail or len(part) == CHUNK):
            part = stream.decompress(stream.unconsumed_tail, CHUNK)
            yield part


def _has_zlib_header(data: bytes) -> bool:
    return data[0] & 0x0F == 8 and ((data[0] << 8) | data[1]) % 31 == 0


class Body:
    """Collects a body chunk by chunk; FetchError as soon as it breaks a limit."""

    def __init__(self, limit: int, encoding: str, host: str) -> None:
        self._limit = limit
        self._host = host
        self._received = 0
        self._whole = BytesIO()  # gives its bytes away without a copy
        self._layers = [_Unpacker(name) for name in reversed(_encodings(encoding, host))]

    def add(self, data: bytes) -> None:
        self._received += len(data)
        if self._received > self._limit:
            raise too_large(self._host, self._limit)
        try:
            for part in self._unpack(data, 0):
                self._keep(part)
        except zlib.error:
            raise _unreadable(self._host) from None

    def finish(self) -> bytes:
        """The whole body, unpacked; FetchError when it ends early."""
        if self._received and not all(layer.complete for layer in self._layers):
            raise cut_short(self._host)
        return self._whole.getvalue()

    def _unpack(self, data: bytes, depth: int) -> Iterator[bytes]:
        if depth == len(self._layers):
            yield data
            return
        for part in self._layers[depth].feed(data):
            yield from self._unpack(part, depth + 1)

    def _keep(self, part: bytes) -> None:
        size = self._whole.tell() + len(part)
        if size > self._limit:
            raise too_large(self._host, self._limit)
        if size > RATIO_FROM and size > MAX_RATIO * self._received:
            raise FetchError(
                f"{self._host} sent a file that unpacks to far more than it should.",
                "It looks like an attack; nothing was stored.",
            )
        self._whole.write(part)


def read(receive: Callable[[int], bytes], body: Body, check: Callable[[], None]) -> bytes:
    """The whole body; `check` is asked between chunks and ends it by raising."""
    while data := receive(CHUNK):
        check()
        body.add(data)
    check()
    return body.finish()


def too_large(host: str, limit: int) -> TooLargeError:
    return TooLargeError(
        f"What {host} sent is larger than the {limit / 1_000_000:.3g} MB that are allowed.",
        "The source may offer a smaller feed; nothing was stored.",
    )


def cut_short(host: str) -> FetchError:
    return FetchError(
        f"{host} ended its answer before it was complete.", "Nothing was stored; it is tried again later."
    )


def _encodings(header: str, host: str) -> list[str]:
    names = [name.strip().lower().removeprefix("x-") for name in header.split(",")]
    names = [name for name in names if name not in ("", "identity")]
    if len(names) > MAX_ENCODINGS or any(name not in ("gzip", "deflate") for name in names):
        raise _unreadable(host)
    return names


def _unreadable(host: str) -> FetchError:
    return FetchError(
        f"{host} sent its answer packed in a way that cannot be read.",
        "The fault is the server's; try again later.",
    )
