"""The first pass over HTML from outside: what is dropped with its content goes, depth and number of tags are bounded.

It comes before the sanitiser proper, which takes seconds for 50,000 nested elements or 300,000 attributes.
"""

from __future__ import annotations

import re
from functools import lru_cache

from desktop.core.html.markup import BLOCK, VOID, Tag, next_token, start_tag, unescape
from desktop.core.html.style import STYLED

MAX_CHARACTERS = 2_000_000
MOST_KEPT = 6 * MAX_CHARACTERS  # characters of what was made of those: "&" is kept as "&amp;"
MAX_DEPTH = 100
MAX_TAGS = 25_000

_RENAMED = {
    "h1": "h2",
    "strike": "s",
    "tt": "code",
    "samp": "code",
    "var": "i",
    "dfn": "i",
    "menu": "ul",
    "dir": "ul",
    "xmp": "pre",
    "listing": "pre",
    "plaintext": "pre",
    "image": "img",
    "object": "iframe",
    "embed": "iframe",
    "frame": "iframe",
}
_DIVISIONS = (
    "address article aside center details dialog fieldset footer header hgroup main nav section summary"
)
_ALLOWED_NAMES = """
    p br hr h2 h3 h4 h5 h6 b strong i em u s del ins sub sup small code pre kbd blockquote ul ol li dl dt dd
    table caption thead tbody tfoot tr th td figure figcaption img a span div abbr cite q time
"""
_AS_DIV = frozenset(_DIVISIONS.split())
ALLOWED = frozenset(_ALLOWED_NAMES.split())
WORKED_ON = frozenset(["iframe", "audio", "video", "source", "picture"])
_KNOWN = ALLOWED | WORKED_ON
# Where pages keep the address of a picture until it is scrolled to, the best first.
SOURCE_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
LAZY_SOURCES = (
    *("data-src", "data-lazy-src", "data-original", "data-img-url", "data-large-file", "data-orig-file"),
    *("data-full-url", "data-hi-res-src", "data-lazy", "data-lazyload", "data-echo", "data-image"),
)
_IMAGE_SOURCES = (*SOURCE_SETS, *LAZY_SOURCES)
_TARGETS = """
    p li h2 h3 h4 h5 h6 sup sub span div dt dd td th blockquote figure b strong i em small cite
"""
TARGETS = frozenset(_TARGETS.split())  # elements that a link of the same page may lead to
ATTRIBUTES: dict[str, frozenset[str]] = {
    **dict.fromkeys(TARGETS | STYLED, frozenset({"id", "style", "align"})),
    "a": frozenset({"href", "title", "class", "id", "name"}),
    "img": frozenset({"src", "alt", "width", "height", "class", "style", *_IMAGE_SOURCES}),
    "source": frozenset({"src", "type", *_IMAGE_SOURCES}),
    "iframe": frozenset({"src", "data-src", "data-lazy-src", "title", "width", "height", "class"}),
    "audio": frozenset({"src", "title"}),
    "video": frozenset({"src", "title"}),
    "td": frozenset({"colspan", "rowspan", "id", "style", "align"}),
    "th": frozenset({"colspan", "rowspan", "id", "style", "align"}),
    "ol": frozenset({"start"}),
    "figure": frozenset({"class", "id"}),
    "div": frozenset({"class", "id", "style", "align"}),
    "blockquote": frozenset({"class", "id", "style", "align"}),
}
# Dropped with what is inside. Of the first kind the content is no HTML and ends at its own end tag only.
_RAW = frozenset(["script", "style", "textarea", "title", "iframe", "noembed", "noframes", "template"])
_DROPPED = frozenset(["form", "button", "select", "svg", "canvas", "applet", "datalist"])
HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_P = frozenset({"p"})
_CELLS = _P | {"td", "th"}
_ENDED_BY: dict[str, frozenset[str]] = {
    **dict.fromkeys(BLOCK, _P),
    "li": _P | {"li"},
    **dict.fromkeys(("dt", "dd"), _P | {"dt", "dd"}),
    **dict.fromkeys(("td", "th"), _CELLS),
    "tr": _CELLS | {"tr"},
    **dict.fromkeys(("tbody", "thead", "tfoot"), _CELLS | {"tr", "tbody", "thead", "tfoot"}),
}
_NO_CHARACTER = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufdd0-\ufdef\ufeff\ufffe\uffff\ud800-\udfff]")
_CONTROLS = bytes([*range(9), 11, *range(14, 32), 127])
# Stands for "&" in texts: the sanitiser needs half a minute for two million of those.
AMPERSAND = "\ufdd0"
_ANY_TAG = re.compile("</?[A-Za-z!?][^<>]*>?")
_WALLS = frozenset({"td", "th", "caption", "table"})
_TABLE_PARTS = frozenset(["table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"])
LONGEST_VALUE = 20_000
_LONGEST_NAME = 10  # of a reference that is met often


