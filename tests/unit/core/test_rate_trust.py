"""What is believed at once, what waits, and what lets it through."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from desktop.core.rates import Pair, Quote, QuoteKind
from desktop.core.rates.doubts import doubt
from desktop.core.rates.quotes import answer
from desktop.core.rates.sources import RULES
from desktop.core.rates.trust import Known, Others, confirmed, judge

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
PEGS = [Quote("USD", "TMT", Decimal("3.5"), "3.5", "1", date(2015, 1, 1), "peg", QuoteKind.PEG, NOW)]


def quote(value, day, source="nbk", pair="USD/KZT"):
    base, other = pair.split("/")
    day = date(2026, 11, day) if isinstance(day, int) else date.fromisoformat(day)
    return Quote(base, other, Decimal(value), value, "1", day, source, RULES[source].kind, NOW)


class Desk:
    """A series that numbers come into one document after the other, as the store keeps it."""

    def __init__(self, *accepted):
        self.accepted = {one.valid_from: one for one in accepted}
        self.held, self.taken_back = {}, []

    def receive(self, *quotes, elsewhere=()):
        known = Known({day: one.rate for day, one in self.accepted.items()}, list(self.held.values()))
        verdict = judge(quotes, known, PEGS, lambda _: [(Fraction(told), 0) for told in elsewhere])
        self.held |= {one.valid_from: one for one in verdict.held}
        for one in (*verdict.accepted, *verdict.contradicted):
            self.held.pop(one.valid_from, None)
        self.accepted |= {one.valid_from: one for one in verdict.accepted}
        self.taken_back += verdict.contradicted
        return self

    @property
    def good(self):
        return [str(one.rate) for _, one in sorted(self.accepted.items())]

    @property
    def waiting(self):
        return [str(one.rate) for _, one in sorted(self.held.items())]


FRIDAY = quote("473.18", 20)


@pytest.mark.parametrize("value", ["473.18", "426.00", "520.00", "520.49"])
def test_up_to_a_tenth_is_believed(value):
    assert Desk(FRIDAY).receive(quote(value, 24)).waiting == []


@pytest.mark.parametrize("value", ["520.51", "425.00", "473180", "0.47318", "47318", "4.7"])
def test_more_than_a_tenth_waits_and_the_last_good_number_stays(value):
    desk = Desk(FRIDAY).receive(quote(value, 24))
    assert (desk.good, desk.waiting) == (["473.18"], [value])


@pytest.mark.parametrize(("value", "waits"), [("3.5", False), ("3.56", False), ("3.6", True), ("4", True)])
def test_a_fiftieth_is_enough_where_the_law_fixes_the_rate(value, waits):
    desk = Desk(quote("3.5", 23, "cbt", "USD/TMT")).receive(quote(value, 24, "cbt", "USD/TMT"))
    assert bool(desk.waiting) is waits


def test_the_law_itself_confirms_no_jump():
    book = [quote("3.5", 24, "erapi", "USD/TMT")]
    number = quote("3.62", 24, "cbt", "USD/TMT")
    assert Others("cbt", [], PEGS).values(number) == [(Fraction("3.5"), 0)]
    assert Others("cbt", [], PEGS).witnesses(number) == []
    assert confirmed([number], book, PEGS) == []


def test_the_next_fixing_confirms():
    desk = Desk(FRIDAY).receive(quote("620.00", 24))
    assert desk.receive(quote("625.50", 25)).good == ["473.18", "620.00", "625.50"]
    assert (desk.waiting, desk.taken_back) == ([], [])


def test_the_same_document_again_confirms_nothing():
    desk = Desk(FRIDAY).receive(quote("620.00", 24)).receive(quote("620.00", 24))
    assert desk.waiting == ["620.00"]


def test_a_copy_over_the_week_end_confirms_nothing_and_monday_does():
    desk = Desk(quote("9.25", 19, "nbt", "USD/TJS"))
    for day in (20, 21, 22):
        desk.receive(quote("11.80", day, "nbt", "USD/TJS"))
    assert (desk.good, desk.waiting) == (["9.25"], ["11.80"] * 3)
    desk.receive(quote("11.85", 23, "nbt", "USD/TJS"))
    assert (desk.good, desk.waiting) == (["9.25", "11.80", "11.80", "11.80", "11.85"], [])


def test_a_bank_that_goes_back_takes_its_number_back():
    desk = Desk(FRIDAY).receive(quote("473180", 24)).receive(quote("473.90", 24))
    assert (desk.good, desk.waiting) == (["473.18", "473.90"], [])
    assert [str(one.rate) for one in desk.taken_back] == ["473180"]
    desk = Desk(FRIDAY).receive(quote("473180", 24)).receive(quote("474.20", 25))
    assert (desk.good, len(desk.taken_back)) == (["473.18", "474.20"], 1)


@pytest.mark.parametrize(("told", "lets"), [("610", True), ("650", True), ("473", False), ("660", False)])
def test_a_second_publisher_confirms_within_a_twentieth(told, lets):
    held = quote("620.00", 24)
    assert confirmed([held], [FRIDAY, quote(told, 24, "erapi")], PEGS) == ([held] if lets else [])


def test_a_number_without_neighbours_is_measured_against_others():
    wrong = Desk().receive(quote("473180", 24, "erapi"), elsewhere=["473.18", "472"])
    assert (wrong.good, wrong.waiting) == ([], ["473180"])
    assert Desk().receive(quote("474", 24, "erapi"), elsewhere=["473.18"]).good == ["474"]
    assert Desk().receive(quote("474", 24, "erapi")).good == ["474"]


def test_after_long_silence_a_number_may_differ_more_but_not_tenfold():
    old = quote("473.18", "2026-05-20")
    assert Desk(old).receive(quote("600", 24)).good == ["473.18", "600"]
    assert Desk(old).receive(quote("4731.8", 24)).waiting == ["4731.8"]


def test_a_fall_that_goes_on_is_let_through_a_fixing_late():
    """100, 115, 130, 148: each more than a tenth; every number counts with the next one, none is lost."""
    desk, seen = Desk(quote("100", 17)), []
    for day, value in ((18, "115"), (19, "130"), (20, "148"), (24, "149")):
        seen.append((desk.receive(quote(value, day)).good[-1], list(desk.waiting)))
    assert seen == [("100", ["115"]), ("115", ["130"]), ("130", ["148"]), ("149", [])]
    assert desk.good == ["100", "115", "130", "148", "149"]


# One document after the other as the banks published them, and the number in force after each of them.
REAL = [
    ("nbkr", "USD/KGS", ["2020-03-17 69.8496", "2020-03-18 80.0336", "2020-03-19 78.9000"], 2),  # +14.58 %
    (
        "nbk",
        "USD/KZT",
        ["2015-08-19 188.38", "2015-08-20 188.38", "2015-08-21 255.26", "2015-08-25 234.91"],
        3,
    ),
    ("cbu", "USD/UZS", ["2017-08-29 4210.35", "2017-09-05 8100.00", "2017-09-12 8074.20"], 2),
]


@pytest.mark.parametrize(("source", "pair", "published", "last_needed"), REAL, ids=["NBKR", "NBK", "CBU"])
def test_a_real_devaluation_counts_with_its_second_publication_and_is_never_dropped(
    source, pair, published, last_needed
):
    desk = Desk()
    quotes = [quote(text.split()[1], text.split()[0], source, pair) for text in published]
    for count, one in enumerate(quotes, 1):
        desk.receive(one)
        assert len(desk.good) + len(desk.waiting) == count
        assert (desk.waiting == []) is (count != last_needed if count <= last_needed else True)
    assert desk.good == [str(one.rate) for one in quotes]


@pytest.mark.parametrize(("source", "pair", "published", "_"), REAL, ids=["NBKR", "NBK", "CBU"])
@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("at_once", [False, True])
def test_history_is_measured_against_its_own_time_in_whatever_order_it_comes(
    source, pair, published, _, backwards, at_once
):
    days = [quote(text.split()[1], text.split()[0], source, pair) for text in published]
    before = [_moved(days[0], -n) for n in range(5, 0, -1)]
    after = [_moved(days[-1], n) for n in range(1, 6)]
    series = [*before, *days, *after]
    desk = Desk(quote("473.18" if pair == "USD/KZT" else "12075", 24, source, pair))
    sent = series[::-1] if backwards else series
    for part in [sent] if at_once else [[one] for one in sent]:
        desk.receive(*part)
    assert desk.waiting == []
    assert len(desk.good) == len(series) + 1


def _moved(one, days):
    day = one.valid_from + timedelta(days=days)
    return Quote(one.base, one.quote, one.rate, one.raw_value, "1", day, one.source, one.kind, NOW)


def test_a_slip_in_the_middle_of_a_history_stays_out():
    days = [quote(f"47{n}.00", 9 + n) for n in range(1, 9)]
    slip = quote("4750.00", 20)
    desk = Desk(FRIDAY).receive(*days, quote("475.00", 19)).receive(slip)
    assert desk.waiting == ["4750.00"]
    assert "4750.00" not in desk.good


def test_witnesses_are_other_publishers_of_about_that_day():
    kzt, rub = quote("620.00", 24), quote("79.10", 24, "cbr", "USD/RUB")
    cross = quote("0.1276", 24, "cbr", "KZT/RUB")
    passed_on = quote("620.00", 24, "frankfurter.nbk")
    assert confirmed([kzt], [passed_on], PEGS) == []
    assert confirmed([kzt], [passed_on, rub, cross], PEGS) == [kzt]
    old = [quote("618", 10, "erapi")]
    assert confirmed([kzt], old, PEGS) == []
    assert Others("nbk", old, PEGS).values(kzt) == [(618, 14)]


def test_two_banks_that_jump_together_confirm_each_other():
    held = [quote("620.00", 24), quote("0.1276", 24, "cbr", "KZT/RUB")]
    assert confirmed(held, [quote("79.10", 24, "cbr", "USD/RUB")], PEGS) == held


@pytest.mark.parametrize(
    ("held", "pair", "shown"),
    [
        (quote("620", 25), "USD/KZT", True),
        (quote("620", 25), "KZT/USD", True),
        (quote("620", 23), "USD/KZT", False),  # older than what is shown
        (quote("620", 25), "USD/KGS", False),
        (quote("620", 25, "cbt"), "USD/KZT", True),  # another bank's own
        (quote("620", 25, "erapi"), "USD/KZT", False),  # a blend that nobody looks at
        (quote("620", 25, "erapi"), "USD/GEL", False),
    ],
)
def test_a_doubt_belongs_to_the_answers_that_it_could_change(held, pair, shown):
    base, other = pair.split("/")
    book = [quote("473.18", 24), quote("87.45", 24, "nbkr", "USD/KGS")]
    given = answer(Pair(base, other), date(2026, 11, 24), book, PEGS, NOW)
    assert (doubt(given, [held], date(2026, 11, 24)) == held) is shown


def test_where_nothing_is_known_even_a_doubtful_number_is_told():
    held = quote("620", 24, "erapi")
    given = answer(Pair("USD", "KZT"), date(2026, 11, 24), [], PEGS, NOW)
    assert (given.rate, doubt(given, [held], date(2026, 11, 24))) == (None, held)
