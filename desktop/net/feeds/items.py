"""One item of RSS or entry of Atom as a ParsedArticle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from desktop.core.incoming import ParsedArticle
from desktop.core.models import Enclosure
from desktop.net import dates
from desktop.net.feeds import links as feed_links
from desktop.net.feeds import markup as feed_markup
from desktop.net.feeds import media as feed_media
from desktop.net.feeds import strings as feed_text
from desktop.net.feeds.names import RDF_ABOUT, XML_BASE, XML_LANG, Children, Names, children, first, text

if TYPE_CHECKING:
    from lxml.etree import _Element

PUBLISHED = (
    "pubdate",
    "published",
    "issued",
    "dc:date",
    "dcterms:issued",
    "dcterms:created",
    "created",
    "date",
)
UPDATED = ("updated", "modified", "dcterms:modified", "lastmod")
FULL_TEXT = (
    "content:encoded",
    "content",
    "xhtml:body",
    "body",
    "fullitem",
    "yandex:full-text",
    "turbo:content",
)
SUMMARY = ("description", "summary", "abstract", "dc:description", "dcterms:abstract", "itunes:summary")
TITLE = ("title", "dc:title", "itunes:title")


@dataclass(frozen=True, slots=True)
class Setting:
    """What the items of a feed share."""

    names: Names
    link_base: str  # what relative addresses stand against: the site, or where the feed was fetched
    declared_base: str  # xml:base of the feed, "" when it has none
    language: str
    author: str  # of the feed, for entries of Atom without one
    is_wordpress: bool  # its titles are plain text
    is_old_atom: bool


@dataclass(frozen=True, slots=True)
class Links:
    """Where an item leads."""

    url: str
    enclosures: tuple[Enclosure, ...]


def article(element: _Element, parts: Children, setting: Setting) -> ParsedArticle:
    """The article of an item or entry with these children."""
    is_atom = setting.names[element.tag] == "entry"
    declared = _declared_base(element, setting.declared_base, setting.link_base)
    links = _links(element, parts, declared or setting.link_base)
    base = declared or links.url or setting.link_base
    published, published_text, updated = _dates(parts)
    contents, summary = _texts(parts, setting, is_atom)
    files = feed_links.enclosures(feed_media.files(parts, links.enclosures, base, setting.names))
    picture = feed_links.lead_picture(list(feed_media.pictures(parts, base, setting.names)), files)
    return ParsedArticle(
        guid=_guid(element, parts),
        url=links.url,
        title=_title(parts, setting, is_atom),
        author=_author(parts, setting, is_atom),
        published=published or updated,
        published_text=published_text,
        updated=updated,
        summary_html=_html(summary, setting, is_atom),
        content_html=_html(contents, setting, is_atom),
        base_url=_declared_base(contents if contents is not None else summary, declared, setting.link_base)
        or base,
        image_url=picture.url,
        image_alt=picture.alt,
        categories=feed_links.categories(_categories(parts, setting.is_wordpress)),
        enclosures=files,
        language=_language(element, contents, parts) or setting.language,
    )


def title(element: _Element | None, setting: Setting, *, is_atom: bool) -> str:
    """The plain text of a title."""
    if element is None:
        return ""
    if is_atom or element.get("mode") or (element.get("type") or "") in feed_markup.XHTML_TYPES:
        return feed_markup.atom_title(element, old=setting.is_old_atom)
    return feed_text.without_address(
        feed_text.from_escaped(feed_markup.text_of(element), plain=setting.is_wordpress)
    )


def people(elements: Iterable[_Element], names: Names, *, plain: bool = False) -> str:
    """The names of authors, joined."""
    found = []
    for element in elements:
        if len(element):
            inside = children(element, names)
            name = text(inside, "name", "title", "other:name") or text(inside, "email", "other:email")
            found.append(feed_text.person(name))
        else:
            found.append(feed_text.person(feed_markup.text_of(element), plain=plain))
    return feed_text.joined(found)


def _title(parts: Children, setting: Setting, is_atom: bool) -> str:
    for name in TITLE:
        for element in parts.get(name, ()):
            found = title(element, setting, is_atom=is_atom and name == "title")
            if found:
                return found
    return title(first(parts, ("media:title",)), setting, is_atom=False)


def _guid(element: _Element, parts: Children) -> str:
    return text(parts, "guid", "id") or (element.get(RDF_ABOUT) or "").strip() or text(parts, "dc:identifier")


def _declared_base(element: _Element | None, declared: str, link_base: str) -> str:
    own = element.get(XML_BASE) if element is not None else None
    return feed_links.base_of(own, declared or link_base) if own else declared


def _links(element: _Element, parts: Children, base: str) -> Links:
    written, alternates, files = "", [], []
    for link in parts.get("link", ()):
        href = link.get("href")
        if href is None:
            written = written or feed_links.absolute(feed_markup.text_of(link), base)
            continue
        rel = (link.get("rel") or "alternate").lower()
        if rel == "alternate":
            alternates.append((not _is_page(link.get("type")), feed_links.absolute(href, base)))
        elif rel == "enclosure":
            files.append(feed_media.enclosure(feed_links.absolute(href, base), link))
    page = min(alternates, key=lambda each: each[0])[1] if alternates else ""
    original = feed_links.absolute(text(parts, "feedburner:origlink"), base)
    url = original or written or page or _permalink(parts, base) or _about(element, base)
    return Links(url, tuple(files))


def _is_page(kind: str | None) -> bool:
    return not kind or kind.lower() in ("text/html", "application/xhtml+xml")


def _permalink(parts: Children, base: str) -> str:
    for guid in parts.get("guid", ()):
        flag = next((value for key, value in guid.items() if str(key).lower() == "ispermalink"), "true")
        if str(flag).strip().lower() != "false":
            found = feed_markup.text_of(guid)
            # A number or a tag is no address, whatever the flag (or its absence) says.
            if "/" in found:
                return feed_links.absolute(found, base)
    return ""


def _about(element: _Element, base: str) -> str:
    href = next((value for key, value in element.items() if str(key).lower() == "href"), "")
    return feed_links.absolute(str(href) or element.get(RDF_ABOUT), base)


def _dates(parts: Children) -> tuple[datetime | None, str, datetime | None]:
    published, written = _date(parts, PUBLISHED)
    updated, changed = _date(parts, UPDATED)
    return published, written or changed, updated


def _date(parts: Children, names: tuple[str, ...]) -> tuple[datetime | None, str]:
    written = ""
    for name in names:
        for element in parts.get(name, ()):
            found = feed_markup.text_of(element)
            moment = dates.parse(found)
            if moment:
                return moment, feed_text.one_line(found)[: dates.LONGEST]
            written = written or feed_text.one_line(found)[: dates.LONGEST]
    return None, written


def _texts(parts: Children, setting: Setting, is_atom: bool) -> tuple[_Element | None, _Element | None]:
    """The elements of the full text and of the summary."""
    contents = _best_content(parts) if is_atom else first(parts, FULL_TEXT)
    summary = first(parts, SUMMARY)
    if summary is None:
        summary = next(
            (each for group in parts.get("media:group", ()) for each in _described(group, setting)), None
        )
    if summary is None:
        summary = first(parts, ("media:description",))
    if contents is None and not is_atom and "description" in parts and "summary" in parts:
        # Two texts without a word on which is which: the first is the summary.
        summary, contents = (parts[name][0] for name in parts if name in ("description", "summary"))
    return contents, summary


def _described(group: _Element, setting: Setting) -> Iterator[_Element]:
    return (child for child in group if setting.names[child.tag] == "media:description")


def _best_content(parts: Children) -> _Element | None:
    """Of several contents of an Atom entry the one in HTML; one that lies elsewhere (src) is none."""
    found = [each for each in parts.get("content", ()) if each.get("src") is None]
    rich = [each for each in found if "html" in (each.get("type") or "").lower()]
    return next(iter(rich or found), None) if found else first(parts, ("content:encoded",))


def _html(element: _Element | None, setting: Setting, is_atom: bool) -> str:
    if element is None:
        return ""
    name = setting.names[element.tag]
    typed = name in ("content", "summary", "tagline") and element.get("type") is not None
    if (is_atom and ":" not in name) or typed or element.get("mode"):
        return feed_markup.atom_html(element, old=setting.is_old_atom)
    return feed_markup.rss_html(element)


def _author(parts: Children, setting: Setting, is_atom: bool) -> str:
    plain = setting.is_wordpress
    named = people((*parts.get("author", ()), *parts.get("dc:creator", ())), setting.names, plain=plain)
    if named:
        return named
    other = (*parts.get("dc:author", ()), *parts.get("itunes:author", ()), *parts.get("media:credit", ()))
    for source in parts.get("source", ()):
        if is_atom:
            other = (*other, *children(source, setting.names).get("author", ()))
    return people(other, setting.names) or (setting.author if is_atom else "")


def _categories(parts: Children, is_wordpress: bool) -> Iterator[str]:
    for element in (
        *parts.get("category", ()),
        *parts.get("dc:subject", ()),
        *parts.get("media:category", ()),
    ):
        written = element.get("label") or element.get("term") or feed_markup.text_of(element)
        yield feed_text.from_escaped(written, plain=is_wordpress)
    for element in (
        *parts.get("tags", ()),
        *parts.get("itunes:keywords", ()),
        *parts.get("media:keywords", ()),
    ):
        yield from (feed_text.one_line(word) for word in feed_markup.text_of(element).split(",", 100)[:100])
    for element in parts.get("itunes:category", ()):
        for each in element.iter():
            yield feed_text.one_line(each.get("text") or "")


def _language(element: _Element, contents: _Element | None, parts: Children) -> str:
    own = contents.get(XML_LANG) if contents is not None else None
    return (own or element.get(XML_LANG) or text(parts, "dc:language", "language")).replace("_", "-")[:35]
