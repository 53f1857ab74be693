"""Taking offline through the command line: the proof, what turns it false, and packs that are killed on the way."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from desktop.demo.site import DemoSite
from desktop.store import Store
from desktop.sync.pack import proof_of
from tests.e2e.forks import Forks, forks
from tests.e2e.test_command_line import NO_SOCKETS, Shell

ARTICLES = 8
PACK = ("pack", "--days", "365")

POINTS, PARTS = 50, 5


@pytest.fixture(scope="module")
def site() -> Iterator[DemoSite]:
    with DemoSite(datetime.now(UTC), articles=ARTICLES) as running:
        yield running
        assert running.errors == []


@pytest.fixture(scope="module")
def beginning(tmp_path_factory: pytest.TempPathFactory, site: DemoSite) -> Path:
    """A profile that follows the demo site and has fetched nothing yet."""
    made = Shell(tmp_path_factory.mktemp("beginning") / "profile")
    made("add", f"{site.url}/")
    with Store.open(made.folder) as store:
        for key, value in site.config().items():
            store.settings.set(key, value)
        store.settings.set("archive.pause", 0.0)
    return made.folder


@pytest.fixture(scope="module")
def whole(beginning: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The same with its pack, and what was said of it."""
    folder = tmp_path_factory.mktemp("whole") / "profile"
    shutil.copytree(beginning, folder)
    return folder, Shell(folder).json(*PACK)


@pytest.fixture
def shell(whole: tuple[Path, dict[str, Any]], tmp_path: Path) -> Shell:
    """A copy of the packed profile, to be harmed."""
    shutil.copytree(whole[0], tmp_path / "profile")
    return Shell(tmp_path / "profile")


def test_a_pack_says_what_is_on_disk_and_check_says_the_same_without_a_network(
    shell: Shell, whole: tuple[Path, dict[str, Any]], site: DemoSite
) -> None:
    proof = whole[1]
    assert proof["complete"]
    assert proof["articles"] == {"total": ARTICLES, "stored": ARTICLES, "full_text": ARTICLES}
    assert proof["pictures"]["total"] == proof["pictures"]["stored"] > ARTICLES
    assert proof["missing"] == []
    assert f"{ARTICLES}/{ARTICLES} articles, {ARTICLES} with full text, " in proof["sentence"]
    assert proof["received"] > proof["bytes"] / 2

    asked = len(site.log)
    shell(*PACK)
    assert not [request.path for request in site.log[asked:] if "/uploads/" in request.path]

    shell.walls += NO_SOCKETS
    assert proof["sentence"] in shell("check")
    assert shell.json("check")["pack"] == _comparable(proof)


@pytest.mark.parametrize(("named", "lists"), [((), None), (("none",), ()), (("Main",), ("Main",))])
def test_the_watchlists_of_a_pack_are_chosen(
    shell: Shell, named: tuple[str, ...], lists: tuple[str, ...] | None
) -> None:
    words = [word for name in named for word in ("--watchlist", name)]
    shell("--offline", "pack", "--days", "3", *words, status=1)
    with Store.open_reader(shell.folder) as store:
        pack = store.packs.current()
    assert pack is not None
    assert (pack.scope.lists, pack.scope.days) == (lists, 3)


def _delete(path: Path) -> None:
    path.unlink()


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _swap(path: Path) -> None:
    path.write_bytes(bytes(reversed(path.read_bytes())))  # as long as it was


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (_delete, "Its file is gone from the disk."),
        (_truncate, "Its file holds "),
        (_swap, "Its file is not the picture that was stored."),
    ],
)
def test_the_proof_turns_false_with_one_picture_and_a_new_pack_mends_it(
    shell: Shell, whole: tuple[Path, dict[str, Any]], harm: Callable[[Path], None], reason: str
) -> None:
    harm(sorted(path for path in shell.folder.rglob("images/*/*") if path.is_file())[0])
    before = _everything(shell.folder)

    found = shell.json("check", status=3)["pack"]
    assert not found["complete"]
    assert found["pictures"]["stored"] < whole[1]["pictures"]["stored"]
    assert all(reason in one["reason"] and one["damaged"] for one in found["missing"])
    assert _everything(shell.folder) == before

    assert _comparable(shell.json(*PACK)) == _comparable(whole[1])


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("DELETE FROM bodies WHERE article_id = 3", "Its text is gone from the store."),
        ("UPDATE bodies SET body = zeroblob(40) WHERE article_id = 3", "Its text is damaged."),
        ("DELETE FROM articles WHERE id = 3", "It is gone from the store."),
        (
            "DELETE FROM article_images WHERE article_id = (SELECT min(article_id) FROM article_images)",
            "It shows ",
        ),
    ],
)
def test_the_proof_turns_false_with_one_text(
    shell: Shell, whole: tuple[Path, dict[str, Any]], sql: str, reason: str
) -> None:
    (path,) = shell.folder.rglob("chorsu.db")
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA foreign_keys = ON")
    with connection:
        connection.execute(sql)
    connection.close()
    with Store.open_reader(path.parent) as store:
        pack = store.packs.current()
        assert pack is not None
        proof = proof_of(store, pack, datetime.now(UTC))
    assert (proof.whole_articles, proof.articles) == (ARTICLES - 1, ARTICLES)
    assert [lack.reason.startswith(reason) for lack in proof.lacks] == [True]
    assert reason in shell("check", status=3 if "zeroblob" not in sql and "FROM articles" not in sql else 1)
    if "bodies" in sql:  # what the feed still has comes again, and is not taken for an edit
        assert _comparable(shell.json(*PACK)) == _comparable(whole[1])
        assert not any(article["edited"] for article in shell.json("articles"))


def _everything(folder: Path) -> dict[Path, bytes]:
    """The database and the pictures of a profile."""
    kept = [*folder.rglob("chorsu.db"), *(p for p in folder.rglob("images/*/*") if p.is_file())]
    return {path: path.read_bytes() for path in kept}


@pytest.fixture(scope="module")
def chorsu() -> Forks:
    if not hasattr(os, "fork"):
        pytest.skip("the system has no forks")
    return forks()


@pytest.fixture(scope="module")
def last(chorsu: Forks, beginning: Path, tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many events a whole pack has."""
    folder = tmp_path_factory.mktemp("counted") / "profile"
    shutil.copytree(beginning, folder)
    assert chorsu(folder, *PACK) == 0
    return chorsu.events


@pytest.mark.parametrize("part", range(PARTS))
def test_a_pack_that_is_killed_and_taken_up_again_ends_with_the_same_proof(
    part: int,
    last: int,
    chorsu: Forks,
    beginning: Path,
    whole: tuple[Path, dict[str, Any]],
    tmp_path: Path,
    long: bool,
) -> None:
    """At fifty points, in parts that a busy machine ends in time; in the long run at every one."""
    assert last > POINTS
    points = last if long else POINTS
    for number in range(part, points, PARTS):
        folder = tmp_path / f"killed-{number}"
        shutil.copytree(beginning, folder)
        at = 1 + number * (last - 1) // (points - 1)
        assert chorsu(folder, *PACK, at=at) == -signal.SIGKILL, at
        assert _comparable(chorsu.json(folder, *PACK)) == _comparable(whole[1]), f"killed at {at} of {last}"
        shutil.rmtree(folder)


def _comparable(proof: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in proof.items() if name != "received"}
