"""Two simulated days with three hundred feeds, line by line of the public table."""

from __future__ import annotations

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
