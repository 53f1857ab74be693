"""Alerts on rates: what the person asked for, how far each was followed, and what fired.

A trigger on `quotes` notes with each stored number, in the same transaction, from which day on an alert has to be
looked at again: what was stored and not looked at yet is found by the next run, whatever came in between.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from desktop.core.errors import UsageError
from desktop.core.rates import Pair
from desktop.core.rates.alert_rules import (
    Alert,
    AlertEvent,
    AlertKind,
    AlertRule,
    AlertState,
    Direction,
    Firing,
)
from desktop.store.columns import moment, seconds
from desktop.store.database import Database, Row, listed

EVENTS_SHOWN = 500
_KEPT_REMOVED = timedelta(days=30)
_RULE = "base, quote, kind, direction, threshold, days, source"
_ALERT = f"id, {_RULE}, since, set_at, paused, last, armed, pending"
_FIRING = "fixing, way, rate, before, digits"
_EVENT = f"id, alert_id, {_RULE}, {_FIRING}, fired_at, seen, withdrawn"


@dataclass(frozen=True, slots=True)
class FollowedAlert:
    """An alert and how far it was followed. `pending`: the oldest stored day that it has not looked at."""

    alert: Alert
    state: AlertState
    pending: date | None


class Alerts:
    """The alerts and their events. Everything here outlives a power cut."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[FollowedAlert]:
        """The alerts, in the order in which they were made."""
        return self._where("removed_at IS NULL ORDER BY id")

    def due(self) -> list[FollowedAlert]:
        """The alerts for which numbers were stored since, and those that listen for silence."""
        return self._where(
            "removed_at IS NULL AND NOT paused AND (pending IS NOT NULL OR kind = ?) ORDER BY id",
            (AlertKind.SILENT.value,),
        )

    def get(self, alert_id: int) -> FollowedAlert:
        """One alert. Raises UsageError where there is none of this id."""
        found = self._where("removed_at IS NULL AND id = ?", (alert_id,))
        if not found:
            raise UsageError(f"There is no alert {alert_id}.", "List them with: chorsu alerts")
        return found[0]

    def add(self, rule: AlertRule, since: date, now: datetime) -> int:
        """Keep a new alert; gives its id."""
        with self._database.transaction(durable=True) as db:
            made = db.execute(
                f"INSERT INTO alerts ({_RULE}, since, set_at, pending) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*_rule_row(rule), since.isoformat(), seconds(now), since.isoformat()),
            )
            return int(made.lastrowid or 0)

    def change(self, alert_id: int, rule: AlertRule, since: date, now: datetime) -> None:
        """Let an alert wait for something else from now on; what it fired before stays."""
        with self._database.transaction(durable=True) as db:
            db.execute(
                f"UPDATE alerts SET ({_RULE}) = (?, ?, ?, ?, ?, ?, ?) WHERE id = ?",
                (*_rule_row(rule), alert_id),
            )
            _begin_anew(db, alert_id, since, now)

    def pause(self, alert_id: int) -> None:
        """Let an alert rest: nothing fires until it is resumed."""
        with self._database.transaction(durable=True) as db:
            db.execute("UPDATE alerts SET paused = 1 WHERE id = ?", (alert_id,))

    def resume(self, alert_id: int, since: date, now: datetime) -> None:
        """Follow a paused alert again; what happened in between is over."""
        with self._database.transaction(durable=True) as db:
            db.execute("UPDATE alerts SET paused = 0 WHERE id = ?", (alert_id,))
            _begin_anew(db, alert_id, since, now)

    def remove(self, alert_id: int, now: datetime) -> None:
        """Take an alert and its events away; `put_back` brings them again, for a month."""
        with self._database.transaction(durable=True) as db:
            db.execute("DELETE FROM alerts WHERE removed_at < ?", (seconds(now - _KEPT_REMOVED),))
            db.execute("UPDATE alerts SET removed_at = ? WHERE id = ?", (seconds(now), alert_id))

    def put_back(self, alert_id: int) -> None:
        """Undo a removal: the alert stands as it stood, and catches up with what came since."""
        with self._database.transaction(durable=True) as db:
            db.execute("UPDATE alerts SET removed_at = NULL WHERE id = ?", (alert_id,))

    def known(self, alert_id: int, after: date) -> dict[tuple[date, Direction], int]:
        """The events of an alert at later fixings, by what they are known by."""
        found = self._database.rows(
            "SELECT fixing, way, id FROM alert_events WHERE alert_id = ? AND fixing > ?",
            (alert_id, after.isoformat()),
        )
        return {(date.fromisoformat(day), Direction(way)): number for day, way, number in found}

    def record(
        self,
        alert: Alert,
        state: AlertState,
        new: Sequence[Firing],
        standing: Mapping[int, Firing],
        withdrawn: Iterable[int],
        now: datetime,
    ) -> list[AlertEvent]:
        """Write what a look at an alert came to, all or nothing; gives the events that are new."""
        with self._database.transaction(durable=True) as db:
            db.execute(
                "UPDATE alerts SET last = ?, armed = ?, pending = NULL WHERE id = ?",
                (
                    state.last and state.last.isoformat(),
                    ",".join(sorted(way.value for way in state.armed)),
                    alert.id,
                ),
            )
            db.execute(
                "UPDATE alert_events SET withdrawn = 1 WHERE id IN (SELECT value FROM json_each(?))",
                (listed(withdrawn),),
            )
            for number, firing in standing.items():
                db.execute(
                    f"UPDATE alert_events SET ({_FIRING}, withdrawn) = (?, ?, ?, ?, ?, 0) WHERE id = ?",
                    (*_firing_row(firing), number),
                )
            return [_insert(db, alert, firing, now) for firing in new]

    def events(self, limit: int = EVENTS_SHOWN) -> list[AlertEvent]:
        """What fired, newest first, of the alerts that are there."""
        rows = self._database.rows(
            f"""SELECT {_EVENT} FROM alert_events
            WHERE alert_id IN (SELECT id FROM alerts WHERE removed_at IS NULL)
            ORDER BY fixing DESC, id DESC LIMIT ?""",
            (limit,),
        )
        return [_event(row) for row in rows]

    def unseen(self) -> int:
        """How many events nobody has looked at; EVENTS_SHOWN stands for so many or more."""
        return int(
            self._database.value(
                """SELECT count(*) FROM (SELECT 1 FROM alert_events WHERE NOT seen AND NOT withdrawn
                AND alert_id IN (SELECT id FROM alerts WHERE removed_at IS NULL) LIMIT ?)""",
                (EVENTS_SHOWN,),
            )
        )

    def mark_seen(self) -> None:
        """All that fired so far was looked at."""
        if self.unseen():
            with self._database.transaction(durable=True) as db:
                db.execute("UPDATE alert_events SET seen = 1 WHERE NOT seen")

    def _where(self, condition: str, parameters: Sequence[object] = ()) -> list[FollowedAlert]:
        rows = self._database.rows(f"SELECT {_ALERT} FROM alerts WHERE {condition}", parameters)
        return [_followed(row) for row in rows]


