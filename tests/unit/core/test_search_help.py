"""What the search field offers for the word that is being typed."""

from __future__ import annotations

import pytest

from desktop.core.search import parse
from desktop.core.search_help import FILTERS, offers, word_before

VALUES = {"source": ["Булак", "The Herald", "Osh Herald"], "tag": ["банки"]}


@pytest.mark.parametrize(
    ("text", "cursor", "word"),
    [
        ("gold is:un", 10, "is:un"),
        ("gold is:un", 6, "i"),
        ("gold ", 5, ""),
        ('gold source:"The He', 19, 'source:"The He'),
        ('"silk road" so', 14, "so"),
        ("", 0, ""),
    ],
)
def test_the_word_at_the_cursor_is_looked_at(text: str, cursor: int, word: str) -> None:
    assert word_before(text, cursor) == word


@pytest.mark.parametrize(
    ("word", "texts"),
    [
        ("is:", ["is:unread ", "is:read ", "is:starred "]),
        ("-is:s", ["-is:starred "]),
        ("so", ["source:"]),
        ("s", []),  # one letter begins any word
        ("gold", []),
        ("source:her", ['source:"Osh Herald" ', 'source:"The Herald" ']),
        ("source:Бу", ["source:Булак "]),
        ('source:"the', ['source:"The Herald" ']),
        ("-tag:", ["-tag:банки "]),
        ("has:note", []),  # it is there already
        ("author:", []),
    ],
)
def test_filters_and_their_values_are_offered(word: str, texts: list[str]) -> None:
    assert [one.text for one in offers(word, VALUES)] == texts


def test_every_filter_that_is_offered_can_be_read() -> None:
    values = {"after:": "2026-01-31", "before:": "2026-01"}
    for one in FILTERS:
        value = values.get(one.text, "x") if one.text.endswith(":") else ""
        search = parse(f"gold {one.text}{value}")
        assert search.problem == ""
        assert search != parse("gold x")
