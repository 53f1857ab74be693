"""Taking offline: refresh, list the articles, fetch what they lack, then read all of it again and say what is there.

    begin -> Refresh (sources and banks) -> list_articles -> Lacks (full texts, pictures) -> prove

Everything that it wants is stored, so it can be ended at any instant: the next run asks for what is missing alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from desktop.core.pack_file import Asked
from desktop.core.proof import NOT_YET, Kind, Lack, Proof, Scope
from desktop.core.rates import Pair, QuoteKind
from desktop.net.http import Http
from desktop.store import Store
from desktop.store.packs import Pack
from desktop.store.proof import Seen
from desktop.sync.answers import rate_of
from desktop.sync.lacks import Lacks
from desktop.sync.lane import Write
from desktop.sync.refresh import Refresh
from desktop.sync.report import Event, Plan, Summary
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
        if (waiting or not pack.listed) and not (summary.stopped or summary.offline):
            self._write(lambda store: store.packs.list_articles(pack))
            pack = replace(pack, listed=True)
        return self._complete(pack, summary)

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
    if pack.came is not None:
        lacks += [Lack(Kind.SOURCE, title, reason) for title, reason in pack.came.unreached]
    return replace(proof, rates_until=min(dates, default=None), lacks=(*proof.lacks, *lacks))


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
    known = {source.id for source in store.sources.all()}
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
