"""The values of alerts: what a person asked for, how far it was followed, and what it came to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from desktop.core.rates import Pair


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
