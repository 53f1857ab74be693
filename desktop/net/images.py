"""What kind of picture some bytes are, from their header alone: nothing is decoded.

Sources of the layouts: PNG (RFC 2083), JPEG (ITU T.81 B.2), GIF89a, WebP container (RFC 9649), ICO (Windows
icons).
"""

from __future__ import annotations

import struct
from collections.abc import Callable

from desktop.core.errors import ParseError
from desktop.core.incoming import PictureInfo
from desktop.core.picture_weight import MOST_HELD, MOST_PIXELS, held_bytes

MAX_SCANS = 100  # of a JPEG; each has all pixels looked at again, and cameras and editors write at most 20
MAX_ICONS = 64  # entries of an icon file that are looked at

_PNG = b"\x89PNG\r\n\x1a\n"
_ICO = b"\x00\x00\x01\x00"
_JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # SOF0 to SOF15 without DHT, JPG and DAC
_JPEG_BARE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length
_VP8_KEY = b"\x9d\x01\x2a"

Size = tuple[int, int]


def probe(body: bytes) -> PictureInfo:
    """Format and size in pixels.

    ParseError unless it is a JPEG of 1 to 40 million pixels, or a PNG, GIF, WebP or ICO of at most 28 million: those
    are decoded whole (`core.picture_weight`).
    """
    kind, measure = _kind(body)
    try:
        width, height = measure(body)
    except (struct.error, IndexError):
        raise ParseError("The picture ends before it says how large it is.") from None
    if width < 1 or height < 1:
        raise ParseError("The picture has no size.")
    if width * height > MOST_PIXELS or held_bytes(body, kind, width, height) > MOST_HELD:
        raise ParseError(f"The picture is too large to be shown ({width} × {height} pixels).")
    return PictureInfo(kind, width, height)


def _kind(body: bytes) -> tuple[str, Callable[[bytes], Size]]:
    if body.startswith(_PNG):
        return "png", _png
    if body.startswith(b"\xff\xd8\xff"):
        return "jpeg", _jpeg
    if body[:6] in (b"GIF87a", b"GIF89a"):
        return "gif", _gif
    if body.startswith(b"RIFF") and body[8:12] == b"WEBP":
        return "webp", _webp
    if body.startswith(_ICO):
        return "ico", _ico
    raise _unknown(body)


def _unknown(body: bytes) -> ParseError:
    start = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not body:
        return ParseError("The picture is empty.")
    if b"<svg" in start:
        return ParseError("The picture is a drawing (SVG), which is not shown.")
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<!--", b"<body")):
        return ParseError("There is a web page in place of the picture.", is_html=True)
    return ParseError("The picture is of a kind that is not shown.")


def _png(body: bytes) -> Size:
    length, name, width, height = struct.unpack_from(">I4sII", body, 8)
    if (length, name) != (13, b"IHDR") or len(body) < 33:
        raise _damaged()
    return width, height


def _jpeg(body: bytes) -> Size:
    if body.count(b"\xff\xda") > MAX_SCANS:
        raise ParseError("The picture would take too long to show.")
    at = 2
    while True:
        if body[at] != 0xFF:
            raise _damaged()
        while body[at] == 0xFF:  # a marker may be filled up with any number of them
            at += 1
        marker = body[at]
        at += 1
        if marker in _JPEG_BARE:
            continue
        (length,) = struct.unpack_from(">H", body, at)
        if marker in _JPEG_SIZES:
            height, width = struct.unpack_from(">xxxHH", body, at)
            return width, height
        if length < 2 or marker in (0x00, 0xD8, 0xD9, 0xDA):  # the pixels begin, and no size was given
            raise _damaged()
        at += length


def _gif(body: bytes) -> Size:
    width, height = struct.unpack_from("<HH", body, 6)
    if len(body) < 13:
        raise _damaged()
    return width, height


def _webp(body: bytes) -> Size:
    name = body[12:16]
    if name == b"VP8X":
        return 1 + int.from_bytes(_exactly(body, 24, 3), "little"), 1 + int.from_bytes(
            _exactly(body, 27, 3), "little"
        )
    if name == b"VP8L":
        mark, bits = struct.unpack_from("<BI", body, 20)
        if mark != 0x2F:
            raise _damaged()
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if name == b"VP8 ":
        frame, width, height = struct.unpack_from("<3x3sHH", body, 20)
        if frame != _VP8_KEY:
            raise _damaged()
        return width & 0x3FFF, height & 0x3FFF
    raise _damaged()


def _exactly(body: bytes, at: int, count: int) -> bytes:
    part = body[at : at + count]
    if len(part) < count:
        raise _damaged()
    return part


def _ico(body: bytes) -> Size:
    """The largest icon of the file; a size byte of 0 stands for 256. Icons that are PNGs say their own
    size."""
    (count,) = struct.unpack_from("<H", body, 4)
    if not count:
        raise ParseError("The picture has no size.")
    sizes = [_icon(body, 6 + 16 * number) for number in range(min(count, MAX_ICONS))]
    return max(sizes, key=lambda size: size[0] * size[1])


def _icon(body: bytes, entry: int) -> Size:
    """What an entry says, or what the icon itself says where that is larger: decoders believe the icon."""
    width, height, length, start = struct.unpack_from("<BB6xII", body, entry)
    if start + min(length, 24) > len(body):
        raise _damaged()
    if body.startswith(_PNG, start):
        return _png(body[start : start + 33])
    _, own_width, own_height = struct.unpack_from("<Iii", body, start)
    return max(width or 256, abs(own_width)), max(height or 256, abs(own_height) // 2)  # twice, for its mask


def _damaged() -> ParseError:
    return ParseError("The picture is damaged.")
