"""What sets an alert off, fixing by fixing: numbers from the tenge's, events as people would tell them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

import pytest

from desktop.core.rates import Pair
from desktop.core.rates.alert_rules import Alert, AlertKind, AlertRule, AlertState, Direction
from desktop.core.rates.alerts import evaluate, reconcile


class Fixing(NamedTuple):
    valid_from: date
    rate: Decimal
    source: str = "nbk"
    digits: int = 5


USD_KZT = Pair("USD", "KZT")
MADE = date(2026, 11, 10)  # a Tuesday
SET_AT = datetime(2026, 11, 10, 8, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def alert(kind, threshold="0", *, direction=Direction.EITHER, days=0, since=MADE, pair=USD_KZT):
    return Alert(1, AlertRule(pair, kind, direction, Decimal(threshold), days), since, SET_AT)


def series(text, first=MADE, source="nbk"):
    """ "519 521 520" as fixings of days that follow each other."""
    values = [Decimal(word) for word in text.split()]
    return [Fixing(first + timedelta(days=n), value, source) for n, value in enumerate(values)]


def days_fired(made, fixings, now=LATER):
    _, fired = evaluate(made, AlertState(), fixings, now)
    return [(one.fixing.day, one.direction.value) for one in fired]


UP, DOWN, EITHER = Direction.UP, Direction.DOWN, Direction.EITHER


@pytest.mark.parametrize(
    ("case", "direction", "values", "expected"),
    [
        ("reaching the level counts", UP, "519 520", [(11, "up")]),
        ("a fall is no rise", UP, "521 519 518 521", [(13, "up")]),
        ("it fires once while the rate stays above", UP, "519 521 525 530 521", [(11, "up")]),
        ("a step back within the band does not arm it", UP, "519 521 519.5 521 518.71 522", [(11, "up")]),
        ("beyond the band it is armed again", UP, "519 521 518.7 521", [(11, "up"), (13, "up")]),
        ("what is so already is no news", UP, "525 526", []),
        ("below the level within the band is armed", UP, "519.9 520.1", [(11, "up")]),
        ("falling", DOWN, "521 519 521.29 519 521.3 520", [(11, "down"), (15, "down")]),
        ("both ways", EITHER, "519 521 522 518 519 523", [(11, "up"), (13, "down"), (15, "up")]),
        ("both ways do not flutter round the level", EITHER, "519 520.5 519.5 520.5 519.5", [(11, "up")]),
        ("one jump over the whole band", EITHER, "400 900 400", [(11, "up"), (12, "down")]),
    ],
)
def test_a_level_fires_at_its_edge_and_once(case, direction, values, expected):
    assert days_fired(alert(AlertKind.LEVEL, "520", direction=direction), series(values)) == expected, case


@pytest.mark.parametrize(
    ("case", "direction", "days", "values", "expected"),
    [
        ("five percent in two days", EITHER, 2, "100 100 100 102 105 105", [(14, "up")]),
        ("exactly so much", UP, 1, "100 105", [(11, "up")]),
        ("slower is not it", EITHER, 1, "100 103 106 109 112", []),
        ("a fall", EITHER, 1, "100 100 94", [(12, "down")]),
        ("a fall is no rise", UP, 1, "100 100 94", []),
        (
            "armed again when the change is three quarters of it",
            UP,
            1,
            "100 106 111 114 120",
            [(11, "up"), (14, "up")],
        ),
        ("up and down are two things", EITHER, 1, "100 106 99", [(11, "up"), (12, "down")]),
    ],
)
def test_a_change_is_against_the_rate_of_so_many_days_before(case, direction, days, values, expected):
    made = alert(AlertKind.CHANGE, "5", direction=direction, days=days)
    assert days_fired(made, series(values)) == expected, case


def test_a_change_over_a_gap_in_the_history_is_not_guessed():
    old = Fixing(MADE - timedelta(days=40), Decimal(300), "nbk")
    assert days_fired(alert(AlertKind.CHANGE, "5", days=7), [old, *series("500 501")]) == []


def test_an_inverse_pair_is_computed_not_negated():
    """USD/KZT 500 to 400 is -20 %; KZT/USD rose by 25 %, and both alerts see their own number."""
    straight, inverse = series("500 400"), series("0.002 0.0025")
    twenty = alert(AlertKind.CHANGE, "22", days=1)
    turned = alert(AlertKind.CHANGE, "22", days=1, pair=USD_KZT.inverse)
    assert days_fired(twenty, straight) == []
    assert days_fired(turned, inverse) == [(11, "up")]
    assert days_fired(alert(AlertKind.LEVEL, "0.0024", direction=UP), inverse) == [(11, "up")]


def test_every_new_fixing_is_told_and_none_from_before_the_alert_was_made():
    fixings = series("500 501 502 503", MADE - timedelta(days=2))
    assert days_fired(alert(AlertKind.FIXING), fixings) == [(11, "either")]


def test_years_of_history_that_come_later_fire_nothing():
    crossing = series("515 525 510 530 515 519", MADE - timedelta(days=5))
    assert days_fired(alert(AlertKind.LEVEL, "520", direction=UP), crossing) == []
    assert days_fired(
        alert(AlertKind.LEVEL, "520", direction=UP), [*crossing, *series("521", date(2026, 11, 11))]
    )


def test_the_first_rate_ever_only_says_where_the_pair_stands():
    level = alert(AlertKind.LEVEL, "520", direction=UP)
    first = date(2026, 11, 12)
    assert days_fired(level, series("530", first)) == []
    assert days_fired(level, series("510 530", first)) == [(13, "up")]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (datetime(2026, 11, 20, 12, 0, tzinfo=UTC), []),  # Friday: two numbers are missing
        (datetime(2026, 11, 23, 12, 0, tzinfo=UTC), []),  # Monday: none was expected at the week-end
        (datetime(2026, 11, 24, 12, 0, tzinfo=UTC), [(18, "either")]),
    ],
)
def test_a_source_is_silent_by_its_own_business_days(asked, expected):
    made = alert(AlertKind.SILENT, days=3)
    assert days_fired(made, series("500 501", date(2026, 11, 17)), now=asked) == expected


def test_a_silence_is_told_once_and_the_next_one_again():
    made = alert(AlertKind.SILENT, days=3)
    state, fired = evaluate(made, AlertState(), series("500", date(2026, 11, 11)), LATER)
    assert [one.fixing.day for one in fired] == [11]
    state, fired = evaluate(made, state, series("500", date(2026, 11, 11)), LATER + timedelta(days=1))
    assert fired == []
    two = series("500 501", date(2026, 11, 11))
    _, fired = evaluate(made, state, two, LATER + timedelta(days=2))
    assert [one.fixing.day for one in fired] == [12]


def test_a_source_that_was_silent_when_the_alert_was_set_is_no_news():
    made = alert(AlertKind.SILENT, days=3)
    assert days_fired(made, series("500", date(2026, 11, 2))) == []


def test_a_late_fixing_moves_the_day_of_a_crossing_and_a_correction_takes_it_back():
    level = alert(AlertKind.LEVEL, "520", direction=UP)
    _, first = evaluate(level, AlertState(), [*series("510"), *series("530", date(2026, 11, 20))], LATER)
    known = {(first[0].fixing, first[0].direction): 7}
    whole = [*series("510"), *series("525", date(2026, 11, 14)), *series("530", date(2026, 11, 20))]
    new, moved, gone = reconcile(known, evaluate(level, AlertState(), whole, LATER)[1])
    assert (new, [(n, one.fixing.day) for n, one in moved.items()], gone) == ([], [(7, 14)], [])
    corrected = [*series("510"), *series("519", date(2026, 11, 20))]
    assert reconcile(known, evaluate(level, AlertState(), corrected, LATER)[1]) == ([], {}, [7])
