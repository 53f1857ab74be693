"""The tree of what a parser wrote, put together so that every parser finds the same tree in it again.

A browser's parser does not settle: what it moves out of a broken table may be a heading within a heading, or a block
within a paragraph, which it parts when it reads that. Nor do our own bounds of depth hold for what it adds. So:

    no block stands within a paragraph, no heading within a heading (but in a block of it)
    no entry of a list stands within another (but in a list or another block of it), nor a term or a definition
    a part of a table stands where it belongs, or is none
    nothing is deeper than the bounds of the next reader allow

What breaks a rule ends what it may not stand in. All words stay, in their order.
"""

from __future__ import annotations

from desktop.core.html.intake import HEADINGS, MAX_DEPTH, MAX_TAGS, decoded
from desktop.core.html.markup import BLOCK, VOID, sound_tokens, strip_tags
from desktop.core.html.tree import Node, write

# Levels that may come to stand below an element: the parts of a table, the link for an address or a player.
_BELOW = {"table": 3, **dict.fromkeys(("p", "div", "figure", "audio", "video", "iframe"), 1)}
_ENTRIES = {"li": frozenset({"li"}), **dict.fromkeys(("dt", "dd"), frozenset({"dt", "dd"}))}
_LETS_THROUGH = frozenset({"div", "p"})
_WITHIN: dict[str, frozenset[str]] = {
    **dict.fromkeys(("caption", "thead", "tbody", "tfoot"), frozenset({"table"})),
    "tr": frozenset({"thead", "tbody", "tfoot"}),
    **dict.fromkeys(("td", "th"), frozenset({"tr"})),
}
_ALL_OR_NOTHING = frozenset({"tr", "caption"})
_HOLDS_ROWS = frozenset({"table", "thead", "tbody", "tfoot"})
_CELLS = frozenset({"td", "th", "caption"})


def sound_tree(markup: str) -> tuple[Node, bool]:
    """The tree of well-formed HTML, and whether a parser would find the very same in it."""
    builder = _Builder()
    for token in sound_tokens(markup):
        if isinstance(token, str):
            builder.top.children.append(decoded(token))
        elif token.closing:
            builder.end(token.name)
        else:
            builder.start(Node(token.name, token.attributes if token.raw else {}))
    return builder.root, builder.is_sound


class _Builder:
    def __init__(self) -> None:
        self.root = self.top = Node("")
        self.is_sound = True
        self._open = [self.root]
        self._begun: list[Node | None] = []  # elements whose end is to come; None for one that was left out

    def start(self, node: Node) -> None:
        """An element begins: what it may not stand in ends before it."""
        tag = node.tag
        if tag in BLOCK:
            self._make_room(tag)
        elif tag == "a" and self._is_in_link():
            self.is_sound = False  # it is parted where links are made
        has_place = self._fits(tag)
        if has_place:
            self.top.children.append(node)
        if tag in VOID:
            return
        if has_place:
            self._open.append(node)
            self._begun.append(node)
            self.top = node
        else:
            self.is_sound = False
            self._begun.append(None)
            self._gap(tag)

    def end(self, tag: str) -> None:
        """The element that began last, of those that have not ended so, ends."""
        node = self._begun.pop() if self._begun else None
        if node is None:
            self._gap(tag)
        elif node is self.top:
            self._cut(len(self._open) - 1)
        elif node in self._open:
            self._cut(self._open.index(node))

    def _gap(self, tag: str) -> None:
        if tag in BLOCK:
            self.top.children.append(" ")

    def _cut(self, place: int) -> None:
        del self._open[place:]
        self.top = self._open[-1]

    def _make_room(self, tag: str) -> None:
        place = self._block()
        if self._open[place].tag == "p":
            self._part(place)
            place = self._block()
        if tag in HEADINGS and self._open[place].tag in HEADINGS:
            self._part(place)
        elif (others := _ENTRIES.get(tag)) is not None:
            while place and self._open[place].tag not in others and self._is_open_to(self._open[place].tag):
                place -= 1
            if self._open[place].tag in others:
                self._part(place)

    def _part(self, place: int) -> None:
        self._cut(place)
        self.is_sound = False

    def _block(self) -> int:
        """The place of the innermost block, 0 where there is none."""
        place = len(self._open) - 1
        while place and self._open[place].tag not in BLOCK:
            place -= 1
        return place

    def _is_open_to(self, tag: str) -> bool:
        return tag not in BLOCK or tag in _LETS_THROUGH

    def _is_in_link(self) -> bool:
        for node in reversed(self._open):
            if node.tag == "a":
                return True
            if node.tag in _CELLS:
                break
        return False

    def _fits(self, tag: str) -> bool:
        parents = _WITHIN.get(tag)
        if parents is not None:
            return self.top.tag in parents
        return len(self._open) + _BELOW.get(tag, 0) <= MAX_DEPTH


def within_bounds(root: Node, written: str) -> bool:
    """Whether the next reader takes all elements of a tree, which is `written` so; else those beyond become text."""
    if written.count("<") <= MAX_TAGS:
        return True
    _Trimmer().trim(root)
    return False


class _Trimmer:
    """How many tags are left. From the first element that finds no place, none does: what stood within it would stand
    within another."""

    def __init__(self) -> None:
        self._tags = MAX_TAGS
        self._behind_table: list[Node | str] = []

    def trim(self, node: Node) -> None:
        kept: list[Node | str] = []
        for child in node.children:
            if isinstance(child, str):
                kept.append(child)
            elif self._takes(child):
                kept.append(child)
                if child.tag not in _ALL_OR_NOTHING:
                    self.trim(child)
                if child.tag == "table":
                    kept += self._behind_table
                    self._behind_table = []
            else:
                gap = " " if child.tag in BLOCK else ""
                text = gap + strip_tags(write(Node("", {}, [child]))) + gap
                (self._behind_table if node.tag in _HOLDS_ROWS else kept).append(text)
        node.children = kept

    def _takes(self, node: Node) -> bool:
        whole = node if node.tag in _ALL_OR_NOTHING else Node(node.tag)
        tags = sum(1 if each.tag in VOID else 2 for each in whole.walk())
        has_place = tags <= self._tags
        self._tags = self._tags - tags if has_place else 0
        return has_place
