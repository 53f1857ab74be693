"""From when to when a source is known complete, and where a gap is."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.coverage import Gap, Span, after_fetch, expected, gaps, joined
from desktop.core.incoming import IncomingFeed
from tests.unit.store.builders import NOW, make_article, make_feed

HOUR = timedelta(hours=1)


def ago(hours: float) -> datetime:
    return NOW - hours * HOUR


def fetch(*hours: float | None) -> IncomingFeed:
    """A feed whose articles came out so many hours ago, in this order."""
    return make_feed([make_article(i, published=None if h is None else ago(h)) for i, h in enumerate(hours)])


@pytest.mark.parametrize(
    ("shown", "known", "spans"),
    [
        ((1, 2, 3), None, [Span(ago(20), ago(10)), Span(ago(3), ago(1))]),
        ((1, 2, 12), ago(12), [Span(ago(20), ago(1))]),
        ((1, 2, 10), None, [Span(ago(20), ago(1))]),
        # a wrong clock: all that is shown seems to come from the future, and one article is known
        ((-5, -4, -3), ago(10), [Span(ago(20), NOW)]),
        # an old article is pinned on top, and is known: that says nothing of what lies between
        ((200, 1, 2, 3), ago(200), [Span(ago(20), ago(10)), Span(ago(3), ago(1))]),
        ((3, 2, 1), None, [Span(ago(20), ago(10)), Span(ago(3), ago(1))]),
        ((None, None), None, [Span(ago(20), ago(10)), Span(NOW, NOW)]),
        ((None, None), ago(15), [Span(ago(20), NOW)]),
        ((), None, [Span(ago(20), ago(10))]),
    ],
)
def test_a_fetch_joins_what_it_overlaps(
    shown: tuple[float | None, ...], known: datetime | None, spans: list[Span]
) -> None:
    assert list(after_fetch([Span(ago(20), ago(10))], fetch(*shown), known is not None, known, NOW)) == spans


def test_articles_that_are_dated_anew_at_each_fetch_are_no_gap() -> None:
    spans = [Span(ago(200), ago(100))]
    assert list(after_fetch(spans, fetch(1, 1, 1), 3, ago(100), NOW)) == [Span(ago(200), ago(1))]


def test_gaps_are_between_the_spans_and_before_them() -> None:
    spans = (Span(ago(40), ago(30)), Span(ago(20), ago(10)), Span(ago(5), ago(1)))
    between = [Gap(ago(10), ago(5)), Gap(ago(30), ago(20))]
    assert list(gaps(spans, begins=False)) == [*between, Gap(None, ago(40))]
    assert list(gaps(spans, begins=True)) == between
    assert gaps((), begins=False) == ()


def test_about_how_many_are_missing_follows_from_the_rate() -> None:
    hourly = [ago(n) for n in range(10)]
    assert expected(12 * HOUR, [hourly, []]) == 12
    assert expected(timedelta(minutes=5), [hourly]) == 1
    assert expected(HOUR, [[NOW], []]) is None
    assert expected(HOUR, [[NOW, NOW]]) is None


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9)), max_size=30))
def test_spans_hold_exactly_what_any_fetch_held(fetches: list[tuple[int, int]]) -> None:
    spans: tuple[Span, ...] = ()
    for start, length in fetches:
        spans = joined(spans, Span(ago(start + length), ago(start)))
    for half in range(150):
        moment = ago(half / 2)
        held = any(start <= half / 2 <= start + length for start, length in fetches)
        assert held == any(span.since <= moment <= span.until for span in spans)
    assert all(one.until < other.since for one, other in pairwise(spans))
