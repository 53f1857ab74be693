"""Taking offline: refresh, list the articles, fetch what they lack, then read all of it again and say what is there.

    begin -> Refresh (sources and banks) -> Backfill (known gaps of its days) -> list_articles
          -> Lacks (full texts, pictures) -> prove

Everything that it wants is stored, so it can be ended at any instant: the next run asks for what is missing alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from desktop.core.coverage import Gap
from desktop.core.errors import OfflineError
from desktop.core.models import Source
from desktop.core.pack_file import Asked
from desktop.core.proof import NOT_YET, Estimate, Kind, Lack, Proof, Scope, gap_reason
from desktop.core.rates import Pair, QuoteKind
from desktop.net.http import Http
from desktop.store import Store
from desktop.store.packs import Pack
from desktop.store.proof import Seen
from desktop.sync.answers import rate_of
from desktop.sync.backfill import Backfill
from desktop.sync.backfill_report import Filled
from desktop.sync.lacks import Lacks
from desktop.sync.lane import Write
from desktop.sync.pace import PACE_S, Pace
from desktop.sync.refresh import Refresh
from desktop.sync.report import Event, Plan, SourceDone, Step, Summary
from desktop.sync.run import Run


class Packing:
    """Works on the one pack. `tell` is called from the fetching threads."""

    def __init__(
        self, http: Http, write: Write, tell: Callable[[Event], None], now: Callable[[], datetime]
    ) -> None:
        self._http = http
        self._write = write
        self._tell = tell
        self._now = now

    def run(self, scope: Scope) -> tuple[Proof, Summary]:
        """Go on with the pack of this scope, or begin it, and prove it. A stop ends the fetching, never the proof."""
        return self._go_on(self._write(lambda store: store.packs.begin(scope, self._now())))

    def retry(self) -> tuple[Proof, Summary]:
        """Ask once more for what the pack lacks, whatever was to be waited for."""
        pack = self._write(lambda store: store.packs.current())
        assert pack is not None
        return self._go_on(pack)

    def _go_on(self, pack: Pack) -> tuple[Proof, Summary]:
        """Ask the sources that were not reached since the pack was begun, and the banks; then complete it."""
        waiting = self._write(lambda store: _waiting(store, pack))
        plan = Plan(waiting, rates=pack.scope.lists != (), full_texts=False, pictures=False, only_due=True)
        summary = Refresh(self._http, self._write, self._tell, self._now).run(plan)
        closed = self._close_gaps(pack, summary)
        if (waiting or closed or not pack.listed) and not (summary.stopped or summary.offline):
            self._write(lambda store: store.packs.list_articles(pack))
            pack = replace(pack, listed=True)
        return self._complete(pack, summary)

    def _close_gaps(self, pack: Pack, summary: Summary) -> bool:
        """Load what was missed of the pack's days from the archives of its sources; whether any came. Each page is
        stored with its span, so that it goes on where it was ended."""
        pace = Pace(self._write(lambda store: store.settings.get("archive.pause", PACE_S)))
        came = False
        for source, gaps in self._write(lambda store: gaps_of(store, pack)) if pack.came is None else ():
            if summary.stopped or summary.offline or not gaps[0].has_archive:
                continue
            report = partial(self._on_filled, source)
            walk = Backfill(self._http, self._write, report, self._now, pace=pace)
            since = max(pack.since, min(one.gap.since for one in gaps if one.gap.since))
            found = walk.run(
                source.id, since=since, expected=sum(one.gap.missing or 0 for one in gaps) or None
            )
            summary.stopped |= found.stopped
            summary.offline |= isinstance(found.error, OfflineError)
            came |= bool(found.new)
        return came

    def _on_filled(self, source: Source, filled: Filled) -> None:
        self._tell(SourceDone(source, filled.changes, None))
        self._tell(Step(filled.done, filled.total or 0, "older articles"))

    def _complete(self, pack: Pack, summary: Summary) -> tuple[Proof, Summary]:
        if pack.listed and not (summary.stopped or summary.offline):
            self._mend(pack)
            summary = _joined(summary, self._fetch(pack))
        proof = prove(self._write, pack, self._now())
        done = pack.listed and not (summary.stopped or summary.offline)
        self._write(lambda store: store.packs.end(pack.id, proof, ended=done))
        return proof, summary

    def _mend(self, pack: Pack) -> None:
        """Want again what turned out to be damaged, and wait for nothing."""
        proof = prove(self._write, pack, self._now())
        damaged = [lack for lack in proof.lacks if lack.damaged]

        def job(store: Store) -> tuple[int, ...]:
            for lack in damaged:
                if lack.key:
                    store.images.forget_file(lack.key)
            store.packs.wait_no_longer(pack.id)
            return store.packs.want_texts(lack.article_id for lack in damaged if lack.kind is Kind.ARTICLE)

        if sources := self._write(job):
            plan = Plan(sources, rates=False, full_texts=False, pictures=False)
            Refresh(self._http, self._write, self._tell, self._now).run(plan)

    def _fetch(self, pack: Pack) -> Summary:
        run = Run(self._http, self._write, self._tell, self._now)
        with run:
            lacks = Lacks(run, pack.id)
            lacks.fetch_texts()
            lacks.fetch_pictures()
        return run.summary


def prove(write: Write, pack: Pack, now: datetime) -> Proof:
    """Read a pack again on a connection of its own, which lets the writer go on."""
    folder: Path = write(lambda store: store.folder)
    with Store.open_reader(folder) as store:
        return proof_of(store, pack, now)


def proof_of(
    store: Store, pack: Pack, now: datetime, *, thorough: bool = True, seen: Seen | None = None
) -> Proof:
    """Texts, pictures and rates of a pack, read again; what is in `seen` only where it has changed. Changes nothing."""
    proof = store.prove(pack, thorough=thorough, seen=seen)
    day = now.astimezone().date()
    dates, lacks = [], []
    for base, quote, source in pairs_of(store, pack):
        pair = Pair(base, quote)
        told = rate_of(store, pair, day, now, source)
        if told.valid_from is None:
            lacks.append(Lack(Kind.RATE, str(pair), "No source that was asked knows it."))
        elif told.kind is not QuoteKind.PEG:  # what the law fixes does not age
            dates.append(told.valid_from)
    sources = [store.sources.get(one) for one in _waiting(store, pack)]
    lacks += [Lack(Kind.SOURCE, one.title, one.state.last_error or NOT_YET) for one in sources]
    for gapped, gaps in gaps_of(store, pack):
        reasons = [gap_reason(one.gap, None, has_archive=one.has_archive) for one in gaps]
        lacks += [Lack(Kind.GAP, gapped.title, reason) for reason in reasons]
    if pack.came is not None:
        lacks += [Lack(Kind.SOURCE, title, reason) for title, reason in pack.came.unreached]
    return replace(proof, rates_until=min(dates, default=None), lacks=(*proof.lacks, *lacks))


@dataclass(frozen=True, slots=True)
class KnownGap:
    """A time between two that are known complete, and whether its source has a way to fill it."""

    gap: Gap
    has_archive: bool


def gaps_of(store: Store, pack: Pack) -> list[tuple[Source, list[KnownGap]]]:
    """The gaps in the days of a pack, by source. Days that are older than all that is known are one where the source
    may have an archive; where it has none, nobody can say that anything is missing."""
    found: list[tuple[Source, list[KnownGap]]] = []
    for source_id in sources_of(store, pack):
        coverage = store.archive.coverage(source_id)
        gaps = [
            KnownGap(
                gap if gap.since else store.archive.estimated(source_id, Gap(pack.since, gap.until)),
                coverage.has_archive,
            )
            for gap in coverage.gaps
            if gap.until > pack.since and (gap.since is not None or coverage.has_archive)
        ]
        if gaps:
            found.append((store.sources.get(source_id), gaps))
    return found


def estimate(store: Store, scope: Scope, now: datetime) -> Estimate:
    """What a pack of this scope would hold, with what its known gaps are short of. Nothing is asked."""
    pack = Pack(0, scope, now, listed=False, ended=False, proof=None, lacking=0)
    missed = size = 0
    for source, gaps in gaps_of(store, pack):
        number = sum(one.gap.missing or 1 for one in gaps if one.has_archive)
        sizes = store.archive.sizes(source.id)
        missed += number
        size += number * (sizes.text + sizes.pictures)
    found = store.packs.estimate(scope, now)
    return replace(found, missed=missed, to_come=found.to_come + size)


def pairs_of(store: Store, pack: Pack) -> tuple[Asked, ...]:
    """The pairs that a pack is to answer, each once."""
    if pack.came is not None:
        return pack.came.pairs
    lists = store.watchlists.names() if pack.scope.lists is None else pack.scope.lists
    pinned = (one for name in lists for one in store.watchlists.pairs(name))
    return tuple(dict.fromkeys((one.pair.base, one.pair.quote, one.source) for one in pinned))


def sources_of(store: Store, pack: Pack) -> tuple[int, ...]:
    """The sources that a pack takes articles of."""
    enabled = tuple(source.id for source in store.sources.all() if source.enabled)
    chosen = pack.scope.sources
    known = {source.id for source in store.sources.all() if not source.archived}
    return enabled if chosen is None else tuple(one for one in chosen if one in known)


def _waiting(store: Store, pack: Pack) -> tuple[int, ...]:
    """The sources that were not asked with success since the pack was begun; none where a file brought it."""
    if pack.came is not None:
        return ()
    states = {one: store.sources.get(one).state.last_success for one in sources_of(store, pack)}
    return tuple(one for one, asked in states.items() if asked is None or asked < pack.begun_at)


def _joined(first: Summary, then: Summary) -> Summary:
    """Both stages as one."""
    received = dict(first.received)
    for source_id, size in then.received.items():
        received[source_id] = received.get(source_id, 0) + size
    return replace(
        first,
        full_texts_stored=then.full_texts_stored,
        full_texts_missing=then.full_texts_missing,
        pictures_stored=then.pictures_stored,
        pictures_missing=then.pictures_missing,
        received=received,
        stopped=then.stopped,
        offline=then.offline,
    )
