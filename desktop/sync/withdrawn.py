"""Which stored posts has their publisher taken back? WordPress does not say so: it is asked which are still public."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, TypeVar

from desktop.core.errors import FetchError, ParseError
from desktop.core.models import Changes, Source
from desktop.net import wordpress
from desktop.net.http import FEED, Http
from desktop.store import Store
from desktop.store.coverage import KnownPost
from desktop.sync import documents
from desktop.sync.posts import JSON_ACCEPT, PAGE

log = logging.getLogger(__name__)

T = TypeVar("T")
EVERY = timedelta(days=1)  # though nothing was published: an unchanged feed does not tell of deletions
BATCH = PAGE - 1  # of posts that are asked about at once, beside one that is known to be public
A_SITE_THAT_HIDES = 3  # so many do not all vanish at once: the site does not answer the question


class Write(Protocol):
    """Run a job on the one writing store and give its result."""

    def __call__(self, job: Callable[[Store], T]) -> T: ...


def look_for_withdrawn(http: Http, write: Write, source: Source, now: datetime, *, is_asked: bool) -> Changes:
    """Ask about the newest articles of a WordPress and, in turn, about some of the others.

    `is_asked`: its REST interface was asked just now; else this waits until a day has passed. What cannot be found
    out stays as it is.
    """
    asked_at = write(lambda store: store.archive.checked_at(source.id))
    if source.state.newest_modified is None:  # what has just been fetched for the first time is there
        return (
            write(lambda store: store.archive.note_public(source.id, (), (), 0, now))
            if is_asked
            else Changes()
        )
    if not is_asked and asked_at is not None and now - asked_at < EVERY:
        return Changes()
    posts, next_id = write(lambda store: store.archive.posts(source.id, newest=BATCH, others=BATCH))
    try:
        return ask_for(http, write, source, posts, next_id, now)
    except (FetchError, ParseError) as error:
        log.info("source %d does not tell what is still public: %s", source.id, error)
        return Changes()


def look_at_all(http: Http, write: Write, source: Source, now: datetime, wait: Callable[[], None]) -> Changes:
    """Ask about every stored article of a WordPress. Raises FetchError and ParseError."""
    posts, next_id = write(lambda store: store.archive.posts(source.id, newest=1, others=-1, after=0))
    return ask_for(http, write, source, posts, next_id, now, wait)


def ask_for(
    http: Http,
    write: Write,
    source: Source,
    posts: Sequence[KnownPost],
    next_id: int,
    now: datetime,
    wait: Callable[[], None] = lambda: None,
) -> Changes:
    """Ask about these posts, some at a time, and note the answers.

    A post that was found to be public stands in each later question: an answer without it, or a first one that knows
    none of three or more, is not believed.
    """
    updated: list[int] = []
    withdrawn: list[int] = []
    control = 0
    for start in range(0, len(posts), BATCH):
        batch = posts[start : start + BATCH]
        wait()
        asked = [post.post_id for post in batch]
        public = _public(http, source, [*asked, control] if control else asked)
        known = public & {*asked, control}
        if not known and (control or len(batch) >= A_SITE_THAT_HIDES):
            log.warning("source %d says that none of %d posts is public: not believed", source.id, len(batch))
            break
        control = control or max(known, default=0)
        gone = [post.article_id for post in batch if post.post_id not in public]
        kept = [post.article_id for post in batch if post.post_id in public]
        end = next_id if start + BATCH >= len(posts) else None
        changes = write(partial(_note, source_id=source.id, gone=gone, kept=kept, next_id=end, now=now))
        updated += changes.updated
        withdrawn += changes.withdrawn
    return Changes(updated=tuple(updated), withdrawn=tuple(withdrawn))


def _note(
    store: Store, source_id: int, gone: Sequence[int], kept: Sequence[int], next_id: int | None, now: datetime
) -> Changes:
    return store.archive.note_public(source_id, gone, kept, next_id, now)


def _public(http: Http, source: Source, numbers: Sequence[int]) -> frozenset[int]:
    response = http.get(wordpress.public_url(source.url, numbers), limits=FEED, accept=JSON_ACCEPT)
    return documents.read_public(response.body)
