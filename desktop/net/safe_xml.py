"""The only door for XML from outside: no entities, no network, no DTD, limits on size, depth and attributes.

The standard library's XML is not used: a few hundred kilobytes of nested entities crash it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.entities import html5
from typing import TYPE_CHECKING

from desktop.core.errors import ParseError
from desktop.net.feeds.encoding import is_probably_utf8, to_utf8

if TYPE_CHECKING:
    from lxml.etree import XMLParser, _Element

MAX_BYTES = 10 * 1024 * 1024
MAX_ATTRIBUTES = 1000  # of one element
MAX_DEPTH = 256
MAX_ELEMENTS = 1_000_000
MAX_DOCTYPE = 1_000_000  # bytes
MAX_PROLOG_PARTS = 1000  # comments, instructions and document types before the first element
MAX_REPAIRS = 300_000

CONTROL = bytes(each for each in range(0x20) if each not in b"\t\n\r")
BLANKS = re.compile(rb"[ \t\r\n]*")
ENDLESS_TAG = re.compile(rb"<[^<>]{10000,}>?")
NO_CHARACTER = re.compile(rb"\xef\xbf[\xbe\xbf]")  # U+FFFE and U+FFFF
# Numbers and characters 128 to 159 are control characters that nobody means: they come from windows-1252.
OLD_NUMBER = re.compile(rb"&#(?:(1[2-5][0-9])|[xX]([89][0-9a-fA-F]));")
OLD_CHARACTER = re.compile(rb"\xc2([\x80-\x9f])")
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


def without_endless_tags(page: bytes) -> bytes:
    """HTML for a parser that takes minutes for 300,000 attributes."""
    return ENDLESS_TAG.sub(b"", page)


def read(
    body: bytes, *, recover: bool = False, max_bytes: int = MAX_BYTES, content_type: str = ""
) -> Document:
    """Like `parse`, and says whether the document was damaged."""
    if len(body) > max_bytes:
        raise ParseError(f"The document is larger than {max_bytes // 1_000_000 or 1} MB.")
    if is_probably_utf8(body):
        # The parser checks the bytes as it goes: nearly always one pass is enough.
        root, _ = _strictly(_modern(_without_doctype(body)))
        if root is not None:
            return _within_limits(root, damaged=False)
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
    return _within_limits(root, damaged or repaired)


def _tidied(data: bytes) -> tuple[bytes, bool]:
    """Without blanks in front, characters that XML does not allow, and document types."""
    allowed = NO_CHARACTER.sub(b"", data.translate(None, CONTROL))
    start = allowed.lstrip(b" \t\r\n\xef\xbb\xbf")
    return _without_doctype(_modern(start)), len(allowed) != len(data)


def _modern(data: bytes) -> bytes:
    """With the characters that old programs meant by the numbers 128 to 159."""
    if b"&#" in data:
        data = OLD_NUMBER.sub(lambda found: _windows(int(found[1]) if found[1] else int(found[2], 16)), data)
    return OLD_CHARACTER.sub(lambda found: _windows(found[1][0]), data) if b"\xc2" in data else data


def _windows(number: int) -> bytes:
    if not 128 <= number < 160:
        return b"&#%d;" % number
    return bytes([number]).decode("cp1252", "replace").encode()


def _without_doctype(data: bytes) -> bytes:
    """Without the document types of the prolog, and so without any entity that they declare."""
    kept: list[bytes] = []
    at = start = _blanks_end(data, 0)
    for _ in range(MAX_PROLOG_PARTS):
        if data[at : at + 9].upper() == b"<!DOCTYPE":
            kept.append(data[start:at])
            at = start = _doctype_end(data, at + 9)
        else:
            closed = _prolog_end(data, at)
            if closed < 0:
                return b"".join((*kept, data[start:])) if kept else data[start:]
            at = closed
        at = _blanks_end(data, at)
    raise ParseError(f"The document starts with more than {MAX_PROLOG_PARTS} comments.")


def _prolog_end(data: bytes, at: int) -> int:
    """Behind the comment or instruction that starts here; -1 when none does, or it does not end."""
    for opening, closing in ((b"<?", b"?>"), (b"<!--", b"-->")):
        if data.startswith(opening, at):
            end = data.find(closing, at + len(opening))
            return end + len(closing) if end >= 0 else -1
    return -1


def _blanks_end(data: bytes, at: int) -> int:
    found = BLANKS.match(data, at)
    return found.end() if found else at


def _doctype_end(data: bytes, at: int) -> int:
    brackets = 0
    for part in DTD_PART.finditer(data, at, at + MAX_DOCTYPE):
        token = part.group()
        if token == b"[":
            brackets += 1
        elif token == b"]":
            brackets -= 1
        elif token == b">" and brackets <= 0:
            return part.end()
    raise ParseError("The document's type declaration does not end, or is larger than 1 MB.")


def _strictly(data: bytes) -> tuple[_Element | None, str]:
    from lxml import etree

    try:
        return etree.fromstring(data, _parser(recover=False)), ""
    except (etree.LxmlError, ValueError) as error:
        return None, str(getattr(error, "msg", error)).partition("\n")[0][:120]


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
        collect_ids=False,
        remove_comments=True,
        remove_pis=True,
    )


def _with_plain_references(data: bytes) -> bytes:
    """HTML's names become the characters they stand for, a bare `&` is escaped, open CDATA is closed."""
    fixed, repairs = REFERENCE.subn(_plain_reference, data, count=MAX_REPAIRS)
    if repairs == MAX_REPAIRS:
        raise ParseError("The document is too badly damaged to be read.")
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
    return b"&#%d;" % number if _is_xml_character(number) else "\ufffd".encode()


def _is_xml_character(number: int) -> bool:
    return (
        number in (9, 10, 13)
        or 0x20 <= number < 0xD800
        or 0xE000 <= number < 0xFFFE
        or 0x10000 <= number < 0x110000
    )


def _within_limits(root: _Element, damaged: bool) -> Document:
    # libxml2 stops at 256 levels by itself; what a build that allows more lets in must not be walked.
    if root.xpath(f"count(//*) > {MAX_ELEMENTS}"):
        raise ParseError(f"The document has more than {MAX_ELEMENTS} elements.")
    if root.xpath(f"boolean(//*[@*[{MAX_ATTRIBUTES + 1}]])"):
        raise ParseError(f"The document has an element with more than {MAX_ATTRIBUTES} attributes.")
    if root.xpath("boolean(" + "/*" * (MAX_DEPTH + 1) + ")"):
        raise ParseError(f"The document is nested more than {MAX_DEPTH} levels deep.")
    return Document(root, damaged)
