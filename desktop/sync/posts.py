"""The posts of a WordPress, by its REST interface: all of those asked for, though its pages shift and tie."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from desktop.core.coverage import oldest
from desktop.core.errors import FetchError, ParseError
from desktop.core.incoming import IncomingArticle, IncomingFeed
from desktop.core.models import Source
from desktop.net import wordpress
from desktop.net.accounts import asking_headers
from desktop.net.http import FEED, Http
from desktop.sync import documents

JSON_ACCEPT = "application/json, */*;q=0.5"
# modified_after is strict and in whole seconds, and a scheduled post keeps its old modified time: look back a little.
OVERLAP = timedelta(minutes=15)
SECOND = timedelta(seconds=1)
PAGE = 100  # the most that WordPress gives at once
MOST_PAGES = 20
MOST_REQUESTS = 3 * MOST_PAGES  # pages overlap by the posts of their last second


def fetch_posts(http: Http, source: Source, first_articles: int) -> IncomingFeed:
    """All posts that are new or edited since the newest known, or the newest `first_articles` the first time.

    Raises FetchError and ParseError; then nothing of what was fetched may be taken for all there is.
    """
    known = source.state.newest_modified
    if known is None:
        return _collected(Walk(http, source, size=min(PAGE, first_articles)), first_articles)
    since, most = known - OVERLAP, MOST_PAGES * PAGE
    edited = _collected(Walk(http, source, modified_after=since), most)
    published = _collected(Walk(http, source, after=since), most)
    articles = {_mark(article): article for article in (*published.articles, *edited.articles)}
    is_whole = len(published.articles) < most
    newest = max([known, *(article.published for article in published.articles if article.published)])
    return replace(
        edited,
        total=None,  # of what changed, not of the site
        articles=tuple(articles.values()),
        since=since if is_whole else oldest(published.articles),
        until=newest,
    )


def _collected(walk: Walk, most: int) -> IncomingFeed:
    """The newest `most` articles of a walk."""
    articles: dict[str, IncomingArticle] = {}
    first: IncomingFeed | None = None
    for _, feed in zip(range(MOST_REQUESTS), walk.pages(), strict=False):
        first = first or feed
        articles.update((_mark(article), article) for article in feed.articles)
        if len(articles) >= most:
            break
    assert first is not None  # only a later page may be past the end
    return replace(first, articles=tuple(articles.values())[:most])


def headers_of(source: Source) -> dict[str, str]:
    """What the person set to be sent along to a source."""
    return asking_headers(source.url, source.account, source.user_agent)


class Walk:
    """Walks a listing from new to old by date, not by page number: each request begins with the last second of
    the one before. So neither posts that come and go meanwhile nor posts of one second, which WordPress orders
    anew for each request, fall between two pages. A second with more posts than a page is walked by their numbers.
    """

    def __init__(
        self,
        http: Http,
        source: Source,
        *,
        size: int = PAGE,
        after: datetime | None = None,
        modified_after: datetime | None = None,
        before: datetime | None = None,
        wait: Callable[[], None] = lambda: None,
    ) -> None:
        """`wait` is called before each request."""
        self._http = http
        self._source = source
        self.size = size
        self._after = after
        self._modified_after = modified_after
        self._before = before
        self._wait = wait
        self._page = 1
        self._crowd: datetime | None = None  # a second that is walked by numbers
        self.ended = False  # nothing older is left

    @property
    def edge(self) -> datetime | None:
        """What is asked next is older than this; of all that is not, nothing is left."""
        return self._before

    def pages(self) -> Iterator[IncomingFeed]:
        """One answer after another, until the end. Raises FetchError and ParseError."""
        while not self.ended:
            feed = self._ask()
            if feed is None:
                self._leave_crowd()
                continue
            self._go_on(feed)
            yield feed

    def _ask(self) -> IncomingFeed | None:
        """The next page; None when posts vanished while we walked, so that it is past the end."""
        self._wait()
        crowd = self._crowd
        url = wordpress.posts_url(
            self._source.url,
            per_page=self.size,
            page=self._page,
            after=self._after if crowd is None else crowd - SECOND,
            modified_after=self._modified_after,
            before=self._before,
            by_id=crowd is not None,
        )
        try:
            response = self._http.get(url, limits=FEED, accept=JSON_ACCEPT, headers=headers_of(self._source))
        except FetchError as error:
            if self._page > 1 and error.status == 400:
                return None
            raise
        return documents.read_posts(response.body, response.url, response.headers, self._source.site_url)

    def _is_last(self, feed: IncomingFeed) -> bool:
        """By the total where the site gives it: a page may be short because a plugin hides some of its posts."""
        if not feed.articles:
            return True
        if feed.total is None:
            return len(feed.articles) < self.size
        return self._page * self.size >= feed.total

    def _go_on(self, feed: IncomingFeed) -> None:
        if self._crowd is not None:
            if self._is_last(feed):
                self._leave_crowd()
            else:
                self._page += 1
            return
        last = oldest(feed.articles)
        if self._is_last(feed):
            self.ended = True
        elif last is None:  # a site that hides its dates
            self._page += 1
        else:
            second = last.replace(microsecond=0)
            if self._before is not None and second >= self._before:
                raise ParseError("The site gives other posts than those it is asked for.")
            if self._before is not None and second + SECOND >= self._before:
                self._crowd = second
            self._before = second + SECOND

    def _leave_crowd(self) -> None:
        """Go on with what is older than the crowded second; pages without dates just end."""
        self.ended = self._crowd is None
        self._before, self._crowd, self._page = self._crowd or self._before, None, 1


def _mark(article: IncomingArticle) -> str:
    return article.guid or article.url
