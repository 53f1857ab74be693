"""What a walk through an archive would bring, what it tells, and what it came to. Light to import."""

from __future__ import annotations

from dataclasses import dataclass, field

from desktop.core.coverage import Coverage
from desktop.core.errors import AppError
from desktop.core.models import Changes


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a walk would bring and take; None for what nothing tells. `size` in bytes, on disk, pictures included."""

    articles: int | None
    requests: int | None
    size: int | None


@dataclass(frozen=True, slots=True)
class Filled:
    """A page of an archive was stored: what it changed, and how many articles have come of about how many."""

    changes: Changes
    done: int
    total: int | None


@dataclass(slots=True)
class Backfilled:
    """What a walk came to. `complete`: no gap is left, and the source has nothing older (than the day asked for)."""

    new: int = 0
    updated: int = 0
    withdrawn: int = 0
    requests: int = 0
    complete: bool = False
    stopped: bool = False
    error: AppError | None = None
    coverage: Coverage = field(default_factory=Coverage)
