"""Whatever the order in which a history comes in: what is true is believed in the end, a slip never."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from desktop.core.rates import Quote
from desktop.core.rates.sources import RULES
from desktop.core.rates.trust import Known, judge

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
FIRST = date(2025, 3, 3)


def quote(day: int, rate: Decimal) -> Quote:
    """Of the n-th working day."""
    weeks, weekday = divmod(day, 5)
    valid_from = FIRST + timedelta(days=7 * weeks + weekday)
    return Quote("USD", "TJS", rate, f"{rate:f}", "1", valid_from, "nbt", RULES["nbt"].kind, NOW)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Quote], Quote | None, list[list[Quote]]]:
    """A walk of small steps with perhaps a devaluation and a slip, and the parts in which it arrives."""
    moves = draw(st.lists(st.integers(-150, 150), min_size=8, max_size=40))
    fall = draw(st.none() | st.tuples(st.integers(4, len(moves) - 4), st.sampled_from([12, 35, 92])))
    rate, true = Decimal("9.2598"), []
    for day, move in enumerate(moves):
        rate *= 1 + Decimal(move) / 10_000
        if fall is not None and day == fall[0]:
            rate *= 1 + Decimal(fall[1]) / 100
        true.append(quote(day, rate.quantize(Decimal("0.0001"))))
    slip, sent = None, list(true)
    places = [at for at in range(2, len(true) - 2) if fall is None or abs(at - fall[0]) > 2]
    if places and draw(st.booleans()):
        at = draw(st.sampled_from(places))
        slip = quote(at, true[at].rate.scaleb(draw(st.sampled_from([-3, -1, 1, 2, 3]))))
        sent[at] = slip
        true.pop(at)
    order = draw(st.sampled_from(["forwards", "backwards", "shuffled"]))
    sent = (
        sent[::-1] if order == "backwards" else draw(st.permutations(sent)) if order == "shuffled" else sent
    )
    size = draw(st.integers(1, len(sent)))
    return true, slip, [sent[at : at + size] for at in range(0, len(sent), size)]


def told_by_others(true: list[Quote], asked: Quote) -> Fraction:
    """What an independent source says of about that day."""
    nearest = min(true, key=lambda one: abs((one.valid_from - asked.valid_from).days))
    return Fraction(nearest.rate)


@given(histories())
def test_a_history_is_believed_whole_and_without_its_slip(
    history: tuple[list[Quote], Quote | None, list[list[Quote]]],
) -> None:
    true, slip, parts = history
    accepted: dict[date, Quote] = {}
    held: dict[date, Quote] = {}
    for part in parts:
        known = Known({day: one.rate for day, one in accepted.items()}, list(held.values()))
        # Others tell about the truth, for the first number of all.
        verdict = judge(part, known, [], lambda asked: [(told_by_others(true, asked), 0)])
        held |= {one.valid_from: one for one in verdict.held}
        for one in (*verdict.accepted, *verdict.contradicted):
            held.pop(one.valid_from, None)
        accepted |= {one.valid_from: one for one in verdict.accepted}
    assert slip is None or slip not in accepted.values()
    assert [one for one in true if one not in accepted.values()] == []
