"""1,000 power cuts: no store is corrupt, no act of the person lost, no validator newer than its articles."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.faults import cuts
from tests.faults.apart import figures
from tests.faults.cuts import Disk, Name, Recording, Sync, SyncNames, Write

needs_strace = pytest.mark.skipif(not cuts.available(), reason="strace is not installed")


@needs_strace
@pytest.mark.timeout(3000)
def test_a_power_cut_at_any_moment_loses_nothing_that_was_done(long: bool) -> None:
    found = figures("cuts", cuts.POINTS * 50 if long else cuts.POINTS // 4)
    assert found["failed"] == []
    assert found["recorded"]["acts"] > 50
    assert found["recorded"]["writes"] > found["recorded"]["syncs"] > 50


def test_what_was_synced_is_there_after_every_cut_and_the_rest_after_some() -> None:
    """The judge is judged: of what is not on the disk any part may be found, of what is, all of it."""
    disk = Disk()
    for event in (
        Write(1, 0, b"a" * 2048),
        Sync(1),
        Name("/p", (("/p/one", 1),)),
        SyncNames("/p"),
        Write(1, 0, b"b" * 2048),
        Write(1, 1024, None),
        Name("/p", (("/p/one", None), ("/p/two", 1))),
    ):
        disk.take(event)
    chance = random.Random(1)
    found = [disk.cut(chance) for _ in range(300)]
    assert {name for files in found for name in files} == {"/p/one", "/p/two"}
    assert all(len(files) == 1 for files in found)
    bodies = {bytes(body) for files in found for _, body in files.values()}
    assert {b"a" * 2048, b"a" * 1024, b"b" * 2048, b"b" * 1024} <= bodies
    assert b"b" * 512 + b"a" * 1536 in bodies  # torn
    disk.take(Sync(1))
    disk.take(SyncNames("/p"))
    assert disk.cut(chance) == {"/p/two": (1, bytearray(b"b" * 1024))}


def test_what_the_recording_did_not_see_is_told(tmp_path: Path) -> None:
    seen, unseen = tmp_path / "seen", tmp_path / "unseen"
    seen.write_bytes(b"ab")
    recording = Recording(str(tmp_path), "")
    recording.events = [
        Name(str(tmp_path), ((str(seen), 1),)),
        Write(1, 0, b"a"),
        Write(1, 1, b"b"),
    ]
    assert cuts.unrecorded(recording) == []
    seen.write_bytes(b"abc")
    unseen.touch()
    assert sorted(cuts.unrecorded(recording)) == [
        f"{seen} holds other bytes than were seen",
        f"{unseen} was made unseen",
    ]
    seen.unlink()
    unseen.unlink()
    assert cuts.unrecorded(recording) == [f"{seen} is there by the recording alone"]
