"""A limit on what the reader lays out: Qt takes minutes for a kilobyte of nested tables, or for one endless word.

Nothing is lost but the part beyond a million characters; too much structure becomes running text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from desktop.core.html.markup import BLOCK, VOID, Tag, start_tag, tokens

TABLE_DEPTH = 6
DEPTH = 64
ELEMENTS = 20_000
IMAGES = 500
WORD = 1_000  # characters without a place to break the line
SHOWN = 1_000_000  # characters of HTML
PART = 10_000  # characters of a text that are looked at in one step
REST = "<p>The rest is not shown here.</p>"

_BREAK = "\u200b"  # allows a line break, takes no room
_LINE = "\u2028"  # a line break that costs no element
_TABLE_PARTS = frozenset(["caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "td", "th"])
_SPACE = re.compile("[ \t\n\r\f\u200b\u2028]")
_LONG = re.compile("[^ \t\n\r\f\u200b\u2028]{%d}" % WORD)  # noqa: UP031  # braces
_JOINED = re.compile(
    "(?:[^\\s\u200d]{1,3}\u200d){24}"
)  # letters that are set as one: no person joins so many
_UNIT = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});|[\s\S]")
_REFERENCE = 40  # characters that a character reference has at most
_SAFE_NAME = re.compile(r"[a-z][a-z0-9]{0,15}")


def within_budget(html: str) -> str:
    """The HTML within the limits, well-formed; what is within them already is not changed. Linear time."""
    return "".join(pieces_within_budget(html))


def pieces_within_budget(html: str) -> Iterator[str]:
    """The same piece by piece, for who does not want all of it at once; a tag is never cut."""
    budget = _Budget(SHOWN if len(html) <= SHOWN else SHOWN - 10_000)
    for token in tokens(html):
        for part in _parts(token) if isinstance(token, str) else (token,):
            goes_on = budget.text(part) if isinstance(part, str) else budget.tag(part)
            yield from budget.taken()
            if not goes_on:
                yield budget.finished()
                return
    yield budget.finished()


def _parts(text: str) -> Iterator[str]:
    """A long text in parts, none of which ends within a character reference."""
    start = 0
    while len(text) - start > PART:
        end = start + PART
        reference = text.rfind("&", end - _REFERENCE, end)
        if reference >= 0 and ";" not in text[reference:end]:
            end = reference
        yield text[start:end]
        start = end
    yield text[start:]


class _Budget:
    def __init__(self, characters: int) -> None:
        self._left = characters
        self._out: list[str] = []
        self._stack: list[tuple[str, bool]] = []  # name, and whether it is in the result
        self._open: dict[str, int] = {}
        self._depth = 0
        self._tables = 0
        self._elements = 0
        self._images = 0
        self._run = 0  # characters since a line could be broken
        self._is_cut = False

    def text(self, text: str) -> bool:
        """Takes a text; False when there is no room for what follows."""
        if len(text) > self._left:
            text = self._cut(text)
            self._is_cut = True
        self._left -= len(text)
        self._out.append(self._broken(text))
        return not self._is_cut

    def tag(self, tag: Tag) -> bool:
        """Takes a tag; False when there is no room for what follows."""
        if tag.closing:
            self._close(tag.name)
            return True
        length = len(tag.name) + len(tag.raw) + 2
        if length > self._left:
            self._is_cut = True
            return False
        self._left -= length
        self._start(tag)
        return True

    def taken(self) -> list[str]:
        """What has become of the tokens since the last call."""
        out, self._out = self._out, []
        return out

    def finished(self) -> str:
        """The rest of the HTML, every element ended."""
        while self._stack:
            self._pop()
        if self._is_cut:
            self._out.append(REST)
        return "".join(self._out)

    def _cut(self, text: str) -> str:
        head = text[: self._left]
        head = head[: max(head.rfind(" "), self._left - WORD, 0)]
        start = head.rfind("&")
        return head[:start] if start >= 0 and ";" not in head[start:] else head

    def _start(self, tag: Tag) -> None:
        name = tag.name
        written = self._may_write(tag)
        if name in BLOCK or name == "br":
            self._run = 0
        if name not in VOID:
            self._stack.append((name, written))
            self._open[name] = self._open.get(name, 0) + 1
        if not written:
            self._out.append(self._instead(tag))
            return
        self._elements += 1
        self._images += name == "img"
        if name not in VOID:
            self._depth += 1
            self._tables += name == "table"
        self._out.append(f"<{name}{_raw(tag)}>")

    def _may_write(self, tag: Tag) -> bool:
        name = tag.name
        if self._elements >= ELEMENTS or not _SAFE_NAME.fullmatch(name):
            return False
        if name == "img":
            return self._images < IMAGES
        if name in VOID:
            return True
        if name == "table" and self._tables >= TABLE_DEPTH:
            return False
        if name in _TABLE_PARTS and self._open.get("table", 0) > self._tables:
            return False  # its table is not there
        return self._depth < DEPTH

    def _instead(self, tag: Tag) -> str:
        place = self._place(tag)
        if tag.name == "img":
            alt = tag.attributes.get("alt", "")
            return place + self._broken(alt.replace("&", "&amp;").replace("<", "&lt;")) if alt else place
        if tag.name in ("td", "th"):
            return place + " "
        return place + (_LINE if tag.name in BLOCK or tag.name == "br" else "")

    def _place(self, tag: Tag) -> str:
        """The place that a link leads to, where its element is not written."""
        name = tag.attributes.get("id", "")
        if not name or self._elements >= ELEMENTS:
            return ""
        self._elements += 1
        return start_tag("span", {"id": name}) + "</span>"

    def _close(self, name: str) -> None:
        if not self._open.get(name):
            return
        if name in BLOCK:
            self._run = 0
        while self._stack[-1][0] != name:
            self._pop()
        self._pop()

    def _pop(self) -> None:
        name, written = self._stack.pop()
        self._open[name] -= 1
        if written:
            self._depth -= 1
            self._tables -= name == "table"
            self._out.append(f"</{name}>")

    def _broken(self, text: str) -> str:
        """The text with a place to break the line in every word that has none for too long."""
        if "\u200d" in text:
            text = _JOINED.sub(lambda joined: joined[0] + _BREAK, text)
        first = _SPACE.search(text)
        if first is None and self._run + len(text) < WORD:
            self._run += len(text)
            return text
        last = max(text.rfind(space) for space in " \t\n\r\f\u200b\u2028")
        if first is not None and self._run + first.start() < WORD and not _LONG.search(text):
            self._run = len(text) - last - 1
            return text
        return self._split(text)

    def _split(self, text: str) -> str:
        out: list[str] = []
        for match in _UNIT.finditer(text):
            unit = match[0]
            if _SPACE.match(unit):
                self._run = 0
            elif self._run >= WORD:
                out.append(_BREAK)
                self._run = 1
            else:
                self._run += 1
            out.append(unit)
        return "".join(out)


def _raw(tag: Tag) -> str:
    raw = tag.raw.rstrip("/ \t\n\r\f")
    return raw if not raw or raw[0] in " \t\n\r\f" else f" {raw}"
