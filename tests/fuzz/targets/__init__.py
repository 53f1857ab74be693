"""The fuzz targets by name, one for each reader of what comes from outside."""

from __future__ import annotations

from tests.fuzz.targets import frames, lists, news, pages, pictures, rates, words
from tests.fuzz.targets.target import Target

TARGETS = {
    target.name: target
    for module in (news, lists, rates, pages, pictures, words, frames)
    for target in module.TARGETS
}
__all__ = ["TARGETS", "Target"]
