"""Whom the pinned pairs make us ask, and who is next when one fails."""

from datetime import UTC, date, datetime

import pytest

from desktop.core.rates.chain import Standing, chain, publishers, wanted
from desktop.core.rates.pairs import parse_pair
from desktop.core.rates.sources import AGGREGATORS, BANKS, RULES

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
PEGGED = frozenset({"TMT", "AED"})
GOOD = Standing(answered=True, newest=date(2026, 11, 24))
DOWN = Standing(failures=2)


def ask(pairs, **standing):
    given = {name.replace("_", "."): how for name, how in standing.items()}
    found = wanted([parse_pair(pair) for pair in pairs.split()], PEGGED, lambda s, c: given.get(s, GOOD), NOW)
    return " ".join(found)


@pytest.mark.parametrize(
    ("currency", "order"),
    [
        ("KZT", "nbk cbr frankfurter.nbk frankfurter erapi fawaz"),
        ("KGS", "nbkr cbr frankfurter.nbkr frankfurter erapi fawaz"),
        ("TJS", "nbt cbr frankfurter.nbt frankfurter erapi fawaz"),
        ("UZS", "cbu cbr frankfurter.cbu frankfurter erapi fawaz"),
        ("TMT", "peg cbr frankfurter erapi fawaz"),
        ("AED", "peg cbr frankfurter erapi fawaz"),
        ("RUB", "cbr frankfurter.cbr frankfurter erapi fawaz"),
        ("EUR", "ecb cbr frankfurter erapi fawaz"),
        ("TRY", "tcmb cbr frankfurter erapi fawaz"),
        ("GBP", "ecb cbr frankfurter erapi fawaz"),
        ("UAH", "cbr frankfurter erapi fawaz"),
        ("AOA", "frankfurter erapi fawaz"),
        ("USD", ""),
    ],
)
def test_the_order_of_trust(currency, order):
    assert " ".join(chain(currency, PEGGED)) == order


def test_every_source_of_a_chain_is_one_that_answers():
    for currency in ("KZT", "TMT", "EUR", "GEL"):
        assert set(chain(currency)) <= {*BANKS, *AGGREGATORS, "peg"} <= set(RULES)


@pytest.mark.parametrize(
    ("pairs", "asked"),
    [
        ("USD/KZT USD/KGS", "nbk nbkr"),
        ("KZT/USD", "nbk"),
        ("KZT/KGS", "nbk nbkr"),
        ("USD/TMT", "cbt"),
        ("USD/AED", ""),
        ("EUR/GBP EUR/KZT", "ecb nbk"),
        ("", ""),
    ],
)
def test_one_document_a_currency_where_all_goes_well(pairs, asked):
    assert ask(pairs) == asked


@pytest.mark.parametrize(
    ("bank", "asked"),
    [
        (Standing(), "nbk"),  # not asked yet
        (DOWN, "nbk cbr"),
        (Standing(answered=True), "nbk cbr"),  # it has no such number
        (Standing(answered=True, failures=1, newest=date(2026, 11, 24)), "nbk"),  # still current
        (Standing(answered=True, failures=1, newest=date(2026, 11, 20)), "nbk cbr"),
        (Standing(answered=True, newest=date(2026, 11, 20)), "nbk"),  # a holiday that nobody told us of
        (Standing(answered=True, newest=date(2026, 11, 17)), "nbk cbr"),  # yesterday's file for ever
        (Standing(answered=True, newest=date(2026, 11, 24), doubted=True), "nbk cbr"),
    ],
)
def test_the_next_is_asked_where_the_first_has_nothing_that_counts(bank, asked):
    assert ask("USD/KZT", nbk=bank) == asked


def test_the_chain_is_walked_to_its_end():
    down = dict.fromkeys(("nbk", "cbr", "frankfurter_nbk", "frankfurter", "erapi", "fawaz"), DOWN)
    assert ask("USD/KZT", **down) == "nbk cbr frankfurter.nbk frankfurter erapi fawaz"
    assert ask("USD/KZT", **(down | {"frankfurter": GOOD})) == "nbk cbr frankfurter.nbk frankfurter"


def test_what_the_person_chose_is_asked_beside_the_best():
    found = wanted([parse_pair("USD/KZT")], PEGGED, lambda s, c: GOOD, NOW, ["erapi", "", "peg", "nobody"])
    assert found == ("erapi", "nbk")


@pytest.mark.parametrize(
    ("pair", "names"),
    [
        ("USD/KZT", "nbk cbr frankfurter.nbk frankfurter erapi fawaz"),
        ("KZT/EUR", "nbk cbr frankfurter erapi fawaz"),
        ("KZT/KGS", "cbr frankfurter erapi fawaz"),
        ("GBP/USD", "ecb cbr frankfurter erapi fawaz"),
        ("USD/TMT", "peg cbr frankfurter erapi fawaz"),
    ],
)
def test_a_source_can_be_chosen_before_it_was_ever_asked(pair, names):
    found = publishers(parse_pair(pair), PEGGED)
    assert list(found) == names.split()
