"""The pictures of the demo: real PNG files of the promised size, the same for the same address."""

from __future__ import annotations

import re
import struct
import zlib

import pytest

from desktop.demo.drawing import SCENES, picture
from desktop.demo.figures import SIZES, parse_path
from desktop.demo.posts import themes
from desktop.demo.texts import all_sections


def size_of(body: bytes) -> tuple[int, int]:
    assert body.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", body[16:24])


@pytest.mark.parametrize("scene", sorted(SCENES))
def test_every_scene_is_a_picture_in_colours(scene):
    body = picture(scene, "1-1")
    assert size_of(body) == (960, 540)
    data = body[body.index(b"IDAT") + 4 : -16]
    pixels = zlib.decompress(data)
    assert len(pixels) == 540 * 961
    assert len(set(pixels)) >= 5


@pytest.mark.parametrize("size", SIZES.values())
def test_every_size_has_its_pixels(size):
    assert size_of(picture("lake", "7-1", size)) == size


def test_every_theme_has_a_scene_of_its_own():
    assert {theme.scene for theme in themes(all_sections())} <= set(SCENES)


def test_an_address_gives_the_same_bytes_and_can_be_asked_for_conditionally(get):
    address = re.search(r'src="http://127.0.0.1:\d+(/wp-content/uploads/[^"]*\.png)"', get("/").text)[1]
    one, two = get(address), get(address)
    assert one.body == two.body
    assert one.headers["Content-Type"] == "image/png"
    assert get(address, If_None_Match=one.headers["ETag"]).status == 304
    assert get(address, If_None_Match=f"W/{one.headers['ETag']}").status == 304


def test_different_articles_have_different_pictures():
    assert picture("mountains", "1-1") != picture("mountains", "2-1")


@pytest.mark.parametrize(
    "path",
    [
        "/wp-content/uploads/2026/11/lake-1-1-77x77.png",
        "/wp-content/uploads/lake.png",
        "/lake-1-1.png",
        "/x.jpg",
    ],
)
def test_other_addresses_are_no_pictures(path):
    assert parse_path(path) is None


def test_a_picture_address_says_what_to_draw():
    assert parse_path("/wp-content/uploads/2026/11/lake-1412-2-300x169.png") == ("lake", 1412, 2, (300, 169))
    assert parse_path("/wp-content/uploads/2026/11/lake-1412-2.png") == ("lake", 1412, 2, (960, 540))
