"""What is said in words: of an article, to a screen reader, in a tooltip, of its copy on disk; of an empty list."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt

from desktop.core.models import ArticleQuery, ArticleRow, View
from desktop.core.tags import READ_LATER, own_tags, tag_key
from desktop.ui import times
from desktop.ui.text import tooltip_text


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
    where = [row.source_title, *([also_in(row)] if row.also_in else [])]
    return ", ".join([*marks, row.title or "Untitled", *where, times.full(row.published or row.sort_at)])


def described(row: ArticleRow) -> str:
    """The tooltip of an article: its whole title, when it was published, what of it is on disk."""
    lines = [row.title or "Untitled", f"{row.source_title} · {times.full(row.published or row.sort_at)}"]
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

Emptiness = tuple[str, str, str]  # a title, a sentence, the words on the button; "" for none
SEARCHING: Emptiness = ("Searching…", "The first articles come in a moment.", "")
SORTING: Emptiness = ("Sorting by title…", "", "")
_OTHERWISE: Emptiness = ("No articles yet", "Refresh to fetch what the sources have.", "Refresh")
_OF_VIEW: Mapping[View, Emptiness] = {
    View.STARRED: ("No starred articles", "Press S on an article to keep it here.", ""),
    View.NOTES: ("No notes yet", "Press E on an article to write one.", ""),
    View.UPDATED: ("Nothing was changed", "Articles that their publisher edits come here.", ""),
    View.UNREAD: ("All read", "New articles come here when the sources are refreshed.", "Refresh"),
    View.TODAY: ("Nothing from today yet", "", "Refresh"),
    View.KEPT: (
        "Nothing is kept whole yet",
        "Articles come here with their text and all their pictures.",
        "Refresh",
    ),
}


def why_empty(
    base: ArticleQuery, words: str, *, unread_only: bool, follows: bool, country: str = ""
) -> Emptiness:
    """What a list says that shows nothing: what, why, and a button."""
    if words:
        return "Nothing found", f"No article here has “{words}”.", "Clear search"
    if not follows:
        return "Nothing to read yet", "Articles come here once you follow a source.", ""
    if country:
        return f"Nothing of {country} here", "Articles of other countries are hidden.", "Show all countries"
    if unread_only:
        return "Nothing unread here", "", "Show read articles too"
    if base.words:
        return "Nothing found", "No stored article fits this search.", ""
    if base.tag and tag_key(base.tag) == tag_key(READ_LATER):
        return "Nothing to read later", "Press L on an article to put it by.", ""
    if base.tag:
        return f"Nothing is tagged “{base.tag}”", "Press Shift+T on an article to tag it.", ""
    return _OF_VIEW.get(base.view, _OTHERWISE)
