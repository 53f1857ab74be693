"""Secrets are planted wherever the program meets them, and then looked for wherever it leaves something.

A key in the address of a feed has to be kept where the address is: in the store, its backup and daily copy, a list of
sources and a pack. Everything else, and every other secret, must be nowhere.
"""

from __future__ import annotations

import contextlib
import io
import logging
import subprocess
import sys
import time
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import keyring
from keyring.backend import KeyringBackend

from desktop import log
from desktop.core.collection import ENDINGS
from desktop.core.errors import AppError
from desktop.core.models import ArticleQuery, NewSource
from desktop.core.proof import Scope
from desktop.net import accounts, opml
from desktop.net.gate import Gate
from desktop.net.http import Http
from desktop.store import Store
from desktop.store.backup import back_up
from desktop.store.copies import keep_daily
from desktop.sync import subscriptions
from desktop.sync.articles_out import export_articles
from desktop.sync.discover import discover, typed_address
from desktop.sync.lane import StoreLane
from desktop.sync.pack import Packing
from desktop.sync.pack_file.writing import write_pack
from desktop.sync.refresh import Refresh
from desktop.sync.report import Plan
from tests.faults.world import World
from tests.server import LoopbackServer, Pause, Reply, Request, head, script

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
XML = {"Content-Type": "application/rss+xml"}
PASSWORD, KEY, TYPED, COOKIE, LED, FAULT, LINKED, PROXY = (f"S3CRET{n}кумыс" for n in range(8))
KEYED = f"?token={KEY}&access_token={KEY}&api_key={KEY}&page=2"
EVERYWHERE = (PASSWORD, KEY, TYPED, COOKIE, LED, FAULT, LINKED, PROXY)


class Memory(KeyringBackend):
    """A keyring that forgets."""

    priority = 1.0  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


def _answer(request: Request) -> Reply:
    host, wanted = request.headers["host"], b64encode(f"aigul:{PASSWORD}".encode()).decode()
    headers = XML | {"Set-Cookie": f"session={_latin(COOKIE)}"}
    if host == "locked.example" and request.headers.get("authorization") != f"Basic {wanted}":
        return Reply(401, headers | {"WWW-Authenticate": f'Basic realm="{_latin(COOKIE)}"'})
    if host == "broken.example":
        return Reply(500, headers)
    if host == "leading.example":
        return Reply(302, headers | {"Location": f"http://bob:{_latin(LED)}@elsewhere.example/"})
    link = f"http://bob:{LINKED}@news.example/1"
    body = f'<p>Read <a href="{link}">this</a> and see <img src="{link}.png" width="600" height="400"></p>'
    return Reply(
        200,
        headers,
        f'<rss version="2.0"><channel><title>News</title><item><title>Story</title><link>{link}</link>'
        f"<guid>1</guid><description><![CDATA[{body}]]></description></item></channel></rss>",
    )


def _latin(text: str) -> str:
    return text.encode().decode("latin-1")


def live(folder: Path) -> None:
    """Meet every secret once, and leave behind all that the program can leave."""
    data, out = folder / "data", folder / "out"
    out.mkdir(parents=True)
    data.mkdir(mode=0o700)
    log.start(data / "chorsu.log", verbose=True)
    before = keyring.get_keyring()
    keyring.set_keyring(Memory())
    try:
        with LoopbackServer({"*": _answer}) as server:
            lane = StoreLane(data)
            http = Http(Gate(), now=lambda: NOW, wire=World(server.port))
            try:
                _read(http, lane)
                _type(http, lane)
                _pack(http, lane)
            finally:
                http.close()
                lane.close()
        _stumble()
        _leave(data, out)
    finally:
        keyring.set_keyring(before)
        log.stop()


def _read(http: Http, lane: StoreLane) -> None:
    hosts = ("keyed", "locked", "broken", "leading")
    for host in hosts:
        url = f"http://{host}.example/feed" + ("" if host == "locked" else KEYED)
        account = "aigul" if host == "locked" else ""
        new = NewSource(url, feed_url=url, account=account)
        lane(lambda store, new=new: store.sources.add(new, NOW))
    accounts.keep("http://locked.example/feed", "aigul", PASSWORD)
    lane(lambda store: store.settings.set("archive.pause", 0.0))
    summary = Refresh(http, lane, lambda event: None, lambda: NOW).run(Plan(rates=False))
    good = {done.source.url for done in summary.sources if done.error is None}
    assert good == {f"http://keyed.example/feed{KEYED}", "http://locked.example/feed"}, good


def _type(http: Http, lane: StoreLane) -> None:
    """A password within an address: typed, dropped, edited, imported."""
    address = f"http://aigul:{TYPED}@locked.example/feed"
    for text in (address, f"feed:{address}", f"aigul:{TYPED}@locked.example/feed"):
        with contextlib.suppress(AppError):
            discover(http, text)
        with contextlib.suppress(AppError):
            edited = typed_address(text)
            lane(lambda store, edited=edited: store.sources.add(NewSource(edited, feed_url=edited), NOW))
    listed = f'<outline text="A" xmlUrl="{address}" htmlUrl="{address}"/>'
    site = f'<outline text="B" xmlUrl="http://b.example/feed" htmlUrl="{address}"/>'
    body = f'<opml version="2.0"><body>{listed}{site}</body></opml>'.encode()
    offers = subscriptions.preview(body, []).fresh()
    lane(lambda store: [store.sources.add(source, NOW) for source in offers])


