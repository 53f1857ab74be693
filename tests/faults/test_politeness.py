"""Two simulated days with three hundred feeds, line by line of the public table."""

from __future__ import annotations

from collections import Counter
from copy import copy
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.faults import politeness

pytestmark = pytest.mark.timeout(400)  # on a busy machine too


@pytest.fixture(scope="module")
def diary(tmp_path_factory: pytest.TempPathFactory) -> politeness.Diary:
    return politeness.live(Path(tmp_path_factory.mktemp("polite")), seed=1)


@pytest.mark.parametrize("line", politeness.TABLE, ids=lambda line: line.number)
def test_a_line_of_the_table_is_kept_or_does_not_apply(diary: politeness.Diary, line: politeness.Line):
    assert (line.check is None) is bool(line.reason)
    assert line.check is None or sorted(set(line.check(diary))) == []


def test_it_was_a_long_day_for_many(diary: politeness.Diary):
    assert len({asked.host for asked in diary.log if not asked.host.startswith("cdn.")}) == 40
    assert len({(asked.host, asked.path) for asked in diary.log if asked.path.startswith("/feed")}) >= 300
    assert (diary.log[-1].at - diary.log[0].at).total_seconds() > 47 * 3600
    assert len(diary.restarted) == 2


def rude(diary: politeness.Diary) -> politeness.Diary:
    """The same two days, had everything been asked ten times and at each start, without what was given before."""
    log = [
        replace(asked, at=asked.at + timedelta(minutes=again), headers={"user-agent": "Chorsu"})
        for asked in diary.log
        for again in range(10)
    ]
    log += [replace(of[0], at=start) for of in diary.by_url.values() for start in diary.restarted]
    log.append(replace(log[0], path="/rss.xml"))
    network = copy(diary.network)
    network.log = sorted(log, key=lambda asked: asked.at)
    network.most_at_once = Counter(dict.fromkeys(diary.network.most_at_once, 7))
    return politeness.Diary(network, len(log), diary.restarted, diary.pressed, diary.added * 2)


def sly(diary: politeness.Diary) -> politeness.Diary:
    """The same two days, had the requests been those of somebody else."""
    names = ("", "Mozilla/5.0 (Netscape) Chrome python-requests/2 +https://fake.example/")
    told = {"cookie": "a=1", "referer": "http://a.example/", "pragma": "no-cache", "x-user": "17"}
    guessed = {"if-none-match": '"guessed"', "if-modified-since": "today"}
    log = [
        replace(
            asked,
            method="HEAD",
            path=asked.path + "&utm=1" if "?" in asked.path else asked.path,
            headers={"user-agent": names[number % 2]} | told | guessed,
        )
        for number, asked in enumerate(diary.log)
    ]
    network = copy(diary.network)
    network.log = log
    return politeness.Diary(network, diary.connections, diary.restarted, diary.pressed, diary.added)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(2, 6))
def test_every_line_is_kept_on_other_days(seed: int):
    assert politeness.run(seed)["failed"] == []


OF_NO_LOG = {"FRB015", "FRB060"}  # read from a store, and from what people type


def test_each_line_is_broken_by_somebody_impolite(diary: politeness.Diary):
    others = rude(diary), sly(diary)
    checks = {line.number: line.check for line in politeness.TABLE if line.check is not None}
    kept = [
        number for number, check in checks.items() if not any(True for other in others for _ in check(other))
    ]
    assert set(kept) == OF_NO_LOG
