"""Bytes from outside become values that are safe to keep. Pure functions of bytes, run in a process of their own:
everybody else asks `sync.documents` for them.

Most documents are feeds, so what only others need is imported when the first of them comes: the process starts in
three quarters of the time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from desktop.core.fulltext import Obstacle, is_cut
from desktop.core.html.sanitise import sanitise
from desktop.core.incoming import (
    ImageRef,
    IncomingArticle,
    IncomingFeed,
    IncomingText,
    ParsedArticle,
    ParsedFeed,
    PictureInfo,
)
from desktop.core.text import plain
from desktop.net import feeds

if TYPE_CHECKING:
    from desktop.core.pack_file import ArrivingArticle
    from desktop.net.discovery import Candidate
    from desktop.net.opml import Outlines
    from desktop.net.rates import Parsed
    from desktop.net.wordpress import Site


def read_feed(body: bytes, url: str, content_type: str = "") -> IncomingFeed:
    """Parse and clean a feed. Raises ParseError."""
    return _clean_feed(feeds.parse(body, url, content_type))


def read_posts(body: bytes, url: str, headers: Mapping[str, str], site_url: str = "") -> IncomingFeed:
    """Parse and clean one page of WordPress posts. Raises ParseError."""
    from desktop.net import wordpress

    return _clean_feed(wordpress.parse_posts(body, url, headers, site_url))


def read_picture(body: bytes) -> PictureInfo:
    """Format and size of a picture by its first bytes. Raises ParseError for anything that is never decoded."""
    from desktop.net import images

    return images.probe(body)


def read_page(
    body: bytes, url: str, content_type: str = "", lead_url: str = ""
) -> tuple[IncomingText, Obstacle]:
    """Find and clean the article on a web page, and say what stands in the way of it. `lead_url` is the picture that
    is known to belong to it. Never raises."""
    from desktop.net import fulltext

    page = fulltext.extract(body, url, content_type)
    clean = sanitise(page.html, url, ImageRef(lead_url) if lead_url else None)
    if not clean.images and page.image_url:
        clean = sanitise(page.html, url, ImageRef(page.image_url))
    return IncomingText(clean.html, clean.text, clean.images), page.obstacle


def read_rates(body: bytes, source: str, fetched_at: str, asked: str) -> Parsed:
    """The document of a bank, for the day `asked` where one is named. Raises ParseError."""
    from desktop.net.rates import PROVIDERS

    day = date.fromisoformat(asked) if asked else None
    return PROVIDERS[source].read(body, datetime.fromisoformat(fetched_at), day)


def read_rate_range(
    body: bytes, source: str, fetched_at: str, url: str, currencies: list[str], first: str, last: str
) -> Parsed:
    """The document of many days of a bank. Raises ParseError."""
    from desktop.net.rates import PROVIDERS
    from desktop.net.rates.ranges import RangeRequest

    days = date.fromisoformat(first), date.fromisoformat(last)
    request = RangeRequest(url, tuple(currencies), *days)
    return PROVIDERS[source].read_range(body, datetime.fromisoformat(fetched_at), request)


def _clean_feed(parsed: ParsedFeed) -> IncomingFeed:
    return IncomingFeed(
        format=parsed.format,
        title=plain(parsed.title),
        site_url=parsed.site_url,
        language=plain(parsed.language, 20),
        icon_url=parsed.icon_url,
        next_url=parsed.next_url,
        ttl_minutes=parsed.ttl_minutes,
        damaged=parsed.damaged,
        total=parsed.total,
        articles=tuple(_clean_article(article, parsed) for article in parsed.articles),
        skip_hours=parsed.skip_hours,
        skip_days=parsed.skip_days,
    )


def _clean_article(article: ParsedArticle, feed: ParsedFeed) -> IncomingArticle:
    lead = _lead(article)
    base = article.base_url or article.url or feed.site_url or feed.url
    body = sanitise(article.content_html or article.summary_html, base, lead)
    excerpt = body.excerpt
    if article.content_html and article.summary_html:
        # A hand-written summary says more than the first words of the text.
        excerpt = sanitise(article.summary_html, base).excerpt or excerpt
    published = article.content_html or article.summary_html
    return IncomingArticle(
        guid=article.guid,
        url=article.url,
        title=plain(article.title) or _title_from(body.text),
        author=plain(article.author, 200),
        published=article.published,
        published_text=plain(article.published_text, 100),
        updated=article.updated,
        html=body.html,
        text=body.text,
        excerpt=excerpt,
        images=body.images,
        lead_image=body.images[0].url if body.images else "",
        categories=tuple(name for name in (plain(c, 100) for c in article.categories) if name),
        enclosures=article.enclosures,
        language=plain(article.language or feed.language, 20),
        post_id=article.post_id,
        cut=feed.format != "wordpress" and is_cut(published, body.text),
    )


def _lead(article: ParsedArticle) -> ImageRef | None:
    """The picture that the source puts beside the article: its own, or the first enclosure that is one."""
    if article.image_url:
        return ImageRef(article.image_url, plain(article.image_alt))
    for enclosure in article.enclosures:
        path = enclosure.url.lower().partition("?")[0]
        if enclosure.type.startswith("image/") or path.endswith((".jpg", ".jpeg", ".png", ".gif", ".webp")):
            return ImageRef(enclosure.url)
    return None


def _title_from(text: str) -> str:
    return plain(text, 80)


def read_packed(line: bytes, now: str) -> ArrivingArticle:
    """An article out of a pack's file, made safe to keep. Raises ParseError."""
    from desktop.sync.pack_file.arriving import arriving
    from desktop.sync.pack_file.lines import read_article

    return arriving(read_article(line), datetime.fromisoformat(now))


def read_links(body: bytes, url: str, headers: Mapping[str, str]) -> list[Candidate]:
    """What a page offers to be followed. Never raises."""
    from desktop.net import discovery

    return discovery.links(body, url, headers)


def read_site(body: bytes, url: str) -> Site:
    """The index of a REST interface. Raises ParseError."""
    from desktop.net import wordpress

    return wordpress.parse_index(body, url)


def read_sections(body: bytes, url: str) -> list[tuple[str, str]]:
    """Names and feeds of the categories of a WordPress. Raises ParseError."""
    from desktop.net import wordpress

    return wordpress.parse_categories(body, url)


def read_public(body: bytes) -> frozenset[int]:
    """The numbers of the posts in an answer. Raises ParseError."""
    from desktop.net import wordpress

    return wordpress.parse_public(body)


def read_outlines(body: bytes) -> Outlines:
    """The feeds of an OPML list. Raises ParseError."""
    from desktop.net import opml

    return opml.read(body)


# What the reading process does, by the word that it is asked with.
VERBS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "feed": read_feed,
        "posts": read_posts,
        "page": read_page,
        "picture": read_picture,
        "packed": read_packed,
        "links": read_links,
        "site": read_site,
        "sections": read_sections,
        "public": read_public,
        "outlines": read_outlines,
        "rates": read_rates,
        "rate range": read_rate_range,
    }
)
