"""Rules on arrival mark what comes, and nothing that is there already."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desktop.core.errors import UsageError
from desktop.core.models import ArticleQuery, View
from desktop.store import Store
from tests.unit.store.builders import NOW, add_source, make_article, make_feed

TITLES = ("Toqaev opens a bridge", "Sports: the final", "Copper is dear", "Sport and Токаев")


@pytest.fixture
def ruled(store: Store) -> Store:
    """A store with one source, an older article and three rules."""
    source = add_source(store)
    old = make_article(99, title="Old sport", text="", published=NOW - timedelta(days=2))
    store.articles.apply(source.id, make_feed([old]), None, NOW)
    store.arrival_rules.add("sport", read=True, star=False)
    store.arrival_rules.add("tokayev source:steppe", read=False, star=True)
    store.arrival_rules.add("copper source:elsewhere", read=True, star=True)
    return store


def arrive(store: Store) -> tuple[int, ...]:
    (source,) = store.sources.all()
    articles = [make_article(n, title=title, text=title, author="") for n, title in enumerate(TITLES)]
    return store.articles.apply(source.id, make_feed(articles), None, NOW).new


def titles(store: Store, query: ArticleQuery) -> set[str]:
    return {row.title for row in store.articles.page(query)}


def test_what_arrives_is_marked_and_what_was_there_is_not(ruled: Store) -> None:
    arrive(ruled)
    assert titles(ruled, ArticleQuery(View.UNREAD)) == {*TITLES[:3], "Old sport"}
    assert titles(ruled, ArticleQuery(View.STARRED)) == {TITLES[0], TITLES[3]}
    assert ruled.check() == []


def test_each_rule_tells_what_it_did(ruled: Store) -> None:
    arrive(ruled)
    assert [one.title for one in ruled.arrival_rules.acts.of(1)] == [TITLES[3]]
    assert {one.title for one in ruled.arrival_rules.acts.of(2)} == {TITLES[0], TITLES[3]}
    assert [ruled.arrival_rules.acts.count(one.id) for one in ruled.arrival_rules.all()] == [1, 2, 0]


def test_a_mark_that_the_person_takes_back_stays_taken_back(ruled: Store) -> None:
    new = arrive(ruled)
    ruled.articles.set_read(new, False)
    arrive(ruled)
    assert titles(ruled, ArticleQuery(View.UNREAD)) == {*TITLES, "Old sport"}


def test_a_rule_that_was_removed_does_nothing_more_and_its_number_is_not_given_again(ruled: Store) -> None:
    arrive(ruled)
    ruled.arrival_rules.put(ruled.arrival_rules.all()[:1])
    assert ruled.arrival_rules.add("copper", read=True, star=False).id == 3
    (source,) = ruled.sources.all()
    late = make_article(50, title="Tokayev once more", text="")
    ruled.articles.apply(source.id, make_feed([late]), None, NOW)
    assert "Tokayev once more" not in titles(ruled, ArticleQuery(View.STARRED))


@pytest.mark.parametrize("words", ["", "  ", "!?", "is:good sport", "sport after:soon", "OR sport"])
def test_a_rule_that_cannot_be_read_whole_is_refused(ruled: Store, words: str) -> None:
    before = ruled.arrival_rules.all()
    with pytest.raises(UsageError):
        ruled.arrival_rules.add(words, read=True, star=False)
    assert ruled.arrival_rules.all() == before


def test_a_rule_without_an_act_is_refused(ruled: Store) -> None:
    with pytest.raises(UsageError, match="something to do"):
        ruled.arrival_rules.add("sport", read=False, star=False)
