"""An article as a JSON object of fixed shape: what the command line prints, and what is exported."""

from __future__ import annotations

from datetime import UTC, datetime

from desktop.core.models import Article, Cursor, SourceKind

Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None


def stamp(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC with a Z, or None."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def write_cursor(cursor: Cursor) -> str:
    """The form of a cursor that `--before` reads."""
    return f"{int(cursor.sort_at.timestamp())}.{cursor.id}"


def article_json(article: Article, kind: SourceKind) -> dict[str, Json]:
    row = article.row
    missing = row.images_total - row.images_stored
    return {
        "id": row.id,
        "source": row.source_id,
        "source_title": row.source_title,
        "guid": article.guid,
        "url": row.url,
        "title": row.title,
        "author": article.author,
        "published": stamp(row.published),
        "updated": stamp(article.updated_at),
        "first_seen": stamp(article.first_seen),
        "excerpt": row.excerpt,
        "read": row.read,
        "starred": row.starred,
        "tags": list(row.tags),
        "edited": row.updated,
        "withdrawn": row.withdrawn,
        "images": {"total": row.images_total, "stored": row.images_stored, "missing": missing},
        "body": {"feed": bool(article.html), "full": _has_full_text(article, kind)},
        "categories": list(article.categories),
        "enclosures": [{"url": e.url, "type": e.type, "length": e.length} for e in article.enclosures],
        "language": article.language,
        "cursor": write_cursor(Cursor(row.sort_at, row.id)),
    }


def _has_full_text(article: Article, kind: SourceKind) -> bool:
    """WordPress's REST interface gives the whole post; the feed of one that is shut, and any other, may cut it."""
    whole = bool(article.html) and kind is SourceKind.WORDPRESS and not article.full.cut
    return bool(article.full.html) or whole
