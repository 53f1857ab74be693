"""The pictures of the demo: one drawing for each kind of scene, the same for the same name."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from functools import lru_cache

from desktop.demo.canvas import Canvas
from desktop.demo.figures import FULL
from desktop.demo.scenery import LIGHTS, NIGHT, Light
from desktop.demo.scenes_built import bazaar, craft, night, town, train, turbines
from desktop.demo.scenes_land import dam, dunes, fields, lake, mountains, road

Scene = Callable[[Canvas, Light], None]
SCENES: Mapping[str, Scene] = {
    scene.__name__: scene
    for scene in (mountains, road, lake, dam, fields, bazaar, town, night, train, turbines, dunes, craft)
}


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
