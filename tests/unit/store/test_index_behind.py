"""Words follow their articles into the index in a transaction of their own: what is to be seen meanwhile, and that
nothing is lost in between."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from desktop.core.incoming import IncomingText
from desktop.core.models import ArticleQuery
from desktop.store import Store
from desktop.store.database import WORDS_STEP
from desktop.sync.lane import StoreLane
from tests.unit.store.builders import NOW, add_source, fill, make_article, make_feed


def found(store: Store, words: str) -> list[int]:
    return store.articles.ids(ArticleQuery(words=words))


def told(store: Store, number: int) -> int:
    """An article of the first source, with a word of its own."""
    words = {"title": f"Story {number}", "text": f"A word{number} here.", "html": ""}
    article = make_article(number, **words)
    (added,) = store.articles.apply(1, make_feed([article]), None, NOW).new
    return added


@pytest.fixture
def waiting(store: Store) -> Store:
    """Five articles of which no word is in the index."""
    fill(store, 5)
    assert store.words_waiting == 5
    return store


def test_an_article_is_listed_and_read_before_its_words_are_found(waiting: Store) -> None:
    with Store.open_reader(waiting.folder) as reader:
        assert len(reader.articles.page(ArticleQuery())) == 5
        assert reader.articles.get(1) is not None
        assert reader.indexing.pending
        assert found(reader, "bridge") == []
        assert reader.check() == []
        waiting.indexing.finish()
        assert len(found(reader, "bridge")) == 5
        assert not reader.indexing.pending
    assert waiting.check() == []


def test_who_writes_finds_all_that_came_in(waiting: Store) -> None:
    assert waiting.articles.count(ArticleQuery(words="bridge -4")) == 4
    assert waiting.words_waiting == 0
    told(waiting, 9)
    assert found(waiting, "-bridge") == [6]
    assert found(waiting, "word9") == [6]


def test_what_waits_when_the_program_is_ended_is_found_at_the_next_start(
    waiting: Store, tmp_path: Path
) -> None:
    copy = tmp_path / "as a kill leaves it"
    shutil.copytree(waiting.folder, copy)
    with Store.open(copy) as again:
        assert again.mended is None
        assert again.words_waiting == 5
        assert again.check() == []
        assert len(found(again, "bridge")) == 5
        assert again.check() == []


def test_closing_leaves_nothing_to_be_indexed(waiting: Store) -> None:
    waiting.close()
    with Store.open_reader(waiting.folder) as reader:
        assert reader.words_waiting == 0
        assert len(found(reader, "bridge")) == 5


def test_an_article_that_changes_while_it_waits_is_found_by_its_last_words(waiting: Store) -> None:
    changed = make_article(
        1, guid="steppe-1", url="https://steppe.example/1", text="Ferry.", html="<p>Ferry.</p>"
    )
    (article,) = waiting.articles.apply(1, make_feed([changed]), None, NOW).updated
    waiting.notes.put(2, "Tugboat", NOW)
    assert found(waiting, "ferry") == [article]
    assert sorted([article, *found(waiting, "river")]) == [1, 2, 3, 4, 5]
    assert found(waiting, "tugboat") == [2]
    waiting.notes.put(2, "Barge", NOW)
    assert (found(waiting, "tugboat"), found(waiting, "barge")) == ([], [2])
    assert waiting.check() == []


def test_a_full_text_that_comes_while_its_article_waits_is_what_is_found(waiting: Store) -> None:
    waiting.full_texts.put(3, IncomingText("<p>Caravanserai.</p>", "Caravanserai."), NOW)
    assert found(waiting, "caravanserai") == [3]
    assert sorted(found(waiting, "river")) == [1, 2, 4, 5]
    assert waiting.check() == []


def test_articles_that_go_while_they_wait_are_found_again_when_they_are_back(waiting: Store) -> None:
    waiting.sources.remove(1)
    assert waiting.words_waiting == 0
    waiting.sources.put_back(1)
    assert waiting.check() == []
    assert len(found(waiting, "bridge")) == 5
    late = told(waiting, 9)
    waiting.sources.remove(1)
    waiting.indexing.finish()
    waiting.sources.put_back(1)
    assert found(waiting, "word9") == [late]
    assert len(found(waiting, "bridge")) == 5
    assert waiting.check() == []


def test_words_of_an_article_that_was_not_stored_do_not_pass_for_those_of_another(store: Store) -> None:
    """Its number is given again."""
    add_source(store)
    store._database.connection.execute(
        "CREATE TEMP TRIGGER refused BEFORE INSERT ON main.bodies BEGIN SELECT raise(ABORT, 'no'); END"
    )
    with pytest.raises(sqlite3.IntegrityError):
        told(store, 8)
    store._database.connection.execute("DROP TRIGGER refused")
    assert store.words_waiting == 0
    assert told(store, 9) == 1
    assert found(store, "word8") == []
    assert found(store, "word9") == [1]


def test_the_index_gathers_a_whole_step_before_it_writes(store: Store) -> None:
    """A step of long texts is some megabytes; who makes the index anew has to say it again."""
    assert store._database.value("SELECT v FROM search_config WHERE k = 'hashsize'") == 8_000_000


def test_no_text_is_unpacked_to_index_what_has_just_come_in(waiting: Store) -> None:
    db = waiting._database.connection
    packed = db.execute("SELECT article_id, body FROM bodies").fetchall()
    db.execute("UPDATE bodies SET body = x'00'")
    waiting.indexing.finish()
    db.executemany("UPDATE bodies SET body = ?2 WHERE article_id = ?1", packed)
    assert len(found(waiting, "bridge river")) == 5
    assert waiting.check() == []


def test_a_rule_sees_the_words_of_what_comes_before_anybody_else_does(waiting: Store) -> None:
    waiting.arrival_rules.add("word9", star=True)
    waiting.arrival_rules.add("word10", never_keep=True)
    late = told(waiting, 9)
    article = waiting.articles.get(late)
    assert article is not None
    assert article.row.starred
    feed = make_feed([make_article(10, text="A word10 here."), make_article(11, text="A word11 here.")])
    (kept,) = waiting.articles.apply(1, feed, None, NOW).new
    assert found(waiting, "word11") == [kept]
    assert found(waiting, "word10") == []
    assert waiting.check() == []


def test_where_the_index_cannot_be_written_what_is_in_it_is_found(waiting: Store) -> None:
    assert len(found(waiting, "here OR bridge")) == 5
    told(waiting, 9)
    other = sqlite3.connect(waiting.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert len(found(waiting, "here OR bridge")) == 5
    assert waiting.words_waiting == 1
    other.close()
    assert len(found(waiting, "here OR bridge")) == 6


def test_the_lane_indexes_many_sources_in_one_transaction_once_a_step_has_come(tmp_path: Path) -> None:
    lane = StoreLane(tmp_path)
    commits: list[str] = []

    def watch(store: Store) -> None:
        for number in range(5):
            add_source(store, f"one{number}")
        store._database.connection.set_trace_callback(
            lambda statement: (
                commits.append(statement) if "search" in statement or statement == "COMMIT" else None
            )
        )

    try:
        lane(watch)
        each = WORDS_STEP // 5
        for source in range(1, 6):
            feed = make_feed(
                make_article(n, guid=f"{source}-{n}", url=f"https://one{source}.example/{n}", images=())
                for n in range(each)
            )
            assert (
                len(lane(lambda store, id=source, feed=feed: store.articles.apply(id, feed, None, NOW)).new)
                == each
            )
        # The step was queued before the last answer was there, so whatever is asked now comes after it.
        waiting, problems = lane(lambda store: (store.words_waiting, store.check()))
        lane(lambda store: store._database.connection.set_trace_callback(None))
    finally:
        lane.close()
    assert (waiting, problems) == (0, [])
    written = [one.startswith("INSERT INTO search (") for one in commits if not one.startswith("-- ")]
    assert written.count(True) == WORDS_STEP
    first, last = written.index(True), len(written) - 1 - written[::-1].index(True)
    assert all(written[first : last + 1])  # nothing else in between, and no end of a transaction
