"""Search: any words, in any script, however they are typed."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from desktop.core.models import ArticleQuery
from desktop.store import Store
from desktop.store.queries import match_expression
from tests.unit.store.builders import NOW, add_source, make_article, make_feed

TITLES = (
    "Oʻzbekiston paxta narxi",
    "Ёлка на площади Бишкека",
    "Қазақстан көпірі ашылды",
    "Café on the Silk Road",
    "The road to Osh",
)


@pytest.fixture
def titled(store: Store) -> Store:
    source = add_source(store)
    articles = [make_article(number, title=title, text="", html="") for number, title in enumerate(TITLES)]
    store.articles.apply(source.id, make_feed(articles), None, NOW)
    return store


def titles(store: Store, words: str) -> list[str]:
    return [row.title for row in store.articles.page(ArticleQuery(words=words))]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("o'zbekiston", [0]),
        ("oʻzbekiston", [0]),
        ("oʼzbek", [0]),
        ("елка", [1]),
        ("ЁЛКА бишкек", [1]),
        ("көпір", [2]),
        ("cafe", [3]),
        ("CAFÉ", [3]),
        ("road", [3, 4]),
        ("ro", [3, 4]),
        ("road silk", [3]),
        ('"silk road"', [3]),
        ('"road silk"', []),
        ('"road to" osh', [4]),
        ("ro silk", []),
        ("ro ", []),
        ("writer", [0, 1, 2, 3, 4]),
        ("desert", []),
        ("!!!", []),
    ],
)
def test_words_are_found_however_they_are_written(titled: Store, words: str, found: list[int]) -> None:
    assert titles(titled, words) == [TITLES[place] for place in found]


def test_blank_words_are_no_search(titled: Store) -> None:
    assert len(titles(titled, "   ")) == len(TITLES)


@pytest.mark.parametrize(
    "words",
    ['"', '""', '"a', "AND", "a OR", "NOT", "NEAR(a b)", "title:", "title:road", "-road", "^road", "a*b", "*",
        "(", ")", "{", "a+b", "\0", "a\0b", "\ud800", "'; DROP TABLE articles", '" * ', "ʻ", "road" * 5000,
        "\\", "a.b"],
)  # fmt: skip
def test_no_words_are_a_syntax_error(titled: Store, words: str) -> None:
    query = ArticleQuery(words=words)
    assert titled.articles.count(query) == len(titled.articles.page(query))


def test_random_words_are_no_syntax_error(titled: Store) -> None:
    chance = random.Random(7)
    letters = "abo ё'ʻ\"*()^:-+{}.,\0\n\tANDORT"
    for _ in range(500):
        words = "".join(chance.choices(letters, k=chance.randrange(12)))
        titles(titled, words)


def test_only_the_last_word_may_be_a_beginning() -> None:
    assert match_expression("silk ro") == '"silk" "ro" *'
    assert match_expression("silk road ") == '"silk" "road"'
    assert match_expression('"silk road"') == '"silk road"'
    assert match_expression("silk r") == '"silk" "r"'


def test_hits_are_in_the_order_of_the_list_even_when_old_articles_come_later(store: Store) -> None:
    source = add_source(store)
    for hours in (5, 50, 1, 30, 2):
        article = make_article(hours, published=NOW - timedelta(hours=hours))
        store.articles.apply(source.id, make_feed([article]), None, NOW)
    assert store.articles.page(ArticleQuery(words="bridge")) == store.articles.page(ArticleQuery())
