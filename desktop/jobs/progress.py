"""What long work tells of itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """How far some work is; `running` False means that none runs."""

    running: bool = False
    done: int = 0
    total: int = 0
    label: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that the person should know: what happened, and what to do. `source_id` 0: no single source.
    A `lasting` one is told until the person has looked at it."""

    message: str
    remedy: str = ""
    source_id: int = 0
    lasting: bool = False
