"""What reads the clock, under three clocks of libfaketime; with --long all unit and property tests."""

from __future__ import annotations

import pytest

from tests.faults import three_clocks
from tests.faults.clocks import Clock


@pytest.mark.timeout(three_clocks.SECONDS)
@pytest.mark.parametrize("clock", three_clocks.CLOCKS, ids=lambda clock: clock.name.replace(" ", "-"))
def test_the_tests_are_green_under_another_clock(clock: Clock, long: bool) -> None:
    faketime = three_clocks.library()
    if faketime is None:
        pytest.skip("libfaketime is not installed")
    tests, options = (three_clocks.SUITE, three_clocks.SIDE_BY_SIDE) if long else (three_clocks.PART, ())
    passed, failed = three_clocks.tests_under(clock, faketime, tests, *options)
    assert failed == []
    assert passed > (3_000 if long else 80)
