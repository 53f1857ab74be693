"""When each bank publishes, for which day, and which session stands behind a date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone

from desktop.demo.market import business_day_after, business_day_before

ALMATY = timezone(timedelta(hours=5))
BISHKEK = timezone(timedelta(hours=6))
DUSHANBE = timezone(timedelta(hours=5))
TASHKENT = timezone(timedelta(hours=5))
ASHGABAT = timezone(timedelta(hours=5))
MOSCOW = timezone(timedelta(hours=3))
FRANKFURT = timezone(timedelta(hours=1))  # in winter
_LAST_TO_PUBLISH = time(23, 0)  # in Almaty; by then all have


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is out of the ordinary: days on which no bank works, and lines whose nominal changes."""

    holidays: frozenset[date] = frozenset()
    nominals: Mapping[tuple[str, str], tuple[date, int]] = field(
        default_factory=dict
    )  # (list, code): since, new

    def is_workday(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.holidays

    def workday_before(self, day: date) -> date:
        """The last day before `day` on which banks work."""
        day = business_day_before(day)
        while day in self.holidays:
            day = business_day_before(day)
        return day

    def session_for(self, day: date) -> date:
        """The session behind the rate of a day: that of the last day before it on which banks work."""
        return self.workday_before(day)

    def is_carried(self, day: date) -> bool:
        """Whether a next-day rate only stands on: Friday's session counts from Saturday to Monday."""
        return not self.is_workday(day - timedelta(days=1))

    def nominal(self, name: str, code: str, usual: int, day: date) -> int:
        """For how many units a line of a list gives its price on a day."""
        since, new = self.nominals.get((name, code), (date.max, usual))
        return new if day >= since else usual


USUAL = Scenario()


class BankClock:
    """What time it is for the banks. It stands still until `advance` lets the next fixing appear."""

    def __init__(self, start: datetime) -> None:
        self.now = start.astimezone(UTC)
        self.scenario = USUAL
        self.start = self.now

    def local(self, zone: timezone) -> datetime:
        return self.now.astimezone(zone)

    def advance(self) -> date:
        """Go on to the evening of the next business day whose fixing is not out yet; gives that day."""
        local = self.local(ALMATY)
        day = local.date()
        if day.weekday() > 4 or local.time() >= _LAST_TO_PUBLISH:
            day = business_day_after(day)
        self.now = datetime.combine(day, _LAST_TO_PUBLISH, ALMATY).astimezone(UTC)
        return day

    def newest_calendar_date(self, zone: timezone, publishes: time) -> date:
        """For banks that set a rate every afternoon for the next calendar day."""
        local = self.local(zone)
        return local.date() + timedelta(days=int(local.time() >= publishes))

    def newest_business_date(self, zone: timezone, publishes: time) -> date:
        """For banks whose afternoon session counts from the next business day."""
        local = self.local(zone)
        day = local.date()
        if day.weekday() < 5 and local.time() >= publishes:
            return business_day_after(day)
        return day if day.weekday() < 5 else business_day_after(day)


def session_for(day: date) -> date:
    """The session behind the rate of a day where nothing is out of the ordinary."""
    return USUAL.session_for(day)