def characters(text: str) -> str:
    """`text` without what is no character of HTML, nor the marks of byte order that parsers drop here and there."""
    # Nearly all texts are without, and to see that in their bytes takes a third of asking whether they can be printed.
    try:
        written = text.encode()
    except UnicodeEncodeError:
        return _NO_CHARACTER.sub("", text)
    if b"\xef" in written or len(written.translate(None, _CONTROLS)) != len(written):
        return _NO_CHARACTER.sub("", text)
    return text


def decoded(text: str) -> str:
    """HTML text as the characters that it stands for."""
    if "&" not in text:
        return text
    first, *rest = text.split("&")
    parts = [first]
    for piece in rest:
        name, end, after = piece.partition(";")
        character = _reference(name) if end and len(name) <= _LONGEST_NAME else ""
        if not character:
            break
        parts += (character, after)
    else:
        return "".join(parts)
    text = characters(unescape(text))
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


@lru_cache(maxsize=1024)
def _reference(name: str) -> str:
    """The character that "&name;" stands for wherever it stands; "" for what needs a closer look."""
    found = unescape(f"&{name};") if name.isascii() and name.removeprefix("#").isalnum() else ""
    return found if len(found) == 1 and found != "\r" and characters(found) else ""


def normal(html: str, most: int = MAX_CHARACTERS) -> str:
    """The first two million characters of HTML, or `most`, with one kind of line end, and without what is no
    character."""
    text = characters(html[:most])
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "<![CDATA[" in text:
        text = text.replace("<![CDATA[", "").replace("]]>", "")
    return text


def bounded(text: str) -> str:
    """HTML that is `normal`, of known tags with known attributes, at most 100 deep and 25,000 tags; all other text is
    kept."""
    return _Intake(text).run()


