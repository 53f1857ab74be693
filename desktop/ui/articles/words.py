"""What is said of an article in words: to a screen reader, in the tooltip, for the copy on disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt

from desktop.core.models import ArticleRow
from desktop.ui import times
from desktop.ui.text import tooltip_text


def spoken(row: ArticleRow) -> str:
    """What a screen reader says of an article: "Unread, starred, title, source, date"."""
    state = "Read" if row.read else "Unread"
    marks = [state, *(["starred"] if row.starred else []), *fate(row)]
    return ", ".join(
        [*marks, row.title or "Untitled", row.source_title, times.full(row.published or row.sort_at)]
    )


def described(row: ArticleRow) -> str:
    """The tooltip of an article: its whole title, when it was published, what of it is on disk."""
    lines = [row.title or "Untitled", f"{row.source_title} · {times.full(row.published or row.sort_at)}"]
    if row.withdrawn:
        lines.append("Withdrawn by the publisher; your copy stays.")
    elif row.updated:
        lines.append("Updated by the publisher; the former text is kept.")
    return "\n".join([*lines, pictures(row)])


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


def _title(row: ArticleRow) -> str:
    return row.title


def _description(row: ArticleRow) -> str:
    return f"{row.excerpt} {pictures(row)}".strip()


def _tooltip(row: ArticleRow) -> str:
    return tooltip_text(described(row))


WORDS: Mapping[int, Callable[[ArticleRow], str]] = {
    Qt.ItemDataRole.DisplayRole: _title,
    Qt.ItemDataRole.AccessibleTextRole: spoken,
    Qt.ItemDataRole.AccessibleDescriptionRole: _description,
    Qt.ItemDataRole.ToolTipRole: _tooltip,
}
