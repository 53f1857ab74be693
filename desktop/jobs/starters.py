"""The starter set that ships with the program: resources/starters.json."""

from __future__ import annotations

import json

from desktop.core.models import SourceKind
from desktop.core.starters import Starter
from desktop.paths import resource


def starters() -> tuple[Starter, ...]:
    """The sources that are offered at the first start."""
    rows = json.loads(resource("starters.json").read_text("utf-8"))
    return tuple(Starter(**{**row, "kind": SourceKind(row["kind"])}) for row in rows)
