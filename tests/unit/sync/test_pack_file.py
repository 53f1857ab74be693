"""A pack that goes from one store into another in a file: what arrives, what is merged, and what is refused."""

from __future__ import annotations

import json
import shutil
import sqlite3
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import pytest

from desktop.core.errors import AppError, ParseError, StoppedError, UsageError
from desktop.core.html.sanitise import sanitise
from desktop.core.incoming import ImageRef, IncomingArticle, IncomingText
from desktop.core.models import ArticleQuery, Changes, NewSource, View
from desktop.core.pack_file import Taken
from desktop.core.pack_words import told
from desktop.core.proof import Scope
from desktop.core.rates import Pair
from desktop.core.retention import Rule
from desktop.net.images import probe
from desktop.store import Store
from desktop.sync import documents
from desktop.sync.lane import StoreLane
from desktop.sync.pack_file.lines import write_article
from desktop.sync.pack_file.reading import opened
from desktop.sync.pack_file.taking import TakingIn
from desktop.sync.pack_file.writing import MANIFEST, RATES, write_pack
from desktop.sync.worker import Cause
from tests.new_store import begin
from tests.unit.store.builders import NOW, make_article, make_feed, make_quote
from tests.unit.sync.press import png

T = TypeVar("T")
SITE = "https://steppe.example"
LATER = NOW + timedelta(hours=1)
HOUR = timedelta(hours=1)
AFTER = NOW + 2 * HOUR  # when packs are written and read
# What is compared row by row. When a picture or a page is tried again is each machine's own.
KEPT = {
    "articles": "source_id, sort_at, published, read, starred, updated, images_total, withdrawn, noted",
    "headlines": "article_id, lead_key, title, url, excerpt",
    "bodies": "article_id, author, published_text, updated_at, first_seen, language, categories, enclosures, body",
    "identities": "article_id, source_id, key, guid, url_key, title_key, content_hash, post_id",
    "states": "source_id, key, first_seen, read, read_at, starred, let_go",
    "notes": "source_id, key, text, changed_at",
    "taggings": "source_id, key, (SELECT name FROM tags WHERE id = tag_id)",
    "article_tags": "article_id, source_id, sort_at, read",
    "revisions": "article_id, replaced_at, title",
    "full_texts": "article_id, cut, wanted, body, fetched_at, problem",
    "article_images": "article_id, position, key, alt, width, height",
    "images": "key, url, sha256, format, width, height, size_bytes, problem",
    "quotes": "*",
}
USED = {"images": "WHERE key IN (SELECT key FROM article_images)"}


