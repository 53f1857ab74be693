"""Alerts on rates: when a series of fixings sets one off. Pure: (alert, state, fixings, now) -> (state, firings).

An alert is edge-triggered: it fires at the fixing that reaches its bound, and not again before a fixing has
gone back beyond the hysteresis band. Every fixing counts, in the order of `valid_from`, so what fires does not
depend on when or in how many portions the fixings came. Rates are those of the pair as it stands in the rule: an
alert on KZT/USD sees the exact inverse of USD/KZT, never its negated change.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from desktop.core.rates.alert_rules import (
    Alert,
    AlertKind,
    AlertRule,
    AlertState,
    DatedRate,
    Direction,
    Firing,
)
from desktop.core.rates.quote_routes import MAX_AGE_DAYS
from desktop.core.rates.sources import PEG, RULES

LEVEL_BAND = Fraction(25, 10_000)  # of the level: so far back a rate must go before its alert is armed again
CHANGE_BAND = Fraction(1, 4)  # of the percent asked for


@dataclass(frozen=True, slots=True)
class _Bound:
    """Where a signal fires on its way up (sign 1) or down (sign -1), and how far back it is armed again."""

    sign: int
    at: Fraction
    again: Fraction

    def reached(self, signal: Fraction) -> bool:
        return self.sign * signal >= self.sign * self.at

    def left(self, signal: Fraction) -> bool:
        return self.sign * signal <= self.sign * self.again


def evaluate(
    alert: Alert, state: AlertState, fixings: Sequence[DatedRate], now: datetime
) -> tuple[AlertState, list[Firing]]:
    """What the fixings after `state.last` set off, oldest first.

    `fixings` are distinct, oldest first, and reach back to `needed_since`. From `AlertState()` on, the firings are
    all that the alert ever had. `now` matters to SILENT only: it is when the source was last asked.
    """
    if not fixings:
        return state, []
    if alert.rule.kind is AlertKind.SILENT:
        return _listen(alert, state, fixings, now)
    last = max(alert.since, fixings[-1].valid_from, state.last or date.min)
    at = bisect_right(fixings, state.last or alert.since, key=_day)
    if not at and state.last is None and alert.rule.kind is not AlertKind.CHANGE:
        at = 1  # no rate was known when the alert was set: the first one only says where it stands
    if alert.rule.kind is AlertKind.FIXING:
        found = [_firing(fixings, place, Direction.EITHER, place - 1) for place in range(at, len(fixings))]
        return AlertState(last), found
    bounds = bounds_of(alert.rule)
    signals = [_signal(alert.rule, fixings, place) for place in range(len(fixings))]
    armed = state.armed
    if state.last is None:
        armed = _armed_at(bounds, signals[at - 1] if at else None)
    fired: list[Firing] = []
    for way, bound in bounds.items():
        is_armed, found = _crossings(alert.rule, way, bound, way in armed, fixings, signals, at)
        armed = armed | {way} if is_armed else armed - {way}
        fired += found
    return AlertState(last, armed), sorted(fired, key=lambda firing: firing.fixing)


def needed_since(alert: Alert, state: AlertState) -> date:
    """From which day on `evaluate` wants the fixings; the one in force on that day belongs to them."""
    days = alert.rule.days if alert.rule.kind is AlertKind.CHANGE else 0
    return (state.last or alert.since) - timedelta(days=days)


def reconcile(
    known: Mapping[tuple[date, Direction], int], firings: Sequence[Firing]
) -> tuple[list[Firing], dict[int, Firing], list[int]]:
    """Compare what a series sets off with the firings that stand already, by their ids.

    Gives those that nobody heard of yet; what the known ones look like now (a correction changed the number, or a
    late fixing showed the same crossing earlier); and those that the numbers, as completed or corrected since,
    do not bear out.
    """
    left = dict(known)
    exact = {firing: left.pop((firing.fixing, firing.direction), None) for firing in firings}
    standing = {number: firing for firing, number in exact.items() if number is not None}
    new: list[Firing] = []
    for firing in (firing for firing, number in exact.items() if number is None):
        same = min((key for key in left if _within(key, firing)), default=None)
        if same is None:
            new.append(firing)
        else:
            standing[left.pop(same)] = firing
    return new, standing, sorted(left.values())


def bounds_of(rule: AlertRule) -> dict[Direction, _Bound]:
    """The bounds of a LEVEL (in the rate) or a CHANGE (in percent), by direction; none for other kinds."""
    if rule.kind is AlertKind.LEVEL:
        level = Fraction(rule.threshold)
        ways = {sign: (level, level * (1 - sign * LEVEL_BAND)) for sign in (1, -1)}
    elif rule.kind is AlertKind.CHANGE:
        percent = Fraction(rule.threshold)
        ways = {sign: (sign * percent, sign * percent * (1 - CHANGE_BAND)) for sign in (1, -1)}
    else:
        return {}
    found = {Direction.UP: _Bound(1, *ways[1]), Direction.DOWN: _Bound(-1, *ways[-1])}
    return {way: bound for way, bound in found.items() if rule.direction in (way, Direction.EITHER)}


def missed_by(fixing: DatedRate, asked: datetime) -> int:
    """How many fixings newer than this one its source should have published when it was asked."""
    rules = [RULES[name] for name in fixing.source.split("+") if name in RULES and name != PEG]
    return max((rule.missed(fixing.valid_from, rule.local(asked).date(), asked) for rule in rules), default=0)


def _day(fixing: DatedRate) -> date:
    return fixing.valid_from


def _signal(rule: AlertRule, fixings: Sequence[DatedRate], place: int) -> Fraction | None:
    """The rate, or its change in percent; None where the rate of so many days before is not known."""
    rate = Fraction(fixings[place].rate)
    if rule.kind is AlertKind.LEVEL:
        return rate
    before = _earlier(rule, fixings, place)
    return None if before is None else (rate / Fraction(fixings[before].rate) - 1) * 100


def _earlier(rule: AlertRule, fixings: Sequence[DatedRate], place: int) -> int | None:
    """The place of the fixing in force `days` before, unless it was too old by then."""
    day = fixings[place].valid_from - timedelta(days=rule.days)
    at = bisect_right(fixings, day, key=_day) - 1
    return at if at >= 0 and (day - fixings[at].valid_from).days <= MAX_AGE_DAYS else None


def _armed_at(bounds: Mapping[Direction, _Bound], signal: Fraction | None) -> frozenset[Direction]:
    """The ways that are still open where a rate stands: an alert does not fire for what is so already."""
    return frozenset(way for way, bound in bounds.items() if signal is None or not bound.reached(signal))


def _crossings(
    rule: AlertRule,
    way: Direction,
    bound: _Bound,
    armed: bool,
    fixings: Sequence[DatedRate],
    signals: Sequence[Fraction | None],
    at: int,
) -> tuple[bool, list[Firing]]:
    """Walk one way through the fixings from a place on: each of them fires, arms again, or does neither."""
    fired: list[Firing] = []
    for place in range(at, len(fixings)):
        signal = signals[place]
        if signal is None:
            continue
        if armed and bound.reached(signal):
            before = place - 1 if rule.kind is AlertKind.LEVEL else _earlier(rule, fixings, place)
            fired.append(_firing(fixings, place, way, before))
            armed = False
        elif not armed and bound.left(signal):
            armed = True
            if fired:
                fired[-1] = replace(fired[-1], until=fixings[place].valid_from)
    return armed, fired


def _firing(fixings: Sequence[DatedRate], place: int, way: Direction, before: int | None) -> Firing:
    fixing = fixings[place]
    earlier = None if before is None or before < 0 else fixings[before].rate
    return Firing(fixing.valid_from, way, fixing.rate, earlier, fixing.digits)


def _within(key: tuple[date, Direction], firing: Firing) -> bool:
    day, way = key
    return way is firing.direction and firing.fixing <= day and (firing.until is None or day < firing.until)


def _listen(
    alert: Alert, state: AlertState, fixings: Sequence[DatedRate], asked: datetime
) -> tuple[AlertState, list[Firing]]:
    """A silence is heard only while the source is asked: numbers that we did not fetch are not missing."""
    if not fixings:
        return state, []
    newest = fixings[-1]
    armed = state.armed if state.last == newest.valid_from else frozenset({Direction.EITHER})
    if state.last is None and missed_by(newest, alert.set_at) >= alert.rule.days:
        armed = frozenset()  # it was silent already when the alert was set
    if not armed or missed_by(newest, asked) < alert.rule.days:
        return AlertState(newest.valid_from, armed), []
    silence = _firing(fixings, len(fixings) - 1, Direction.EITHER, len(fixings) - 2)
    return AlertState(newest.valid_from, frozenset()), [silence]
