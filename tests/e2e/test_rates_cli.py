"""Rates from the command line: by source, by day, through the years, and a load that is cut off and goes on."""

from __future__ import annotations

import csv
import io
import signal
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from desktop.demo.site import DemoSite
from desktop.paths import find_paths
from desktop.store import Store
from tests.e2e.forks import forks
from tests.e2e.test_command_line import NO_SOCKETS, Shell, this_morning

KEYS = {
    "pair", "rate", "as_published", "valid_from", "previous", "change_percent", "source", "kind", "via", "age_days",
    "stale", "next",
}  # fmt: skip


@pytest.fixture
def site() -> Iterator[DemoSite]:
    with DemoSite(this_morning(), articles=6) as running:
        yield running
        assert running.errors == []


@pytest.fixture
def shell(tmp_path: Path, site: DemoSite) -> Shell:
    """A profile whose banks are the demo's, refreshed once."""
    made = Shell(tmp_path / "profile")
    paths = find_paths(made.folder)
    paths.create()
    with Store.open(paths.data) as store:
        for key, value in {**site.config(), "rates.history_pace": 0.0}.items():
            store.settings.set(key, value)
    made("sync", "--rates")
    site.log.clear()
    return made


def test_a_rate_has_the_documented_keys_and_only_strings_for_numbers(shell: Shell) -> None:
    (rate,) = shell.json("rates", "USD/KZT")
    assert set(rate) >= KEYS
    assert set(rate["as_published"]) == {"value", "nominal", "base", "quote"}
    assert set(rate["previous"]) == {"rate", "valid_from"}
    assert isinstance(rate["rate"], str)
    assert isinstance(rate["change_percent"], str)
    assert (rate["source"], rate["kind"], rate["stale"], len(rate["via"])) == ("nbk", "official", False, 1)
    (cross,) = shell.json("rates", "gbp/cny", "--source", "nbk")
    assert (cross["kind"], [leg["source"] for leg in cross["via"]]) == ("derived", ["nbk", "nbk"])


def test_a_source_can_be_chosen_and_a_pair_that_it_cannot_answer_is_said_in_a_sentence(shell: Shell) -> None:
    (own,) = shell.json("rates", "USD/KZT", "--source", "nbk")
    assert own["source"] == "nbk"
    (cross,) = shell.json("rates", "USD/TJS", "--source", "nbk")
    assert [leg["source"] for leg in cross["via"]] == ["nbk", "nbk"]
    shell("rates", "USD/KZT", "--source", "ecb", status=1)
    assert "No rate is stored of USD/KZT from ecb." in shell.last.stderr
    shell("rates", "USD/KZT", "--source", "nobody", status=2)
    shell("rates", "USD/KZT", "--fetch", status=2)
    shell("rates", "USD/KZT", "--date", "2015-06-01", status=1)
    assert "for 2015-06-01" in shell.last.stderr


def test_a_history_is_loaded_listed_and_there_without_a_network(shell: Shell, site: DemoSite) -> None:
    shell("rates", "USD/TJS", "TJS/USD", "--history", "90", "--fetch")
    assert "requests" in shell.last.stderr
    assert len(site.log) == 1  # the bank gives many days at once
    site.stop()
    shell.walls += NO_SOCKETS
    points = shell.json("rates", "USD/TJS", "--history", "90")
    assert 55 < len(points) < 92
    assert {point["source"] for point in points} == {"nbt"}
    dates = [point["valid_from"] for point in points]
    assert dates == sorted(set(dates))
    assert date.fromisoformat(dates[0]) >= date.today() - timedelta(days=91)  # noqa: DTZ011 (the person's day)
    for before, point in pairwise(points):
        moved = (Decimal(point["rate"]) / Decimal(before["rate"]) - 1) * 100
        assert abs(Decimal(point["change_percent"]) - moved) <= Decimal("0.0051")
    rows = list(csv.DictReader(io.StringIO(shell("rates", "USD/TJS", "--history", "90", "--csv"))))
    assert [row["rate"] for row in rows] == [point["rate"] for point in points]
    inverse = shell.json("rates", "TJS/USD", "--history", "90")
    assert [point["valid_from"] for point in inverse] == dates


def test_a_load_that_is_killed_goes_on_without_repeating_itself(shell: Shell, site: DemoSite) -> None:
    words = ("rates", "USD/KZT", "USD/UZS", "--history", "200", "--fetch")
    assert forks()(shell.folder, *words, at=420) == -signal.SIGKILL
    before = len(site.log)
    assert 60 <= before < 270
    shell(*words)
    asked = [request.target for request in site.log]
    assert len(asked) - len(set(asked)) <= 1  # the one whose answer was under way
    assert len(set(asked)) > 260
    shell(*words)
    assert len(site.log) == len(asked)
    assert "0 requests" in shell.last.stderr


def test_offline_nothing_is_loaded_and_that_is_said(shell: Shell, site: DemoSite) -> None:
    shell("--offline", "rates", "USD/KZT", "--history", "30", "--fetch", status=1)
    assert site.log == []
    assert "offline" in shell.last.stderr.lower()
