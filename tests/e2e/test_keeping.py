"""Rules of keeping through the command line: seen before, then done, and nothing that matters goes or comes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop.demo.site import DemoSite
from desktop.store import Store
from tests.e2e.test_command_line import Shell


@pytest.fixture
def site() -> Iterator[DemoSite]:
    with DemoSite(datetime.now(UTC), articles=30) as running:
        yield running
        assert running.errors == []


def test_old_articles_go_as_was_told_before_and_stay_away(site: DemoSite, tmp_path: Path) -> None:
    shell = Shell(tmp_path / "profile")
    shell("add", f"{site.url}/")
    with Store.open(shell.folder) as store:
        store.settings.set("news.first_articles", 10)
    brought = shell.json("sync", "--news")
    assert brought["received"]["total"] == brought["sources"][0]["received"] > 10_000
    ids = [article["id"] for article in shell.json("articles")]
    shell("mark", *map(str, ids[1:]), "--read")
    shell("mark", str(ids[-1]), "--star")
    on_disk = _pictures(shell.folder)

    (told,) = shell.json("keep", "--articles", "4")
    assert (told["articles"], told["protected"]) == (5, 1)
    assert len(shell.json("articles")) == 10
    assert shell.json("keep", "--articles", "4", "--apply") == [told]
    assert [article["id"] for article in shell.json("articles")] == [*ids[:4], ids[-1]]
    assert _pictures(shell.folder) < on_disk
    assert "The store is whole." in shell("check")

    site.publish()
    again = shell.json("sync", "--news")
    assert again["new"] == 1
    assert len(shell.json("articles")) == 6


def _pictures(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("images/*/*"))
