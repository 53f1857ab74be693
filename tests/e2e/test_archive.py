"""The archive of a site by the command line: estimated, walked, killed, taken up again; and what it took back."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop.demo.site import ARTICLES, DemoSite
from tests.e2e.test_command_line import ROOT, RUN, Shell

FIRST = 100


@pytest.fixture
def site() -> Iterator[DemoSite]:
    with DemoSite(datetime.now(UTC)) as running:
        running.publish_together(running.newsroom.posts[FIRST - 1].published, 14)
        yield running
        assert running.errors == []


@pytest.fixture
def shell(tmp_path: Path, site: DemoSite) -> Shell:
    made = Shell(tmp_path / "profile")
    made("config", "set", "archive.pause", "0")
    made("config", "set", "news.pictures", "false")
    made("config", "set", "news.first_articles", str(FIRST))
    made("add", f"{site.url}/")
    made("sync", "--news")
    return made


def killed(shell: Shell, pages: int) -> None:
    """Begin to walk, and die in the midst of it."""
    command = [sys.executable, "-c", shell.walls + RUN, "--data-dir", str(shell.folder), "backfill", "1"]
    walk = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    with walk:
        assert walk.stderr is not None
        for _, _ in zip(range(pages), (line for line in walk.stderr if "of about" in line), strict=False):
            pass
        walk.kill()


def test_the_whole_archive_comes_though_the_walk_is_killed(shell: Shell, site: DemoSite) -> None:
    gap = shell.json("sources")[0]["coverage"]["gaps"][0]
    assert (gap["since"], gap["missing"]) == (None, ARTICLES + 14 - FIRST)
    killed(shell, 3)
    killed(shell, 5)
    assert "The store is whole." in shell("check", status=1)  # no picture was wanted
    some = shell.json("sources")[0]["articles"]
    assert FIRST < some < ARTICLES + 14
    gone = site.newsroom.posts[7].id
    site.delete(gone)

    result = shell.json("backfill", "1")
    assert (result["complete"], result["error"], result["withdrawn"]) == (True, None, 1)
    assert result["estimate"]["articles"] == pytest.approx(result["new"], abs=15)
    assert result["estimate"]["bytes"] > 0
    assert result["coverage"]["gaps"] == []
    assert result["coverage"]["begins"]
    articles = shell.json("articles", "--limit", "2000")
    assert len({article["guid"] for article in articles}) == len(articles) == ARTICLES + 14
    withdrawn = [article["guid"] for article in articles if article["withdrawn"]]
    assert withdrawn == [f"{site.url}/?p={gone}"]
    assert {a["read"] for a in articles[: FIRST - 14]} == {False}
    assert {a["read"] for a in articles[FIRST + 14 :]} == {True}


def test_a_part_of_the_archive(shell: Shell) -> None:
    result = shell.json("backfill", "1", "--max", "40")
    assert (result["new"], result["complete"]) == (40, False)
    shell("backfill", "1", "--since", "yesterday", status=2)
    shell("backfill", "99", status=2)
    shell("--offline", "backfill", "1", status=1)
    assert "offline" in shell.last.stderr


def test_what_the_publisher_changed_is_shown_beside_the_former_text(shell: Shell, site: DemoSite) -> None:
    post = site.newsroom.posts[3]
    site.edit(post.id)
    assert "1 updated" in shell("sync", "--news")
    listed = next(a for a in shell.json("articles") if a["guid"].endswith(f"={post.id}"))
    assert listed["edited"]
    changes = shell("show", str(listed["id"]), "--as", "changes")
    assert "{+" in changes
