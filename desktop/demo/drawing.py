"""The pictures of the demo: one drawing for each kind of scene, the same for the same name."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping
from functools import lru_cache

from desktop.demo.canvas import Canvas, mix
from desktop.demo.figures import FULL
from desktop.demo.scenery import LIGHTS, NIGHT, Light, curve, noise, plain, ridges, sky

Scene = Callable[[Canvas, Light], None]


@lru_cache(maxsize=256)
def picture(scene: str, name: str, size: tuple[int, int] = FULL) -> bytes:
    """The PNG of a scene in one of its sizes. An unknown scene is a view of mountains."""
    canvas = _canvas(scene, name)
    return canvas.png() if size == FULL else canvas.shrunk(*size).png()


@lru_cache(maxsize=4)
def _canvas(scene: str, name: str) -> Canvas:
    rng = random.Random(f"{scene} {name}")
    canvas = Canvas(*FULL, rng)
    light = NIGHT if scene == "night" else rng.choice(LIGHTS[:-1])
    SCENES.get(scene, mountains)(canvas, light)
    return canvas


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
    vanish = canvas.width * canvas.rng.uniform(0.3, 0.7)
    for y in range(horizon + 1, canvas.height):
        share = (y - horizon) / (canvas.height - horizon)
        pitch = 6 + 110 * share
        start = vanish % pitch - pitch
        shade = green[min(11, int(share * 12))]
        x = start + (canvas.width / 2 - vanish) * 0
        while x < canvas.width:
            canvas.box(max(0, x), y, min(canvas.width, x + pitch * 0.55), y + 1, shade)
            x += pitch
    _trees(canvas, light, horizon + 6)


def bazaar(canvas: Canvas, light: Light) -> None:
    """Domes and a minaret over rows of striped awnings."""
    horizon = int(canvas.height * 0.66)
    sky(canvas, light, horizon)
    ridges(canvas, light, horizon, 2, 0.24)
    rng, width = canvas.rng, canvas.width
    brick = canvas.colour(mix(light.ground[0], (196, 150, 104), 0.6))
    shadow = canvas.colour(mix(light.dark, (150, 110, 80), 0.45))
    tile = canvas.colour(mix((28, 132, 146), light.sun, 0.12))
    tile_dark = canvas.colour(mix((20, 92, 112), light.dark, 0.2))
    x = -40.0
    while x < width:
        radius = rng.uniform(44, 92)
        top = horizon - rng.uniform(18, 70)
        canvas.box(max(0, x), top, min(width, x + 2 * radius), canvas.height, brick)
        canvas.disc(x + radius, top, radius * 0.86, tile if rng.random() < 0.6 else brick, upper=True)
        canvas.disc(x + radius * 1.25, top, radius * 0.5, tile_dark, upper=True)
        canvas.column(int(x + radius), top - radius * 1.05, top - radius * 0.8, shadow)
        canvas.disc(x + radius, horizon + 40, radius * 0.42, shadow, upper=True)
        canvas.box(x + radius * 0.58, horizon + 40, x + radius * 1.42, canvas.height, shadow)
        x += 2 * radius + rng.uniform(-12, 26)
    tower = rng.uniform(0.15, 0.85) * width
    canvas.box(tower, horizon - 240, tower + 34, canvas.height, brick)
    canvas.box(tower - 6, horizon - 244, tower + 40, horizon - 226, tile)
    canvas.disc(tower + 17, horizon - 244, 18, tile_dark, upper=True)
    _awnings(canvas, light, horizon + 70)


def town(canvas: Canvas, light: Light) -> None:
    """Blocks of flats and offices before mountains."""
    horizon = int(canvas.height * 0.78)
    sky(canvas, light, horizon)
    ridges(canvas, light, horizon, 3, 0.46)
    rng = canvas.rng
    for row in range(3):
        tone = mix(mix(light.far, light.dark, 0.25 + 0.3 * row), light.ground[0], 0.15)
        face = canvas.ramp(tone, mix(tone, light.dark, 0.4), 10)
        lit = canvas.colour(
            light.accent if light is NIGHT or rng.random() < 0.3 else mix(tone, light.sun, 0.45)
        )
        x = rng.randrange(-40, 10)
        while x < canvas.width:
            wide, tall = rng.randrange(38, 120), rng.randrange(60, 230) * (1.0 - 0.22 * row)
            top = int(horizon + 26 * row - tall)
            edge = [top if x <= column < x + wide else canvas.height for column in range(canvas.width)]
            canvas.below(face, edge, canvas.height - top)
            _windows(canvas, x, top, wide, lit, 0.75 if light is NIGHT else 0.6)
            x += wide + rng.randrange(2, 26)
    canvas.box(0, canvas.height - 34, canvas.width, canvas.height, canvas.colour(light.dark))


def night(canvas: Canvas, light: Light) -> None:
    """The town after dark."""
    town(canvas, light)


def train(canvas: Canvas, light: Light) -> None:
    """A goods train across the steppe."""
    horizon = int(canvas.height * 0.58)
    sky(canvas, light, horizon)
    ridges(canvas, light, horizon, 4, 0.3)
    plain(canvas, light, horizon)
    rng = canvas.rng
    rail = int(canvas.height * 0.74)
    bank, dark = canvas.colour(mix(light.ground[1], light.dark, 0.35)), canvas.colour(light.dark)
    canvas.box(0, rail, canvas.width, rail + 20, bank)
    colours = [
        canvas.colour(mix(c, light.far, 0.25))
        for c in ((166, 64, 46), (44, 94, 128), (202, 152, 60), (86, 112, 84))
    ]
    x = canvas.width * rng.uniform(0.02, 0.2)
    canvas.box(x, rail - 62, x + 132, rail - 12, canvas.colour(mix(light.accent, light.dark, 0.15)))
    canvas.box(x + 12, rail - 54, x + 34, rail - 36, canvas.colour(mix(light.sky[1], light.sun, 0.4)))
    canvas.box(x, rail - 26, x + 132, rail - 20, canvas.colour(light.sun))
    starts = [x]
    x += 140
    while x < canvas.width:
        canvas.box(x, rail - 54, min(canvas.width, x + 96), rail - 12, rng.choice(colours))
        canvas.box(x + 47, rail - 54, x + 49, rail - 12, dark)
        starts.append(x)
        x += 104
    for start in starts:
        for wheel in (14, 32, 64, 82):
            canvas.disc(start + wheel, rail - 6, 8, dark)
    canvas.box(0, rail + 1, canvas.width, rail + 4, dark)


def turbines(canvas: Canvas, light: Light) -> None:
    """Wind turbines on a ridge, and panels below them on some."""
    horizon = int(canvas.height * 0.66)
    sky(canvas, light, horizon)
    ridges(canvas, light, horizon, 3, 0.28)
    plain(canvas, light, horizon, 18)
    rng = canvas.rng
    white = canvas.colour(mix(light.sun, (255, 255, 255), 0.6))
    for number in range(rng.randint(4, 7)):
        near = 0.45 + 0.55 * rng.random()
        x, foot = canvas.width * (0.08 + 0.14 * number) + rng.uniform(-20, 20), horizon + 70 * near
        tall, blade, turn = 260 * near, 96 * near, rng.random() * 2
        canvas.triangle(x, foot - tall, foot, x - 5 * near, x + 5 * near, white)
        for arm in range(3):
            angle = turn + arm * math.tau / 3
            end = (x + blade * math.cos(angle), foot - tall + blade * math.sin(angle))
            canvas.line(x, foot - tall, *end, white, 4.5 * near)
    if rng.random() < 0.5:
        _panels(canvas, light, horizon + 90)


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


def craft(canvas: Canvas, light: Light) -> None:
    """A carpet: a border, and rows of stepped diamonds."""
    rng = canvas.rng
    field, border, pale = rng.choice(
        (((138, 34, 38), (28, 42, 72), (232, 212, 170)), ((30, 74, 92), (120, 44, 36), (238, 222, 180)),
         ((98, 30, 46), (188, 132, 52), (240, 226, 196)))
    )  # fmt: skip
    inks = [canvas.colour(c) for c in (field, border, pale, mix(field, (0, 0, 0), 0.4), light.accent)]
    canvas.gradient(canvas.ramp(field, mix(field, (0, 0, 0), 0.18)), 0, canvas.height)
    for inset, ink in ((0, 1), (34, 2), (40, 3), (62, 2), (66, 0)):
        canvas.box(inset, inset, canvas.width - inset, canvas.height - inset, inks[ink])
    for row in range(3):
        for column in range(6):
            x, y = 140 + column * 136, 130 + row * 140
            for radius, ink in ((62, 2), (54, 1), (38, 4), (24, 3), (12, 2)):
                _diamond(canvas, x, y, radius, inks[ink])
    for place in range(17, canvas.width - 16, 30):
        for y in (17, canvas.height - 17):
            _diamond(canvas, place, y, 12, inks[2])


def _diamond(canvas: Canvas, x: float, y: float, radius: int, colour: int) -> None:
    step = 6
    for column in range(-radius, radius, 2):
        reach = (radius - abs(column)) // step * step
        canvas.box(x + column, y - reach, x + column + 2, y + reach, colour)


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


def _trees(canvas: Canvas, light: Light, foot: int) -> None:
    """A line of poplars."""
    rng = canvas.rng
    leaf = [canvas.colour(mix(light.near, (62, 92, 48), part)) for part in (0.3, 0.6)]
    start, end = sorted(rng.sample(range(0, canvas.width, 40), 2))
    for x in range(start, max(end, start + 160), 19):
        tall = rng.uniform(46, 84)
        canvas.triangle(x, foot - tall, foot - 4, x - 8, x + 8, leaf[x % 2])


def _awnings(canvas: Canvas, light: Light, top: int) -> None:
    rng = canvas.rng
    cloth = ((178, 58, 44), (222, 164, 62), (40, 110, 120), (96, 122, 62), (150, 70, 110))
    pale, dark = canvas.colour(mix(light.sun, (240, 230, 210), 0.5)), canvas.colour(light.dark)
    x = -30
    while x < canvas.width:
        wide, colour = rng.randrange(110, 190), canvas.colour(mix(rng.choice(cloth), light.far, 0.15))
        canvas.box(max(0, x), top + 46, min(canvas.width, x + wide), canvas.height, dark)
        for stripe in range(0, wide, 18):
            ink = colour if stripe // 18 % 2 else pale
            left, right = max(0, x + stripe), min(canvas.width, x + stripe + 18)
            canvas.box(left, top, right, top + 52, ink)
            canvas.disc(x + stripe + 9, top + 52, 9, ink)
        for _ in range(wide // 3):
            fruit = canvas.colour(mix(rng.choice(cloth), light.sun, 0.2))
            canvas.disc(
                x + rng.randrange(8, wide), canvas.height - rng.randrange(4, 46), rng.uniform(5, 9), fruit
            )
        x += wide + 14


def _windows(canvas: Canvas, left: int, top: int, wide: int, lit: int, most: float) -> None:
    rng = canvas.rng
    for x in range(left + 7, left + wide - 9, 13):
        for y in range(top + 10, canvas.height - 44, 18):
            if rng.random() < most * 0.6:
                canvas.box(max(0, x), y, min(canvas.width, x + 6), y + 9, lit)


def _panels(canvas: Canvas, light: Light, top: int) -> None:
    blue, edge = (
        canvas.colour(mix((30, 52, 96), light.sky[0], 0.2)),
        canvas.colour(mix(light.sky[1], light.sun, 0.3)),
    )
    for row in range(3):
        size, y = 46 + 22 * row, top + row * 36
        for x in range(-10 + 9 * row, canvas.width, size + 10):
            canvas.box(max(0, x), y, min(canvas.width, x + size), y + 18 + 4 * row, blue)
            canvas.box(max(0, x), y, min(canvas.width, x + size), y + 2, edge)


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


SCENES: Mapping[str, Scene] = {
    scene.__name__: scene
    for scene in (mountains, road, lake, dam, fields, bazaar, town, night, train, turbines, dunes, craft)
}
