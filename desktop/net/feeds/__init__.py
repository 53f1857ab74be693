"""Feed documents as ParsedFeed: RSS 0.90 to 2.0, RDF, Atom, CDF, JSON Feed, and what is left of damaged ones.

Raises ParseError and nothing else: `is_html` for a web page, a sentence for everything else that is no feed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from desktop.core.errors import ParseError
from desktop.core.incoming import ParsedArticle, ParsedFeed
from desktop.net import safe_xml
from desktop.net.feeds import items as feed_items
from desktop.net.feeds import json as feed_json
from desktop.net.feeds import links as feed_links
from desktop.net.feeds import markup as feed_markup
from desktop.net.feeds import wishes as feed_wishes
from desktop.net.feeds.encoding import to_utf8
from desktop.net.feeds.items import Setting
from desktop.net.feeds.names import RDF_RESOURCE, XML_BASE, XML_LANG, Children, Names, children, first, text

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_ITEMS = 20_000
HEAD = 65_536  # bytes in which a feed's first element is looked for

BLANK = b"\xef\xbb\xbf \t\r\n\0"
FEED_START = re.compile(rb"<(?:[A-Za-z][\w.-]{0,30}:)?(?:rss|feed|rdf|channel)[\s>/]", re.IGNORECASE)
PAGE_START = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
DESCRIPTION = (
    "description",
    "subtitle",
    "tagline",
    "abstract",
    "dc:description",
    "itunes:summary",
    "itunes:subtitle",
)
HOLDERS = ("channel", "item", "entry")
NOT_A_FEED = "Ask the site for the address of its feed."


def parse(body: bytes, url: str, content_type: str = "") -> ParsedFeed:
    """The feed in the body of an answer from `url`."""
    if len(body) > safe_xml.MAX_BYTES:
        raise ParseError("The feed is larger than 10 MB.", "Look for a shorter feed of the same site.")
    head = to_utf8(body[:HEAD], content_type).data.lstrip(BLANK)
    if not head and not body[HEAD:].strip(BLANK):
        raise ParseError("The server sent an empty document instead of a feed.", NOT_A_FEED)
    if head[:1] in (b"{", b"["):
        return _json(to_utf8(body, content_type).data.lstrip(BLANK), url)
    start = _start(head, content_type)
    if not start:
        return _xml(safe_xml.read(body, recover=True, content_type=content_type), url)
    data = to_utf8(body, content_type).data.lstrip(BLANK)
    return _xml(safe_xml.read_utf8(data[start:], recover=True, damaged=True), url)


def _json(data: bytes, url: str) -> ParsedFeed:
    value = feed_json.loads(data)
    if not feed_json.is_feed(value):
        raise ParseError("The server sent JSON that is not a feed.", NOT_A_FEED)
    return feed_json.feed(value, url)


def _start(head: bytes, content_type: str) -> int:
    """Where the feed starts: behind what a broken server wrote before it. ParseError for a web page."""
    feed = FEED_START.search(head)
    page = PAGE_START.search(head, 0, feed.start() if feed else len(head))
    if page and not _is_only_doctype(head, page, feed):
        raise _web_page()
    if not feed:
        if "html" in content_type.lower() and not head.startswith(b"<?xml"):
            raise _web_page()
        return 0
    if head.startswith((b"<?", b"<!")) or feed.start() == 0:
        return 0
    declaration = head.find(b"<?xml", 0, feed.start())
    return feed.start() if declaration < 0 else declaration


def _is_only_doctype(head: bytes, page: re.Match[bytes], feed: re.Match[bytes] | None) -> bool:
    """A feed with an HTML document type in front of it is a feed."""
    if not feed or not page.group().startswith(b"<!"):
        return False
    return not PAGE_START.search(head, page.end(), feed.start())


def _web_page() -> ParseError:
    return ParseError("The server sent a web page instead of a feed.", NOT_A_FEED, is_html=True)


def _xml(document: safe_xml.Document, url: str) -> ParsedFeed:
    root = document.root
    names = Names(root)
    kind = names[root.tag].rpartition(":")[2]
    if kind == "html":
        raise _web_page()
    if kind not in ("rss", "rdf", "feed", "channel"):
        raise ParseError("The server sent XML that is not a feed.", NOT_A_FEED)
    head = _head(root, names)
    parts = children(head, names)
    setting = _setting(root, head, parts, names, url)
    articles = tuple(_articles(root, setting))
    return _feed(document, url, parts, setting, articles)


def _head(root: _Element, names: Names) -> _Element:
    """The element that describes the feed."""
    if names[root.tag] in ("feed", "channel"):
        return root
    return next((child for child in root if names[child.tag] == "channel"), root)


def _setting(root: _Element, head: _Element, parts: Children, names: Names, url: str) -> Setting:
    base = root.get(XML_BASE)
    declared = feed_links.base_of(base, url) if base else ""
    own = head.get(XML_BASE) if head is not root else None
    declared = feed_links.base_of(own, declared or url) if own else declared
    site = _link(parts, "alternate", declared or url)
    return Setting(
        names=names,
        link_base=site or url,
        declared_base=declared,
        language=_language(root, head, parts),
        author=feed_items.people(parts.get("author", ()), names) if names[root.tag] == "feed" else "",
        is_wordpress="wordpress.org" in text(parts, "generator").lower(),
        is_old_atom=_is_old_atom(root),
    )


def _is_old_atom(root: _Element) -> bool:
    return "purl.org/atom" in str(root.tag).lower() or (root.get("version") or "").strip() == "0.3"


def _language(root: _Element, head: _Element, parts: Children) -> str:
    written = text(parts, "language", "dc:language") or head.get(XML_LANG) or root.get(XML_LANG) or ""
    return written.replace("_", "-")[:35]


def _link(parts: Children, wanted: str, base: str) -> str:
    """The feed's link of a kind, absolute. Only RSS writes a link as text, and only its own page."""
    found = ""
    for link in parts.get("link", ()):
        href = link.get("href")
        if href is None and wanted == "alternate":
            written = feed_links.absolute(feed_markup.text_of(link), base)
            if written:
                return written
        elif href is not None and (link.get("rel") or "alternate").lower() == wanted:
            found = found or feed_links.absolute(href, base)
    return found


