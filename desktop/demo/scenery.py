"""Skies, mountains and plains, in several lights: what every picture of the demo begins with."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from desktop.demo.canvas import Canvas, Colour, mix


@dataclass(frozen=True, slots=True)
class Light:
    """The colours of a time of day."""

    sky: tuple[Colour, Colour]  # top, horizon
    sun: Colour
    far: Colour  # the farthest mountains
    near: Colour  # the nearest hills
    ground: tuple[Colour, Colour]  # at the horizon, at our feet
    accent: Colour
    dark: Colour  # silhouettes


LIGHTS = (
    Light(((86, 143, 196), (226, 232, 222)), (255, 250, 224), (150, 172, 196), (84, 104, 92),
          ((176, 168, 112), (116, 104, 58)), (196, 84, 48), (44, 48, 52)),  # a clear day
    Light(((38, 44, 92), (246, 158, 98)), (255, 226, 150), (142, 104, 128), (58, 42, 66),
          ((150, 96, 72), (62, 40, 44)), (240, 190, 90), (26, 20, 34)),  # dusk
    Light(((240, 200, 168), (252, 236, 210)), (255, 255, 246), (210, 176, 160), (140, 106, 92),
          ((214, 180, 134), (164, 122, 82)), (40, 116, 124), (66, 50, 48)),  # dust and morning
    Light(((24, 62, 92), (150, 204, 206)), (246, 252, 240), (104, 148, 164), (30, 72, 84),
          ((92, 126, 96), (40, 70, 60)), (232, 166, 60), (14, 34, 44)),  # after rain
    Light(((120, 160, 204), (238, 240, 246)), (255, 255, 255), (178, 190, 212), (110, 126, 150),
          ((232, 236, 242), (196, 206, 220)), (180, 60, 52), (56, 62, 80)),  # winter
    Light(((12, 16, 44), (52, 60, 110)), (240, 240, 220), (44, 52, 92), (20, 24, 50),
          ((34, 36, 62), (16, 16, 32)), (246, 196, 92), (8, 10, 24)),  # night
)  # fmt: skip
NIGHT = LIGHTS[-1]


def noise(rng: random.Random, width: int, step: float, rough: float = 0.5, octaves: int = 5) -> list[float]:
    """Value noise in one dimension, within 0 and 1: hills `step` wide with smaller ones on them."""
    total = [0.0] * width
    weight, whole = 1.0, 0.0
    for _ in range(octaves):
        knots = [rng.random() for _ in range(int(width / step) + 3)]
        for x in range(width):
            place = x / step
            left = int(place)
            part = place - left
            part = part * part * (3 - 2 * part)
            total[x] += weight * (knots[left] * (1 - part) + knots[left + 1] * part)
        whole += weight
        weight, step = weight * rough, max(2.0, step / 2.1)
    return [value / whole for value in total]


def sky(canvas: Canvas, light: Light, horizon: int) -> None:
    """The sky down to the horizon, with the sun or the moon, and stars at night or thin clouds by day."""
    rng = canvas.rng
    top, low = light.sky
    canvas.gradient(canvas.ramp(top, low, 56), 0, horizon)
    x, y = canvas.width * rng.uniform(0.15, 0.85), horizon * rng.uniform(0.22, 0.7)
    radius = canvas.height * rng.uniform(0.04, 0.075)
    if light is NIGHT:
        _stars(canvas, horizon)
        y, radius = horizon * 0.25, canvas.height * 0.045
    else:
        around = mix(top, low, y / horizon)
        for part in (1.9, 1.45):
            canvas.disc(
                x, y, radius * part, canvas.colour(mix(around, light.sun, 0.30 if part > 1.5 else 0.55))
            )
        _clouds(canvas, light, horizon)
    canvas.disc(x, y, radius, canvas.colour(light.sun))


def ridges(
    canvas: Canvas, light: Light, horizon: int, count: int, height: float = 0.34, snow: bool = True
) -> None:
    """Ranges one before the other, the far ones pale and high, with snow on the farthest tops."""
    rng = canvas.rng
    white = canvas.ramp(mix(light.sun, light.far, 0.15), mix(light.far, light.sun, 0.3), 6)
    for number in range(count):
        share = number / max(1, count - 1)
        rise = canvas.height * height * (1 - 0.72 * share)
        shape = noise(rng, canvas.width, canvas.width / (3.2 + 1.6 * number), 0.52)
        edge = [int(horizon - rise * value**1.25 - 4) for value in shape]
        body = mix(light.far, light.near, share)
        haze = mix(body, light.sky[1], 0.55 - 0.3 * share)
        shades = canvas.ramp(body, haze, 16)
        canvas.below(shades, edge, int(rise * 0.9), horizon)
        if snow and number == 0 and light is not NIGHT:
            _snow(canvas, white, edge, horizon - int(rise * 0.42))
        rim = canvas.colour(mix(body, light.sun, 0.22 if light is not NIGHT else 0.06))
        for x, y in enumerate(edge):
            canvas.column(x, y, y + 2, rim)


def plain(canvas: Canvas, light: Light, horizon: int, stripes: int = 26) -> None:
    """The ground from the horizon to our feet, with bands of grass that widen as they come near."""
    rng = canvas.rng
    far, near = light.ground
    canvas.gradient(canvas.ramp(far, near, 40), horizon, canvas.height)
    depth = canvas.height - horizon
    waves = [noise(rng, canvas.width + 400, canvas.width / 2.5, 0.5, 3) for _ in range(5)]
    for _ in range(stripes):
        share = rng.random() ** 1.7
        y = horizon + depth * share
        tone = mix(
            mix(far, near, share), light.near if rng.random() < 0.5 else light.sun, rng.uniform(0.06, 0.2)
        )
        wave = rng.choice(waves)[rng.randrange(400) :][: canvas.width]
        thick = 1 + 9 * share
        colour = canvas.colour(mix(tone, far, 0.2))
        for x, value in enumerate(wave):
            if value > 0.42:
                middle = y + (value - 0.5) * 22 * share
                canvas.column(x, middle, middle + thick * (value - 0.4) * 2.4 + 1, colour)


def curve(x: float, bend: float) -> float:
    """A bend for roads and rivers: 0 at the horizon, 1 at our feet."""
    return x * x * (1 + bend * math.sin(x * 5.2) * (1 - x))


def _stars(canvas: Canvas, horizon: int) -> None:
    for _ in range(150):
        bright = canvas.colour(mix((60, 70, 120), (250, 250, 240), canvas.rng.random() ** 2))
        x, y = canvas.rng.randrange(canvas.width), canvas.rng.random() * horizon * 0.85
        canvas.column(x, y, y + 1.8, bright)


def _clouds(canvas: Canvas, light: Light, horizon: int) -> None:
    rng = canvas.rng
    for _ in range(rng.randint(1, 4)):
        y, thick = horizon * rng.uniform(0.12, 0.72), rng.uniform(8, 26)
        tone = canvas.colour(
            mix(mix(light.sky[0], light.sky[1], y / horizon), light.sun, rng.uniform(0.2, 0.42))
        )
        start, length = rng.randrange(-100, canvas.width), rng.randrange(160, 520)
        puffs = noise(rng, length, 70, 0.5, 3)
        for offset, value in enumerate(puffs):
            swell = math.sin(math.pi * offset / length) * value
            canvas.column(start + offset, y - thick * swell, y + thick * 0.25 * swell + 1, tone)


def _snow(canvas: Canvas, white: Sequence[int], edge: Sequence[int], line: int) -> None:
    teeth = noise(canvas.rng, canvas.width, 14, 0.7, 3)
    for x, y in enumerate(edge):
        bottom = line + (teeth[x] - 0.5) * 60
        if y < bottom:
            canvas.column(x, y, bottom, white[min(len(white) - 1, int(6 * teeth[x]))])
