"""One line of the figures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured and found, and the most that is wanted; a goal of None is for information."""

    what: str
    found: float
    unit: str
    goal: float | None = None

    @property
    def met(self) -> bool:
        """Whether the goal is met."""
        return self.goal is None or self.found <= self.goal

    def as_json(self) -> dict[str, object]:
        """For the report."""
        return {
            "what": self.what,
            "found": round(self.found, 3),
            "unit": self.unit,
            "goal": self.goal,
            "met": self.met,
        }
