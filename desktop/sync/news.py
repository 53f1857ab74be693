"""One source: ask its server politely, and hand back what there is to store. Knows no database."""

from __future__ import annotations

import hashlib
import logging
import random
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from desktop.core.errors import (
    AppError,
    FetchError,
    OfflineError,
    ParseError,
    QuarantinedError,
    StoppedError,
)
from desktop.core.incoming import IncomingFeed
from desktop.core.models import FetchState, Source, SourceKind, Validators
from desktop.core.schedule import next_attempt, next_poll
from desktop.core.source_health import after_move
from desktop.net.http import FEED, Http, Response
from desktop.sync import documents
from desktop.sync.posts import PAGE, fetch_posts, headers_of

log = logging.getLogger(__name__)

FEED_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"
)


@dataclass(frozen=True, slots=True)
class FetchedSource:
    """What one talk with a source brought: articles to store (or None when nothing changed), or an error."""

    source: Source
    state: FetchState
    feed: IncomingFeed | None = None
    error: AppError | None = None


@dataclass(frozen=True, slots=True)
class NewsRules:
    """What the person set: how often a source is asked, and how much a new WordPress source brings at first."""

    interval: timedelta = timedelta(minutes=30)
    first_articles: int = PAGE


def fetch_source(http: Http, source: Source, now: datetime, rules: NewsRules) -> FetchedSource:
    """Ask `source` once. The world's faults come back as `error`, with the state that remembers them."""
    rules = _rules_for(source, rules)
    try:
        if source.kind is SourceKind.WORDPRESS:
            return _fetch_wordpress(http, source, now, rules)
        return _fetch_feed(http, source, now, rules)
    except (OfflineError, StoppedError) as error:
        return FetchedSource(
            source, source.state, error=error
        )  # not the source's fault: nothing is held against it
    except (FetchError, ParseError) as error:
        log.info("source %d (%s): %s", source.id, source.url, error)
        return FetchedSource(source, _failed(source.state, error, now), error=error)


def _rules_for(source: Source, rules: NewsRules) -> NewsRules:
    """What the person set for this source goes before what they set for all."""
    minutes = source.interval_minutes
    return replace(rules, interval=timedelta(minutes=minutes)) if minutes else rules


def _fetch_feed(http: Http, source: Source, now: datetime, rules: NewsRules) -> FetchedSource:
    response = http.get(
        source.url,
        limits=FEED,
        validators=source.state.validators,
        accept=FEED_ACCEPT,
        headers=headers_of(source),
    )
    state = replace(_succeeded(source.state, now, rules), validators=response.validators)
    state = after_move(state, response.moved_to)
    body_hash = hashlib.sha256(response.body).hexdigest()
    if response.not_modified or body_hash == source.state.body_hash:
        return FetchedSource(source, replace(state, unchanged=state.unchanged + 1))
    try:
        feed = documents.read_feed(response.body, response.url, response.headers.get("content-type", ""))
    except QuarantinedError:
        raise
    except ParseError as error:
        failed = replace(_failed(source.state, error, now), offered=_offered(response, source))
        return FetchedSource(source, failed, error=error)
    state = replace(state, next_due=next_poll(now, rules.interval, feed.ttl_minutes, random.random))
    return FetchedSource(source, replace(state, body_hash=body_hash), feed)


def _fetch_wordpress(http: Http, source: Source, now: datetime, rules: NewsRules) -> FetchedSource:
    """Ask the feed whether anything changed at all (REST has no conditional GET), then REST for what did."""
    beside = _ask_beside(http, source)
    state = _succeeded(source.state, now, rules)
    if beside.unchanged:
        state = replace(state, feed_validators=beside.validators, unchanged=state.unchanged + 1)
        return FetchedSource(source, state)
    if beside.feed is not None and beside.feed.articles:
        # Only a feed that shows articles shows when they change: a web page in its place may stay the same for ever.
        state = replace(state, feed_validators=beside.validators, body_hash=beside.body_hash)
    try:
        feed = fetch_posts(http, source, rules.first_articles)
    except (OfflineError, StoppedError):
        raise
    except (FetchError, ParseError) as error:
        if getattr(error, "host_wide", False):
            raise
        if beside.feed is None:
            raise beside.error or _without_feed(error) from error
        # REST is shut for us: the feed that we already hold says the same, only shorter.
        log.info("source %d: REST does not answer, taking its feed: %s", source.id, error)
        return FetchedSource(source, state, beside.feed)
    newest = max((a.updated or a.published or now for a in feed.articles), default=None)
    if newest is not None:
        newest = max(min(newest, now), source.state.newest_modified or newest)
        state = replace(state, newest_modified=newest)
    return FetchedSource(source, state, feed)


@dataclass(frozen=True, slots=True)
class _Beside:
    """What the feed beside a REST interface says: nothing new, or articles, or why it cannot be had."""

    unchanged: bool = False
    validators: Validators = field(default_factory=Validators)
    body_hash: str = ""
    feed: IncomingFeed | None = None
    error: FetchError | ParseError | None = None


def _ask_beside(http: Http, source: Source) -> _Beside:
    if not source.feed_url:
        return _Beside()
    state = source.state
    try:
        response = http.get(
            source.feed_url,
            limits=FEED,
            validators=state.feed_validators,
            accept=FEED_ACCEPT,
            headers=headers_of(source),
        )
        body_hash = hashlib.sha256(response.body).hexdigest()
        # An edit of a post that the feed no longer shows moves its validators, and not a byte of its body.
        same = body_hash == state.body_hash and response.validators == state.feed_validators
        if response.not_modified or same:
            return _Beside(unchanged=True, validators=response.validators)
        feed = documents.read_feed(response.body, response.url, response.headers.get("content-type", ""))
    except (OfflineError, StoppedError):
        raise
    except (FetchError, ParseError) as error:
        if getattr(error, "host_wide", False):
            raise
        log.info("source %d: its feed cannot be had, asking REST: %s", source.id, error)
        return _Beside(error=error)
    return _Beside(validators=response.validators, body_hash=body_hash, feed=feed)


def _without_feed(error: FetchError | ParseError) -> FetchError | ParseError:
    """The error of a REST interface that has no feed beside it to take its place."""
    return (
        error
        if isinstance(error, FetchError)
        else ParseError(error.message, "Add the feed of the site instead.")
    )


def _succeeded(state: FetchState, now: datetime, rules: NewsRules) -> FetchState:
    due = next_poll(now, rules.interval, 0, random.random)
    return replace(
        state,
        last_fetch=now,
        last_success=now,
        last_error="",
        failures=0,
        next_due=due,
        asked=state.asked + 1,
        offered="",
    )


def _offered(response: Response, source: Source) -> str:
    """The feed that a web page names which stands where the feed was; "" where it names none."""
    try:
        found = documents.read_links(response.body, response.url, response.headers)
    except QuarantinedError:
        return ""
    own = (source.url, source.feed_url)
    feeds = (each.feed_url for each in found if not each.is_comments and each.feed_url not in own)
    return next(feeds, "")


def _failed(state: FetchState, error: AppError, now: datetime) -> FetchState:
    failures = state.failures + 1
    retry_at = error.retry_at if isinstance(error, FetchError) else None
    return replace(
        state,
        last_fetch=now,
        last_error=str(error),
        failures=failures,
        asked=state.asked + 1,
        next_due=next_attempt(failures, now, retry_at, random.random),
    )
