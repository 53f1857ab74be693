"""Clocks that jump or are wrong: nothing is lost, nothing waits for years, nobody is asked in a storm."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults import clocks

EVERY_DAY = ("after 2038", "400 days back", "an hour twice", "right again")


@pytest.mark.parametrize("name", clocks.JUMPS)
def test_a_jump_of_the_clock_neither_loses_nor_delays_nor_floods(tmp_path: Path, name: str):
    assert clocks.jump(tmp_path, name) == []


@pytest.mark.timeout(600)  # eight processes, one after another
def test_the_command_line_and_the_window_work_under_wrong_clocks(tmp_path: Path, long: bool):
    chosen = [clock for clock in clocks.CLOCKS if long or clock.name in EVERY_DAY]
    assert list(clocks.live(tmp_path, chosen)) == []
