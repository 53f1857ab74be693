"""Tables for articles: harvests by region and prices at markets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape

from desktop.demo.posts import Post
from desktop.demo.texts import Voice

_CROPS = (
    "Wheat", "Barley", "Cotton", "Rice", "Potatoes", "Onions", "Melons", "Apricots", "Grapes",
)  # fmt: skip
_GOODS = (
    ("Flour", 0.5, 0.9), ("Rice", 1.1, 1.9), ("Beef", 6.5, 9.5), ("Onions", 0.3, 0.8),
    ("Eggs, ten", 1.0, 1.7), ("Sugar", 0.8, 1.2), ("Vegetable oil", 1.5, 2.3), ("Apples", 0.7, 1.6),
)  # fmt: skip


def table_of(post: Post, voice: Voice) -> str:
    """A block with a table, for some articles on harvests (two years) and prices (two towns); else nothing."""
    make = _TABLES.get(post.plan.theme.name)
    if make is None or post.id % 3 == 0:
        return ""
    rows = make(voice)
    head = "".join(f"<th>{escape(cell)}</th>" for cell in rows[0])
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows[1:])
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<figure class="wp-block-table">{table}</figure>'


def _harvest(voice: Voice) -> list[list[str]]:
    rows = [["Crop, thousand tonnes", voice.say("{last_year}"), voice.say("{year}"), "Change"]]
    for crop in voice.rng.sample(_CROPS, 5):
        before = voice.rng.randint(80, 2400)
        after = round(before * voice.rng.uniform(0.84, 1.2))
        change = (after / before - 1) * 100
        rows.append([crop, f"{before:,}", f"{after:,}", f"{change:+.1f} %".replace("-", "\u2212")])
    return rows


def _prices(voice: Voice) -> list[list[str]]:
    rows = [["Dollars a kilogram", voice.say("{city}"), voice.say("{town}")]]
    for name, low, high in voice.rng.sample(_GOODS, 5):
        rows.append([name, f"{voice.rng.uniform(low, high):.2f}", f"{voice.rng.uniform(low, high):.2f}"])
    return rows


_TABLES: Mapping[str, Callable[[Voice], list[list[str]]]] = {
    "harvest": _harvest,
    "canals": _harvest,
    "shops": _prices,
    "food": _prices,
    "currency": _prices,
}
