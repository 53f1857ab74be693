"""A quick door for plain HTML, which is most of what arrives: paragraphs, headings, lists, quotations, links, pictures,
each with its end tag and where it belongs. Of that the parsers behind the slow door change nothing.

It is written as it is read, in one walk and without a tree. What is not certain to be so is left to the slow door: here
everything that is not known makes the document its own. What comes out is the same through both doors
(`tests/property/test_plain_markup.py`).
"""

from __future__ import annotations

from desktop.core.html.elements import kept_link, leads_where_another_does
from desktop.core.html.embeds import address_link
from desktop.core.html.images import Pictures
from desktop.core.html.intake import decoded
from desktop.core.html.markup import escape, start_tag
from desktop.core.html.plain_lines import line_of
from desktop.core.html.plain_output import BLANK, IN_LINE, MEDIA, SPACE, WORDS, Frame, PlainOutput
from desktop.core.html.plain_tags import (
    BLOCKS,
    DISSOLVED,
    ENTRIES,
    INSIDE,
    KEPT,
    LEFT_OUT,
    LINE,
    NO_TARGETS,
    NotPlain,
    Start,
    known_start,
    start_of,
)
from desktop.core.html.tails import NOT_IN_EXCERPT
from desktop.core.html.targets import inner_target
from desktop.core.html.tree import GAPS, HOLDS_BLOCKS, Node, even

_MOST_TAGS = 20_000
_DEEPEST = 50
_MAY_BE_ADDRESS = frozenset({"figure", "p", "div"})
_BELOW = WORDS | MEDIA | SPACE


