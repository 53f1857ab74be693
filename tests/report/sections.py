"""What the page tells of: each line is a command that prints its figures as JSON, or a part of the tests."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to show. `command` is run with this Python; it prints JSON with how many `failed`, or it is pytest."""

    what: str
    wanted: str
    command: tuple[str, ...]

    @property
    def name(self) -> str:
        """What `--only` calls it."""
        return self.command[-1] if self.is_tests else "-".join(self.command[1:3])

    @property
    def is_tests(self) -> bool:
        """Whether it is counted in tests that pass."""
        return self.command[0] == "pytest"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page."""

    title: str
    lines: tuple[Line, ...]


def _fault(group: str, what: str, wanted: str, *options: str) -> Line:
    return Line(what, wanted, ("tests.faults", group, *options))


def _tests(what: str, wanted: str, *paths: str) -> Line:
    return Line(what, wanted, ("pytest", "-q", *paths))


SECTIONS = (
    Section(
        "What comes from outside",
        (
            _fault("misbehaving", "Misbehaving servers", "every outcome as expected, none past its deadline"),
            _fault("private_addresses", "Private addresses asked for by public documents", "none connects"),
            _fault("links", "Links to open", "every decision right"),
        ),
    ),
)
