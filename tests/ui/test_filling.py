"""Articles from an archive go to their places: nothing is announced, nothing moves under the reader's eyes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from desktop.core.coverage import Coverage, Gap, Span
from desktop.core.models import ArticleQuery, Changes, View
from desktop.core.proof import size_words
from desktop.jobs.session import Session
from desktop.store import Store
from desktop.ui.articles.delegate import _is_above_gap
from desktop.ui.main_window import MainWindow
from desktop.ui.sources.coverage_words import coverage_line, gap_words
from tests.ui.edition import COURIER, LATER, NOW, make_article, make_feed


def bring(session: Session, numbers: range) -> Changes:
    """Store articles of the Courier as a walk through its archive does, and tell the list."""
    feed = make_feed([make_article(number) for number in numbers])

    def job(store: Store) -> Changes:
        source = store.sources.by_url(COURIER)
        assert source is not None
        return store.articles.apply(source.id, feed, None, LATER, read_before=NOW)

    changes: Changes = session._lane.submit(job).result()
    session.archive.filled.emit(changes)
    return changes


def test_older_articles_go_below_without_a_pill(window: MainWindow, session: Session) -> None:
    model = window.articles.model
    window.articles.show_query(ArticleQuery(source_id=1))
    bring(session, range(31, 50))
    assert model.total == 49
    assert [model.article(model.index(at, 0)).title for at in range(28, 33)] == [
        f"Courier story {number}" for number in range(29, 34)
    ]
    assert model.waiting == 0


def test_what_is_in_view_stays_when_a_gap_above_it_is_filled(window: MainWindow, session: Session) -> None:
    window.articles.show_query(ArticleQuery(source_id=1))
    bring(session, range(60, 90))
    view, model = window.articles.view, window.articles.model
    view.scroll_to_top_of(model.article(model.index(40, 0)).id)
    shown = model.article(model.index(view.rowAt(0), 0)).title
    bring(session, range(31, 60))
    assert model.article(model.index(view.rowAt(0), 0)).title == shown
    assert model.rowCount() == model.total == 89


def test_only_what_belongs_to_the_list_is_put_in(window: MainWindow, session: Session) -> None:
    model = window.articles.model
    window.articles.show_query(ArticleQuery(view=View.UNREAD))
    before = model.total
    bring(session, range(31, 40))  # they arrive as read
    assert (model.total, model.rowCount()) == (before, before)
    window.articles.show_query(ArticleQuery(folder="Kyrgyzstan"))
    bring(session, range(40, 50))
    assert model.total == 30


def test_a_gap_is_drawn_between_two_rows(window: MainWindow) -> None:
    window.articles.show_query(ArticleQuery(source_id=1))
    model = window.articles.model
    rows = [model.article(model.index(at, 0)) for at in range(6)]
    gaps = (Gap(rows[4].sort_at, rows[3].sort_at, 7),)
    above = [_is_above_gap(gaps, row, model.index(at, 0)) for at, row in enumerate(rows)]
    assert above == [False, False, False, True, False, False]
    window.articles.view.mark_gaps(gaps)
    window.grab()  # painted


def at(day: int, hour: int = 6, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (Gap(at(3), at(5), 12), "≈12 articles may be missing between 3 and 5 Nov"),
        (Gap(at(30, month=10), at(5), 1), "≈1 article may be missing between 30 Oct and 5 Nov"),
        (Gap(at(3), at(3, 9), None), "Articles may be missing on 3 Nov, 11:00 to 14:00"),
        (Gap(at(3, year=2025), at(5, year=2025), 12), "≈12 articles may be missing between 3 and 5 Nov 2025"),
        (Gap(None, at(5), 1212), "≈1,212 articles older than 5 Nov are not loaded"),
        (Gap(None, at(5)), "What is older than 5 Nov is not loaded"),
    ],
)
def test_a_gap_in_words(gap: Gap, words: str) -> None:
    assert gap_words(gap, NOW) == words


def test_the_coverage_of_a_source_in_words() -> None:
    span = Span(at(3), at(20))
    assert coverage_line(Coverage(), NOW) == ""
    assert coverage_line(Coverage((span,), begins=True), NOW) == "Complete from its first article on."
    older = Coverage((span,), gaps=(Gap(None, at(3)),))
    assert coverage_line(older, NOW) == "Complete from 3 Nov on."
    gapped = Coverage((span, Span(at(22), at(23))), gaps=(Gap(at(20), at(22), 9), Gap(None, at(3))))
    assert coverage_line(gapped, NOW + timedelta(days=1)) == (
        "Known from 3 Nov on, with gaps:\n≈9 articles may be missing between 20 and 22 Nov."
    )


def test_sizes_are_as_fine_as_an_estimate_is() -> None:
    assert [size_words(size) for size in (1_000, 430_000, 17_600_000)] == ["1 KB", "0.4 MB", "18 MB"]
