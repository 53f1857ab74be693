"""Numbers on their way into the store: kept, held apart, let through, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.core.rates import Pair, Quote, QuoteKind
from desktop.core.rates.sources import RULES
from desktop.store import Store
from desktop.store.rates import Rates
from desktop.sync.answers import rate_of, series_of
from desktop.sync.rate_keeping import Kept, accept, keep_quotes
from tests.new_store import begin
from tests.unit.sync.press import NOW

FRIDAY, TUESDAY, WEDNESDAY = date(2026, 11, 20), date(2026, 11, 24), date(2026, 11, 25)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(begin(tmp_path)) as opened:
        yield opened


def quote(value: str, day: date, source: str = "nbk", base: str = "USD", other: str = "KZT") -> Quote:
    return Quote(base, other, Decimal(value), value, "1", day, source, RULES[source].kind, NOW)


def shown(store: Store, pair: str = "USD/KZT", day: date = TUESDAY) -> tuple[str, str]:
    """The number of the answer, and the one that waits behind it."""
    answer = rate_of(store, Pair(*pair.split("/")), day, NOW)
    return str(answer.rate), answer.unconfirmed.raw_value if answer.unconfirmed else ""


def test_a_jump_waits_behind_the_last_good_number_until_the_next_fixing_repeats_it(store: Store) -> None:
    assert keep_quotes(store, [quote("473.18", FRIDAY)], NOW) == Kept(new=1)
    assert keep_quotes(store, [quote("620.00", TUESDAY)], NOW) == Kept(held=1)
    assert shown(store) == ("473.18", "620.00")
    assert keep_quotes(store, [quote("620.00", TUESDAY)], NOW) == Kept()
    assert keep_quotes(store, [quote("622.00", WEDNESDAY)], NOW) == Kept(new=2)
    assert shown(store) == ("620.00", "")
    assert store.rates.unconfirmed() == []


def test_a_second_bank_lets_it_through_whichever_comes_first(store: Store) -> None:
    russian = [
        quote("79.10", FRIDAY, "cbr", "USD", "RUB"),
        quote("0.16718", FRIDAY, "cbr", "KZT", "RUB"),
    ]
    jumped = [russian[0]._replace(valid_from=TUESDAY), quote("0.1276", TUESDAY, "cbr", "KZT", "RUB")]
    keep_quotes(store, [quote("473.18", FRIDAY), *russian], NOW)
    keep_quotes(store, [quote("620.00", TUESDAY)], NOW)
    assert shown(store) == ("473.18", "620.00")
    assert keep_quotes(store, jumped, NOW).new == 3
    assert (shown(store), shown(store, "KZT/RUB")) == (("620.00", ""), ("0.1276", ""))
    assert store.rates.unconfirmed() == []


def test_a_number_that_its_bank_takes_back_becomes_a_correction(store: Store) -> None:
    keep_quotes(store, [quote("473.18", FRIDAY)], NOW)
    keep_quotes(store, [quote("473180", TUESDAY)], NOW)
    assert keep_quotes(store, [quote("473.90", TUESDAY)], NOW) == Kept(new=1)
    assert shown(store) == ("473.90", "")
    assert [former.raw_value for former, _ in store.rates.corrections("nbk")] == ["473180"]


def test_the_person_can_accept_it_and_it_lasts(store: Store, tmp_path: Path) -> None:
    keep_quotes(store, [quote("473.18", FRIDAY)], NOW)
    keep_quotes(store, [quote("620.00", TUESDAY)], NOW)
    waiting = store.rates.unconfirmed()
    assert accept(store, waiting, NOW) == 1
    assert accept(store, waiting, NOW) == 0
    assert shown(store) == ("620.00", "")
    keep_quotes(store, [quote("624.00", WEDNESDAY)], NOW)
    assert shown(store, day=WEDNESDAY) == ("624.00", "")


def test_the_first_number_of_a_fallback_is_measured_against_the_bank_it_stands_in_for(store: Store) -> None:
    keep_quotes(store, [quote("473.18", FRIDAY)], NOW)
    assert keep_quotes(store, [quote("473180", TUESDAY, "erapi")], NOW) == Kept(held=1)
    assert keep_quotes(store, [quote("473.5", TUESDAY, "fawaz")], NOW) == Kept(new=1)
    assert shown(store) == ("473.18", "")


def test_a_table_that_is_wrong_in_all_its_rows_is_held_back_whole_and_its_cross_stays(store: Store) -> None:
    good = [
        quote(value, FRIDAY, "cbr", code, "RUB")
        for code, value in (("USD", "79.10"), ("KZT", "0.16718"), ("KGS", "0.9045"))
    ]
    keep_quotes(store, good, NOW)
    before = shown(store, "KZT/KGS")
    wrong = [one._replace(rate=one.rate * 1000, valid_from=TUESDAY) for one in good]
    assert keep_quotes(store, wrong, NOW) == Kept(held=3)
    assert shown(store, "KZT/KGS")[0] == before[0]


@pytest.mark.parametrize("source", ["frankfurter.nbk", "erapi"])
def test_the_first_number_of_a_stand_in_is_measured_by_the_last_that_is_known_however_old(
    store: Store, source: str
) -> None:
    keep_quotes(store, [quote("473.18", TUESDAY - timedelta(days=60))], NOW)
    assert keep_quotes(store, [quote("474170", TUESDAY, source)], NOW) == Kept(held=1)
    assert keep_quotes(store, [quote("540.17", WEDNESDAY, source)], NOW).held == 0
    assert shown(store, day=WEDNESDAY)[0] == "540.17"


def test_the_manat_stays_fixed_while_its_bank_alone_says_otherwise(store: Store) -> None:
    said = quote("4.0", TUESDAY, "cbt", "USD", "TMT")
    assert keep_quotes(store, [said], NOW) == Kept(held=1)
    assert shown(store, "USD/TMT") == ("3.5", "4.0")


def test_the_law_changes_with_the_second_fixing_of_its_own_bank(store: Store) -> None:
    keep_quotes(store, [quote("3.5", FRIDAY, "cbt", "USD", "TMT"), quote("473.18", FRIDAY)], NOW)
    keep_quotes(store, [quote("4.0", TUESDAY, "cbt", "USD", "TMT")], NOW)
    assert shown(store, "USD/TMT") == ("3.5", "4.0")
    keep_quotes(store, [quote("4.0", WEDNESDAY, "cbt", "USD", "TMT"), quote("473.18", WEDNESDAY)], NOW)
    assert shown(store, "USD/TMT", WEDNESDAY) == ("4.0", "")
    assert shown(store, "USD/TMT", FRIDAY) == ("3.5", "")
    assert shown(store, "TMT/KZT", WEDNESDAY)[0].startswith("118.29")


def test_a_chart_leaves_the_fixed_rate_on_the_day_on_which_the_answer_does(store: Store) -> None:
    days = [FRIDAY, TUESDAY, WEDNESDAY]
    for day, manat in zip(days, ("3.5", "4.0", "4.0"), strict=True):
        keep_quotes(store, [quote(manat, day, "cbt", "USD", "TMT"), quote("473.18", day)], NOW)
    for pair in (Pair("USD", "TMT"), Pair("TMT", "USD"), Pair("TMT", "KZT")):
        points = series_of(store, pair, FRIDAY, WEDNESDAY)
        for day in days:
            told = rate_of(store, pair, day, NOW)
            drawn = [point for point in points if point.valid_from <= day][-1]
            assert (drawn.rate, drawn.is_peg) == (told.rate, told.kind is QuoteKind.PEG), (pair, day)
    assert [point.rate for point in series_of(store, Pair("USD", "TMT"), WEDNESDAY, WEDNESDAY)] == [4]


def test_five_years_of_a_pair_that_float_in_their_midst_are_all_kept(store: Store) -> None:
    """Back-fill: today's value says nothing of a day nine years ago."""
    keep_quotes(store, [quote("12075.20", TUESDAY, "cbu", "USD", "UZS")], NOW)
    weeks = [date(2015, 1, 6) + timedelta(days=7 * n) for n in range(250)]
    before = [Decimal("2422.00") + n * 13 for n in range(250)]
    values = [
        value if day < date(2017, 9, 5) else Decimal("8100.00") + n
        for n, (day, value) in enumerate(zip(weeks, before, strict=True))
    ]
    sent = [quote(str(value), day, "cbu", "USD", "UZS") for day, value in zip(weeks, values, strict=True)]
    for at in range(0, 250, 50):  # the newest part first, as a back-fill goes
        part = sent[200 - at : 250 - at]
        keep_quotes(store, part, NOW)
    assert store.rates.unconfirmed() == []
    assert len(store.rates.around("cbu", Pair("USD", "UZS"), weeks[0], weeks[-1])) == 251


