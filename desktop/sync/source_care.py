"""How the sources are, and what follows from what their servers say: an address that moved, one that was taken down."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from desktop.core.addresses import host_name
from desktop.core.errors import FetchError, UsageError
from desktop.core.models import Source, SourceKind
from desktop.core.source_health import WINDOW_DAYS, SourceFacts, SourceHealth, condition, has_moved
from desktop.net.addresses import is_local_name
from desktop.store import Store
from desktop.sync.news import FetchedSource, failed

log = logging.getLogger(__name__)
GONE = 410
ON_DEMAND = timedelta(minutes=5)
AFTER_FAULT = timedelta(minutes=1)


def health(store: Store, now: datetime) -> list[SourceHealth]:
    """How all sources are, in the order of the sidebar. Counts articles: not for the GUI thread."""
    received = store.traffic.since((now - timedelta(days=WINDOW_DAYS)).date())
    facts = store.source_facts.all(now - timedelta(days=WINDOW_DAYS), received)
    return [
        SourceHealth(
            source,
            facts.get(source.id, SourceFacts()),
            condition(source, facts.get(source.id, SourceFacts()), now),
            store.archive.coverage(source.id),
        )
        for source in store.sources.all()
    ]


def checked(store: Store, fetched: FetchedSource, now: datetime) -> FetchedSource:
    """What was fetched; or, where its server says for the first time that the feed has moved and leads to one that has
    nothing in common with it, the refusal of that, with the other feed on offer."""
    state, source = fetched.state, fetched.source
    if fetched.feed is None or state.moved_times != 1 or store.sources.counts()[source.id].total == 0:
        return fetched
    if store.articles.knows_any(source.id, fetched.feed, now):
        return fetched
    error = FetchError(
        f"{host_name(source.url)} leads to another feed, which has nothing in common with this one.",
        "Nothing was changed. Take the other feed if it is the one you want.",
    )
    log.info("source %d (%s): %s", source.id, source.url, error)
    return FetchedSource(
        source, failed(source.state, error, now)._replace(offered=state.moved_to), error=error
    )


def is_fresh(source: Source, now: datetime) -> bool:
    """Whether a source of the public web was asked a moment ago, so that even a person who asks for it again gets
    nothing new: for five minutes after a good answer, for one after the first that was not, and longer each time.
    One that was never asked, or was changed since, is not."""
    state = source.state
    if (
        state.last_fetch is None
        or state.next_due is None
        or is_local_name(urlsplit(source.url).hostname or "")
    ):
        return False
    after_fault = AFTER_FAULT * 2 ** min(max(state.failures, 1) - 1, 5)
    return (
        timedelta()
        <= now - state.last_fetch
        < (min(after_fault, ON_DEMAND) if state.last_error else ON_DEMAND)
    )


def follow(store: Store, fetched: FetchedSource, now: datetime) -> None:
    """Pause a source whose address was taken down for good; take the address that it moved to for good."""
    source = fetched.source
    try:
        if isinstance(fetched.error, FetchError) and fetched.error.status == GONE:
            store.sources.set_enabled(source.id, enabled=False)
        elif isinstance(fetched.error, FetchError) and fetched.error.status and fetched.error.retry_at:
            _postpone(store, source, fetched.error.retry_at)
        elif fetched.error is None and source.kind is SourceKind.FEED and has_moved(fetched.state, now):
            moved_to = fetched.state.moved_to
            known = store.sources.subscription(source.id)._replace(url=moved_to, feed_url=moved_to)
            store.sources.edit(source.id, known)
            log.info("source %d has moved for good", source.id)
    except UsageError as error:  # removed meanwhile, or followed at the new address already
        log.info("source %d stays where it is: %s", source.id, error)


def _postpone(store: Store, asked: Source, until: datetime) -> None:
    """Have the other sources of a host that wants to be left alone wait with it, also over a restart."""
    host = urlsplit(asked.url).netloc
    for other in store.sources.all():
        due = other.state.next_due
        if other.id != asked.id and due is not None and due < until and urlsplit(other.url).netloc == host:
            store.sources.save_state(other.id, other.state._replace(next_due=until))
