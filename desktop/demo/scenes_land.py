"""Scenes of the country: mountains, roads, water, fields and sand."""

from __future__ import annotations

import math

from desktop.demo.canvas import Canvas, mix
from desktop.demo.scenery import Light, curve, noise, plain, ridges, sky


def mountains(canvas: Canvas, light: Light) -> None:
    """Ranges over a plain, with a river on some."""
    horizon = int(canvas.height * canvas.rng.uniform(0.6, 0.72))
    sky(canvas, light, horizon)
    ridges(canvas, light, horizon, canvas.rng.randint(3, 5), canvas.rng.uniform(0.3, 0.46))
    plain(canvas, light, horizon)
    if canvas.rng.random() < 0.6:
        _ribbon(canvas, light, horizon, mix(light.sky[1], light.sky[0], 0.35), 0.16)


def road(canvas: Canvas, light: Light) -> None:
    """A road to the horizon with poles beside it."""
    horizon = int(canvas.height * canvas.rng.uniform(0.5, 0.62))
    sky(canvas, light, horizon)
    ridges(canvas, light, horizon, 3, 0.22)
    plain(canvas, light, horizon)
    _ribbon(canvas, light, horizon, mix(light.dark, light.ground[0], 0.35), 0.3)
    dark = canvas.colour(light.dark)
    for number in range(9):
        near = 1 / (1 + number * 0.75)
        x = canvas.width * (0.5 + 0.46 * near)
        foot = horizon + (canvas.height - horizon) * near * 0.8
        tall = 210 * near
        canvas.box(x, foot - tall, x + 1 + 5 * near, foot, dark)
        canvas.box(x - 16 * near, foot - tall * 0.93, x + 22 * near, foot - tall * 0.93 + 1 + 3 * near, dark)


def lake(canvas: Canvas, light: Light) -> None:
    """Mountains and their reflection."""
    level = int(canvas.height * canvas.rng.uniform(0.5, 0.6))
    sky(canvas, light, level)
    ridges(canvas, light, level, canvas.rng.randint(3, 4), 0.36)
    water = canvas.ramp(mix(light.sky[0], light.near, 0.25), mix(light.sky[1], light.sky[0], 0.3), 8)
    canvas.mirror(level, water)
    canvas.box(0, level, canvas.width, level + 2, canvas.colour(mix(light.near, light.sun, 0.25)))


