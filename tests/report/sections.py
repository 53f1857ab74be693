"""What the page tells of: each line is a command that prints its figures as JSON, or a part of the tests."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to show. `command` is run with this Python; it prints JSON with how many `failed`, or counts."""

    what: str
    wanted: str
    command: tuple[str, ...]

    @property
    def name(self) -> str:
        """The first words of the command."""
        return " ".join(self.command[:2]) if self.command[0] == "tests.faults" else self.command[0]

    @property
    def is_counted(self) -> bool:
        """Whether it says in words how many passed: pytest, and the fuzzing."""
        return self.command[0] in ("pytest", "tests.fuzz")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page."""

    title: str
    lines: tuple[Line, ...]
    is_alone: bool = False  # it measures time, so nothing else may run meanwhile
    is_long: bool = False  # run only when it is named


def _fault(group: str, what: str, wanted: str, *options: str) -> Line:
    return Line(what, wanted, ("tests.faults", group, *options))


def _tests(what: str, wanted: str, *words: str) -> Line:
    return Line(what, wanted, ("pytest", "-q", *words))


SECTIONS = (
    Section(
        "The store, whatever happens to the machine",
        (
            _fault(
                "kills",
                "Ended by kill -9 while it refreshes, marks, packs, migrates, restores",
                "whole; no mark that was acknowledged lost; the next start under 3 s",
            ),
            _fault(
                "cuts",
                "Power cuts, by its recorded writes: what was not synced dropped, reordered, torn",
                "none damaged, no mark lost, no validator newer than its articles",
            ),
            _fault(
                "disks",
                "Full disks, read-only and missing folders",
                "said plainly, and over when space is back",
            ),
            _fault(
                "damage",
                "Damaged stores",
                "each starts; the damaged file is kept; marks of at most a day ago lost",
            ),
            _fault("instances", "Started many times at once", "one writes"),
            _fault("rights", "Files and sockets as another user", "nothing can be read or asked"),
        ),
    ),
    Section(
        "What comes from outside",
        (
            _fault(
                "misbehaving", "Misbehaving servers", "each as expected, none past its deadline and a second"
            ),
            _fault("private_addresses", "Private addresses asked for by public documents", "none connects"),
            _fault("links", "Links to open", "every decision right"),
            _fault(
                "hostile_html",
                "HTML made for Qt, and bombs of layout",
                "no load but from our cache, no stall over 100 ms",
            ),
            _tests(
                "Twelve hostile strings in every text of every window",
                "none is taken for HTML, loads anything, or is shown otherwise than it was written",
                "tests/ui/test_hostile_strings.py",
            ),
            _fault("pictures", "Bombs, torn and mutated pictures", "no crash, none over 1 s, memory bounded"),
            _fault("planted_secrets", "Secrets in addresses, headers and passwords", "found nowhere"),
            _tests("Damaged documents on their whole way", "no fault, none over 2 s", "tests/fuzz"),
            Line(
                "Fuzzing, 30 s for each reader",
                "every target holds",
                ("tests.fuzz", "--seconds", "30"),
            ),
        ),
    ),
    Section(
        "Time and numbers",
        (
            _fault(
                "rates",
                "Wrong rates in documents of the true shape",
                "never shown; real devaluations get through",
            ),
            _fault("clocks", "Clocks that are wrong, turned or stopped", "as if they were right"),
            _fault(
                "three_clocks",
                "Unit and property tests under three other clocks, by libfaketime",
                "green under each; skipped where there is no libfaketime",
            ),
            _fault("agreement", "Random acts: list, sidebar and store agree", "after every step"),
            _fault(
                "longrun",
                "Simulated days with failures and a random user",
                "memory, descriptors, threads and the log stay bounded",
            ),
        ),
    ),
    Section(
        "Polite by the public table",
        (
            _fault(
                "politeness",
                "FRB001 to FRB090 over 48 simulated hours, 300 feeds on 40 hosts",
                "each holds or does not apply",
            ),
        ),
    ),
    Section(
        "Light",
        (
            Line(
                "Start, memory, an hour of use, ticker, refresh, reading, search, marks",
                "the goals in the table",
                ("tests.bench.light", "--articles", "20000", "200000"),
            ),
            _tests(
                "The window while 100 feeds bring 5,000 articles into 200,000",
                "no step of its thread over 50 ms",
                "--long",
                "tests/bench/test_loop_bench.py",
            ),
        ),
        is_alone=True,
    ),
    Section(
        "Beside other readers",
        (
            Line(
                "100 feeds of 50 articles in each reader that is installed, in turn; none of the others keeps an index",
                "less than the best of them",
                ("tests.bench.light.peers",),
            ),
        ),
        is_alone=True,
    ),
    Section(
        "With a million articles",
        (
            Line(
                "Start, memory, reading, search, marks",
                "the goals in the table",
                (
                    "tests.bench.light",
                    "--articles",
                    "20000",
                    "1000000",
                    "--only",
                    "starts",
                    "rest",
                    "reading",
                    "marks",
                ),
            ),
        ),
        is_alone=True,
        is_long=True,
    ),
)
