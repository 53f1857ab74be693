"""Searching, and rules on arrival, through the command line against the demo's site."""

from __future__ import annotations

from desktop.demo.site import DemoSite
from tests.e2e.test_command_line import Shell
from tests.e2e.test_command_line import filled as filled
from tests.e2e.test_command_line import shell as shell
from tests.e2e.test_command_line import site as site


def test_a_search_is_narrowed_and_what_cannot_be_read_is_said(filled: Shell) -> None:
    every = filled.json("articles")
    word = max(every[0]["title"].split(), key=len)
    found = filled.json("search", f"{word} is:unread")
    assert every[0]["id"] in [article["id"] for article in found]
    filled("mark", str(every[0]["id"]), "--read")
    assert every[0]["id"] not in [a["id"] for a in filled.json("search", f"{word} is:unread")]
    assert len(filled.json("search", f"OR {word}")) > 0
    assert "“OR” stands between two words." in filled.last.stderr
    assert filled.json("search", "source:nowhere") == []


def test_a_rule_is_tried_then_marks_what_the_next_refresh_brings(filled: Shell, site: DemoSite) -> None:
    before = {article["id"] for article in filled.json("articles")}
    tried = filled.json("rules", "try", "source:127.0.0.1")
    assert tried["found"] == len(before)
    number = filled("rules", "add", "source:127.0.0.1", "--read", "--star").strip()
    assert filled.json("articles", "--starred") == []
    site.publish()
    filled("sync", "--news")
    (new,) = filled.json("articles", "--starred")
    assert new["id"] not in before
    assert new["read"]
    assert [act["article"] for act in filled.json("rules", "did", number)] == [new["id"]]
    assert filled.json("rules") == [
        {
            "id": int(number), "query": "source:127.0.0.1", "read": True, "star": True, "notify": False, "tag": "",
            "skip_pictures": False, "never_keep": False, "marked": 1,
        }
    ]  # fmt: skip
    filled("rules", "remove", number)
    assert filled.json("rules") == []
    filled("rules", "add", "is:good", "--read", status=2)
    filled("rules", "remove", "7", status=2)


def test_what_a_rule_did_is_taken_back_and_what_it_did_not_keep_comes_whole(
    filled: Shell, site: DemoSite
) -> None:
    number = filled("rules", "add", "source:127.0.0.1", "--never-keep").strip()
    before = filled.json("articles")
    site.publish()
    filled("sync", "--news")
    assert filled.json("articles") == before
    (act,) = filled.json("rules", "did", number)
    assert (act["article"], act["undone"]) == (None, False)
    assert filled("rules", "undo", number) == "Marks taken back: 0. Articles brought back: 1.\n"
    filled("rules", "remove", number)
    (back,) = [one for one in filled.json("articles") if one not in before]
    assert back["title"] == act["title"]
    short = len(filled("show", str(back["id"])))
    filled("sync", "--news")
    (back,) = [one for one in filled.json("articles") if one not in before]
    assert len(filled("show", str(back["id"]))) > short


def test_a_rule_is_applied_to_what_is_stored_and_taken_back(filled: Shell) -> None:
    count = len(filled.json("articles"))
    number = filled("rules", "add", "source:127.0.0.1", "--star", "--skip-pictures").strip()
    assert filled("rules", "apply", number) == f"Stored articles marked: {count}.\n"
    assert len(filled.json("articles", "--starred")) == count
    assert filled("rules", "undo", number) == f"Marks taken back: {count}. Articles brought back: 0.\n"
    assert filled.json("articles", "--starred") == []
