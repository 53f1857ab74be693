"""The page of an article as HTML for QTextDocument: head line, body as sanitised, foot."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from datetime import datetime
from urllib.parse import urlsplit

from PySide6.QtCore import QLocale

from desktop.core.models import Article, Enclosure
from desktop.core.text import plain
from desktop.ui.times import full

WORDS_PER_MINUTE = 220


def page(article: Article, body: Iterable[str], *, on_paper: bool = False) -> Iterator[str]:
    """The page in the slices of its body, which has passed the sanitiser and the render budget.

    There is no body element round it: with one, Qt sets every block from left to right. On paper, the address of
    the original is written out.
    """
    slices = iter(body)
    ready = _head(article) + next(slices, "")
    for following in slices:
        yield ready
        ready = following
    yield ready + _foot(article, on_paper=on_paper)


def byline(article: Article) -> tuple[str, str]:
    """Two lines: source and author; local date, when it was changed, reading time and language."""
    row = article.row
    minutes = reading_minutes(article.text)
    origin = [plain(row.source_title, 120), plain(article.author, 120)]
    facts = [
        _when(row.published, article.first_seen),
        f"updated {full(article.updated_at)}" if row.updated and article.updated_at else "",
        f"{minutes} min read" if minutes else "",
        language_name(article.language),
    ]
    return " · ".join(filter(None, origin)), " · ".join(filter(None, facts))


def language_name(code: str) -> str:
    """The English name of a language by its code (BCP 47); "" when it is not known."""
    language = QLocale(code.replace("-", "_")).language() if code else QLocale.Language.C
    return "" if language == QLocale.Language.C else QLocale.languageToString(language)


def reading_minutes(text: str) -> int:
    """Whole minutes to read `text`; 0 for a text of a few words."""
    words = len(text.split())
    return 0 if words < WORDS_PER_MINUTE // 4 else max(1, round(words / WORDS_PER_MINUTE))


def _when(published: datetime | None, first_seen: datetime) -> str:
    return full(published) if published is not None else f"seen {full(first_seen)}"


def _head(article: Article) -> str:
    title = html.escape(plain(article.row.title) or "Untitled")
    return f'<h1 class="title">{title}</h1><p class="meta" align="left">{_lines(byline(article))}</p>'


def _lines(lines: Iterable[str]) -> str:
    return "<br>".join(html.escape(line) for line in lines if line)


def _foot(article: Article, *, on_paper: bool) -> str:
    lines = [_enclosure(enclosure) for enclosure in article.enclosures]
    if article.row.url:
        host = "" if on_paper else urlsplit(article.row.url).hostname
        label = plain(host or article.row.url, 500)
        lines.append(f'Original at <a href="{html.escape(article.row.url)}">{html.escape(label)}</a>')
    if not lines:
        return ""
    return "".join(f'<p class="foot">{line}</p>' for line in ["", *lines])


def _enclosure(enclosure: Enclosure) -> str:
    kind = plain(enclosure.type, 60) or "file"
    size = f", {enclosure.length / 1e6:.1f} MB" if enclosure.length >= 50_000 else ""
    label = plain(enclosure.url, 100)
    link = f'<a href="{html.escape(enclosure.url)}">{html.escape(label)}</a>'
    return f"Attached {html.escape(kind)}{size}: {link}"
