"""One source: ask its server politely, and hand back what there is to store. Knows no database."""

from __future__ import annotations

import hashlib
import logging
import random
import re
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
from desktop.core.models import FetchState, PollWish, Source, SourceKind, Validators
from desktop.core.schedule import next_attempt, next_poll, rhythm
from desktop.core.source_health import after_move
from desktop.net.accounts import asking_headers
from desktop.net.addresses import may_name, place_of
from desktop.net.http import FEED, Http, Response, Trust
from desktop.sync import documents
from desktop.sync.posts import PAGE, fetch_posts, headers_of

log = logging.getLogger(__name__)

FEED_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"
)

_MAX_AGE = re.compile(r"(?:^|,)\s*max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


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
    follow_rhythm: bool = True  # ask a feed that publishes seldom less often


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
        return FetchedSource(source, failed(source.state, error, now), error=error)


def _rules_for(source: Source, rules: NewsRules) -> NewsRules:
    """What the person set for this source goes before what they set for all."""
    minutes = source.interval_minutes
    return replace(rules, interval=timedelta(minutes=minutes), follow_rhythm=False) if minutes else rules


def _fetch_feed(http: Http, source: Source, now: datetime, rules: NewsRules) -> FetchedSource:
    headers = headers_of(source)
    is_first = source.state.last_fetch is None and not headers
    response = (http.held(source.url) if is_first else None) or http.get(
        source.url, limits=FEED, validators=source.state.validators, accept=FEED_ACCEPT, headers=headers
    )
    body_hash = hashlib.sha256(response.body).hexdigest()
    same_body = body_hash == source.state.body_hash
    ignored = _ignores_tag(source.state, source.state.validators, response, same_body)
    kept = _kept(response.validators, ignored)
    wish = _wish(source.state.wish, response)
    state = source.state._replace(validators=kept, tag_ignored=ignored, wish=wish)
    state = after_move(_succeeded(state, now, rules), response.moved_to, now)
    if response.not_modified or same_body:
        return FetchedSource(source, state._replace(unchanged=state.unchanged + 1))
    try:
        feed = documents.read_feed(response.body, response.url, response.headers.get("content-type", ""))
    except QuarantinedError:
        raise
    except ParseError as error:
        state = failed(source.state, error, now)._replace(offered=_offered(response, source))
        return FetchedSource(source, state, error=error)
    state = state._replace(wish=_wish_of(feed, response, now), body_hash=body_hash)
    return FetchedSource(source, _succeeded(state, now, rules, counted=False), feed)


def _fetch_wordpress(http: Http, source: Source, now: datetime, rules: NewsRules) -> FetchedSource:
    """Ask the feed whether anything changed at all (REST has no conditional GET), then REST for what did."""
    beside = _ask_beside(http, source, now)
    state = source.state._replace(wish=beside.wish or source.state.wish, tag_ignored=beside.tag_ignored)
    state = _succeeded(state, now, rules)
    if beside.unchanged:
        state = state._replace(feed_validators=beside.validators, unchanged=state.unchanged + 1)
        return FetchedSource(source, state)
    if beside.feed is not None and beside.feed.articles:
        # Only a feed that shows articles shows when they change: a web page in its place may stay the same for ever.
        state = state._replace(feed_validators=beside.validators, body_hash=beside.body_hash)
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
        state = state._replace(newest_modified=newest)
    return FetchedSource(source, state, feed)


@dataclass(frozen=True, slots=True)
class _Beside:
    """What the feed beside a REST interface says: nothing new, or articles, or why it cannot be had."""

    unchanged: bool = False
    validators: Validators = field(default_factory=Validators)
    body_hash: str = ""
    feed: IncomingFeed | None = None
    error: FetchError | ParseError | None = None
    wish: PollWish | None = None
    tag_ignored: bool = False


def _ask_beside(http: Http, source: Source, now: datetime) -> _Beside:
    state = source.state
    if not source.feed_url:
        return _Beside(tag_ignored=state.tag_ignored)
    try:
        response = http.get(
            source.feed_url,
            limits=FEED,
            trust=Trust.TYPED if place_of(source.feed_url) == place_of(source.url) else Trust.DERIVED,
            validators=state.feed_validators,
            accept=FEED_ACCEPT,
            headers=asking_headers(source.feed_url, source.account, source.user_agent),
            origin=source.url,
        )
        body_hash = hashlib.sha256(response.body).hexdigest()
        # An edit of a post that the feed no longer shows moves its validators, and not a byte of its body.
        same_body = body_hash == state.body_hash
        ignored = _ignores_tag(state, state.feed_validators, response, same_body)
        kept = _kept(response.validators, ignored)
        same = same_body and state.feed_validators in (response.validators, kept)
        if response.not_modified or same:
            wish = _wish(state.wish, response)
            return _Beside(unchanged=True, validators=kept, wish=wish, tag_ignored=ignored)
        feed = documents.read_feed(response.body, response.url, response.headers.get("content-type", ""))
    except (OfflineError, StoppedError):
        raise
    except (FetchError, ParseError) as error:
        if getattr(error, "host_wide", False):
            raise
        log.info("source %d: its feed cannot be had, asking REST: %s", source.id, error)
        return _Beside(error=error, tag_ignored=state.tag_ignored)
    wish = _wish_of(feed, response, now)
    return _Beside(validators=kept, body_hash=body_hash, feed=feed, wish=wish, tag_ignored=ignored)


def _without_feed(error: FetchError | ParseError) -> FetchError | ParseError:
    """The error of a REST interface that has no feed beside it to take its place."""
    return (
        error
        if isinstance(error, FetchError)
        else ParseError(error.message, "Add the feed of the site instead.")
    )


def _ignores_tag(state: FetchState, sent: Validators, response: Response, same_body: bool) -> bool:
    """Whether the server does not know its own weak tag: it sent the same body under the validators that came back to
    it. So does a WordPress whose tags are weakened by the web server before it; it knows them without the mark."""
    return state.tag_ignored or (same_body and sent.etag.startswith("W/") and response.validators == sent)


def _kept(given: Validators, ignores_tag: bool) -> Validators:
    """What is sent back the next time: what was given, to the letter, unless the server has shown that it knows only
    the strong form. (The date alone would not do: it moves back when the newest post is deleted.)"""
    return given._replace(etag=given.etag.removeprefix("W/")) if ignores_tag else given


def _wish(known: PollWish, response: Response) -> PollWish:
    """What is wished where no new document says it: what the last one said, or what the answer says now."""
    return known._replace(minutes=max(known.minutes, _fresh_minutes(response)))


def _wish_of(feed: IncomingFeed, response: Response, now: datetime) -> PollWish:
    published = [article.published for article in feed.articles if article.published]
    least = max(feed.ttl_minutes, _fresh_minutes(response))
    return PollWish(least, rhythm(published, now), feed.skip_hours, feed.skip_days)


def _fresh_minutes(response: Response) -> int:
    """For how long the server promises that nothing changes: Cache-Control's max-age, less the age of the answer."""
    found = _MAX_AGE.search(response.headers.get("cache-control", ""))
    age = response.headers.get("age", "").strip()
    seconds = int(found[1]) - (int(age[:9]) if age.isdecimal() else 0) if found else 0
    return max(0, seconds) // 60


def _succeeded(state: FetchState, now: datetime, rules: NewsRules, *, counted: bool = True) -> FetchState:
    due = next_poll(now, rules.interval, state.wish, random.random, follow_rhythm=rules.follow_rhythm)
    return state._replace(
        last_fetch=now,
        last_success=now,
        last_error="",
        failures=0,
        next_due=due,
        asked=state.asked + counted,
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
    return next((feed for feed in feeds if may_name(source.url, feed)), "")


def failed(state: FetchState, error: AppError, now: datetime) -> FetchState:
    """The state after a talk that came to nothing: what is known of the feed stays, and the next try is later."""
    failures = state.failures + 1
    retry_at = error.retry_at if isinstance(error, FetchError) else None
    return state._replace(
        last_fetch=now,
        last_error=str(error),
        failures=failures,
        asked=state.asked + 1,
        next_due=next_attempt(failures, now, retry_at, random.random),
    )