class Machine:
    """One store, and its pack."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lane = StoreLane(begin(folder))
        self.now = NOW

    def do(self, job: Callable[[Store], T]) -> T:
        return self.lane(job)

    def clock(self) -> datetime:
        return self.now

    def follow(self, url: str = f"{SITE}/feed/", **more: Any) -> int:
        return self.do(lambda store: store.sources.add(NewSource(url, title="Steppe Post", **more), NOW)).id

    def bring(self, source_id: int, *articles: IncomingArticle, now: datetime | None = None) -> None:
        self.do(lambda store: store.articles.apply(source_id, make_feed(articles), None, now or self.now))

    def pack(self, scope: Scope = Scope(lists=())) -> None:  # noqa: B008  # frozen
        def job(store: Store) -> None:
            store.packs.list_articles(store.packs.begin(scope, self.now))

        self.do(job)

    def write(self, path: Path) -> Path:
        write_pack(self.folder, path, self.now)
        return path

    def read(self, path: Path, **more: Any) -> Taken:
        return TakingIn(path, self.lane, self.clock, **more).take()

    def rows(self) -> dict[str, list[Any]]:
        return self.do(
            lambda store: {
                name: sorted(
                    store._database.rows(f"SELECT {columns} FROM {name} {USED.get(name, '')}"), key=repr
                )
                for name, columns in KEPT.items()
            }
        )

    def article(self, title: str) -> int:
        (row,) = [
            row for row in self.do(lambda store: store.articles.page(ArticleQuery())) if row.title == title
        ]
        return row.id


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Callable[[str], Machine]]:
    made: list[Machine] = []

    def make(name: str) -> Machine:
        made.append(Machine(tmp_path / name))
        return made[-1]

    yield make
    for one in made:
        one.lane.close()


def story(number: int, body: str = "", **changes: Any) -> IncomingArticle:
    """An article as the sanitiser leaves it, with a picture in its text."""
    html = (
        body
        or f"<p>The bridge over river {number} is open.</p><p><img src='/{number}.png' alt='A bridge'></p>"
    )
    clean = sanitise(html, f"{SITE}/articles/{number}/", None)
    values = {
        "html": clean.html, "text": clean.text, "images": clean.images,
        "lead_image": clean.images[0].url if clean.images else "",
    }  # fmt: skip
    return make_article(number, **{**values, **changes})


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a machine with something of everything in its pack, and the pack in a file beside it."""
    made = Machine(tmp_path_factory.mktemp("furnished") / "sender")
    source = made.follow()
    made.bring(source, *(story(number) for number in range(1, 6)))
    made.bring(source, story(2, "<p>The bridge over river 2 is shut again.</p>"), now=NOW + HOUR)
    made.now = AFTER

    def furnish(store: Store) -> None:
        for wanted in store.images.wanted(99, made.now)[:3]:
            body = png(20 + int(wanted.url[-5]), 10)
            store.images.put(wanted.key, wanted.url, body, probe(body))
        for wanted in store.images.wanted(99, made.now):
            store.images.fail(wanted.key, wanted.url, "It is gone.", made.now)
        page = sanitise("<p>All of it, and more.</p><img src='/page.png'>", SITE, None)
        store.full_texts.put(3, IncomingText(page.html, page.text, page.images), NOW)
        store.full_texts.fail(4, "The page asks for payment.", NOW)
        store.articles.set_starred([3], True)
        store.articles.set_read([2], True)
        store._database.connection.execute("UPDATE states SET read_at = ? WHERE read", (NOW.timestamp(),))
        store.notes.put(1, "Ask the mayor.", NOW)
        store.tags.change([1, 2], ["Bridges"])
        store.archive.note_public(source, [5], [], None, NOW)
        store.watchlists.pin(Pair("EUR", "KZT"))
        store.rates.save([make_quote(23, "473.01"), make_quote(24)], NOW)

    made.do(furnish)
    made.pack(Scope())
    made.write(made.folder.parent / "p.zip")
    made.lane.close()
    return made.folder


@pytest.fixture
def sender(furnished: Path, machine: Callable[[str], Machine], tmp_path: Path) -> Machine:
    """That machine, to be changed."""
    shutil.copytree(furnished, tmp_path / "sender")
    made = machine("sender")
    made.now = AFTER
    return made


def test_all_of_a_pack_arrives_as_it_was_and_its_proof_says_the_same(
    sender: Machine, machine: Callable[[str], Machine], tmp_path: Path
) -> None:
    written = write_pack(sender.folder, tmp_path / "p.zip", sender.now)
    other = machine("other")
    other.now = sender.now
    taken = other.read(tmp_path / "p.zip")
    assert len(taken.new) == written.articles == 5
    assert (taken.pictures, taken.quotes) == (3, 2)
    assert other.rows() == sender.rows()
    assert replace(taken.proof, lacks=()) == replace(written.proof, lacks=())
    assert sorted(map(repr, taken.proof.lacks)) == sorted(map(repr, written.proof.lacks))
    assert written.proof.lacks
    assert other.do(lambda store: store.check()) == []
    (row,) = other.do(lambda store: store.articles.page(ArticleQuery(words="shut again")))
    assert row.updated
    assert other.do(lambda store: store.articles.count(ArticleQuery(view=View.NOTES))) == 1
    assert other.do(lambda store: store.archive.coverage(1).spans)


def test_reading_a_pack_twice_changes_nothing(
    sender: Machine, machine: Callable[[str], Machine], tmp_path: Path
) -> None:
    path = sender.write(tmp_path / "p.zip")
    other = machine("other")
    other.now = sender.now
    other.read(path)
    other.lane.close()
    before = _dump(other.folder)
    again = Machine(other.folder)
    again.now = other.now
    try:
        taken = again.read(path)
    finally:
        again.lane.close()
    assert (taken.new, taken.changed, len(taken.marked), taken.pictures, taken.quotes, taken.sources) == (
        (), (), 0, 0, 0, (),
    )  # fmt: skip
    assert _dump(other.folder) == before
    other.lane = StoreLane(other.folder)


def _dump(folder: Path) -> dict[str, list[Any]]:
    with closing(sqlite3.connect(folder / "chorsu.db")) as db:
        tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'search'"  # it has no rows of its own
        names = [name for (name,) in db.execute(tables)]
        return {name: sorted(db.execute(f"SELECT * FROM {name}"), key=repr) for name in names}


