"""The posts of a WordPress, by its REST interface: all of those asked for, though its pages shift and tie."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from desktop.core.errors import FetchError
from desktop.core.models import IncomingArticle, IncomingFeed, Source
from desktop.net import wordpress
from desktop.net.http import FEED, Http
from desktop.sync import documents

JSON_ACCEPT = "application/json, */*;q=0.5"
# modified_after is strict and in whole seconds, and a scheduled post keeps its old modified time: look back a little.
OVERLAP = timedelta(minutes=15)
PAGE = 100  # the most that WordPress gives at once
MOST_PAGES = 20
MOST_REQUESTS = 3 * MOST_PAGES  # pages overlap by the posts of their last second


def fetch_posts(http: Http, source: Source, first_articles: int) -> IncomingFeed:
    """All posts that are new or edited since the newest known, or the newest `first_articles` the first time.

    Raises FetchError and ParseError; then nothing of what was fetched may be taken for all there is.
    """
    known = source.state.newest_modified
    if known is None:
        return _Walk(http, source, first_articles).run()
    since = known - OVERLAP
    edited = _Walk(http, source, MOST_PAGES * PAGE, modified_after=since).run()
    published = _Walk(http, source, MOST_PAGES * PAGE, after=since).run()
    articles = {_mark(article): article for article in (*published.articles, *edited.articles)}
    return replace(edited, articles=tuple(articles.values()))


class _Walk:
    """Walks a listing from new to old by date, not by page number: each request begins with the last second of
    the one before. So neither posts that come and go meanwhile nor posts of one second, which WordPress orders
    anew for each request, fall between two pages. Within one crowded second there are pages all the same.
    """

    def __init__(
        self,
        http: Http,
        source: Source,
        most: int,
        *,
        after: datetime | None = None,
        modified_after: datetime | None = None,
    ) -> None:
        self._http = http
        self._source = source
        self._most = most
        self._size = min(PAGE, most)
        self._after = after
        self._modified_after = modified_after
        self._before: datetime | None = None
        self._page = 1

    def run(self) -> IncomingFeed:
        articles: dict[str, IncomingArticle] = {}
        first: IncomingFeed | None = None
        for _ in range(MOST_REQUESTS):
            feed = self._ask()
            if feed is None:
                break
            first = first or feed
            articles.update((_mark(article), article) for article in feed.articles)
            if len(articles) >= self._most or self._is_last(feed):
                break
            self._go_on(feed)
        assert first is not None  # only a later page may be past the end
        return replace(first, articles=tuple(articles.values())[: self._most])

    def _ask(self) -> IncomingFeed | None:
        """The next page; None when posts vanished while we walked, so that it is past the end."""
        url = wordpress.posts_url(
            self._source.url,
            per_page=self._size,
            page=self._page,
            after=self._after,
            modified_after=self._modified_after,
            before=self._before,
        )
        try:
            response = self._http.get(url, limits=FEED, accept=JSON_ACCEPT)
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
            return len(feed.articles) < self._size
        return self._page * self._size >= feed.total

    def _go_on(self, feed: IncomingFeed) -> None:
        oldest = min((a.published for a in feed.articles if a.published), default=None)
        edge = None if oldest is None else oldest.replace(microsecond=0) + timedelta(seconds=1)
        if edge is None or (self._before is not None and edge >= self._before):
            self._page += 1
        else:
            self._before, self._page = edge, 1


def _mark(article: IncomingArticle) -> str:
    return article.guid or article.url
