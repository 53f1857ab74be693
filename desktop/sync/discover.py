"""What does an address hold? Feeds, or a WordPress whose REST interface answers. Stores nothing."""

from __future__ import annotations

import logging
import re
from urllib.parse import urlsplit

from desktop.core.errors import FetchError, OfflineError, ParseError, StoppedError, UsageError
from desktop.core.incoming import IncomingArticle, IncomingFeed
from desktop.core.merge import normalise_url
from desktop.core.models import NewSource, SourceKind
from desktop.net import discovery, wordpress
from desktop.net.addresses import may_name
from desktop.net.http import PAGE, Http, Response, Trust
from desktop.sync import documents
from desktop.sync.news import FEED_ACCEPT
from desktop.sync.posts import JSON_ACCEPT

log = logging.getLogger(__name__)

MOST_GUESSES = 8
MOST_SHOWN = 5  # articles of a preview
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def typed_address(text: str) -> str:
    """Make an http address of what a person typed or dropped. Raises UsageError, also for one that holds a password:
    an address is stored, exported and shown."""
    text = text.strip()
    for scheme in ("feeds:", "feed:"):
        if text.lower().startswith(scheme):
            text = text[len(scheme) :].lstrip("/")
    if not SCHEME.match(text):
        text = f"https://{text.lstrip('/')}"
    try:
        parts = urlsplit(text)
        fit = parts.scheme.lower() in ("http", "https") and parts.hostname and " " not in parts.netloc
    except ValueError:
        fit = False
    if not fit:
        raise UsageError(f"“{text}” is not a web address.", "Type one such as https://example.org/feed/.")
    if "@" in parts.netloc:
        raise UsageError(
            "The address holds a user name or a password.",
            "Give the address without them, and both in Feeds > Properties, which puts them into the keyring.",
        )
    return text


def discover(http: Http, text: str, kind: SourceKind | None = None) -> list[NewSource]:
    """List what can be followed at an address, best first: WordPress where REST answers, then its feeds.

    `kind` narrows it to one kind. Raises UsageError, FetchError, or ParseError when nothing can be followed there.
    """
    url = typed_address(text)
    response = http.get(url, limits=PAGE, accept=f"text/html, {FEED_ACCEPT}", hold=True)
    found = _of_kind(_from_feed(http, response) or _from_page(http, response), kind)
    if not found:
        found = _from_guesses(http, response.url, kind)
    if not found:
        what = "WordPress site" if kind is SourceKind.WORDPRESS else "feed"
        raise ParseError(
            f"No {what} was found at {url}.", "Look for an RSS link on the site and give its address."
        )
    return found


def newest(http: Http, source: NewSource, most: int = MOST_SHOWN) -> list[IncomingArticle]:
    """The newest articles of a source that is not stored, the last published first. FetchError or ParseError."""
    if source.kind is SourceKind.WORDPRESS:
        url, accept = wordpress.posts_url(source.url, per_page=most), JSON_ACCEPT
    else:
        url, accept = typed_address(source.url), FEED_ACCEPT
    # A page may have named it: at home it is only what the person's own address led to.
    response = http.held(url) or _ask(http, url, accept, origin=url)
    if source.kind is SourceKind.WORDPRESS:
        feed = documents.read_posts(response.body, response.url, response.headers, source.site_url)
    else:
        feed = documents.read_feed(response.body, response.url, response.headers.get("content-type", ""))
    # Undated articles stay where the feed has them among themselves: it most likely has the newest first.
    dated = sorted(
        (each for each in feed.articles if each.published), key=lambda each: str(each.published), reverse=True
    )
    return [*dated, *(each for each in feed.articles if not each.published)][:most]


def _of_kind(found: list[NewSource], kind: SourceKind | None) -> list[NewSource]:
    return [source for source in found if kind is None or source.kind is kind]


def _read(response: Response) -> IncomingFeed | None:
    try:
        return documents.read_feed(response.body, response.url, response.headers.get("content-type", ""))
    except ParseError:
        return None


def _from_feed(http: Http, response: Response) -> list[NewSource]:
    """The address is a feed itself; WordPress names its REST interface in a header beside it."""
    feed = _read(response)
    if feed is None:
        return []
    source = _feed_source(feed, response.url)
    for candidate in documents.read_links(b"", response.url, response.headers):
        # REST stands for the whole site: a feed of one category or author is taken as it is.
        if candidate.kind is SourceKind.WORDPRESS and _is_site_feed(response.url, candidate.url):
            wordpress_source = _wordpress(http, candidate.url, response.url, response.url)
            if wordpress_source is not None:
                return [wordpress_source, source, *_sections(http, wordpress_source, response.url)]
    return [source]


