"""Older articles from a source's archive: closes the gaps first, then goes on to the first article there is.

    WordPress    REST, from new to old by date (sync.posts.Walk)
    other feeds  the page that each page names as the next: RFC 5005 (paged, archived), JSON Feed `next_url`
    else         the feed with ?paged=2, 3, ... as WordPress sites have it

Each page is stored with what it covers in one transaction, so a walk can end anywhere and is taken up there. There is
at most one request a second to the host.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from desktop.core.coverage import Gap, extent, oldest
from desktop.core.errors import FetchError, ParseError, QuarantinedError, StoppedError
from desktop.core.incoming import IncomingFeed
from desktop.core.models import Changes, Source, SourceKind
from desktop.net import wordpress
from desktop.net.addresses import place_of
from desktop.net.http import FEED, Http, Trust
from desktop.store import Store
from desktop.sync import documents
from desktop.sync.backfill_report import Backfilled, Estimate, Filled
from desktop.sync.news import FEED_ACCEPT
from desktop.sync.pace import Pace
from desktop.sync.posts import JSON_ACCEPT, PAGE, SECOND, Walk
from desktop.sync.withdrawn import Write, look_at_all

MOST_PAGES = 20_000
SHUT = (401, 403, 404, 405)  # what sites answer that do not let their REST interface be used


class Backfill:
    """One walk. `report` is called from the thread that runs it; `stopped` is looked at before each request."""

    def __init__(
        self,
        http: Http,
        write: Write,
        report: Callable[[Filled], None],
        now: Callable[[], datetime],
        *,
        pace: Pace,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self._http = http
        self._write = write
        self._report = report
        self._now = now
        self._pace = pace
        self._stopped = stopped
        self._result = Backfilled()
        self._most: int | None = None
        self._since: datetime | None = None
        self._total: int | None = None

    def estimate(self, source_id: int, since: datetime | None = None) -> Estimate:
        """What `run` would bring: by a small question for each gap where a WordPress answers, else by the rate of
        the source. Raises FetchError."""
        source = self._write(lambda store: store.sources.followed(source_id))
        self._since = since
        gaps = self._gaps(source)
        counts = [gap.missing for gap in gaps]
        if source.kind is SourceKind.WORDPRESS:
            try:
                counts = [self._count(source, gap) for gap in gaps]
            except FetchError as error:
                if error.status not in SHUT:
                    raise
                # The pages of its feed are walked instead, and they tell no total.
        known = [count for count in counts if count is not None]
        articles = sum(known) if len(known) == len(counts) else None
        sizes = self._write(lambda store: store.archive.sizes(source_id))
        size = None if articles is None else articles * (sizes.text + sizes.pictures)
        requests = None
        if source.kind is SourceKind.WORDPRESS and articles is not None:
            requests = sum(-(-count // PAGE) for count in known)
        return Estimate(articles, requests, size or None)

    def run(
        self,
        source_id: int,
        *,
        most: int | None = None,
        since: datetime | None = None,
        expected: int | None = None,
    ) -> Backfilled:
        """Walk until `most` new articles have come, or to the day `since`, or to the end. What came before a fault of
        the world stays, and the fault comes back as `error`. `expected` is shown as the total."""
        self._most, self._since, self._total = most, since, expected
        source = self._write(lambda store: store.sources.followed(source_id))
        try:
            self._walk(source)
        except StoppedError:
            self._result.stopped = True
        except (FetchError, ParseError) as error:
            self._result.error = error
        self._result.requests = self._pace.requests
        self._result.coverage = self._write(lambda store: store.archive.coverage(source_id))
        self._result.complete = self._result.error is None and not self._gaps(source)
        return self._result

    def _walk(self, source: Source) -> None:
        if source.kind is not SourceKind.WORDPRESS:
            self._walk_feed(source, source.url)
            return
        try:
            for gap in self._gaps(source):
                self._close(source, gap)
        except (FetchError, ParseError) as error:
            is_shut = isinstance(error, ParseError) or error.status in SHUT
            if not is_shut or not source.feed_url or self._result.new:
                raise
            self._walk_feed(source, source.feed_url)
            return
        if not self._is_enough and self._since is None:
            self._add(look_at_all(self._http, self._write, source, self._now(), self._wait))

    @property
    def _is_enough(self) -> bool:
        return self._most is not None and self._result.new >= self._most

    @property
    def _page_size(self) -> int:
        """No more than is still wanted, and the article on the border, which is known."""
        return PAGE if self._most is None else min(PAGE, max(0, self._most - self._result.new) + 1)

    def _wait(self) -> None:
        if self._stopped():
            raise StoppedError("Loading was stopped.", "What came is kept; it goes on from there.")
        self._pace()
        if self._stopped():
            raise StoppedError("Loading was stopped.", "What came is kept; it goes on from there.")

    def _gaps(self, source: Source) -> list[Gap]:
        """What is to be closed, newest first; all there is for a source that was never fetched."""
        coverage = self._write(lambda store: store.archive.coverage(source.id))
        gaps = coverage.gaps if coverage.spans else (Gap(None, self._now()),)
        since = self._since
        return [gap for gap in gaps if since is None or gap.until > since]

    def _floor(self, gap: Gap) -> datetime | None:
        """From where on articles are wanted: the beginning of the gap, or the day asked for if that is later."""
        borders = [border for border in (gap.since, self._since) if border is not None]
        return max(borders, default=None)

    def _count(self, source: Source, gap: Gap) -> int | None:
        self._wait()
        floor = self._floor(gap)
        url = wordpress.count_url(source.url, after=floor, before=gap.until)
        return wordpress.total(self._http.get(url, limits=FEED, accept=JSON_ACCEPT).headers)

    def _close(self, source: Source, gap: Gap) -> None:
        """Walk through one gap by REST."""
        if self._is_enough:
            return
        floor = self._floor(gap)
        walk = Walk(
            self._http,
            source,
            size=self._page_size,
            after=None if floor is None else floor - SECOND,
            before=gap.until + SECOND,
            wait=self._wait,
        )
        for feed in walk.pages():
            reached = walk.edge or gap.until
            if walk.ended:
                reached = floor or oldest(feed.articles) or reached
            self._keep(source, replace(feed, total=None, since=min(reached, gap.until), until=gap.until))
            if self._is_enough and not walk.ended:
                return
            walk.size = self._page_size
        if floor is None:
            self._write(lambda store: store.archive.set_begins(source.id))

    def _walk_feed(self, source: Source, first_url: str) -> None:
        """Walk from page to page: first down to what is known, then on from where the last walk ended."""
        pages, asked, seen = _Pages(first_url), set[str](), set[str]()
        left_off = self._write(lambda store: store.archive.cursor(source.id))
        url, above, instead = first_url, None, ""
        while url and url not in asked and len(asked) < MOST_PAGES:
            gaps = self._gaps(source)
            if not gaps or self._is_enough:
                return
            asked.add(url)
            feed = self._page(source, url, is_first=url == first_url)
            fresh = {article.guid or article.url for article in feed.articles} - seen if feed else set()
            if feed is None or not fresh:
                url, instead = instead, ""  # the page where the last walk ended is no more
                continue
            seen |= fresh
            above = self._keep_page(source, feed, above)
            following, instead = pages.after(url, feed), ""
            if any(gap.since is not None for gap in self._gaps(source)):
                url = following
            elif left_off and left_off not in asked:
                url, instead, left_off, above = left_off, following, "", None
            else:
                self._write(partial(_set_cursor, source_id=source.id, cursor=url))
                url = following
        if not pages.named and len(asked) < 3 and source.kind is not SourceKind.WORDPRESS:
            self._write(lambda store: store.archive.set_no_archive(source.id))
            raise _no_archive()
        self._write(lambda store: store.archive.set_begins(source.id))

    def _page(self, source: Source, url: str, *, is_first: bool) -> IncomingFeed | None:
        """A page of a feed; None when there is none."""
        self._wait()
        # The page that a feed names is not the person's address, whatever number it has.
        is_ours = place_of(url) == place_of(source.url) and (is_first or _page_number(url) > 1)
        trust = Trust.TYPED if is_ours else Trust.DERIVED
        try:
            response = self._http.get(url, limits=FEED, trust=trust, accept=FEED_ACCEPT, origin=source.url)
        except FetchError as error:
            if not is_first and error.status in (400, 404, 410):
                return None
            raise
        try:
            return documents.read_feed(response.body, response.url, response.headers.get("content-type", ""))
        except QuarantinedError:
            raise  # it is there, and what follows it is unknown
        except ParseError:
            if is_first:
                raise
            return None  # a web page in place of a page of the feed

    def _keep_page(self, source: Source, feed: IncomingFeed, above: datetime | None) -> datetime | None:
        """Store a page that begins where the one above it ended; gives where this one ends."""
        now = self._now()
        span = extent(feed, now)
        if span is not None and oldest(feed.articles) is not None and above is not None:
            feed = replace(feed, since=min(span.since, above), until=max(span.until, above))
        self._keep(source, feed)
        return None if oldest(feed.articles) is None or span is None else min(span.since, above or span.since)

    def _keep(self, source: Source, feed: IncomingFeed) -> None:
        changes = self._write(partial(_store_page, source=source, feed=feed, now=self._now()))
        self._add(changes)

    def _add(self, changes: Changes) -> None:
        self._result.new += len(changes.new)
        self._result.updated += len(changes.updated) - len(changes.withdrawn)
        self._result.withdrawn += len(changes.withdrawn)
        self._report(Filled(changes, self._result.new, self._most or self._total))


def _store_page(store: Store, source: Source, feed: IncomingFeed, now: datetime) -> Changes:
    """Articles from before the subscription arrive as read, unless the person wants them unread: what came out since
    and was missed is news."""
    unread = store.settings.get("archive.unread", False)
    before = None if unread else source.added_at
    return store.articles.apply(source.id, feed, None, now, read_before=before)


def _set_cursor(store: Store, source_id: int, cursor: str) -> None:
    store.archive.set_cursor(source_id, cursor)


class _Pages:
    """Which page of a feed follows which. `named`: the pages tell it themselves."""

    def __init__(self, first_url: str) -> None:
        self._first_url = first_url
        self.named = False

    def after(self, url: str, feed: IncomingFeed) -> str:
        """The address of the next older page; "" when `feed`, at `url`, is the last."""
        self.named = self.named or bool(feed.next_url)
        return feed.next_url if self.named else _paged(self._first_url, _page_number(url) + 1)


def _no_archive() -> ParseError:
    return ParseError(
        "This source offers no archive.", "What has left its feed can no longer be had from it."
    )


def _paged(url: str, number: int) -> str:
    parts = urlsplit(url)
    query = [
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "paged"
    ]
    return urlunsplit(parts._replace(query=urlencode([*query, ("paged", str(number))]), fragment=""))


def _page_number(url: str) -> int:
    found = dict(parse_qsl(urlsplit(url).query)).get("paged", "1")
    return int(found) if found.isdecimal() and len(found) < 9 else 1
