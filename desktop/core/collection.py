"""Many articles as one file, in pieces: a web page with its pictures, Markdown, JSON, or a table (CSV)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from desktop.core.as_json import article_json, stamp
from desktop.core.fulltext_values import with_full_text
from desktop.core.html.markdown import article_markdown
from desktop.core.html.standalone import Picture, page_foot, page_head, page_part
from desktop.core.models import Article, SourceKind
from desktop.core.text import plain

HEAD = (
    "id", "title", "url", "source", "author", "published", "first_seen", "read", "starred", "language",
    "categories", "tags", "text",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for the beginning of one


@dataclass(frozen=True, slots=True)
class Item:
    """An article that goes out: as it is stored, with the kind of its source and its pictures."""

    article: Article
    kind: SourceKind
    picture: Picture


def pieces(ending: str, title: str, items: Iterable[Item]) -> Iterator[str]:
    """The file, piece by piece; `ending` is one of ENDINGS."""
    return ENDINGS[ending](title, items)


def _as_html(title: str, items: Iterable[Item]) -> Iterator[str]:
    yield page_head(title)
    for item in items:
        yield page_part(with_full_text(item.article), _lines(item.article), item.picture)
    yield page_foot()


def _as_markdown(_: str, items: Iterable[Item]) -> Iterator[str]:
    for number, item in enumerate(items):
        yield ("\n---\n\n" if number else "") + article_markdown(
            with_full_text(item.article), _lines(item.article)
        )


def _as_json(_: str, items: Iterable[Item]) -> Iterator[str]:
    yield "["
    for number, item in enumerate(items):
        whole = with_full_text(item.article)
        fields = {**article_json(item.article, item.kind), "html": whole.html, "text": whole.text}
        yield (",\n" if number else "\n") + json.dumps(fields, ensure_ascii=False, indent=1)
    yield "\n]\n"


def _as_csv(_: str, items: Iterable[Item]) -> Iterator[str]:
    """With a byte order mark: without it spreadsheets take Cyrillic for Latin."""
    yield "\ufeff" + _row(HEAD)
    for item in items:
        article, row = item.article, item.article.row
        yield _row(
            (
                str(row.id), row.title, row.url, row.source_title, article.author, stamp(row.published) or "",
                stamp(article.first_seen) or "", "yes" if row.read else "no", "yes" if row.starred else "no",
                article.language, ", ".join(article.categories), ", ".join(row.tags), with_full_text(article).text,
            )
        )  # fmt: skip


def _row(cells: Iterable[str]) -> str:
    out = io.StringIO()
    safe = (f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells)
    csv.writer(out, lineterminator="\r\n").writerow(safe)  # as RFC 4180 has it
    return out.getvalue()


def _lines(article: Article) -> tuple[str, str]:
    """What stands under a title: source and author, then when it was published."""
    moment = article.row.published or article.first_seen
    origin = filter(None, (plain(article.row.source_title, 120), plain(article.author, 120)))
    return " · ".join(origin), f"{moment:%Y-%m-%d %H:%M} UTC"


ENDINGS: dict[str, Callable[[str, Iterable[Item]], Iterator[str]]] = {
    "html": _as_html,
    "md": _as_markdown,
    "json": _as_json,
    "csv": _as_csv,
}
