"""Pictures that are small and want much: made here, never kept in files."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from random import Random

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage, QImageWriter

ZEROS = 1 << 20  # of a block


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _zeros(size: int) -> bytes:
    """So many zeros, compressed (RFC 1950). A block that ends whole may be said again and again, so that nobody has to
    look through all of them; of zeros, the sum at the end is a count."""
    squeeze = zlib.compressobj(9, wbits=-15)
    block = squeeze.compress(bytes(ZEROS)) + squeeze.flush(zlib.Z_FULL_FLUSH)
    end = squeeze.compress(bytes(size % ZEROS)) + squeeze.flush()
    return b"\x78\xda" + block * (size // ZEROS) + end + struct.pack(">I", size % 65_521 << 16 | 1)


def png(
    width: int, height: int, *, kind: int = 2, depth: int = 8, interlace: int = 0, before: bytes = b""
) -> bytes:
    """A picture of one colour: a few hundred bytes a megapixel."""
    channels = {0: 1, 2: 3, 3: 1, 6: 4}[kind]
    data = _zeros((1 + (width * channels * depth + 7) // 8) * height)
    head = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, interlace)
    palette = _chunk(b"PLTE", bytes(3)) if kind == 3 else b""
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + palette
        + before
        + _chunk(b"IDAT", data)
        + _chunk(b"IEND", b"")
    )


def gif(width: int, height: int, frames: int) -> bytes:
    """Each frame covers the whole and says nothing but "clear"."""
    frame = (
        b"\x21\xf9\x04\x00\x01\x00\x00\x00"
        + b"\x2c"
        + struct.pack("<HHHHB", 0, 0, width, height, 0)
        + b"\x02\x02\x44\x01\x00"
    )
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\x00\x00" + bytes(6) + frame * frames + b";"


def ico(count: int, body: bytes) -> bytes:
    start = 6 + 16 * count
    entries = struct.pack("<BBBBHHII", 32, 32, 0, 0, 1, 32, len(body), start) * count
    return struct.pack("<HHH", 0, 1, count) + entries + body


def written(image: QImage, kind: str, quality: int = 80, *, progressive: bool = False) -> bytes:
    """As Qt writes it."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, kind.encode())
    writer.setQuality(quality)
    writer.setProgressiveScanWrite(progressive)
    writer.write(image)
    return data.data()


def colourful(width: int, height: int) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    for y in range(height):
        for x in range(width):
            image.setPixelColor(x, y, QColor(x * 7 % 256, y * 5 % 256, (x * y) % 256))
    return image


def scans(jpeg: bytes, times: int) -> bytes:
    """A progressive picture whose last scan is repeated."""
    last = jpeg.rindex(b"\xff\xda")
    return jpeg[:-2] + jpeg[last:-2] * times + jpeg[-2:]


def exif(jpeg: bytes, data: bytes, times: int) -> bytes:
    return jpeg[:2] + (b"\xff\xe1" + struct.pack(">H", len(data) + 2) + data) * times + jpeg[2:]


