"""Picture bombs, torn and damaged pictures: none crashes, none takes a second, none fills the memory."""

from __future__ import annotations

import math

import pytest

from tests.faults import pictures
from tests.faults.apart import figures


@pytest.mark.timeout(500)
def test_no_picture_crashes_freezes_or_fills_the_memory(long):
    found = figures("pictures", 2_000 if long else 500)
    assert found["failed"] == [], found
    assert found["bombs"] >= 25
    assert found["pictures"] >= 500 + found["bombs"]
    assert found["shown"] > 50, "nothing reached a decoder"
    assert math.isnan(found["most_mb"]) or found["most_mb"] < pictures.MOST_MB
