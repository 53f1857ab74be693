"""What is known of a publisher of rates: whose currency, which days and hours, how exact, how far back.

The calendars are those of the days that a number is dated for. A source that sets its rates for the next day
has new ones from Tuesday to Saturday; Saturday's is welcome but not expected.
"""

# No annotations from the future: as strings, typing compiles those of named tuples one by one, at every start.
from datetime import date, datetime, time, timedelta, timezone
from typing import NamedTuple

from desktop.core.rates import QuoteKind
from desktop.core.rates.numbers import Mark

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


class SourceRule(NamedTuple):
    """The habits of one publisher. Hours are local to `zone`; weekdays count from Monday = 0."""

    id: str
    home: str  # every number of this source has this currency on one side
    kind: QuoteKind
    zone: str  # its name, to be shown
    utc_hours: int  # the same as a number, of winter: not every machine knows the zones
    publishes_at: time
    next_day: bool  # what it publishes today is dated tomorrow
    expected: frozenset[int]  # weekdays for which a new number is sure to come
    carried: frozenset[int] = WEEKEND  # weekdays whose document may be a copy of the day before
    works: frozenset[int] = MONDAY_TO_FRIDAY  # weekdays on which it publishes
    cadence_days: int = 1  # 0: fixed by law, until the law changes
    breaks: tuple[Break, ...] = (NEW_YEAR,)
    ahead_days: int = 10  # a later date than this is a fault
    mark: Mark = "."
    decimals: int = 0  # at least so many are meant even where zeros at the end are left out
    never: frozenset[str] = frozenset()  # currencies whose row is not fit for use
    since: date | None = None  # the first day that can be asked for; None: only the latest can be had
    oldest_days: int = 0  # an aggregator's latest that is older than so many days is refused; 0: any age
    publisher: str = ""  # whose number it is where another passes it on; two of one publisher prove nothing

    @property
    def author(self) -> str:
        """Who stands behind the numbers."""
        return self.publisher or self.id

    def local(self, moment: datetime) -> datetime:
        """An aware moment on the clock of the source."""
        return moment.astimezone(timezone(timedelta(hours=self.utc_hours)))

    def is_expected(self, day: date) -> bool:
        """Whether a new number is sure to be dated `day`."""
        return day.weekday() in self.expected and not self.is_holiday(day)

    def is_holiday(self, day: date) -> bool:
        """Whether the publisher rests on that day each year."""
        when = (day.month, day.day)
        return any(first <= when <= last for first, last in self.breaks)

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
        if not self.expected:  # a law is asked of all its years
            return 0
        days = min((until - after).days, 400)
        return sum(self.is_expected(after + timedelta(days=n)) for n in range(1, days + 1))
