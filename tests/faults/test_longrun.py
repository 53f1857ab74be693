"""Days with a failing publisher and a person who does anything: list, sidebar and store agree, and nothing grows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults import agreement, longrun


def test_list_and_sidebar_agree_with_the_store_over_days_and_nothing_grows(tmp_path: Path):
    others = len(list(Path("/proc/self/fd").iterdir()))  # of the tests before
    figures = longrun.live(tmp_path, 3, lambda day: day == 6, feeds=6, acts=12)
    assert figures["failed"] == []
    assert figures["acts"] == 6 * 8 * 12
    assert figures["requests_failed"] > 10
    assert_is_steady(figures, others)


@pytest.mark.long
@pytest.mark.timeout(4500)
def test_an_hour_of_days_with_a_hundred_thousand_articles():
    figures = longrun.run(seed=1, seconds=3600)
    assert figures["failed"] == []
    assert figures["articles"] >= 100_000
    assert max(figures["descriptors"]) < 40


def assert_is_steady(figures: dict, others: int = 0) -> None:
    """Areas of a session are made when they are first used, each with a thread or two."""
    for held in ("descriptors", "threads"):
        assert max(figures[held]) - min(figures[held]) <= 6
    assert max(figures["descriptors"]) < 40 + others
    assert figures["log_mb"] < 64


def test_what_grows_is_told():
    days = [longrun.Sample(100_000 + 30_000 * day, 20 + 3 * day, 8) for day in range(12)]
    told = longrun.figures(days, 70_000_000, ["lost"])["failed"]
    assert told == [
        "lost",
        "memory grows by 1.25 MB an hour",
        "the log took 70.0 MB",
        "descriptors: 41 at most in the first half, then 53",
    ]
    assert longrun.figures(days[:1] * 12, 0, [])["failed"] == []


def test_no_row_of_acts_makes_list_or_sidebar_disagree_with_the_store(long: bool):
    assert agreement.run(examples=500 if long else 15)["failed"] == []
