"""kill -9 at any moment of a write: the store opens whole, with all or nothing of the feed, and all marks."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.core.models import ArticleQuery, View
from desktop.store import Store
from desktop.store.opening import RUNNING

ROOT = Path(__file__).resolve().parents[3]
# Marks are made before the feed comes; the process kills itself as it says its n-th statement to SQLite.
SCRIPT = """
import os, signal, sys
from pathlib import Path
from desktop.core.models import FetchState
from desktop.store import Store
from tests.unit.store.builders import NOW, fill, make_article, make_feed

store = Store.open(Path(sys.argv[1]))
ids = fill(store, 8).new
store.articles.set_read(ids[:4], True)
store.articles.set_starred(ids[:2], True)
left = int(sys.argv[2])

def count(statement):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

store._database.connection.set_trace_callback(count)
same = dict(url="https://steppe.example/1", guid="steppe-1")
articles = [make_article(1, title="Changed", text="changed", html="changed", **same)]
articles += [make_article(number) for number in range(100, 110)]
store.articles.apply(1, make_feed(articles), FetchState(failures=7), NOW)
print("statements", int(sys.argv[2]) - left)
"""


def run(folder: Path, statement: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder), str(statement)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def statements(tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many statements the whole write takes."""
    finished = run(tmp_path_factory.mktemp("whole") / "profile", 10**9)
    assert finished.returncode == 0, finished.stderr
    return int(finished.stdout.split()[1])


@pytest.mark.parametrize("point", range(12))
def test_a_killed_write_leaves_a_whole_store_with_every_mark(
    folder: Path, statements: int, point: int
) -> None:
    killed = run(folder, 1 + point * (statements - 1) // 11)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert (folder / RUNNING).exists()
    with Store.open(folder) as store:
        assert store.check() == []
        assert store.articles.count(ArticleQuery()) == 8
        assert store.articles.page(ArticleQuery(words="changed")) == []
        assert store.articles.unread_count(ArticleQuery()) == 4
        assert store.articles.count(ArticleQuery(View.STARRED)) == 2
        assert store.sources.get(1).state.failures == 0
    assert not (folder / RUNNING).exists()
