"""A pack that goes to another machine in a file, by the real command line, with no network on the other side."""

from __future__ import annotations

import os
import shutil
import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from desktop.demo.site import DemoSite
from desktop.store import Store
from tests.e2e.forks import forks
from tests.e2e.test_command_line import NO_SOCKETS, Shell
from tests.unit.sync.test_pack_file import KEPT, _dump

ARTICLES = 8


class Sent(NamedTuple):
    """A machine that took the demo site offline, and the file that it wrote."""

    folder: Path
    file: Path
    proof: dict[str, Any]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Sent:
    folder = tmp_path_factory.mktemp("sent")
    shell = Shell(folder / "profile")
    with DemoSite(datetime.now(UTC), articles=ARTICLES) as site:
        shell("add", f"{site.url}/")
        with Store.open(shell.folder) as store:
            for key, value in site.config().items():
                store.settings.set(key, value)
            store.settings.set("archive.pause", 0.0)
        shell("pack", "--days", "365")
        assert site.errors == []
    with Store.open(shell.folder) as store:
        store.articles.set_starred([3], True)
        store.articles.set_read([4], True)
        store.notes.put(5, "Ask the ferryman.", datetime.now(UTC))
    written = shell.json("pack", "--write", str(folder / "p.zip"))
    assert written["file"]["articles"] == ARTICLES
    assert written["file"]["bytes"] == (folder / "p.zip").stat().st_size
    return Sent(shell.folder, folder / "p.zip", written)


@pytest.fixture
def other(tmp_path: Path) -> Shell:
    """Another machine, without a network."""
    shell = Shell(tmp_path / "other")
    shell.walls += NO_SOCKETS
    return shell


def test_a_pack_is_written_previewed_read_in_and_proved_with_the_same_numbers(
    sent: Sent, other: Shell
) -> None:
    file = str(sent.file)
    preview = other.json("pack", "--read", file, "--preview")
    assert preview["new"] == {"articles": ARTICLES, "pictures": sent.proof["pictures"]["total"]}
    assert [source["id"] for source in preview["sources"]] == [None]
    assert other.json("articles") == []

    found = other.json("pack", "--read", file)
    proof = {name: value for name, value in sent.proof.items() if name != "file"}
    assert found["proof"] == proof
    assert found["read_in"]["new"] == ARTICLES
    assert found["read_in"]["rates"] == sent.proof["file"]["rates"] > 0
    assert proof["sentence"] in other("check")

    here = Shell(sent.folder)
    for words in (
        ("articles",),
        ("show", "2"),
        ("show", "3", "--as", "html"),
        ("rates",),
        ("articles", "--starred"),
    ):
        assert other(*words) == here(*words)
    assert "Ask the ferryman." in other("note", "5")

    (source,) = other.json("sources")
    assert not source["enabled"]
    before = _dump(other.folder)
    again = other.json("pack", "--read", file, "--follow")
    assert (again["read_in"]["new"], again["read_in"]["marks"], again["read_in"]["sources"]) == (0, 0, [])
    assert _dump(other.folder) == before


def test_a_file_that_is_no_pack_and_words_that_do_not_go_together(
    sent: Sent, other: Shell, tmp_path: Path
) -> None:
    cut = tmp_path / "cut.zip"
    cut.write_bytes(sent.file.read_bytes()[:-2000])
    other("pack", "--read", str(cut), status=1)
    assert "Nothing was changed." in other.last.stderr
    other("pack", "--read", str(tmp_path / "nowhere.zip"), status=2)
    other("pack", "--write", str(tmp_path / "none.zip"), status=2)
    assert "There is no pack to write." in other.last.stderr
    other("pack", "--write", str(tmp_path / "none.zip"), "--days", "3", status=2)
    other("pack", "--read", str(sent.file), "--days", "3", status=2)
    other("pack", "--preview", status=2)
    other("pack", "--watchlist", "Nobody's", status=2)
    assert "There are: Main." in other.last.stderr
    assert other.json("articles") == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no forks")
def test_a_reading_that_is_killed_leaves_a_whole_store_and_reading_again_completes(
    sent: Sent, tmp_path: Path, long: bool
) -> None:
    words = ("pack", "--read", str(sent.file))
    chorsu = forks()
    assert chorsu(tmp_path / "whole", *words) == 0
    expected, last = _content(tmp_path / "whole"), chorsu.events
    points = last if long else 10
    for number in range(points):
        folder = tmp_path / f"killed-{number}"
        at = 1 + number * (last - 1) // (points - 1)
        assert chorsu(folder, *words, at=at) == -signal.SIGKILL, at
        with Store.open(folder) as store:
            assert store.check() == []
        assert chorsu.json(folder, *words)["proof"]["complete"]
        assert _content(folder) == expected, f"killed at {at} of {last}"
        shutil.rmtree(folder)


def _content(folder: Path) -> dict[str, list[Any]]:
    with Store.open_reader(folder) as store:
        return {
            name: sorted(store._database.rows(f"SELECT {columns} FROM {name}"), key=repr)
            for name, columns in KEPT.items()
        }
