"""The stored HTML of an article as HTML for QTextDocument, which knows neither figures nor lazy pictures.

Where the picture is known to the store the reader paints it, or its frame with the reason; for others the frame is
set here. The direction of a block is the document's affair: it goes by the first letter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from desktop.core.html.budget import pieces_within_budget
from desktop.core.html.display_tables import TableWidth
from desktop.core.html.galleries import Gallery, columns, with_galleries
from desktop.core.html.markup import BLOCK, VOID, Tag, escape, start_tag, tokens
from desktop.core.html.style import Inks, shown_style
from desktop.core.html.tearing import ELEMENT, PICTURE, Open, begun_again, ended, take_torn, weigh
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
_LINK_SCHEMES = ("http://", "https://", "mailto:", "#")
_CODE = '<table class="code" width="100%"><tr><td class="code"><pre>', "</pre></td></tr></table>"
_CAPTION = '<p class="caption" align="center">'


FIRST_SLICE = 8_000  # characters of HTML: more than a screenful
SLICE = 20_000  # characters of HTML that are worked on at once
PAUSE = (
    1_000  # tags and texts without a slice of their own, as in a long table: an empty one lets others work
)
# Each slice begins with one of these: a list or a table cannot be the first of what is put behind a text.
_SLICE_BEGINS = frozenset({"p", "h2", "h3", "h4", "h5", "h6"})


def for_display(html: str, images: Mapping[str, StoredImage]) -> str:
    """HTML for QTextDocument.setHtml, within the render budget; `images` are those of the article by key."""
    return "".join(slices_for_display(html, images))


def slices_for_display(
    html: str,
    images: Mapping[str, StoredImage],
    first: int = FIRST_SLICE,
    size: int = SLICE,
    *,
    keep_wide: bool = False,
    inks: Inks | None = None,
) -> Iterator[str]:
    """The same in slices, made one by one as they are asked for: each is whole blocks, and all but the first begin
    with a paragraph or a heading. The first is as long as `first`, the others as `size`, and as the block at the end;
    a block of more than TORN goes on in the next slice. Empty ones are pauses.

    For a table that is too wide or too long for the text stands a link table:NUMBER, unless `keep_wide`, which tears
    no table either. The publisher's colours and alignment are shown where `inks`, those of the page, are given.
    """
    yield from _slices(_Page(images, keep_wide=keep_wide, inks=inks), html, first, size)


def wide_table(html: str, images: Mapping[str, StoredImage], number: int) -> str:
    """The table that a link table:`number` of the article stands for, for display; "" where there is none."""
    page = _Page(images)
    for _ in _slices(page, html, FIRST_SLICE, SLICE):
        if number < len(page.wide_tables):
            break
    return page.wide_tables[number] if 0 <= number < len(page.wide_tables) else ""


def _slices(page: _Page, html: str, first: int, size: int) -> Iterator[str]:
    enough = first
    parts = with_galleries(token for piece in pieces_within_budget(html) for token in tokens(piece))
    for part in parts:
        begins = isinstance(part, Tag) and not part.closing and part.name in _SLICE_BEGINS
        if begins and page.length >= enough and page.is_between_blocks:
            yield page.taken()
            enough = size
        if page.may_tear:
            yield from take_torn(page, part)
        else:
            page.take(part)
        if page.is_pause():
            yield ""
    yield page.finished()


class _Page:
    def __init__(
        self, images: Mapping[str, StoredImage], *, keep_wide: bool = False, inks: Inks | None = None
    ) -> None:
        self._images = images
        self._keep_wide = keep_wide
        self._inks = [inks] if inks is not None else []  # of the page, and within each open element
        self._out: list[str] = []
        self._stack: list[Open] = []
        self._table: tuple[int, int, TableWidth] | None = (
            None  # depth and place of the outermost that is open
        )
        self.length = 0  # characters taken since the last slice
        self._steps = 0  # parts taken since the last slice or pause
        self.wide_tables: list[str] = []

    @property
    def is_between_blocks(self) -> bool:
        """Whether no element is open."""
        return not self._stack

    def taken(self) -> str:
        """The page since the last slice."""
        out, self._out, self.length, self._steps = self._out, [], 0, 0
        return "".join(out)

    def is_pause(self) -> bool:
        """Whether many parts have come without a slice: true at each PAUSE. To be asked after each part."""
        self._steps = (self._steps + 1) % PAUSE
        return self._steps == 0

    @property
    def may_tear(self) -> bool:
        """Whether a slice may end here, within what is open: not in a table that may get a window of its own, and on
        paper in none."""
        return self._table is None or not (self._keep_wide or self._table[2].is_large)

    def torn(self, following: Tag | str) -> str:
        """The page since the last slice, every element ended; those that are open go on in the next, with what is
        `following`."""
        self._out.append(ended(self._stack))
        slice_ = self.taken()
        self._out.append(begun_again(self._stack, following))
        if self._table is not None:
            self._table = (self._table[0], 1, TableWidth())
        return slice_

    def take(self, part: Tag | str | Gallery) -> None:
        """Takes a tag, encoded text, or pictures that stand side by side."""
        if isinstance(part, str):
            self.text(part)
        elif isinstance(part, Gallery):
            self._gallery(part)
        elif part.closing:
            self.end(part.name)
        else:
            self.start(part)

    def text(self, text: str) -> None:
        """Takes encoded text."""
        self._out.append(text)
        if self._table is not None:
            self._table[2].text(text)
        self.length += weigh(text)

    def start(self, tag: Tag) -> None:
        """Takes a start tag."""
        if tag.name == "img":
            self._picture(tag.attributes)
            return
        if tag.name == "table" and self._table is None:
            self._table = (len(self._stack), len(self._out), TableWidth())
        elif self._table is not None:
            self._table[2].start(tag)
        begin, end = self._pair(tag, self._style(tag))
        place = self._place(tag)
        self._out.append(place + begin if tag.name == "a" else begin + place)
        self.length += len(begin) + ELEMENT
        if self._stack:
            self._stack[-1].count(tag)
        if tag.name not in VOID:
            start = tag.attributes.get("start", "1") if tag.name == "ol" and tag.raw else "1"
            self._stack.append(Open(tag.name, begin, end, int(start)))

    def end(self, name: str) -> None:
        """Takes an end tag; one that ends nothing is left out."""
        if all(each.name != name for each in self._stack):
            return
        while self._stack:
            inner = self._close()
            if inner == name:
                return

    def finished(self) -> str:
        """The rest of the page, every element ended."""
        while self._stack:
            self._close()
        return "".join(self._out)

    def _close(self) -> str:
        """Ends the innermost element; gives its name."""
        closed = self._stack.pop()
        name = closed.name
        del self._inks[1 + len(self._stack) :]
        if name in ("pre", "code") and self._out:
            self._out[-1] = self._out[-1].rstrip("\n")  # it would stand as an empty line
        self._out.append(closed.end)
        if self._table is not None and self._table[0] == len(self._stack):
            _, start, width = self._table
            self._table = None
            if (width.is_wide or width.is_long) and not self._keep_wide:
                self.wide_tables.append("".join(self._out[start:]))
                self._out[start:] = [width.link(len(self.wide_tables) - 1)]
        return name

    def _place(self, tag: Tag) -> str:
        """The mark of a place that links of the article lead to."""
        name = tag.attributes.get("id", "") if tag.raw else ""
        return f"{start_tag('a', {'name': name})}</a>" if name else ""

    def _style(self, tag: Tag) -> dict[str, str]:
        """The publisher's styling of an element, where it is wanted."""
        if not self._inks or tag.name in VOID:
            return {}
        style = tag.attributes.get("style", "") if tag.raw else ""
        shown, inks = shown_style(style, self._inks[-1])
        self._inks.append(inks)
        return shown

    def _pair(self, tag: Tag, style: Mapping[str, str]) -> tuple[str, str]:
        name = tag.name
        if name == "pre":  # a block of Qt's has a colour behind it, but no room around its text
            return _CODE
        if name == "figure":
            return '<div class="figure">', "</div>"
        if name == "figcaption":
            return _CAPTION, "</p>"
        if name == "caption":  # Qt has no table captions: a row of its own
            return '<tr><td class="caption" colspan="50">', "</td></tr>"
        if name == "span" and style:
            return start_tag(name, style), "</span>"
        if name not in _AS_IT_IS:
            return "", ""
        found = tag.attributes if tag.raw else {}
        wanted = {key: found[key] for key in _ATTRIBUTES.get(name, ()) if key in found}
        wanted.update(style)
        if name == "a" and not wanted.get("href", "").startswith(_LINK_SCHEMES):
            return "", ""
        return start_tag(name, wanted), "" if name in VOID else f"</{name}>"

    def _picture(self, found: Mapping[str, str]) -> None:
        self.length += PICTURE
        scheme, _, key = found.get("src", "").partition(":")
        alt = plain(found.get("alt", ""), 300)
        if scheme != "cache":
            self._out.append(escape(alt))
            return
        if key not in self._images:
            self._frame(alt)
            return
        if self._images[key].is_beacon:
            return
        shown = {name: found[name] for name in ("width", "height") if found.get(name, "").isdigit()}
        image = start_tag("img", {"src": f"cache:{key}", "alt": alt, **shown})
        self._out.append(f'<p align="center">{image}</p>' if self._stands_alone() else image)

    def _gallery(self, gallery: Gallery) -> None:
        """The pictures in rows, as our picture object lays them out, and below them what is said of them, once."""
        found = [tag.attributes for tag in gallery.pictures]
        keys = [each.get("src", "").partition(":")[2] for each in found]
        if self._table is not None or any(
            key not in self._images or self._images[key].is_beacon for key in keys
        ):
            for token in gallery.tokens:
                self.take(token)
            return
        beside = columns(len(keys))
        pictures = (
            start_tag(
                "img",
                {"src": f"cache:{key}#{place % beside}/{beside}", "alt": plain(each.get("alt", ""), 300)},
            )
            for place, (key, each) in enumerate(zip(keys, found, strict=True))
        )
        self._out.append(f'<p align="center">{"".join(pictures)}</p>')
        captions = [caption for caption in gallery.captions if any(map(_is_said, caption))]
        if captions:
            self.start(Tag("figcaption"))
            for number, caption in enumerate(captions):
                for token in ([" · "] if number else []) + caption:
                    self.take(token)
            self.end("figcaption")

    def _stands_alone(self) -> bool:
        """Whether a picture stands straight in a figure: then it gets a line of its own."""
        return bool(self._stack) and self._stack[-1].name == "figure"

    def _frame(self, alt: str) -> None:
        words = f"{escape(alt)}<br>({NOT_STORED})" if alt else NOT_STORED.capitalize()
        if any(each.name not in BLOCK or each.name in ("p", "table") for each in self._stack[-1:]):
            self._out.append(f"[{words.replace('<br>', ' ')}]")
        else:
            self._out.append(
                f'<table align="center" width="100%"><tr><td class="caption">{words}</td></tr></table>'
            )


def _is_said(token: Tag | str) -> bool:
    return isinstance(token, str) and bool(token.strip())
