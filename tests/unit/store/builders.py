"""Articles, feeds and quotes for the tests of the store, made up where they are needed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from desktop.core.incoming import ImageRef, IncomingArticle, IncomingFeed
from desktop.core.models import Changes, NewSource, Source
from desktop.core.rates import Quote, QuoteKind
from desktop.store import Store

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
SITE = "https://steppe.example"


def make_article(number: int = 1, **changes: object) -> IncomingArticle:
    """An article of its own guid, address and title, `number` hours old, with one picture."""
    picture = ImageRef(f"{SITE}/{number}.png", "A bridge", 640, 480)
    values: dict[str, object] = {
        "guid": f"{SITE}/?p={number}",
        "url": f"{SITE}/articles/{number}/",
        "title": f"Bridge number {number} opens",
        "author": "N. Writer",
        "published": NOW - timedelta(hours=number),
        "published_text": "",
        "updated": None,
        "html": f"<p>The bridge over river {number} is open.</p>",
        "text": f"The bridge over river {number} is open.",
        "excerpt": f"The bridge over river {number}",
        "images": (picture,),
        "lead_image": picture.url,
    }
    return IncomingArticle(**(values | changes))  # type: ignore[arg-type]


def make_feed(articles: Iterable[IncomingArticle] = (), title: str = "Steppe Post") -> IncomingFeed:
    """A feed of these articles."""
    return IncomingFeed("rss20", title, f"{SITE}/", "en", "", "", 0, False, None, tuple(articles))


def add_source(store: Store, name: str = "steppe", folder: str = "") -> Source:
    """Subscribe to a made-up source."""
    return store.sources.add(
        NewSource(f"https://{name}.example/feed/", title=name.title(), folder=folder), NOW
    )


def fill(store: Store, count: int = 5, name: str = "steppe", folder: str = "", start: int = 1) -> Changes:
    """Subscribe to a source and store so many articles of it; article number 1 is the newest."""
    source = add_source(store, name, folder)
    articles = [
        make_article(number, guid=f"{name}-{number}", url=f"https://{name}.example/{number}")
        for number in range(start, start + count)
    ]
    feed = replace(make_feed(articles), site_url=f"https://{name}.example/")
    return store.articles.apply(source.id, feed, None, NOW)


def make_quote(day: int = 24, value: str = "473.18", quote: str = "KZT", **changes: object) -> Quote:
    """How much of `quote` for a dollar, of a day of November."""
    values: dict[str, object] = {
        "base": "USD",
        "quote": quote,
        "rate": Decimal(value),
        "raw_value": value,
        "raw_nominal": "1",
        "valid_from": date(2026, 11, day),
        "source": "nbk",
        "kind": QuoteKind.OFFICIAL,
        "fetched_at": NOW,
    }
    return Quote(**(values | changes))  # type: ignore[arg-type]
