"""Alerts in plain words, the same in the window, in a notification and on the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from desktop.core.days import day
from desktop.core.rates import QuoteKind, RateAnswer
from desktop.core.rates.alert_rules import AlertEvent, AlertKind, AlertRule, AlertState, Direction
from desktop.core.rates.alerts import bounds_of
from desktop.core.rates.numbers import format_percent, format_rate, to_decimal

_MOST_LINES = 4
_LEVELS = {
    Direction.UP: "rises to {} or above",
    Direction.DOWN: "falls to {} or below",
    Direction.EITHER: "crosses {}, either way",
}
_MOVES = {Direction.UP: "rises", Direction.DOWN: "falls", Direction.EITHER: "moves"}


def condition(rule: AlertRule, name: Callable[[str], str] = str) -> str:
    """What an alert waits for, to be read after its pair: "rises to 520 or above"."""
    source = f" ({name(rule.source)})" if rule.source else ""
    if rule.kind is AlertKind.LEVEL:
        return _LEVELS[rule.direction].format(number(rule.threshold)) + source
    if rule.kind is AlertKind.CHANGE:
        size = number(rule.threshold)
        return f"{_MOVES[rule.direction]} {size} % or more within {_count(rule.days, 'day')}{source}"
    if rule.kind is AlertKind.FIXING:
        return f"has a new fixing{source}"
    return f"has no new fixing for {_count(rule.days, 'business day')}{source}"


def standing(rule: AlertRule, state: AlertState) -> str:
    """Whether it would fire next: "Armed", or what it waits for before it is armed again."""
    bounds = bounds_of(rule)
    if rule.kind is AlertKind.SILENT:
        return "Fired: armed again by the next fixing" if state.last and not state.armed else "Armed"
    if not bounds or state.last is None or state.armed:
        return "Armed"
    ((way, bound),) = ((way, bound) for way, bound in bounds.items() if way not in state.armed)
    side = "below" if way is Direction.UP else "above"
    again = number(to_decimal(bound.again))
    unit = " %" if rule.kind is AlertKind.CHANGE else ""
    return f"Fired: armed again {side} {again}{unit}"


def outlook(rule: AlertRule, given: RateAnswer) -> str:
    """Where the rate stands against an alert that is about to be set, and what would set it off."""
    if given.rate is None or given.valid_from is None:
        return "No rate is known yet; the first one will only say where the pair stands."
    if given.kind is QuoteKind.PEG:
        return f"{rule.pair} is fixed by law: the alert fires when the law changes."
    if rule.kind is AlertKind.FIXING:
        return f"It fires with the next fixing after the one of {day(given.valid_from)}."
    if rule.kind is AlertKind.SILENT:
        days = _count(rule.days, "business day")
        return f"It fires when {days} of the source have passed without a new fixing after {day(given.valid_from)}."
    rate = Fraction(given.rate)
    if rule.kind is AlertKind.CHANGE:
        moves = {Direction.UP: 1, Direction.DOWN: -1}
        ways = [moves[rule.direction]] if rule.direction in moves else [1, -1]
        ends = [to_decimal(rate * (1 + sign * Fraction(rule.threshold) / 100)) for sign in ways]
        shown = " or ".join(format_rate(end, given.digits) for end in ends)
        return f"From where it stands now, that would be {shown} within {_count(rule.days, 'day')}."
    bounds = bounds_of(rule)
    far = format_percent(to_decimal((Fraction(rule.threshold) / rate - 1) * 100))
    if any(not bound.reached(rate) for bound in bounds.values()):
        return f"That is {far} from where it stands now."
    (bound,) = bounds.values()
    side = "below" if rule.direction is Direction.UP else "above"
    return f"It is so already: the alert waits until the rate was {side} {number(to_decimal(bound.again))}."


def now(given: RateAnswer, today: date) -> str:
    """What a pair stands at, never without its day: "524.75, 24 Nov"; "—" where it is unknown."""
    if given.rate is None or given.valid_from is None:
        return "—"
    age = ", out of date" if given.stale else ""
    return f"{format_rate(given.rate, given.digits)}, {day(given.valid_from, today)}{age}"


def headline(event: AlertEvent, found: date, today: date) -> str:
    """What happened and when: "USD/KZT crossed 520 on 14 Nov while you were away". `found`: the day it was told."""
    rule, firing = event.rule, event.firing
    when = day(firing.fixing, today)
    if rule.kind is AlertKind.SILENT:
        return f"{rule.pair}: no new fixing since {when}"
    if rule.kind is AlertKind.FIXING:
        return f"{rule.pair} has a new fixing for {when}{_away(event, found)}"
    ahead = firing.fixing > found
    if rule.kind is AlertKind.LEVEL:
        level = number(rule.threshold)
        if ahead:
            return f"{rule.pair} crosses {level} from {when}"
        return f"{rule.pair} crossed {level} on {when}{_away(event, found)}"
    moved = {Direction.UP: ("rose", "rises"), Direction.DOWN: ("fell", "falls")}[firing.direction][ahead]
    size = f" {_percent(event).lstrip('+−')}" if firing.before else ""
    return f"{rule.pair} {moved}{size} in {_count(rule.days, 'day')} to {when}{_away(event, found)}"


def detail(event: AlertEvent) -> str:
    """The numbers behind a firing: "521.3, up from 518.9"."""
    firing = event.firing
    rate = format_rate(firing.rate, firing.digits)
    if event.withdrawn:
        return f"{rate}: taken back, the numbers were completed or corrected since"
    if event.rule.kind is AlertKind.SILENT or firing.before is None:
        return rate
    way = "unchanged from" if firing.before == firing.rate else "up from"
    if firing.rate < firing.before:
        way = "down from"
    return f"{rate}, {way} {format_rate(firing.before, firing.digits)}"


def summary(events: Sequence[AlertEvent], found: date, today: date) -> tuple[str, str]:
    """Title and text of the one notification about what fired: an alert is one line, the newest first."""
    newest = sorted(events, key=lambda event: event.firing.fixing, reverse=True)
    lines = dict.fromkeys(event.alert_id for event in newest)
    for alert_id in lines:
        own = [event for event in newest if event.alert_id == alert_id]
        more = f" (and {len(own) - 1} more)" if len(own) > 1 else ""
        lines[alert_id] = headline(own[0], found, today) + more
    shown = [line for line in lines.values() if line][:_MOST_LINES]
    if len(lines) > len(shown):
        shown.append(f"and {len(lines) - len(shown)} more")
    title = "Rate alert" if len(lines) == 1 else f"{len(lines)} rate alerts"
    return title, "\n".join(shown)


def number(value: Decimal) -> str:
    """A number that a person typed, without zeros at its end: "520", "0.0021"."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _away(event: AlertEvent, found: date) -> str:
    return " while you were away" if event.firing.fixing < found else ""


def _percent(event: AlertEvent) -> str:
    firing = event.firing
    assert firing.before is not None
    return format_percent(to_decimal((Fraction(firing.rate) / Fraction(firing.before) - 1) * 100))


def _count(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
