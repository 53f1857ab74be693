"""The tags of plain HTML: what each element is, what may stand in it, and what is kept of a start tag."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from desktop.core.html.elements import keep_attributes
from desktop.core.html.intake import ATTRIBUTES, LONGEST_VALUE
from desktop.core.html.markup import BLOCK, MAX_ATTRIBUTES, VOID, start_tag, unescape
from desktop.core.html.tree import Node

_LONGEST_QUICK = 1_000
# What may stand within an element: blocks and text, entries of a list, or text alone.
BLOCKS, ENTRIES, LINE = range(3)
_INLINE = "a abbr b br cite code del em i img ins q s small span strong sub sup u"
INSIDE: dict[str, int] = {
    **dict.fromkeys(("div", "blockquote", "li", "figure", "figcaption"), BLOCKS),
    **dict.fromkeys(("ul", "ol"), ENTRIES),
    **dict.fromkeys(("p", "h2", "h3", "h4", "h5", "h6", "hr"), LINE),
    **dict.fromkeys(_INLINE.split(), LINE),
}
_TAG = re.compile(r'([a-z][a-z0-9]*+)((?: [a-z][a-z-]*+="[^"]*+")*+)( ?/)?')
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
# Addresses that every reader of addresses takes for one, or for the rest of one.
_ADDRESS = re.compile(
    r"https?://(?:[a-z0-9](?:-?[a-z0-9])*+\.)++[a-z]{2,}(?::[0-9]{1,4})?(?:[/?#][^\s\\]*)?"
    r"|(?:[/#][^\\]*)?|mailto:[^\s\\]*|cache:[0-9a-f]*",
    re.IGNORECASE,
)
# An address that stays as it is.
FINISHED_ADDRESS = r"https?://(?:[a-z0-9](?:-?[a-z0-9])*+\.)++[a-z]{2,}(?:/(?!\.)[A-Za-z0-9._~-]*+)++"
# A link of which nothing else is kept.
_FINISHED_LINK = re.compile(
    rf'a href="({FINISHED_ADDRESS})"'
    r'(?: (?:rel|target|data-[a-z]++)="[^"]{0,40}+"){0,4}'
)
NO_TARGETS: frozenset[str] = frozenset()
# What becomes of an element: it is kept, only what is inside is, or nothing of it.
KEPT, DISSOLVED, LEFT_OUT = range(3)


class NotPlain(Exception):
    """The document is for the slow door."""


class Start(NamedTuple):
    """A start tag. `written` is "" where that is not known of the tag alone."""

    name: str
    attributes: dict[str, str]  # of a link or a picture, as given
    written: str
    end: str  # its end tag, as far as it stands behind a "<"
    is_block: bool
    way: int


def start_of(tag: str) -> Start:
    """A start tag, given without its brackets."""
    quick = _FINISHED_LINK.fullmatch(tag)
    if quick is not None and len(tag) < _LONGEST_QUICK and tag.isprintable():
        return Start("a", {}, f'<a href="{quick[1]}">', "/a>", is_block=False, way=KEPT)
    match = _TAG.fullmatch(tag)
    if match is None or match[1] not in INSIDE or not tag.isprintable():
        raise NotPlain
    name, written, slash = match.groups()
    if slash and name not in VOID:
        raise NotPlain
    found: dict[str, str] = {}
    wanted = ATTRIBUTES.get(name, frozenset())
    pairs = _ATTRIBUTE.findall(written)
    if len(pairs) > MAX_ATTRIBUTES:
        raise NotPlain
    for key, value in pairs:
        if key in wanted and key not in found:
            found[key] = unescape(value) if "&" in value else value
            is_sound = len(found[key]) <= LONGEST_VALUE and found[key].isprintable()
            if not is_sound or (key in ("href", "src") and not _ADDRESS.fullmatch(found[key])):
                raise NotPlain
    return Start(name, found, "", f"/{name}>", name in BLOCK, KEPT)


@lru_cache(maxsize=1024)
def known_start(tag: str) -> Start:
    """A start tag of which there are many."""
    start = start_of(tag)
    if start.name in ("a", "img"):
        return start
    node = Node(start.name, start.attributes)
    keep_attributes(node, NO_TARGETS)
    kept = {key: value for key, value in node.attributes.items() if key in ("style", "start")}
    way = DISSOLVED if node.tag == "span" and not kept else KEPT
    return start._replace(attributes={}, written=start_tag(node.tag, kept), way=way)