def bombs() -> dict[str, bytes]:
    """By name."""
    image = colourful(64, 48)
    progressive = written(QImage(2_000, 2_000, QImage.Format.Format_RGB32), "jpeg", progressive=True)
    small = written(image, "jpeg")
    large = QImage(6_300, 6_300, QImage.Format.Format_RGB32)
    large.fill(0)
    whole = QImage(5_290, 5_290, QImage.Format.Format_ARGB32)
    whole.fill(QColor(9, 9, 9, 99))
    webp = written(large, "webp", 1)
    icon = struct.pack("<IiiHHIIiiII", 40, 32, 64, 1, 32, 0, 0, 0, 0, 0, 0) + bytes(32 * 32 * 4 + 128)
    apng = _chunk(b"acTL", struct.pack(">II", 100_000, 0)) + b"".join(
        _chunk(b"fcTL", struct.pack(">IIIIIHHBB", at, 64, 48, 0, 0, 0, 0, 0, 0)) for at in range(20_000)
    )
    zeros = zlib.compress(bytes(30_000_000), 9)
    turned = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    return {
        "png 8000 x 8000": png(8_000, 8_000),
        "png 6300 x 6300": png(6_300, 6_300),
        "png 6300 x 6300, 16 bits": png(6_300, 6_300, kind=6, depth=16),
        "png 6300 x 6300, interlaced": png(6_300, 6_300, kind=0, interlace=1),
        "png 6300 x 6300, a palette": png(6_300, 6_300, kind=3, depth=1),
        "png 5290 x 5290": png(5_290, 5_290),
        "png 5290 x 5290, transparent": png(5_290, 5_290, kind=6),
        "png 5290 x 5290, a palette": png(5_290, 5_290, kind=3),
        "png 5290 x 5290, interlaced": png(5_290, 5_290, kind=0, interlace=1),
        "png 2640 x 2640, 16 bits": png(2_640, 2_640, kind=6, depth=16),
        "png 2000 x 14000": png(2_000, 14_000),
        "png 40,000,000 x 1": png(40_000_000, 1, kind=0, depth=1),
        "png 1 x 1,000,000": png(1, 1_000_000, kind=0, depth=1),
        "png strip, interlaced": png(30_000, 1_300, kind=0, depth=1, interlace=1),
        "png with a bomb in its text": png(64, 48, before=_chunk(b"zTXt", b"a\0\0" + zeros)),
        "png with a bomb in its profile": png(64, 48, before=_chunk(b"iCCP", b"a\0\0" + zeros)),
        "png with 20,000 frames": png(64, 48, before=apng),
        "png with 300,000 chunks": png(64, 48, before=_chunk(b"tEXt", b"a\0b") * 300_000),
        "gif of 10,000 frames": gif(2_000, 2_000, 10_000),
        "gif 6300 x 6300": gif(6_300, 6_300, 3),
        "gif 5290 x 5290": gif(5_290, 5_290, 3),
        "gif 65535 x 65535": gif(65_535, 65_535, 1),
        "gif without an end": gif(600, 600, 2)[:-3] + b"\x2c",
        "jpeg, 500 scans": scans(progressive, 500),
        "jpeg 6300 x 6300": written(large, "jpeg", 1),
        "jpeg 6300 x 6300, progressive": written(large, "jpeg", 1, progressive=True),
        "jpeg, large in its header": small.replace(struct.pack(">HH", 48, 64), struct.pack(">HH", 6_000, 6_600), 1),
        "jpeg with 9 MB of exif": exif(small, bytes(60_000), 150),
        "jpeg, turned": exif(small, turned, 1),
        "webp 6300 x 6300": webp,
        "webp 5290 x 5290": written(whole, "webp", 1),
        "webp 5290 x 5290, lossless": written(whole, "webp", 100),
        "webp, torn": webp[: len(webp) // 2],
        "webp, lossless": written(large, "webp", 100),
        "icon with 65,535 entries": ico(65_535, icon),
        "icon in an icon": ico(3, ico(3, icon)),
        "icon of 256 MB": ico(1, struct.pack("<Iii", 40, 6_000, 12_000) + bytes(64)),
        "gif and script": b"GIF89a/*" + gif(64, 48, 1)[8:] + b"*/=1;alert(1)",
        "png and archive": written(image, "png") + b"PK\x03\x04" + bytes(1_000),
        "web page and png": b"<html>" + written(image, "png"),
        "pdf": b"%PDF-1.7\n" + written(image, "png"),
        "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
        "svg, squeezed": zlib.compress(b"<svg/>" * 1_000),
        "tiff": b"II*\0" + bytes(200),
        "bmp": b"BM" + struct.pack("<IHHIIiiHH", 0, 0, 0, 54, 40, 6_000, 6_000, 1, 24) + bytes(24),
        "tga": bytes([0, 0, 2, *bytes(9), 0xFF, 0xFF, 0xFF, 0xFF, 24, 0]),
        "xpm": b"/* XPM */ static char *x[] = {\"60000 60000 1 1\",\"a c #000\"};",
        "xbm": b"#define a_width 60000\n#define a_height 60000\nstatic char a_bits[] = {0};",
        "pnm": b"P6 60000 60000 255\n",
        "icns": b"icns\0\0\0\x10ic10\0\0\0\x08",
        "nothing": b"",
        "one byte": b"\x89",
    }  # fmt: skip


def torn() -> dict[str, bytes]:
    """A picture of each kind, cut at each twentieth."""
    image = colourful(96, 64)
    found = {}
    for kind in ("png", "jpeg", "webp", "ico"):
        body = written(image, kind)
        found |= {f"{kind}, {5 * at} %": body[: len(body) * at // 20] for at in range(1, 20)}
    return found


def mutated(rng: Random, count: int) -> Iterator[tuple[str, bytes]]:
    """Whole pictures with bytes changed, doubled, taken out or put in."""
    image = colourful(96, 64)
    whole = [written(image, kind) for kind in ("png", "jpeg", "webp", "ico")]
    whole += [written(image, "jpeg", progressive=True), gif(96, 64, 4), png(96, 64, interlace=1)]
    for number in range(count):
        body = bytearray(whole[number % len(whole)])
        for _ in range(rng.choice((1, 1, 2, 8, 40))):
            at, size = rng.randrange(len(body)), rng.choice((1, 1, 2, 4, 16))
            action = rng.randrange(4)
            if action == 0:
                body[at] = rng.choice((0, 0xFF, 0x7F, 0x80, rng.randrange(256)))
            elif action == 1:
                body[at : at + size] = rng.randbytes(size)
            elif action == 2 and len(body) > 64:
                del body[at : at + size]
            else:
                body[at:at] = body[at : at + size] * rng.choice((1, 2, 50))
        yield f"mutant {number}", bytes(body)
