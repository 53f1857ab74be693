"""Which pictures an article shows: those of the feed's text, and from FIRST_OF_PAGE on those of its page."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

from desktop.core.html.image_keys import image_key
from desktop.core.html.markup import Tag, tokens
from desktop.core.incoming import ImageRef
from desktop.store.columns import sound
from desktop.store.database import insert_rows

FIRST_OF_PAGE = 10_000


def write_images(db: sqlite3.Connection, article_id: int, sort_at: int, images: Iterable[ImageRef]) -> None:
    """Replace, within a transaction, the pictures of the feed's text; `images_total` counts those of the page too."""
    db.execute(
        "DELETE FROM article_images WHERE article_id = ? AND position < ?", (article_id, FIRST_OF_PAGE)
    )
    add_images(db, [(article_id, sort_at, images)])
    gone = db.execute(
        """DELETE FROM article_images WHERE article_id = ?1 AND position >= ?2 AND key IN (
            SELECT key FROM article_images WHERE article_id = ?1 AND position < ?2)""",
        (article_id, FIRST_OF_PAGE),
    ).rowcount
    if (
        gone
        or db.execute(
            "SELECT 1 FROM article_images WHERE article_id = ? AND position >= ?", (article_id, FIRST_OF_PAGE)
        ).fetchone()
    ):
        _count(db, article_id)


def write_images_of_page(
    db: sqlite3.Connection, article_id: int, sort_at: int, images: Iterable[ImageRef]
) -> None:
    """Replace, within a transaction, the pictures that only the full text shows. An article that had no picture for
    the list gets one."""
    db.execute(
        "DELETE FROM article_images WHERE article_id = ? AND position >= ?", (article_id, FIRST_OF_PAGE)
    )
    known = {
        key for (key,) in db.execute("SELECT key FROM article_images WHERE article_id = ?", (article_id,))
    }
    new = [image for image in images if image_key(image.url) not in known]
    add_images(db, [(article_id, sort_at, new)], FIRST_OF_PAGE)
    _count(db, article_id)
    if new:
        db.execute(
            "UPDATE headlines SET lead_key = ? WHERE article_id = ? AND lead_key = ''",
            (image_key(new[0].url), article_id),
        )


def pictures_of_feed(db: sqlite3.Connection, article_id: int) -> dict[str, str]:
    """The addresses of the pictures that the feed's text shows, by key."""
    found = db.execute(
        """SELECT i.key, i.url FROM article_images r JOIN images i ON i.key = r.key
        WHERE r.article_id = ? AND r.position < ?""",
        (article_id, FIRST_OF_PAGE),
    )
    return dict(found.fetchall())


def want_better(db: sqlite3.Connection, better: Mapping[str, str]) -> None:
    """Have pictures that are still to come fetched, within a transaction, from where they have a better size."""
    db.executemany(
        "UPDATE images SET url = ?, next_try = 0 WHERE key = ? AND sha256 = ''",
        [(sound(url), key) for key, url in better.items()],
    )


def add_images(
    db: sqlite3.Connection, articles: Iterable[tuple[int, int, Iterable[ImageRef]]], first: int = 0
) -> None:
    """Add pictures, within a transaction, to articles (number, place in the list, pictures) that show none at `first`
    and after."""
    shown = [
        (article_id, sort_at, position, image_key(image.url), image)
        for article_id, sort_at, images in articles
        for position, image in enumerate(images, first)
    ]
    insert_rows(
        db,
        "INSERT INTO images (key, url, wanted_at)",
        [(key, sound(image.url), sort_at) for _, sort_at, _, key, image in shown],
        "ON CONFLICT (key) DO UPDATE SET wanted_at = max(wanted_at, excluded.wanted_at)",
    )
    insert_rows(
        db,
        "INSERT INTO article_images (article_id, position, key, alt, width, height)",
        [
            (article_id, position, key, sound(image.alt), image.width, image.height)
            for article_id, _, position, key, image in shown
        ],
    )


def list_again(db: sqlite3.Connection, article_id: int, texts: Iterable[str]) -> bool:
    """Mend, within a transaction, the list of an article's pictures from its stored texts (HTML), the feed's and the
    page's; what is listed stays. False where it is still not as long as it was: then only the publisher can tell."""
    known = {
        key for (key,) in db.execute("SELECT key FROM article_images WHERE article_id = ?", (article_id,))
    }
    for part, html in enumerate(texts):
        shown = (tag.attributes for tag in tokens(html) if isinstance(tag, Tag) and tag.name == "img")
        lacking = {key: tag for tag in shown if (key := _key(tag)) and key not in known}
        known.update(lacking)
        for key, tag in lacking.items():
            _list(db, article_id, key, tag, part * FIRST_OF_PAGE)
    counted = db.execute(
        "SELECT images_total = (SELECT count(*) FROM article_images WHERE article_id = ?1) FROM articles WHERE id = ?1",
        (article_id,),
    ).fetchone()
    return bool(counted[0])


def _key(tag: Mapping[str, str]) -> str:
    scheme, _, key = tag.get("src", "").partition(":")
    return key if scheme == "cache" else ""


def _list(db: sqlite3.Connection, article_id: int, key: str, tag: Mapping[str, str], first: int) -> None:
    """List a picture, if its address is known, behind the others of its text."""
    alt, width, height = (
        sound(tag.get("alt", "")),
        _pixels(tag.get("width", "")),
        _pixels(tag.get("height", "")),
    )
    db.execute(
        """INSERT INTO article_images (article_id, position, key, alt, width, height)
        SELECT ?1, coalesce((SELECT max(position) + 1 FROM article_images
            WHERE article_id = ?1 AND position >= ?3 AND position < ?3 + ?4), ?3), key, ?5, ?6, ?7
        FROM images WHERE key = ?2""",
        (article_id, key, first, FIRST_OF_PAGE, alt, width, height),
    )


def _pixels(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 0


def _count(db: sqlite3.Connection, article_id: int) -> None:
    db.execute(
        """UPDATE articles SET images_total = (SELECT count(*) FROM article_images WHERE article_id = ?1)
        WHERE id = ?1""",
        (article_id,),
    )
