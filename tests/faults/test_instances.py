"""Twenty at once, five times: one of them writes."""

from __future__ import annotations

import os

import pytest

from tests.faults import instances
from tests.faults.apart import figures


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no forks")
@pytest.mark.timeout(600)
def test_of_twenty_at_once_one_writes_and_the_others_say_so() -> None:
    found = figures("instances")
    assert found["failed"] == []
    assert found["writers"] == [1] * instances.ROUNDS


@pytest.mark.long
@pytest.mark.timeout(600)
def test_of_twenty_windows_started_at_once_one_opens_and_the_others_go_to_it() -> None:
    found = instances.windows()
    assert found == {"open": 1, "handed over": instances.POINTS - 1, "told": 0, "failed": []}
