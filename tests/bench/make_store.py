"""A big store without a network: the same for the same seed, 100,000 articles in some ten seconds.

python -m tests.bench.make_store FOLDER [ARTICLES] [SOURCES]
"""

from __future__ import annotations

import hashlib
import json
import random
import sqlite3
import struct
import sys
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise, product
from pathlib import Path

from desktop.core.identity import title_key, url_key
from desktop.core.models import NewSource, SourceKind
from desktop.core.transliteration import key
from desktop.store import Store
from desktop.store.columns import pack_body, pack_excerpt
from desktop.store.opening import FILE
from desktop.store.search import entry_words, first_entry, fitting_step
from desktop.store.stories import fold

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
SPAN_S = 3 * 365 * 86_400
PICTURES = 8
FOLDERS = ("", "Markets", "Region", "Тажрыйба")
LANGUAGES = ("en", "ru", "kk", "uz")
_EN = """river border market price railway summit harvest glacier copper budget export court reform tariff
    village station power deal talks road pipeline valley school bridge exchange rate wheat cotton snow"""
_RU = """река граница рынок цена дорога саммит урожай ледник медь бюджет экспорт суд реформа тариф посёлок
    станция энергия сделка переговоры мост школа курс сом тенге пшеница хлопок снег город ёлка"""
_KK = """өзен шекара нарық баға теміржол жиын егін мұздық мыс қазына экспорт сот реформа тариф ауыл бекет қуат
    келісім келіссөз жол құбыр аңғар мектеп көпір айырбас бағам бидай мақта қар"""
_UZ = """daryo chegara bozor narx temir yoʻl yigʻin hosil muzlik mis gʻazna eksport sud islohot tarif qishloq
    bekat quvvat kelishuv muzokara koʻprik maktab almashuv kurs bugʻdoy paxta qor shahar"""
WORDS = {"en": _EN.split(), "ru": _RU.split(), "kk": _KK.split(), "uz": _UZ.split()}
_FOLDED: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class _Made:
    """One article on its way into the tables."""

    id: int
    source_id: int
    sort_at: int
    language: str  # that its words are of
    told: str  # what it says that it is in
    read: int
    starred: int
    title: str
    text: str
    picture: int | None  # which of the made pictures, -1 for one that is not on disk

    @property
    def url(self) -> str:
        return f"https://{self.source_id}.made.example/{self.id}"

    @property
    def picture_url(self) -> str:
        return f"{self.url}.png"

    @property
    def picture_key(self) -> str:
        return hashlib.sha256(self.picture_url.encode()).hexdigest()[:32]


