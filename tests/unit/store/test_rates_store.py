"""Rates: exact, with what was published, and what was replaced."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from desktop.core.rates import ProviderState, QuoteKind
from desktop.store import Store
from tests.unit.store.builders import NOW, make_quote

FIRST = date(2026, 11, 1)


def test_a_quote_comes_back_exactly_as_published(store: Store) -> None:
    quote = make_quote(
        value="0.0390400000000000000000000012",
        quote="UZS",
        raw_value="3,9040",
        raw_nominal="100",
        source="nbt",
        kind=QuoteKind.DERIVED,
        previous_value="3,9",
    )
    assert store.rates.save([quote], NOW) == 1
    assert store.rates.book({"USD", "UZS"}, FIRST) == [quote]


def test_whether_there_is_a_number_of_some_banks(store: Store) -> None:
    assert not store.rates.has_any(("cbr", "nbk"))
    store.rates.save([make_quote(source="erapi")], NOW)
    assert not store.rates.has_any(("cbr", "nbk"))
    assert store.rates.has_any(("nbk", "erapi"))


def test_known_quotes_write_nothing(store: Store) -> None:
    quotes = [make_quote(day) for day in (22, 23, 24)]
    assert store.rates.save(quotes, NOW) == 3
    before = store._database.connection.total_changes
    again = [quote._replace(fetched_at=NOW + timedelta(hours=1)) for quote in quotes]
    assert store.rates.save(again, NOW) == 0
    assert store._database.connection.total_changes == before


def test_a_number_that_is_replaced_is_kept_as_a_correction(store: Store) -> None:
    former = make_quote(value="473.18")
    newer = make_quote(value="474.00", fetched_at=NOW + timedelta(hours=1))
    store.rates.save([former], NOW)
    assert store.rates.save([newer], NOW + timedelta(hours=1)) == 1
    assert store.rates.book({"USD", "KZT"}, FIRST) == [newer]
    assert store.rates.corrections("nbk") == [(former, NOW + timedelta(hours=1))]


def test_an_older_answer_that_comes_late_replaces_nothing(store: Store) -> None:
    kept = make_quote(value="474.00")
    store.rates.save([kept], NOW)
    assert store.rates.save([make_quote(value="1.00", fetched_at=NOW - timedelta(hours=1))], NOW) == 0
    assert store.rates.book({"USD", "KZT"}, FIRST) == [kept]


def test_the_same_number_twice_in_one_answer_is_one(store: Store) -> None:
    assert store.rates.save([make_quote(), make_quote()], NOW) == 1
    assert store.rates.corrections("nbk") == []


def test_two_numbers_for_one_day_in_one_answer_end_with_the_last(store: Store) -> None:
    first, last = make_quote(value="1.5"), make_quote(value="2.5")
    store.rates.save([first, last], NOW)
    assert store.rates.book({"USD", "KZT"}, FIRST) == [last]
    assert [quote for quote, _ in store.rates.corrections("nbk")] == [first]


def test_a_book_holds_the_currencies_against_each_other_only(store: Store) -> None:
    store.rates.save([make_quote(), make_quote(quote="UZS"), make_quote(quote="EUR")], NOW)
    found = store.rates.book({"USD", "KZT", "UZS"}, FIRST)
    assert {quote.quote for quote in found} == {"KZT", "UZS"}


def test_a_book_reaches_back_to_the_last_fixing_however_old(store: Store) -> None:
    quotes = [make_quote(day, value=f"{day}.5") for day in range(1, 25)]
    store.rates.save(quotes, NOW)
    assert store.rates.book({"USD", "KZT"}, date(2030, 1, 1)) == quotes[-10:]
    assert store.rates.book({"USD", "KZT"}, date(2026, 11, 20)) == quotes[9:]


def test_a_book_is_ordered_by_date(store: Store) -> None:
    quotes = [make_quote(24), make_quote(3, source="nbkr"), make_quote(7)]
    store.rates.save(quotes, NOW)
    assert [quote.valid_from.day for quote in store.rates.book({"USD", "KZT"}, FIRST)] == [3, 7, 24]


def test_no_precision_is_lost_on_the_way(store: Store) -> None:
    values = ["1E-28", "0.00000001", "12500.5000", "123456789012345678901234567.8"]
    store.rates.save([make_quote(day, value) for day, value in enumerate(values, 1)], NOW)
    assert [str(q.rate) for q in store.rates.book({"USD", "KZT"}, FIRST)] == [str(Decimal(v)) for v in values]


def test_provider_states_come_back_as_saved(store: Store) -> None:
    state = ProviderState(
        "nbk", '"e"', "Tue", NOW, NOW - timedelta(days=1), "No answer.", 2, NOW + timedelta(hours=1)
    )
    store.rates.save_state(ProviderState("nbk"))
    store.rates.save_state(state)
    store.rates.save_state(ProviderState("cbu"))
    assert store.rates.provider_states() == {"nbk": state, "cbu": ProviderState("cbu")}
