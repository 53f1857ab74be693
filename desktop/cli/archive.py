"""The verb about archives: backfill."""

from __future__ import annotations

import argparse
from datetime import datetime

from desktop.cli import output as out
from desktop.cli.access import asking, now, writing_lane
from desktop.core.errors import UsageError
from desktop.net.http import Http
from desktop.paths import Paths
from desktop.sync.backfill import Backfill
from desktop.sync.backfill_report import Backfilled, Estimate, Filled
from desktop.sync.lane import StoreLane
from desktop.sync.pace import Pace


def backfill(options: argparse.Namespace, paths: Paths) -> int:
    """Close the gaps of a source and go into its archive; say before what it would bring."""
    since = _day(options.since)
    lane = writing_lane(paths)
    try:
        lane(lambda store: store.sources.followed(options.id))
        with asking(options) as http:
            estimate, result = _run(options, http, lane, since)
    finally:
        lane.close()
    if options.json:
        out.print_json(_json(estimate, result))
    else:
        print(
            f"{result.new} new, {result.updated} updated, {result.withdrawn} withdrawn, "
            f"{result.requests} requests{', complete' if result.complete else ''}"
        )
    if result.error:
        out.say(str(result.error))
    return 1 if result.error or result.stopped else 0


def _run(
    options: argparse.Namespace, http: Http, lane: StoreLane, since: datetime | None
) -> tuple[Estimate, Backfilled]:
    pause = lane(lambda store: store.settings.get("archive.pause", 1.0))
    walk = Backfill(http, lane, _tell, now, pace=Pace(pause))
    estimate = walk.estimate(options.id, since)
    out.say(_words(estimate))
    try:
        return estimate, walk.run(options.id, most=options.max, since=since, expected=estimate.articles)
    except KeyboardInterrupt:
        http.stop()
        raise


def _tell(filled: Filled) -> None:
    of = f" of about {filled.total}" if filled.total else ""
    out.say(f"{filled.done}{of} articles")


def _words(estimate: Estimate) -> str:
    if estimate.articles is None:
        return "How many articles are missing is not known beforehand."
    requests = f", {estimate.requests} requests" if estimate.requests is not None else ""
    size = f", about {estimate.size / 1e6:.1f} MB with their pictures" if estimate.size else ""
    return f"About {estimate.articles} articles are missing{requests}{size}."


def _day(text: str) -> datetime | None:
    """The beginning of a day in the person's zone."""
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").astimezone()
    except ValueError:
        raise UsageError(f"“{text}” is not a date.", "Write it as 2026-11-24.") from None


def _json(estimate: Estimate, result: Backfilled) -> out.Json:
    return {
        "estimate": {
            "articles": estimate.articles,
            "requests": estimate.requests,
            "bytes": estimate.size,
        },
        "new": result.new,
        "updated": result.updated,
        "withdrawn": result.withdrawn,
        "requests": result.requests,
        "complete": result.complete,
        "stopped": result.stopped,
        "error": str(result.error) if result.error else None,
        "coverage": out.coverage_json(result.coverage),
    }
