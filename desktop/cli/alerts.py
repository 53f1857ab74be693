"""The verb about alerts: list them and what fired, add one, remove one."""

from __future__ import annotations

import argparse
from decimal import Decimal

from desktop.cli import output as out
from desktop.cli.access import known_source, now, reading, today, writing
from desktop.core.errors import UsageError
from desktop.core.rates.alert_rules import (
    AlertEvent,
    AlertKind,
    AlertRule,
    Direction,
    checked,
    parse_threshold,
)
from desktop.core.rates.alert_words import condition, detail, headline, standing
from desktop.core.rates.numbers import format_rate
from desktop.paths import Paths
from desktop.store.alerts import FollowedAlert
from desktop.sync.alerts import add_alert
from desktop.sync.lexicon import lexicon


def alerts(options: argparse.Namespace, paths: Paths) -> int:
    """List, add or remove."""
    if options.action == "add":
        rule = _rule(options)
        with writing(paths) as store:
            number = add_alert(store, rule, now())
        out.say(f"{rule.pair} {condition(rule)}")
        print(number)
    elif options.action == "remove":
        with writing(paths) as store:
            store.alerts.remove(store.alerts.get(_number(" ".join(options.words))).alert.id, now())
    else:
        _list(options, paths)
    return 0


def fired_json(event: AlertEvent) -> out.Json:
    """An event: what was asked for, at which fixing it fired, and in words."""
    firing = event.firing
    return {
        "alert": event.alert_id,
        **_rule_json(event.rule),
        "fixing": firing.fixing.isoformat(),
        "way": None if firing.direction is Direction.EITHER else firing.direction.value,
        "rate": format_rate(firing.rate, firing.digits),
        "before": None if firing.before is None else format_rate(firing.before, firing.digits),
        "fired_at": out.stamp(event.fired_at),
        "withdrawn": event.withdrawn,
        "text": words(event),
    }


def words(event: AlertEvent) -> str:
    """What fired, as a sentence."""
    return headline(event, event.fired_at.astimezone().date(), today())


def _list(options: argparse.Namespace, paths: Paths) -> None:
    with reading(paths) as store:
        followed, events = store.alerts.all(), store.alerts.events()
    if options.json:
        out.print_json(
            {"alerts": [_alert_json(one) for one in followed], "fired": [fired_json(one) for one in events]}
        )
        return
    out.print_table(
        [
            (str(one.alert.id), str(one.alert.rule.pair), condition(one.alert.rule), _standing(one))
            for one in followed
        ],
        right=frozenset({0}),
    )
    for event in events:
        out.print_text(f"{words(event)}: {detail(event)}")
    if not followed:
        out.say("No alerts yet. Add one with: chorsu alerts add USD/KZT --level 520")


def _alert_json(one: FollowedAlert) -> out.Json:
    return {
        "id": one.alert.id,
        **_rule_json(one.alert.rule),
        "text": condition(one.alert.rule),
        "armed": bool(one.state.armed) or one.state.last is None or one.alert.rule.kind is AlertKind.FIXING,
        "paused": one.alert.paused,
        "last": one.state.last.isoformat() if one.state.last else None,
    }


def _rule_json(rule: AlertRule) -> dict[str, out.Json]:
    measured = rule.kind in (AlertKind.LEVEL, AlertKind.CHANGE)
    return {
        "pair": str(rule.pair),
        "kind": rule.kind.value,
        "direction": rule.direction.value if measured else None,
        "threshold": str(rule.threshold) if measured else None,
        "days": rule.days or None,
        "source": rule.source or None,
    }


def _standing(one: FollowedAlert) -> str:
    return "Paused" if one.alert.paused else standing(one.alert.rule, one.state)


def _rule(options: argparse.Namespace) -> AlertRule:
    if not options.words:
        raise UsageError("No pair was given.", "Write: chorsu alerts add USD/KZT --level 520")
    pair, source, way = lexicon().pair(" ".join(options.words)), known_source(options), Direction(options.way)
    if options.level is not None:
        return checked(AlertRule(pair, AlertKind.LEVEL, way, parse_threshold(options.level), source=source))
    if options.change is not None:
        change = parse_threshold(options.change)
        return checked(AlertRule(pair, AlertKind.CHANGE, way, change, options.days, source))
    kind = AlertKind.SILENT if options.silent else AlertKind.FIXING
    return checked(AlertRule(pair, kind, Direction.EITHER, Decimal(0), options.silent or 0, source))


def _number(text: str) -> int:
    if not text.isdecimal():
        raise UsageError(f"“{text}” is not the number of an alert.", "List them with: chorsu alerts")
    return int(text)