def test_marks_of_both_machines_are_kept(
    sender: Machine, machine: Callable[[str], Machine], tmp_path: Path
) -> None:
    other = machine("other")
    other.now = sender.now
    source = other.follow("http://www.steppe.example/feed")  # the same address in another spelling
    other.bring(source, *(story(number) for number in (3, 4, 5)))
    here = {title: other.article(f"Bridge number {title} opens") for title in (3, 4, 5)}
    other.do(lambda store: store.articles.set_starred([here[4]], True))
    other.do(lambda store: store.notes.put(here[5], "Call the school.", NOW - HOUR))
    other.do(lambda store: store.tags.change([here[5]], ["bridges", "Schools"]))
    taken = other.read(sender.write(tmp_path / "p.zip"))
    assert taken.sources == ()
    assert len(taken.new) == 2
    rows = {row.title: row for row in other.do(lambda store: store.articles.page(ArticleQuery()))}
    assert len(rows) == 5
    assert rows["Bridge number 3 opens"].starred
    assert rows["Bridge number 4 opens"].starred
    assert rows["Bridge number 4 opens"].read
    assert other.do(lambda store: store.notes.of(here[5])) == "Call the school.\n\nAsk the mayor."
    assert [(tag.name, tag.total) for tag in other.do(lambda store: store.tags.all())] == [
        ("bridges", 2), ("Schools", 1),
    ]  # fmt: skip
    (found,) = other.do(lambda store: store.articles.page(ArticleQuery(words="mayor")))
    assert found.id == here[5]
    counts = other.do(lambda store: store.sources.counts())[source]
    assert (counts.total, counts.unread, counts.starred) == (5, 4, 2)


def test_what_was_marked_unread_here_later_stays_unread(
    sender: Machine, machine: Callable[[str], Machine], tmp_path: Path
) -> None:
    other = machine("other")
    other.now = sender.now
    other.read(sender.write(tmp_path / "p.zip"))
    sender.do(lambda store: store._database.connection.execute("UPDATE states SET read_at = 1000"))
    other.do(lambda store: store.articles.set_read([2], False))
    other.read(sender.write(tmp_path / "later.zip"))
    assert not other.do(lambda store: store.articles.rows([2]))[0].read
    sender.read(other_pack(other, tmp_path))  # and the way back carries it
    assert not sender.do(lambda store: store.articles.rows([2]))[0].read


def other_pack(other: Machine, tmp_path: Path) -> Path:
    return other.write(tmp_path / "back.zip")


def test_a_later_text_here_is_not_replaced_by_an_older_one_of_a_file_and_both_are_kept(
    sender: Machine, machine: Callable[[str], Machine], tmp_path: Path
) -> None:
    other = machine("other")
    source = other.follow()
    other.bring(source, story(1, "<p>Written anew.</p>"), now=NOW + 5 * HOUR)
    other.bring(source, story(2), now=NOW)
    other.now = NOW + 6 * HOUR
    one, two = (other.article(f"Bridge number {number} opens") for number in (1, 2))
    taken = other.read(sender.write(tmp_path / "p.zip"))
    assert set(taken.changed) == {two}
    article = other.do(lambda store: store.articles.get(one))
    assert article is not None
    assert article.text == "Written anew."
    assert [text for *_, text in other.do(lambda store: store.articles.revisions(one))] == [
        "The bridge over river 1 is open."
    ]
    article = other.do(lambda store: store.articles.get(two))
    assert article is not None
    assert article.text == "The bridge over river 2 is shut again."
    assert len(other.do(lambda store: store.articles.revisions(two))) == 1


def test_what_a_rule_of_keeping_let_go_comes_back_with_a_pack_that_has_it(
    sender: Machine, machine: Callable[[str], Machine], tmp_path: Path
) -> None:
    other = machine("other")
    other.now = sender.now
    path = sender.write(tmp_path / "p.zip")
    other.read(path)

    def let_go(store: Store) -> None:
        store._database.connection.execute("DELETE FROM packs")
        store.articles.set_read([4], True)
        store.retention.set_rule(1, Rule(0, 1, 0))
        store.retention.apply(1, other.now + timedelta(days=9))

    other.do(let_go)
    gone = 5 - other.do(lambda store: store.articles.count(ArticleQuery()))
    assert gone
    taken = other.read(path)
    assert len(taken.new) == gone
    assert taken.proof.articles == taken.proof.whole_articles == 5