def _begin_anew(db: sqlite3.Connection, alert_id: int, since: date, now: datetime) -> None:
    db.execute(
        "UPDATE alerts SET since = ?, set_at = ?, last = NULL, armed = '', pending = ? WHERE id = ?",
        (since.isoformat(), seconds(now), since.isoformat(), alert_id),
    )


def _insert(db: sqlite3.Connection, alert: Alert, firing: Firing, now: datetime) -> AlertEvent:
    made = db.execute(
        f"""INSERT INTO alert_events (alert_id, {_RULE}, {_FIRING}, fired_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (alert.id, *_rule_row(alert.rule), *_firing_row(firing), seconds(now)),
    )
    return AlertEvent(int(made.lastrowid or 0), alert.id, alert.rule, firing, now)


def _rule_row(rule: AlertRule) -> Row:
    return (
        rule.pair.base, rule.pair.quote, rule.kind.value, rule.direction.value, str(rule.threshold), rule.days,
        rule.source,
    )  # fmt: skip


def _rule(row: Row) -> AlertRule:
    base, quote, kind, direction, threshold, days, source = row
    return AlertRule(
        Pair(base, quote), AlertKind(kind), Direction(direction), Decimal(threshold), days, source
    )


def _firing_row(firing: Firing) -> Row:
    before = None if firing.before is None else str(firing.before)
    return firing.fixing.isoformat(), firing.direction.value, str(firing.rate), before, firing.digits


def _followed(row: Row) -> FollowedAlert:
    number, *rest = row
    rule, (since, set_at, paused, last, armed, pending) = _rule(tuple(rest[:7])), rest[7:]
    ways = frozenset(Direction(way) for way in armed.split(",") if way)
    return FollowedAlert(
        Alert(number, rule, date.fromisoformat(since), moment(set_at), bool(paused)),
        AlertState(_day(last), ways),
        _day(pending),
    )


def _event(row: Row) -> AlertEvent:
    number, alert_id, *rest = row
    rule, (fixing, way, rate, before, digits, fired_at, seen, withdrawn) = _rule(tuple(rest[:7])), rest[7:]
    firing = Firing(
        date.fromisoformat(fixing),
        Direction(way),
        Decimal(rate),
        None if before is None else Decimal(before),
        digits,
    )
    return AlertEvent(number, alert_id, rule, firing, moment(fired_at), bool(seen), bool(withdrawn))


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
