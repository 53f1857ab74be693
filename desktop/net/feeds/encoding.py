"""Bytes of a document to UTF-8: by order mark, XML declaration, UTF-8 itself, the server's word, or a guess.

The guess (windows-1251 for Cyrillic, windows-1252 for the odd accented letter) is for old sites that declare
nothing.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
NAKED_STARTS = (  # "<?" or "<r" in the wide encodings, without a byte order mark
    (re.compile(rb"<\0\0\0[^\0]\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0\0\0<\0\0\0[^\0]"), "utf-32-be"),
    (re.compile(rb"<\0[^\0]\0"), "utf-16-le"),
    (re.compile(rb"\0<\0[^\0]"), "utf-16-be"),
)
DECLARATION = re.compile(rb"""\A\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*["']\s*([A-Za-z0-9][\w.:+-]{0,40})""")
CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9][\w.:+-]{0,40})""", re.IGNORECASE)
# Not encodings of documents: slow, or made to run escapes.
REFUSED = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"})
WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "iso8859-1": "cp1252", "ascii": "utf-8", "shift_jis": "cp932"}
EBCDIC_START = b"\x4c\x6f\xa7\x94\x93"  # "<?xml"
HIGH_BYTES = re.compile(rb"[\x80-\xff]+")


class Utf8(NamedTuple):
    """A document as UTF-8 without a byte order mark; not `clean` when bytes were guessed or replaced."""

    data: bytes
    clean: bool


def is_probably_utf8(body: bytes) -> bool:
    """Whether nothing at the start of a document speaks against UTF-8; the rest is not looked at."""
    if body.startswith((*(bom for bom, _ in BOMS), EBCDIC_START)) or b"\0" in body[:8]:
        return False
    return _declared(body) in ("", "utf-8")


def to_utf8(body: bytes, content_type: str = "") -> Utf8:
    """The same document in valid UTF-8; never fails."""
    for bom, name in BOMS:
        if body.startswith(bom):
            return _marked(body[len(bom) :], name)
    for start, name in NAKED_STARTS:
        if start.match(body):
            return _marked(body, name)
    declared = _declared(body)
    if declared not in ("", "utf-8"):
        known = _decoded(body, declared)
        if known is not None:
            return known
    if _is_utf8(body):
        return Utf8(body, True)
    served = _codec(_charset(content_type))
    if served not in ("", "utf-8", declared):
        known = _decoded(body, served)
        if known is not None:
            return known
    return _guessed(body)


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _marked(body: bytes, name: str) -> Utf8:
    if name == "utf-8":
        return Utf8(body, True) if _is_utf8(body) else _guessed(body)
    known = _decoded(body, name)
    if known is not None:
        return known
    return Utf8(body.decode(name, "replace").encode("utf-8", "replace"), False)


def _decoded(body: bytes, name: str) -> Utf8 | None:
    try:
        return Utf8(body.decode(name).encode(), True)
    except (UnicodeError, LookupError, ValueError):
        return None


def _declared(body: bytes) -> str:
    if body.startswith(EBCDIC_START):
        return "cp037"
    found = DECLARATION.match(body[:400])
    return _codec(found.group(1).decode("ascii", "ignore")) if found else ""


def _charset(content_type: str) -> str:
    found = CHARSET.search(content_type[:400])
    return found.group(1) if found else ""


def _codec(name: str) -> str:
    """Python's name of the codec that reads what sites mean by `name`; "" when there is none."""
    try:
        known = codecs.lookup(name).name if name else ""
    except (LookupError, ValueError):
        return ""
    if known.replace("_", "-") in REFUSED or known.startswith(("utf-16", "utf-32")):
        return ""
    return WIDER.get(known, known)


def _guessed(body: bytes) -> Utf8:
    runs = HIGH_BYTES.findall(body[:200_000])
    text = body.decode("utf-8", "replace")
    # A few broken bytes in what is else UTF-8 (a cut, a bad paste) are no other encoding.
    if text.count("\ufffd") * 10 <= len(runs):
        return Utf8(text.encode(), False)
    letters = sum(map(len, runs))
    name = "cp1251" if letters > 2 * len(runs) else "cp1252"
    return Utf8(body.decode(name, "replace").encode(), False)
