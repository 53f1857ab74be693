"""What probe() takes for a picture, and what it refuses."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.errors import ParseError
from desktop.core.incoming import PictureInfo
from desktop.core.picture_weight import MOST_HELD, MOST_PIXELS, held_bytes
from desktop.net.images import probe


def png(width: int, height: int) -> bytes:
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))


def jpeg(width: int, height: int, *, before: bytes = b"", sof: int = 0xC0) -> bytes:
    app0 = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    frame = (
        bytes([0xFF, sof, 0x00, 0x11, 8]) + struct.pack(">HH", height, width) + b"\x03" + b"\x01\x11\x00" * 3
    )
    return b"\xff\xd8" + app0 + before + frame + b"\xff\xda\x00\x0c"


def gif(width: int, height: int) -> bytes:
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\x00\x00\x00;"


def webp(kind: bytes, data: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", 12 + len(data)) + b"WEBP" + kind + struct.pack("<I", len(data)) + data


def vp8(width: int, height: int) -> bytes:
    return webp(b"VP8 ", b"\x00\x00\x00\x9d\x01\x2a" + struct.pack("<HH", width | 0x4000, height))


def vp8l(width: int, height: int) -> bytes:
    return webp(b"VP8L", b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14 | 1 << 28))


def vp8x(width: int, height: int) -> bytes:
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return webp(b"VP8X", b"\x10\x00\x00\x00" + size)


def ico(*sizes: tuple[int, int], icon: bytes = b"\x28\x00\x00\x00" + bytes(36)) -> bytes:
    start = 6 + 16 * len(sizes)
    entries = b"".join(
        struct.pack("<BBBBHHII", width % 256, height % 256, 0, 0, 1, 32, len(icon), start)
        for width, height in sizes
    )
    return struct.pack("<HHH", 0, 1, len(sizes)) + entries + icon


def test_a_jpeg_of_hundreds_of_scans_does_not_take_seconds():
    with pytest.raises(ParseError, match="too long"):
        probe(jpeg(640, 480, sof=0xC2) + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" * 100)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (png(640, 480), "png"),
        (jpeg(640, 480), "jpeg"),
        (jpeg(640, 480, sof=0xC2), "jpeg"),
        (gif(640, 480), "gif"),
        (vp8(640, 480), "webp"),
        (vp8l(640, 480), "webp"),
        (vp8x(640, 480), "webp"),
    ],
)
def test_format_and_size_come_from_the_header(body: bytes, kind: str):
    assert probe(body) == PictureInfo(kind, 640, 480)


def test_a_jpeg_is_searched_past_its_other_segments():
    exif = b"\xff\xe1" + struct.pack(">H", 60_000) + b"\xff\xc0" * 29_999
    tables = b"\xff\xff\xff\xc4\x00\x04\x00\x00"  # fill bytes and a Huffman table, which is no size
    assert probe(jpeg(4000, 3000, before=exif + tables)) == PictureInfo("jpeg", 4000, 3000)


def test_an_icon_file_is_as_large_as_its_largest_icon():
    assert probe(ico((16, 16), (48, 48), (32, 32))) == PictureInfo("ico", 48, 48)


def test_a_zero_in_an_icon_s_size_stands_for_256():
    assert probe(ico((16, 16), (256, 256))) == PictureInfo("ico", 256, 256)


def test_an_icon_that_is_a_png_says_its_own_size():
    assert probe(ico((16, 16), icon=png(300, 200))) == PictureInfo("ico", 300, 200)


def test_an_icon_whose_bitmap_is_larger_than_its_entry_says_is_measured_by_the_bitmap():
    with pytest.raises(ParseError, match="too large"):
        probe(ico((16, 16), icon=struct.pack("<Iii", 40, 30_000, 60_000) + bytes(28)))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "empty"),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (b"\xef\xbb\xbf <svg/>", "SVG"),
        (b"\n<!DOCTYPE html><title>Sign in</title>", "web page"),
        (b"BM" + bytes(60), "kind"),
        (b"II*\x00" + bytes(60), "kind"),
        (b"MM\x00*" + bytes(60), "kind"),
        (b"%PDF-1.7", "kind"),
        (b"\x00\x00\x02\x00\x01\x00" + bytes(60), "kind"),  # a cursor
        (png(0, 10), "no size"),
        (jpeg(10, 0), "no size"),
        (gif(0, 0), "no size"),
        (vp8(0, 10), "no size"),
        (ico(), "no size"),
        (jpeg(1, 1)[:20] + b"\xff\xd9\x00\x00", "damaged"),
        (jpeg(1, 1)[:20] + b"junk", "damaged"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "damaged"),
        (webp(b"ANIM", bytes(20)), "damaged"),
        (webp(b"VP8 ", bytes(20)), "damaged"),
        (webp(b"VP8L", bytes(20)), "damaged"),
    ],
)
def test_what_is_not_shown_is_refused_with_the_reason(body: bytes, message: str):
    with pytest.raises(ParseError, match=message):
        probe(body)


def test_a_web_page_in_place_of_a_picture_is_marked_as_such():
    with pytest.raises(ParseError) as caught:
        probe(b"<html><body>404</body></html>")
    assert caught.value.is_html


def test_forty_million_pixels_are_the_limit_of_a_jpeg():
    assert probe(jpeg(8000, 5000)).width * 5000 == MOST_PIXELS
    with pytest.raises(ParseError, match="too large"):
        probe(jpeg(8001, 5000))


@pytest.mark.parametrize("make", [png, vp8l, vp8x])
def test_twenty_eight_million_are_that_of_what_is_decoded_whole(make):
    assert probe(make(7000, 4000)).width * 4000 * 4 == MOST_HELD
    with pytest.raises(ParseError, match="too large"):
        probe(make(7001, 4000))


def test_of_a_progressive_jpeg_the_coefficients_count():
    full, half = jpeg(4000, 4000, sof=0xC2), jpeg(6000, 6000, sof=0xC2)
    half = half.replace(b"\x03" + b"\x01\x11\x00" * 3, b"\x03\x01\x22\x00" + b"\x01\x11\x00" * 2)
    assert held_bytes(full, "jpeg", 4000, 4000) == 4000 * 4000 * 6
    assert held_bytes(half, "jpeg", 6000, 6000) == 6000 * 6000 * 3
    assert held_bytes(jpeg(6000, 6000), "jpeg", 6000, 6000) == 0
    assert probe(full)
    assert probe(half)
    with pytest.raises(ParseError, match="too large"):
        probe(jpeg(6000, 6000, sof=0xC2))


def test_sixteen_bits_and_animations_weigh_more():
    deep = png(3000, 3000)[:24] + b"\x10" + png(3000, 3000)[25:]
    moving = vp8x(4000, 4000).replace(b"VP8X\x0a\0\0\0\x10", b"VP8X\x0a\0\0\0\x12")
    for body, size in ((deep, 3000), (moving, 4000)):
        with pytest.raises(ParseError, match="too large"):
            probe(body)
        assert held_bytes(body, "png" if size == 3000 else "webp", size, size) > MOST_HELD


@given(st.binary(max_size=80), st.sampled_from(["jpeg", "png", "webp", "gif", "ico"]))
def test_what_a_damaged_picture_weighs_is_a_number(noise: bytes, kind: str):
    for body in (noise, b"\xff\xd8\xff\xc2" + noise, b"\xff\xc2" * 40 + noise):
        assert 0 <= held_bytes(body, kind, 100, 100) <= 100 * 100 * 16


WHOLE = [
    png(64, 48),
    jpeg(64, 48)[:-4],
    gif(64, 48)[:13],
    vp8(64, 48),
    vp8l(64, 48),
    vp8x(64, 48),
    ico((64, 48)),
]


@pytest.mark.parametrize("body", WHOLE, ids=lambda body: repr(body[:4]))
def test_a_header_cut_anywhere_is_refused(body: bytes):
    sof_end = {b"\xff\xd8": len(body) - 10, b"\x00\x00": len(body) - 16}.get(body[:2], len(body))
    for end in range(sof_end):
        with pytest.raises(ParseError):
            probe(body[:end])


@given(st.sampled_from(WHOLE), st.binary(max_size=64), st.integers(0, 40))
def test_damage_is_a_parse_error_or_a_picture_and_nothing_else(body: bytes, noise: bytes, at: int):
    damaged = body[:at] + noise + body[at + len(noise) // 2 :]
    try:
        info = probe(damaged)
    except ParseError:
        return
    assert 1 <= info.width * info.height <= MOST_PIXELS
