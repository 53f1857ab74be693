"""A pinned pair as a line of the table: every text that is drawn and spoken, made once for each answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from desktop.core.rates import Pair, PinnedPair, RateAnswer
from desktop.core.rates.quote_words import format_difference
from desktop.core.rates.quotes import Freshness, format_change, format_rate, freshness, trend
from desktop.core.rates.sparkline import Line, sparkline
from desktop.ui.rates.pair_field import names_of
from desktop.ui.times import day, spoken_day

if TYPE_CHECKING:
    from desktop.core.rates.pair_words import Lexicon
    from desktop.jobs.session import Session

SPARK_DAYS = 90
_MINUS = "\u2212"


@dataclass(frozen=True, slots=True)
class RateRow:
    """One line of the table."""

    pinned: PinnedPair
    names: str
    value: str
    note: str  # under the value: what is not sure, or not in force yet
    doubtful: bool  # the note is of a newer number that nothing has confirmed
    difference: str
    percent: str
    trend: int
    spark: Line
    date: str
    source: str
    source_note: str  # under the source: that the person chose it
    freshness: Freshness
    age: str
    spoken: str

    @property
    def pair(self) -> Pair:
        return self.pinned.pair


def rate_row(session: Session, pinned: PinnedPair) -> RateRow:
    """The line of a pair, from the store alone."""
    answer = answer_of(session, pinned)
    today = session.today()
    fresh = freshness(answer, today, session.now())
    asked = answer.source or pinned.source
    source = session.provider_name(asked) if asked else ""
    value = "—" if answer.rate is None else format_rate(answer.rate, answer.digits)
    since = answer.valid_from
    return RateRow(
        pinned=pinned,
        names=names_of(pinned.pair, session.lexicon()),
        value=value,
        note=_note(session, answer),
        doubtful=answer.unconfirmed is not None,
        difference="" if answer.rate is None else format_difference(answer),
        percent="" if answer.rate is None else format_change(answer),
        trend=0 if answer.rate is None else trend(answer),
        spark=_spark(session, pinned),
        date="" if since is None else day(since, today),
        source=source or "No source yet",
        source_note=_source_note(pinned, answer),
        freshness=fresh,
        age=_age(answer, fresh),
        spoken=_spoken(answer, value, source, fresh, today),
    )


def waiting_row(pinned: PinnedPair, words: Lexicon) -> RateRow:
    """The line of a pair whose rate is about to be read."""
    return RateRow(
        pinned=pinned,
        names=names_of(pinned.pair, words),
        value="…",
        note="",
        doubtful=False,
        difference="",
        percent="",
        trend=0,
        spark=(),
        date="",
        source="",
        source_note="",
        freshness=Freshness.UNKNOWN,
        age="",
        spoken=str(pinned.pair),
    )


def answer_of(session: Session, pinned: PinnedPair) -> RateAnswer:
    """What a pinned pair stands at, by the source that was chosen for it."""
    return session.rate(pinned.pair, pinned.source)


def _source_note(pinned: PinnedPair, answer: RateAnswer) -> str:
    if not pinned.source:
        return ""
    return "chosen" if answer.rate is not None else "chosen, nothing yet"


def _note(session: Session, answer: RateAnswer) -> str:
    """ "unconfirmed: 4731.8" or "from 25 Nov: 475.02"; the doubt comes first."""
    from desktop.ui.rates.pair_details import turned, upcoming

    if answer.unconfirmed is not None:
        return f"unconfirmed: {turned(answer.unconfirmed, answer.pair)}"
    return "" if answer.upcoming is None else upcoming(answer.upcoming, answer.pair, session.today())


def _spark(session: Session, pinned: PinnedPair) -> Line:
    today = session.today()
    first = today - timedelta(days=SPARK_DAYS)
    points = session.series(pinned.pair, first, today, pinned.source)
    return sparkline([(point.valid_from, point.rate) for point in points], first, today)


def _age(answer: RateAnswer, fresh: Freshness) -> str:
    """ "fresh", "ageing, 3 d": in working days of the source it may be fresh at any age."""
    if fresh in (Freshness.FRESH, Freshness.UNKNOWN) or not answer.age_days:
        return "" if fresh is Freshness.UNKNOWN else fresh.value
    return f"{fresh.value}, {answer.age_days} d"


def _spoken(answer: RateAnswer, value: str, source: str, fresh: Freshness, today: date) -> str:
    """ "USD/KZT, 473.18, up 0.18 percent, 24 November, National Bank of Kazakhstan, fresh"."""
    if answer.rate is None or answer.valid_from is None:
        return f"{answer.pair}, not known" + (", a number is unconfirmed" if answer.unconfirmed else "")
    change = format_change(answer)
    amount = change.lstrip("+" + _MINUS).replace(" %", " percent")
    moved = {1: f"up {amount}", -1: f"down {amount}"}.get(trend(answer), amount if change != "—" else "")
    parts = (
        str(answer.pair),
        value,
        moved,
        spoken_day(answer.valid_from, today),
        source,
        fresh.value,
        "a newer number is unconfirmed" if answer.unconfirmed else "",
    )
    return ", ".join(part for part in parts if part)
