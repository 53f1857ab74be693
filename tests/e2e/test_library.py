"""What goes in and out through the command line alone, where Qt cannot be imported."""

from __future__ import annotations

import base64
import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.core.html.image_keys import image_key
from desktop.core.incoming import ImageRef, PictureInfo
from desktop.core.models import ArticleQuery, NewSource
from desktop.store import Store
from tests.e2e.test_command_line import NO_QT, ROOT, RUN, Shell
from tests.server import LoopbackServer, Reply
from tests.ui.edition import NOW, make_article, make_feed
from tests.unit.store.test_foreign import LABELS, QUITERSS, made

PNG = b"\x89PNG\r\n\x1a\n of a bridge"
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


def test_another_readers_database_is_imported(shell: Shell, tmp_path: Path) -> None:
    file = made(tmp_path / "feeds.db", "".join(LABELS["QuiteRSS"]))
    assert shell("import", str(file), status=1) == "2 imported, 0 known, 0 named twice, 1 left out\n"
    assert "2 articles get their 2 labels as tags.\n" in shell.last.stderr
    assert {s["title"]: s["enabled"] for s in shell.json("sources")} == {
        "Steppe": True,
        "Only a title": False,
    }
    file.write_bytes(file.read_bytes()[:5000])
    shell("import", str(file), status=1)
    assert "Nothing was imported." in shell.last.stderr


def test_what_was_read_in_another_reader_is_read_here_when_it_comes(shell: Shell, tmp_path: Path) -> None:
    items = "".join(
        f"<item><title>Story {n}</title><link>https://s.example/articles/{n}/</link>"
        f"<guid>https://steppe.example/?p={n}</guid><description>Text {n}.</description></item>"
        for n in (1, 2, 4, 5)
    )
    feed = f"<rss version='2.0'><channel><title>Steppe</title>{items}</channel></rss>"
    with LoopbackServer(
        {"/feed": Reply(body=feed, headers={"Content-Type": "application/rss+xml"})}
    ) as server:
        ours = QUITERSS.replace("https://steppe.example/feed", server.address("/feed"))
        shell("import", str(made(tmp_path / "feeds.db", ours)), status=1)
        (source,) = (one["id"] for one in shell.json("sources") if one["title"] == "Steppe")
        assert shell.json("sync", "--source", str(source))["new"] == 4
    found = {one["title"]: (one["read"], one["starred"]) for one in shell.json("articles")}
    assert found == {
        "Story 1": (True, False), "Story 2": (True, True), "Story 4": (True, False), "Story 5": (False, False),
    }  # fmt: skip


def test_a_file_that_is_no_list_changes_nothing(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "page.opml"
    file.write_text("<html><body>404</body></html>", "utf-8")
    assert shell("import", str(file), status=1) == ""
    assert shell.last.stderr == "chorsu: The file is not an OPML list of feeds. Nothing was imported.\n"
    shell("import", str(tmp_path / "missing.opml"), status=2)
    assert shell.json("sources") == []


def test_articles_go_out_in_four_forms(shell: Shell, tmp_path: Path) -> None:
    with Store.open(shell.folder) as store:
        source = store.sources.add(NewSource("https://courier.test/feed", title="Steppe Courier"), NOW)
        picture = ImageRef("https://courier.test/a.png", "A bridge")
        html = f'<p>Мост <b>открыт</b>.</p><p><img src="cache:{image_key(picture.url)}" alt="A bridge"></p>'
        first = make_article(1, title='=HYPERLINK("https://evil.example")', html=html, images=(picture,))
        articles = [first, *(make_article(number) for number in range(2, 240))]
        store.articles.apply(source.id, make_feed(articles), None, NOW)
        store.images.put(image_key(picture.url), picture.url, PNG, PictureInfo("png", 1, 1))
        starred = [row.id for row in store.articles.page(ArticleQuery(), limit=2)]
        store.articles.set_starred(starred, True)

    def exported(name: str, *filters: str) -> str:
        shell("export", str(tmp_path / name), *filters)
        return (tmp_path / name).read_text("utf-8-sig")

    everything = json.loads(exported("all.json"))
    assert shell.last.stderr == "239 articles exported.\n"
    printed = shell.json("articles", "--limit", "500")
    assert [{key: a[key] for key in printed[0]} for a in everything] == printed
    assert [a["id"] for a in json.loads(exported("some.json", "--starred"))] == starred
    assert len(json.loads(exported("found.json", "--search", "story 120"))) == 1

    table = list(csv.DictReader(io.StringIO(exported("all.csv"), newline="")))
    assert [row["id"] for row in table] == [str(a["id"]) for a in everything]
    assert table[0]["title"].startswith("'=HYPERLINK")
    assert exported("two.md", "--starred").count("\n---\n") == 1
    assert "Мост **открыт**." in exported("two.md", "--starred")
    page = exported("two.html", "--starred")
    assert page.count("<article>") == 2
    assert base64.b64encode(PNG).decode() in page
    assert 'src="http' not in page

    shell("export", str(tmp_path / "list.opml"), "--starred", status=2)
    shell("export", str(tmp_path / "missing" / "a.json"), status=1)
    assert not list(tmp_path.glob(".*"))
