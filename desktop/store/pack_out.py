"""What goes into the file of a pack: its articles as they are kept, with their history and the person's marks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from desktop.core.errors import StoreDamaged
from desktop.core.incoming import ImageRef
from desktop.core.pack_file import Marks, PackedArticle, PackedPicture, PackedVersion, in_order
from desktop.store.article_images import FIRST_OF_PAGE
from desktop.store.article_rows import GUID
from desktop.store.columns import moment, moment_or_none, unpack_body, unpack_enclosures, unpack_excerpt
from desktop.store.database import Database, Row

_ARTICLE = f"""
    SELECT a.id, {GUID}, h.url, h.title, b.author, a.published, b.published_text, b.updated_at, b.first_seen,
        b.language, h.excerpt, b.body, h.lead_key, b.categories, b.enclosures, k.post_id,
        f.article_id IS NOT NULL, coalesce(f.cut, 0), f.body, f.fetched_at, coalesce(f.problem, ''), a.updated,
        a.withdrawn, t.read, t.read_at, t.starred, coalesce(n.text, ''), n.changed_at,
        (SELECT json_group_array(g.name) FROM taggings u JOIN tags g ON g.id = u.tag_id
            WHERE u.source_id = k.source_id AND u.key = k.key),
        (SELECT replaced_at FROM revisions WHERE article_id = a.id ORDER BY id DESC LIMIT 1)
    FROM articles a JOIN headlines h ON h.article_id = a.id JOIN identities k ON k.article_id = a.id
    JOIN bodies b ON b.article_id = a.id JOIN states t ON t.source_id = k.source_id AND t.key = k.key
    LEFT JOIN full_texts f ON f.article_id = a.id
    LEFT JOIN notes n ON n.source_id = k.source_id AND n.key = k.key
    WHERE a.id = ?"""
_PICTURES = """
    SELECT i.key, i.url, r.alt, r.width, r.height, i.sha256, i.problem, r.position
    FROM article_images r JOIN images i ON i.key = r.key WHERE r.article_id = ? ORDER BY r.position"""
NOT_WHOLE = "Its file was not whole where the pack was written."


class PackOut:
    """Reads the articles of a pack, one at a time."""

    def __init__(self, database: Database, pack_id: int) -> None:
        self._database = database
        self._pack_id = pack_id

    def sources(self) -> list[int]:
        """The sources that the articles are of."""
        found = self._database.rows(
            """SELECT DISTINCT a.source_id FROM pack_articles p JOIN articles a ON a.id = p.article_id
            WHERE p.pack_id = ? ORDER BY a.source_id""",
            (self._pack_id,),
        )
        return [source_id for (source_id,) in found]

    def pictures(self) -> list[tuple[str, int]]:
        """(hash, size in bytes) of the pictures that are stored."""
        found = self._database.rows(
            """SELECT DISTINCT i.sha256, i.size_bytes FROM pack_articles p
            JOIN article_images r ON r.article_id = p.article_id JOIN images i ON i.key = r.key
            WHERE p.pack_id = ? AND i.sha256 <> '' ORDER BY i.sha256""",
            (self._pack_id,),
        )
        return [(sha256, size) for sha256, size in found]

    def articles(self, source_id: int, stored: Callable[[str], bool]) -> Iterator[PackedArticle]:
        """The articles of a source, those that share an identity beside each other; one whose text is not whole is
        left out. `stored` tells whether a picture is in the file."""
        ids = self._database.rows(
            f"""SELECT a.id FROM pack_articles p JOIN articles a ON a.id = p.article_id
            JOIN identities k ON k.article_id = a.id
            WHERE p.pack_id = ? AND a.source_id = ? ORDER BY {GUID}, k.url_key, a.id""",
            (self._pack_id, source_id),
        )
        for (article_id,) in ids:
            row = self._database.row(_ARTICLE, (article_id,))
            if row is not None:
                try:
                    yield self._article(row, stored)
                except StoreDamaged:
                    continue

    def _article(self, row: Row, stored: Callable[[str], bool]) -> PackedArticle:
        (article_id, guid, url, title, author, published, published_text, updated, first_seen, language, excerpt,
            body, lead, categories, enclosures, post_id, beside, cut, full, full_at, problem, edited, withdrawn,
            read, read_at, starred, note, noted_at, tags, replaced_at) = row  # fmt: skip
        return PackedArticle(
            article_id,
            guid, url, title, author, moment_or_none(published), published_text, moment_or_none(updated),
            moment(first_seen), moment(replaced_at or first_seen), language, unpack_excerpt(excerpt),
            unpack_body(body)[0],
            lead, self._pictures(article_id, stored),
            tuple(json.loads(categories)), unpack_enclosures(enclosures), post_id, bool(beside), bool(cut),
            "" if full is None else unpack_body(full)[0], moment_or_none(full_at), problem, bool(edited),
            moment_or_none(withdrawn), self._versions(article_id, first_seen),
            Marks(
                bool(read), moment_or_none(read_at), bool(starred), note, moment_or_none(noted_at),
                in_order(json.loads(tags)),
            ),
        )  # fmt: skip

    def _pictures(self, article_id: int, stored: Callable[[str], bool]) -> tuple[PackedPicture, ...]:
        found = self._database.rows(_PICTURES, (article_id,))
        return tuple(
            PackedPicture(
                key,
                ImageRef(url, alt, width, height),
                sha256 if stored(sha256) else "",
                NOT_WHOLE if sha256 and not stored(sha256) else problem,
                position >= FIRST_OF_PAGE,
            )
            for key, url, alt, width, height, sha256, problem, position in found
        )

    def _versions(self, article_id: int, first_seen: int) -> tuple[PackedVersion, ...]:
        """The former texts, and since when each was there; `revisions` says until when."""
        rows = self._database.rows(
            "SELECT title, body, replaced_at FROM revisions WHERE article_id = ? ORDER BY id", (article_id,)
        )
        since = [first_seen, *(replaced_at for _, _, replaced_at in rows)]
        return tuple(
            PackedVersion(moment(at), title, unpack_body(body)[0])
            for at, (title, body, _) in zip(since, rows, strict=False)
        )
