"""Text constructs of RSS and Atom as HTML, by their type: text, html, xhtml, base64."""

from __future__ import annotations

import base64
import binascii
import html
import re
from typing import TYPE_CHECKING

from desktop.net.feeds import strings as feed_text

if TYPE_CHECKING:
    from lxml.etree import _Element

XHTML_TYPES = frozenset({"xhtml", "application/xhtml+xml"})
TEXT_TYPES = frozenset({"text", "text/plain"})
ELEMENT_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")


def text_of(element: _Element) -> str:
    """All text in an element, its children's included, without blanks around it."""
    if len(element) == 0:
        return (element.text or "").strip()
    return "".join(str(part) for part in element.itertext()).strip()


def rss_html(element: _Element) -> str:
    """The HTML of an RSS element: escaped, in CDATA, or written as elements."""
    return text_of(element) if len(element) == 0 else _inner(element)


def atom_html(element: _Element, *, old: bool = False) -> str:
    """The HTML of an Atom construct. `old`: Atom 0.3, where the mode says how it is encoded."""
    kind = (element.get("type") or "text").strip().lower()
    mode = (element.get("mode") or ("xml" if old else "")).strip().lower()
    if len(element):
        return _inner(_only_div(element) if kind == "xhtml" else element)
    text = text_of(element)
    if mode == "base64" or (not old and _is_encoded(kind)):
        text = _from_base64(text)
        return text if kind not in TEXT_TYPES else html.escape(text, quote=False)
    if kind in TEXT_TYPES or (kind in XHTML_TYPES and mode != "escaped"):
        return html.escape(text, quote=False) if not (old and mode == "escaped") else text
    return text


def atom_title(element: _Element, *, old: bool = False) -> str:
    """The plain text of an Atom title."""
    kind = (element.get("type") or "text").strip().lower()
    if kind in TEXT_TYPES and len(element) == 0 and (element.get("mode") or "").lower() != "base64":
        text = text_of(element)
        return feed_text.from_escaped(text) if old else feed_text.from_plain(text)
    return feed_text.from_html(atom_html(element, old=old))


def _is_encoded(kind: str) -> bool:
    """RFC 4287, 4.1.3.3: content of a type that is neither text nor XML is base64."""
    return "/" in kind and not kind.startswith("text/") and not kind.endswith(("+xml", "/xml"))


def _from_base64(text: str) -> str:
    try:
        return feed_text.scrub(base64.b64decode(text.encode("ascii"), validate=False).decode())
    except (binascii.Error, UnicodeError, ValueError):
        return text


def _only_div(element: _Element) -> _Element:
    first = element[0]
    alone = len(element) == 1 and isinstance(first.tag, str) and first.tag.rpartition("}")[2].lower() == "div"
    return first if alone and not (element.text or "").strip() else element


def _inner(element: _Element) -> str:
    """The children of an element as HTML, without namespaces. Empties the element."""
    from lxml import etree

    parts = etree.Element("div")
    parts.text = element.text
    parts.extend(list(element))
    for child in parts.iterdescendants():
        if isinstance(child.tag, str):
            name = child.tag.rpartition("}")[2].rpartition(":")[2]
            child.tag = name if ELEMENT_NAME.fullmatch(name) else "span"
    etree.cleanup_namespaces(parts)
    markup = etree.tostring(parts, encoding="unicode", method="html", with_tail=False)
    return markup.removeprefix("<div>").removesuffix("</div>").strip()
