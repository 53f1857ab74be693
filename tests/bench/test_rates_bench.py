"""Five years of twenty pairs: what a chart, an alert and the ticker read of them, counted and compared."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.core.rates import Pair, Quote
from desktop.core.rates.quotes import answer, needed
from desktop.core.rates.sources import RULES
from desktop.store import Store
from desktop.sync.answers import rate_of, series_of, sources_of

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FIRST = TODAY - timedelta(days=5 * 365)
CODES = ("USD", "EUR", "RUB", "CNY", "GBP", "TRY", "KZT", "KGS", "TJS", "UZS")
BANKS = ("nbk", "nbkr", "nbt", "cbu", "cbr")
PAIRS = tuple(
    Pair(base, quote)
    for base, quotes in (("USD", ("KZT", "KGS", "TJS", "UZS", "RUB")), ("EUR", ("KZT", "KGS", "TJS", "UZS", "USD")),
                         ("KZT", ("USD", "RUB", "KGS", "TJS")), ("KGS", ("KZT", "RUB")), ("CNY", ("KZT", "UZS")),
                         ("TMT", ("KZT",)), ("UZS", ("KZT",)))
    for quote in quotes
)  # fmt: skip


def fixings() -> Iterator[Quote]:
    for n in range((TODAY - FIRST).days + 1):
        day = FIRST + timedelta(days=n)
        if day.weekday() > 4:
            continue
        for source in BANKS:
            rule = RULES[source]
            for at, code in enumerate(CODES):
                if code != rule.home:
                    rate = Decimal(100 * (at + 1)) + Decimal(n * 7 % 1000) / 100
                    raw = f"{rate:.4f}"
                    text = raw.replace(".", ",") if rule.mark == "," else raw
                    yield Quote(code, rule.home, Decimal(raw), text, "1", day, source, rule.kind, NOW)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder: Path = tmp_path_factory.mktemp("rates")
    with Store.open(folder) as store:
        assert store.rates.save(fixings(), NOW) > 50_000
    with Store.open_reader(folder) as store:
        yield store


def cpu(act: Callable[[], object]) -> float:
    """The least processor time of some rounds, in seconds."""
    spent = []
    for _ in range(3):
        begun = time.process_time()
        act()
        spent.append(time.process_time() - begun)
    return min(spent)


def rows_read(store: Store, pair: Pair) -> tuple[int, int]:
    """Rows that one series reads, and its points."""
    whole, count = store.rates.fixings, 0

    def counted(source: str, published: Pair, first: date, last: date):
        nonlocal count
        rows = whole(source, published, first, last)
        count += len(rows)
        return rows

    store.rates.fixings = counted  # type: ignore[method-assign]
    try:
        points = series_of(store, pair, FIRST, TODAY)
    finally:
        del store.rates.fixings
    return count, len(points)


def test_a_series_reads_at_most_two_rows_a_point(reader: Store) -> None:
    for pair in PAIRS:
        rows, points = rows_read(reader, pair)
        assert points > 1200, pair
        assert rows <= 2 * points + 20, pair


def test_five_years_of_twenty_pairs_cost_less_than_a_hundredth_of_asking_day_by_day(reader: Store) -> None:
    assert len(PAIRS) == 20
    whole = cpu(lambda: [series_of(reader, pair, FIRST, TODAY) for pair in PAIRS])
    days = [TODAY - timedelta(days=n) for n in range(10)]
    daily = cpu(lambda: [rate_of(reader, PAIRS[0], day, NOW) for day in days]) / len(days)
    points = sum(len(series_of(reader, pair, FIRST, TODAY)) for pair in PAIRS)
    print(f"\n20 series: {whole * 1000:.0f} ms; an answer: {daily * 1000:.2f} ms; {points} points")
    assert whole < points * daily / 100


def test_an_answer_reads_weeks_and_not_years(reader: Store) -> None:
    for pair in PAIRS:
        book = reader.rates.book(needed(pair, TODAY), TODAY - timedelta(days=45))
        series = len(reader.rates.series(needed(pair, TODAY)))
        assert len(book) <= series * 44, pair
        assert answer(pair, TODAY, book, [], NOW).rate is not None or "TMT" in (pair.base, pair.quote)


def test_the_offered_sources_are_found_without_reading_a_series(reader: Store) -> None:
    assert sources_of(reader, Pair("USD", "KZT")) == ("nbk", "nbkr", "nbt", "cbu", "cbr")
    assert cpu(lambda: sources_of(reader, Pair("USD", "KZT"))) < cpu(
        lambda: series_of(reader, Pair("USD", "KZT"), FIRST, TODAY)
    )
