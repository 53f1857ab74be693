"""The values of alerts: what a person asked for, how far it was followed, and what it came to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from desktop.core.errors import UsageError
from desktop.core.rates import Pair
from desktop.core.rates.amounts import parse_amount

MOST_DAYS = 366


class AlertKind(StrEnum):
    """What an alert waits for."""

    LEVEL = "level"  # the rate reaches `threshold`
    CHANGE = "change"  # the rate moves by `threshold` percent or more within `days`
    FIXING = "fixing"  # a new fixing
    SILENT = "silent"  # no new fixing for `days` business days of the source


class Direction(StrEnum):
    """Which way the rate has to go."""

    UP = "up"
    DOWN = "down"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class AlertRule:
    """What the person asked for. `source` is a provider id; "" is the best official number."""

    pair: Pair
    kind: AlertKind
    direction: Direction = Direction.EITHER
    threshold: Decimal = Decimal(0)  # LEVEL: in the pair's own direction; CHANGE: percent
    days: int = 0  # CHANGE: calendar days; SILENT: business days of the source
    source: str = ""


class DatedRate(Protocol):
    """What an alert wants to know of a distinct fixing; a point of `core.quote_series` is one."""

    @property
    def valid_from(self) -> date: ...
    @property
    def rate(self) -> Decimal: ...
    @property
    def source(self) -> str: ...  # provider ids, joined by "+" where two numbers are behind it
    @property
    def digits(self) -> int: ...  # significant digits that are true


@dataclass(frozen=True, slots=True)
class Alert:
    """A rule with its beginning: fixings up to `since` only say where the rate stood when it was set."""

    id: int
    rule: AlertRule
    since: date
    set_at: datetime  # made, changed or resumed
    paused: bool = False


@dataclass(frozen=True, slots=True)
class AlertState:
    """How far an alert has seen the series, and which ways it would fire next. `last` None: nothing was seen yet."""

    last: date | None = None
    armed: frozenset[Direction] = frozenset()


@dataclass(frozen=True, slots=True)
class Firing:
    """An alert went off at a fixing."""

    fixing: date
    direction: Direction
    rate: Decimal
    before: Decimal | None  # LEVEL, FIXING: the fixing before; CHANGE: the rate `days` earlier
    digits: int = 5
    until: date | None = None  # the fixing that armed the alert again, if there is one


@dataclass(frozen=True, slots=True)
class AlertEvent:
    """A firing as it was told. `rule` is the one of then: a change of the alert does not rewrite its history."""

    id: int
    alert_id: int
    rule: AlertRule
    firing: Firing
    fired_at: datetime
    seen: bool = False
    withdrawn: bool = False  # numbers that came later, or corrections, do not bear it out


def checked(rule: AlertRule) -> AlertRule:
    """The rule itself. Raises UsageError where nothing could ever set it off."""
    if rule.kind in (AlertKind.LEVEL, AlertKind.CHANGE) and rule.threshold <= 0:
        raise UsageError("An alert needs a number above zero.", "Give the rate or the percent to wait for.")
    if rule.kind is AlertKind.CHANGE and rule.direction is Direction.DOWN and rule.threshold >= 100:
        raise UsageError("Nothing falls by 100 %.", "Give a smaller percent.")
    if rule.kind in (AlertKind.CHANGE, AlertKind.SILENT) and not 1 <= rule.days <= MOST_DAYS:
        raise UsageError(f"An alert looks at 1 to {MOST_DAYS} days.", "Give a number of days in between.")
    return rule


def parse_threshold(text: str) -> Decimal:
    """A rate or a percent as a person writes it: "520", "1 500,50", "0.0021", "5 %". Raises UsageError."""
    return parse_amount(text.strip().removesuffix("%")).value
