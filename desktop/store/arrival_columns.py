"""An article that comes in as the columns of its rows."""

from __future__ import annotations

from desktop.core.html.sanitise import image_key
from desktop.core.identity import Keys
from desktop.core.incoming import IncomingArticle
from desktop.store.columns import pack_body, pack_enclosures, pack_excerpt, pack_list, seconds_or_none


def recognised_columns(key: str, keys: Keys) -> tuple[str, str | None, str, str, bytes]:
    """key, guid, url_key, title_key, content_hash of an article with the identity `key`."""
    return key, guid_column(key, keys.guid), keys.url_key, keys.title_key, bytes.fromhex(keys.content_hash)


def guid_column(key: str, guid: str) -> str | None:
    """A guid beside the identity of its article: NULL where that is made of it, as nearly always."""
    return None if key == f"g:{guid}" else guid


def headline_columns(article: IncomingArticle) -> tuple[str, str, str, bytes]:
    """lead_key, title, url, excerpt."""
    lead = image_key(article.lead_image) if article.lead_image else ""
    return lead, article.title, article.url, pack_excerpt(article.excerpt)


def body_columns(article: IncomingArticle) -> tuple[str, str, int | None, str, str, str, bytes]:
    """author, published_text, updated_at, language, categories, enclosures, body."""
    return (
        article.author,
        article.published_text,
        seconds_or_none(article.updated),
        article.language,
        pack_list(article.categories),
        pack_enclosures(article.enclosures),
        pack_body(article.html, article.text),
    )
