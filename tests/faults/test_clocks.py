"""Clocks that jump or are wrong: nothing is lost, nothing waits for years, nobody is asked in a storm."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults import clocks


@pytest.mark.parametrize("name", clocks.JUMPS)
def test_a_jump_of_the_clock_neither_loses_nor_delays_nor_floods(tmp_path: Path, name: str):
    assert clocks.jump(tmp_path, name) == []