def test_html_of_a_file_passes_the_sanitiser_and_its_pictures_go_by_their_addresses(
    sender: Machine, machine: Callable[[str], Machine], tmp_path: Path
) -> None:
    def poison(line: dict[str, Any]) -> None:
        line["html"] = (
            "<p onclick='x()'>Hello<script>alert(1)</script><a href='javascript:x'>here</a>"
            f"<img src='cache:{'0' * 32}'><img src='file:///etc/passwd'></p>"
        )
        line["title"] = "A \u202e title\u0000"
        line["pictures"] = [
            {
                **(line["pictures"] or [no_picture])[0],
                "key": "a" * 32,
                "url": f"{SITE}/own.png",
                "alt": "\u202eo",
            }
        ]
        line["lead"] = "a" * 32

    no_picture = {"key": "a" * 32, "url": "", "alt": "", "width": 1, "height": 1, "sha256": "", "problem": "",
        "of_page": False}  # fmt: skip
    other = machine("other")
    other.now = sender.now
    other.read(_altered(sender.write(tmp_path / "p.zip"), tmp_path / "q.zip", poison))
    for row in other.do(lambda store: store.articles.page(ArticleQuery())):
        article = other.do(lambda store, i=row.id: store.articles.get(i))  # type: ignore[misc]
        assert article is not None
        assert "script" not in article.html
        assert "onclick" not in article.html
        assert "cache:0" not in article.html
        assert "file:" not in article.html
        assert row.title == "A title"
        assert {image.url for image in other.do(lambda store, i=row.id: store.images.of_article(i))} <= {  # type: ignore[misc]
            f"{SITE}/own.png", f"{SITE}/page.png"
        }  # fmt: skip


def test_an_article_that_ends_the_process_that_reads_is_left_out_and_counted(
    sender: Machine, machine: Callable[[str], Machine], tmp_path: Path
) -> None:
    path = sender.write(tmp_path / "p.zip")
    with opened(path) as pack:
        (source,) = pack.manifest.sources
        worst = next(article for article in pack.articles(source) if article.title == "Bridge number 3 opens")
    documents.quarantine.add("packed", write_article(worst), Cause.TIME)
    try:
        taken = machine("other").read(path)
    finally:
        documents.quarantine.take_unsaved()
        documents.quarantine.know([])
    assert (len(taken.new), taken.left_out, taken.proof.articles) == (4, 1, 4)
    assert "1 article left out as not safe to read" in told(taken)


def test_a_picture_that_is_none_is_refused_like_one_that_is_fetched(
    sender: Machine, machine: Callable[[str], Machine], tmp_path: Path
) -> None:
    other = machine("other")
    other.now = sender.now
    path = _with_picture(sender.write(tmp_path / "p.zip"), tmp_path / "q.zip", b"<svg onload='x'/>")
    taken = other.read(path)
    assert (taken.pictures, taken.refused) == (2, 1)
    assert any("drawing (SVG)" in lack.reason for lack in taken.proof.lacks)


def test_rates_of_a_file_fill_what_is_not_here_and_a_jump_waits(
    sender: Machine, machine: Callable[[str], Machine], tmp_path: Path
) -> None:
    sender.do(lambda store: store.rates.save([make_quote(25, "600", fetched_at=NOW - HOUR)], NOW))
    sender.do(lambda store: store.rates.save([make_quote(22, "472", source="nowhere")], NOW))
    other = machine("other")
    other.now = sender.now
    other.do(lambda store: store.rates.save([make_quote(24, "474.00", fetched_at=LATER)], LATER))
    taken = other.read(sender.write(tmp_path / "p.zip"))
    assert (taken.quotes, taken.held) == (
        1,
        1,
    )  # of the 23rd; the 25th is a jump, the bank "nowhere" is not known
    days = {
        q.valid_from.day: q.rate for q in other.do(lambda store: store.rates.book(["USD", "KZT"], NOW.date()))
    }
    assert days[24] == Decimal("474.00")
    assert 25 not in days
    assert [q.rate for q in other.do(lambda store: store.rates.unconfirmed())] == [Decimal(600)]


