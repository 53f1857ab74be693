"""The full text of an article: from WordPress's REST interface where its source has one, else from its page."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from desktop.core.addresses import domain, host_name
from desktop.core.errors import FetchError, OfflineError, ParseError, QuarantinedError, StoppedError
from desktop.core.fulltext import Obstacle, refusal
from desktop.core.incoming import IncomingText
from desktop.core.models import Changes, SourceKind
from desktop.net import wordpress
from desktop.net.http import FEED, PAGE, Http, Trust
from desktop.store import Store
from desktop.store.full_texts import WantedText
from desktop.sync import documents
from desktop.sync.posts import JSON_ACCEPT

log = logging.getLogger(__name__)

ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
POSTS_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class FetchedText:
    """The full text of an article, or the sentence that says why there is none. `leave` its host alone: it asked for
    that, or cannot be reached at all."""

    article_id: int
    full: IncomingText | None = None
    problem: str = ""
    retry_at: datetime | None = None
    leave: bool = False
    was_read: bool = False  # the page came and does not serve, or is refused


def fetch_text(http: Http, wanted: WantedText) -> FetchedText:
    """Fetch the page of one article and find its text. Raises OfflineError and StoppedError only."""
    try:
        # Several feeds of a site show the same article.
        response = http.held(wanted.url) or http.get(
            wanted.url, limits=PAGE, trust=Trust.DERIVED, accept=ACCEPT, origin=wanted.source_url, hold=True
        )
    except (OfflineError, StoppedError):
        raise
    except FetchError as error:
        leave = error.host_wide or error.retry_at is not None
        return FetchedText(wanted.article_id, None, error.message, error.retry_at, leave, error.is_refusal)
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not _same_site(response.url, wanted):
        return _refused(
            wanted, f"The address of the article leads to another site ({host_name(response.url)})."
        )
    if kind and "html" not in kind:
        return _refused(wanted, f"There is no web page at the address of the article ({kind[:60]}).")
    try:
        full, obstacle = documents.read_page(
            response.body, response.url, response.headers.get("content-type", ""), wanted.lead_image
        )
    except QuarantinedError as error:
        return _refused(wanted, error.message)
    return judged(wanted, full, obstacle)


def fetch_posts_of(http: Http, wanted: Sequence[WantedText]) -> dict[int, FetchedText]:
    """The whole posts of articles that came from the feed of a WordPress source, by article; what its REST interface
    does not give is left out, and its page may be asked. Raises OfflineError and StoppedError only."""
    posts: dict[str, dict[int, WantedText]] = {}
    for each in wanted:
        number = wordpress.post_id(each.guid, (each.site_url, each.source_url))
        if each.kind is SourceKind.WORDPRESS and number is not None:
            posts.setdefault(each.source_url, {})[number] = each
    found: dict[int, FetchedText] = {}
    for api, by_number in posts.items():
        numbers = list(by_number)
        for start in range(0, len(numbers), POSTS_AT_ONCE):
            part = numbers[start : start + POSTS_AT_ONCE]
            found |= _ask_rest(http, api, [by_number[number] for number in part], part)
    return found


def _ask_rest(http: Http, api: str, wanted: list[WantedText], numbers: list[int]) -> dict[int, FetchedText]:
    url = wordpress.posts_url(api, per_page=len(numbers), include=numbers)
    try:
        response = http.get(url, limits=FEED, accept=JSON_ACCEPT)
        feed = documents.read_posts(response.body, response.url, response.headers, wanted[0].site_url)
    except (OfflineError, StoppedError):
        raise
    except (FetchError, ParseError) as error:
        log.info("the posts of %s cannot be had, asking their pages: %s", host_name(api), error)
        return {}
    articles = {article.guid: article for article in feed.articles}
    given = [(each, articles[each.guid]) for each in wanted if each.guid in articles]
    return {
        each.article_id: judged(each, IncomingText(article.html, article.text, article.images), Obstacle.NONE)
        for each, article in given
    }


def judged(wanted: WantedText, full: IncomingText, obstacle: Obstacle) -> FetchedText:
    """The text, unless it is worse than the feed's."""
    problem = refusal(wanted.feed_text, full.text, obstacle)
    return _refused(wanted, problem) if problem else FetchedText(wanted.article_id, full)


def keep(store: Store, fetched: FetchedText, now: datetime) -> Changes:
    """Write what came of an article."""
    if fetched.full is not None:
        return store.full_texts.put(fetched.article_id, fetched.full, now)
    return store.full_texts.fail(
        fetched.article_id, fetched.problem, now, fetched.retry_at, was_read=fetched.was_read
    )


def _refused(wanted: WantedText, problem: str) -> FetchedText:
    return FetchedText(wanted.article_id, problem=problem, was_read=True)


def _same_site(url: str, wanted: WantedText) -> bool:
    """Whether a page lies on the site that was asked, or on that of the source; subdomains are the same site."""
    place = domain(url)
    return place in (domain(wanted.url), domain(wanted.site_url), domain(wanted.source_url))
