"""What may follow the word that is being typed into the search field: filters, and the values that they know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from desktop.core.text import fold

MOST = 12


class Offer(NamedTuple):
    """What stands in place of the word when it is taken, and what it finds."""

    text: str
    about: str


FILTERS = (
    Offer("is:unread", "not read yet"),
    Offer("is:read", "read"),
    Offer("is:starred", "starred"),
    Offer("has:note", "with a note of yours"),
    Offer("source:", "part of the name or address of a source"),
    Offer("folder:", "in a folder of sources"),
    Offer("tag:", "with one of your tags"),
    Offer("author:", "by a name of the author"),
    Offer("lang:", "in a language: ru, kk, uz, en"),
    Offer("country:", "from a country: KZ, KG, TJ, TM, UZ"),
    Offer("after:", "from a day on: 2026-01-31, or 2026-01"),
    Offer("before:", "until before a day"),
)


def word_before(text: str, cursor: int) -> str:
    """The word that ends at the cursor; one that begins with a quotation mark reaches back over spaces."""
    typed = text[:cursor]
    quoted = typed.count('"') % 2 == 1
    start = typed.rfind('"') if quoted else len(typed)
    return typed[typed.rfind(" ", 0, start) + 1 :]


def offers(word: str, values: Mapping[str, Sequence[str]]) -> list[Offer]:
    """What the word may become. `values`: by the name of a filter, without its colon, what there is of it."""
    minus = "-" if word.startswith("-") else ""
    name, colon, value = word.removeprefix("-").partition(":")
    if colon and name in values:
        asked = fold(value.strip('"'))
        begins = sorted(values[name], key=lambda one: (not fold(one).startswith(asked), fold(one)))
        found = [Offer(f"{minus}{name}:{_quoted(one)} ", "") for one in begins if asked in fold(one)]
    elif len(name) > 1 or colon:
        typed = word.removeprefix("-").casefold()
        found = [
            Offer(f"{minus}{one.text}{'' if one.text.endswith(':') else ' '}", one.about)
            for one in FILTERS
            if one.text.startswith(typed)
        ]
    else:
        found = []
    return [one for one in found if one.text.strip() != word][:MOST]


def _quoted(value: str) -> str:
    return f'"{value.replace(chr(34), " ")}"' if " " in value else value
