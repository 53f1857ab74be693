"""What rules did can be listed, taken back and done again; what they did not keep comes back with its words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desktop.core.arrival_rules import ArrivalRule, RuleBatch
from desktop.core.incoming import IncomingArticle
from desktop.core.models import ArticleQuery, FetchState, Validators, View
from desktop.store import Store
from tests.unit.store.builders import NOW, add_source, make_article, make_feed

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def followed(store: Store) -> Store:
    add_source(store)
    return store


def arrive(store: Store, *articles: IncomingArticle) -> tuple[int, ...]:
    state = FetchState(validators=Validators('"1"', ""), body_hash="1")
    return store.articles.apply(store.sources.all()[0].id, make_feed(articles), state, LATER).new


def sport(number: int = 1, title: str = "Sport today", **more: object) -> IncomingArticle:
    return make_article(number, title=title, text=f"{title}, all of it.", author="", **more)


def titles(store: Store, query: ArticleQuery) -> list[str]:
    return [row.title for row in store.articles.page(query)]


def gathered(store: Store) -> RuleBatch:
    batch = store.arrival_rules.acts.gather()
    assert batch is not None
    assert store.arrival_rules.acts.gather() is None
    return batch


def test_what_rules_did_in_a_refresh_is_taken_back_and_done_again_together(followed: Store) -> None:
    rules = followed.arrival_rules
    rules.add("sport", read=True)
    rules.add("today", star=True, read=True)
    sporty, other = arrive(followed, make_article(2, title="Rain today"), sport())[::-1]
    batch = gathered(followed)
    assert (batch.marked, batch.dropped, batch.news) == (2, 0, ())
    followed.articles.set_read([other], False)  # by the person, after the rule
    changes = rules.acts.take_back(batch.number)
    assert changes.updated == tuple(sorted((sporty, other)))
    assert titles(followed, ArticleQuery(View.UNREAD)) == ["Sport today", "Rain today"]
    assert titles(followed, ArticleQuery(View.STARRED)) == []
    assert all(one.undone for rule in (1, 2) for one in rules.acts.of(rule))
    assert (rules.acts.count(1), rules.acts.count(2)) == (0, 0)
    rules.acts.do_again(batch.number)
    assert titles(followed, ArticleQuery(View.UNREAD)) == []
    assert len(titles(followed, ArticleQuery(View.STARRED))) == 2
    assert followed.check() == []


def test_marks_that_were_there_before_a_rule_stay_when_it_is_taken_back(followed: Store) -> None:
    (article,) = arrive(followed, sport())
    followed.articles.set_starred([article], True)
    rule = followed.arrival_rules.add("sport", star=True, read=True)
    batch = followed.arrival_rules.apply(rule, [article], LATER)
    assert (batch.marked, batch.dropped) == (1, 0)
    followed.arrival_rules.acts.take_back(followed.arrival_rules.acts.batch_of(rule.id).number)
    row = followed.articles.rows([article])[0]
    assert (row.starred, row.read) == (True, False)


def test_what_is_never_kept_leaves_a_line_and_does_not_return_with_the_next_refresh(followed: Store) -> None:
    followed.arrival_rules.add("sport", never_keep=True)
    kept = arrive(followed, sport(), make_article(2, title="Rain"))
    assert titles(followed, ArticleQuery()) == ["Rain"]
    assert len(kept) == 1
    assert arrive(followed, sport(), make_article(2, title="Rain")) == ()
    assert titles(followed, ArticleQuery(words="sport")) == []
    assert followed._database.value("SELECT count(*) FROM bodies") == 1
    assert [one.key for one in followed.images.wanted(10, LATER)] == [
        followed.images.of_article(kept[0])[0].key
    ]
    (line,) = followed.arrival_rules.acts.of(1)
    assert (line.article_id, line.title, line.at) == (None, "Sport today", LATER)
    assert followed.check() == []


def test_what_was_not_kept_comes_back_with_its_words_and_then_whole(followed: Store) -> None:
    followed.arrival_rules.add("sport", never_keep=True)
    arrive(followed, sport(excerpt="The beginning of it"))
    batch = gathered(followed)
    assert (batch.marked, batch.dropped) == (0, 1)
    (back,) = followed.arrival_rules.acts.take_back(batch.number).new
    article = followed.articles.get(back)
    assert article is not None
    assert (article.text, article.row.updated) == ("The beginning of it", False)
    assert titles(followed, ArticleQuery(words="beginning")) == ["Sport today"]
    state = followed.sources.all()[0].state
    assert (state.validators, state.body_hash) == (Validators(), "")  # so that the feed is read again
    followed.arrival_rules.put([])
    assert arrive(followed, sport(excerpt="The beginning of it")) == ()
    article = followed.articles.get(back)
    assert article is not None
    assert (article.text, article.row.updated) == ("Sport today, all of it.", False)
    assert followed.articles.revisions(back) == []
    assert followed.check() == []
    assert followed.arrival_rules.acts.do_again(batch.number).removed == (back,)
    assert titles(followed, ArticleQuery()) == []
    assert arrive(followed, sport()) == ()


def test_what_a_rule_stars_or_the_person_keeps_is_kept_whatever_another_says(followed: Store) -> None:
    followed.arrival_rules.add("final", star=True)
    followed.arrival_rules.add("sport", never_keep=True)
    arrive(followed, sport(title="Sport: the final"), sport(2, title="Sport: a draw"))
    assert titles(followed, ArticleQuery()) == ["Sport: the final"]


def test_a_rule_that_is_applied_to_what_is_stored_lets_nothing_go(followed: Store) -> None:
    arrive(followed, sport())
    rule = followed.arrival_rules.add("sport", read=True, never_keep=True)
    ids = followed.articles.ids(ArticleQuery(words=rule.whole_words))
    assert followed.arrival_rules.apply(rule, ids, LATER).dropped == 0
    assert titles(followed, ArticleQuery()) == ["Sport today"]


def test_pictures_that_a_rule_skips_are_not_fetched_until_it_is_taken_back(followed: Store) -> None:
    followed.arrival_rules.add("sport", skip_pictures=True)
    arrive(followed, sport(), make_article(2, title="Rain"))
    assert [one.article_url for one in followed.images.wanted(10, LATER)] == [make_article(2).url]
    batch = gathered(followed)
    followed.arrival_rules.acts.take_back(batch.number)
    assert len(followed.images.wanted(10, LATER)) == 2


def test_articles_that_the_person_is_to_be_told_of_are_told_once(followed: Store) -> None:
    followed.arrival_rules.add("sport", notify=True)
    arrive(followed, sport(), make_article(2, title="Rain"))
    batch = gathered(followed)
    assert (batch.marked, batch.dropped, batch.news) == (0, 0, (("Sport today", "Steppe"),))


def test_a_rule_says_what_it_does() -> None:
    rule = ArrivalRule(1, "sport", read=True, skip_pictures=True, never_keep=True)
    assert rule.action == "mark as read, skip pictures, never keep"


def test_a_tag_of_a_rule_is_put_on_taken_off_and_put_on_again_where_it_was_not_before(
    followed: Store,
) -> None:
    (known,) = arrive(followed, sport(1))
    followed.tags.change([known], add=["Games"])
    rule = followed.arrival_rules.add("sport", tag="games")
    (new,) = arrive(followed, sport(2, title="Sport tomorrow"))
    number = gathered(followed).number
    assert followed.arrival_rules.apply(rule, [known], LATER).marked == 0
    assert len(titles(followed, ArticleQuery(words="tag:games"))) == 2
    assert followed.arrival_rules.acts.take_back(number).updated == (new,)
    assert titles(followed, ArticleQuery(words="tag:games")) == ["Sport today"]
    followed.arrival_rules.acts.do_again(number)
    assert len(titles(followed, ArticleQuery(words="tag:games"))) == 2
    assert rule.action == "tag “games”"
    assert followed.arrival_rules.all() == (rule,)
    assert followed.check() == []
