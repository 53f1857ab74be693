"""The list's model on a real store: pages, changes in place, articles that wait."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from desktop.core.models import ArticleQuery, Changes, FetchState, View
from desktop.store import Store
from desktop.ui.articles.model import PAGE, ROW_ROLE, ArticleModel
from desktop.ui.articles.words import pictures
from tests.ui.edition import LATER, NOW, fill, make_article, make_feed, make_row

Arrive = Callable[..., Changes]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    fill(tmp_path, 120)
    opened = Store.open(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def arrive(store: Store) -> Arrive:
    def come_in(*articles: object) -> Changes:
        source = store.sources.all()[0]
        return store.articles.apply(source.id, make_feed(articles), FetchState(), LATER)

    return come_in


@pytest.fixture
def model(store: Store) -> Iterator[ArticleModel]:
    made = ArticleModel(store.articles)
    made.show(ArticleQuery())
    yield made
    made.deleteLater()


def titles(model: ArticleModel, count: int = 3) -> list[str]:
    return [model.index(row, 0).data() for row in range(count)]


def read_all(model: ArticleModel) -> None:
    while model.canFetchMore(QModelIndex()):
        model.fetchMore(QModelIndex())


def test_shows_the_first_page_newest_first_and_knows_the_total(model: ArticleModel) -> None:
    assert model.rowCount() == PAGE
    assert model.total == 240
    assert titles(model) == ["Courier story 1", "Herald story 1", "Courier story 2"]


def test_keeps_the_rules_of_qt_through_every_change(
    model: ArticleModel, store: Store, arrive: Arrive
) -> None:
    # Made after the first page: it fetches more from within a reset, which no model can do in order.
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)

    model.fetchMore(QModelIndex())
    model.apply(arrive(make_article(-1), make_article(60, title="Late", guid="late")))
    model.reveal()
    first = model.index(0, 0).data(ROW_ROLE)
    model.apply(store.articles.set_read([first.id], True))
    model.apply(Changes(removed=(first.id,)))

    assert tester.model() is model
    assert model.index(0, 0).data(ROW_ROLE).id != first.id


def test_reads_on_page_by_page_to_the_end(model: ArticleModel) -> None:
    read_all(model)

    ids = {model.index(row, 0).data(ROW_ROLE).id for row in range(model.rowCount())}
    assert model.rowCount() == len(ids) == 240


def test_a_mark_is_shown_at_once_for_its_row_alone(model: ArticleModel, qtbot: object) -> None:
    changed: list[int] = []
    model.dataChanged.connect(lambda top, bottom: changed.extend(range(top.row(), bottom.row() + 1)))

    model.mark([model.index(4, 0).data(ROW_ROLE).id], read=True, starred=True)

    row = model.index(4, 0).data(ROW_ROLE)
    assert (row.read, row.starred, changed) == (True, True, [4])


def test_what_a_write_did_is_shown_in_place(model: ArticleModel, store: Store) -> None:
    article = model.index(2, 0).data(ROW_ROLE)

    model.apply(store.articles.set_starred([article.id], True))

    assert model.index(2, 0).data(ROW_ROLE).starred


def test_a_just_read_article_stays_in_unread_until_the_view_changes(
    model: ArticleModel, store: Store
) -> None:
    model.show(ArticleQuery(view=View.UNREAD))
    first = model.index(0, 0).data(ROW_ROLE)

    model.apply(store.articles.set_read([first.id], True))
    assert model.index(0, 0).data(ROW_ROLE).id == first.id

    model.show(ArticleQuery(view=View.UNREAD))
    assert model.index(0, 0).data(ROW_ROLE).id != first.id


def test_new_articles_wait_until_they_are_asked_for(model: ArticleModel, arrive: Arrive) -> None:
    before = titles(model)

    model.apply(arrive(make_article(-1), make_article(-2)))
    assert (titles(model), model.waiting) == (before, 2)

    model.reveal()
    assert titles(model) == ["Courier story -2", "Courier story -1", "Courier story 1"]
    assert (model.waiting, model.total) == (0, 242)


def test_a_new_article_between_old_ones_comes_in_between(model: ArticleModel, arrive: Arrive) -> None:
    between = make_article(500, published=NOW - timedelta(hours=1, minutes=40), title="In between")

    model.apply(arrive(between))
    model.reveal()

    assert titles(model, 4) == ["Courier story 1", "Herald story 1", "In between", "Courier story 2"]


def test_new_articles_that_stand_together_come_in_one_step(model: ArticleModel, arrive: Arrive) -> None:
    model.apply(
        arrive(*(make_article(number, guid=f"{number}") for number in range(-40, 0)), make_article(60))
    )
    steps: list[tuple[int, int]] = []
    model.rowsInserted.connect(lambda _, first, last: steps.append((first, last)))

    model.reveal()

    assert steps[-1] == (0, 39)
    assert len(steps) <= 2
    rows = [model.index(row, 0).data(ROW_ROLE) for row in range(model.rowCount())]
    assert rows == sorted(rows, key=lambda row: (row.sort_at, row.id), reverse=True)
    assert [model.index_of(row.id).row() for row in rows] == list(range(len(rows)))


def test_new_articles_of_another_part_do_not_wait(model: ArticleModel, store: Store, arrive: Arrive) -> None:
    other = store.sources.all()[1]
    model.show(ArticleQuery(source_id=other.id))

    model.apply(arrive(make_article(-1)))

    assert model.waiting == 0


def test_new_articles_wait_in_a_search_only_when_they_match(model: ArticleModel, arrive: Arrive) -> None:
    model.show(ArticleQuery(words="glacier"))

    model.apply(arrive(make_article(-1), make_article(-2, title="A glacier melts")))

    assert model.waiting == 1


def test_more_new_articles_than_a_page_start_the_list_again(model: ArticleModel, arrive: Arrive) -> None:
    model.apply(arrive(*[make_article(-number) for number in range(1, PAGE + 21)]))
    assert model.waiting == PAGE

    model.reveal()
    assert titles(model, 1) == [f"Courier story -{PAGE + 20}"]
    assert model.total == 240 + PAGE + 20


def test_a_search_does_not_count_what_it_has_not_read(model: ArticleModel) -> None:
    model.show(ArticleQuery(words="story"))
    assert (model.total, model.is_total_known) == (PAGE, False)

    read_all(model)
    assert (model.total, model.is_total_known) == (240, True)


def test_removed_articles_go(model: ArticleModel) -> None:
    second = model.index(1, 0).data(ROW_ROLE)

    model.apply(Changes(removed=(second.id,)))

    assert not model.index_of(second.id).isValid()
    assert (model.rowCount(), model.total) == (PAGE - 1, 239)


def test_articles_that_stand_together_go_in_one_step(model: ArticleModel) -> None:
    ids = [model.index(row, 0).data(ROW_ROLE).id for row in range(PAGE)]
    steps: list[tuple[int, int]] = []
    model.rowsRemoved.connect(lambda _, first, last: steps.append((first, last)))

    model.apply(Changes(removed=(*ids[10:60], ids[0], ids[62], 10**9)))

    assert steps == [(62, 62), (10, 59), (0, 0)]
    left = [*ids[1:10], *ids[60:62], *ids[63:]]
    assert [model.index(row, 0).data(ROW_ROLE).id for row in range(model.rowCount())] == left
    assert [model.index_of(one).row() for one in left] == list(range(len(left)))
    assert model.total == 240 - 52


def test_an_older_article_that_came_after_a_removal_hid_those_between(
    model: ArticleModel, store: Store
) -> None:
    """As when a source goes and one that was away comes back."""
    ids = [row.id for row in store.articles.page(ArticleQuery(), limit=240)]
    model.apply(Changes(removed=tuple(ids[:40])))

    model.fill((ids[180],))

    assert not model.index_of(ids[180]).isValid()  # it is read when it is scrolled to
    read_all(model)
    assert [row.id for row in model._rows] == ids[40:]


def test_next_unread_is_found_beyond_what_is_read_so_far(model: ArticleModel, store: Store) -> None:
    read_all(model)
    ids = [model.index(row, 0).data(ROW_ROLE).id for row in range(model.rowCount())]
    store.articles.set_read([one for one in ids if one != ids[150]], True)
    model.show(ArticleQuery())

    found = model.next_unread(0)

    assert (found.row(), found.data(ROW_ROLE).id) == (150, ids[150])


def test_next_unread_reads_nothing_when_all_is_read(model: ArticleModel, store: Store) -> None:
    read_all(model)
    store.articles.set_read([model.index(row, 0).data(ROW_ROLE).id for row in range(240)], True)
    model.show(ArticleQuery())

    assert not model.next_unread(0).isValid()
    assert model.rowCount() == PAGE


def test_previous_unread_goes_up(model: ArticleModel) -> None:
    model.mark([model.index(row, 0).data(ROW_ROLE).id for row in (3, 4)], read=True)

    assert model.next_unread(4, -1).row() == 2


def test_what_is_shown_leaves_out_what_came_meanwhile_until_it_is_put_in(
    model: ArticleModel, arrive: Arrive
) -> None:
    changes = arrive(make_article(-1))
    model.apply(changes)
    assert changes.new[0] in model.shown.but

    model.reveal()

    assert changes.new[0] not in model.shown.but
    assert changes.new[0] <= model.shown.newest_id


def test_a_hit_that_was_not_shown_yet_is_not_marked_with_those_that_were(
    model: ArticleModel, store: Store, arrive: Arrive
) -> None:
    arrive(make_article(901, title="Herald story 901", published=LATER))
    assert store.articles.unindexed()
    with Store.open_reader(store.folder) as reader:
        model.read_from(reader.articles)
        model.show(ArticleQuery(words="herald"))
        _, marked = store.marks.read(model.shown)  # which indexes first what waits
        assert len(marked.updated) == 120
        assert store.articles.count(ArticleQuery(words="herald", unread_only=True)) == 1
        model.expect()
        assert model.waiting == 1


def test_a_screen_reader_hears_state_title_source_and_date(model: ArticleModel) -> None:
    first = model.index(0, 0)
    model.mark([first.data(ROW_ROLE).id], starred=True)

    spoken = first.data(Qt.ItemDataRole.AccessibleTextRole)

    assert spoken == "Unread, starred, Courier story 1, Steppe Courier, Tue 24 Nov 2026, 13:00"


def test_a_star_does_not_flicker_when_an_earlier_mark_is_stored_before_it(
    model: ArticleModel, store: Store
) -> None:
    first = model.index(0, 0).data(ROW_ROLE).id
    model.mark([first], read=True)
    model.mark([first], starred=True)

    model.apply(store.articles.set_read([first], read=True))
    assert model.index(0, 0).data(ROW_ROLE).starred

    model.apply(store.articles.set_starred([first], starred=True))
    model.apply(store.articles.set_starred([first], starred=False))
    assert not model.index(0, 0).data(ROW_ROLE).starred


def test_the_tooltip_is_never_taken_for_markup(model: ArticleModel, arrive: Arrive) -> None:
    model.apply(arrive(make_article(-1, title="<img src=x> & more")))
    model.reveal()

    assert "&lt;img src=x&gt; &amp; more" in model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)


@pytest.mark.parametrize(
    ("total", "stored", "words"),
    [
        (0, 0, "Kept for reading offline."),
        (1, 1, "Kept for reading offline with 1 picture."),
        (5, 3, "2 of 5 pictures not on disk yet."),
    ],
)
def test_says_what_of_an_article_is_on_disk(total: int, stored: int, words: str) -> None:
    assert pictures(make_row(images_total=total, images_stored=stored)) == words


def test_an_empty_store_shows_nothing_and_reveals_the_first(tmp_path: Path, qapp: object) -> None:
    fill(tmp_path, 1)
    store = Store.open(tmp_path)
    model = ArticleModel(store.articles)
    model.show(ArticleQuery(words="nothing"))
    assert (model.rowCount(), model.total, model.canFetchMore(QModelIndex())) == (0, 0, False)

    model.show(ArticleQuery(view=View.STARRED))
    first = store.articles.page(ArticleQuery())[0]
    store.articles.set_starred([first.id], True)
    model.apply(Changes(new=(first.id,)))
    model.reveal()
    assert model.rowCount() == 1
    store.close()
