"""Where a block is torn that is too long to be laid out in one step: Qt cannot interrupt the layout of a block.

What Qt needs grows with the text, and in lists and nested tables faster than with it. 12,000 characters, or 400 items
of a list, stay under a tenth of a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from desktop.core.html.galleries import Gallery
from desktop.core.html.markup import BLOCK, Tag, start_tag

TORN = 12_000  # characters of a block that are laid out in one step
AT_LEAST = 18_000  # characters, even where no other block begins within it
PICTURE = 200  # characters that a picture counts for
ELEMENT = 24  # characters that an element counts for, whatever is in it
LINE = 6  # characters that the end of a line counts for: in `pre` each begins a block of Qt's
_PLACES = " \t\u200b\u2028"  # where the budget leaves a place in every word of 1,000 characters
_COMPLEX = re.compile("[\u0590-\U0010ffff]+")  # letters that are joined or looked for in several fonts
_EMPTY = "<p></p>"  # what a slice begins with when it goes on with a list or a table
_FRAMED_NAMES = "table caption thead tbody tfoot tr td th ul ol li dl dt dd pre figure figcaption hr"
_FRAMED = frozenset(_FRAMED_NAMES.split())


@dataclass(slots=True)
class Open:
    """An element that is open: what begins and what ends it."""

    name: str
    begin: str
    end: str
    number: int = 0  # of the next item of a numbered list

    def count(self, tag: Tag) -> None:
        """Takes a start tag right within the element."""
        self.number += tag.name == "li"

    def again(self, inner: Sequence[Open]) -> str:
        """What begins the rest of the element, when those of `inner` are open within it."""
        if self.name != "ol":
            return self.begin
        return start_tag("ol", {"start": str(self.number - any(each.name == "li" for each in inner))})


def ended(stack: Sequence[Open]) -> str:
    """Ends all that is open."""
    return "".join(each.end for each in reversed(stack))


def begun_again(stack: Sequence[Open], following: Tag | str) -> str:
    """Begins all of it again, at the head of a slice that goes on with what is `following`."""
    names = [each.name for each in stack] + ([] if isinstance(following, str) else [following.name])
    head = _EMPTY if not stack or not _FRAMED.isdisjoint(names) else ""
    return head + "".join(each.again(stack[at + 1 :]) for at, each in enumerate(stack))


def weigh(text: str) -> int:
    """What a text counts: each letter of a script that takes long to set counts for three, the end of a line for LINE
    more."""
    return len(text) + 2 * sum(map(len, _COMPLEX.findall(text))) + LINE * text.count("\n")


def pieces(text: str, room: int) -> Iterator[str]:
    """Encoded text in pieces that end where a line may be broken: the first weighs about `room`, the others about
    TORN."""
    share = len(text) / max(1, weigh(text))
    start, room = 0, round(room * share)
    while len(text) - start > room:
        near = start + room, start + room + 2_000
        end = text.find("\n", *near)  # first of all, since in `pre` a line that is torn reads as two
        if end < 0:
            end = min((place for each in _PLACES if (place := text.find(each, *near)) >= 0), default=-1)
        if end < 0:
            break
        yield text[start : end + 1]
        start, room = end + 1, round(TORN * share)
    yield text[start:]


class Page(Protocol):
    """What is made of the parts."""

    length: int  # what has been taken since the last slice counts

    def take(self, part: Tag | str | Gallery) -> None: ...
    def text(self, text: str) -> None: ...
    def torn(self, following: Tag | str) -> str: ...


def take_torn(page: Page, part: Tag | str | Gallery) -> Iterator[str]:
    """Takes a part; gives the slices that end within the open block: where another block begins, else within the
    text."""
    if isinstance(part, str) and page.length + weigh(part) > AT_LEAST:
        for piece in pieces(part, max(0, TORN - page.length)):
            page.text(piece)
            if page.length >= TORN:
                yield page.torn(piece)
        return
    room = TORN if isinstance(part, Tag) and part.name in BLOCK else AT_LEAST
    if isinstance(part, Tag) and not part.closing and page.length >= room:
        yield page.torn(part)
    page.take(part)
