"""One source: ask its server politely, and hand back what there is to store. Knows no database."""

from __future__ import annotations

import hashlib
import logging
import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from desktop.core.errors import AppError, FetchError, OfflineError, ParseError, StoppedError
from desktop.core.models import FetchState, IncomingArticle, IncomingFeed, Source, SourceKind
from desktop.core.schedule import next_attempt, next_poll
from desktop.net import wordpress
from desktop.net.http import FEED, Http, Response
from desktop.sync import documents

log = logging.getLogger(__name__)

FEED_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"
)
JSON_ACCEPT = "application/json, */*;q=0.5"
# modified_after is strict and in whole seconds, and a scheduled post keeps its old modified time: look back a little.
OVERLAP = timedelta(minutes=15)
PAGE = 100  # the most that WordPress gives at once
MOST_PAGES = 20


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


def _fetch_feed(http: Http, source: Source, now: datetime, rules: NewsRules) -> FetchedSource:
    response = http.get(source.url, limits=FEED, validators=source.state.validators, accept=FEED_ACCEPT)
    state = replace(_succeeded(source.state, now, rules), validators=response.validators)
    body_hash = hashlib.sha256(response.body).hexdigest()
    if response.not_modified or body_hash == source.state.body_hash:
        return FetchedSource(source, state)
    feed = documents.read_feed(response.body, response.url, response.headers.get("content-type", ""))
    state = replace(state, next_due=next_poll(now, rules.interval, feed.ttl_minutes, random.random))
    return FetchedSource(source, replace(state, body_hash=body_hash), feed)


def _fetch_wordpress(http: Http, source: Source, now: datetime, rules: NewsRules) -> FetchedSource:
    """Ask the feed whether anything changed at all (REST has no conditional GET), then REST for what did."""
    beside: Response | None = None
    if source.feed_url:
        try:
            beside = http.get(
                source.feed_url, limits=FEED, validators=source.state.feed_validators, accept=FEED_ACCEPT
            )
        except (OfflineError, StoppedError):
            raise
        except FetchError as error:
            if error.host_wide:
                raise
            log.info("source %d: its feed does not answer, asking REST: %s", source.id, error)
    state = _succeeded(source.state, now, rules)
    if beside is not None:
        body_hash = hashlib.sha256(beside.body).hexdigest()
        unchanged = beside.not_modified or body_hash == state.body_hash
        state = replace(state, feed_validators=beside.validators)
        if unchanged:
            return FetchedSource(source, state)
        state = replace(state, body_hash=body_hash)
    try:
        feed = _posts(http, source, rules.first_articles)
    except (OfflineError, StoppedError):
        raise
    except (FetchError, ParseError) as error:
        if beside is None or getattr(error, "host_wide", False):
            raise
        # REST is shut for us: the feed that we already hold says the same, only shorter.
        log.info("source %d: REST does not answer, taking its feed: %s", source.id, error)
        feed = documents.read_feed(beside.body, beside.url, beside.headers.get("content-type", ""))
        return FetchedSource(source, state, feed)
    newest = max((a.updated or a.published or now for a in feed.articles), default=None)
    if newest is not None:
        newest = max(min(newest, now), source.state.newest_modified or newest)
        state = replace(state, newest_modified=newest)
    return FetchedSource(source, state, feed)


def _posts(http: Http, source: Source, first_articles: int) -> IncomingFeed:
    """All posts that are new or edited since the newest known, or the newest `first_articles` the first time."""
    known = source.state.newest_modified
    if known is None:
        return _walk(http, source, first_articles, "first")
    edited = _walk(http, source, MOST_PAGES * PAGE, "modified_after", known - OVERLAP)
    published = _walk(http, source, MOST_PAGES * PAGE, "after", known - OVERLAP)
    articles = {article.guid or article.url: article for article in (*published.articles, *edited.articles)}
    return replace(edited, articles=tuple(articles.values()))


def _walk(http: Http, source: Source, most: int, by: str, since: datetime | None = None) -> IncomingFeed:
    """Walk the pages of a REST listing; pages may shift while they are walked, so posts are told apart by guid."""
    articles: dict[str, IncomingArticle] = {}
    first: IncomingFeed | None = None
    for page in range(1, -(-most // PAGE) + 1):
        url = wordpress.posts_url(
            source.url,
            per_page=min(PAGE, most),
            page=page,
            after=since if by == "after" else None,
            modified_after=since if by == "modified_after" else None,
        )
        try:
            response = http.get(url, limits=FEED, accept=JSON_ACCEPT)
        except FetchError as error:
            if page > 1 and error.status == 400:  # past the end: posts vanished while we walked
                break
            raise
        feed = documents.read_posts(response.body, response.url, response.headers, source.site_url)
        first = first or feed
        articles.update((article.guid or article.url, article) for article in feed.articles)
        if len(feed.articles) < min(PAGE, most) or len(articles) >= min(most, feed.total or most):
            break
    assert first is not None
    return replace(first, articles=tuple(articles.values())[:most])


def _succeeded(state: FetchState, now: datetime, rules: NewsRules) -> FetchState:
    due = next_poll(now, rules.interval, 0, random.random)
    return replace(state, last_fetch=now, last_success=now, last_error="", failures=0, next_due=due)


def _failed(state: FetchState, error: AppError, now: datetime) -> FetchState:
    failures = state.failures + 1
    retry_at = error.retry_at if isinstance(error, FetchError) else None
    return replace(
        state,
        last_fetch=now,
        last_error=str(error),
        failures=failures,
        next_due=next_attempt(failures, now, retry_at, random.random),
    )
