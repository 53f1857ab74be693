"""Kills while a person reads on: nothing that was said to be done is lost, and the next start is as any other."""

from __future__ import annotations

import os

import pytest

from tests.faults.apart import figures
from tests.faults.kills import POINTS, SCENES

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no forks")


@pytest.mark.timeout(3000)
def test_a_kill_at_any_moment_loses_nothing_that_was_done(long: bool) -> None:
    points = POINTS * 25 if long else POINTS // 4
    found = figures("kills", points)
    assert found["failed"] == []
    assert set(found["killed"]) == set(SCENES)
    assert sum(found["killed"].values()) > points * 3 // 4
    assert found["acknowledged acts"] > points
    assert found["slowest start, s"] < 3
    assert found["windows"] >= (len(SCENES) // 2 if long else 1)
    assert found["slowest window, s of processor"] < 3
