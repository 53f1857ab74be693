"""An article as others cite it."""

from __future__ import annotations

import re
from datetime import date

from desktop.core.models import Article
from desktop.core.text import plain

_MONTH_NAMES = "January February March April May June July August September October November December"
_MONTHS = _MONTH_NAMES.split()
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


def citation(article: Article, published: date | None, accessed: date) -> str:
    """Author, title, source, day of publication, address and day of access, on one line.

    The days are the person's own; an author who is not named is left out.
    """
    row = article.row
    title = plain(row.title) or "Untitled"
    parts = [
        plain(article.author, 200),
        f"“{title}”",
        ", ".join(filter(None, [plain(row.source_title, 200), _day(published) if published else ""])),
        f"{row.url} (accessed {_day(accessed)})" if row.url else "",
    ]
    return ". ".join(part.rstrip(".") for part in parts if part) + "."


def file_name(title: str, ending: str) -> str:
    """A name for a file that every system takes: at most 80 characters of the title, and `ending` (".html")."""
    name = _NOT_IN_NAMES.sub(" ", plain(title, 80)).strip(" .")
    return f"{' '.join(name.split()) or 'Article'}{ending}"


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
