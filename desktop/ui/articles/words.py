"""What is said in words: of an article, to a screen reader, in a tooltip, of its copy on disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt

from desktop.core.models import ArticleRow
from desktop.core.tags import READ_LATER, own_tags
from desktop.core.text import plain
from desktop.ui import times
from desktop.ui.text import tooltip_text

UNTITLED = "Untitled"


def title(row: ArticleRow) -> str:
    """What an article is called where it is shown."""
    return plain(row.title) or UNTITLED


def spoken(row: ArticleRow) -> str:
    """What a screen reader says of an article: "Unread, starred, title, source, date"."""
    state = "Read" if row.read else "Unread"
    marks = [
        state,
        *(["starred"] if row.starred else []),
        *fate(row),
        *(["with a note"] if row.noted else []),
    ]
    marks += [READ_LATER.lower()] if READ_LATER in row.tags else []
    marks += [f"tagged {', '.join(own)}"] if (own := own_tags(row.tags)) else []
    where = [plain(row.source_title), *([also_in(row)] if row.also_in else [])]
    return ", ".join([*marks, title(row), *where, times.full(row.published or row.sort_at)])


def described(row: ArticleRow) -> str:
    """The tooltip of an article: its whole title, when it was published, what of it is on disk."""
    lines = [title(row), f"{row.source_title} · {times.full(row.published or row.sort_at)}"]
    if row.withdrawn:
        lines.append("Withdrawn by the publisher; your copy stays.")
    elif row.updated:
        lines.append("Updated by the publisher; the former text is kept.")
    if row.also_in:
        lines.append(f"A{also_in(row)[1:]}.")
    if row.tags:
        lines.append(f"Tags: {', '.join(row.tags)}")
    return "\n".join([*lines, pictures(row)])


def also_in(row: ArticleRow) -> str:
    """The other sources that have the story: "also in Markets, Roads"."""
    return f"also in {', '.join(row.also_in)}"


def copies_words(folded: int) -> str:
    """What a list says of the copies that it does not show."""
    return f" · {times.count(folded)} {'copy' if folded == 1 else 'copies'} folded" if folded else ""


def fate(row: ArticleRow) -> list[str]:
    """What the publisher did to the article since it was stored, in a word."""
    return ["withdrawn"] if row.withdrawn else ["updated"] if row.updated else []


def pictures(row: ArticleRow) -> str:
    """Whether all of the article can be read with the network off, in words."""
    if row.images_total == 0:
        return "Kept for reading offline."
    missing = row.images_total - row.images_stored
    if missing <= 0:
        return f"Kept for reading offline with {_pictures(row.images_total)}."
    return f"{missing} of {_pictures(row.images_total)} not on disk yet."


def _pictures(number: int) -> str:
    return "1 picture" if number == 1 else f"{times.count(number)} pictures"


def _description(row: ArticleRow) -> str:
    return f"{row.excerpt} {pictures(row)}".strip()


def _tooltip(row: ArticleRow) -> str:
    return tooltip_text(described(row))


WORDS: Mapping[int, Callable[[ArticleRow], str]] = {
    Qt.ItemDataRole.DisplayRole: title,
    Qt.ItemDataRole.AccessibleTextRole: spoken,
    Qt.ItemDataRole.AccessibleDescriptionRole: _description,
    Qt.ItemDataRole.ToolTipRole: _tooltip,
}
