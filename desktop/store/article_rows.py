"""The columns of an article, for a list and whole, and the values that they become."""

from __future__ import annotations

from desktop.core.fulltext_values import FullText
from desktop.core.models import Article, ArticleRow
from desktop.core.tags import tag_key
from desktop.store.columns import (
    moment,
    moment_or_none,
    texts,
    unpack_body,
    unpack_enclosures,
    unpack_excerpt,
    unpack_list,
)
from desktop.store.database import Row

# Of `identities k`, where a guid that is the identity stands once: "g:" and it.
GUID = "coalesce(k.guid, substr(k.key, 3))"
ROW = """a.id, a.source_id, s.title, h.title, h.url, h.excerpt, a.sort_at, a.published,
    a.read, a.starred, a.updated, CASE WHEN l.width < 3 AND l.height < 3 THEN '' ELSE coalesce(l.sha256, '') END,
    a.images_total,
    (SELECT count(*) FROM article_images r JOIN images i ON i.key = r.key
        WHERE r.article_id = a.id AND i.sha256 <> ''),
    a.withdrawn IS NOT NULL, CASE WHEN a.tagged THEN (
        SELECT json_group_array(g.name) FROM article_tags t JOIN tags g ON g.id = t.tag_id
        WHERE t.article_id = a.id) END,
    CASE WHEN a.story <> 0 THEN (SELECT json_group_array(o.title) FROM (
        SELECT t.title FROM articles c INDEXED BY articles_story JOIN sources t ON t.id = c.source_id
        WHERE c.story = a.story AND c.story <> 0 AND c.id <> a.id ORDER BY c.id LIMIT 20) o) END, a.noted"""
_COLUMNS = 18
JOINS = """JOIN headlines h ON h.article_id = a.id JOIN sources s ON s.id = a.source_id
    LEFT JOIN images l ON l.key = h.lead_key AND h.lead_key <> ''"""


def article_row(row: Row) -> ArticleRow:
    """The value of the columns ROW."""
    (article_id, source_id, source_title, title, url, excerpt, sort_at, published, read, starred, updated,
        lead, images_total, images_stored, withdrawn, tags, also_in, noted) = row  # fmt: skip
    return ArticleRow(
        article_id, source_id, source_title, title, url, unpack_excerpt(excerpt), moment(sort_at),
        moment_or_none(published), bool(read), bool(starred), bool(updated), lead, images_total, images_stored,
        bool(withdrawn),
        tuple(sorted(texts(unpack_list(tags)), key=tag_key)) if tags else (),
        tuple(dict.fromkeys(texts(unpack_list(also_in)))) if also_in else (), bool(noted),
    )  # fmt: skip


def article_of(row: Row) -> Article:
    """The value of the columns ROW and those that `Articles.get` adds."""
    (guid, author, updated_at, first_seen, published_text, body, categories, enclosures, language, site_url,
        full, problem, cut) = row[_COLUMNS:]  # fmt: skip
    html, text = unpack_body(body)
    full_html, full_text = ("", "") if full is None else unpack_body(full)
    return Article(
        article_row(row[:_COLUMNS]), guid, author, moment_or_none(updated_at), moment(first_seen), published_text,
        html, text, tuple(unpack_list(categories)), unpack_enclosures(enclosures), language, site_url,
        FullText(full_html, full_text, problem, bool(cut)),
    )  # fmt: skip
