"""The main job through the command line alone, where Qt cannot be imported: follow, refresh, read on offline."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from desktop.cli.parser import GROUPS, build_parser
from desktop.demo.site import DemoSite
from desktop.paths import find_paths
from desktop.store import Store
from tests.e2e.forks import forks
from tests.server import LoopbackServer, Reply

ROOT = Path(__file__).resolve().parents[2]

NO_QT = """
import sys
class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("PySide6", "shiboken6"):
            raise ImportError(f"{name} is blocked")
sys.meta_path.insert(0, Wall())
"""
NO_SOCKETS = """
import sys
def refuse(event, _):
    if event.startswith("socket."):
        raise AssertionError(f"{event} was asked for")
sys.addaudithook(refuse)
"""
RUN = "from desktop.__main__ import main; sys.exit(main(sys.argv[1:]))"


class Shell:
    """Runs `chorsu` as a person in a terminal does: in a fork of a process that has loaded it, or, where that is to be
    seen, in a process of its own."""

    def __init__(self, folder: Path, *, fresh: bool = False) -> None:
        self.folder = folder
        self.walls = NO_QT
        self.fresh = fresh or not hasattr(os, "fork")

    def __call__(self, *words: str, status: int = 0) -> str:
        words = ("--data-dir", str(self.folder), *words)
        if self.fresh:
            self.last = subprocess.run(
                [sys.executable, "-c", self.walls + RUN, *words],
                cwd=ROOT, capture_output=True, text=True, timeout=90, check=False, encoding="utf-8",
            )  # fmt: skip
        else:
            code = forks().order(*words, walls=self.walls)
            self.last = subprocess.CompletedProcess(words, code, forks().out, forks().err)
        assert self.last.returncode == status, self.last.stderr
        assert "Traceback" not in self.last.stderr
        return self.last.stdout

    def json(self, *words: str, status: int = 0) -> Any:
        return json.loads(self(*words, "--json", status=status))


def this_morning() -> datetime:
    """Nine o'clock of the person's day, or now where it is earlier: in the afternoon banks have tomorrow's numbers out,
    and a bank has one thing to tell in the morning and another in the evening."""
    now = datetime.now().astimezone()
    return min(now, now.replace(hour=9, minute=0))


@pytest.fixture
def site() -> Iterator[DemoSite]:
    with DemoSite(this_morning(), articles=30) as running:
        yield running
        assert running.errors == []


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "profile")


@pytest.fixture
def filled(shell: Shell, site: DemoSite) -> Shell:
    """A profile that follows the site and its banks, refreshed once."""
    return fill(shell, site)


@pytest.fixture(scope="module")
def lasting_site() -> Iterator[DemoSite]:
    """A site that stays as it is and is not stopped."""
    with DemoSite(this_morning(), articles=30) as running:
        yield running
        assert running.errors == []


@pytest.fixture(scope="module")
def original(lasting_site: DemoSite, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(Shell(tmp_path_factory.mktemp("original") / "profile"), lasting_site).folder


@pytest.fixture
def copied(original: Path, shell: Shell) -> Shell:
    """The same profile on the site that stays as it is."""
    shutil.copytree(original, shell.folder)
    return shell


def fill(shell: Shell, site: DemoSite) -> Shell:
    shell("add", f"{site.url}/")
    with Store.open(find_paths(shell.folder).data) as store:  # two dozen addresses of banks, in one go
        for key, value in site.config().items():
            store.settings.set(key, value)
    shell("config", "set", "news.first_articles", "8")
    shell("sync")
    return shell


@pytest.mark.timeout(400)  # two dozen interpreters, on a busy machine too
def test_the_whole_story_and_then_without_a_network(shell: Shell, site: DemoSite) -> None:
    shell.fresh = True
    fill(shell, site)
    sources = shell.json("sources")
    assert [(s["kind"], s["articles"], s["unread"], s["error"]) for s in sources] == [
        ("wordpress", 8, 8, None)
    ]
    newest = shell.json("articles", "--limit", "5")
    assert len(newest) == 5
    assert all(a["images"]["missing"] == 0 for a in newest)
    assert sum(a["images"]["stored"] for a in newest) > 0
    chosen = newest[0]["id"]
    shell("mark", str(chosen), "--star")
    shell("mark", str(chosen), "--read")
    before = [shell(*words) for words in READS(chosen)]

    site.stop()
    shell.walls += NO_SOCKETS
    shell.fresh = False
    assert [shell(*words) for words in READS(chosen)] == before
    assert [a["id"] for a in shell.json("articles", "--starred")] == [chosen]
    rates = {rate["pair"]: rate for rate in shell.json("rates")}
    assert rates["USD/KZT"]["source"] == "nbk"
    assert rates["USD/KZT"]["valid_from"]
    assert rates["USD/TMT"]["kind"] == "peg"
    assert "The store is whole." in shell("check")


def test_articles_are_deleted_for_good_and_what_is_held_only_when_it_is_said(
    filled: Shell, site: DemoSite
) -> None:
    shell = filled
    first, second, *others = [a["id"] for a in shell.json("articles")]
    shell("mark", str(first), "--star")
    shell("delete", str(first), str(second), status=2)
    assert f"Starred, tagged, noted or taken offline: {first}." in shell.last.stderr
    assert len(shell.json("articles")) == 2 + len(others)
    shell("delete", str(first), str(second), "--held")
    assert "2 articles deleted." in shell.last.stderr
    shell("sync", "--news")
    assert [a["id"] for a in shell.json("articles")] == others
    assert "The store is whole." in shell("check")


def READS(article: int) -> list[tuple[str, ...]]:
    number = str(article)
    return [
        ("articles",),
        ("articles", "--json"),
        ("show", number),
        ("show", number, "--as", "html"),
        ("show", number, "--as", "markdown"),
        ("show", number, "--as", "json"),
        ("rates",),
        ("rates", "KGS/USD", "EUR/KZT", "--json"),
        ("watch",),
        ("sources",),
    ]


def test_a_second_refresh_brings_only_what_is_new(filled: Shell, site: DemoSite) -> None:
    again = filled.json("sync", "--news")
    assert (again["new"], again["updated"], again["failed"]) == (0, 0, 0)
    post = site.publish()
    third = filled.json("sync", "--news")
    assert (third["new"], third["failed"]) == (1, 0)
    assert filled.json("articles", "--limit", "1")[0]["guid"].endswith(f"={post.id}")


def test_an_alert_fires_once_with_the_refresh_that_brings_its_fixing(filled: Shell, site: DemoSite) -> None:
    filled("alerts", "add", "KZT/USD", "--fixing")
    filled("alerts", "add", "USD/KZT", "--level", "9000", "--up")
    site.new_fixing()
    day = site.new_fixing() + timedelta(days=1)
    fired = filled.json("sync", "--rates")["alerts"]
    assert [(one["alert"], one["pair"], one["fixing"]) for one in fired] == [(1, "KZT/USD", day.isoformat())]
    rate = filled.json("rates", "KZT/USD", "--date", day.isoformat())[0]
    assert fired[0]["rate"] == rate["rate"]
    assert fired[0]["text"].startswith("KZT/USD has a new fixing for ")
    assert filled.json("sync", "--rates")["alerts"] == []
    assert "KZT/USD has a new fixing" in filled("alerts")
    filled("alerts", "remove", "1")
    assert [one["text"] for one in filled.json("alerts")["alerts"]] == ["rises to 9000 or above"]
    filled("alerts", "add", "dollar", "tenge", "--change", "5", "--source", "nbk")
    (made,) = [one for one in filled.json("alerts")["alerts"] if one["kind"] == "change"]
    assert (made["pair"], made["source"], made["days"]) == ("USD/KZT", "nbk", 7)


def test_an_edited_post_is_updated_in_place_and_stays_read(filled: Shell, site: DemoSite) -> None:
    article = filled.json("articles", "--limit", "1")[0]
    filled("mark", str(article["id"]), "--read")
    site.edit(int(article["guid"].rpartition("=")[2]))
    assert filled.json("sync", "--news")["updated"] == 1
    again = filled.json("articles", "--limit", "1")[0]
    assert (again["id"], again["read"]) == (article["id"], True)


def test_offline_opens_no_connection_and_says_so(copied: Shell, lasting_site: DemoSite) -> None:
    asked = len(lasting_site.log)
    copied("--offline", "sync", status=1)
    assert "offline" in copied.last.stderr.lower()
    assert len(lasting_site.log) == asked


def test_a_site_that_is_down_is_one_sentence_and_loses_nothing(filled: Shell, site: DemoSite) -> None:
    site.stop()
    result = filled.json("sync", status=1)
    assert result["failed"] > 0
    assert filled.json("sources")[0]["error"]
    assert len(filled.json("articles")) == 8


def test_pages_go_on_where_the_cursor_stands(copied: Shell) -> None:
    first = copied.json("articles", "--limit", "3")
    rest = copied.json("articles", "--before", first[-1]["cursor"])
    ids = [a["id"] for a in first + rest]
    assert len(ids) == len(set(ids)) == 8


def test_a_live_site_is_searched(copied: Shell) -> None:
    title = copied.json("articles", "--limit", "1")[0]["title"]
    words = " ".join(title.split()[:3])
    assert title in [a["title"] for a in copied.json("search", words)]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("add", "not an address"), 2),
        (("add", "file:///etc/passwd"), 2),
        (("show", "99"), 2),
        (("mark", "99", "--read"), 2),
        (("delete", "99"), 2),
        (("remove", "99"), 2),
        (("articles", "--source", "99"), 2),
        (("articles", "--before", "yesterday"), 2),
        (("rates", "dollars"), 2),
        (("rates", "--date", "24.11.2026"), 2),
        (("rates", "USD/KZT"), 1),
        (("watch", "add"), 2),
        (("alerts", "add"), 2),
        (("alerts", "add", "USD/KZT", "--level", "nought"), 2),
        (("alerts", "remove", "7"), 2),
        (("alerts", "add", "USD/KZT", "--source", "nobody"), 2),
        (("config", "get", "no.such"), 2),
        (("config", "set", "news.pictures", "maybe"), 2),
        (("nonsense-verb-with", "--unknown-option"), 2),
    ],
)
def test_wrong_use_is_one_sentence(shell: Shell, words: tuple[str, ...], status: int) -> None:
    shell(*words, status=status)
    assert shell.last.stderr.strip()
    assert shell.last.stdout == "" or words[0] == "rates"


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("remove", "99"), 2),
        (("backfill", "99"), 2),
        (("note", "99"), 2),
        (("delete", "99"), 2),
        (("import", "nothing.opml"), 2),
        (("restore", "nothing.zip"), 2),
        (("export", "-"), 0),
        (("backup", "all.zip"), 3),
        (("tags",), 0),
        (("search", "su"), 0),
        (("alerts",), 0),
        (("rules",), 0),
        (("keep",), 0),
        (("--offline", "pack", "--days", "3"), 1),
    ],
)
def test_a_verb_that_the_story_leaves_out_loads_all_that_it_needs(
    shell: Shell, tmp_path: Path, words: tuple[str, ...], status: int
) -> None:
    shell.fresh = True
    shell(*(str(tmp_path / word) if "." in word else word for word in words), status=status)


def test_an_empty_profile_has_empty_lists(shell: Shell) -> None:
    assert shell.json("sources") == []
    assert shell.json("articles") == []
    assert shell.json("watch") == ["USD/KGS", "USD/KZT", "USD/TJS", "USD/UZS", "USD/TMT"]


def test_a_damaged_store_is_mended_and_said_so_by_all_but_check(shell: Shell) -> None:
    shell("sources")
    file = shell.folder / "chorsu.db"
    file.write_bytes(b"not a database at all" * 500)
    shell("check", status=3)
    assert "start it again: it mends the store" in shell.last.stderr
    assert file.read_bytes().startswith(b"not a database")
    assert shell.json("sources") == []
    assert "The store was damaged and has been mended: it has 0 articles;" in shell.last.stderr
    (kept,) = (one for one in shell.folder.glob("chorsu.db.damaged-*") if one.name in shell.last.stderr)
    assert kept.read_bytes().startswith(b"not a database")
    shell("check")


def test_a_store_of_a_newer_version_is_refused_with_status_3(shell: Shell) -> None:
    shell("sources")
    file = shell.folder / "chorsu.db"
    body = file.read_bytes()
    file.write_bytes(body[:60] + (9999).to_bytes(4, "big") + body[64:])
    before = file.read_bytes()
    shell("sources", status=3)
    assert "A newer version of Chorsu made the store" in shell.last.stderr
    assert file.read_bytes() == before


def test_pairs_are_pinned_and_unpinned(shell: Shell) -> None:
    shell("watch", "add", "eurkzt")
    assert "EUR/KZT" in shell.json("watch")
    shell("watch", "remove", "EUR/KZT")
    assert "EUR/KZT" not in shell.json("watch")


def test_watchlists_are_kept_in_words_and_files(shell: Shell, tmp_path: Path) -> None:
    shell("watch", "add", "доллар", "тенге", "--list", "Travel", "--source", "nbk")
    shell("watch", "add", "euro kyrgyz som", "--list", "Travel")
    assert shell("watch", "--list", "Travel").split() == ["USD/KZT", "EUR/KGS"]
    lists = shell.json("watch", "lists")
    assert [(one["name"], one["in_ticker"], len(one["pairs"])) for one in lists] == [
        ("Main", True, 5),
        ("Travel", False, 2),
    ]
    assert lists[1]["pairs"][0] == {"pair": "USD/KZT", "source": "nbk"}
    file = tmp_path / "travel.csv"
    file.write_text(shell("watch", "export", "--list", "Travel"), "utf-8")
    shell("watch", "import", str(file), "--list", "Copy")
    copied = shell.json("watch", "lists")[2]
    assert copied["pairs"] == lists[1]["pairs"]
    shell("watch", "remove", "tenge dollar", "--list", "Copy")
    assert shell.json("watch", "--list", "Copy") == ["EUR/KGS"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "dollar", "som"), "Write one of USD/KGS, USD/UZS."),
        (("add",), "No pair was given."),
        (("add", "usdkzt", "--source", "mybank"), "There is no source “mybank”."),
        (("remove", "EUR/KZT"), "EUR/KZT is not on the list “Main”."),
        (("list", "--list", "Nowhere"), "There is no list “Nowhere”."),
        (("import", "nothing.csv"), "nothing.csv cannot be read"),
        (("lists", "Main"), "takes nothing after it"),
    ],
)
def test_what_cannot_be_done_to_a_watchlist_is_said_with_status_2(
    shell: Shell, words: tuple[str, ...], said: str
) -> None:
    shell("watch", *words, status=2)
    assert said in shell.last.stderr


def test_a_bad_line_of_a_list_is_named_and_nothing_is_imported(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_text("pair\nEUR/KZT\nUSD/QQQ\n", "utf-8")
    shell("watch", "import", str(file), status=1)
    assert "line 3: QQQ is not a currency code." in shell.last.stderr
    assert "EUR/KZT" not in shell.json("watch")


def test_files_are_for_their_owner_alone(copied: Shell) -> None:
    assert copied.folder.stat().st_mode & 0o777 == 0o700
    for path in copied.folder.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_number_that_jumps_is_held_back_until_it_is_accepted(copied: Shell) -> None:
    good = copied.json("rates", "USD/KZT")[0]
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    table = f"""<?xml version="1.0" encoding="utf-8"?><rates><date>{tomorrow:%d.%m.%Y}</date><item><title>USD</title>
        <description>4731.8</description><quant>1</quant><change>+1.00</change></item></rates>"""
    with LoopbackServer({"/nbk": Reply(body=table)}) as server:
        copied("config", "set", "rates.nbk.url", server.address("/nbk"))
        copied("sync", "--rates")
    assert "nbk: 0 new rates, 1 held back until they are confirmed" in copied.last.stderr
    held = copied.json("rates", "USD/KZT")[0]
    assert (held["rate"], held["unconfirmed"]["value"]) == (good["rate"], "4731.8")
    assert f"unconfirmed: nbk says 1 USD = 4731.8 KZT from {tomorrow}" in copied("rates", "USD/KZT")
    copied("rates", "--accept", "USD/KZT")
    assert "Accepted: 1 USD = 4731.8 KZT (nbk)" in copied.last.stderr
    accepted = copied.json("rates", "USD/KZT")[0]
    assert (accepted["unconfirmed"], accepted["next"]["value"]) == (None, "4731.8")
    copied("rates", "--accept", "USD/KZT", status=1)
    assert "Nothing waits to be confirmed for USD/KZT." in copied.last.stderr
    copied("rates", "--accept", status=2)


@pytest.mark.parametrize("verb", [verb for verbs in GROUPS.values() for verb in verbs])
def test_the_parser_that_a_verb_is_given_knows_it(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    for asked in (verb, ""):
        with pytest.raises(SystemExit) as ended:
            build_parser(asked).parse_args([verb, "--help"])
        assert ended.value.code == 0
        assert f"usage: chorsu {verb} " in capsys.readouterr().out


def test_no_verb_is_left_out_of_the_groups(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        build_parser().parse_args(["--help"])
    listed = re.findall(r"^    ([a-z]+)(?: .*)?$", capsys.readouterr().out, flags=re.MULTILINE)
    assert sorted(listed) == sorted(verb for verbs in GROUPS.values() for verb in verbs)