class PlainWriter(PlainOutput):
    """Reads plain HTML and writes what is kept of it, text by text. Raises NotPlain."""

    __slots__ = (
        "_around",
        "_around_is_block",
        "_base_url",
        "_in_link",
        "_inside",
        "_links",
        "_most_links",
        "_open",
    )

    def __init__(self, base_url: str, pictures: Pictures, most_links: int) -> None:
        super().__init__(pictures)
        self._base_url = base_url
        self._links = 0
        self._most_links = most_links
        self._open: list[Frame] = []
        self._around, self._around_is_block = -1, True  # where the element begins that is open
        self._inside = BLOCKS
        self._in_link = False

    def read(self, markup: str) -> None:
        """Read all of a document without controls (`intake.normal`)."""
        if markup.count("<") >= _MOST_TAGS:
            raise NotPlain
        *paragraphs, rest = markup.split("</p>")
        for part in paragraphs:
            begin = max(part.rfind("<p"), 0)
            if part[:begin].strip():
                self._read_parts(part[:begin])
                part = part[begin:]
            if self._inside != BLOCKS or not self._read_line(part):
                self._read_parts(f"{part}</p>")
        self._read_parts(rest)
        if self._open:
            raise NotPlain
        self._flush(at_edge=True)
        self._drop_breaks()
        self._cut_credit()

    def _read_line(self, markup: str) -> bool:
        """Whether it is a paragraph, but for its end tag, of which all is known at once."""
        line = line_of(markup)
        if line is None:
            return False
        self._links += line.elements  # at most
        if self._links > self._most_links:
            raise NotPlain
        if self._run:
            self._flush(at_edge=True)
        self._is_ragged = self._is_ragged or "  " in line.words
        self._write_block("p", line.written, line.html, line.words, is_outermost=not self._open)
        return True

    def _read_parts(self, markup: str) -> None:
        parts = markup.split("<")
        if parts[0]:
            self._read_text(parts[0])
        place, last = 1, len(parts) - 1
        while place <= last:
            tag, bracket, text = parts[place].partition(">")
            place += 1
            if bracket and tag[:1] == "/":
                self._end(tag[1:])
            elif bracket:
                start = start_of(tag) if tag[:2] == "a " or tag[:4] == "img " else known_start(tag)
                if text and place <= last and parts[place].startswith(start.end):
                    self._whole(start, text)
                    text = parts[place][len(start.end) :]
                    place += 1
                else:
                    self._start(start)
            else:
                raise NotPlain
            if text:
                self._read_text(text)

    def _read_text(self, text: str) -> None:
        if self._inside != ENTRIES:
            self._run += decoded(text) if "&" in text else text
        elif not text.isspace():
            raise NotPlain

    def _whole(self, start: Start, text: str) -> None:
        """An element that holds nothing but text, as most do. With words in it, all is known of it at once."""
        name, is_block = start.name, start.is_block
        words = decoded(text) if "&" in text else text
        is_special = name in NOT_IN_EXCERPT or (name in _MAY_BE_ADDRESS and words.lstrip().startswith("http"))
        if not start.written or start.way != KEPT or is_special or words.isspace() or not words:
            self._start(start)
            self._read_text(text)
            self._end(name)
            return
        self._check_place(start)
        if name == "a":
            self._link(start)
        if self._run:
            self._flush(at_edge=is_block)
        words = even(words)
        if is_block:
            words = words.strip(" ")
            self._write_block(name, start.written, escape(words), words, is_outermost=not self._open)
        else:
            self._say(words)
            self._has |= WORDS | SPACE | IN_LINE
            self._out += (start.written, escape(words), f"<{start.end}")
            self._edge = False
            self._breaks = 0

    def _check_place(self, start: Start) -> None:
        """Whether the element may stand there, so that it ends nothing that is open."""
        if start.is_block:
            is_right = self._inside == (ENTRIES if start.name == "li" else BLOCKS)
        else:
            is_right = self._inside != ENTRIES and not (self._in_link and start.name == "a")
        if not is_right:
            raise NotPlain

    def _start(self, start: Start) -> None:
        self._check_place(start)
        name = start.name
        if name == "br":
            self._break()
        elif name == "img":
            self._picture(start.attributes)
        elif name == "hr":
            self._begin(start)
            self._end_rule()
        elif start.is_block:
            self._begin(start)
        else:
            self._begin_inline(start)

    def _begin_inline(self, start: Start) -> None:
        if start.name == "a":
            start = self._link(start)
            self._in_link = True
        if start.way == DISSOLVED:
            self._open.append(Frame(start.name, DISSOLVED))
            self._inside = LINE
        else:
            self._begin(start)

    def _link(self, start: Start) -> Start:
        """A link as it is written, or not."""
        given = start.attributes
        if "class" in given and leads_where_another_does(given):
            return Start("a", given, "", start.end, is_block=False, way=LEFT_OUT)
        self._links += 1
        if self._links > self._most_links:
            raise NotPlain
        if start.written:
            return start
        if "#" in given.get("href", "") and inner_target(given["href"], self._base_url):
            raise NotPlain
        kept = kept_link(given, self._base_url, NO_TARGETS)
        kept.pop("id", None)
        way = KEPT if kept else DISSOLVED
        return Start("a", given, start_tag("a", kept), start.end, is_block=False, way=way)

    def _begin(self, start: Start) -> None:
        out, said, is_block = self._out, self._said, start.is_block
        former = len(out), len(said), self._run, self._edge, self._breaks, self._has
        if self._run:
            self._flush(at_edge=is_block)
        dropped = self._breaks if is_block else 0
        if dropped:
            self._drop_breaks()
        begin, begin_said = len(out), len(said)
        if not self._open:
            self._last = begin, begin_said
        now = self._has, dropped, self._around, self._around_is_block
        self._open.append(Frame(start.name, start.way, begin, begin_said, *former, *now))
        if len(self._open) > _DEEPEST:
            raise NotPlain
        out.append(start.written)
        if is_block:
            self._gap(GAPS[start.name])
        self._around, self._around_is_block = begin, is_block
        self._edge = is_block
        self._breaks = self._has = 0
        self._inside = INSIDE[start.name]

    def _end(self, name: str) -> None:
        if not self._open:
            raise NotPlain
        frame = self._open.pop()
        if frame.name != name:
            raise NotPlain
        self._inside = INSIDE[self._open[-1].name] if self._open else BLOCKS
        if name == "a":
            self._in_link = False
        if frame.way == DISSOLVED:
            return
        is_block = self._around_is_block
        if self._run:
            self._flush(at_edge=is_block)
        if is_block and self._breaks:
            self._drop_breaks()
        has = self._has
        self._around, self._around_is_block = frame.around, frame.around_is_block
        needed = WORDS | MEDIA if is_block or name == "a" else _BELOW
        if not has & needed or frame.way == LEFT_OUT:
            self._undo(frame)
            return
        if is_block:
            self._end_block(frame)
        else:
            self._out.append(f"</{name}>")
            self._has = frame.has_now | has & _BELOW | IN_LINE
        self._edge = is_block
        self._breaks = 0

    def _end_block(self, frame: Frame) -> None:
        name, out, said, has = frame.name, self._out, self._said, self._has
        is_shell = name == "div" and not has & IN_LINE and out[frame.begin] == "<div>"
        if is_shell and (self._open[-1].name if self._open else "") in HOLDS_BLOCKS:
            if has & BLANK:
                raise NotPlain
            out[frame.begin] = ""
        else:
            out.append(f"</{name}>")
        self._gap(GAPS[name])
        if name in _MAY_BE_ADDRESS and len(out) == frame.begin + 3 and _is_address(said[-2]):
            raise NotPlain
        if name in NOT_IN_EXCERPT:
            self._left_out.append((frame.begin_said, len(said)))
            self._tail = ""  # an excerpt lacks this gap
        self._has = frame.has_now | has & _BELOW

    def _end_rule(self) -> None:
        frame = self._open.pop()
        self._gap(GAPS["hr"])
        self._inside = BLOCKS
        self._around, self._around_is_block = frame.around, frame.around_is_block
        self._has = frame.has_now | MEDIA

    def _break(self) -> None:
        self._flush(at_edge=True)
        self._edge = True
        is_first = self._around_is_block and not self._breaks and len(self._out) == self._around + 1
        if not is_first and self._breaks < 2:
            self._out.append("<br>")
            self._gap("\n")
            self._breaks += 1

    def _picture(self, given: dict[str, str]) -> None:
        for shown in self._pictures.convert(Node("img", given)):
            if isinstance(shown, str):
                self._run += shown
            elif shown.tag == "img":
                self._flush(at_edge=False)
                self._out.append(shown)
                self._has |= MEDIA | IN_LINE
                self._edge = False
                self._breaks = 0
            else:
                raise NotPlain


def _is_address(text: str) -> bool:
    return text.lstrip().startswith("http") and address_link(text) is not None
