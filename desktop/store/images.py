"""Pictures: a row for every address an article shows, and content-addressed files beside the database."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from desktop.core.models import StoredImage
from desktop.store.columns import seconds, sound
from desktop.store.database import Database, listed
from desktop.store.failures import told
from desktop.store.files import make_private_folder, write_whole

if TYPE_CHECKING:
    from desktop.core.incoming import PictureInfo

FOLDER = "images"
SHELVES = 256
_IN_PACK = """AND i.key IN (
    SELECT r.key FROM pack_articles p JOIN article_images r ON r.article_id = p.article_id WHERE p.pack_id = ?)"""

_BY_ITSELF = "AND s.pictures = 1 AND a.unpictured = 0"  # as the source and the rules say


class Wanted(NamedTuple):
    """A picture that is not on disk yet, and the pages that speak for asking its server."""

    key: str
    url: str
    article_url: str
    source_url: str  # as the person gave it
    source_id: int


class Totals(NamedTuple):
    """How many pictures the articles show, and how many of them are on disk."""

    images: int
    stored: int
    missing: int


class Images:
    """The pictures of the articles. A failure is never final: it says when to try again."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder / FOLDER
        self.held: set[str] = set()  # files that what was removed may need again

    def file(self, sha256: str) -> Path:
        """Where the picture with this content is."""
        return self._folder / sha256[:2] / sha256

    def write_file(self, body: bytes) -> str:
        """Put a picture's bytes on disk under their hash. Uses no SQL: any thread may call it."""
        import hashlib  # brings OpenSSL: not needed to start

        sha256 = hashlib.sha256(body).hexdigest()
        path = self.file(sha256)
        with told():
            if not (path.is_file() and path.read_bytes() == body):
                make_private_folder(self._folder)
                make_private_folder(path.parent)
                write_whole(path, body)
        return sha256

    def put(self, key: str, url: str, body: bytes, info: PictureInfo) -> str:
        """Keep a fetched picture; gives its hash."""
        sha256 = self.write_file(body)
        with self._database.transaction(durable=False) as db:
            db.execute(
                """INSERT INTO images (key, url, wanted_at, sha256, format, width, height, size_bytes)
                VALUES (?1, ?2, 0, ?3, ?4, ?5, ?6, ?7)
                ON CONFLICT (key) DO UPDATE SET url = ?2, sha256 = ?3, format = ?4, width = ?5, height = ?6,
                    size_bytes = ?7, problem = '', tries = 0, next_try = 0""",
                (key, url, sha256, info.format, info.width, info.height, len(body)),
            )
        return sha256

    def fail(self, key: str, url: str, problem: str, now: datetime, *, is_refused: bool = False) -> None:
        """Remember why a picture could not be had; it is wanted again after 15 minutes, doubling to a day, or, where
        its server has refused it three times, after days, doubling to 32."""
        from desktop.core.schedule import (  # no picture is asked for before the first paint
            next_attempt,
            next_look,
        )

        with self._database.transaction(durable=False) as db:
            found = db.execute("SELECT tries, sha256 FROM images WHERE key = ?", (key,)).fetchone()
            tries, sha256 = found or (0, "")
            if sha256:  # another fetch of the same picture was luckier
                return
            again = next_attempt(tries + 1, now, None, random.random)
            if is_refused and tries >= 2:
                again = next_look(tries + 1, now)
            db.execute(
                """INSERT INTO images (key, url, wanted_at, problem, tries, next_try)
                VALUES (?1, ?2, 0, ?3, ?4, ?5)
                ON CONFLICT (key) DO UPDATE SET url = ?2, problem = ?3, tries = ?4, next_try = ?5""",
                (key, url, sound(problem), tries + 1, seconds(again)),
            )

    def forget_file(self, key: str) -> None:
        """Want a picture again whose file turned out to be lost."""
        with self._database.transaction(durable=False) as db:
            db.execute("UPDATE images SET sha256 = '', next_try = 0 WHERE key = ?", (key,))

    def forget_damaged(self, article_id: int) -> None:
        """Want those pictures of an article again whose files are gone from the disk, or not what was stored."""
        for image in self.of_article(article_id):
            if image.sha256 and not is_whole(self.file(image.sha256), image.sha256):
                self.forget_file(image.key)

    def wanted(self, limit: int, now: datetime | None = None, pack: int | None = None) -> list[Wanted]:
        """Pictures to fetch, the newest articles first; `now` decides which failures may be tried again. With `pack`
        those of its articles only."""
        found = self._database.rows(
            f"""SELECT i.key, i.url, h.url, s.url, s.id FROM images i INDEXED BY images_missing
            JOIN articles a ON a.id = (SELECT max(article_id) FROM article_images WHERE key = i.key)
            JOIN headlines h ON h.article_id = a.id JOIN sources s ON s.id = a.source_id
            WHERE i.sha256 = '' AND i.next_try <= ? {_BY_ITSELF if pack is None else _IN_PACK}
            ORDER BY i.wanted_at DESC LIMIT ?""",
            (seconds(now or datetime.now(UTC)), *(() if pack is None else (pack,)), limit),
        )
        return [Wanted(*row) for row in found]

    def missing_of(self, article_id: int) -> list[Wanted]:
        """Pictures of an article that are not on disk, whatever is still to be waited for."""
        found = self._database.rows(
            """SELECT DISTINCT i.key, i.url, h.url, s.url, s.id FROM article_images r JOIN images i ON i.key = r.key
            JOIN articles a ON a.id = r.article_id JOIN headlines h ON h.article_id = a.id
            JOIN sources s ON s.id = a.source_id
            WHERE r.article_id = ? AND i.sha256 = '' ORDER BY r.position""",
            (article_id,),
        )
        return [Wanted(*row) for row in found]

    def of_article(self, article_id: int) -> list[StoredImage]:
        """The pictures of an article in their order, on disk or missing."""
        found = self._database.rows(
            """SELECT i.key, i.url, i.sha256, i.format, coalesce(nullif(i.width, 0), r.width),
                coalesce(nullif(i.height, 0), r.height), r.alt, i.problem
            FROM article_images r JOIN images i ON i.key = r.key
            WHERE r.article_id = ? ORDER BY r.position""",
            (article_id,),
        )
        return [StoredImage(*row) for row in found]

    def lacks(self, key: str) -> bool:
        """Whether an article shows this picture, and its file is not on disk."""
        found = self._database.row("SELECT sha256 FROM images WHERE key = ?", (key,))
        return found is not None and not (found[0] and self.file(found[0]).is_file())

    def articles_of(self, key: str) -> tuple[int, ...]:
        """The articles that show a picture."""
        found = self._database.rows(
            "SELECT DISTINCT article_id FROM article_images WHERE key = ? ORDER BY article_id", (key,)
        )
        return tuple(article_id for (article_id,) in found)

    def totals(self) -> Totals:
        """How many pictures there are and how many are on disk."""
        images = self._database.value("SELECT count(*) FROM images")
        missing = self._database.value("SELECT count(*) FROM images WHERE sha256 = ''")
        return Totals(images, images - missing, missing)

    def stored_files(self) -> list[tuple[str, int]]:
        """(hash, size in bytes) of every picture that should be on disk."""
        found = self._database.rows(
            "SELECT DISTINCT sha256, size_bytes FROM images WHERE sha256 <> '' ORDER BY sha256"
        )
        return [(sha256, size) for sha256, size in found]

    def keys_of(self, ids: Sequence[int]) -> list[str]:
        """The pictures that some articles show."""
        found = self._database.rows(
            "SELECT DISTINCT key FROM article_images WHERE article_id IN (SELECT value FROM json_each(?))",
            (listed(ids),),
        )
        return [key for (key,) in found]

    def drop_unused(self, db: sqlite3.Connection, keys: list[str]) -> list[str]:
        """Drop those of `keys` that no article shows, within a transaction; gives the files now unused."""
        among = "key IN (SELECT value FROM json_each(?)) AND key NOT IN (SELECT key FROM article_images)"
        hashes = [
            h
            for (h,) in db.execute(
                f"SELECT DISTINCT sha256 FROM images WHERE sha256 <> '' AND {among}", (listed(keys),)
            )
        ]
        db.execute(f"DELETE FROM images WHERE {among}", (listed(keys),))
        return [h for h in hashes if not db.execute("SELECT 1 FROM images WHERE sha256 = ?", (h,)).fetchone()]

    def collect(self, shelf: int) -> int:
        """Drop what nobody refers to: rows that no article shows, and the files of one shelf (0 to 255) that no row
        names, left by a crash. Gives the bytes of the files. For the writer, between whose jobs nothing is stored."""
        with self._database.transaction(durable=False) as db:
            unused = [
                key
                for (key,) in db.execute(
                    """SELECT key FROM images WHERE sha256 <> '' AND sha256 >= ? AND sha256 < ?
                        AND NOT EXISTS (SELECT 1 FROM article_images r WHERE r.key = images.key)
                    UNION ALL SELECT key FROM images WHERE ? = 0 AND sha256 = ''
                        AND NOT EXISTS (SELECT 1 FROM article_images r WHERE r.key = images.key)""",
                    (f"{shelf:02x}", f"{shelf:02x}g", shelf),
                )
            ]
            self.drop_unused(db, unused)
        folder = self._folder / f"{shelf:02x}"
        freed = 0
        with told():
            for path in folder.iterdir() if folder.is_dir() else ():
                if path.name not in self.held and not self._is_named(path.name):
                    freed += path.stat().st_size
                    path.unlink()
        return freed

    def delete_files(self, hashes: list[str]) -> None:
        """Take files off the disk that no row speaks of any more, and that are not held."""
        with told():
            for sha256 in hashes:
                if sha256 not in self.held:
                    self.file(sha256).unlink(missing_ok=True)

    def let_go_held(self) -> None:
        """End the holding: what still no row speaks of goes."""
        held, self.held = self.held, set()
        self.delete_files([sha256 for sha256 in held if not self._is_named(sha256)])

    def _is_named(self, sha256: str) -> bool:
        return self._database.row("SELECT 1 FROM images WHERE sha256 = ?", (sha256,)) is not None


def is_whole(path: Path, sha256: str) -> bool:
    """Whether a file holds the bytes with this hash."""
    import hashlib  # brings OpenSSL: not needed to start

    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == sha256
    except OSError:
        return False
