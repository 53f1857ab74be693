"""Reading a pack again: every text unpacked, every picture file measured against what was stored."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from desktop.core.errors import StoreDamaged
from desktop.core.fulltext_values import NO_BETTER
from desktop.core.proof import NOT_YET, Kind, Lack, Proof
from desktop.store.columns import unpack_body
from desktop.store.database import Database, Row
from desktop.store.images import Images
from desktop.store.packs import Pack

_ARTICLES = """
    SELECT p.article_id, h.title, a.images_total,
        (SELECT count(*) FROM article_images r WHERE r.article_id = a.id),
        b.body, coalesce(f.cut, 0), coalesce(f.wanted, 0), f.body, coalesce(f.problem, '')
    FROM pack_articles p LEFT JOIN articles a ON a.id = p.article_id
    LEFT JOIN headlines h ON h.article_id = a.id LEFT JOIN bodies b ON b.article_id = a.id
    LEFT JOIN full_texts f ON f.article_id = a.id
    WHERE p.pack_id = ? AND p.article_id > ? ORDER BY p.article_id LIMIT 200"""
_PICTURES = """
    SELECT i.key, i.sha256, i.size_bytes, i.problem, a.id, h.title
    FROM images i JOIN articles a ON a.id = (
        SELECT max(r.article_id) FROM article_images r JOIN pack_articles p ON p.article_id = r.article_id
        WHERE r.key = i.key AND p.pack_id = ?1)
    JOIN headlines h ON h.article_id = a.id
    ORDER BY a.sort_at DESC, i.key"""
_PIECE = 1 << 20


Stamp = tuple[int, int]  # size in bytes and time of the last change in ns, as the disk tells them


class Seen:
    """What readings of a pack found whole, so that the next one looks again only at what has changed since."""

    def __init__(self) -> None:
        self.texts: set[int] = set()  # hashes of packed texts that could be unpacked
        self.files: dict[
            Path, Stamp | None
        ] = {}  # the pictures of the last reading; None for one that was not there
        self.whole: dict[Path, Stamp] = {}  # those whose bytes were read

    def changed(self) -> bool:
        """Whether a picture went, came or changed since the last reading. Looks at no bytes."""
        return any(stamp_of(path) != stamp for path, stamp in self.files.items())


class Proving:
    """One reading of a pack. `thorough` reads every byte of it; else only what is not in `seen`, or not as it was
    seen: pictures whose bytes were never read count by the length of their files."""

    def __init__(
        self, database: Database, images: Images, pack: Pack, *, thorough: bool, seen: Seen | None = None
    ) -> None:
        self._database = database
        self._images = images
        self._pack = pack
        self._thorough = thorough
        self._seen = seen or Seen()
        self._files: dict[Path, Stamp | None] = {}
        self._size = 0
        self._faults: dict[str, str] = {}  # by the hash of a file: what is wrong with it, "" for nothing

    def read(self) -> Proof:
        """The proof, without rates. Raises StoreError if the store cannot be read."""
        lacks: list[Lack] = []
        articles = whole = full = pictures = 0
        for row in self._articles():
            articles += 1
            found = self._article(row)
            lacks += found
            whole += not any(lack.kind is Kind.ARTICLE for lack in found)
            full += not found and _is_whole(row)
        for row in self._database.rows(_PICTURES, (self._pack.id,)):
            pictures += 1
            lacks += self._picture(row)
        self._seen.files = self._files
        missing = sum(lack.kind is Kind.PICTURE for lack in lacks)
        return Proof(
            articles, whole, full, pictures, pictures - missing, self._size, None, self._named(lacks)
        )

    def _articles(self) -> Iterator[Row]:
        last = 0
        while rows := self._database.rows(_ARTICLES, (self._pack.id, last)):
            yield from rows
            last = rows[-1][0]

    def _article(self, row: Row) -> list[Lack]:
        article_id, title, images_total, shown, body, _, wanted, full, problem = row

        def lack(reason: str) -> list[Lack]:
            return [Lack(Kind.ARTICLE, title or f"Article {article_id}", reason, article_id, damaged=True)]

        if title is None:
            return lack("It is gone from the store.")
        if body is None:
            return lack("Its text is gone from the store.")
        try:
            self._size += len(body) + len(full or b"")
            self._unpack(body)
            self._unpack(full) if full is not None else None
        except StoreDamaged:
            return lack("Its text is damaged.")
        if images_total != shown:
            return lack(f"It shows {images_total} pictures, and {shown} are known.")
        if wanted and full is None and problem != NO_BETTER:
            reason = problem or NOT_YET
            return [Lack(Kind.FULL_TEXT, title, reason, article_id, tried=bool(problem))]
        return []

    def _unpack(self, body: bytes) -> None:
        """Raises StoreDamaged."""
        mark = hash(body)
        if self._thorough or mark not in self._seen.texts:
            unpack_body(body)
            self._seen.texts.add(mark)

    def _picture(self, row: Row) -> list[Lack]:
        key, sha256, size, problem, article_id, title = row
        if not sha256:
            return [Lack(Kind.PICTURE, title, problem or NOT_YET, article_id, key, tried=bool(problem))]
        if sha256 not in self._faults:
            self._faults[sha256] = self._fault(self._images.file(sha256), sha256, size)
        fault = self._faults[sha256]
        return [Lack(Kind.PICTURE, title, fault, article_id, key, damaged=True)] if fault else []

    def _fault(self, path: Path, sha256: str, size: int) -> str:
        stamp = self._files[path] = stamp_of(path)
        if stamp is None:
            return "Its file is gone from the disk."
        self._size += stamp[0]
        if stamp[0] != size:
            return f"Its file holds {stamp[0]:,} bytes in place of {size:,}."
        before = self._seen.whole.get(path)
        if not self._thorough and before in (None, stamp):
            return ""
        try:
            if _hash(path) != sha256:
                return "Its file is not the picture that was stored."
        except OSError:
            return "Its file cannot be read."
        self._seen.whole[path] = stamp
        return ""

    def _named(self, lacks: list[Lack]) -> tuple[Lack, ...]:
        """The lacks; where the budget is used up, it is the reason of what was not asked for."""
        budget = self._pack.scope.budget
        if not budget or self._size < budget:
            return tuple(lacks)
        reason = f"The budget of {budget // 1_000_000:,} MB is used up."
        return tuple(lack if lack.tried or lack.damaged else replace(lack, reason=reason) for lack in lacks)


def stamp_of(path: Path) -> Stamp | None:
    """How long a file is, and when it was changed; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def _is_whole(row: Row) -> bool:
    """Whether all of an article's text is there: its page was read, or its feed does not cut it."""
    _, _, _, _, _, cut, _, full, problem = row
    return full is not None or not cut or problem == NO_BETTER


def _hash(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            found.update(piece)
    return found.hexdigest()
