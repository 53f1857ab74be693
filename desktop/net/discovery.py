"""Which feeds a web page offers: what it says itself, and the usual addresses to try when it is silent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from desktop.core.models import SourceKind
from desktop.core.text import plain
from desktop.net.feeds import links as feed_links
from desktop.net.feeds.encoding import to_utf8
from desktop.net.safe_xml import without_endless_tags

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_BYTES = 2 * 1024 * 1024
MOST_CANDIDATES = 50
FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/x.atom+xml",
        "application/xml",
        "text/xml",
        "text/rss+xml",
    }
)
API_REL = "https://api.w.org/"
LINK_VALUE = re.compile(r"<([^<>]{1,2048})>([^<]{0,2000})")
REL_VALUE = re.compile(r"""\brel\s*=\s*(?:"([^"]{0,200})"|([^\s;,"]{1,200}))""", re.IGNORECASE)
COMMENTS = re.compile(
    r"/comments?(?:[/?.]|\Z)|comments?-(?:rss|feed)|[?&]feed=comments|withcomments", re.IGNORECASE
)
COMMENTS_TITLE = re.compile(r"\bcomments?\b|комментари|пікір|izoh|изох", re.IGNORECASE)
FEED_TAIL = re.compile(r"\s+(?:»|›|\||-|–|—)\s+(?:RSS[ -]?)?(?:Feed|RSS|Лента)\s*\Z", re.IGNORECASE)
META_CHARSET = re.compile(rb"""<meta\b[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{3,40})""", re.IGNORECASE)
USUAL_PATHS = ("feed/", "rss/", "rss.xml", "feed.xml", "atom.xml", "index.xml", "feed.json", "wp-json/")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A source that a page offers. For WordPress `url` is the REST interface, with the feed beside it."""

    url: str
    title: str
    kind: SourceKind
    feed_url: str
    is_comments: bool = False


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link element of a page, its address absolute."""

    rel: str
    url: str
    type: str
    title: str


def links(body: bytes, url: str, headers: Mapping[str, str]) -> list[Candidate]:
    """The sources that a page offers: WordPress, then feeds, then feeds of comments. Never fails."""
    page_title, found = _page(body, url, headers)
    stated = [*_header_links(url, headers), *found]
    feeds = [_feed(link, page_title) for link in stated if _is_feed(link)]
    feeds.sort(key=lambda each: each.is_comments)
    api = next((link.url for link in stated if link.rel == API_REL), "")
    offered = [*_wordpress(api, feeds, page_title), *feeds]
    return list({each.url: each for each in reversed(offered)}.values())[::-1][:MOST_CANDIDATES]


def guesses(url: str) -> list[str]:
    """Addresses at which sites usually keep their feeds, to try in this order, a section's own first."""
    if not feed_links.absolute(url, ""):
        return []
    folder = urljoin(url, ".") if not urlsplit(url).path.endswith("/") else url
    folder = folder.partition("?")[0].partition("#")[0]
    root = urljoin(url, "/")
    section = url.partition("?")[0].partition("#")[0].rstrip("/") + "/"
    places = [section, folder, root] if section.rstrip("/") != root.rstrip("/") else [root]
    tried = [urljoin(place, path) for place in places[:-1] for path in ("feed/", "rss/", "rss.xml")]
    tried += [urljoin(root, path) for path in USUAL_PATHS]
    tried.append(urljoin(root, "?feed=rss2"))
    return list(dict.fromkeys(each for each in tried if each != url))


def _wordpress(api: str, feeds: list[Candidate], title: str) -> Iterator[Candidate]:
    if not api:
        return
    beside = next((each for each in feeds if not each.is_comments), None)
    feed_url = beside.url if beside else urljoin(_home(api), "feed/")
    yield Candidate(api, beside.title if beside else title, SourceKind.WORDPRESS, feed_url)


def _home(api: str) -> str:
    """The site that a REST interface belongs to: .../wp-json/ or .../index.php?rest_route=/."""
    return urljoin(api.partition("?")[0].removesuffix("/").removesuffix("wp-json"), ".")


def _feed(link: PageLink, page_title: str) -> Candidate:
    is_comments = bool(COMMENTS.search(urlsplit(link.url).path + "?" + urlsplit(link.url).query))
    is_comments = is_comments or bool(COMMENTS_TITLE.search(link.title))
    return Candidate(link.url, link.title or page_title, SourceKind.FEED, link.url, is_comments)


def _is_feed(link: PageLink) -> bool:
    words = link.rel.split()
    if "alternate" not in words and "feed" not in words:
        return False
    if link.type == "application/json":
        return "wp-json" not in link.url and "rest_route" not in link.url
    return link.type in FEED_TYPES or (not link.type and "feed" in words)


def _header_links(url: str, headers: Mapping[str, str]) -> Iterator[PageLink]:
    for name, value in headers.items():
        if name.lower() != "link":
            continue
        for target, parameters in LINK_VALUE.findall(value[:20_000]):
            found = REL_VALUE.search(parameters)
            rel = (found.group(1) or found.group(2) or "").strip().lower() if found else ""
            kind = re.search(r'\btype\s*=\s*"?([\w.+/-]{1,100})', parameters)
            address = feed_links.absolute(target, url)
            if address and rel:
                yield PageLink(rel, address, kind.group(1).lower() if kind else "", "")


def _page(body: bytes, url: str, headers: Mapping[str, str]) -> tuple[str, list[PageLink]]:
    """The title of a page and its links; nothing of what is no page."""
    from lxml import etree

    content_type = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    if "charset" not in content_type.lower():
        declared = META_CHARSET.search(body[:4096])
        content_type = f"charset={declared.group(1).decode()}" if declared else ""
    data = without_endless_tags(to_utf8(body[:MOST_BYTES], content_type).data.replace(b"\0", b""))
    if not data.strip():
        return "", []
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, recover=True, remove_comments=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError):
        return "", []
    if root is None:
        return "", []
    title = root.findtext(".//title") or ""
    base = root.find(".//base[@href]")
    outer = feed_links.base_of(base.get("href"), url) if base is not None else url
    found = [_link(each, outer) for each in root.iter("link", "a") if each.get("rel") and each.get("href")]
    return plain(title), [link for link in found if link.url]


def _link(element: _Element, base: str) -> PageLink:
    title = plain(element.get("title") or "")
    return PageLink(
        rel=(element.get("rel") or "").strip().lower(),
        url=feed_links.absolute(element.get("href"), base),
        type=(element.get("type") or "").partition(";")[0].strip().lower(),
        title=FEED_TAIL.sub("", title),
    )
