"""A quick door for plain HTML, which is most of what arrives: paragraphs, headings, lists, quotations, links, pictures,
each with its end tag and where it belongs. Of that the parsers behind the slow door change nothing.

What is not certain to be so is left to them: here everything that is not known makes the document theirs. The tree is
the same through both doors (`tests/property/test_plain_markup.py`), and the same passes follow.
"""

from __future__ import annotations

import re

from desktop.core.html.intake import ATTRIBUTES, LONGEST_VALUE
from desktop.core.html.markup import MAX_ATTRIBUTES, VOID, unescape
from desktop.core.html.tree import Node, decoded

_MOST_TAGS = 20_000
_DEEPEST = 50
# What may stand within an element: blocks and text, entries of a list, or text alone.
_BLOCKS, _ENTRIES, _LINE = range(3)
_INLINE = "a abbr b br cite code del em i img ins q s small span strong sub sup u"
_INSIDE: dict[str, int] = {
    **dict.fromkeys(("div", "blockquote", "li", "figure", "figcaption"), _BLOCKS),
    **dict.fromkeys(("ul", "ol"), _ENTRIES),
    **dict.fromkeys(("p", "h2", "h3", "h4", "h5", "h6", "hr"), _LINE),
    **dict.fromkeys(_INLINE.split(), _LINE),
}
_IS_INLINE = frozenset(_INLINE.split())
_TAG = re.compile(r'([a-z][a-z0-9]*+)((?: [a-z][a-z-]*+="[^"]*+")*+)( ?/)?')
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
# Addresses that every reader of addresses takes for one, or for the rest of one.
_ADDRESS = re.compile(
    r"https?://(?:[a-z0-9](?:-?[a-z0-9])*+\.)++[a-z]{2,}(?::[0-9]{1,4})?(?:[/?#][^\s\\]*)?"
    r"|(?:[/#][^\\]*)?|mailto:[^\s\\]*|cache:[0-9a-f]*",
    re.IGNORECASE,
)

_Start = tuple[str, dict[str, str]]


def plain_tree(markup: str) -> Node | None:
    """The tree of plain HTML without controls (`intake.normal`); None for HTML that may not be plain."""
    first, *parts = markup.split("<")
    if len(parts) > _MOST_TAGS:
        return None
    root = node = Node("", {}, [decoded(first)] if first else [])
    above: list[Node] = []
    inside = _BLOCKS
    in_link = False
    known: dict[str, _Start | None] = {}
    for part in parts:
        tag, bracket, text = part.partition(">")
        if tag.startswith("/"):
            if not above or tag[1:] != node.tag or not bracket:  # the root has no name, and "</>" none either
                return None
            in_link = in_link and node.tag != "a"
            node = above.pop()
            inside = _INSIDE[node.tag] if above else _BLOCKS
        else:
            if tag not in known:
                known[tag] = _start(tag)
            start = known[tag]
            if start is None or not bracket or not _fits(start[0], inside, in_link=in_link):
                return None
            child = Node(start[0], dict(start[1]), [])
            node.children.append(child)
            if start[0] not in VOID:
                above.append(node)
                if len(above) > _DEEPEST:
                    return None
                node, inside = child, _INSIDE[child.tag]
                in_link = in_link or child.tag == "a"
        if text:
            if inside == _ENTRIES and not text.isspace():
                return None
            node.children.append(decoded(text))
    return None if above else root


def _fits(name: str, inside: int, *, in_link: bool) -> bool:
    """Whether the element may stand there, so that it ends nothing that is open."""
    if name == "li":
        return inside == _ENTRIES
    if name in _IS_INLINE:
        return inside != _ENTRIES and not (in_link and name == "a")
    return inside == _BLOCKS


def _start(tag: str) -> _Start | None:
    """Name and kept attributes of a start tag, given without its brackets; None for one that is not plain."""
    if tag in _INSIDE:
        return tag, {}
    match = _TAG.fullmatch(tag)
    if match is None or match[1] not in _INSIDE or not tag.isprintable():
        return None
    name, written, slash = match.groups()
    if slash and name not in VOID:
        return None
    found: dict[str, str] = {}
    wanted = ATTRIBUTES.get(name, frozenset())
    pairs = _ATTRIBUTE.findall(written)
    if len(pairs) > MAX_ATTRIBUTES:
        return None
    for key, value in pairs:
        if key in wanted and key not in found:
            found[key] = unescape(value) if "&" in value else value
            is_sound = len(found[key]) <= LONGEST_VALUE and found[key].isprintable()
            if not is_sound or (key in ("href", "src") and not _ADDRESS.fullmatch(found[key])):
                return None
    return name, found