def test_a_source_that_is_not_here_is_followed_or_kept_paused(
    sender: Machine, machine: Callable[[str], Machine], tmp_path: Path
) -> None:
    path = sender.write(tmp_path / "p.zip")
    paused, following = machine("paused"), machine("following")
    found = TakingIn(path, paused.lane, paused.clock).look()
    (offer,) = found.unknown
    assert (offer.new, found.new, found.pictures) == (5, 5, 3)
    assert paused.do(lambda store: store.sources.all()) == []
    TakingIn(path, paused.lane, paused.clock).take(follow=())
    TakingIn(path, following.lane, following.clock).take(follow=[offer.source.new.url])
    assert [s.enabled for s in paused.do(lambda store: store.sources.all())] == [False]
    assert [s.enabled for s in following.do(lambda store: store.sources.all())] == [True]


def test_a_stop_keeps_what_came_and_reading_again_completes(
    sender: Machine, machine: Callable[[str], Machine], tmp_path: Path
) -> None:
    path = sender.write(tmp_path / "p.zip")
    other = machine("other")
    other.now = sender.now

    told_of: list[Changes] = []

    def stop(done: int, total: int) -> None:
        if other.do(lambda store: store.images.totals().stored) == 1:
            raise StoppedError("Stopped.")

    with pytest.raises(StoppedError, match="what was read in so far is kept"):
        other.read(path, progress=stop, tell=told_of.append)
    assert [len(changes.new) for changes in told_of] == [5]  # the window shows them, though it did not end
    assert other.do(lambda store: store.packs.current()) is None
    assert other.do(lambda store: store.check()) == []
    other.read(path)
    assert other.rows() == sender.rows()


def _altered(path: Path, target: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """The file with every article changed, and hashes that are right again."""

    def each(name: str, body: bytes) -> bytes:
        if not name.startswith("articles/"):
            return body
        lines = [json.loads(line) for line in body.splitlines()]
        for line in lines:
            change(line)
        return b"".join(json.dumps(line).encode() + b"\n" for line in lines)

    return _rewritten(path, target, each)


def _with_picture(path: Path, target: Path, body: bytes) -> Path:
    """The file with other bytes in the place of its first picture, under their own hash."""
    with zipfile.ZipFile(path) as archive:
        former = min(name for name in archive.namelist() if name.startswith("pictures/")).rpartition("/")[2]
    new = sha256(body).hexdigest()
    return _rewritten(
        path,
        target,
        lambda name, was: body if name.endswith(former) else was.replace(former.encode(), new.encode()),
    )


def _rewritten(path: Path, target: Path, each: Callable[[str, bytes], bytes]) -> Path:
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        manifest = json.loads(archive.read(MANIFEST))
        members = {}
        for name in manifest["members"]:
            body = each(name, archive.read(name))
            digest = sha256(body).hexdigest()
            name = f"pictures/{digest}" if name.startswith("pictures/") else name
            members[name] = [len(body), digest]
            new.writestr(name, body)
        new.writestr(MANIFEST, json.dumps({**manifest, "members": members}))
    return target


def _manifest(change: Callable[[dict[str, Any]], None]) -> Callable[[Path, Path], None]:
    def harm(path: Path, target: Path) -> None:
        with zipfile.ZipFile(path) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
            for name in archive.namelist():
                body = archive.read(name)
                if name == MANIFEST:
                    values = json.loads(body)
                    change(values)
                    body = json.dumps(values).encode()
                new.writestr(name, body)

    return harm


def _added(name: str, body: bytes) -> Callable[[Path, Path], None]:
    def harm(path: Path, target: Path) -> None:
        target.write_bytes(path.read_bytes())
        warnings.simplefilter("ignore", UserWarning)  # of a name that is there already; pytest sets it back
        with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, body)

    return harm


def _line(change: Callable[[dict[str, Any]], None]) -> Callable[[Path, Path], None]:
    return lambda path, target: _altered(path, target, change) and None


def _bytes(change: Callable[[bytes], bytes]) -> Callable[[Path, Path], None]:
    return lambda path, target: target.write_bytes(change(path.read_bytes())) and None


def _last(change: Callable[[bytes], bytes]) -> Callable[[Path, Path], None]:
    """Change the rates, which come last, with their hash made right."""
    return lambda path, target: _rewritten(path, target, lambda n, b: change(b) if n == RATES else b) and None


def _swapped(path: Path, target: Path) -> None:
    """A picture's bytes turned round, as long as they were, with a zip that is whole."""
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(target, "w") as new:
        for name in archive.namelist():
            body = archive.read(name)
            new.writestr(name, body[::-1] if name.startswith("pictures/") else body)


