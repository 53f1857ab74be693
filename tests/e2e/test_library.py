"""What goes in and out through the command line alone, where Qt cannot be imported."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.test_command_line import NO_QT, ROOT, RUN, Shell

LIST = """<opml version="2.0"><body><outline text="Asia"><outline text="Banks">
<outline text="Банк" title="Банк" type="rss" xmlUrl="https://bank.example/rss" htmlUrl="https://bank.example/"/>
</outline><outline text="Again" xmlUrl="http://www.bank.example/rss/"/></outline>
<outline text="Local" xmlUrl="file:///etc/passwd"/>
<outline text="News" xmlUrl="https://news.example/feed"/></body></opml>"""


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "profile")


def test_a_list_is_imported_once_and_exported_as_it_is(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "feeds.opml"
    file.write_text(LIST, "utf-8")
    assert shell("import", str(file), "--folder", "Mine", status=1) == (
        "2 imported, 0 known, 1 named twice, 1 left out\n"
    )
    assert "Left out: Local: its address does not begin with http:// or https://" in shell.last.stderr
    assert {(s["title"], s["folder"]) for s in shell.json("sources")} == {
        ("Банк", "Mine/Asia/Banks"), ("News", "Mine"),
    }  # fmt: skip
    assert shell.json("import", str(file), status=1)["known"] == 2

    ours = tmp_path / "ours.opml"
    shell("export", str(ours))
    assert shell.last.stderr == "2 sources exported.\n"
    shell.folder = tmp_path / "other"
    assert shell("import", str(ours)) == "2 imported, 0 known, 0 named twice, 0 left out\n"
    piped = shell("export", "-")
    assert piped.partition("<body>")[2] == ours.read_text("utf-8").partition("<body>")[2]

    words = [
        sys.executable,
        "-c",
        NO_QT + RUN,
        "--data-dir",
        str(tmp_path / "third"),
        "import",
        "-",
        "--json",
    ]
    through = subprocess.run(
        words, cwd=ROOT, input=piped.encode(), capture_output=True, timeout=90, check=True
    )
    assert json.loads(through.stdout) == {"imported": [1, 2], "known": 0, "merged": 0, "left_out": []}


def test_a_file_that_is_no_list_changes_nothing(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "page.opml"
    file.write_text("<html><body>404</body></html>", "utf-8")
    assert shell("import", str(file), status=1) == ""
    assert shell.last.stderr == "chorsu: The file is not an OPML list of feeds. Nothing was imported.\n"
    shell("import", str(tmp_path / "missing.opml"), status=2)
    assert shell.json("sources") == []
