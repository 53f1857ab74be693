"""Where the words of a search stand in a text as it is shown."""

from __future__ import annotations

import re
from collections.abc import Callable

from desktop.core.search import parse
from desktop.core.search_terms import WORDS, Term
from desktop.core.transliteration import key

_SHOWN_WORD = re.compile(r"[^\W_]+(?:['ʻʼ’‘`][^\W_]+)*")


def marker(words: str) -> Callable[[str], tuple[tuple[int, int], ...]]:
    """A function that gives where the words of a query stand in a text as it is shown: (start, end) of each hit."""
    terms = [term for group in parse(words).terms for term in group if not term.column]

    def spans(text: str) -> tuple[tuple[int, int], ...]:
        whole = key(text) if terms else ""
        if not any(one in whole for term in terms for one in term.endings or term.words[:1]):
            return ()
        found = [
            (word.start(), word.end(), tuple(WORDS.findall(key(word.group()))))
            for word in _SHOWN_WORD.finditer(text)
        ]
        return tuple(
            (found[at][0], found[at + length - 1][1])
            for at in range(len(found))
            if (length := _length_at(terms, found, at))
        )

    return spans


def _length_at(terms: list[Term], found: list[tuple[int, int, tuple[str, ...]]], at: int) -> int:
    """How many shown words from `at` on are a hit of one of the terms; 0 for none."""
    for term in terms:
        keys: list[str] = []
        length = 0
        while len(keys) < len(term.words) and at + length < len(found):
            keys.extend(found[at + length][2])
            length += 1
        if _is(term, keys):
            return length
    return 0


def _is(term: Term, keys: list[str]) -> bool:
    count = len(term.words)
    if len(keys) < count:
        return False
    if not term.endings:
        return tuple(keys[:count]) == term.words
    return tuple(keys[: count - 1]) == term.words[:-1] and keys[count - 1].startswith(term.endings)
