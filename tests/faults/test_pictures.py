"""Picture bombs, torn and damaged pictures: none crashes, none takes a second, none fills the memory."""

from __future__ import annotations

import math

import pytest

from tests.faults import pictures


@pytest.mark.timeout(500)
@pytest.mark.qt_log_level_fail("CRITICAL")  # the decoders complain of what they are given
def test_no_picture_crashes_freezes_or_fills_the_memory(qapp, long):
    figures = pictures.run(seed=1, points=2_000 if long else 500)
    assert figures["failed"] == [], figures
    assert figures["bombs"] >= 25
    assert figures["pictures"] >= 500 + figures["bombs"]
    assert figures["shown"] > 50, "nothing reached a decoder"
    assert math.isnan(figures["most_mb"]) or figures["most_mb"] < pictures.MOST_MB