def _articles(root: _Element, setting: Setting) -> Iterator[ParsedArticle]:
    """All items in order: of the channels, beside them (RDF), inside one another where tags were lost."""
    waiting = [*_items(children(root, setting.names))]
    count = 0
    while waiting and count < MOST_ITEMS:
        element = waiting.pop()
        parts = children(element, setting.names)
        if setting.names[element.tag] != "channel":
            yield feed_items.article(element, parts, setting)
            count += 1
        waiting.extend(_items(parts))


def _items(parts: Children) -> Iterator[_Element]:
    """The elements that are or hold items, last first."""
    found = [element for name in HOLDERS if name in parts for element in parts[name]]
    return reversed(found)


def _feed(
    document: safe_xml.Document,
    url: str,
    parts: Children,
    setting: Setting,
    articles: tuple[ParsedArticle, ...],
) -> ParsedFeed:
    root, names = document.root, setting.names
    base = setting.declared_base or url
    is_atom = names[root.tag] == "feed"
    # RFC 5005: of a paged feed, else of an archived one. Both lead to what is older.
    following = _link(parts, "next", base) or _link(parts, "prev-archive", base)
    return ParsedFeed(
        format=_format(root, names),
        title=feed_items.title(first(parts, ("title", "dc:title")), setting, is_atom=is_atom),
        url=url,
        site_url=_link(parts, "alternate", base) or _href(root, base),
        description=feed_items.title(first(parts, DESCRIPTION), setting, is_atom=is_atom),
        language=setting.language,
        icon_url=_icon(root, parts, base, names),
        next_url=following if following != url else "",
        ttl_minutes=feed_wishes.minutes(parts),
        skip_hours=feed_wishes.skipped(parts, "skiphours", feed_wishes.HOURS),
        skip_days=feed_wishes.skipped(parts, "skipdays", feed_wishes.DAYS),
        articles=articles,
        damaged=document.damaged,
    )


def _href(root: _Element, base: str) -> str:
    """CDF writes the address of the page on the channel."""
    href = next((value for key, value in root.items() if str(key).lower() == "href"), None)
    return feed_links.absolute(str(href), base) if href else ""


def _icon(root: _Element, parts: Children, base: str, names: Names) -> str:
    for name in ("icon", "logo"):
        found = feed_links.absolute(text(parts, name), base)
        if found:
            return found
    images = [*parts.get("image", ()), *(child for child in root if names[child.tag] == "image")]
    for image in images:
        inside = text(children(image, names), "url") or image.get(RDF_RESOURCE) or image.get("href")
        found = feed_links.absolute(inside, base)
        if found:
            return found
    podcast = (each.get("href") or each.get("url") for each in parts.get("itunes:image", ()))
    return next((feed_links.absolute(each, base) for each in podcast), "")


def _format(root: _Element, names: Names) -> str:
    name = names[root.tag]
    if name == "feed":
        return "atom03" if _is_old_atom(root) else "atom10"
    if name == "channel":
        return "cdf"
    if name.endswith("rdf"):
        spaces = " ".join(uri for uri in root.nsmap.values() if uri)
        return "rss090" if "netscape.com/rdf/simple/0.9" in spaces else "rss10"
    version = (root.get("version") or "").strip()
    if version.startswith("0.9"):
        return {"0.90": "rss090", "0.91": "rss091"}.get(version, "rss092")
    return "rss20"
