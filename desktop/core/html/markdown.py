"""A kept article as Markdown (CommonMark with tables as GitHub writes them)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html.parser import HTMLParser

from desktop.core.models import Article
from desktop.core.text import plain

_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "cite": "*", "code": "`", "del": "~~", "s": "~~"}
_BLOCKS = {
    "p",
    "div",
    "figure",
    "figcaption",
    "caption",
    "dt",
    "dd",
    "hr",
    "pre",
    "blockquote",
    "ul",
    "ol",
    "table",
}
_SPECIAL = re.compile(r"([\\`*_\[\]<>])")


def to_markdown(html: str) -> str:
    """Turn sanitised HTML into Markdown; pictures become their alternative text."""
    writer = _Writer()
    writer.feed(html)
    writer.close()
    return re.sub(r"\n{3,}", "\n\n", writer.text()).strip() + "\n"


def article_markdown(article: Article, lines: Iterable[str]) -> str:
    """A whole article: its title, `lines` under it, its address, its text."""
    head = [
        f"# {_escaped(plain(article.row.title) or 'Untitled')}",
        "  \n".join(map(_escaped, filter(None, lines))),
    ]
    if article.row.url:
        head.append(f"<{article.row.url}>")
    return "\n\n".join([*filter(None, head), to_markdown(article.html)])


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._lists: list[int | None] = []  # the next number of an ordered list, None for a bullet
        self._quotes: list[int] = []  # where in the output each open quotation began
        self._links: list[str] = []
        self._cells: list[str] | None = None
        self._head_written = False
        self._verbatim = False

    def text(self) -> str:
        return "".join(self._out)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _MARKS and not self._verbatim:
            self._out.append(_MARKS[tag])
        elif tag == "a":
            self._links.append(given.get("href", ""))
            self._out.append("[")
        elif tag == "img":
            self._out.append(f"*[{_escaped(given.get('alt') or 'picture')}]*")
        elif tag == "br":
            self._out.append(" " if self._cells is not None else "  \n")
        elif tag in ("ul", "ol"):
            self._lists.append(int(given.get("start") or 1) if tag == "ol" else None)
            self._block()
        elif tag == "li":
            self._item()
        elif re.fullmatch("h[1-6]", tag):
            self._block()
            self._out.append("#" * int(tag[1]) + " ")
        elif tag in ("tr", "td", "th", "table", "thead"):
            self._table_start(tag)
        elif tag in _BLOCKS:
            self._block_start(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _MARKS and not self._verbatim:
            self._out.append(_MARKS[tag])
        elif tag == "a" and self._links:
            href = self._links.pop()
            self._out.append(f"]({href})" if href else "]")
        elif tag in ("ul", "ol") and self._lists:
            self._lists.pop()
            self._block()
        elif tag in ("td", "th") and self._cells is not None:
            start = int(self._cells.pop())
            cell = "".join(self._out[start:]).replace("|", "\\|").replace("\n", " ").strip()
            del self._out[start:]
            self._cells.append(cell)
        elif tag == "tr" and self._cells is not None:
            self._row(self._cells)
            self._cells = None
        elif tag == "blockquote" and self._quotes:
            start = self._quotes.pop()
            inner = re.sub(r"\n{3,}", "\n\n", "".join(self._out[start:])).strip()
            del self._out[start:]
            self._out.append("\n".join(f"> {line}".rstrip() for line in inner.split("\n")) + "\n\n")
        elif tag == "pre":
            self._verbatim = False
            self._out.append("\n```\n\n")
        elif tag in _BLOCKS or re.fullmatch("h[1-6]", tag):
            self._block()

    def handle_data(self, data: str) -> None:
        if self._verbatim:
            self._out.append(data)
        else:
            self._out.append(_escaped(re.sub(r"\s+", " ", data)))

    def _block(self) -> None:
        if self._cells is None:
            self._out.append("\n\n")

    def _block_start(self, tag: str) -> None:
        self._block()
        if tag == "hr":
            self._out.append("---\n\n")
        elif tag == "pre":
            self._verbatim = True
            self._out.append("```\n")
        elif tag == "blockquote":
            self._quotes.append(len(self._out))

    def _item(self) -> None:
        depth = "    " * (len(self._lists) - 1)
        number = self._lists[-1] if self._lists else None
        if self._lists and number is not None:
            self._lists[-1] = number + 1
        self._out.append(f"\n{depth}{'-' if number is None else f'{number}.'} ")

    def _table_start(self, tag: str) -> None:
        if tag == "table":
            self._block()
            self._head_written = False
        elif tag == "tr":
            self._cells = []
        elif tag in ("td", "th") and self._cells is not None:
            self._cells.append(str(len(self._out)))

    def _row(self, cells: list[str]) -> None:
        self._out.append(f"| {' | '.join(cells)} |\n")
        if not self._head_written:
            self._out.append(f"|{' --- |' * len(cells)}\n")
            self._head_written = True


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
