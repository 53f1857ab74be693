"""Past conversions outlive the program, and what was cleared can be put back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from desktop.core.rates import Pair
from desktop.core.rates.amounts import Conversion
from desktop.store import Store

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MADE = Conversion(
    Decimal("1500.50"), Pair("USD", "KZT"), Decimal("473.18"), 5, "710 006.59", date(2026, 11, 24),
    date(2026, 11, 24), "nbk", NOW,
)  # fmt: skip


def test_a_conversion_is_there_after_a_restart_exactly_as_it_was(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        assert store.conversions.keep(MADE)
    with Store.open(tmp_path) as store:
        assert store.conversions.past() == [MADE]


def test_the_same_conversion_again_adds_nothing_and_another_comes_first(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.conversions.keep(MADE)
        later = NOW + timedelta(minutes=1)
        assert not store.conversions.keep(replace(MADE, made_at=later))
        assert store.conversions.keep(replace(MADE, amount=Decimal(2), made_at=later))
        assert [made.amount for made in store.conversions.past()] == [Decimal(2), Decimal("1500.50")]


def test_clearing_gives_back_all_that_there_was_and_they_can_be_put_back(tmp_path: Path) -> None:
    many = [replace(MADE, amount=Decimal(n), made_at=NOW + timedelta(seconds=n // 2)) for n in range(300)]
    with Store.open(tmp_path) as store:
        for made in many:
            store.conversions.keep(made)
        cleared = store.conversions.clear()
        assert cleared == list(reversed(many))
        assert store.conversions.past() == []
        store.conversions.put_back(cleared)
        assert store.conversions.past(1000) == cleared
