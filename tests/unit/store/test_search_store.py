"""Search: any words, in any script, however they are typed."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest

from desktop.core.models import ArticleQuery, Cursor, NewSource, View
from desktop.store import Store
from desktop.store.search import LARGEST_STEP_S, first_entry, fitting_step, step_of
from desktop.store.search_migrations import index_closely
from tests.unit.store.builders import NOW, add_source, fill, make_article, make_feed

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
        "\\", "a.b", "is:", "source:", "after:", "after:2026-02-31 x", "OR OR", "-", "-OR", "|"],
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


def test_hits_are_in_the_order_of_the_list_even_when_old_articles_come_later(store: Store) -> None:
    source = add_source(store)
    for hours in (5, 50, 1, 30, 2):
        article = make_article(hours, published=NOW - timedelta(hours=hours))
        store.articles.apply(source.id, make_feed([article]), None, NOW)
    assert store.articles.page(ArticleQuery(words="bridge")) == store.articles.page(ArticleQuery())


def test_hits_are_in_the_order_of_the_list_where_many_articles_are_of_one_moment(store: Store) -> None:
    chance = random.Random(3)
    sources = [add_source(store, f"source{number}").id for number in range(4)]
    for number in range(120):  # a crowd of a minute, and some before and after it
        seconds = chance.choice((*range(0, 60, 7), 0, 0, 0, -40, -900, 300))
        published = NOW - timedelta(hours=1) + timedelta(seconds=seconds)
        article = make_article(number, published=published)
        store.articles.apply(chance.choice(sources), make_feed([article]), None, NOW)
    listed = store.articles.page(ArticleQuery(), limit=200)
    found = ArticleQuery(words="bri")
    assert store.articles.page(found, limit=200) == listed
    assert store.articles.ids(found, limit=0) == []
    for place in range(0, 120, 9):
        cursor = Cursor(listed[place].sort_at, listed[place].id)
        assert store.articles.page(found, cursor, limit=9) == listed[place + 1 : place + 10]
        assert store.articles.newer(found, cursor) == listed[:place]


def test_where_more_come_than_there_are_numbers_for_all_are_indexed_anew_in_smaller_steps(
    store: Store,
) -> None:
    fill(store, 5)
    store.indexing.finish()
    db = store._database.connection
    assert step_of(db) == LARGEST_STEP_S
    at = int(NOW.timestamp())
    counted = "WITH RECURSIVE n (k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM n WHERE k < ?)"
    # A month of one article in 150 seconds, and a crowd that stands where the next one belongs.
    db.execute(
        f"{counted} INSERT INTO articles (source_id, sort_at) SELECT 1, ? - 150 * k FROM n", (16_000, at)
    )
    entry = first_entry(at - 7_200, LARGEST_STEP_S)
    db.execute(f"{counted} INSERT OR IGNORE INTO search_entries (id) SELECT ? + k FROM n", (2_100, entry))
    late = make_article(9, published=NOW - timedelta(hours=2))
    store.articles.apply(1, make_feed([late]), None, NOW)
    assert store.indexing.step()
    assert step_of(db) == LARGEST_STEP_S // 2
    db.execute("DELETE FROM articles WHERE id NOT IN (SELECT article_id FROM bodies)")
    while store.indexing.step():
        pass
    assert store.articles.page(ArticleQuery(words="bridge")) == store.articles.page(ArticleQuery())
    assert len(store.articles.page(ArticleQuery())) == 6
    assert store.check() == []


@pytest.mark.parametrize(
    ("articles", "seconds"), [(0, 128), (15_000, 128), (20_000, 64), (200_000, 8), (10_000_000, 1)]
)
def test_steps_leave_numbers_free_where_they_can(articles: int, seconds: int) -> None:
    assert fitting_step(articles) == seconds


@pytest.mark.parametrize("day", ["before:2026-11-24", "after:2026-11-24"])
def test_a_crowd_at_midnight_belongs_to_its_days(store: Store, day: str) -> None:
    source = add_source(store)
    midnight = datetime(2026, 11, 24).astimezone()
    articles = [
        make_article(number, published=midnight + timedelta(seconds=number // 40 - 1)) for number in range(80)
    ]
    store.articles.apply(source.id, make_feed(articles), None, midnight + timedelta(days=1))
    assert store.articles.count(ArticleQuery(words=f"bridge {day}")) == 40
    assert len(store.articles.page(ArticleQuery(words=f"bridge {day}"), limit=80)) == 40


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("rai", ["By 20", "By 21"]),  # of the text
        ("cop", ["Copper and gold"]),  # of the title
        ("min", ["Copper and gold"]),  # of the note, and a whole word is not needed
        ("gold", ["Copper and gold"]),
        ("gol", ["Copper and gold"]),
        ("and", ["Copper and gold", "Tokayev and the exchange rate"]),  # a word of three letters
        ("dav", ["By 20", "By 21"]),
        ("author:dav", ["By 20", "By 21"]),
        ("author:rai", []),
        ("тоқ", ["Tokayev and the exchange rate", "Toqaev sayohati", "Токаев о бюджете", "Тоқаев opens a bridge"]),
        ("rain -dav", []),
        ("zzz OR cop", ["Copper and gold"]),
        ("her", ["By 20", "Copper and gold", "Toqaev sayohati", "Тоқаев opens a bridge"]),  # of its source
        ("cop ", []),  # no longer a beginning
    ],
)  # fmt: skip
def test_beginnings_of_three_letters_are_found(told: Store, words: str, found: list[str]) -> None:
    assert sorted(titles(told, words)) == sorted(found)
    assert told.articles.count(ArticleQuery(words=words)) == len(found)
    assert len(told.articles.best(ArticleQuery(words=words))) == len(found)


FACTS = {  # title: (source, hours ago, read, starred)
    "Тоқаев opens a bridge": (0, 1, False, False),
    "Токаев о бюджете": (1, 24, True, False),
    "Toqaev sayohati": (0, 48, False, True),
    "Tokayev and the exchange rate": (1, 72, True, True),
    "Copper and gold": (0, 96, False, False),
}


@pytest.fixture
def varied(store: Store) -> Store:
    herald = store.sources.add(
        NewSource("https://herald.test/feed/", title="The Herald", folder="Banks/Asia", language="en"), NOW
    )
    bulak = store.sources.add(
        NewSource("https://bulak.test/rss", title="Булак", language="ru-RU", country="KG"), NOW
    )
    places = (herald, bulak)
    for number, (title, (place, hours, read, starred)) in enumerate(FACTS.items()):
        article = make_article(
            number, title=title, text=title, html="", author="", published=NOW - timedelta(hours=hours)
        )
        (added,) = store.articles.apply(places[place].id, make_feed([article]), None, NOW).new
        store.articles.set_read([added], read)
        store.articles.set_starred([added], starred)
    return store


@pytest.mark.parametrize(
    ("words", "found"),
    [
        *((spelling, [0, 1, 2, 3]) for spelling in ("Тоқаев", "токаев", "Toqaev", "Tokayev", "tokaev", "tokay")),
        ("tokayev OR copper", [0, 1, 2, 3, 4]),
        ("tokayev | copper gold", [4]),
        ("tokayev -бюджет", [0, 2, 3]),
        ("-tokayev", [4]),
        ("-tokayev -copper", []),
        ("tokayev source:herald", [0, 2]),
        ("source:bulak", [1, 3]),
        ("source:bulak.test", [1, 3]),
        ("-source:bulak", [0, 2, 4]),
        ("source:her OR source:бул", [0, 1, 2, 3, 4]),
        ("source:nowhere", []),
        ("folder:banks", [0, 2, 4]),
        ("folder:banks/asia", [0, 2, 4]),
        ("lang:ru", [1, 3]),
        ("country:kg", [1, 3]),
        ("is:unread", [0, 2, 4]),
        ("is:read tokayev", [1, 3]),
        ("is:starred", [2, 3]),
        ("is:starred is:unread", [2]),
        ("-is:starred is:unread", [0, 4]),
        ("after:2026-11-23", [0, 1]),
        ("before:2026-11-22 tokayev", [3]),
        ("after:2026-11-22 before:2026-11-23 tokayev", [2]),
        ('"exchange rate"', [3]),
        ("after:nonsense copper", [4]),
        ("is:", [0, 1, 2, 3, 4]),
    ],
)  # fmt: skip
def test_a_search_is_narrowed_as_its_filters_say(varied: Store, words: str, found: list[int]) -> None:
    assert titles(varied, words) == [list(FACTS)[place] for place in found]
    assert varied.articles.count(ArticleQuery(words=words)) == len(found)


def test_filters_narrow_what_the_sidebar_shows(varied: Store) -> None:
    herald = next(one for one in varied.sources.all() if one.title == "The Herald")
    query = ArticleQuery(View.UNREAD, source_id=herald.id, words="tokayev")
    assert [row.title for row in varied.articles.page(query)] == list(FACTS)[0:3:2]
    assert varied.articles.page(ArticleQuery(source_id=herald.id, words="source:bulak")) == []


def test_a_word_and_a_source_that_is_not_there_find_nothing_where_copies_are_shown_once(
    varied: Store,
) -> None:
    query = ArticleQuery(words="tokayev source:nowhere", once=True)
    assert varied.articles.page(query) == []
    assert varied.articles.best(query) == []


def test_a_store_of_a_former_version_is_indexed_anew_from_the_newest_back(varied: Store) -> None:
    varied.indexing.finish()
    with varied._database.transaction(durable=False) as db:
        index_closely(db)
    assert varied.indexing.pending
    assert varied.check() == []
    assert varied.indexing.step(2)
    assert titles(varied, "tokayev") == list(FACTS)[:2]
    late = make_article(9, title="Toqaev again", text="", published=NOW - timedelta(hours=70))
    varied.articles.apply(varied.sources.all()[0].id, make_feed([late]), None, NOW)
    while varied.indexing.step(2):
        pass
    assert not varied.indexing.pending
    assert titles(varied, "tokayev") == [*list(FACTS)[:3], "Toqaev again", list(FACTS)[3]]
    assert varied.check() == []


@pytest.fixture
def told(varied: Store) -> Store:
    """Two articles of named authors, and a note on one that is stored."""
    herald, bulak = sorted(varied.sources.all(), key=lambda one: one.id)
    for source, number, author in ((herald, 20, "Aina Davletova"), (bulak, 21, "Аина Давлетова")):
        article = make_article(number, title=f"By {number}", text="Rain", author=author)
        varied.articles.apply(source.id, make_feed([article]), None, NOW)
    varied.notes.put(article_of(varied, "Copper and gold"), "Ask Мирбек about the mine", NOW)
    return varied


def article_of(store: Store, title: str) -> int:
    (found,) = [row.id for row in store.articles.page(ArticleQuery()) if row.title == title]
    return found


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("mirbek", {"Copper and gold"}),  # words of a note, in other letters
        ("copper mine", {"Copper and gold"}),  # one word of the title, one of the note
        ('"ask mirbek"', {"Copper and gold"}),
        ("has:note", {"Copper and gold"}),
        ("has:note is:unread mine", {"Copper and gold"}),
        ("-has:note source:herald copper", set()),
        ("author:davletova", {"By 20", "By 21"}),
        ('author:"aina davlet"', set()),  # a phrase is of whole words
        ("author:aina author:davlet", {"By 20", "By 21"}),
        ("author:rain", set()),
        ("rain -author:aina", set()),
        ("author:aina OR gold", {"By 20", "By 21", "Copper and gold"}),
        ("herald", {"Тоқаев opens a bridge", "Toqaev sayohati", "Copper and gold", "By 20"}),  # by its source
        ('"the herald" rain', {"By 20"}),
        ("bulak budget", set()),
        ("bulak бюджете", {"Токаев о бюджете"}),
        ("rain -herald", {"By 21"}),
        ("-herald", {"Токаев о бюджете", "Tokayev and the exchange rate", "By 21"}),
    ],
)  # fmt: skip
def test_title_text_author_source_and_note_are_searched(told: Store, words: str, found: set[str]) -> None:
    assert set(titles(told, words)) == found


def test_a_source_is_found_by_its_new_name_and_no_longer_by_its_former(told: Store) -> None:
    told.sources.rename(1, "Steppe Courier")
    assert len(titles(told, "courier")) == 4
    assert titles(told, "herald") == []


def test_a_note_is_found_as_it_was_written_last_and_after_its_article_was_changed(told: Store) -> None:
    copper = article_of(told, "Copper and gold")
    changed = make_article(4, title="Copper and gold", text="Another text", author="")
    told.articles.apply(1, make_feed([changed]), None, NOW)
    assert titles(told, "mirbek another") == ["Copper and gold"]
    told.notes.put(copper, "Asked", NOW)
    assert (titles(told, "mirbek"), titles(told, "asked")) == ([], ["Copper and gold"])
    told.notes.put(copper, "", NOW)
    assert (titles(told, "asked"), titles(told, "has:note")) == ([], [])
    assert told.check() == []