def _is_site_feed(url: str, api_root: str) -> bool:
    home = normalise_url(api_root.partition("wp-json")[0].partition("?")[0].removesuffix("index.php"))
    parts = urlsplit(url)
    if parts.query and parts.query not in ("feed=rss2", "feed=atom"):
        return False
    bare = normalise_url(url.partition("?")[0].removesuffix("index.php"))
    return bare in {home} | {f"{home}/{tail}" for tail in ("feed", "feed/rss2", "rss2", "feed/atom", "atom")}


def _from_page(http: Http, response: Response) -> list[NewSource]:
    named = documents.read_links(response.body, response.url, response.headers)
    candidates = [each for each in named if may_name(response.url, each.url)]
    feeds = [c for c in candidates if c.kind is SourceKind.FEED]
    site_feed = next((c.url for c in feeds if not c.is_comments), "")
    found: list[NewSource] = []
    for candidate in candidates:
        if candidate.kind is SourceKind.WORDPRESS and not found:
            source = _wordpress(http, candidate.url, site_feed, response.url)
            if source is not None:
                found.append(source)
    sections = _sections(http, found[0], response.url) if found else []
    for index, candidate in enumerate(feeds):
        if candidate.is_comments:
            found, sections = found + sections, []
        # The first feed is tried, so that a dead link is not offered first; the others are taken at their word.
        if index == 0:
            source = _try_feed(http, candidate.url, response.url)
            if source is not None:
                found.append(source)
            continue
        found.append(
            NewSource(candidate.url, title=candidate.title, site_url=response.url, feed_url=candidate.url)
        )
    # A section that the page names too is offered once, as the page calls it.
    return list({source.url: source for source in reversed(found + sections)}.values())[::-1]


def _sections(http: Http, site: NewSource, origin: str) -> list[NewSource]:
    """The feeds of the categories of a WordPress, those with most articles first; none where it does not tell."""
    try:
        response = _ask(http, wordpress.categories_url(site.url), JSON_ACCEPT, origin)
        found = documents.read_sections(response.body, response.url)
    except (OfflineError, StoppedError):
        raise
    except (FetchError, ParseError) as error:
        log.info("discovery: categories of %s cannot be had: %s", site.url, error)
        return []
    return [
        NewSource(url, title=f"{site.title}: {name}", site_url=site.site_url, feed_url=url)
        for name, url in found
        if may_name(site.url, url)
    ]


def _from_guesses(http: Http, url: str, kind: SourceKind | None) -> list[NewSource]:
    guesses = discovery.guesses(url)
    if kind is not None:
        guesses = [guess for guess in guesses if _is_api(guess) == (kind is SourceKind.WORDPRESS)]
    for guess in guesses[:MOST_GUESSES]:
        source = _wordpress(http, guess, "", url) if _is_api(guess) else _try_feed(http, guess, url)
        if source is not None:
            return [source]
    return []


def _is_api(url: str) -> bool:
    return url.rstrip("/").endswith("wp-json")


def _ask(http: Http, url: str, accept: str, origin: str) -> Response:
    """The answer to an address that the document at `origin` names."""
    return http.get(url, limits=PAGE, trust=Trust.DERIVED, accept=accept, origin=origin, hold=True)


def _try_feed(http: Http, url: str, origin: str) -> NewSource | None:
    try:
        response = _ask(http, url, FEED_ACCEPT, origin)
    except (OfflineError, StoppedError):
        raise
    except FetchError as error:
        log.info("discovery: %s: %s", url, error)
        return None
    feed = _read(response)
    return None if feed is None else _feed_source(feed, response.url)


def _feed_source(feed: IncomingFeed, url: str) -> NewSource:
    title = feed.title or (urlsplit(url).hostname or url)
    return NewSource(url, title=title, site_url=feed.site_url, feed_url=url, language=feed.language)


def _wordpress(http: Http, api_root: str, feed_url: str, origin: str) -> NewSource | None:
    """Offer a WordPress site, if its REST interface hands out posts to us."""
    try:
        index = _ask(http, wordpress.index_url(api_root), JSON_ACCEPT, origin)
        site = documents.read_site(index.body, index.url)
        posts = _ask(http, wordpress.posts_url(api_root, per_page=1), JSON_ACCEPT, origin)
        documents.read_posts(posts.body, posts.url, posts.headers, site.home_url)
    except (OfflineError, StoppedError):
        raise
    except (FetchError, ParseError) as error:
        log.info("discovery: REST of %s does not answer: %s", api_root, error)
        return None
    return NewSource(
        api_root, SourceKind.WORDPRESS, title=site.title, site_url=site.home_url, feed_url=feed_url
    )
