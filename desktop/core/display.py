"""The stored HTML of an article as HTML for QTextDocument, which knows neither figures nor lazy pictures.

Where the picture is known to the store the reader paints it, or its frame with the reason; for others the frame is
set here. The direction of a block is the document's affair: it goes by the first letter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from desktop.core.budget import pieces_within_budget
from desktop.core.markup import BLOCK, VOID, Tag, escape, start_tag, tokens
from desktop.core.models import StoredImage
from desktop.core.text import plain

NOT_STORED = "picture not stored yet"
_KEPT_NAMES = """
    p br hr h2 h3 h4 h5 h6 b strong i em u s del ins sub sup small code pre kbd blockquote ul ol li dl dt dd
    table thead tbody tfoot tr th td a div abbr cite q
"""
_AS_IT_IS = frozenset(_KEPT_NAMES.split())
_ATTRIBUTES = {
    "a": ("href", "title"),
    "td": ("colspan", "rowspan"),
    "th": ("colspan", "rowspan"),
    "ol": ("start",),
}
_LINK_SCHEMES = ("http://", "https://", "mailto:")
_CAPTION = '<p class="caption" align="center">'


FIRST_SLICE = 8_000  # characters of HTML: more than a screenful
SLICE = 20_000  # characters of HTML that are worked on at once
# Each slice begins with one of these: a list or a table cannot be the first of what is put behind a text.
_SLICE_BEGINS = frozenset({"p", "h2", "h3", "h4", "h5", "h6"})


def for_display(html: str, images: Mapping[str, StoredImage]) -> str:
    """HTML for QTextDocument.setHtml, within the render budget; `images` are those of the article by key."""
    return "".join(slices_for_display(html, images))


def slices_for_display(
    html: str, images: Mapping[str, StoredImage], first: int = FIRST_SLICE, size: int = SLICE
) -> Iterator[str]:
    """The same in slices, made one by one as they are asked for: each is whole blocks, and all but the first begin
    with a paragraph or a heading. The first is as long as `first`, the others as `size`, and as the block at the end.
    """
    page = _Page(images)
    enough = first
    for piece in pieces_within_budget(html):
        for token in tokens(piece):
            if isinstance(token, str):
                page.text(token)
            elif token.closing:
                page.end(token.name)
            else:
                if page.length >= enough and page.is_between_blocks and token.name in _SLICE_BEGINS:
                    yield page.taken()
                    enough = size
                page.start(token)
    yield page.finished()


class _Page:
    def __init__(self, images: Mapping[str, StoredImage]) -> None:
        self._images = images
        self._out: list[str] = []
        self._stack: list[tuple[str, str]] = []  # the element and what ends it
        self.length = 0  # characters taken since the last slice

    @property
    def is_between_blocks(self) -> bool:
        """Whether no element is open."""
        return not self._stack

    def taken(self) -> str:
        """The page since the last slice."""
        out, self._out, self.length = self._out, [], 0
        return "".join(out)

    def text(self, text: str) -> None:
        """Takes encoded text."""
        self._out.append(text)
        self.length += len(text)

    def start(self, tag: Tag) -> None:
        """Takes a start tag."""
        if tag.name == "img":
            self._picture(tag.attributes)
            return
        begin, end = self._pair(tag)
        self._out.append(begin)
        self.length += len(begin)
        if tag.name not in VOID:
            self._stack.append((tag.name, end))

    def end(self, name: str) -> None:
        """Takes an end tag; one that ends nothing is left out."""
        if all(each != name for each, _ in self._stack):
            return
        while self._stack:
            inner, end = self._stack.pop()
            self._out.append(end)
            if inner == name:
                return

    def finished(self) -> str:
        """The page, every element ended."""
        while self._stack:
            self._out.append(self._stack.pop()[1])
        return "".join(self._out)

    def _pair(self, tag: Tag) -> tuple[str, str]:
        name = tag.name
        if name == "figure":
            return '<div class="figure">', "</div>"
        if name == "figcaption":
            return _CAPTION, "</p>"
        if name == "caption":  # Qt has no table captions: a row of its own
            return '<tr><td class="caption" colspan="50">', "</td></tr>"
        if name not in _AS_IT_IS:
            return "", ""
        found = tag.attributes if tag.raw else {}
        wanted = {key: found[key] for key in _ATTRIBUTES.get(name, ()) if key in found}
        if name == "a" and not wanted.get("href", "").startswith(_LINK_SCHEMES):
            return "", ""
        return start_tag(name, wanted), "" if name in VOID else f"</{name}>"

    def _picture(self, found: Mapping[str, str]) -> None:
        scheme, _, key = found.get("src", "").partition(":")
        alt = plain(found.get("alt", ""), 300)
        if scheme != "cache":
            self._out.append(escape(alt))
            return
        if key not in self._images:
            self._frame(alt)
            return
        shown = {name: found[name] for name in ("width", "height") if found.get(name, "").isdigit()}
        image = start_tag("img", {"src": f"cache:{key}", "alt": alt, **shown})
        self._out.append(f'<p align="center">{image}</p>' if self._stands_alone() else image)

    def _stands_alone(self) -> bool:
        """Whether a picture stands straight in a figure: then it gets a line of its own."""
        return bool(self._stack) and self._stack[-1][0] == "figure"

    def _frame(self, alt: str) -> None:
        words = f"{escape(alt)}<br>({NOT_STORED})" if alt else NOT_STORED.capitalize()
        if any(name not in BLOCK or name in ("p", "table") for name, _ in self._stack[-1:]):
            self._out.append(f"[{words.replace('<br>', ' ')}]")
        else:
            self._out.append(
                f'<table align="center" width="100%"><tr><td class="caption">{words}</td></tr></table>'
            )
