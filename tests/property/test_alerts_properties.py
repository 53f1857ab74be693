"""However fixings arrive, the same alerts have fired in the end; never twice without a return between."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.core.rates import Pair
from desktop.core.rates.alert_rules import Alert, AlertKind, AlertRule, AlertState, Direction
from desktop.core.rates.alerts import bounds_of, evaluate, needed_since, reconcile


class Fixing(NamedTuple):
    valid_from: date
    rate: Decimal
    source: str = "nbk"
    digits: int = 5


SINCE = date(2026, 11, 1)
NOW = datetime(2026, 12, 1, tzinfo=UTC)
many = settings(max_examples=300, derandomize=True, deadline=None, database=None)

rates = st.integers(9_900, 10_100).map(lambda n: Decimal(n) / 100)  # round 100, often within the band
histories = st.dictionaries(st.integers(-20, 40), rates, min_size=1, max_size=25).map(
    lambda found: [Fixing(SINCE + timedelta(days=n), found[n], "nbk") for n in sorted(found)]
)
rules = st.one_of(
    st.builds(
        lambda way: AlertRule(Pair("USD", "KZT"), AlertKind.LEVEL, way, Decimal(100)),
        st.sampled_from(Direction),
    ),
    st.builds(
        lambda way, percent, days: AlertRule(Pair("USD", "KZT"), AlertKind.CHANGE, way, percent, days),
        st.sampled_from(Direction),
        st.sampled_from([Decimal("0.3"), Decimal(1)]),
        st.integers(1, 9),
    ),
    st.just(AlertRule(Pair("USD", "KZT"), AlertKind.FIXING)),
)
alerts = rules.map(lambda rule: Alert(1, rule, SINCE, NOW))


class Book:
    """What the store does: what is newer goes on from the state, what is older is walked anew and compared."""

    def __init__(self, alert):
        self.alert, self.state = alert, AlertState()
        self.fixings, self.stand, self.told = {}, {}, []
        self._next = 0

    def arrive(self, fixings):
        late = self.state.last is None or any(one.valid_from <= self.state.last for one in fixings)
        self.fixings.update({one.valid_from: one for one in fixings})
        before = AlertState() if late else self.state
        whole = [self.fixings[day] for day in sorted(self.fixings)]
        first = needed_since(self.alert, before)
        at = max((n for n, one in enumerate(whole) if one.valid_from <= first), default=0)
        self.state, fired = evaluate(self.alert, before, whole[at:], NOW)
        known = {(one.fixing, one.direction): number for number, one in self.stand.items()}
        since = self.alert.since if late else before.last
        new, moved, gone = reconcile({key: n for key, n in known.items() if key[0] > since}, fired)
        for number in gone:
            del self.stand[number]
        self.stand.update(moved)
        for one in new:
            self.stand[self._next] = one
            self._next += 1
        self.told += new

    @property
    def fired(self):
        return {(one.fixing, one.direction, one.rate, one.before) for one in self.stand.values()}


@many
@given(alerts, histories, st.data())
def test_the_same_fixings_in_any_portions_and_any_order_fire_the_same(alert, history, data):
    at_once = Book(alert)
    at_once.arrive(history)
    bit_by_bit = Book(alert)
    waiting = data.draw(st.permutations(history))
    while waiting:
        size = data.draw(st.integers(1, len(waiting)))
        bit_by_bit.arrive(waiting[:size])
        waiting = waiting[size:]
    assert bit_by_bit.fired == at_once.fired
    assert bit_by_bit.state == at_once.state
    bit_by_bit.arrive(history)  # everything once more
    assert bit_by_bit.fired == at_once.fired


@many
@given(alerts, histories)
def test_in_order_of_day_every_firing_is_told_once(alert, history):
    book = Book(alert)
    for fixing in history:
        book.arrive([fixing])
    assert len(book.told) == len(book.fired)
    assert {(one.fixing, one.direction, one.rate, one.before) for one in book.told} == book.fired


@many
@given(alerts, histories)
def test_between_two_firings_lies_a_return_beyond_the_band(alert, history):
    _, fired = evaluate(alert, AlertState(), history, NOW)
    assert all(one.fixing > alert.since for one in fired)
    if alert.rule.kind is not AlertKind.LEVEL:
        return
    for way, bound in bounds_of(alert.rule).items():
        of_way = [one.fixing for one in fired if one.direction is way]
        for first, second in pairwise(of_way):
            between = [Fraction(one.rate) for one in history if first < one.valid_from < second]
            assert any(bound.left(rate) for rate in between)
        assert all(bound.reached(Fraction(one.rate)) for one in fired if one.direction is way)
