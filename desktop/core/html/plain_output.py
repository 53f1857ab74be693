"""What is kept of plain HTML, written as it is read: as HTML and as plain text at once."""

from __future__ import annotations

from typing import NamedTuple

from desktop.core.html.images import Pictures
from desktop.core.html.markup import escape, start_tag
from desktop.core.html.plain_tags import NotPlain
from desktop.core.html.tails import is_credit, may_end_in_credit
from desktop.core.html.tree import GAPS, Node, even, lines_of

# What there is within an element.
WORDS, MEDIA, SPACE, IN_LINE, BLANK = 1, 2, 4, 8, 16


class Frame(NamedTuple):
    """An element that is open, and all there was before it: when it turns out to hold nothing it was never there."""

    name: str
    way: int
    begin: int = 0  # where its start tag stands in what is written
    begin_said: int = 0
    former: int = 0  # where everything ended before it, and before the text in front of it was written
    former_said: int = 0
    run: str = ""
    edge: bool = False
    breaks: int = 0
    has: int = 0
    has_now: int = 0
    dropped: int = 0  # line breaks in front of a block
    around: int = 0  # where the element around it begins
    around_is_block: bool = False


class PlainOutput:
    """HTML and text that grow at their ends, with white space as in a tree that was made tidy."""

    __slots__ = (
        *(
            "_breaks",
            "_edge",
            "_has",
            "_is_ragged",
            "_last",
            "_left_out",
            "_out",
            "_pictures",
            "_run",
            "_said",
        ),
        *("_tail", "_text"),
    )

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures
        self._out: list[str | Node] = []  # HTML; a picture as it stands in the text
        self._said: list[str] = []  # its plain text
        self._tail = "\n\n"  # the end of that: line breaks, " " for any white space, "" for a word
        self._is_ragged = False  # white space may stand at the end of a line of it, or twice
        self._left_out: list[tuple[int, int]] = []  # parts of it which no excerpt has
        self._text: str | None = None  # all of it, once it is known
        self._last = (0, 0)  # where the last block of all begins, in both
        self._run = ""  # text that is not yet written
        self._edge = True  # a block or a line break is before it
        self._breaks = 0  # line breaks in a row
        self._has = 0  # what there is in the element that is open

    def _flush(self, *, at_edge: bool) -> None:
        """Write the text that has come together; at an edge of it no space stands."""
        text = even(self._run)
        self._run = ""
        if self._edge:
            text = text.lstrip(" ")
        if at_edge:
            text = text.rstrip(" ")
        if text:
            self._out.append(escape(text))
            self._say(text)
            self._has |= SPACE | BLANK if text.isspace() else WORDS | SPACE | IN_LINE
            self._edge = False
            self._breaks = 0

    def _say(self, words: str) -> None:
        """Text of which not all is white space."""
        self._is_ragged = self._is_ragged or (self._tail != "" and words[0].isspace())
        self._tail = " " if words[-1].isspace() else ""
        self._said.append(words)

    def _gap(self, gap: str) -> None:
        """Part lines of the plain text, with one empty line in a row: so there is nothing to tidy in it."""
        if self._tail == " ":
            self._is_ragged = True
        elif self._tail == "\n\n":
            gap = ""
        elif self._tail == "\n":
            gap = "\n"
        self._tail = "\n" if gap == "\n" and self._tail != "\n" else "\n\n"
        self._said.append(gap)

    def _undo(self, frame: Frame) -> None:
        """As if an element had never been there."""
        self._is_ragged, self._tail = True, ""
        del self._out[frame.former - frame.dropped :]
        del self._said[frame.former_said - frame.dropped :]
        self._out += ["<br>"] * frame.dropped
        self._said += ["\n"] * frame.dropped
        self._run, self._edge, self._breaks, self._has = frame.run, frame.edge, frame.breaks, frame.has
        while self._left_out and self._left_out[-1][0] >= len(self._said):
            self._left_out.pop()

    def _write_block(self, name: str, written: str, inside: str, words: str, *, is_outermost: bool) -> None:
        """A block that holds words, and no other block. The text before it is written."""
        if self._breaks:
            self._drop_breaks()
        if is_outermost:
            self._last = len(self._out), len(self._said)
        gap = GAPS[name]
        if self._tail == gap == "\n\n" and not (words[0].isspace() or words[-1].isspace()):
            self._said += ("", words, gap)  # as nearly always: what the three calls below come to
        else:
            self._gap(gap)
            self._say(words)
            self._gap(gap)
        self._has |= WORDS | SPACE
        self._out += (written, inside, f"</{name}>")
        self._edge = True
        self._breaks = 0

    def _drop_breaks(self) -> None:
        if self._breaks:
            self._is_ragged, self._tail = True, ""
            del self._out[-self._breaks :]
            del self._said[-self._breaks :]
            self._breaks = 0

    def _cut_credit(self) -> None:
        """Leave out what publishing software puts under a text, where it is a paragraph of its own at the end."""
        while may_end_in_credit(self.text()):
            begin, begin_said = self._last
            last = self._out[begin:]
            is_paragraph = last[:1] == ["<p>"] and last[-1] == "</p>" and last.count("</p>") == 1
            is_bare = all(isinstance(each, str) and each != "<br>" for each in last)
            if not (is_paragraph and is_bare and is_credit("".join(self._said[begin_said:]))):
                raise NotPlain
            del self._out[begin:]
            del self._said[begin_said:]
            self._last = len(self._out), len(self._said)
            self._text = None

    def html(self) -> str:
        """What is kept, after the lead picture had its say."""
        return "".join(
            [each if isinstance(each, str) else start_tag("img", each.attributes) for each in self._out]
        )

    def text(self) -> str:
        """The same as plain text."""
        if self._text is None:
            text = "".join(self._said)
            self._text = lines_of(text) if self._is_ragged or self._left_out else text.strip()
        return self._text

    def text_of_excerpt(self) -> str:
        """What an excerpt is made of, at least as much as it needs; "" where it is all of the text."""
        if not self._left_out:
            return ""
        parts: list[str] = []
        place = 0
        for begin, end in [*sorted(self._left_out), (len(self._said), 0)]:
            if begin >= place:
                parts += self._said[place:begin]
                place = end
        return lines_of("".join(parts))