class _Intake:
    def __init__(self, html: str) -> None:
        self._html = html
        self._lower = html.lower()
        if len(self._lower) != len(html):  # a letter grew: places must stay comparable
            self._lower = re.sub("[A-Z]", lambda found: found[0].lower(), html)
        self._out: list[str] = []
        self._stack: list[tuple[str, bool]] = []  # name and whether its tag was written
        self._open: dict[str, int] = {}
        self._depth = 0
        self._tags = 0
        self._last: dict[str, int] = {}

    def run(self) -> str:
        position = 0
        while (match := next_token(self._html, position)) is not None:
            self._out.append(_text(self._html[position : match.start()]))
            position = match.end()
            self._tags += 1
            if self._tags > MAX_TAGS:
                self._out.append(_text(_ANY_TAG.sub(" ", self._html[match.start() :])))
                return "".join(self._out)
            if not match["name"]:
                continue
            name = match["name"].lower()
            if match["closing"]:
                self._close(_renamed(name))
            else:
                self._start(Tag(name, False, match["attributes"]), position)
                if not match["attributes"].endswith("/"):
                    position = self._after_dropped(name, position)
        self._out.append(_text(self._html[position:]))
        return "".join(self._out)

    def _after_dropped(self, name: str, position: int) -> int:
        if name in _RAW:
            end = self._end_tag(name, position)
            return end if end >= 0 else (position if name in ("title", "iframe") else len(self._html))
        if name not in _DROPPED:
            return position
        if name not in self._last:
            self._last[name] = self._lower.rfind(f"</{name}")
        depth, inside, close = 1, position, -1
        while depth and inside <= self._last[name]:
            close = self._lower.find(f"</{name}", inside) if close < inside else close
            again = self._lower.find(f"<{name}", inside, close)
            depth += 1 if again >= 0 else -1
            inside = (again if again >= 0 else close) + len(name) + 2
        if depth:
            self._last[name] = -1  # they are not all closed: from here on only the tags go
            return position
        return self._past_bracket(inside)

    def _end_tag(self, name: str, position: int) -> int:
        if not self._ends_after(name, position):
            return -1
        return self._past_bracket(self._lower.find(f"</{name}", position))

    def _past_bracket(self, position: int) -> int:
        end = self._html.find(">", position)
        return end + 1 if end >= 0 else len(self._html)

    def _ends_after(self, name: str, position: int) -> bool:
        if name not in self._last:
            self._last[name] = self._lower.rfind(f"</{name}")
        return self._last[name] >= position

    def _start(self, tag: Tag, position: int) -> None:
        name = _renamed(tag.name)
        if name not in _KNOWN:
            return
        if name in VOID:
            self._out.append(_written(name, tag))
            return
        if name in _TABLE_PARTS and name != "table" and not self._open.get("table"):
            self._out.append(" ")  # a part of no table: parsers drop its tag
            return
        if name in HEADINGS:
            self._close_heading()
        ended = _ENDED_BY.get(name, frozenset())
        while self._stack and self._stack[-1][0] in ended:
            self._pop()
        written = self._depth < MAX_DEPTH
        self._out.append(_written(name, tag) if written else (" " if name in BLOCK else ""))
        if name == "iframe" or (name in ("audio", "video") and not self._ends_after(name, position)):
            # Nothing is inside a frame; what follows a player that is never closed is the article.
            self._out.append(f"</{name}>" if written else "")
            return
        self._stack.append((name, written))
        self._open[name] = self._open.get(name, 0) + 1
        self._depth += written

    def _close_heading(self) -> None:
        """A heading ends the one that it stands in, whatever is open in that: parsers leave them nested."""
        for inner, _ in reversed(self._stack[-MAX_DEPTH:]):
            if inner in HEADINGS:
                self._close(inner)
            if inner in BLOCK:
                return

    def _close(self, name: str) -> None:
        if name not in _KNOWN or not self._open.get(name):
            return
        above = self._above(name)
        if above < 0:
            return
        if name not in BLOCK and any(inner in BLOCK for inner, _ in self._stack[len(self._stack) - above :]):
            # <b><p></b></p>: the parser knows how to part these.
            _, written = self._stack.pop(len(self._stack) - 1 - above)
            self._open[name] -= 1
            self._depth -= written
        else:
            for _ in range(above):
                self._pop(leave=True)
            written = self._stack[-1][1]
            self._pop()
        self._out.append(f"</{name}>" if written else (" " if name in BLOCK else ""))

    def _above(self, name: str) -> int:
        """How many open elements are inside the innermost `name`; -1 when the end tag ends nothing."""
        for above, (inner, _) in enumerate(reversed(self._stack)):
            if inner == name:
                return above
            if above > 2 * MAX_DEPTH or (inner in _WALLS and name not in _TABLE_PARTS):
                break
        return -1

    def _pop(self, *, leave: bool = False) -> None:
        name, written = self._stack.pop()
        self._open[name] -= 1
        self._depth -= written
        if leave and written:
            self._out.append(f"</{name}>")


def _text(text: str) -> str:
    return text.replace("&", AMPERSAND).replace("<", f"{AMPERSAND}lt;")


def _renamed(name: str) -> str:
    return "div" if name in _AS_DIV else _RENAMED.get(name, name)


def _written(name: str, tag: Tag) -> str:
    wanted = ATTRIBUTES.get(name)
    if wanted is None or not tag.raw:
        return f"<{name}>"
    found = tag.attributes
    if name == "iframe" and not found.get("src") and found.get("data"):
        found["src"] = found["data"]
    kept = {key: found[key] for key in found if key in wanted and len(found[key]) <= LONGEST_VALUE}
    return start_tag(name, kept)
