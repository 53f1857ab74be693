"""The readers that are measured beside Chorsu: how each is told of its sources, started, and what it has stored.

Each class makes a home as that of a person who follows the feeds and has chosen what it does at its start. Written for
the versions that Debian 12 has: RSS Guard 4.0, Newsboat 2.21, Liferea 1.14, Akregator 22.12, QuiteRSS 0.19.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from html import escape
from pathlib import Path
from typing import ClassVar

from desktop.store import Store
from desktop.store.opening import FILE
from tests.bench.light.peers.driven import ROOT, drive


class Reader:
    """A program that follows feeds. `home` is a folder of its own, `urls` what it follows."""

    name: ClassVar[str]
    program: ClassVar[str]
    package: ClassVar[str]
    in_terminal: ClassVar[bool] = False
    asks_to_quit: ClassVar[bool] = (
        False  # it stores what it has when it is asked to end, not when it is told to
    )

    def lacks(self) -> str:
        """What is not there to run it; "" where nothing is missing."""
        needed = [self.program, *(["xdotool"] if self.asks_to_quit else [])]
        return ", ".join(name for name in needed if shutil.which(name) is None)

    def version(self) -> str:
        """The version of the package; "" where that is not known."""
        asked = ["dpkg-query", "-W", "-f", "${Version}", self.package]
        if shutil.which(asked[0]) is None:
            return ""
        found = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
        return found.rpartition(":")[2].partition("-")[0].partition("+")[0]

    def command(self, home: Path, fetch: bool) -> list[str]:
        """How it is started; what it does then is in its settings, except where a word on the line says it."""
        return [self.program]

    def follow(self, home: Path, urls: Sequence[str]) -> None:
        """Make the home: all sources, no article."""
        raise NotImplementedError

    def at_start(self, home: Path, fetch: bool) -> None:
        """Let the next start ask all feeds, or none."""
        raise NotImplementedError

    def stored(self, home: Path) -> int:
        """How many articles it has on disk."""
        raise NotImplementedError


class Chorsu(Reader):
    name, program, package = "Chorsu", sys.executable, ""

    def version(self) -> str:
        return ""

    def command(self, home: Path, fetch: bool) -> list[str]:
        return [sys.executable, "-m", "desktop", "--data-dir", str(home / "data")]

    def follow(self, home: Path, urls: Sequence[str]) -> None:
        listed = home / "feeds.opml"
        outlines = "".join(f'<outline type="rss" text="{url}" xmlUrl="{url}"/>' for url in urls)
        listed.write_text(f'<opml version="2.0"><body>{outlines}</body></opml>', encoding="utf-8")
        command = [*self.command(home, False), "import", str(listed)]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        with Store.open(home / "data") as store:
            store.settings.set("welcome.done", True)
            store.settings.set("network.automatic", False)

    def at_start(self, home: Path, fetch: bool) -> None:
        with Store.open(home / "data") as store:
            store.settings.set("refresh.automatic", fetch)
        if fetch:  # as if it had been closed long enough for all sources to be due
            _change(home / "data" / FILE, "UPDATE fetch_states SET next_due = 0")

    def stored(self, home: Path) -> int:
        return _count(home / "data" / FILE, "articles")


class Newsboat(Reader):
    name = "Newsboat"
    program = package = "newsboat"
    in_terminal = True

    def command(self, home: Path, fetch: bool) -> list[str]:
        return [self.program, *(["-r"] if fetch else [])]

    def follow(self, home: Path, urls: Sequence[str]) -> None:
        folder = home / ".newsboat"
        folder.mkdir()
        (folder / "urls").write_text("".join(f"{url}\n" for url in urls))
        (folder / "config").write_text("auto-reload no\nreload-threads 8\n")

    def at_start(self, home: Path, fetch: bool) -> None:
        pass

    def stored(self, home: Path) -> int:
        return _count(home / ".newsboat/cache.db", "rss_item")


class RssGuard(Reader):
    name = "RSS Guard"
    program = package = "rssguard"
    _folder = Path(".config/RSS Guard 4")

    def follow(self, home: Path, urls: Sequence[str]) -> None:
        drive(self.command(home, False), home)  # it makes its database itself
        with closing(sqlite3.connect(home / self._folder / "database/database.db")) as db:
            db.execute("INSERT INTO Accounts (id, type, proxy_type, proxy_port) VALUES (1, 'std-rss', 0, 0)")
            db.executemany(
                "INSERT INTO Feeds (id, title, date_created, category, source, update_type, update_interval,"
                " account_id, custom_id, custom_data) VALUES (?1, ?2, 0, -1, ?3, 1, 15, 1, ?1, ?4)",
                (
                    (number, f"Made {number}", url,
                     '{"encoding": "UTF-8", "type": 1, "source_type": 0, "post_process": ""}')
                    for number, url in enumerate(urls, 1)
                ),
            )  # fmt: skip
            db.commit()

    def at_start(self, home: Path, fetch: bool) -> None:
        settings = {
            "feeds_update_on_startup": fetch,
            "feeds_update_on_startup_delay": 0,
            "auto_update_enabled": False,
        }
        _put(home / self._folder / "config/config.ini", "feeds", settings)

    def stored(self, home: Path) -> int:
        return _count(home / self._folder / "database/database.db", "Messages")


class Liferea(Reader):
    name = "Liferea"
    program = package = "liferea"

    def follow(self, home: Path, urls: Sequence[str]) -> None:
        folder = home / ".config/liferea"
        folder.mkdir(parents=True)
        _write_outlines(
            folder / "feedlist.opml", urls, 'id="made{0:03}" sortColumn="time" updateInterval="1440"'
        )

    def at_start(self, home: Path, fetch: bool) -> None:
        keys = home / ".config/glib-2.0/settings/keyfile"
        keys.parent.mkdir(parents=True, exist_ok=True)
        settings = {"maxitemcount": 10_000, "startup-feed-action": 0 if fetch else 1, "enable-plugins": False,
                    "last-window-width": 1200, "last-window-height": 750}  # fmt: skip
        _put(keys, "org/gnome/liferea", settings)

    def stored(self, home: Path) -> int:
        return _count(home / ".local/share/liferea/liferea.db", "items")


class Akregator(Reader):
    name = "Akregator"
    program = package = "akregator"
    asks_to_quit = True

    def follow(self, home: Path, urls: Sequence[str]) -> None:
        folder = home / ".local/share/akregator/data"
        folder.mkdir(parents=True)
        own = 'id="1{0:03}" version="RSS" archiveMode="globalDefault" useCustomFetchInterval="false"'
        _write_outlines(folder / "feeds.opml", urls, own)

    def at_start(self, home: Path, fetch: bool) -> None:
        settings = home / ".config/akregatorrc"
        settings.parent.mkdir(exist_ok=True)
        general = {"Show Tray Icon": False, "Fetch On Startup": fetch, "Use Interval Fetch": False,
                   "Use Notifications": False}  # fmt: skip
        _put(settings, "General", general)
        _put(settings, "Archive", {"ArchiveMode": "keepAllArticles"})
        _put(settings, "Migratekde4", {"Version": 1})

    def stored(self, home: Path) -> int:
        """Its archives are no database that others read: the guids in them."""
        archives = (home / ".local/share/akregator/Archive").glob("*.mk4")
        return sum(
            len(set(re.findall(rb"https://made\.example/\?p=\d+", one.read_bytes()))) for one in archives
        )


class QuiteRss(Reader):
    name = "QuiteRSS"
    program = package = "quiterss"
    asks_to_quit = True
    _database = Path(".local/share/QuiteRss/QuiteRss/feeds.db")

    def follow(self, home: Path, urls: Sequence[str]) -> None:
        drive(self.command(home, False), home, asks_to_quit=True)  # it makes its database itself
        with closing(sqlite3.connect(home / self._database)) as db:
            db.execute("DELETE FROM feeds")
            db.executemany(
                "INSERT INTO feeds (id, text, title, xmlUrl, htmlUrl, created, parentId, rowToParent, unread,"
                " newCount, undeleteCount, updateOnStartup)"
                " VALUES (?1, ?2, ?2, ?3, '', '2026-11-24T06:00:00', 0, ?1, 0, 0, 0, 1)",
                ((number, f"Made {number}", url) for number, url in enumerate(urls, 1)),
            )
            db.commit()

    def at_start(self, home: Path, fetch: bool) -> None:
        settings = {"autoUpdatefeedsStartUp": fetch, "updateFeedsStartUp": fetch, "autoUpdatefeeds": False,
                    "updateFeedsEnable": False, "showSplashScreen": False, "updateCheckEnabled": False,
                    "statisticsEnabled2": False}  # fmt: skip
        _put(home / ".config/QuiteRss/QuiteRss.ini", "Settings", settings)

    def stored(self, home: Path) -> int:
        return _count(home / self._database, "news")


READERS: tuple[Reader, ...] = (Chorsu(), RssGuard(), Newsboat(), Liferea(), Akregator(), QuiteRss())


def _put(path: Path, group: str, settings: dict[str, object]) -> None:
    """Set keys of a group of an INI file, and leave all others as they are."""
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    head = f"[{group}]"
    if head not in lines:
        lines += [head]
    start = lines.index(head) + 1
    end = next((at for at in range(start, len(lines)) if lines[at].startswith("[")), len(lines))
    kept = [line for line in lines[start:end] if line.partition("=")[0] not in settings]
    put = [
        f"{key}={str(value).lower() if isinstance(value, bool) else value}" for key, value in settings.items()
    ]
    path.write_text("\n".join([*lines[:start], *put, *kept, *lines[end:]]) + "\n", "utf-8")


def _count(database: Path, table: str) -> int:
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as db:
        found: int = db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    return found


def _change(database: Path, sql: str) -> None:
    with closing(sqlite3.connect(database)) as db:
        db.execute(sql)
        db.commit()


def _write_outlines(file: Path, urls: Sequence[str], own: str) -> None:
    """A list of feeds with the attributes that a reader wants of its own, `{}` standing for the number of the feed."""
    outlines = "".join(
        f'<outline text="Made {number}" title="Made {number}" type="rss" xmlUrl="{escape(url)}"'
        f" {own.format(number)}/>\n"
        for number, url in enumerate(urls)
    )
    file.write_text(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<opml version="1.0"><head/><body>\n{outlines}</body></opml>\n'
    )
