"""An article that comes in as the columns of its rows."""

from __future__ import annotations

from desktop.core.html.sanitise import image_key
from desktop.core.identity import Keys
from desktop.core.incoming import IncomingArticle
from desktop.store.columns import pack_body, pack_enclosures, pack_list, seconds_or_none


def recognised_columns(keys: Keys) -> tuple[str, str, str, str]:
    """guid, url_key, title_key, content_hash."""
    return keys.guid, keys.url_key, keys.title_key, keys.content_hash


def headline_columns(article: IncomingArticle) -> tuple[str, str, str, str]:
    """lead_key, title, url, excerpt."""
    lead = image_key(article.lead_image) if article.lead_image else ""
    return lead, article.title, article.url, article.excerpt


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