def _pack(http: Http, lane: StoreLane) -> None:
    Packing(http, lane, lambda event: None, lambda: NOW).run(Scope(days=3650, lists=()))


def _stumble() -> None:
    """A fault of ours that carries what it stumbled over."""
    fault = ValueError(f"https://bob:{FAULT}@host.example/?x_key={FAULT}\nAuthorization: Basic {FAULT}")
    for name in ("desktop.jobs", "desktop.net.http"):
        logging.getLogger(name).error("unexpected fault", exc_info=fault)
        logging.getLogger(name).info("sent Cookie: a=%s; b=%s", FAULT, FAULT)
        logging.getLogger(name).info("sent Proxy-Authorization: Basic %s", PROXY)


def _leave(data: Path, out: Path) -> None:
    with Store.open(data) as store:
        (out / "sources.opml").write_bytes(opml.write(store.sources.subscriptions(), NOW))
        for ending in ENDINGS:
            export_articles(store, out / f"articles.{ending}", ArticleQuery())
    back_up(data, out / "backup.zip", NOW)
    keep_daily(data, NOW)
    write_pack(data, out / "pack.chorsu-pack", NOW)


def found(folder: Path) -> dict[str, set[str]]:
    """Which secrets stand in which files, in texts of articles too."""
    hits: dict[str, set[str]] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            for name, content in _contents(path.name, path.read_bytes()):
                for secret in EVERYWHERE:
                    if any(form in content for form in _forms(secret)):
                        hits.setdefault(name, set()).add(secret)
    with Store.open_reader(folder / "data") as store:
        for row in store.articles.page(ArticleQuery()):
            article = store.articles.get(row.id)
            assert article is not None
            hits.setdefault("texts", set()).update(s for s in EVERYWHERE if s in repr(article))
    return {name: secrets for name, secrets in hits.items() if secrets}


def _contents(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield from _contents(f"{name}/{member}", archive.read(member))
    else:
        yield name, content


def _forms(secret: str) -> Iterator[bytes]:
    yield secret.encode()
    yield secret.partition("кумыс")[0].encode()  # whatever became of its other letters
    yield b64encode(f"aigul:{secret}".encode())


# Where a key that is part of an address may stand.
WITH_ADDRESSES = ("chorsu.db", "sources.opml", "backup.zip", "pack.chorsu-pack", "state-")


def processes(folder: Path) -> dict[str, int]:
    """How many processes ran for a refresh by the command line, and how many of their command lines and environments
    held the key that its source has."""
    data = folder / "cli"
    slow = script(
        head(Content_Type="application/rss+xml"),
        Pause(0.4),
        b"<rss><channel><title>A</title></channel></rss>",
    )
    with LoopbackServer({"*": slow}) as server:
        with Store.open(data) as store:
            for n in range(4):
                url = server.address(f"/{n}?token={KEY}")
                store.sources.add(NewSource(url, feed_url=url), NOW)
        command = [sys.executable, "-m", "desktop", "--data-dir", str(data), "sync", "--news"]
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=Path.cwd())
        seen: set[int] = set()
        holding: set[int] = set()
        while run.poll() is None:
            for pid in (run.pid, *_children(run.pid)):
                told = _told(pid)
                seen.add(pid)
                if any(form in told for form in _forms(KEY)):
                    holding.add(pid)
            time.sleep(0.02)
    return {"processes": len(seen), "holding": len(holding)}


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        tasks = Path(f"/proc/{pid}/task").iterdir()
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    return []


def _told(pid: int) -> bytes:
    """What the system tells everybody, or the same user, of a process."""
    told = b""
    for name in ("cmdline", "environ"):
        with contextlib.suppress(OSError):
            told += Path(f"/proc/{pid}/{name}").read_bytes()
    return told


def run(seed: int = 0) -> dict[str, object]:
    """The figures: secrets, files and texts that were searched, and those in which one stood that must not."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        live(folder)
        hits = found(folder)
        files = sum(path.is_file() for path in folder.rglob("*"))
        told = processes(folder) if Path("/proc/self/task").is_dir() else {"processes": 0, "holding": 0}
    wrong = {
        name: sorted(secrets - ({KEY} if name.startswith(WITH_ADDRESSES) else set()))
        for name, secrets in hits.items()
        if secrets - ({KEY} if name.startswith(WITH_ADDRESSES) else set())
    }
    return {
        "secrets": len(EVERYWHERE),
        "files": files,
        "found_where_they_must_not_be": wrong,
        "key_stands_with_its_address": sorted(name for name, secrets in hits.items() if KEY in secrets),
        **told,
    }
