"""A small tree of HTML elements: built from what the sanitiser gives, changed, written with the allow-list."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from desktop.core.html.intake import ALLOWED, TARGETS
from desktop.core.html.markup import BLOCK, VOID, escape, start_tag
from desktop.core.html.style import STYLED

Child = "Node | str"
WRITTEN: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(TARGETS | STYLED, ("id", "style")),
    "a": ("href", "title", "id"),
    "img": ("src", "alt", "width", "height"),
    "td": ("colspan", "rowspan", "id", "style"),
    "th": ("colspan", "rowspan", "id", "style"),
    "ol": ("start",),
}
_SPACES = re.compile(r"[ \t\n\r\f]+")
# Inside these, white space between the elements means nothing.
HOLDS_BLOCKS = frozenset({"", "div", "blockquote", "figure", "td", "th"})
_NO_TEXT = frozenset(["table", "thead", "tbody", "tfoot", "tr", "ul", "ol", "dl"])
_STANDS_ALONE = frozenset({"img", "hr", "iframe", "audio", "video"})
_KEPT_EMPTY = frozenset({"td", "th", "br", *_STANDS_ALONE})


@dataclass(slots=True, eq=False)
class Node:
    """An element: its children are elements and decoded texts."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)
    has_media: bool = False  # set by tidy: a picture, a player or a rule is below
    has_words: bool = False  # set by tidy: text is below that is not only white space
    has_space: bool = False  # set by tidy: white space is below

    def walk(self) -> Iterator[Node]:
        """This element and all below it, in the order of the text."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(child for child in reversed(node.children) if isinstance(child, Node))

    def words(self) -> Iterator[str]:
        """The texts below it, as they stand."""
        waiting: list[Node | str] = [self]
        while waiting:
            each = waiting.pop()
            if isinstance(each, str):
                yield each
            else:
                waiting.extend(reversed(each.children))

    @property
    def text(self) -> str:
        """All text below it on one line."""
        return even("".join(self.words())).strip()

    def has(self, *tags: str) -> bool:
        """Whether one of `tags` is somewhere below."""
        return any(node.tag in tags for node in self.walk() if node is not self)


def rewrite(node: Node, change: Callable[[Node], list[Node | str] | None]) -> None:
    """Replace each element below `node`, children first, by what `change` gives; None leaves it."""
    children: list[Node | str] = []
    for child in node.children:
        if isinstance(child, str):
            children.append(child)
            continue
        rewrite(child, change)
        instead = change(child)
        children.extend([child] if instead is None else instead)
    node.children = children


def tidy(node: Node, *, in_pre: bool = False) -> None:
    """Fold white space, remove elements that hold nothing, and more than two line breaks in a row."""
    in_pre = in_pre or node.tag == "pre"
    kept: list[Node | str] = []
    after_text = parted = has_shell = has_break = False
    for child in node.children:
        if isinstance(child, Node):
            tidy(child, in_pre=in_pre)
            if _is_empty(child):
                continue
            has_shell = has_shell or child.tag == "div"
            has_break = has_break or child.tag == "br"
            after_text = False
        elif child:
            parted = parted or after_text
            after_text = True
        else:
            continue
        kept.append(child)
    if has_shell and node.tag in HOLDS_BLOCKS:
        kept = [inner for child in kept for inner in _without_shell(child)]
        parted = True
    node.children = _joined(kept) if parted else kept
    if not in_pre:
        node.children = _spaced(node)
    if has_break:
        node.children = _broken(node)
    _note(node)


def _note(node: Node) -> None:
    """Write down what there is below."""
    node.has_media = node.has_words = node.has_space = False
    for child in node.children:
        if isinstance(child, str):
            node.has_space = True
            node.has_words = node.has_words or not child.isspace()
        else:
            node.has_media = node.has_media or child.has_media or child.tag in _STANDS_ALONE
            node.has_words = node.has_words or child.has_words
            node.has_space = node.has_space or child.has_space


def _without_shell(child: Node | str) -> list[Node | str]:
    """Blocks come out of a <div> that holds nothing else: page builders put a dozen round each."""
    is_shell = (
        isinstance(child, Node) and child.tag == "div" and not child.attributes.keys() & {"id", "style"}
    )
    if isinstance(child, Node) and is_shell and all(map(_is_block_or_space, child.children)):
        return child.children
    return [child]


def _is_block_or_space(child: Node | str) -> bool:
    return not child.strip() if isinstance(child, str) else child.tag in BLOCK


def _is_empty(child: Node) -> bool:
    if child.has_words or child.has_media or child.tag in _KEPT_EMPTY or "id" in child.attributes:
        return False
    parts_words = child.tag not in BLOCK and child.tag != "a" and child.has_space
    return not parts_words


def _joined(children: list[Node | str]) -> list[Node | str]:
    joined: list[Node | str] = []
    texts: list[str] = []
    for child in children:
        if isinstance(child, str):
            texts.append(child)
            continue
        if texts:
            joined.append("".join(texts))
            texts.clear()
        joined.append(child)
    return [*joined, "".join(texts)] if texts else joined


def _spaced(node: Node) -> list[Node | str]:
    is_block = node.tag in BLOCK or not node.tag
    if len(node.children) == 1 and isinstance(node.children[0], str):  # as of most elements
        text = even(node.children[0])
        text = text.strip(" ") if is_block else text
        return [text] if text and not (node.tag in _NO_TEXT and not text.strip()) else []
    spaced: list[Node | str] = []
    last = len(node.children) - 1
    for place, child in enumerate(node.children):
        if isinstance(child, str):
            child = even(child)
            before = _is_edge(node.children[place - 1]) if place else is_block
            after = _is_edge(node.children[place + 1]) if place < last else is_block
            if before:
                child = child.lstrip(" ")
            if after:
                child = child.rstrip(" ")
            if not child or (node.tag in _NO_TEXT and not child.strip()):
                continue
        spaced.append(child)
    return spaced


def even(text: str) -> str:
    """`text` with a single space for each run of white space."""
    # To find that there is nothing to do takes a fiftieth of replacing each space by itself.
    if "  " in text or "\n" in text or "\t" in text or "\r" in text or "\f" in text:
        return _SPACES.sub(" ", text)
    return text


def _is_edge(child: Node | str) -> bool:
    return isinstance(child, Node) and (child.tag in BLOCK or child.tag == "br")


def _broken(node: Node) -> list[Node | str]:
    """Without line breaks at the edges of a block, beside other blocks, and beyond two in a row."""
    kept: list[Node | str] = []
    breaks = 0
    is_block = node.tag in BLOCK or not node.tag
    for child in node.children:
        if isinstance(child, Node) and child.tag == "br":
            after_block = not kept if is_block and not breaks else bool(kept) and _is_block(kept[-1])
            if after_block or breaks == 2:
                continue
            breaks += 1
        else:
            if _is_block(child):
                _drop_breaks(kept)
            breaks = 0
        kept.append(child)
    if is_block:
        _drop_breaks(kept)
    return kept


def _is_block(child: Node | str) -> bool:
    return isinstance(child, Node) and child.tag in BLOCK


def _drop_breaks(children: list[Node | str]) -> None:
    while children and isinstance(children[-1], Node) and children[-1].tag == "br":
        children.pop()


def write(node: Node) -> str:
    """The HTML of what is below `node`: allowed elements with allowed attributes, every text encoded."""
    out: list[str] = []
    _write(node, out)
    return "".join(out)


def _write(node: Node, out: list[str]) -> None:
    for child in node.children:
        if isinstance(child, str):
            out.append(escape(child))
            continue
        if child.tag not in ALLOWED:
            _write(child, out)
            continue
        given = child.attributes
        wanted = WRITTEN.get(child.tag, ()) if given else ()
        out.append(start_tag(child.tag, {key: given[key] for key in wanted if key in given}))
        if child.tag in VOID:
            continue
        if child.tag == "pre" and next(child.words(), "").startswith("\n"):
            out.append("\n")  # a parser takes the first line break after <pre> away
        _write(child, out)
        out.append(f"</{child.tag}>")


def plain_text(node: Node, skip: frozenset[str] = frozenset()) -> str:
    """The text with an empty line between paragraphs, without what is in the elements `skip`."""
    out: list[str] = []
    _plain(node, skip, out)
    return lines_of("".join(out))


def lines_of(text: str) -> str:
    """Text with single spaces, none at the ends of its lines, and at most one empty line in a row."""
    lines = text.split("\n")
    if "  " in text or "\t" in text or "\r" in text or "\f" in text:
        lines = [even(line) for line in lines]
    text = "\n".join([line.strip() for line in lines])
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.strip()


def _is_note_mark(node: Node) -> bool:
    """A raised number that leads to a note is no part of the word before it."""
    return any(each.tag == "a" and each.attributes.get("href", "").startswith("#") for each in node.walk())


def _plain(node: Node, skip: frozenset[str], out: list[str]) -> None:
    for child in node.children:
        if isinstance(child, str):
            out.append(child if node.tag == "pre" else child.replace("\n", " "))
        elif child.tag == "br":
            out.append("\n")
        elif child.tag not in skip and not (child.tag == "sup" and _is_note_mark(child)):
            gap = GAPS.get(child.tag, "")
            out.append(gap)
            _plain(child, skip, out)
            out.append(gap)


GAPS = {
    **dict.fromkeys(BLOCK, "\n\n"),
    "li": "\n",
    "tr": "\n",
    "td": " ",
    "th": " ",
    "dt": "\n",
    "dd": "\n",
    "tbody": "",
    "thead": "",
    "tfoot": "",
}
