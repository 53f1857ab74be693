"""The page of an article as HTML for QTextDocument: head line, body as sanitised, foot."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from urllib.parse import unquote

from PySide6.QtCore import QLocale

from desktop.core.addresses import host_name
from desktop.core.html.image_keys import image_key
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
    also_in = f"also in {', '.join(plain(title, 60) for title in row.also_in)}" if row.also_in else ""
    origin = [plain(row.source_title, 120), plain(article.author, 120), also_in]
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
    attached = [each for each in article.enclosures if not _is_shown(each, article)]
    lines = [_enclosure(enclosure) for enclosure in attached]
    if article.full.problem and not article.full.html:
        lines.insert(0, f"Only the feed’s text is here. {html.escape(plain(article.full.problem, 300))}")
    if article.row.url:
        host = "" if on_paper else host_name(article.row.url)
        label = plain(host or article.row.url, 500)
        lines.append(f'Original at <a href="{html.escape(article.row.url)}">{html.escape(label)}</a>')
    if not lines:
        return ""
    return "".join(f'<p class="foot">{line}</p>' for line in ["", *lines])


def _is_shown(enclosure: Enclosure, article: Article) -> bool:
    """Whether an attached picture stands in the text already."""
    return f"cache:{image_key(enclosure.url)}" in article.html


def _enclosure(enclosure: Enclosure) -> str:
    """The kind and the size of an attached file, and a link with its name and host."""
    main, _, rest = plain(enclosure.type, 60).lower().partition("/")
    kind = _KINDS.get(main, "") or ("PDF" if rest == "pdf" else "File")
    facts = [rest if kind in ("Audio", "Video", "File") else "", _size(enclosure.length)]
    detail = f" ({', '.join(filter(None, facts))})" if any(facts) else ""
    name = plain(unquote(re.split("[?#]", enclosure.url)[0].rpartition("/")[2]), 80)
    label = " – ".join(filter(None, [name, plain(host_name(enclosure.url), 80)])) or plain(enclosure.url, 100)
    return f'{kind}{html.escape(detail)}: <a href="{html.escape(enclosure.url)}">{html.escape(label)}</a>'


_KINDS = {"audio": "Audio", "video": "Video", "image": "Picture", "text": "Text"}


def _size(length: int) -> str:
    """Bytes as people read them; "" where a feed does not say, or says what cannot be."""
    if length < 1_000:
        return ""
    return f"{length / 1e6:.1f} MB" if length >= 100_000 else f"{length / 1e3:.0f} KB"
