"""OPML, the format in which readers hand each other their feeds: bytes in, sources out, and back.

OPML 2.0 (opml.org/spec2.opml). What it has no word for stands in attributes of a namespace of our own, so that a list
that we wrote comes back exactly; other readers pass over them. Nothing in a list is ever run or opened as a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

from desktop.core.errors import FetchError, ParseError
from desktop.core.fulltext_values import FullTextRule
from desktop.core.identity import normalise_url
from desktop.core.models import NewSource, SourceKind
from desktop.core.text import plain
from desktop.net import addresses, safe_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMESPACE = "urn:chorsu:opml"
MAX_BYTES = safe_xml.MAX_BYTES
MAX_LEVELS = 32
MOST_MINUTES = 7 * 24 * 60  # between two looks at a source
_OWN = f"{{{NAMESPACE}}}"
# Liferea and Snownews pipe a feed through these, RSS Guard through that; we never run what a list names.
_COMMANDS = frozenset({"filtercmd", "filter-cmd", "postprocess", "command", "exec"})
Outline = tuple[Mapping[str, str], str]  # attributes by their names in small letters, and the folder
_NOTHING = "Nothing was imported."
_ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
_TO_ESCAPE = re.compile('[&<>"\t\n\r]')
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An outline that is no source for us, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Outlines:
    """What a list holds: each feed once, in the order of the file; folders as "Outer/Inner"."""

    sources: tuple[NewSource, ...]
    left_out: tuple[LeftOut, ...] = ()
    merged: int = 0  # outlines of feeds that the list had named before


def read(body: bytes) -> Outlines:
    """The feeds of a list. Raises ParseError for what is no list, or none that an honest program wrote."""
    if b"<!ENTITY" in body[: safe_xml.MAX_DOCTYPE].upper().replace(b"\0", b""):
        raise ParseError("The file declares entities, for which a list of feeds has no use.", _NOTHING)
    try:
        root = safe_xml.read(body, recover=True, max_bytes=MAX_BYTES).root
    except ParseError as error:
        raise ParseError(error.message, error.remedy or _NOTHING) from error
    page = _child(root, "body")
    if _local(root.tag) != "opml" or page is None:
        raise ParseError("The file is not an OPML list of feeds.", _NOTHING)
    return gathered(_outlines(page, "", 0))


def gathered(outlines: Iterable[Outline]) -> Outlines:
    """The feeds among outlines, each once, and why the others are none."""
    feeds: dict[str, NewSource] = {}
    left_out: list[LeftOut] = []
    merged = 0
    for attributes, folder in outlines:
        found = _source(attributes, folder)
        if isinstance(found, LeftOut):
            left_out.append(found)
            continue
        key = normalise_url(found.url)
        merged += key in feeds
        feeds.setdefault(key, found)
    return Outlines(tuple(feeds.values()), tuple(left_out), merged)


def write(sources: Iterable[NewSource], now: datetime) -> bytes:
    """A list of these sources in their order; the folder "Outer/Inner" is an outline within an outline."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<opml version="2.0" xmlns:chorsu="{NAMESPACE}">',
        f"<head><title>Chorsu</title><dateCreated>{format_datetime(now, usegmt=True)}</dateCreated></head>",
        "<body>",
    ]
    within: tuple[str, ...] = ()
    for source in sources:
        path = _parts(source.folder)
        kept = _common(within, path)
        lines += ["</outline>"] * (len(within) - kept)
        lines += [f"<outline{_attributes({'text': name, 'title': name})}>" for name in path[kept:]]
        lines.append(f"<outline{_attributes(_outline(source))}/>")
        within = path
    lines += ["</outline>"] * len(within)
    return "\n".join([*lines, "</body>", "</opml>", ""]).encode()


def _outlines(parent: _Element, folder: str, level: int) -> Iterator[Outline]:
    """The attributes of every outline that is no folder, with the folder that it stands in."""
    if level > MAX_LEVELS:
        raise ParseError(f"The list is nested more than {MAX_LEVELS} levels deep.", _NOTHING)
    for element in parent:
        if _local(element.tag) != "outline":
            continue
        attributes = _read_attributes(element)
        is_folder = not attributes.get("xmlurl", "").strip() and _child(element, "outline") is not None
        if is_folder:
            name = plain(attributes.get("text") or attributes.get("title", ""))
            yield from _outlines(element, "/".join(filter(None, (folder, name))), level + 1)
        elif attributes.keys() - {"text", "title"}:
            yield attributes, folder
            yield from _outlines(element, folder, level + 1)


