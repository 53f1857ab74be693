"""The scripts of misbehaving servers, all of them, and what each of them has to come to."""

from __future__ import annotations

import math

import pytest

from tests.faults import misbehaving

pytestmark = pytest.mark.timeout(300)  # on a busy machine too


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(2, 22))
def test_every_script_comes_to_its_right_end_in_any_order(seed: int):
    assert misbehaving.run(seed)["wrong"] == {}


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_a_server_that_says_nothing_is_left_when_the_deadline_of_a_feed_is_over():
    played = misbehaving.patient()
    assert {each.case.name: each.over for each in played if each.over > misbehaving.GRACE} == {}
    assert all("the error" in " ".join(each.faults) or not each.faults for each in played)
    ran = [each.seconds for each in played]
    assert len(ran) >= 18
    assert max(ran) > misbehaving.FEED.deadline_s / 2, "nothing came near its deadline"


def test_every_script_of_a_misbehaving_server_comes_to_its_right_end():
    figures = misbehaving.run(seed=1)
    assert figures["wrong"] == {}
    assert figures["right"] == figures["scripts"] >= 300
    assert figures["longest_over_deadline_s"] <= 1
    for memory, most in ("memory_mb", 60), ("memory_of_six_at_once_mb", 120):
        assert math.isnan(figures[memory]) or figures[memory] < most
