"""How the sources are, on the command line: the same facts as on the health page."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.test_command_line import Shell, shell
from tests.server import LoopbackServer, Reply

__all__ = ["shell"]

RSS = {"Content-Type": "application/rss+xml"}
FEED = """<rss version="2.0"><channel><title>Камыш</title><item><title>Су</title><guid>1</guid>
<description>Бәрі осында.</description></item></channel></rss>"""


def test_the_list_of_sources_tells_how_each_is(shell: Shell) -> None:
    with LoopbackServer({"/feed.xml": Reply(200, RSS, FEED), "/gone.xml": Reply(200, RSS, FEED)}) as server:
        for name in ("feed", "gone"):
            shell("add", server.address(f"/{name}.xml"), "--title", name, "--folder", "Орта Азия/Су")
        server.routes["/gone.xml"] = Reply(410)
        shell("sync", "--news", status=1)
        shell("sync", "--news")  # what was taken down is not asked again
        good, gone = shell.json("sources")
        assert len(server.asked("/gone.xml")) == 2  # found once, refreshed once
    # The feed shows beginnings only, and its articles have no page.
    assert (good["condition"], good["unchanged"], good["whole_text"]) == ("fine", 0.5, 0.0)
    assert good["received"] > 0
    assert good["articles_a_day"] == 0.03
    assert (gone["condition"], gone["enabled"]) == ("dead", False)
    assert "(410)" in gone["error"]


def test_a_note_is_written_printed_listed_and_taken_away(shell: Shell) -> None:
    with LoopbackServer({"/feed.xml": Reply(200, RSS, FEED)}) as server:
        shell("add", server.address("/feed.xml"), "--folder", "Орта Азия/Су")
        shell("sync", "--news")
    (article,) = shell.json("articles", "--folder", "Орта Азия")
    number = str(article["id"])
    shell("note", number, " Кімге айту керек? ")
    assert shell("note", number) == "Кімге айту керек?\n"
    assert [one["id"] for one in shell.json("articles", "--notes")] == [article["id"]]
    shell("note", number, "")
    assert shell.json("articles", "--notes") == []
    assert "no article 99" in (shell("note", "99", status=2) or shell.last.stderr)


def test_tags_are_put_listed_searched_renamed_exported_and_taken_away(shell: Shell, tmp_path: Path) -> None:
    with LoopbackServer({"/feed.xml": Reply(200, RSS, FEED)}) as server:
        shell("add", server.address("/feed.xml"))
        shell("sync", "--news")
    (article,) = shell.json("articles")
    number = str(article["id"])
    assert article["tags"] == []
    shell("mark", number, "--read", "--tag", "Су", "--tag", "Read later")
    (tagged,) = shell.json("articles", "--tag", "су")
    assert (tagged["tags"], tagged["read"]) == (["Read later", "Су"], True)
    assert shell.json("search", "tag:су is:read") == [tagged]
    assert shell.json("tags")[1] == {"tag": "Су", "articles": 1, "unread": 0}
    shell("tags", "rename", "су", "Вода")
    shell("export", str(tmp_path / "water.csv"), "--tag", "вода")
    assert "Read later, Вода" in (tmp_path / "water.csv").read_text("utf-8")
    shell("mark", number, "--untag", "read later")
    shell("tags", "remove", "Вода")
    assert shell.json("articles", "--tag", "вода") == shell.json("tags") == []
    assert "no tag “Вода”" in (shell("tags", "remove", "Вода", status=2) or shell.last.stderr)
    assert "--untag" in (shell("mark", number, status=2) or shell.last.stderr)
    shell("check")


def test_a_source_is_removed_and_its_marked_articles_stay_until_it_is_followed_again(
    shell: Shell, tmp_path: Path
) -> None:
    items = "".join(f"<item><title>Су {n}</title><guid>{n}</guid></item>" for n in range(3))
    with LoopbackServer(
        {"/feed.xml": Reply(200, RSS, FEED.replace("</channel>", items + "</channel>"))}
    ) as server:
        shell("add", server.address("/feed.xml"), "--title", "Камыш")
        shell("sync", "--news")
        noted, read, *_ = (str(one["id"]) for one in shell.json("articles"))
        shell("note", noted, "Кімге айту керек?")
        shell("mark", noted, read, "--read")
        assert shell("remove", "1", "--keep-marked") == "1 articles kept, 3 removed\n"
        (source,) = shell.json("sources")
        assert (source["archived"], source["condition"], source["articles"]) == (True, "archived", 1)
        assert "kept articles only" in shell("sources")
        assert [str(one["id"]) for one in shell.json("articles")] == [noted]
        assert shell("show", noted)
        shell("sync", "--news")
        assert "was removed" in (shell("sync", "--source", "1", status=2) or shell.last.stderr)
        shell("export", str(tmp_path / "all.opml"))
        assert "xmlUrl" not in (tmp_path / "all.opml").read_text("utf-8")
        shell("check")

        shell("add", server.address("/feed.xml"), "--title", "Камыш")
        shell("sync", "--news")
    found = shell.json("articles")
    assert len({one["title"] for one in found}) == len(found) == 4
    assert sorted(str(one["id"]) for one in found if one["read"])[0] == noted
    assert sum(one["read"] for one in found) == 2
    assert not shell.json("sources")[0]["archived"]
