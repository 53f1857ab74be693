"""Scenes of what people made: bazaars, towns, trains, wind turbines, carpets."""

from __future__ import annotations

import math

from desktop.demo.canvas import Canvas, mix
from desktop.demo.scenery import NIGHT, Light, plain, ridges, sky


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
