"""What people read of an alert."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from desktop.core.rates import Pair
from desktop.core.rates.alert_rules import AlertEvent, AlertKind, AlertRule, AlertState, Direction, Firing
from desktop.core.rates.alert_words import condition, detail, headline, standing, summary

USD_KZT = Pair("USD", "KZT")
FOUND = date(2026, 11, 24)
UP, DOWN, EITHER = Direction.UP, Direction.DOWN, Direction.EITHER


def rule(kind, threshold="0", way=EITHER, days=0, pair=USD_KZT):
    return AlertRule(pair, kind, way, Decimal(threshold), days)


def event(made, day=14, rate="521.3", before="518.9", way=UP, number=1, **more):
    earlier = None if before is None else Decimal(before)
    firing = Firing(date(2026, 11, day), way, Decimal(rate), earlier)
    return AlertEvent(number, number, made, firing, datetime(2026, 11, 24, 8, 0, tzinfo=UTC), **more)


LEVEL = rule(AlertKind.LEVEL, "520.00", UP)
CHANGE = rule(AlertKind.CHANGE, "5", EITHER, 7)
FIXING, SILENT = rule(AlertKind.FIXING), rule(AlertKind.SILENT, days=3)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (LEVEL, "rises to 520 or above"),
        (rule(AlertKind.LEVEL, "0.0021", DOWN), "falls to 0.0021 or below"),
        (rule(AlertKind.LEVEL, "1500"), "crosses 1500, either way"),
        (CHANGE, "moves 5 % or more within 7 days"),
        (rule(AlertKind.CHANGE, "0.5", DOWN, 1), "falls 0.5 % or more within 1 day"),
        (FIXING, "has a new fixing"),
        (SILENT, "has no new fixing for 3 business days"),
    ],
)
def test_conditions_are_plain_words(made, words):
    assert condition(made) == words


@pytest.mark.parametrize(
    ("told", "words", "numbers"),
    [
        (event(LEVEL), "USD/KZT crossed 520 on 14 Nov while you were away", "521.3, up from 518.9"),
        (event(LEVEL, 24), "USD/KZT crossed 520 on 24 Nov", "521.3, up from 518.9"),
        (event(LEVEL, 25), "USD/KZT crosses 520 from 25 Nov", "521.3, up from 518.9"),
        (event(LEVEL, withdrawn=True), "USD/KZT crossed 520 on 14 Nov while you were away",
         "521.3: taken back, the numbers were completed or corrected since"),
        (event(CHANGE, before="495"), "USD/KZT rose 5.31 % in 7 days to 14 Nov while you were away",
         "521.3, up from 495"),
        (event(CHANGE, 25, "470", "500", DOWN), "USD/KZT falls 6.00 % in 7 days to 25 Nov", "470, down from 500"),
        (event(FIXING, 25, way=EITHER), "USD/KZT has a new fixing for 25 Nov", "521.3, up from 518.9"),
        (event(FIXING, 24, "500", "500", EITHER), "USD/KZT has a new fixing for 24 Nov", "500, unchanged from 500"),
        (event(SILENT, way=EITHER), "USD/KZT: no new fixing since 14 Nov", "521.3"),
    ],
)  # fmt: skip
def test_events_say_what_happened_when_and_by_which_numbers(told, words, numbers):
    assert (headline(told, FOUND, FOUND), detail(told)) == (words, numbers)


@pytest.mark.parametrize(
    ("made", "armed", "words"),
    [
        (LEVEL, {UP}, "Armed"),
        (LEVEL, set(), "Fired: armed again below 518.7"),
        (rule(AlertKind.LEVEL, "520", DOWN), set(), "Fired: armed again above 521.3"),
        (rule(AlertKind.CHANGE, "4", UP, 7), set(), "Fired: armed again below 3 %"),
        (rule(AlertKind.LEVEL, "520"), {DOWN}, "Armed"),
        (FIXING, set(), "Armed"),
        (SILENT, set(), "Fired: armed again by the next fixing"),
    ],
)
def test_an_alert_that_fired_says_what_arms_it_again(made, armed, words):
    assert standing(made, AlertState(FOUND, frozenset(armed))) == words
    assert standing(made, AlertState()) == "Armed"


def test_one_notification_has_a_line_an_alert_the_newest_first_and_an_end():
    several = [
        event(rule(AlertKind.LEVEL, f"{level}", UP), day, number=level)
        for day, level in zip(range(14, 20), range(515, 521), strict=True)
    ]
    title, text = summary([*several, event(several[0].rule, 13, number=515)], FOUND, FOUND)
    assert title == "6 rate alerts"
    lines = text.split("\n")
    assert lines[0] == "USD/KZT crossed 520 on 19 Nov while you were away"
    assert (len(lines), lines[-1]) == (5, "and 2 more")
    title, text = summary([several[0], event(several[0].rule, 13, number=515)], FOUND, FOUND)
    assert (title, text) == (
        "Rate alert",
        "USD/KZT crossed 515 on 14 Nov while you were away (and 1 more)",
    )
