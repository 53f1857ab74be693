"""The part of a publisher's styling that is kept: colours of text and ground, and alignment.

Kept HTML has it in one spelling, "color:#rrggbb;background-color:#rrggbb;text-align:center". It is shown only for
sources that the person chose so, and a colour only where it can be read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from desktop.core.html.contrast import Rgb, contrast

STYLED = frozenset(
    [
        "p",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "span",
        "div",
        "td",
        "th",
        "li",
        "b",
        "strong",
        "i",
        "em",
        "u",
        "blockquote",
    ]
)
LEAST_CONTRAST = 4.5
_LONGEST = 2_000
_COLOR_NAMES = {
    "black": "#000000", "white": "#ffffff", "red": "#ff0000", "green": "#008000", "blue": "#0000ff",
    "yellow": "#ffff00", "gray": "#808080", "grey": "#808080", "silver": "#c0c0c0", "maroon": "#800000",
    "olive": "#808000", "lime": "#00ff00", "aqua": "#00ffff", "teal": "#008080", "navy": "#000080",
    "fuchsia": "#ff00ff", "purple": "#800080", "orange": "#ffa500",
}  # fmt: skip
_SHORT = re.compile(r"#([0-9a-f])([0-9a-f])([0-9a-f])")
_RGB = re.compile(r"rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)")
_ALIGNMENTS = frozenset({"left", "right", "center", "justify"})
_PROPERTIES = ("color", "background-color", "text-align")


def kept_style(attributes: Mapping[str, str]) -> str:
    """What is kept of the `style` and `align` of an element; "" for nothing."""
    if "style" not in attributes and "align" not in attributes:
        return ""
    declared = {"text-align": attributes.get("align", "")}
    for declaration in attributes.get("style", "")[:_LONGEST].split(";"):
        name, _, value = declaration.partition(":")
        declared[name.strip().lower()] = value.replace("!important", "")
    declared.setdefault("background-color", declared.get("background", ""))
    alignment = declared["text-align"].strip().lower()
    found = {
        "color": _hex(declared.get("color", "")),
        "background-color": _hex(declared["background-color"]),
        "text-align": alignment if alignment in _ALIGNMENTS else "",
    }
    return ";".join(f"{name}:{found[name]}" for name in _PROPERTIES if found[name])


def _hex(value: str) -> str:
    color = value.strip().lower()
    color = _COLOR_NAMES.get(color, color)
    if short := _SHORT.fullmatch(color):
        return "#" + "".join(part * 2 for part in short.groups())
    if (parts := _RGB.fullmatch(color)) and all(int(part) < 256 for part in parts.groups()):
        return "#" + "".join(f"{int(part):02x}" for part in parts.groups())
    return color if re.fullmatch(r"#[0-9a-f]{6}", color) else ""


@dataclass(frozen=True, slots=True)
class Inks:
    """The colours of text and of what is behind it, as #rrggbb."""

    text: str
    ground: str

    @property
    def legible(self) -> bool:
        """Whether the text can be read."""
        return contrast(_rgb(self.text), _rgb(self.ground)) >= LEAST_CONTRAST


def shown_style(style: str, around: Inks) -> tuple[dict[str, str], Inks]:
    """Attributes for QTextDocument from a kept style, and the colours within the element.

    A ground goes when text cannot be read on it, then a text colour that cannot be read on the ground around.
    """
    declared = dict(part.split(":", 1) for part in style.split(";") if ":" in part)
    color, ground = declared.get("color", ""), declared.get("background-color", "")
    inks = Inks(color or around.text, ground or around.ground)
    if not inks.legible and ground:
        ground, inks = "", replace(inks, ground=around.ground)
    if not inks.legible:
        color, inks = "", around
    css = [f"color:{color}" if color else "", f"background-color:{ground}" if ground else ""]
    attributes = {"style": ";".join(filter(None, css)), "align": declared.get("text-align", "")}
    return {name: value for name, value in attributes.items() if value}, inks


def _rgb(color: str) -> Rgb:
    red, green, blue = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue
