"""Each fuzz target holds on what it starts from, on what broke it once, and on a few hundred seeded damages.

`python -m tests.fuzz` looks for more; with --long it does so here, for 30 seconds a target.
"""

from __future__ import annotations

import logging
import random
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS

ROOT = Path(__file__).resolve().parents[2]
# So that each takes a second or two.
TURNS = {"picture": 6000, "date": 4000, "page": 60, "search": 700, "sanitiser": 900, "discovery": 700}
USUAL = 800


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Libraries tell of every damage."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("name", TARGETS)
def test_it_holds_on_known_and_on_damaged_inputs(name: str) -> None:
    target, draw = TARGETS[name], random.Random(20261130)
    assert target.seeds
    for number, body in enumerate([b"", *target.seeds]):
        _hold(name, body, f"start {number}")
    for number in range(TURNS.get(name, USUAL)):
        _hold(name, target.mutant(draw), f"damage {number}")


def _hold(name: str, body: bytes, which: str) -> None:
    try:
        TARGETS[name].run(body)
    except Exception as fault:
        raise AssertionError(f"{name}, {which}: {body[:2000]!r}") from fault


@pytest.mark.long
@pytest.mark.timeout(120)
@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris is for Linux")
@pytest.mark.parametrize("name", TARGETS)
def test_half_a_minute_of_guided_search_breaks_nothing(name: str) -> None:
    command = [sys.executable, "-m", "tests.fuzz", name, "--seconds", "30"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
