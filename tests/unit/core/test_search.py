"""The search language: what a query asks, what is told of what cannot be read, and where hits stand."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.models import ArticleQuery, View
from desktop.core.search import LONGEST, SourceFilter, parse, written
from desktop.core.search_marks import marker


@pytest.mark.parametrize(
    ("words", "expression"),
    [
        ("silk road ", '("silk") AND ("road")'),
        ("silk ro", '("silk") AND ("ro" *)'),
        ("silk r", '("silk") AND ("r")'),  # one letter is no beginning
        ('"silk road"', '("silk road")'),
        ('"silk roa', '("silk roa")'),
        ("pre-war ", '("pre war")'),
        ("copper OR gold price ", '("copper" OR "gold") AND ("price")'),
        ("copper | gold ", '("copper" OR "gold")'),
        ("copper or gold ", '("copper") AND ("or") AND ("gold")'),
        ("copper -gold -silver ", '(("copper")) NOT ("gold" OR "silver")'),
        ("12:30 title:road ", '("12 30") AND ("title road")'),
        ("Oʻzbekiston ", '("ozbekiston")'),
        ("NEAR(a, b) ", '("near a") AND ("b")'),
        ("is:unread", ""),
        ("-gold", ""),
        ("!?", ""),
        ("author:Davletova ", '(author : "davletova")'),
        ('author:"Aina Davletova" ro', '(author : "aina davletova") AND ("ro" *)'),
        ("-author:Aina gold ", '(("gold")) NOT (author : "aina")'),
    ],
)
def test_words_become_an_expression(words: str, expression: str) -> None:
    assert parse(words).expression == expression


def test_filters_are_read() -> None:
    search = parse(
        'source:"The Herald" OR source:bulak -folder:Banks lang:ru is:unread -is:starred after:2026 before:2026-11-02'
    )
    assert search.sources == (
        (SourceFilter("source", "the herald"), SourceFilter("source", "bulak")),
        (SourceFilter("lang", "ru"),),
    )
    assert search.without_sources == (SourceFilter("folder", "banks"),)
    assert (search.read, search.starred) == (False, False)
    assert (search.since, search.until) == (date(2026, 1, 1), date(2026, 11, 2))
    assert search.problem == ""


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("gold after:yesterday", "After “after:” comes a day, such as after:2026-01-31."),
        ("gold before:2026-02-30", "After “before:” comes a day, such as before:2026-01-31."),
        ("gold is:good", "“is:” knows unread, read and starred."),
        ("gold has:picture", "“has:” knows note."),
        ("gold author:", "After “author:” comes a name, such as author:Davletova."),
        ("gold source:", "After “source:” comes what to look for, such as source:herald."),
        ("OR gold", "“OR” stands between two words."),
        ("gold OR", "“OR” stands between two words."),
        ("gold OR -copper", "A word with a minus cannot stand beside “OR”."),
        ("gold OR is:unread", "“is:” cannot stand beside “OR”."),
        (
            "gold OR source:a",
            "“OR” joins words with words, filters of sources with each other, and tags with tags.",
        ),
        ("gold is:read is:unread", "Nothing is both “is:unread” and its opposite; the first one is taken."),
    ],
)
def test_what_cannot_be_read_is_told_and_the_words_are_looked_for(words: str, problem: str) -> None:
    search = parse(words)
    assert search.problem == problem
    assert '"gold"' in search.expression


@given(st.text(max_size=60) | st.lists(st.sampled_from(
    ["gold", "OR", "|", '"', "-", ":", "is:", "is:unread", "after:2026", "source:", "source:a", "*", "(", "ё", " ", "'"]
), max_size=12).map(" ".join))  # fmt: skip
def test_any_text_is_a_query(words: str) -> None:
    search = parse(words)
    assert search.expression.count('"') % 2 == 0
    for start, end in marker(words)(words):
        assert 0 <= start < end <= len(words)


def test_a_very_long_query_is_read_to_its_limit() -> None:
    assert len(parse("road " * 5000).terms) == LONGEST // len("road ")


@pytest.mark.parametrize(
    ("words", "text", "hits"),
    [
        ("tokay", "Президент Тоқаев, Tokayev’s and Токио", ["Тоқаев", "Tokayev’s"]),
        ('"exchange rate" ', "An exchange rate; exchange of rates", ["exchange rate"]),
        ("gold OR copper ", "Copper, goldsmith and GOLD", ["Copper", "GOLD"]),
        ("елка ", "Ёлка", ["Ёлка"]),
        ("o'zbek", "Oʻzbekiston", ["Oʻzbekiston"]),
        ("gold -copper", "copper", []),
        ("author:gold copper ", "gold copper", ["copper"]),
        ("pre-war ", "The pre-war price", ["pre-war"]),
        ("is:unread", "unread", []),
    ],
)
def test_hits_are_found_in_the_text_as_it_is_shown(words: str, text: str, hits: list[str]) -> None:
    assert [text[start:end] for start, end in marker(words)(text)] == hits


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (ArticleQuery(words="gold "), "gold"),
        (ArticleQuery(View.UNREAD, words="gold"), "is:unread gold"),
        (
            ArticleQuery(View.STARRED, source_id=3, unread_only=True, words='"gold'),
            'source:"Osh Herald" is:unread is:starred "gold"',
        ),
        (ArticleQuery(folder="Asia/Banks", words="gold"), 'folder:"Asia/Banks" gold'),
    ],
)
def test_a_query_of_any_place_can_be_written_in_words(query: ArticleQuery, words: str) -> None:
    assert written(query, "Osh Herald" if query.source_id else "") == words
    assert parse(words).problem == ""
