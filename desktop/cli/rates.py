"""The verb about rates: rates."""

from __future__ import annotations

import argparse
import csv
import sys
from datetime import date, timedelta

from desktop.cli import output as out
from desktop.cli.access import now, reading, today
from desktop.core.errors import UsageError
from desktop.core.pairs import parse_pair
from desktop.core.rates import Pair, RateAnswer
from desktop.paths import Paths
from desktop.store import Store
from desktop.sync.answers import rate_of


def rates(options: argparse.Namespace, paths: Paths) -> int:
    """Answer pairs from the store."""
    day = _day(options.date)
    pairs = [parse_pair(text) for text in options.pairs]
    if options.accept:
        return _accept(paths, pairs)
    with reading(paths) as store:
        asked = pairs or [pinned.pair for pinned in store.watchlists.pairs()]
        answers = [answer for pair in asked for answer in _answers(store, pair, day, options.history)]
    if options.json:
        out.print_json([out.rate_json(answer) for answer in answers])
    elif options.csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(("pair", "rate", "change", "valid_from", "source", "state"))
        writer.writerows(out.rate_row(answer) for answer in answers)
    else:
        out.print_table([out.rate_row(answer) for answer in answers], right=frozenset({1, 2}))
    unknown = [str(answer.pair) for answer in answers if answer.rate is None]
    if unknown:
        out.say(f"No rate is stored for {', '.join(unknown)}. Fetch rates with: chorsu sync --rates")
    return 1 if unknown else 0


def _accept(paths: Paths, pairs: list[Pair]) -> int:
    """Believe the numbers of these pairs that wait to be confirmed."""
    from desktop.sync.rate_keeping import accept  # seldom needed

    if not pairs:
        raise UsageError("No pair was given.", "Write: chorsu rates --accept USD/KZT")
    with Store.open(paths.data) as store:
        answers = [rate_of(store, pair, today(), now()) for pair in pairs]
        doubts = [answer.unconfirmed for answer in answers if answer.unconfirmed is not None]
        accept(store, doubts, now())
    for quote in doubts:
        out.say(
            f"Accepted: {quote.raw_nominal} {quote.base} = {quote.raw_value} {quote.quote} ({quote.source})"
        )
    waiting = {str(answer.pair) for answer in answers if answer.unconfirmed is None}
    if waiting:
        out.say(f"Nothing waits to be confirmed for {', '.join(sorted(waiting))}.")
    return 1 if waiting else 0


def _day(text: str) -> date:
    if not text:
        return today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"“{text}” is not a date.", "Write it as 2026-11-24.") from None


def _answers(store: Store, pair: Pair, day: date, history: int) -> list[RateAnswer]:
    """The answer of `day`, or the distinct fixings of the `history` days up to it, oldest first."""
    if not history:
        return [rate_of(store, pair, day, now())]
    found: dict[date, RateAnswer] = {}
    for back in range(history, -1, -1):
        answer = rate_of(store, pair, day - timedelta(days=back), now())
        if answer.valid_from is not None and answer.valid_from >= day - timedelta(days=history):
            found[answer.valid_from] = answer
    return list(found.values())
