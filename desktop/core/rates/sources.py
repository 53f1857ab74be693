"""All publishers of rates that are known, and the order in which they are believed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, time
from types import MappingProxyType

from desktop.core.rates import QuoteKind
from desktop.core.rates.rule import (
    EVERY_DAY,
    LABOUR,
    MONDAY_TO_FRIDAY,
    NAURYZ,
    NEW_YEAR,
    NEW_YEAR_WEEK,
    SATURDAY_TO_MONDAY,
    TUESDAY_TO_FRIDAY,
    VICTORY,
    WOMEN,
    SourceRule,
)

BRIDGE = "USD"
PEG = "peg"
# A number that is fixed by law is true until its bank says otherwise: these are asked whether they do.
WITNESSES = {"TMT": "cbt"}

_RULES = (
    SourceRule(
        id="peg",
        home="USD",
        kind=QuoteKind.PEG,
        zone="UTC",
        utc_hours=0,
        publishes_at=time(0, 0),
        next_day=False,
        expected=frozenset(),
        carried=frozenset(),
        cadence_days=0,
        breaks=(),
        works=frozenset(),
        since=date(2003, 1, 1),
    ),
    SourceRule(
        id="nbk",
        home="KZT",
        kind=QuoteKind.OFFICIAL,
        zone="Asia/Almaty",
        utc_hours=5,
        publishes_at=time(15, 30),
        next_day=True,
        expected=TUESDAY_TO_FRIDAY,
        carried=SATURDAY_TO_MONDAY,
        breaks=(NEW_YEAR, ((1, 7), (1, 7)), WOMEN, NAURYZ, LABOUR, ((5, 7), (5, 7)), VICTORY),
        decimals=2,
        since=date(2000, 1, 5),
    ),
    SourceRule(
        id="nbkr",
        home="KGS",
        kind=QuoteKind.OFFICIAL,
        zone="Asia/Bishkek",
        utc_hours=6,
        publishes_at=time(15, 30),
        next_day=True,
        expected=TUESDAY_TO_FRIDAY,
        carried=SATURDAY_TO_MONDAY,
        breaks=(NEW_YEAR_WEEK, WOMEN, ((3, 21), (3, 21)), LABOUR, ((5, 5), (5, 5)), VICTORY),
        mark=",",
        decimals=4,
        since=date(1999, 1, 1),
    ),
    SourceRule(
        id="nbt",
        home="TJS",
        kind=QuoteKind.OFFICIAL,
        zone="Asia/Dushanbe",
        utc_hours=5,
        publishes_at=time(11, 0),
        next_day=False,
        expected=MONDAY_TO_FRIDAY,
        breaks=(NEW_YEAR, WOMEN, ((3, 21), (3, 24)), VICTORY, ((6, 27), (6, 27)), ((9, 9), (9, 9))),
        decimals=4,
        since=date(2001, 1, 1),
    ),
    SourceRule(
        id="cbu",
        home="UZS",
        kind=QuoteKind.OFFICIAL,
        zone="Asia/Tashkent",
        utc_hours=5,
        publishes_at=time(16, 0),
        next_day=True,
        expected=MONDAY_TO_FRIDAY,
        breaks=(NEW_YEAR, WOMEN, ((3, 21), (3, 21)), VICTORY, ((9, 1), (9, 1)), ((10, 1), (10, 1))),
        decimals=2,
        never=frozenset({"TMT"}),  # far from the peg: about 3 to the dollar where 3.5 is the law
        since=date(1994, 7, 1),
    ),
    SourceRule(
        id="nbkr.weekly",
        publisher="nbkr",
        home="KGS",
        kind=QuoteKind.OFFICIAL,
        zone="Asia/Bishkek",
        utc_hours=6,
        publishes_at=time(15, 30),
        next_day=True,
        expected=EVERY_DAY,
        carried=frozenset(),
        cadence_days=7,
        mark=",",
        decimals=4,
        never=frozenset({"UZS", "IRR"}),  # two digits of precision
        works=EVERY_DAY,
        since=date(1999, 1, 1),
    ),
    SourceRule(
        id="cbr",
        home="RUB",
        kind=QuoteKind.OFFICIAL,
        zone="Europe/Moscow",
        utc_hours=3,
        publishes_at=time(18, 0),
        next_day=True,
        expected=TUESDAY_TO_FRIDAY,
        carried=SATURDAY_TO_MONDAY,
        breaks=(
            NEW_YEAR_WEEK,
            ((2, 23), (2, 23)),
            WOMEN,
            LABOUR,
            VICTORY,
            ((6, 12), (6, 12)),
            ((11, 4), (11, 4)),
        ),
        mark=",",
        decimals=4,
        since=date(1992, 7, 1),
    ),
    SourceRule(
        id="erapi",
        home="USD",
        kind=QuoteKind.BLENDED,
        zone="UTC",
        utc_hours=0,
        publishes_at=time(1, 0),
        next_day=False,
        expected=EVERY_DAY,
        carried=frozenset(),
        breaks=(),
        ahead_days=2,
        decimals=4,
        works=EVERY_DAY,
    ),
    SourceRule(
        id="cbt",
        home="TMT",
        kind=QuoteKind.OFFICIAL,
        zone="Asia/Ashgabat",
        utc_hours=5,
        publishes_at=time(0, 15),  # its file is there from the afternoon before, under the day's own name
        next_day=False,
        expected=MONDAY_TO_FRIDAY,
        works=frozenset(range(6)),
        breaks=(NEW_YEAR, WOMEN, ((3, 21), (3, 22)), ((5, 18), (5, 18)), ((9, 27), (9, 27))),
        decimals=4,
        since=date(2020, 4, 1),
    ),
    SourceRule(
        id="cbar",
        home="AZN",
        kind=QuoteKind.OFFICIAL,
        zone="Asia/Baku",
        utc_hours=4,
        publishes_at=time(10, 0),  # when exactly is not known: in the morning it is asked every hour
        next_day=False,
        expected=MONDAY_TO_FRIDAY,
        breaks=(NEW_YEAR, WOMEN, ((3, 20), (3, 24)), VICTORY, ((5, 28), (5, 28)), ((6, 15), (6, 15))),
        decimals=4,
        since=date(1994, 1, 1),
    ),
    SourceRule(
        id="nbg",
        home="GEL",
        kind=QuoteKind.OFFICIAL,
        zone="Asia/Tbilisi",
        utc_hours=4,
        publishes_at=time(17, 15),
        next_day=True,
        expected=TUESDAY_TO_FRIDAY,
        carried=SATURDAY_TO_MONDAY,
        breaks=(NEW_YEAR, ((1, 7), (1, 7)), WOMEN, VICTORY, ((5, 26), (5, 26))),
        decimals=4,
        since=date(1996, 1, 1),
    ),
    SourceRule(
        id="tcmb",
        home="TRY",
        kind=QuoteKind.OFFICIAL,
        zone="Europe/Istanbul",
        utc_hours=3,
        publishes_at=time(15, 30),
        next_day=False,
        expected=MONDAY_TO_FRIDAY,
        breaks=(NEW_YEAR, ((4, 23), (4, 23)), LABOUR, ((5, 19), (5, 19)), ((10, 29), (10, 29))),
        decimals=4,
        since=date(1996, 4, 16),
    ),
    SourceRule(
        id="ecb",
        home="EUR",
        kind=QuoteKind.REFERENCE,
        zone="Europe/Frankfurt (CET)",
        utc_hours=1,  # in summer it is early by an hour
        publishes_at=time(16, 15),
        next_day=False,
        expected=MONDAY_TO_FRIDAY,
        breaks=(NEW_YEAR, LABOUR, ((12, 25), (12, 26))),
        decimals=4,
        never=frozenset({"RUB"}),  # suspended in March 2022
        since=date(1999, 1, 4),
    ),
    SourceRule(
        id="frankfurter",
        home="USD",
        kind=QuoteKind.BLENDED,
        zone="UTC",
        utc_hours=0,
        publishes_at=time(15, 0),
        next_day=False,
        expected=MONDAY_TO_FRIDAY,
        breaks=(),
        ahead_days=2,
        oldest_days=14,
        since=date(1999, 1, 4),
    ),
    SourceRule(
        id="fawaz",
        home="USD",
        kind=QuoteKind.BLENDED,
        zone="UTC",
        utc_hours=0,
        publishes_at=time(2, 0),
        next_day=False,
        expected=EVERY_DAY,
        carried=frozenset(),
        works=EVERY_DAY,
        breaks=(),
        ahead_days=2,
        oldest_days=2,
        since=date(2024, 3, 2),
    ),
)

# A bank's own number for the dollar as Frankfurter passes it on, for when the bank itself cannot be reached.
PASSED_ON: Mapping[str, str] = MappingProxyType(
    {f"frankfurter.{bank}": bank for bank in ("nbk", "nbkr", "nbt", "cbu", "cbr")}
)


def _passed_on() -> Iterator[SourceRule]:
    """The bank's own habits, in Frankfurter's way of writing: dollars, a point, zeros at the end left out."""
    banks = {rule.id: rule for rule in _RULES}
    for name, bank in PASSED_ON.items():
        yield banks[bank]._replace(
            id=name, home=BRIDGE, mark=".", decimals=0, never=frozenset(), publisher=bank
        )


RULES: Mapping[str, SourceRule] = MappingProxyType({rule.id: rule for rule in (*_RULES, *_passed_on())})

# Banks that price a pair themselves, in the order in which they are believed.
BANKS = ("nbk", "nbkr", "nbt", "cbu", "nbkr.weekly", "cbr", "cbt", "cbar", "nbg", "tcmb", "ecb")
# Documents that hold both sides of a pair: those of the Bank of Russia and the ECB have the most digits.
PIVOTS = ("cbr", "ecb", "nbk", "nbt", "cbu", "nbkr", "cbar", "nbg", "tcmb")
AGGREGATORS = (*PASSED_ON, "frankfurter", "erapi", "fawaz")
NATIVE: Mapping[str, str] = MappingProxyType(
    {
        "KZT": "nbk",
        "KGS": "nbkr",
        "TJS": "nbt",
        "UZS": "cbu",
        "RUB": "cbr",
        "TMT": "cbt",
        "AZN": "cbar",
        "GEL": "nbg",
        "TRY": "tcmb",
        "EUR": "ecb",
    }
)