def make_store(
    folder: Path,
    articles: int = 100_000,
    sources: int = 50,
    seed: int = 1,
    rare_words: int = 0,
    copies: int = 0,
    several: int = 0,
) -> None:
    """Make a store of so many articles in so many sources: 30 % unread, 2 % starred, 40 % pictured.

    `rare_words` of each text are of a vocabulary of 20,000, some of them common and most rare, as in a language.
    Of ten articles, `copies` are copies of the one before them where that is of another source. Each source whose
    number is a multiple of `several` says that a fifth of its articles are Kazakh, and one in 500 is Tajik.
    """
    chance = random.Random(seed)
    with Store.open(folder) as store:
        for number in range(sources):
            language = LANGUAGES[number % len(LANGUAGES)]
            store.sources.add(
                NewSource(
                    url=f"https://{number + 1}.made.example/feed/",
                    kind=SourceKind.FEED,
                    title=f"{_words(chance, language, 2).title()} {number + 1}",
                    folder=FOLDERS[number % len(FOLDERS)],
                    language=language,
                ),
                NOW,
            )
        bodies = [_picture(number) for number in range(PICTURES)]
        files = [(store.images.write_file(body), len(body)) for body in bodies]
    connection = sqlite3.connect(folder / FILE, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        step = fitting_step(articles * 30 * 86_400 // SPAN_S)
        connection.execute("UPDATE search_step SET seconds = ?", (step,))
        for batch in _batches(chance, articles, sources, rare_words, several):
            _insert(connection, batch, step)
            _insert_pictures(connection, batch, files)
            _fold(connection, batch, copies)
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


def _batches(
    chance: random.Random, articles: int, sources: int, rare_words: int, several: int, size: int = 5_000
) -> Iterator[list[_Made]]:
    end = int(NOW.timestamp())
    # Each article a second of its own; fetched in about the order they were published, as feeds bring them.
    step = max(1, SPAN_S // articles)
    newest_first = [end - step * place - chance.randrange(step) for place in range(articles)]
    moments = newest_first[::-1]
    for start in range(0, articles, size):
        rows = []
        for place in range(start, min(start + size, articles)):
            source_id = chance.randrange(sources) + 1
            language = LANGUAGES[(source_id - 1) % len(LANGUAGES)]
            picture = chance.randrange(-1, PICTURES) if chance.random() < 0.4 else None
            rows.append(
                _Made(
                    place + 1,
                    source_id,
                    moments[place],
                    language,
                    _told(place, language) if several and source_id % several == 0 else language,
                    int(chance.random() < 0.7),
                    int(chance.random() < 0.02),
                    _words(chance, language, chance.randrange(4, 11)).capitalize(),
                    " ".join([_words(chance, language, 25), *vocabulary(chance, rare_words)]),
                    picture,
                )
            )
        yield rows


def _told(place: int, language: str) -> str:
    return "tg" if place % 500 == 7 else "kk" if place % 5 == 0 else language


def _insert(connection: sqlite3.Connection, rows: list[_Made], step: int) -> None:
    many = connection.executemany
    entries = []
    (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM search_entries").fetchone()
    for row in rows:
        last = max(last + 1, first_entry(row.sort_at, step))
        entries.append((last, row))
    many(
        """INSERT INTO articles (id, source_id, sort_at, published, read, starred, images_total)
        VALUES (?, ?, ?, ?, ?, ?, ?)""",
        (
            (r.id, r.source_id, r.sort_at, r.sort_at, r.read, r.starred, int(r.picture is not None))
            for r in rows
        ),
    )
    many(
        "INSERT INTO headlines (article_id, lead_key, title, url, excerpt) VALUES (?, ?, ?, ?, ?)",
        (
            (r.id, r.picture_key if r.picture is not None else "", r.title, r.url, pack_excerpt(r.text[:300]))
            for r in rows
        ),
    )
    many(
        """INSERT INTO identities (article_id, source_id, key, guid, url_key, title_key, content_hash)
        VALUES (?, ?, ?, ?, ?, ?, ?)""",
        (
            (
                r.id,
                r.source_id,
                r.url,
                r.url,
                url_key(r.url[8:]),
                title_key(f"{r.title}|{r.id}"),
                r.id.to_bytes(16, "big"),
            )
            for r in rows
        ),
    )
    many(
        "INSERT INTO states (source_id, key, first_seen, read, starred) VALUES (?, ?, ?, ?, ?)",
        ((r.source_id, r.url, r.sort_at, r.read, r.starred) for r in rows),
    )
    many(
        """INSERT INTO bodies
            (article_id, author, published_text, first_seen, language, categories, enclosures, body)
        VALUES (?, '', '', ?, ?, ?, '[]', ?)""",
        (
            (r.id, r.sort_at, r.told, json.dumps([r.language]), pack_body(f"<p>{r.text}</p>", r.text))
            for r in rows
        ),
    )
    many(
        "INSERT INTO search_entries (id, article_id) VALUES (?, ?)",
        ((entry, r.id) for entry, r in entries),
    )
    many(
        "INSERT INTO search (rowid, text, title, author, source, note) VALUES (?, ?, ?, ?, ?, ?)",
        (
            (entry, *entry_words(_folded(r.title.lower()), _folded(r.text), "", r.source_id, ""))
            for entry, r in entries
        ),
    )


def _insert_pictures(connection: sqlite3.Connection, rows: list[_Made], files: list[tuple[str, int]]) -> None:
    pictured = [row for row in rows if row.picture is not None]
    many = connection.executemany
    many(
        """INSERT INTO images (key, url, wanted_at, sha256, format, width, height, size_bytes)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        ((r.picture_key, r.picture_url, r.sort_at, *_stored(r.picture or 0, files)) for r in pictured),
    )
    many(
        "INSERT INTO article_images (article_id, position, key, alt, width, height) "
        "VALUES (?, 0, ?, '', 0, 0)",
        ((r.id, r.picture_key) for r in pictured),
    )


def _fold(connection: sqlite3.Connection, rows: list[_Made], copies: int) -> None:
    """Make stories of some articles and those that follow them, with the marks of the first."""
    story: list[_Made] = []
    for before, row in pairwise(rows):
        story = story or [before]
        if row.id % 10 >= copies or row.source_id in {one.source_id for one in story}:
            story = []
            continue
        story.append(row)
        first = story[0]
        for table, where, found in (
            ("articles", "id = ?", (row.id,)),
            ("states", "source_id = ? AND key = ?", (row.source_id, row.url)),
        ):
            connection.execute(
                f"UPDATE {table} SET read = ?, starred = ? WHERE {where}", (first.read, first.starred, *found)
            )
        connection.execute("UPDATE articles SET story = ? WHERE id IN (?, ?)", (first.id, first.id, row.id))
        connection.execute(
            "UPDATE identities SET url_key = ? WHERE article_id = ?", (url_key(first.url[8:]), row.id)
        )
    if copies:
        fold(connection, [one.id for one in rows])


def _stored(picture: int, files: list[tuple[str, int]]) -> tuple[str, str, int, int, int]:
    if picture < 0:
        return "", "", 0, 0, 0
    sha256, size = files[picture]
    return sha256, "png", 64, 48, size


def _words(chance: random.Random, language: str, count: int) -> str:
    return " ".join(chance.choices(WORDS[language], k=count))


_SYLLABLES = (
    ("b", "gr", "k", "m", "st", "v"), "aeiou", "lnrt", "aeiou", ("d", "k", "m", "n", "st", "z"),
    ("", "a", "en", "om", "u", "is"),
)  # fmt: skip
VOCABULARY = tuple(map("".join, product(*_SYLLABLES)))


def vocabulary(chance: random.Random, count: int) -> list[str]:
    """Words of a vocabulary in which the n-th is drawn about once for n times that the first is."""
    size = len(VOCABULARY)
    return [VOCABULARY[int(size ** chance.random()) * 7919 % size] for _ in range(count)]


def _folded(text: str) -> str:
    """What `key` gives for made text, whose words come again and again: each is folded once."""
    words = text.split()
    for word in words:
        if word not in _FOLDED:
            _FOLDED[word] = key(word)
    return " ".join([_FOLDED[word] for word in words])


def _picture(number: int) -> bytes:
    """A plain PNG of 64 by 48 pixels in a colour of its own."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    row = b"\0" + bytes((40 * number % 256, 90, 255 - 30 * number)) * 64
    header = struct.pack(">IIBBBBB", 64, 48, 8, 2, 0, 0, 0)
    body = zlib.compress(row * 48)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


if __name__ == "__main__":
    started = time.monotonic()
    make_store(Path(sys.argv[1]), *(int(number) for number in sys.argv[2:4]))
    print(f"made in {time.monotonic() - started:.1f} s")
