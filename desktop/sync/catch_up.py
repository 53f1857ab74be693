"""The days that passed while nobody refreshed, for the pairs that have alerts.

So an alert is told of with the day on which it was set off, not with the day of the return.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from desktop.store import Store
from desktop.sync.history_plan import HistoryPlan, plan_history

CAUGHT_UP = timedelta(days=60)  # of a longer absence a refresh asks for the last days only


def plan_missed_days(store: Store, now: datetime) -> HistoryPlan:
    """What to ask the banks for: nothing where no alert has news."""
    followed = [one for one in store.alerts.all() if not one.alert.paused]
    if not any(one.pending for one in followed):
        return HistoryPlan(())
    today = now.astimezone().date()
    first = min(one.state.last or one.alert.since for one in followed)
    choices = dict.fromkeys((one.alert.rule.pair, one.alert.rule.source) for one in followed)
    return plan_history(store, choices, max(first, today - CAUGHT_UP), today, now)
