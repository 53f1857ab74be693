"""HTML as a run of tags and texts, cut the way browsers cut it, in linear time whatever the input."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

_VOID_NAMES = "area base basefont bgsound br col embed frame hr img input link meta param source track wbr"
_BLOCK_NAMES = """
    address article aside blockquote caption center dd details dialog div dl dt fieldset figcaption figure footer
    form h1 h2 h3 h4 h5 h6 header hgroup hr li main menu nav ol p pre section summary table tbody td tfoot th
    thead tr ul
"""
VOID = frozenset(_VOID_NAMES.split())
BLOCK = frozenset(_BLOCK_NAMES.split())

_TAG = r"""
    <(?P<closing>/?)(?P<name>[a-zA-Z][^\t\n\f\r />]*+)
    (?P<attributes>(?:
        [\t\n\f\r /]++
      | [^\t\n\f\r />][^\t\n\f\r />=]*+
        (?:[\t\n\f\r ]*+=[\t\n\f\r ]*+(?:"[^"]*+"|'[^']*+'|[^\t\n\f\r >"'][^\t\n\f\r >]*+)?+)?+
    )*+)
    (?P<end>>?+)
"""
_TOKEN = re.compile(
    _TAG
    + r"""
  | (?P<comment><!--(?:-?>|.*?(?:--!?>|\Z)))
  | (?P<cdata><!\[CDATA\[)
  | (?P<bogus><[!?][^>]*+>?+|</[^a-zA-Z][^>]*+>?+)
    """,
    re.VERBOSE | re.DOTALL,
)
_ATTRIBUTE = re.compile(
    r"""([^\t\n\f\r />][^\t\n\f\r />=]*+)
    (?:[\t\n\f\r ]*+=[\t\n\f\r ]*+(?:"([^"]*+)"|'([^']*+)'|([^\t\n\f\r >"'][^\t\n\f\r >]*+))?+)?+""",
    re.VERBOSE,
)
_NAME = re.compile(r"/?[a-z][a-z0-9]*")
MAX_ATTRIBUTES = 60
# A tag that is certain to be one wherever it stands.
_PLAIN_TAG = re.compile(r'</?([a-z][a-z0-9]*+)(?: [a-z][a-z-]*+="[^"<>]*+")*+ ?/?>')
_HUGE = re.compile(r"&#[0-9]{1000,};?")


@dataclass(frozen=True, slots=True)
class Tag:
    """A start or end tag. `raw` is what stands between the name and the ">"."""

    name: str
    closing: bool = False
    raw: str = ""

    @property
    def attributes(self) -> dict[str, str]:
        """Names in small letters with decoded values: the first of each name, of the first 60."""
        found: dict[str, str] = {}
        for number, match in enumerate(_ATTRIBUTE.finditer(self.raw)):
            if number >= MAX_ATTRIBUTES:
                break
            found.setdefault(match[1].lower(), unescape(match[2] or match[3] or match[4] or ""))
        return found


def next_token(markup: str, position: int) -> re.Match[str] | None:
    """The first token that begins at or after `position`."""
    place = markup.find("<", position)  # a tenth of the time that the pattern takes to look for it
    while place >= 0:
        if (match := _TOKEN.match(markup, place)) is not None:
            return match
        place = markup.find("<", place + 1)
    return None


def tokens(markup: str) -> Iterator[Tag | str]:
    """The tags and, between them, the texts, still encoded but without a bare "<". Comments are left out."""
    position = 0
    while (match := next_token(markup, position)) is not None:
        if match.start() > position:
            yield _text(markup[position : match.start()])
        position = match.end()
        if match["name"]:
            yield Tag(match["name"].lower(), bool(match["closing"]), match["attributes"])
    if position < len(markup):
        yield _text(markup[position:])


def sound_tokens(markup: str) -> Iterable[Tag | str]:
    """What `tokens` gives, in a third of the time where it is certain: in HTML that a serialiser wrote."""
    found: list[Tag | str] = []
    first, *parts = markup.split("<")
    if first:
        found.append(_text(first))
    for part in parts:
        tag, bracket, text = part.partition(">")
        name, _, raw = tag.partition(" ")
        if not bracket or tag.count('"') % 2 or not _NAME.fullmatch(name):
            return tokens(markup)  # a bracket within an attribute, or what no serialiser writes
        closing = name.startswith("/")
        found.append(Tag(name[1:] if closing else name, closing, raw))
        if text:
            found.append(_text(text))
    return found


def _text(text: str) -> str:
    return text.replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """HTML text as plain text. Never raises: Python makes no number of the thousands of digits in `&#99999...;`."""
    return html.unescape(_HUGE.sub("\ufffd", text) if len(text) > 1000 and "&#" in text else text)


def escape(text: str) -> str:
    """Plain text as HTML text."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def start_tag(name: str, attributes: Mapping[str, str]) -> str:
    """A start tag with its attributes in double quotes."""
    if not attributes:
        return f"<{name}>"
    inside = "".join(f' {key}="{html.escape(value)}"' for key, value in attributes.items())
    return f"<{name}{inside}>"


def strip_tags(markup: str) -> str:
    """The text alone, decoded once; blocks and line breaks become spaces."""
    parts = _PLAIN_TAG.split(markup)
    parts[1::2] = [" " if name in BLOCK or name == "br" else "" for name in parts[1::2]]
    text = "".join(parts)
    if "<" in text:  # something else than plain tags
        text = "".join([token if isinstance(token, str) else _gap(token) for token in tokens(markup)])
    return unescape(text)


def _gap(tag: Tag) -> str:
    return " " if tag.name in BLOCK or tag.name == "br" else ""
