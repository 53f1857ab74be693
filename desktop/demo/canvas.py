"""A picture of 256 colours, drawn column by column, and its PNG file; the standard library is enough."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Sequence

Colour = tuple[int, int, int]
RAMP = 24  # shades of one gradient


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """A colour between two: 0 is the first, 1 the second."""
    return (
        round(one[0] + (other[0] - one[0]) * share),
        round(one[1] + (other[1] - one[1]) * share),
        round(one[2] + (other[2] - one[2]) * share),
    )


class Canvas:
    """Pixels are indices of a palette that grows as colours are asked for. Columns run from the top down."""

    def __init__(self, width: int, height: int, rng: random.Random) -> None:
        self.width = width
        self.height = height
        self.rng = rng
        self._palette: list[Colour] = []
        self._pixels = bytearray(width * height)

    def colour(self, value: Colour) -> int:
        """The index of a colour; when the palette is full, that of the nearest one."""
        if value in self._palette:
            return self._palette.index(value)
        if len(self._palette) == 256:
            return min(
                range(256),
                key=lambda i: sum((a - b) ** 2 for a, b in zip(self._palette[i], value, strict=True)),
            )
        self._palette.append(value)
        return len(self._palette) - 1

    def ramp(self, top: Colour, bottom: Colour, shades: int = RAMP) -> list[int]:
        """The indices of a gradient."""
        return [self.colour(mix(top, bottom, n / (shades - 1))) for n in range(shades)]

    def strips(self, ramp: Sequence[int], length: int) -> list[bytes]:
        """Some columns of a gradient with noise between its shades, so that it shows no bands."""
        last = len(ramp) - 1
        scale = last / max(1, length - 1)
        made = []
        for _ in range(6):
            noise = [self.rng.random() for _ in range(61)]
            made.append(bytes(ramp[min(last, int(y * scale + noise[y % 61]))] for y in range(length)))
        return made

    def gradient(self, ramp: Sequence[int], top: int, bottom: int) -> None:
        """Fill the rows from `top` to `bottom`."""
        self.below(ramp, [top] * self.width, bottom - top, bottom)

    def below(self, ramp: Sequence[int], edge: Sequence[int], depth: int, bottom: int | None = None) -> None:
        """Fill every column from its edge down; the gradient takes `depth` rows and then stays."""
        end = self.height if bottom is None else bottom
        tail = bytes([ramp[-1]]) * self.height
        strips = [strip + tail for strip in self.strips(ramp, max(1, depth))]
        pixels, height, choice = self._pixels, self.height, self.rng.randrange
        for x, start in enumerate(edge):
            if start < end:
                low = max(0, start)
                pixels[x * height + low : x * height + end] = strips[choice(6)][low - start : end - start]

    def column(self, x: int, top: float, bottom: float, colour: int) -> None:
        """One column of one colour, cut to the picture."""
        low, high = max(0, int(top)), min(self.height, int(bottom))
        if 0 <= x < self.width and low < high:
            start = x * self.height
            self._pixels[start + low : start + high] = bytes([colour]) * (high - low)

    def box(self, left: float, top: float, right: float, bottom: float, colour: int) -> None:
        """A filled rectangle."""
        for x in range(int(left), int(right)):
            self.column(x, top, bottom, colour)

    def disc(self, x: float, y: float, radius: float, colour: int, *, upper: bool = False) -> None:
        """A filled circle, or its upper half."""
        for column in range(int(x - radius), int(x + radius) + 1):
            reach = radius * radius - (column + 0.5 - x) ** 2
            if reach > 0:
                self.column(column, y - reach**0.5, y if upper else y + reach**0.5, colour)

    def triangle(self, x: float, top: float, bottom: float, left: float, right: float, colour: int) -> None:
        """A triangle standing on a level base with its tip at (x, top)."""
        for column in range(int(left), int(right) + 1):
            side = left if column < x else right
            share = abs(column - side) / max(1.0, abs(x - side))
            self.column(column, bottom - (bottom - top) * share, bottom, colour)

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: int, thickness: float = 1.5) -> None:
        """A straight line, by columns or, where it is steep, by steps."""
        steps = max(1, int(max(abs(x2 - x1), abs(y2 - y1))))
        half = thickness / 2
        for step in range(steps + 1):
            x, y = x1 + (x2 - x1) * step / steps, y1 + (y2 - y1) * step / steps
            self.box(round(x - half), y - half, round(x + half), y + half + 0.5, colour)

    def mirror(self, level: int, ramp: Sequence[int]) -> None:
        """Water below `level`: what is above it upside down, under ripples that grow towards the viewer."""
        height = self.height
        for x in range(self.width):
            start = x * height
            depth = min(height - level, level)
            self._pixels[start + level : start + level + depth] = self._pixels[
                start + level - depth : start + level
            ][::-1]
        for number in range(int((height - level) * 0.75)):
            y = level + int((height - level) * self.rng.random() ** 0.8)
            near = (y - level) / (height - level)
            left = self.rng.randrange(-80, self.width)
            self.box(
                max(0, left),
                y,
                min(self.width, left + 30 + 190 * near),
                y + 1 + 1.6 * near,
                ramp[number % len(ramp)],
            )

    def shrunk(self, width: int, height: int) -> Canvas:
        """A smaller copy."""
        small = Canvas(width, height, self.rng)
        small._palette = self._palette
        rows = [int((y + 0.5) * self.height / height) for y in range(height)]
        scale = max(width / self.width, height / self.height)
        shift = (self.width - width / scale) / 2
        for x in range(width):
            start = min(self.width - 1, int(shift + (x + 0.5) / scale)) * self.height
            column = self._pixels[start : start + self.height]
            small._pixels[x * height : (x + 1) * height] = bytes(column[row] for row in rows)
        return small

    def png(self) -> bytes:
        """The file."""
        rows = b"".join(b"\0" + self._pixels[y :: self.height] for y in range(self.height))
        palette = b"".join(bytes(colour) for colour in self._palette)
        header = struct.pack(">IIBBBBB", self.width, self.height, 8, 3, 0, 0, 0)
        parts = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
