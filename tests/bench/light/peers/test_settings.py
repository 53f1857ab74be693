from __future__ import annotations

from pathlib import Path

from tests.bench.light.peers.readers import _put


def test_settings_are_put_into_their_group_and_the_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.ini"
    _put(path, "Feeds", {"at_start": True})
    assert path.read_text() == "[Feeds]\nat_start=true\n"
    path.write_text("[Main]\nx=1\n[Feeds]\nat_start=true\nkept=7\n[Other]\nat_start=no\n")
    _put(path, "Feeds", {"at_start": False, "delay": 0})
    assert path.read_text() == "[Main]\nx=1\n[Feeds]\nat_start=false\ndelay=0\nkept=7\n[Other]\nat_start=no\n"
