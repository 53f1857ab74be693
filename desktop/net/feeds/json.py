"""JSON from outside, and JSON Feed 1 and 1.1: every value's type is checked, wrong ones count as missing."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from desktop.core.errors import ParseError
from desktop.core.incoming import ParsedArticle, ParsedFeed
from desktop.core.models import Enclosure
from desktop.net import dates
from desktop.net.feeds import links as feed_links
from desktop.net.feeds import strings as feed_text

MAX_DEPTH = 64
MOST_ITEMS = 20_000

STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)
NOT_BRACKETS = bytes(each for each in range(256) if each not in b"[]{}")

Object = dict[str, Any]


def loads(data: bytes) -> Any:
    """The value of a JSON document in UTF-8; ParseError when it is none, or nested too deep to be honest."""
    if _depth_exceeds(data, MAX_DEPTH):
        raise ParseError(f"The document is nested more than {MAX_DEPTH} levels deep.")
    try:
        return json.loads(data, parse_constant=lambda name: None)
    except (ValueError, RecursionError) as error:
        raise ParseError("The document is not valid JSON.") from error


def _depth_exceeds(data: bytes, limit: int) -> bool:
    """Whether brackets nest deeper: each pass takes off the innermost level."""
    brackets = STRING.sub(b"", data).translate(None, NOT_BRACKETS)
    for _ in range(limit):
        inner = brackets.replace(b"[]", b"").replace(b"{}", b"")
        if len(inner) == len(brackets):
            break
        brackets = inner
    return len(brackets) > limit


def text(value: Any) -> str:
    """A string, or a number written out; "" for anything else."""
    if isinstance(value, str):
        return feed_text.scrub(value).strip()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return ""


def objects(value: Any) -> Iterator[Object]:
    """The objects in a list; nothing for anything else."""
    return (each for each in value if isinstance(each, dict)) if isinstance(value, list) else iter(())


def whole(value: Any) -> int:
    """A count; 0 for anything else."""
    return feed_links.number(text(value))


def is_feed(value: Any) -> bool:
    """Whether a JSON value is a JSON Feed; some leave out the version."""
    if not isinstance(value, dict):
        return False
    return "jsonfeed.org" in text(value.get("version")) or isinstance(value.get("items"), list)


def feed(value: Object, url: str) -> ParsedFeed:
    """A JSON Feed document as published."""
    site = feed_links.absolute(text(value.get("home_page_url")), url)
    language = text(value.get("language"))[:35]
    author = _author(value)
    items = [each for _, each in zip(range(MOST_ITEMS), objects(value.get("items")), strict=False)]
    icon = text(value.get("icon")) or text(value.get("favicon"))
    return ParsedFeed(
        format="json1",
        title=feed_text.one_line(text(value.get("title"))),
        url=url,
        site_url=site,
        description=feed_text.one_line(text(value.get("description"))),
        language=language,
        icon_url=feed_links.absolute(icon, url),
        next_url=_next(text(value.get("next_url")), url),
        articles=tuple(_article(item, site or url, author, language) for item in items),
    )


def _next(next_url: str, url: str) -> str:
    found = feed_links.absolute(next_url, url)
    return found if found != url else ""


def _article(item: Object, base: str, feed_author: str, language: str) -> ParsedArticle:
    own = feed_links.absolute(text(item.get("url")), base) or feed_links.absolute(text(item.get("id")), "")
    link = own or feed_links.absolute(text(item.get("external_url")), base)
    base = link or base
    files = feed_links.enclosures(_files(item, base))
    picture = feed_links.absolute(text(item.get("image")), base)
    picture = picture or feed_links.absolute(text(item.get("banner_image")), base)
    published = text(item.get("date_published"))
    updated = dates.parse(text(item.get("date_modified")))
    return ParsedArticle(
        guid=text(item.get("id")),
        url=link,
        title=feed_text.from_plain(text(item.get("title"))),
        author=_author(item) or feed_author,
        published=dates.parse(published) or updated,
        published_text=(published or text(item.get("date_modified")))[: dates.LONGEST],
        updated=updated,
        summary_html=html.escape(text(item.get("summary")), quote=False),
        content_html=text(item.get("content_html")) or _paragraphs(text(item.get("content_text"))),
        base_url=base,
        image_url=picture or feed_links.lead_picture([], files).url,
        categories=feed_links.categories(_tags(item)),
        enclosures=files,
        language=text(item.get("language"))[:35] or language,
    )


def _paragraphs(plain: str) -> str:
    parts = (html.escape(part.strip(), quote=False) for part in plain.split("\n\n"))
    return "".join(f"<p>{part}</p>" for part in parts if part).replace("\n", "<br>")


def _tags(item: Object) -> Iterator[str]:
    tags = item.get("tags")
    return (feed_text.one_line(text(tag)) for tag in tags) if isinstance(tags, list) else iter(())


def _author(value: Object) -> str:
    single = value.get("author")
    people = [*objects(value.get("authors"))] or ([single] if isinstance(single, dict) else [])
    return feed_text.joined([feed_text.one_line(text(person.get("name"))) for person in people[:100]])


def _files(item: Object, base: str) -> Iterator[Enclosure]:
    for each in objects(item.get("attachments")):
        url = feed_links.absolute(text(each.get("url")), base)
        yield Enclosure(url, text(each.get("mime_type"))[:100], whole(each.get("size_in_bytes")))