def _long_list(path: Path, target: Path) -> None:
    """The end of the zip says that its list has 4 GB."""
    body = bytearray(path.read_bytes())
    at = body.rindex(b"PK\x05\x06")
    body[at + 12 : at + 16] = b"\xf0\xff\xff\xff"
    target.write_bytes(body)


def _bomb(path: Path, target: Path) -> None:
    _rewritten(path, target, lambda name, body: body + b"0" * 5_000_000 if name == RATES else body)


HARMS = {
    "cut short": (_bytes(lambda b: b[: len(b) // 2]), "not a pack"),
    "a byte of a picture turned": (_bytes(lambda b: b.replace(b"IHDR", b"IHDX", 1)), "is damaged"),
    "empty": (_bytes(lambda b: b""), "not a pack"),
    "a feed": (_bytes(lambda b: b"<rss/>"), "not a pack"),
    "a picture swapped": (_swapped, "not what was written"),
    "another zip": (lambda path, target: zipfile.ZipFile(target, "w").close(), "not a pack"),
    "of another program": (_manifest(lambda m: m.update(format="x")), "not a pack"),
    "of a later version": (_manifest(lambda m: m.update(version=2)), "later version"),
    "a hash that is wrong": (
        _manifest(lambda m: m["members"][RATES].__setitem__(1, "0" * 64)),
        "not what was written",
    ),
    "a member missing": (_manifest(lambda m: m["members"].update({"articles/9.jsonl": [1, "0" * 64]})), "damaged"),
    "a path that climbs": (_added("../../evil", b"x"), "not those that it names"),
    "a path that is named too": (
        _manifest(lambda m: m["members"].update({"../evil": [1, "0" * 64]})),
        "another name",
    ),
    "two of one name": (_added(RATES, b"x"), "two members of one name"),
    "two manifests": (_added(MANIFEST, b"{}"), "two members of one name"),
    "a list that would fill the memory": (_long_list, "too large"),
    "a bomb": (_bomb, "far more than fits"),
    "fewer articles than told": (_manifest(lambda m: m["sources"][0].update(articles=9)), "as many articles"),
    "fewer rates than told": (_manifest(lambda m: m.update(quotes=99)), "as many rates"),
    "a source without an address": (_manifest(lambda m: m["sources"][0].update(url="file:///x")), "address"),
    "an article without a title": (_line(lambda a: a.pop("title")), "“title”"),
    "a number for a text": (_line(lambda a: a.update(guid=7)), "“guid”"),
    "a time that is none": (_line(lambda a: a.update(first_seen="soon")), "“first_seen”"),
    "a time without a zone": (_line(lambda a: a.update(since="2026-11-24T06:00:00")), "“since”"),
    "a key that is a path": (_line(lambda a: a.update(lead="../x")), "“lead”"),
    "an address without end": (_line(lambda a: a.update(url="https://x/" + "y" * 20_000)), "“url”"),
    "a rate below zero": (_last(lambda b: b.replace(b'"473.18"', b'"-473.18"')), "a rate that is none"),
    "a rate without end": (_last(lambda b: b.replace(b'"rate":"473.18"', b'"rate":"NaN"')), "a rate that is none"),
    "rates that are no lines": (_last(lambda b: b.rstrip()), "a line without an end"),
    "deep lines": (_last(lambda b: b"[" * 100_000 + b"\n"), "cannot be read"),
}  # fmt: skip


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine that no refused file has changed yet."""
    made = Machine(tmp_path_factory.mktemp("untouched"))
    yield made
    made.lane.close()


@pytest.mark.parametrize("name", HARMS)
def test_a_file_that_is_damaged_foreign_or_hostile_is_refused_and_nothing_is_changed(
    name: str, furnished: Path, untouched: Machine, tmp_path: Path
) -> None:
    harm, words = HARMS[name]
    path = tmp_path / "q.zip"
    harm(furnished.with_name("p.zip"), path)
    before = _dump(untouched.folder)
    for act in (TakingIn(path, untouched.lane, untouched.clock).look, lambda: untouched.read(path)):
        with pytest.raises(ParseError) as caught:
            act()
        assert words in caught.value.message
        assert caught.value.remedy.endswith("Nothing was changed.")
    assert _dump(untouched.folder) == before
    assert sorted(tmp_path.iterdir()) == [path]
    assert not (untouched.folder / "images").exists()


def test_an_encrypted_member_is_refused(sender: Machine, tmp_path: Path) -> None:
    path = sender.write(tmp_path / "p.zip")
    body = bytearray(path.read_bytes())
    at = body.index(b"PK\x01\x02")
    body[at + 8] |= 1
    path.write_bytes(body)
    with pytest.raises(ParseError, match="packed in another way"), opened(path):
        pass


def test_without_a_pack_there_is_nothing_to_write(machine: Callable[[str], Machine], tmp_path: Path) -> None:
    other = machine("other")
    with pytest.raises(UsageError, match="no pack"):
        other.write(tmp_path / "p.zip")
    assert not (tmp_path / "p.zip").exists()


def test_a_picture_that_is_not_whole_here_is_left_out_and_said(
    sender: Machine, machine: Callable[[str], Machine], tmp_path: Path
) -> None:
    (sha, _), *_ = sender.do(lambda store: store.images.stored_files())
    sender.do(lambda store: store.images.file(sha).write_bytes(b"x"))
    other = machine("other")
    taken = other.read(sender.write(tmp_path / "p.zip"))
    assert taken.pictures == 2
    assert "Its file was not whole where the pack was written." in [lack.reason for lack in taken.proof.lacks]


def test_a_file_that_cannot_be_written_leaves_nothing_behind(sender: Machine, tmp_path: Path) -> None:
    with pytest.raises(AppError, match="could not be written"):
        sender.write(tmp_path / "nowhere" / "p.zip")

    def stop(done: int, total: int) -> None:
        raise StoppedError("Stopped.")

    before = set(tmp_path.iterdir())
    with pytest.raises(StoppedError):
        write_pack(sender.folder, tmp_path / "p.zip", NOW, stop)
    assert set(tmp_path.iterdir()) == before


def test_the_account_the_folder_and_the_name_that_we_go_by_stay_here(
    machine: Callable[[str], Machine], tmp_path: Path
) -> None:
    made = machine("sender")
    source = made.follow(folder="Private/Bank", account="me@steppe.example", user_agent="Mine/1")
    made.bring(source, story(1))
    made.pack()
    with zipfile.ZipFile(made.write(tmp_path / "p.zip")) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    for secret in (b"Private", b"me@steppe", b"Mine/1"):
        assert secret not in everything


def test_an_image_of_a_better_size_goes_by_the_address_that_it_came_from(
    machine: Callable[[str], Machine], tmp_path: Path
) -> None:
    """Its key is that of the feed's address, and its address the better one's: the key is made anew."""
    made = machine("sender")
    source = made.follow()
    made.bring(source, story(1, "<p>Text enough.</p><img src='/bridge-far-away-300x200.png'>"))
    wide = png(40, 30)

    def better(store: Store) -> None:
        (wanted,) = store.images.wanted(9, NOW)
        store.images.put(wanted.key, f"{SITE}/bridge-far-away.png", wide, probe(wide))

    made.do(better)
    made.pack()
    other = machine("other")
    taken = other.read(made.write(tmp_path / "p.zip"))
    assert taken.proof.whole_pictures == taken.proof.pictures == 1
    (image,) = other.do(lambda store: store.images.of_article(1))
    assert (image.url, image.sha256) == (f"{SITE}/bridge-far-away.png", sha256(wide).hexdigest())
    article = other.do(lambda store: store.articles.get(1))
    assert article is not None
    assert f'"cache:{image.key}"' in article.html
    assert ImageRef(image.url)


def test_a_pack_of_an_archived_source_takes_it_back(
    machine: Callable[[str], Machine], tmp_path: Path
) -> None:
    one, two = machine("one"), machine("two")
    for each in (one, two):
        each.bring(each.follow(), story(1), story(2))
    kept = two.article("Bridge number 1 opens")
    two.do(lambda store: store.articles.set_starred([kept], True))
    two.do(lambda store: store.sources.remove(1, keep_marked=True))
    one.pack()

    taken = two.read(one.write(tmp_path / "a.chorsupack"))

    assert taken.sources == (1,)
    assert not two.do(lambda store: store.sources.get(1)).archived
    rows = two.do(lambda store: store.articles.page(ArticleQuery()))
    assert [(row.title, row.starred) for row in rows] == [
        ("Bridge number 1 opens", True), ("Bridge number 2 opens", False),
    ]  # fmt: skip
    assert rows[0].id == kept
