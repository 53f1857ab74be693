"""How the sources are, on the command line: the same facts as on the health page."""

from __future__ import annotations

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
