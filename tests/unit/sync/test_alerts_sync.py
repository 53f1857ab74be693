"""Alerts over a real store: what was stored sets them off once, however late and in whatever portions it comes."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.core.rates import Pair, ProviderState, QuoteKind
from desktop.core.rates.alert_rules import AlertEvent, AlertKind, AlertRule, Direction
from desktop.core.rates.alert_words import headline
from desktop.store import Store
from desktop.sync.alerts import add_alert, change_alert, evaluate_alerts, resume_alert
from tests.new_store import begin
from tests.unit.store.builders import NOW, make_quote

ROOT = Path(__file__).resolve().parents[3]
USD_KZT = Pair("USD", "KZT")
MADE = NOW - timedelta(days=14)  # 10 November, a Tuesday
ABOVE_520 = AlertRule(USD_KZT, AlertKind.LEVEL, Direction.UP, Decimal(520))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(begin(tmp_path / "profile")) as opened:
        yield opened


def bring(store: Store, values: dict[int, str], **changes: object) -> None:
    """Store USD/KZT of days of November."""
    store.rates.save([make_quote(day, value, **changes) for day, value in values.items()], NOW)


def told(store: Store) -> list[int]:
    """The days of November whose fixings set off something that nobody heard of yet."""
    return [event.firing.fixing.day for event in evaluate_alerts(store, NOW)]


def listed(store: Store) -> list[AlertEvent]:
    return store.alerts.events()


def test_a_crossing_while_nobody_was_there_is_told_once_with_its_day(store: Store) -> None:
    bring(store, {10: "510"})
    add_alert(store, ABOVE_520, MADE)
    assert told(store) == []
    bring(store, {11: "512", 12: "515", 13: "518", 14: "523", 17: "525", 24: "526"})
    (event,) = evaluate_alerts(store, NOW)
    today = date(2026, 11, 24)
    assert headline(event, today, today) == "USD/KZT crossed 520 on 14 Nov while you were away"
    assert evaluate_alerts(store, NOW) == ()
    bring(store, {14: "523"})  # the same again
    assert (told(store), store.alerts.unseen()) == ([], 1)


def test_a_correction_does_not_fire_twice_and_shows_the_number_that_is_true(store: Store) -> None:
    bring(store, {10: "510"})
    add_alert(store, ABOVE_520, MADE)
    bring(store, {14: "532"})
    assert told(store) == [14]
    bring(store, {14: "523"}, fetched_at=NOW + timedelta(hours=1))
    assert told(store) == []
    assert [(event.firing.rate, event.withdrawn) for event in listed(store)] == [(Decimal(523), False)]
    bring(store, {14: "513"}, fetched_at=NOW + timedelta(hours=2))
    assert told(store) == []
    assert [event.withdrawn for event in listed(store)] == [True]
    assert store.alerts.unseen() == 0
    bring(store, {14: "523"}, fetched_at=NOW + timedelta(hours=3))
    assert told(store) == []
    assert [event.withdrawn for event in listed(store)] == [False]


def test_a_late_fixing_moves_a_crossing_that_was_told_and_does_not_tell_it_again(store: Store) -> None:
    bring(store, {10: "510"})
    add_alert(store, ABOVE_520, MADE)
    bring(store, {24: "526"})
    assert told(store) == [24]
    bring(store, {14: "523", 17: "524"})
    assert told(store) == []
    assert [event.firing.fixing.day for event in listed(store)] == [14]


def test_history_from_before_the_alert_fires_nothing(store: Store) -> None:
    add_alert(store, ABOVE_520, NOW)
    bring(store, {3: "510", 4: "530", 5: "510", 6: "540", 10: "500", 24: "519"})
    assert told(store) == []


def test_an_alert_on_one_source_begins_where_that_source_stands(store: Store) -> None:
    ahead = {"source": "erapi", "kind": QuoteKind.BLENDED}
    bring(store, {10: "510", 25: "515"})
    bring(store, {20: "511", 24: "512"}, **ahead)
    add_alert(store, AlertRule(USD_KZT, AlertKind.FIXING, source="erapi"), NOW)
    bring(store, {25: "513"}, **ahead)
    assert told(store) == [25]


def test_an_alert_on_the_inverse_sees_the_inverse(store: Store) -> None:
    bring(store, {10: "500"})
    add_alert(store, AlertRule(USD_KZT.inverse, AlertKind.LEVEL, Direction.DOWN, Decimal("0.0019")), MADE)
    add_alert(store, AlertRule(USD_KZT, AlertKind.LEVEL, Direction.DOWN, Decimal("0.0019")), MADE)
    bring(store, {11: "520", 12: "530", 13: "535"})  # 0.00192, 0.00189, 0.00187
    (event,) = evaluate_alerts(store, NOW)
    assert (event.firing.fixing.day, str(event.rule.pair)) == (12, "KZT/USD")
    assert str(event.firing.rate).startswith("0.0018867924528")


def test_a_cross_of_two_banks_is_woken_by_each_of_them(store: Store) -> None:
    bring(store, {10: "500"})
    bring(store, {10: "12000"}, quote="UZS", source="cbu")
    add_alert(store, AlertRule(Pair("KZT", "UZS"), AlertKind.LEVEL, Direction.UP, Decimal(25)), MADE)
    assert told(store) == []
    bring(store, {11: "500"})
    bring(store, {11: "13000"}, quote="UZS", source="cbu")
    assert told(store) == [11]


def test_a_number_of_another_pair_wakes_nobody(store: Store) -> None:
    bring(store, {10: "500"})
    add_alert(store, AlertRule(Pair("RUB", "KGS"), AlertKind.FIXING), MADE)
    evaluate_alerts(store, NOW)
    bring(store, {11: "501"})
    assert store.alerts.due() == []


def test_a_change_looks_at_the_days_before_the_alert_was_made(store: Store) -> None:
    bring(store, {4: "500", 10: "510"})
    add_alert(store, AlertRule(USD_KZT, AlertKind.CHANGE, Direction.EITHER, Decimal(5), 7), MADE)
    bring(store, {11: "526"})  # 5.2 % over the 4th
    assert told(store) == [11]


def test_what_happened_while_an_alert_was_paused_is_over(store: Store) -> None:
    bring(store, {10: "510"})
    number = add_alert(store, ABOVE_520, MADE)
    store.alerts.pause(number)
    bring(store, {14: "523", 20: "524"})
    assert told(store) == []
    resume_alert(store, number, NOW)
    bring(store, {24: "525"})
    assert told(store) == []
    bring(store, {25: "515", 26: "522"})
    assert told(store) == [26]


def test_a_changed_alert_leaves_its_history_as_it_was(store: Store) -> None:
    bring(store, {10: "510"})
    number = add_alert(store, ABOVE_520, MADE)
    bring(store, {24: "523"})
    assert told(store) == [24]
    change_alert(store, number, AlertRule(USD_KZT, AlertKind.LEVEL, Direction.UP, Decimal(530)), NOW)
    assert told(store) == []
    bring(store, {25: "531"})
    assert told(store) == [25]
    assert [str(event.rule.threshold) for event in listed(store)] == ["530", "520"]


def test_a_removed_alert_comes_back_with_its_events_and_catches_up(store: Store) -> None:
    bring(store, {10: "510"})
    number = add_alert(store, ABOVE_520, MADE)
    bring(store, {14: "523"})
    evaluate_alerts(store, NOW)
    store.alerts.remove(number, NOW)
    assert (store.alerts.all(), listed(store), store.alerts.unseen()) == ([], [], 0)
    bring(store, {17: "515", 18: "525"})
    assert told(store) == []
    store.alerts.put_back(number)
    assert told(store) == [18]
    assert len(listed(store)) == 2


def test_a_bank_that_nobody_asked_is_not_silent(store: Store) -> None:
    bring(store, {10: "510"})
    add_alert(store, AlertRule(USD_KZT, AlertKind.SILENT, days=3), MADE)
    store.rates.save_state(ProviderState("nbk", last_fetch=MADE))
    assert told(store) == []
    store.rates.save_state(ProviderState("nbk", last_fetch=NOW))
    assert told(store) == [10]
    assert told(store) == []


def test_a_number_that_is_held_back_fires_nothing_until_it_is_confirmed(store: Store) -> None:
    bring(store, {10: "510"})
    add_alert(store, ABOVE_520, MADE)
    jump = make_quote(14, "610")
    store.rates.hold([jump], NOW)
    assert told(store) == []
    bring(store, {17: "519"})
    assert told(store) == []
    store.rates.confirm([jump], NOW)
    assert told(store) == [14]


SCRIPT = """
import os, signal, sys
from pathlib import Path
from desktop.store import Store
from tests.unit.store.builders import NOW, make_quote

store = Store.open(Path(sys.argv[1]))
store.rates.save([make_quote(14, "523")], NOW)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_program_killed_between_storing_and_looking_fires_at_its_next_run(tmp_path: Path) -> None:
    folder = tmp_path / "profile"
    with Store.open(folder) as store:
        bring(store, {10: "510"})
        add_alert(store, ABOVE_520, MADE)
        evaluate_alerts(store, NOW)
    killed = subprocess.run([sys.executable, "-c", SCRIPT, str(folder)], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    with Store.open(folder) as store:
        assert told(store) == [14]
        assert told(store) == []
