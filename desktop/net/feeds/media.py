"""Files and pictures beside an item: RSS enclosures, Atom links, Media RSS, the pictures of podcasts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from desktop.core.models import Enclosure
from desktop.net.feeds import links as feed_links
from desktop.net.feeds import markup as feed_markup
from desktop.net.feeds import strings as feed_text
from desktop.net.feeds.names import Children, Names, children, text

if TYPE_CHECKING:
    from lxml.etree import _Element


def enclosure(url: str, element: _Element) -> Enclosure:
    """A file at an absolute address, described by the attributes of its element."""
    length = element.get("length") or element.get("fileSize")
    return Enclosure(url, feed_text.one_line(element.get("type") or "")[:100], feed_links.number(length))


def _media(parts: Children, names: Names) -> Iterator[Children]:
    """The media elements of an item, and of the groups in it."""
    yield parts
    for group in parts.get("media:group", ()):
        yield children(group, names)


def files(parts: Children, linked: tuple[Enclosure, ...], base: str, names: Names) -> Iterator[Enclosure]:
    """The files of an item: enclosures, those `linked` the Atom way, audio and video of Media RSS."""
    for element in parts.get("enclosure", ()):
        yield enclosure(feed_links.absolute(element.get("url") or element.get("href"), base), element)
    yield from linked
    for media in _media(parts, names):
        for element in media.get("media:content", ()):
            kind = (element.get("type") or element.get("medium") or "").lower()
            if kind.startswith(("audio", "video")):
                yield enclosure(feed_links.absolute(element.get("url"), base), element)


def pictures(parts: Children, base: str, names: Names) -> Iterator[feed_links.Picture]:
    """The pictures that the source puts beside an item; a thumbnail counts as narrower than any picture."""
    for media in _media(parts, names):
        alt = feed_text.from_escaped(text(media, "media:text", "media:title"))
        for element in media.get("media:content", ()):
            url = feed_links.absolute(element.get("url"), base)
            if _shows_picture(element, url):
                yield feed_links.Picture(url, alt, feed_links.number(element.get("width")) or 1)
            yield from pictures(children(element, names), base, names) if len(element) else ()
        for element in media.get("media:thumbnail", ()):
            url = feed_links.absolute(element.get("url") or feed_markup.text_of(element), base)
            yield feed_links.Picture(url, alt, min(feed_links.number(element.get("width")), 1))
    for element in (*parts.get("itunes:image", ()), *parts.get("image", ())):
        inside = text(children(element, names), "url") or (
            feed_markup.text_of(element) if not len(element) else ""
        )
        yield feed_links.Picture(feed_links.absolute(element.get("href") or inside, base))


def _shows_picture(element: _Element, url: str) -> bool:
    medium = (element.get("medium") or "").lower()
    return medium == "image" or feed_links.is_picture(Enclosure(url, element.get("type") or ""))
