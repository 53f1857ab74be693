"""The verbs about sources: add, sources, remove, sync."""

from __future__ import annotations

import argparse

from desktop.cli import output as out
from desktop.cli.access import asking, now, reading, writing, writing_lane
from desktop.cli.alerts import fired_json, words
from desktop.core.fulltext_values import FullTextRule
from desktop.core.models import NewSource, Source, SourceKind
from desktop.core.rates.alert_words import detail
from desktop.paths import Paths
from desktop.store.copies import keep_if_due
from desktop.store.sources import Counts
from desktop.sync.lane import StoreLane
from desktop.sync.report import AlertsFired, Event, Plan, RatesDone, SourceDone, Step, Summary


def add(options: argparse.Namespace, paths: Paths) -> int:
    """Discover what an address holds, store the best of it, print its id."""
    from desktop.sync.discover import discover

    kind = None if options.kind == "auto" else SourceKind(options.kind)
    with asking(options) as http, writing(paths) as store:
        best = discover(http, options.url, kind)[0]
        source = store.sources.add(_renamed(best, options), now())
        store.sources.set_full_text(source.id, FullTextRule(options.full_text))
        store.settings.set("welcome.done", True)  # they chose: the window need not ask before it refreshes
    out.say(f"{source.title}: {source.url} ({source.kind.value})")
    print(source.id)
    return 0


def _renamed(source: NewSource, options: argparse.Namespace) -> NewSource:
    return source._replace(title=options.title or source.title, folder=options.folder or source.folder)


def sources(options: argparse.Namespace, paths: Paths) -> int:
    """List what is followed."""
    with reading(paths) as store:
        counts = store.sources.counts()
        if options.json:
            from desktop.sync.source_care import health

            found = health(store, now())
            out.print_json([out.source_json(each, counts.get(each.source.id, Counts())) for each in found])
            return 0
        rows = [(source, counts.get(source.id, Counts())) for source in store.sources.all()]
    out.print_table(
        [(str(s.id), str(c.unread), str(c.total), s.kind.value, s.title, s.url, _state(s)) for s, c in rows],
        right=frozenset({0, 1, 2}),
    )
    if not rows:
        out.say("No sources yet. Add one with: chorsu add URL")
    return 0


def _state(source: Source) -> str:
    return "removed, kept articles only" if source.archived else source.state.last_error


def remove(options: argparse.Namespace, paths: Paths) -> int:
    """Stop following a source; with --keep-marked print how many articles stay and how many went."""
    with writing(paths) as store:
        gone = len(store.sources.remove(options.id, keep_marked=options.keep_marked).removed)
        if options.keep_marked:
            kept = store.sources.counts().get(options.id, Counts()).total
            print(f"{kept} articles kept, {gone} removed")
    return 0


def sync(options: argparse.Namespace, paths: Paths) -> int:
    """Refresh once, and print the counts of what came."""
    lane = writing_lane(paths)
    try:
        while lane(lambda store: store.indexing.remaking and store.indexing.step()):
            pass
        summary = _run(options, lane)
        lane(lambda store: keep_if_due(store.folder, now()))
    finally:
        lane.close()
    result = out.summary_json(summary)
    result["alerts"] = [fired_json(event) for event in summary.alerts]
    if options.json:
        out.print_json(result)
    else:
        print(
            f"{result['new']} new, {result['updated']} updated, {result['withdrawn']} withdrawn, "
            f"{result['unchanged']} unchanged, "
            f"{result['failed']} failed, {summary.full_texts_stored} full texts, {summary.pictures_stored} pictures"
        )
    if summary.left_alone:
        out.say(f"{summary.left_alone} sources were asked within the last five minutes, and were left alone.")
    if summary.offline:
        out.say("Working offline: nothing was asked.")
    return 1 if result["failed"] or summary.offline or summary.stopped else 0


def _run(options: argparse.Namespace, lane: StoreLane) -> Summary:
    from desktop.sync.refresh import Refresh

    plan = Plan(
        tuple(options.source) if options.source else None,
        news=not options.rates,
        rates=not options.news and not options.source,
    )
    with asking(options) as http:
        try:
            return Refresh(http, lane, _tell, now).run(plan)
        except KeyboardInterrupt:
            http.stop()
            raise


def _tell(event: Event) -> None:
    if isinstance(event, SourceDone):
        brought = f"{len(event.changes.new)} new, {len(event.changes.updated)} updated"
        out.say(f"{event.source.title}: {event.error or brought}")
    elif isinstance(event, RatesDone):
        apart = f", {event.held} held back until they are confirmed" if event.held else ""
        out.say(f"{event.provider}: {event.error or f'{event.new} new rates{apart}'}")
    elif isinstance(event, AlertsFired):
        for fired in event.events:
            out.say(f"Alert: {words(fired)}: {detail(fired)}")
    elif isinstance(event, Step) and event.label in ("full texts", "pictures") and event.done % 50 == 0:
        out.say(f"{event.label}: {event.done} of {event.total}")
