"""What the elements of a feed are called here, whatever namespace or letter case their feed gives them.

A name of RSS or Atom itself is bare ("title"); one of a module has its usual prefix ("dc:creator").
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from desktop.net.feeds import markup as feed_markup

if TYPE_CHECKING:
    from lxml.etree import _Element

Children = dict[str, list["_Element"]]

XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
RDF_RESOURCE = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource"

# Namespace addresses without scheme, "www." and end mark, in lower case.
PREFIXES = {
    "": "",
    "purl.org/rss/1.0": "",
    "purl.org/net/rss1.1": "",
    "my.netscape.com/rdf/simple/0.9": "",
    "channel.netscape.com/rdf/simple/0.9": "",
    "blogs.law.harvard.edu/tech/rss": "",
    "cyber.law.harvard.edu/rss/rss.html": "",
    "purl.org/atom/ns": "",
    "w3.org/2005/atom": "",
    "w3.org/1999/02/22-rdf-syntax-ns": "rdf",
    "w3.org/1999/xhtml": "xhtml",
    "purl.org/dc/elements/1.0": "dc",
    "purl.org/dc/elements/1.1": "dc",
    "purl.org/dc/terms": "dcterms",
    "purl.org/rss/1.0/modules/content": "content",
    "purl.org/rss/1.0/modules/syndication": "sy",
    "search.yahoo.com/mrss": "media",
    "video.search.yahoo.com/mrss": "media",
    "itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "example.com/dtds/podcast-1.0.dtd": "itunes",
    "rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "news.yandex.ru": "yandex",
    "turbo.yandex.ru": "turbo",
    "purl.org/rss/1.0/modules/rss091": "rss091",
}
CORE_STARTS = ("backend.userland.com/rss", "purl.org/atom/", "my.netscape.com/publish/formats/rss")
KNOWN_PREFIXES = frozenset(PREFIXES.values())
URI_TRIM = re.compile(r"\A(?:https?://)?(?:www\.)?|[/#]+\Z")


class Names(dict[object, str]):
    """Tags of one document by the names used here; a comment or an entity is ""."""

    def __init__(self, root: _Element) -> None:
        super().__init__()
        self._written = {uri: (prefix or "").lower() for prefix, uri in root.nsmap.items() if uri}
        self._home = _split(root.tag)[0]

    def __missing__(self, tag: object) -> str:
        name = self._named(tag) if isinstance(tag, str) else ""
        self[tag] = name
        return name

    def _named(self, tag: str) -> str:
        uri, local = _split(tag)
        local = local.lower()
        prefix = self._prefix(uri)
        if uri == "" and ":" in local:  # a prefix that nobody declared
            prefix, _, local = local.partition(":")
            prefix = "" if prefix in ("atom", "rss") else prefix
        return f"{prefix}:{local}" if prefix else local

    def _prefix(self, uri: str) -> str:
        short = URI_TRIM.sub("", uri.strip().lower())
        if short in PREFIXES:
            return PREFIXES[short]
        if short.startswith(CORE_STARTS):
            return ""
        written = self._written.get(uri)
        if written and written in KNOWN_PREFIXES:
            return written
        return "" if uri == self._home else "other"


def _split(tag: str) -> tuple[str, str]:
    if tag.startswith("{"):
        uri, _, local = tag[1:].partition("}")
        return uri, local
    return "", tag


def children(element: _Element, names: Names) -> Children:
    """The children of an element by name, in their order."""
    found: Children = {}
    for child in element:
        name = names[child.tag]
        if name in found:
            found[name].append(child)
        elif name:
            found[name] = [child]
    return found


def first(parts: Children, names: Iterable[str]) -> _Element | None:
    """The first of these elements that is there."""
    for name in names:
        if name in parts:
            return parts[name][0]
    return None


def text(parts: Children, *names: str) -> str:
    """The text of the first of these elements that has one."""
    for name in names:
        for element in parts.get(name, ()):
            found = feed_markup.text_of(element)
            if found:
                return found
    return ""