def test_known_numbers_write_nothing(store: Store) -> None:
    sent = [quote("473.18", FRIDAY), quote("620.00", TUESDAY)]
    keep_quotes(store, sent, NOW)
    before = store._database.connection.total_changes
    later = [one._replace(fetched_at=NOW + timedelta(hours=1)) for one in sent]
    assert keep_quotes(store, later, NOW + timedelta(hours=1)) == Kept()
    assert store._database.connection.total_changes == before


def test_the_tables_of_other_banks_are_read_where_there_are_some(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[set[str]] = []
    book = Rates.book

    def spied(rates: Rates, currencies: set[str], since: date) -> list[Quote]:
        read.append(currencies)
        return book(rates, currencies, since)

    keep_quotes(store, [quote("0.19", TUESDAY, "erapi", "KZT", "KGS")], NOW)
    monkeypatch.setattr(Rates, "book", spied)
    assert shown(store, "KZT/KGS") == ("None", "")
    assert len(read) == 1
    monkeypatch.undo()
    tenge, som = quote("12.10", TUESDAY, "nbt", "USD", "TJS"), quote("0.02557", TUESDAY, "nbt", "KZT", "TJS")
    keep_quotes(store, [tenge, som, quote("0.1383", TUESDAY, "nbt", "KGS", "TJS")], NOW)
    monkeypatch.setattr(Rates, "book", spied)
    assert shown(store, "KZT/KGS")[0].startswith("0.18")
    assert [codes >= {"TJS"} for codes in read[1:]] == [False, True]
