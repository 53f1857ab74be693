"""The verb about rates: rates."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from desktop.cli import output as out
from desktop.cli.access import asking, known_source, now, reading, today, writing, writing_lane
from desktop.core.errors import UsageError
from desktop.core.rates import Pair
from desktop.paths import Paths
from desktop.store import Store
from desktop.sync.answers import rate_of, series_of
from desktop.sync.lexicon import lexicon

if TYPE_CHECKING:
    from desktop.core.rates.quote_series import Point
    from desktop.sync.rate_history import HistoryStep


def rates(options: argparse.Namespace, paths: Paths) -> int:
    """Answer pairs from the store, or list their fixings; with --fetch ask for the fixings that are not stored."""
    day = _day(options.date)
    _check_use(options)
    source = known_source(options)
    pairs = {lexicon().pair(text, day): source for text in options.pairs}
    if options.accept:
        return _accept(paths, pairs)
    if not pairs:
        with reading(paths) as store:
            pairs = {one.pair: source or one.source for one in store.watchlists.pairs()}
    is_whole = not options.fetch or _load(options, paths, pairs, day)
    with reading(paths) as store:
        if options.history:
            missing = _print_history(options, store, pairs, day)
        else:
            missing = _print_answers(options, store, pairs, day)
    if missing:
        out.say(_unknown(options, missing))
    return 1 if missing or not is_whole else 0


def _check_use(options: argparse.Namespace) -> None:
    if options.fetch and not options.history:
        raise UsageError(
            "--fetch needs to know how far back.", "Write: chorsu rates USD/KZT --history 365 --fetch"
        )


def _print_answers(
    options: argparse.Namespace, store: Store, pairs: Mapping[Pair, str], day: date
) -> list[Pair]:
    """Answer each pair by its source ("": the best); gives those that have no answer."""
    answers = [rate_of(store, pair, day, now(), source) for pair, source in pairs.items()]
    if options.json:
        out.print_json([out.rate_json(answer) for answer in answers])
    elif options.csv:
        _print_csv(out.RATE_COLUMNS, [out.rate_row(answer) for answer in answers])
    else:
        rows = [out.rate_row(answer) for answer in answers]
        out.print_table(rows, right=frozenset({1, 2}))
    return [answer.pair for answer in answers if answer.rate is None]


def _print_history(
    options: argparse.Namespace, store: Store, pairs: Mapping[Pair, str], day: date
) -> list[Pair]:
    first = day - timedelta(days=options.history)
    found = {pair: series_of(store, pair, first, day, source) for pair, source in pairs.items()}
    steps = [
        (pair, before, point)
        for pair, points in found.items()
        for before, point in _with_forerunners(points)
        if point.valid_from >= first or point.is_peg
    ]
    if options.json:
        out.print_json([out.point_json(*step) for step in steps])
    elif options.csv:
        _print_csv(out.POINT_COLUMNS, [out.point_row(*step) for step in steps])
    else:
        out.print_table([out.point_row(*step) for step in steps], right=frozenset({1, 2}))
    shown = {pair for pair, _, _ in steps}
    return [pair for pair in pairs if pair not in shown]


def _with_forerunners(points: Sequence[Point]) -> list[tuple[Point | None, Point]]:
    """Each point with the one before it."""
    return [*((None, point) for point in points[:1]), *pairwise(points)]


def _print_csv(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)


def _unknown(options: argparse.Namespace, pairs: Sequence[Pair]) -> str:
    """Why there is no answer, and what to do."""
    names = ", ".join(map(str, pairs))
    source = f" from {options.source}" if options.source else ""
    when = f" for {options.date}" if options.date else ""
    remedy = "chorsu sync --rates" if not (options.date or options.history) else "--history DAYS --fetch"
    return f"No rate is stored of {names}{source}{when}. Fetch rates with: {remedy}"


def _load(options: argparse.Namespace, paths: Paths, pairs: Mapping[Pair, str], day: date) -> bool:
    """Ask for the fixings that are not stored, each pair's of its own source; whether all could be had."""
    from desktop.sync.history_plan import plan_history
    from desktop.sync.rate_history import PACE_S, RateHistory

    first = day - timedelta(days=options.history)
    lane = writing_lane(paths)
    try:
        plan = lane(lambda store: plan_history(store, pairs.items(), first, day, now()))
        for note in plan.notes:
            out.say(note)
        pace = lane(lambda store: store.settings.get("rates.history_pace", PACE_S))
        with asking(options) as http:
            summary = RateHistory(http, lane, _tell, now, pace).run(plan)
    finally:
        lane.close()
    for problem in summary.problems:
        out.say(str(problem))
    out.say(f"{summary.requests} requests, {summary.new} new rates.")
    return not summary.problems and not summary.stopped


def _tell(step: HistoryStep) -> None:
    if step.done % 50 == 0:
        out.say(f"{step.label}: {step.done} of {step.total} requests")


def _accept(paths: Paths, pairs: Mapping[Pair, str]) -> int:
    """Believe the numbers of these pairs that wait to be confirmed."""
    from desktop.sync.rate_keeping import accept  # seldom needed

    if not pairs:
        raise UsageError("No pair was given.", "Write: chorsu rates --accept USD/KZT")
    with writing(paths) as store:
        answers = [rate_of(store, pair, today(), now(), source) for pair, source in pairs.items()]
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