def dam(canvas: Canvas, light: Light) -> None:
    """A lake held by a wall between two slopes."""
    lake(canvas, light)
    rng, width, height = canvas.rng, canvas.width, canvas.height
    crest = int(height * 0.6)
    wall = canvas.ramp(mix(light.ground[0], (220, 220, 214), 0.6), mix(light.near, (120, 120, 118), 0.5))
    canvas.below(
        wall, [crest + int(34 * math.sin(math.pi * x / width)) for x in range(width)], height - crest
    )
    joint, foam = (
        canvas.colour(mix(light.near, (90, 90, 90), 0.5)),
        canvas.colour(mix(light.sun, (255, 255, 255), 0.5)),
    )
    for x in range(60, width, 96):
        canvas.box(x, crest + 34 * math.sin(math.pi * x / width), x + 3, height, joint)
    for _ in range(3):
        x = rng.randrange(6, width // 96 - 1) * 96 - 30
        canvas.box(x, crest + 40, x + 54, height, foam)
    slope = canvas.ramp(mix(light.near, light.ground[1], 0.5), light.near)
    left = [
        height - int((height - crest + 90) * max(0.0, 1 - x / (width * 0.3)) ** 0.8) for x in range(width)
    ]
    canvas.below(slope, left, 200)
    canvas.below(slope, left[::-1], 200)


def fields(canvas: Canvas, light: Light) -> None:
    """Rows that run together at the horizon."""
    horizon = int(canvas.height * canvas.rng.uniform(0.42, 0.52))
    sky(canvas, light, horizon)
    ridges(canvas, light, horizon, 3, 0.2)
    far, near = light.ground
    canvas.gradient(canvas.ramp(mix(far, light.accent, 0.12), near), horizon, canvas.height)
    green = canvas.ramp(mix(far, (96, 128, 60), 0.6), mix(near, (58, 96, 40), 0.7), 12)
    _furrows(canvas, green, horizon, canvas.width * canvas.rng.uniform(0.3, 0.7))
    _trees(canvas, light, horizon + 6)


def dunes(canvas: Canvas, light: Light) -> None:
    """Sand in long waves, and a caravan on the second one."""
    horizon = int(canvas.height * 0.45)
    sky(canvas, light, horizon)
    sand = (226, 178, 118)
    rng = canvas.rng
    for number in range(5):
        share = number / 4
        shape = noise(rng, canvas.width, canvas.width / 2.2, 0.35, 3)
        base = horizon + (canvas.height - horizon) * share * 0.8
        edge = [int(base - 74 * value) for value in shape]
        top, low = (
            mix(mix(light.sun, sand, 0.55 + 0.35 * share), light.far, 0.2),
            mix(sand, light.near, 0.3 + 0.3 * share),
        )
        canvas.below(canvas.ramp(top, low, 20), edge, 150)
        if number == 1:
            _caravan(canvas, light, edge)


def _ribbon(canvas: Canvas, light: Light, horizon: int, tone: tuple[int, int, int], wide: float) -> None:
    """A road or river that comes from the horizon to our feet."""
    rng = canvas.rng
    bend, side = rng.uniform(-0.8, 0.8), rng.uniform(-0.25, 0.25)
    edge = canvas.colour(mix(tone, light.sun, 0.3))
    shades = canvas.ramp(mix(tone, light.far, 0.4), tone, 12)
    depth = canvas.height - horizon
    for y in range(horizon, canvas.height):
        share = (y - horizon) / depth
        middle = canvas.width * (0.5 + side * (1 - curve(share, bend)) + 0.12 * bend * math.sin(share * 4))
        half = 1.5 + canvas.width * wide * share**1.5
        canvas.box(
            max(0, middle - half), y, min(canvas.width, middle + half), y + 1, shades[int(share * 11.9)]
        )
        canvas.box(max(0, middle - half), y, max(0, middle - half + 1 + 5 * share), y + 1, edge)
        canvas.box(
            min(canvas.width, middle + half - 1 - 5 * share), y, min(canvas.width, middle + half), y + 1, edge
        )


def _furrows(canvas: Canvas, green: list[int], horizon: int, vanish: float) -> None:
    """Rows that meet at (vanish, horizon): between two of their edges a column has one colour."""
    depth = canvas.height - horizon
    for x in range(canvas.width):
        aside = abs(x + 0.5 - vanish) / 116
        for row in range(int(aside), int(aside * 14) + 1):
            top, bottom = depth * aside / (row + 0.55), depth * aside / max(row, 0.001)
            if top < depth and bottom > 4:
                middle = min(top + bottom, 2 * depth) / 2
                canvas.column(x, horizon + top, horizon + bottom, green[min(11, int(12 * middle / depth))])


def _trees(canvas: Canvas, light: Light, foot: int) -> None:
    """A line of poplars."""
    rng = canvas.rng
    leaf = [canvas.colour(mix(light.near, (62, 92, 48), part)) for part in (0.3, 0.6)]
    start, end = sorted(rng.sample(range(0, canvas.width, 40), 2))
    for x in range(start, max(end, start + 160), 19):
        tall = rng.uniform(46, 84)
        canvas.triangle(x, foot - tall, foot - 4, x - 8, x + 8, leaf[x % 2])


def _caravan(canvas: Canvas, light: Light, edge: list[int]) -> None:
    dark = canvas.colour(mix(light.dark, light.near, 0.3))
    start = canvas.rng.randrange(120, canvas.width - 420)
    for number in range(6):
        x = start + number * 46
        y = edge[x] + 2
        canvas.disc(x, y - 16, 11, dark)
        canvas.disc(x - 5, y - 25, 6, dark)
        canvas.line(x + 10, y - 18, x + 19, y - 32, dark, 3)
        canvas.box(x + 17, y - 35, x + 25, y - 30, dark)
        for leg in (-8, -4, 5, 9):
            canvas.box(x + leg, y - 10, x + leg + 2, y + 2, dark)
