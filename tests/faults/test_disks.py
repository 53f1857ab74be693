"""Thirty disks that are full, read-only or taken away: what cannot be stored is refused with a sentence, reading goes
on; then all is well again."""

from __future__ import annotations

import pytest

from tests.faults import disks
from tests.faults.apart import figures

pytestmark = pytest.mark.skipif(not disks.available(), reason="no file system can be mounted here")


@pytest.mark.timeout(3000)
def test_a_full_disk_loses_nothing_that_was_done(long: bool) -> None:
    found = figures("disks", disks.POINTS * 10 if long else disks.POINTS // 5)
    assert found["failed"] == []
    told = found["told"]
    full = ("articles", "picture", "mark", "copy", "growth", "mending")
    assert min(told.get(what, 0) for what in (*full, "read-only", "missing")) > 0, told