def _read_attributes(element: _Element) -> dict[str, str]:
    """Without those that are no text, since half of a pair of surrogates may be written as a reference, and those whose
    name cannot be asked for, since there is a brace in its namespace."""
    found = {}
    for name in element.attrib:
        with suppress(UnicodeDecodeError, KeyError):
            found[_name(str(name))] = str(element.attrib[name])
    return found


def _source(attributes: Mapping[str, str], folder: str) -> NewSource | LeftOut:
    feed = _plain_scheme(attributes.get("xmlurl", "").strip())
    title = plain(attributes.get("text") or attributes.get("title", ""))
    name = title or plain(feed, 100) or "An outline without a name"
    if not feed:
        return LeftOut(name, "it names no feed")
    if _COMMANDS & attributes.keys():
        return LeftOut(name, "it asks for a command to be run")
    own = {key.removeprefix(_OWN): value for key, value in attributes.items() if key.startswith(_OWN)}
    url = own.get("address", feed).strip()
    try:
        addresses.parse(feed)
        addresses.parse(url)
    except FetchError as error:
        return LeftOut(name, error.message.removesuffix(".").replace("The address", "its address"))
    site = attributes.get("htmlurl", "").strip()
    return NewSource(
        url=url,
        kind=SourceKind.WORDPRESS if own.get("kind") == SourceKind.WORDPRESS else SourceKind.FEED,
        title=title,
        site_url=site if _is_web(site) else "",
        feed_url="" if own.get("feed") == "none" else feed,
        folder=folder,
        language=plain(attributes.get("language", "")),
        country=plain(own.get("country", "")),
        enabled=own.get("enabled") != "no",
        full_text=_rule(own.get("full-text", "")),
        publisher_style=own.get("publisher-style") == "yes",
        interval_minutes=_minutes(own.get("interval", "")),
        pictures=own.get("pictures") != "no",
        user_agent=plain(own.get("user-agent", "")),
    )


def _minutes(text: str) -> int:
    return min(int(text), MOST_MINUTES) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


def _outline(source: NewSource) -> dict[str, str]:
    """The attributes of a source; our own only where they say something."""
    feed = source.feed_url or source.url
    own = {
        "kind": "" if source.kind is SourceKind.FEED else source.kind.value,
        "address": "" if source.url == feed else source.url,
        "feed": "" if source.feed_url else "none",
        "country": source.country,
        "enabled": "" if source.enabled else "no",
        "full-text": "" if source.full_text is FullTextRule.CUT else source.full_text.value,
        "publisher-style": "yes" if source.publisher_style else "",
        "interval": str(source.interval_minutes or ""),
        "pictures": "" if source.pictures else "no",
        "user-agent": source.user_agent,
    }
    usual = {
        "htmlUrl": source.site_url,
        "language": source.language,
        **{f"chorsu:{name}": value for name, value in own.items()},
    }
    head = {"type": "rss", "text": source.title, "title": source.title, "xmlUrl": feed}
    return head | {name: value for name, value in usual.items() if value}


def _parts(folder: str) -> tuple[str, ...]:
    """The names of a folder and those around it; a name that would not come back so is one of its own."""
    names = tuple(folder.split("/"))
    if not folder:
        return ()
    return (
        names
        if len(names) <= MAX_LEVELS and all(name and name == plain(name) for name in names)
        else (folder,)
    )


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _attributes(values: Mapping[str, str]) -> str:
    return "".join(f' {name}="{_escaped(value)}"' for name, value in values.items())


def _escaped(text: str) -> str:
    return _TO_ESCAPE.sub(lambda found: _ESCAPED[found[0]], _NO_XML.sub("", text))


def _plain_scheme(address: str) -> str:
    """What feed: and feeds: stand for."""
    scheme, colon, rest = address.partition(":")
    if not colon or scheme.lower() not in ("feed", "feeds"):
        return address
    if not rest.startswith("//"):
        return rest
    return f"{'http' if scheme.lower() == 'feed' else 'https'}:{rest}"


def _is_web(address: str) -> bool:
    """Whether an address of the site can be kept: one with a password in it cannot."""
    is_web = address.lower().startswith(("http://", "https://"))
    return is_web and bool(addresses.place_of(address)) and address == plain(address, len(address))


def _rule(text: str) -> FullTextRule:
    return FullTextRule(text) if text in list(FullTextRule) else FullTextRule.CUT


def _child(element: _Element, name: str) -> _Element | None:
    return next((child for child in element if _local(child.tag) == name), None)


def _local(tag: object) -> str:
    """The name of an element without its namespace, in small letters; "" for what is no element."""
    return str(tag).rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _name(name: str) -> str:
    """An attribute as it is looked up: ours with the namespace, others without theirs, in small letters."""
    return name if name.startswith(_OWN) else name.rpartition("}")[2].rpartition(":")[2].lower()
