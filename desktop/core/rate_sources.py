"""What is known of each publisher of rates: whose currency, which days, how exact, in which order of trust.

The calendars are those of the days that a number is dated for. A source that sets its rates for the next day
has new ones from Tuesday to Saturday; Saturday's is welcome but not expected.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from types import MappingProxyType

from desktop.core.numbers import Mark
from desktop.core.rates import QuoteKind

MONDAY_TO_FRIDAY = frozenset(range(5))
TUESDAY_TO_FRIDAY = frozenset({1, 2, 3, 4})
EVERY_DAY = frozenset(range(7))
WEEKEND = frozenset({5, 6})
SATURDAY_TO_MONDAY = frozenset({5, 6, 0})

Break = tuple[tuple[int, int], tuple[int, int]]  # first and last (month, day) of a yearly holiday
NEW_YEAR: Break = ((1, 1), (1, 2))
NEW_YEAR_WEEK: Break = ((1, 1), (1, 8))
WOMEN: Break = ((3, 8), (3, 8))
NAURYZ: Break = ((3, 21), (3, 23))
LABOUR: Break = ((5, 1), (5, 1))
VICTORY: Break = ((5, 9), (5, 9))


@dataclass(frozen=True, slots=True)
class SourceRule:
    """The habits of one publisher. Hours are local to `zone`; weekdays count from Monday = 0."""

    id: str
    home: str  # every number of this source has this currency on one side
    kind: QuoteKind
    zone: str  # its name, to be shown
    utc_hours: (
        int  # the same as a number: none of these zones has summer time, and not every machine knows them
    )
    publishes_at: time
    next_day: bool  # what it publishes today is dated tomorrow
    expected: frozenset[int]  # weekdays for which a new number is sure to come
    carried: frozenset[int] = WEEKEND  # weekdays whose document may be a copy of the day before
    cadence_days: int = 1  # 0: fixed by law, until the law changes
    breaks: tuple[Break, ...] = (NEW_YEAR,)
    ahead_days: int = 10  # a later date than this is a fault
    mark: Mark = "."
    decimals: int = 0  # at least so many are meant even where zeros at the end are left out
    never: frozenset[str] = frozenset()  # currencies whose row is not fit for use

    def local(self, moment: datetime) -> datetime:
        """An aware moment on the clock of the source."""
        return moment.astimezone(timezone(timedelta(hours=self.utc_hours)))

    def is_expected(self, day: date) -> bool:
        """Whether a new number is sure to be dated `day`."""
        when = (day.month, day.day)
        return day.weekday() in self.expected and not any(a <= when <= b for a, b in self.breaks)

    def missed(self, valid_from: date, day: date, now: datetime) -> int:
        """How many numbers newer than `valid_from` should be there for `day`, as far as `now` can tell.

        A weekly number counts days from the end of its week.
        """
        local = self.local(now)
        newest = local.date() + timedelta(days=int(self.next_day))
        if local.time() < self.publishes_at:
            newest -= timedelta(days=1)
        count = self.expected_between(valid_from, min(day, newest))
        return max(0, count - self.cadence_days) if self.cadence_days > 1 else count

    def expected_before(self, day: date) -> date:
        """The last day before `day` for which a new number was sure to come."""
        candidates = (day - timedelta(days=n) for n in range(1, 31))
        return next((day for day in candidates if self.is_expected(day)), day - timedelta(days=1))

    def expected_between(self, after: date, until: date) -> int:
        """How many days of new numbers lie after one date and up to another."""
        days = min((until - after).days, 400)
        return sum(self.is_expected(after + timedelta(days=n)) for n in range(1, days + 1))


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
    ),
    SourceRule(
        id="nbkr.weekly",
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
    ),
)

RULES: Mapping[str, SourceRule] = MappingProxyType({rule.id: rule for rule in _RULES})

# Banks that price a pair themselves, in the order in which they are believed.
BANKS = ("nbk", "nbkr", "nbt", "cbu", "nbkr.weekly", "cbr")
# Documents that hold both sides of a pair: the Bank of Russia's has the most digits.
PIVOTS = ("cbr", "nbk", "nbt", "cbu", "nbkr")
AGGREGATORS = ("erapi",)
NATIVE: Mapping[str, str] = MappingProxyType(
    {"KZT": "nbk", "KGS": "nbkr", "TJS": "nbt", "UZS": "cbu", "RUB": "cbr"}
)
PEG = "peg"
BRIDGE = "USD"
