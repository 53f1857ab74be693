"""What `pyinstaller build_installer.spec` makes, run with nothing of Python in its environment."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop import __version__
from desktop.demo.site import DemoSite
from tests.server import LoopbackServer, Reply, Request

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
FEED = """<rss version="2.0"><channel><title>Reed Bank Notes</title><link>https://reed.example/</link><item>
    <title>The ferry sails again</title><link>https://reed.example/ferry</link><guid>ferry</guid>
    <description>It was mended in spring.</description></item></channel></rss>"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program that PyInstaller makes."""
    folder = tmp_path_factory.mktemp("frozen")
    places = ["--distpath", str(folder / "dist"), "--workpath", str(folder / "build")]
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", *places, "build_installer.spec"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=800)
    return folder / "dist" / "chorsu" / ("chorsu.exe" if os.name == "nt" else "chorsu")


def bare(home: Path) -> dict[str, str]:
    """An environment without a path to any program, and without a display."""
    return {"HOME": str(home), "PATH": "", "QT_QPA_PLATFORM": "offscreen", "LANG": "C.UTF-8"}


def run(program: Path, home: Path, *words: str) -> str:
    done = subprocess.run(
        [str(program), *words], env=bare(home), cwd=home, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_says_its_version(program: Path, tmp_path: Path) -> None:
    assert run(program, tmp_path, "--version") == f"chorsu {__version__}\n"


def test_it_follows_a_site_and_shows_articles_and_rates(program: Path, tmp_path: Path) -> None:
    with DemoSite(NOW, articles=12) as site:
        for key, value in site.config().items():
            run(program, tmp_path, "config", "set", key, value)
        run(program, tmp_path, "add", f"{site.url}/")
        run(program, tmp_path, "sync")
    articles = json.loads(run(program, tmp_path, "articles", "--json"))
    assert len(articles) == 12
    assert all(article["images"]["missing"] == 0 for article in articles)
    (rate,) = json.loads(run(program, tmp_path, "rates", "USD/KZT", "--date", "2026-11-24", "--json"))
    assert (rate["source"], rate["valid_from"]) == ("nbk", "2026-11-24")


def reading_processes(pid: int) -> list[int]:
    """The children of a program that read documents for it."""
    found = []
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError):  # one that has just ended
            for child in (thread / "children").read_text("ascii").split():
                if b"--worker" in Path(f"/proc/{child}/cmdline").read_bytes():
                    found.append(int(child))
    return found


@pytest.mark.skipif(
    sys.platform != "linux", reason="only there a process tells of its children and its memory"
)
def test_its_window_reads_in_a_small_process_of_its_own_and_ends_it(program: Path, tmp_path: Path) -> None:
    body = [FEED]
    with LoopbackServer({"*": lambda _: Reply(body=body[0])}) as server:
        run(program, tmp_path, "add", server.address("/feed"))
        run(program, tmp_path, "config", "set", "network.automatic", "false")
        body[0] = FEED.replace("sails again", "sails at last")
        with subprocess.Popen([str(program)], env=bare(tmp_path), cwd=tmp_path) as window:
            until = time.monotonic() + 60
            while "at last" not in run(program, tmp_path, "articles") and time.monotonic() < until:
                pass
            (reader,) = reading_processes(window.pid)
            assert Path(f"/proc/{reader}/exe").resolve() == program.resolve()
            told = Path(f"/proc/{reader}/smaps_rollup").read_text("ascii").split("Pss:")[1].split()[0]
            window.send_signal(signal.SIGTERM)
            window.wait(60)
    assert window.returncode == 0
    assert int(told) * 1024 < 60_000_000
    assert not Path(f"/proc/{reader}").exists()
    assert "at last" in run(program, tmp_path, "articles")


def test_its_window_opens_refreshes_and_closes_in_order(program: Path, tmp_path: Path) -> None:
    asked = threading.Event()

    def answer(request: Request) -> Reply:
        asked.set()
        return Reply(body=FEED)

    with LoopbackServer({"*": answer}) as server:
        run(program, tmp_path, "add", server.address("/feed"))
        asked.clear()
        run(program, tmp_path, "config", "set", "network.automatic", "false")
        with subprocess.Popen(
            [str(program)], env=bare(tmp_path), cwd=tmp_path, stderr=subprocess.PIPE, text=True
        ) as window:
            refreshed = asked.wait(60)
            window.send_signal(signal.SIGTERM)
            _, said = window.communicate(timeout=60)
    assert refreshed
    assert window.returncode == 0
    assert "Traceback" not in said
