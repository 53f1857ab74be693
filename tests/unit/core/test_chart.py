"""What a chart shows: which days, which numbers, and where there is none."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.rates import Pair
from desktop.core.rates.chart import BEGINNING, Line, Span, as_csv, difference, nearest, plot, readings
from desktop.core.rates.chart_axes import Unit, date_ticks, runs, set_apart, steps, thin, value_ticks
from tests.chart_points import KZT, point

TODAY = date(2026, 11, 24)


def line(*fixings: tuple[str, str], pair: Pair = KZT, source: str = "nbk") -> Line:
    """A line of (day of 2026, rate)."""
    points = [point(date.fromisoformat(f"2026-{day}"), rate, source, pair) for day, rate in fixings]
    return Line(pair, source, tuple(points))


def test_a_fixing_holds_over_the_week_end_until_the_next() -> None:
    shown = line(("11-20", "472.31"), ("11-24", "473.18"))

    assert [shown.at(date(2026, 11, day)).rate for day in (20, 21, 23, 24)] == [  # type: ignore[union-attr]
        Decimal("472.31"), Decimal("472.31"), Decimal("472.31"), Decimal("473.18")
    ]  # fmt: skip
    assert shown.at(date(2026, 11, 19)) is None


def test_a_source_that_fell_silent_leaves_a_gap_and_no_number() -> None:
    shown = line(("09-01", "470.00"), ("11-20", "472.31"))

    assert shown.at(date(2026, 9, 15)) is not None
    assert shown.at(date(2026, 9, 16)) is None
    first, second = runs(plot([shown], date(2026, 8, 1), TODAY).curves[0], TODAY)
    assert (first.values[0].day, first.end) == (date(2026, 9, 1), date(2026, 9, 16))
    assert (second.values[0].day, second.end) == (date(2026, 11, 20), date(2026, 11, 25))


def test_a_peg_is_one_line_without_a_gap_however_old_the_law_is() -> None:
    law = Line(Pair("USD", "TMT"), "peg", (point(date(2015, 1, 1), "3.5", "peg"),))

    shown = plot([law], date(2025, 11, 24), TODAY)

    (run,) = runs(shown.curves[0], TODAY)
    assert [(value.day, value.value) for value in run.values] == [(date(2025, 11, 24), Decimal("3.5"))]
    assert run.end == TODAY + timedelta(days=1)


def test_a_chart_begins_with_the_number_that_was_in_force_then() -> None:
    shown = plot([line(("11-20", "472.31"), ("11-24", "473.18"))], date(2026, 11, 22), TODAY)

    assert [(v.day.day, str(v.value)) for v in shown.curves[0]] == [(22, "472.31"), (24, "473.18")]
    assert shown.days == (date(2026, 11, 22), TODAY)


def test_a_chart_does_not_begin_before_its_history() -> None:
    assert plot([line(("11-20", "472.31"))], Span.ALL.first(TODAY), TODAY).first == date(2026, 11, 20)


def test_percents_count_from_the_first_day_that_all_pairs_have() -> None:
    tenge = line(("11-02", "400"), ("11-10", "500"), ("11-20", "525"))
    som = line(("11-12", "80"), ("11-20", "84"), pair=Pair("USD", "KGS"), source="nbkr")

    shown = plot([tenge, som], date(2026, 11, 1), TODAY, percent=True)

    assert shown.base == shown.first == date(2026, 11, 12)
    assert [[str(v.value) for v in curve] for curve in shown.curves] == [["0", "5"], ["0", "5"]]
    assert [reading.percent for reading in readings(shown, TODAY)] == [Decimal(5), Decimal(5)]


def test_the_spread_is_the_second_against_the_first_on_each_day_of_either() -> None:
    bank = line(("11-20", "500.0000"), ("11-24", "510.0000"), source="cbr")
    other = line(("11-21", "505.00"), ("11-24", "515.10"))

    shown = plot([bank, other], date(2026, 11, 1), TODAY, spread=True)

    assert [(v.day.day, str(v.value)) for v in shown.spread] == [(21, "1"), (24, "1")]
    assert difference(bank.points[1], other.points[1]) == Decimal("5.10")
    assert str(difference(bank.points[0], other.points[0])) == "5.00"  # the second has two decimals only


def test_a_pair_without_history_draws_nothing() -> None:
    empty = plot([Line(KZT, "", ())], Span.YEAR.first(TODAY), TODAY, percent=True, spread=True)

    assert (empty.curves, empty.days, empty.extremes) == ((), (), None)


@pytest.mark.parametrize(
    ("span", "last", "first"),
    [
        (Span.MONTH, date(2026, 3, 31), date(2026, 2, 28)),
        (Span.QUARTER, date(2026, 1, 15), date(2025, 10, 15)),
        (Span.HALF, date(2024, 8, 31), date(2024, 2, 29)),
        (Span.YEAR, date(2024, 2, 29), date(2023, 2, 28)),
        (Span.FIVE_YEARS, date(2026, 12, 31), date(2021, 12, 31)),
        (Span.ALL, date(2026, 12, 31), BEGINNING),
    ],
)
def test_a_span_ends_today_and_begins_on_the_same_day_of_an_earlier_month(
    span: Span, last: date, first: date
) -> None:
    assert span.first(last) == first


def test_the_rows_of_a_csv_are_the_fixings() -> None:
    shown = line(("11-20", "472.31"), ("11-23", "472.30"), ("11-24", "473.18"))

    rows = list(csv.DictReader(io.StringIO(as_csv([shown], date(2026, 11, 21), TODAY))))

    assert [row["date"] for row in rows] == ["2026-11-23", "2026-11-24"]
    assert [Decimal(row["rate"]) for row in rows] == [each.rate for each in shown.points[1:]]
    assert {(row["pair"], row["source"]) for row in rows} == {("USD/KZT", "nbk")}


def test_a_computed_rate_is_exported_with_its_true_digits_only() -> None:
    inverse = Line(Pair("KZT", "USD"), "nbk", (point(TODAY, "473.18", inverted=True),))

    assert "2026-11-24,KZT/USD,0.0021134,nbk\n" in as_csv([inverse], TODAY, TODAY)


rates = st.decimals(min_value="0.000001", max_value="999999999", places=6, allow_nan=False)


@given(rates, rates, st.integers(3, 12))
def test_the_ticks_of_values_cover_the_range_evenly_and_are_few(
    one: Decimal, other: Decimal, most: int
) -> None:
    low, high = sorted((one, other))
    ticks = value_ticks(low, high, most)

    assert 2 <= len(ticks) <= max(most, 4)
    assert ticks[0] <= low <= high <= ticks[-1]
    assert len({b - a for a, b in pairwise(ticks)}) == 1
    assert (ticks[1] - ticks[0]).normalize().as_tuple().digits in {(1,), (2,), (5,)}


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 20_000), st.integers(2, 12))
def test_the_ticks_of_dates_are_few_in_the_range_and_begin_their_unit(
    first: date, days: int, most: int
) -> None:
    last = first + timedelta(days=days)
    unit, ticks = date_ticks(first, last, most)

    assert len(ticks) <= most
    assert ticks == sorted(set(ticks))
    assert all(first <= tick <= last for tick in ticks)
    if unit is not Unit.DAY:
        assert all(tick.day == 1 and (unit is Unit.MONTH or tick.month == 1) for tick in ticks)


@pytest.mark.parametrize(
    ("first", "last", "most", "unit", "marks"),
    [
        ("2026-11-20", "2026-11-24", 5, Unit.DAY, 5),
        ("2026-10-24", "2026-11-24", 5, Unit.DAY, 5),
        ("2025-11-24", "2026-11-24", 6, Unit.MONTH, 6),
        ("2021-11-24", "2026-11-24", 6, Unit.YEAR, 5),
        ("1999-01-04", "2026-11-24", 6, Unit.YEAR, 6),
    ],
)
def test_a_date_axis_takes_the_finest_unit_that_fits(
    first: str, last: str, most: int, unit: Unit, marks: int
) -> None:
    found, ticks = date_ticks(date.fromisoformat(first), date.fromisoformat(last), most)
    assert (found, len(ticks)) == (unit, marks)


places = st.lists(st.tuples(st.floats(0, 50), st.floats(-1e6, 1e6)), max_size=400).map(
    lambda found: sorted(found, key=lambda place: place[0])
)


@given(places)
def test_thinning_keeps_what_each_column_of_pixels_shows(points: list[tuple[float, float]]) -> None:
    kept = thin(points)

    remaining = iter(points)
    assert all(place in remaining for place in kept)  # nothing is made up, and the order stays
    for column in {int(x) for x, _ in points}:
        before = [place for place in points if int(place[0]) == column]
        after = [place for place in kept if int(place[0]) == column]
        assert len(after) <= 4
        assert (after[0], after[-1]) == (before[0], before[-1])
        assert min(y for _, y in after) == min(y for _, y in before)
        assert max(y for _, y in after) == max(y for _, y in before)


def test_a_step_goes_on_level_until_the_next_number() -> None:
    assert steps([(0, 5), (10, 7)], 15) == [(0, 5), (10, 5), (10, 7), (15, 7)]


@given(st.lists(st.floats(0, 100), min_size=1, max_size=6))
def test_words_at_the_ends_of_lines_do_not_lie_on_each_other(wanted: list[float]) -> None:
    placed = set_apart(wanted, 12, 0, 100)

    ordered = sorted(placed)
    assert all(b - a >= 12 - 1e-6 for a, b in pairwise(ordered))
    assert ordered[0] >= -1e-6
    assert ordered[-1] <= 100 + 1e-6


@given(
    st.lists(
        st.tuples(st.integers(0, 900), st.integers(1, 10**6)),
        min_size=1,
        max_size=60,
        unique_by=lambda f: f[0],
    ),
    st.integers(0, 900),
)
def test_percents_are_exact(fixings: list[tuple[int, int]], at: int) -> None:
    begin = date(2024, 1, 1)
    points = [point(begin + timedelta(days=n), Decimal(rate), "peg") for n, rate in sorted(fixings)]
    shown = plot([Line(KZT, "peg", tuple(points))], begin, begin + timedelta(days=900), percent=True)

    first = points[0].rate
    for reading in readings(shown, begin + timedelta(days=at)):
        assert (reading.percent is None) == (reading.point is None)
        if reading.point is not None and reading.percent is not None:
            exact = (Fraction(reading.point.rate) / Fraction(first) - 1) * 100
            assert abs(Fraction(reading.percent) - exact) <= abs(exact) / 10**27


def test_the_nearest_fixing_is_the_one_in_force() -> None:
    days = (date(2026, 11, 20), date(2026, 11, 24))
    assert nearest(days, date(2026, 11, 22)) == days[0]
    assert nearest(days, date(2026, 11, 1)) == days[0]
    assert nearest((), TODAY) is None
