"""How large a table is: what does not fit into a column of text is read in a window of its own."""

from __future__ import annotations

from desktop.core.html.markup import Tag, escape, unescape
from desktop.core.text import plain

SCHEME = "table"  # of the link that stands for a table; never taken from outside
MOST_CHARACTERS = 76  # that a table in the text may need in width; more would break its words
MOST_CELLS = 400  # that a table in the text may have: Qt lays out a table at once, each cell three times
LAYOUT_CELLS = 60  # up to these a long table is taken for one that holds text, and not for one of data
_GAP = 2  # characters between columns


class TableWidth:
    """Counts while a table goes by."""

    def __init__(self) -> None:
        self.rows = 0
        self.cells = 0
        self._columns: list[int] = []  # the longest word of each
        self._at = 0
        self._is_single = False
        self._in_caption = False
        self._caption: list[str] = []

    @property
    def is_wide(self) -> bool:
        """Whether its words do not fit side by side."""
        return sum(self._columns) + _GAP * len(self._columns) > MOST_CHARACTERS

    @property
    def is_long(self) -> bool:
        """Whether it has too many cells for the text."""
        return self.cells > MOST_CELLS

    @property
    def is_large(self) -> bool:
        """Whether it may yet turn out to be too wide or too long for the text."""
        return self.cells > LAYOUT_CELLS or self.is_wide

    def start(self, tag: Tag) -> None:
        """Takes a start tag within the table."""
        if tag.name == "caption":
            self._in_caption = True
        elif tag.name == "tr":
            self.rows += 1
            self._at = 0
        elif tag.name in ("td", "th"):
            self.cells += 1
            span = tag.attributes.get("colspan", "1") if tag.raw else "1"
            self._is_single = not span.isdigit() or int(span) <= 1
            self._at += 1 if self._is_single else int(span)
            self._columns += [0] * (self._at - len(self._columns))
            self._in_caption = False

    def text(self, text: str) -> None:
        """Takes encoded text within the table."""
        words = unescape(text)
        if self._in_caption:
            self._caption.append(words)
        elif self._at and self._is_single:
            longest = max(map(len, words.split()), default=0)
            self._columns[self._at - 1] = max(self._columns[self._at - 1], longest)

    def link(self, number: int) -> str:
        """What stands for the table in the text: the link to table `number` of the article."""
        caption = plain("".join(self._caption), 200)
        size = f"{len(self._columns)} columns, {self.rows} rows"
        name = f"{escape(caption)} ({size})" if caption else f"Table of {size.replace(',', ' and')}"
        return f'<p><a href="{SCHEME}:{number}">{name}</a></p>'
