"""The first bytes of pictures."""

from __future__ import annotations

import struct

from desktop.core.errors import ParseError
from desktop.net import images
from tests.fuzz.targets.target import Target, expect

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBB", 13, b"IHDR", 640, 480, 8, 2, 0, 0, 0) + b"\0\0\0\0"
JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\0\1\1\0\0\1\0\1\0\0"
    + b"\xff\xc0\x00\x11\x08\x01\xe0\x02\x80\x03"
    + b"\0" * 9
)
WEBP = b"RIFF\x24\0\0\0WEBP"
STARTS = (
    *(
        PNG,
        JPEG,
        b"GIF89a" + struct.pack("<HH", 640, 480) + b"\0\0\0\x3b",
        b"<svg xmlns='x'/>",
        b"<!doctype html>",
    ),
    WEBP + b"VP8X\x0a\0\0\0\0\0\0\0\x7f\x02\0\xdf\x01\0",
    WEBP + b"VP8L\x05\0\0\0\x2f\x7f\xc2\x77\0\0",
    WEBP + b"VP8 \x10\0\0\0\x30\1\0\x9d\x01\x2a\x80\x02\xe0\x01\0\0",
    struct.pack("<HHHBBBBHHII", 0, 1, 1, 32, 32, 0, 0, 1, 32, 40, 22)
    + struct.pack("<Iii", 40, 32, 64)
    + b"\0" * 28,
)


def _run(data: bytes) -> None:
    try:
        found = images.probe(data)
    except ParseError:
        return
    expect(0 < found.width * found.height <= images.MOST_PIXELS and found.width > 0, f"{found}")
    expect(found.format in ("png", "jpeg", "gif", "webp", "ico"), f"{found}")


TARGETS = (Target("picture", _run, lambda: STARTS, most_bytes=4096),)
