"""After rates were stored: which alerts they set off. The window and `chorsu sync` run this same step.

It is safe to repeat and to interrupt: the store remembers what no alert has looked at yet, and an event is known by
its alert, its fixing and its way.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from desktop.core.rates.alert_rules import Alert, AlertEvent, AlertKind, AlertRule, AlertState, DatedRate
from desktop.core.rates.alerts import evaluate, needed_since, reconcile
from desktop.core.rates.sources import PEG
from desktop.store import Store
from desktop.store.alerts import FollowedAlert
from desktop.sync.answers import rate_of, series_of

AHEAD = timedelta(days=10)  # a number may be published so long before it is in force


def add_alert(store: Store, rule: AlertRule, now: datetime) -> int:
    """Keep an alert from now on; gives its id. What the rate did before is no news."""
    return store.alerts.add(rule, _standing_since(store, rule, now), now)


def change_alert(store: Store, alert_id: int, rule: AlertRule, now: datetime) -> None:
    """Let an alert wait for something else from now on."""
    store.alerts.change(alert_id, rule, _resumed_since(store, alert_id, rule, now), now)


def resume_alert(store: Store, alert_id: int, now: datetime) -> None:
    """Follow a paused alert again from now on."""
    rule = store.alerts.get(alert_id).alert.rule
    store.alerts.resume(alert_id, _resumed_since(store, alert_id, rule, now), now)


def evaluate_alerts(store: Store, now: datetime) -> tuple[AlertEvent, ...]:
    """Look at every fixing that was stored since, and record what it set off; gives the events that are new."""
    asked = {name: state.last_fetch for name, state in store.rates.provider_states().items()}
    found: list[AlertEvent] = []
    for followed in store.alerts.due():
        found += _evaluate(store, followed, asked, now)
    return tuple(found)


def _evaluate(
    store: Store, followed: FollowedAlert, asked: dict[str, datetime | None], now: datetime
) -> list[AlertEvent]:
    alert, state = followed.alert, followed.state
    if state.last and followed.pending and followed.pending <= state.last and not _listens(alert):
        state = AlertState()  # something came late: the whole series is walked anew and compared
    fixings = _fixings(store, alert, needed_since(alert, state), now)
    heard = _heard(fixings, asked, now) if _listens(alert) else now
    after, fired = evaluate(alert, state, fixings, heard)
    if _listens(alert):
        if (after, followed.pending) == (followed.state, None):
            return []
        return store.alerts.record(alert, after, fired, {}, (), now)
    known = store.alerts.known(alert.id, max(alert.since, state.last or alert.since))
    return store.alerts.record(alert, after, *reconcile(known, fired), now)


def _fixings(store: Store, alert: Alert, first: date, now: datetime) -> list[DatedRate]:
    last = now.astimezone().date() + AHEAD
    return [*series_of(store, alert.rule.pair, min(first, last), last, alert.rule.source)]


def _listens(alert: Alert) -> bool:
    return alert.rule.kind is AlertKind.SILENT


def _heard(fixings: list[DatedRate], asked: dict[str, datetime | None], now: datetime) -> datetime:
    """When all sources of the newest number were last asked: a source that nobody asked is not silent."""
    names = fixings[-1].source.split("+") if fixings else []
    moments = [asked.get(name) or datetime.min.replace(tzinfo=now.tzinfo) for name in names if name != PEG]
    return min(moments, default=now)


def _standing_since(store: Store, rule: AlertRule, now: datetime) -> date:
    """Up to which day the fixings only say where the rate stands when an alert on it is set."""
    today = now.astimezone().date()
    standing = rate_of(store, rule.pair, today, now, rule.source).valid_from
    return max(today - timedelta(days=1), standing or today)


def _resumed_since(store: Store, alert_id: int, rule: AlertRule, now: datetime) -> date:
    """The same for one that was followed before: what it has seen already does not fire again."""
    last = store.alerts.get(alert_id).state.last
    return max(_standing_since(store, rule, now), last or date.min)
