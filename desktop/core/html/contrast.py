"""Contrast of colours as WCAG 2 reckons it."""

from __future__ import annotations

from functools import lru_cache

Rgb = tuple[float, float, float]  # red, green, blue, 0 to 1


@lru_cache(1_000)  # of the dozen colours of a window, asked for with every line that is painted
def luminance(color: Rgb) -> float:
    """The relative luminance, 0 for black to 1 for white."""
    red, green, blue = (_linear(part) for part in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Rgb, other: Rgb) -> float:
    """The contrast ratio, 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
