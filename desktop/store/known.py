"""What the merge must see before it decides: articles in text that can be kept, and the stored ones they could mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any

from desktop.core.identity import Keys
from desktop.core.incoming import IncomingArticle
from desktop.core.merge import KnownArticle
from desktop.store.article_rows import GUID
from desktop.store.columns import sound
from desktop.store.database import Database, listed

_TEXTS = (
    "guid",
    "url",
    "title",
    "author",
    "published_text",
    "html",
    "text",
    "excerpt",
    "lead_image",
    "language",
)
_texts_of = attrgetter(*_TEXTS)


def known_articles(database: Database, source_id: int, wanted: Sequence[Keys]) -> list[KnownArticle]:
    """The stored articles that any of the keys could mean."""
    found = database.rows(
        f"""SELECT k.article_id, k.key, {GUID}, k.url_key, k.title_key, lower(hex(k.content_hash)), h.title
        FROM identities k JOIN headlines h ON h.article_id = k.article_id
        WHERE k.article_id IN (
            SELECT article_id FROM identities
                WHERE source_id = ?1 AND key IN (SELECT 'g:' || value FROM json_each(?2))
                    AND guid IS NULL
            UNION SELECT article_id FROM identities INDEXED BY identities_guid
                WHERE source_id = ?1 AND guid IN (SELECT value FROM json_each(?2))
                    AND guid <> ''
            UNION SELECT article_id FROM identities INDEXED BY identities_url
                WHERE source_id = ?1 AND url_key IN (SELECT value FROM json_each(?3)) AND url_key <> ''
            UNION SELECT article_id FROM identities INDEXED BY identities_title
                WHERE source_id = ?1 AND title_key IN (SELECT value FROM json_each(?4))
                    AND title_key <> '')""",
        (
            source_id,
            listed(keys.guid for keys in wanted),
            listed(keys.url_key for keys in wanted),
            listed(keys.title_key for keys in wanted),
        ),
    )
    return [KnownArticle(*row) for row in found]


def mended(article: IncomingArticle) -> IncomingArticle:
    """The article in text that SQLite can hold whole; itself where all of it is so, as nearly always."""
    texts = _texts_of(article)
    shown = [text for image in article.images for text in (image.url, image.alt)]
    enclosed = [text for enclosure in article.enclosures for text in (enclosure.url, enclosure.type)]
    whole = "".join((*texts, *article.categories, *shown, *enclosed))
    if sound(whole) == whole:
        return article
    sound_texts: dict[str, Any] = dict(zip(_TEXTS, map(sound, texts), strict=True))
    return replace(
        article,
        images=tuple(replace(i, url=sound(i.url), alt=sound(i.alt)) for i in article.images),
        categories=tuple(map(sound, article.categories)),
        enclosures=tuple(e._replace(url=sound(e.url), type=sound(e.type)) for e in article.enclosures),
        **sound_texts,
    )
