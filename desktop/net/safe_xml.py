"""The only door for XML from outside: no entities, no network, no DTD, limits on size, depth and attributes.

The standard library's XML is not used: a few hundred kilobytes of nested entities crash it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.entities import html5
from typing import TYPE_CHECKING

from desktop.core.errors import ParseError
from desktop.net.feed_encoding import to_utf8

if TYPE_CHECKING:
    from lxml.etree import XMLParser, _Element

MAX_BYTES = 10 * 1024 * 1024
MAX_ATTRIBUTES = 1000  # of one element
MAX_DEPTH = 256

NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
DTD_PART = re.compile(rb""""[^"]*"|'[^']*'|<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|[\[\]>]""", re.DOTALL)
REFERENCE = re.compile(
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|&(?:#([0-9]+);|#[xX]([0-9a-fA-F]+);|([A-Za-z][A-Za-z0-9]*);)?",
    re.DOTALL,
)
XML_NAMES = frozenset({b"lt", b"gt", b"amp", b"quot", b"apos"})


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed document. `damaged` says that something had to be repaired to read it."""

    root: _Element
    damaged: bool


def parse(body: bytes, *, recover: bool = False, max_bytes: int = MAX_BYTES) -> _Element:
    """The root of an XML document, with `recover` of what can be read of a damaged one; or ParseError."""
    return read(body, recover=recover, max_bytes=max_bytes).root


def read(
    body: bytes, *, recover: bool = False, max_bytes: int = MAX_BYTES, content_type: str = ""
) -> Document:
    """Like `parse`, and says whether the document was damaged."""
    if len(body) > max_bytes:
        raise ParseError(f"The document is larger than {max_bytes // 1_000_000 or 1} MB.")
    text = to_utf8(body, content_type)
    return read_utf8(text.data, recover=recover, damaged=not text.clean)


def read_utf8(data: bytes, *, recover: bool = False, damaged: bool = False) -> Document:
    """Like `read`, for a document that is known to be UTF-8 without a byte order mark."""
    tidy, repaired = _tidied(data)
    if not tidy:
        raise ParseError("The document is empty.")
    root, problem = _strictly(tidy)
    if root is None and recover:
        root, repaired = _salvaged(tidy), True
    if root is None:
        raise ParseError(f"The document is not well-formed XML ({problem}).")
    _check_limits(root)
    return Document(root, damaged or repaired)


def _tidied(data: bytes) -> tuple[bytes, bool]:
    """Without blanks in front, characters that XML does not allow, and document types."""
    allowed, removed = NOT_XML.subn(b"", data) if NOT_XML.search(data) else (data, 0)
    start = allowed.lstrip(b" \t\r\n\xef\xbb\xbf")
    return _without_doctype(start), bool(removed) or len(start) != len(allowed)


def _without_doctype(data: bytes) -> bytes:
    """Without the document types of the prolog, and so without any entity that they declare."""
    at = 0
    while True:
        at = _skip_blanks(data, at)
        if data.startswith(b"<?", at):
            end = data.find(b"?>", at) + 2
        elif data.startswith(b"<!--", at):
            end = data.find(b"-->", at) + 3
        elif data[at : at + 9].upper() == b"<!DOCTYPE":
            end = _doctype_end(data, at + 9)
            data, end = data[:at] + data[end:], at
        else:
            return data
        if end < at:
            return data
        at = end


def _skip_blanks(data: bytes, at: int) -> int:
    while data[at : at + 1].isspace():
        at += 1
    return at


def _doctype_end(data: bytes, at: int) -> int:
    brackets = 0
    for part in DTD_PART.finditer(data, at):
        token = part.group()
        if token == b"[":
            brackets += 1
        elif token == b"]":
            brackets -= 1
        elif token == b">" and brackets <= 0:
            return part.end()
    return len(data)


def _strictly(data: bytes) -> tuple[_Element | None, str]:
    from lxml import etree

    try:
        return etree.fromstring(data, _parser(recover=False)), ""
    except (etree.LxmlError, ValueError) as error:
        return None, str(error).partition("\n")[0][:120].replace(" (<string>, line 0)", "")


def _salvaged(data: bytes) -> _Element | None:
    from lxml import etree

    repaired = _with_plain_references(data)
    root, _ = _strictly(repaired)
    if root is not None:
        return root
    try:
        salvaged: _Element | None = etree.fromstring(repaired, _parser(recover=True))
    except (etree.LxmlError, ValueError):
        return None
    return salvaged


def _parser(*, recover: bool) -> XMLParser:
    from lxml import etree

    return etree.XMLParser(
        encoding="utf-8",
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _with_plain_references(data: bytes) -> bytes:
    """HTML's names become the characters they stand for, a bare `&` is escaped, open CDATA is closed."""
    fixed = REFERENCE.sub(_plain_reference, data)
    if fixed.rfind(b"<![CDATA[") > fixed.rfind(b"]]>"):
        fixed += b"]]>"
    return fixed


def _plain_reference(found: re.Match[bytes]) -> bytes:
    whole = found.group()
    if not whole.startswith(b"&"):
        return whole
    decimal, hexadecimal, name = found.groups()
    if name is not None:
        if name in XML_NAMES:
            return whole
        character = html5.get(name.decode() + ";")
        return character.encode() if character else b"&amp;" + whole[1:]
    if decimal is None and hexadecimal is None:
        return b"&amp;"
    digits, base = (decimal, 10) if decimal is not None else (hexadecimal, 16)
    number = int(digits, base) if len(digits) < 9 else 0
    return whole if _is_xml_character(number) else "\ufffd".encode()


def _is_xml_character(number: int) -> bool:
    return (
        number in (9, 10, 13)
        or 0x20 <= number < 0xD800
        or 0xE000 <= number < 0xFFFE
        or 0x10000 <= number < 0x110000
    )


def _check_limits(root: _Element) -> None:
    # libxml2 stops at 256 levels by itself; were a build to allow more, it must not reach code that walks trees.
    if root.xpath("boolean(//*[@*[1001]])"):
        raise ParseError(f"The document has an element with more than {MAX_ATTRIBUTES} attributes.")
    if root.xpath("boolean(" + "/*" * (MAX_DEPTH + 1) + ")"):
        raise ParseError(f"The document is nested more than {MAX_DEPTH} levels deep.")
