"""The verb about taking offline: pack. Its proof is that of `check` too."""

from __future__ import annotations

import argparse

from desktop.cli import output as out
from desktop.cli.access import asking, now, writing_lane
from desktop.core.errors import UsageError
from desktop.core.proof import DAYS, MB, Proof, Scope, described, sentence, size_words
from desktop.paths import Paths
from desktop.store import Store
from desktop.sync.lane import StoreLane
from desktop.sync.report import Event, SourceDone, Step, Summary

NO_LIST = "none"
LISTED = 20  # lacks that are told to people; JSON has all


def pack(options: argparse.Namespace, paths: Paths) -> int:
    """Fetch what the scope holds, read it again, and print the proof; or write or read its file."""
    if options.write or options.read:
        from desktop.cli import pack_file  # no zip is needed else

        return pack_file.write(options, paths) if options.write else pack_file.read(options, paths)
    if options.preview or options.follow:
        raise UsageError("This choice is for a file that is read in.", "Name it with: --read FILE")
    from desktop.sync.pack import estimate

    lane = writing_lane(paths)
    try:
        scope = lane(lambda store: _scope(store, options))
        out.say(described(lane(lambda store: estimate(store, scope, now())), scope.budget))
        proof, summary = _run(options, lane, scope)
    finally:
        lane.close()
    if options.json:
        out.print_json({**proof_json(proof), "received": sum(summary.received.values())})
    else:
        print_proof(proof)
    _tell_end(summary)
    return 0 if proof.complete and not (summary.stopped or summary.offline) else 1


def _run(options: argparse.Namespace, lane: StoreLane, scope: Scope) -> tuple[Proof, Summary]:
    from desktop.sync.pack import Packing

    with asking(options) as http:
        try:
            return Packing(http, lane, _tell, now).run(scope)
        except KeyboardInterrupt:
            http.stop()
            raise


def _scope(store: Store, options: argparse.Namespace) -> Scope:
    sources = (
        tuple(sorted(store.sources.followed(one).id for one in options.source)) if options.source else None
    )
    return Scope(
        sources, days=options.days or DAYS, lists=_lists(store, options), budget=(options.budget or 0) * MB
    )


def _lists(store: Store, options: argparse.Namespace) -> tuple[str, ...] | None:
    """The watchlists that were named; None for all, none for `none`. Raises UsageError for one that is not there."""
    if not options.watchlist:
        return None
    names = store.watchlists.names()
    wanted = [name for name in options.watchlist if name != NO_LIST or name in names]
    for name in wanted:
        if name not in names:
            raise UsageError(f"There is no watchlist “{name}”.", f"There are: {', '.join(names)}.")
    return tuple(name for name in names if name in wanted)


def print_proof(proof: Proof) -> None:
    print(sentence(proof))
    for lack in proof.lacks[:LISTED]:
        out.print_text(f"  {lack.kind}: {lack.name}: {lack.reason}")
    if len(proof.lacks) > LISTED:
        print(f"  and {len(proof.lacks) - LISTED} more; --json lists all.")


def proof_json(proof: Proof) -> dict[str, out.Json]:
    lacks: list[out.Json] = [
        {
            "kind": lack.kind.value,
            "article": lack.article_id or None,
            "name": lack.name,
            "reason": lack.reason,
            "damaged": lack.damaged,
        }
        for lack in proof.lacks
    ]
    return {
        "complete": proof.complete,
        "sentence": sentence(proof),
        "articles": {"total": proof.articles, "stored": proof.whole_articles, "full_text": proof.full_texts},
        "pictures": {"total": proof.pictures, "stored": proof.whole_pictures},
        "rates_until": proof.rates_until.isoformat() if proof.rates_until else None,
        "bytes": proof.size,
        "missing": lacks,
    }


def _tell(event: Event) -> None:
    if isinstance(event, SourceDone):
        out.say(f"{event.source.title}: {event.error or f'{len(event.changes.new)} new'}")
    elif isinstance(event, Step) and event.label in ("full texts", "pictures") and event.done % 50 == 0:
        out.say(f"{event.label}: {event.done} of {event.total}")


def _tell_end(summary: Summary) -> None:
    if summary.offline:
        out.say("Working offline: nothing was asked.")
    elif summary.received:
        out.say(f"{size_words(sum(summary.received.values()))} were received.")
