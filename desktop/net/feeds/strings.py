"""Plain text fields of feeds: decoded as often as their publisher encoded them, and no oftener."""

from __future__ import annotations

import re
from html.entities import html5

from desktop.core.html.markup import unescape

LONGEST = 20_000  # characters of a field that are looked at; more is no title and no name

NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
UNSEEN = re.compile(
    r"<(script|style|template)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL | re.IGNORECASE
)
TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<![^<>]*>")
# In a field that should be plain text only these are taken for tags, not the one in "History of <blink>".
USUAL_TAG = re.compile(
    r"</?(?:a|abbr|b|big|br|cite|code|del|div|em|font|h[1-6]|i|img|ins|mark|nobr|p|q|s|small|span|strike|strong|sub|"
    r"sup|u)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
XML_FIVE = frozenset(
    {"&lt;", "&gt;", "&amp;", "&quot;", "&apos;", "&#39;", "&#34;", "&#38;", "&#60;", "&#62;"}
)
ADDRESS_TAIL = re.compile(r"\s+[-–—|]\s+https?://\S+\s*\Z")
EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
BRACKETS = str.maketrans("", "", '()<>[]"')


def scrub(text: str) -> str:
    """Without the characters that neither XML nor a database can hold."""
    return NOT_TEXT.sub("", text) if NOT_TEXT.search(text) else text


def one_line(text: str) -> str:
    """White space folded."""
    return " ".join(text.split())


def from_html(markup: str) -> str:
    """The text of a piece of HTML, on one line: tags removed, entities decoded once."""
    markup = markup[:LONGEST]
    if "<" in markup:
        markup = TAG.sub("", UNSEEN.sub("", markup))
    return one_line(_decoded(markup))


def from_escaped(text: str, *, plain: bool = False) -> str:
    """A field of RSS, which may be plain text or HTML and does not say which.

    `plain`: its generator is known to write plain text (WordPress): what looks like HTML is meant so.
    """
    text = text[:LONGEST]
    if plain:
        return one_line(text)
    if "<" in text:
        text = USUAL_TAG.sub("", UNSEEN.sub("", text))
    return one_line(_once_more(text) if "&" in text else text)


def from_plain(text: str) -> str:
    """A field that says that it is plain text; decoded where HTML's own references show that it is not."""
    text = text[:LONGEST]
    return one_line(_decoded(text) if _is_escaped_again(text) else text)


def _is_escaped_again(text: str) -> bool:
    return "&" in text and any(
        found.lower() not in XML_FIVE and _is_known(found) for found in REFERENCE.findall(text)
    )


def _once_more(text: str) -> str:
    """Decoded when the content is escaped again; `&lt;` and `&gt;` alone may be what it is about."""
    if _is_escaped_again(text):
        return _decoded(text)
    for reference, character in (("&quot;", '"'), ("&#34;", '"'), ("&apos;", "'"), ("&#39;", "'")):
        text = text.replace(reference, character)
    return text.replace("&#38;", "&").replace("&amp;", "&")


def _is_known(reference: str) -> bool:
    return reference.startswith("&#") or reference[1:] in html5


def _decoded(text: str) -> str:
    return scrub(unescape(text)) if "&" in text else text


def without_address(title: str) -> str:
    """A title without the " - https://..." that some generators put behind it."""
    return ADDRESS_TAIL.sub("", title) if "://" in title else title


def person(text: str, *, plain: bool = False) -> str:
    """The name in "me@example.com (Name)", "Name <me@example.com>" or "Name"; else the address."""
    line = from_html(text) if "&" in text else from_escaped(text, plain=plain)
    if "@" not in line:
        return line
    name = one_line(EMAIL.sub("", line.replace("mailto:", "")).translate(BRACKETS)).strip(" ,;-")
    return name or one_line(line.translate(BRACKETS))


def joined(names: list[str]) -> str:
    """Names without repetition, as one line."""
    return ", ".join(dict.fromkeys(name for name in names if name))
