"""A small made-up edition for window tests: two sources, articles an hour apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from desktop.core.incoming import IncomingArticle, IncomingFeed
from desktop.core.models import ArticleRow, FetchState, NewSource
from desktop.store import Store
from desktop.store.opening import FILE
from tests.new_store import made_by

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=30)  # when articles of the tests come in
COURIER = "https://courier.test/feed"
HERALD = "https://herald.test/feed"


def make_row(number: int = 1, **changes: object) -> ArticleRow:
    """Article `number` as the list sees it: unread, with nothing special about it."""
    fields: dict[str, object] = {
        "id": number,
        "source_id": 1,
        "source_title": "Steppe Courier",
        "title": f"Story {number}",
        "url": f"https://courier.test/{number}",
        "excerpt": "What happened, in a sentence or two that fill a line of the list.",
        "sort_at": NOW - timedelta(hours=number),
        "published": NOW - timedelta(hours=number),
        "read": False,
        "starred": False,
        "updated": False,
        "lead_image": "",
        "images_total": 0,
        "images_stored": 0,
    }
    return ArticleRow(**{**fields, **changes})  # type: ignore[arg-type]


def make_article(number: int, site: str = "courier", **changes: object) -> IncomingArticle:
    """Article `number` of a site: the higher the number, the older, one an hour."""
    fields: dict[str, object] = {
        "guid": f"{site}-{number}",
        "url": f"https://{site}.test/{number}",
        "title": f"{site.title()} story {number}",
        "author": "",
        "published": NOW - timedelta(hours=number, minutes=0 if site == "courier" else 30),
        "published_text": "",
        "updated": None,
        "html": f"<p>Text of story {number}.</p>",
        "text": f"Text of story {number}.",
        "excerpt": f"Text of story {number}.",
        "images": (),
        "lead_image": "",
    }
    return IncomingArticle(**{**fields, **changes})  # type: ignore[arg-type]


def make_feed(articles: Sequence[IncomingArticle]) -> IncomingFeed:
    """A feed with these articles."""
    return IncomingFeed("rss20", "", "", "en", "", "", 0, False, None, tuple(articles))


def fill(data_dir: Path, articles: int) -> None:
    """Two sources, one of them in a folder, with so many articles each."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    (data_dir / FILE).write_bytes(_filled(articles))


@cache
def _filled(articles: int) -> bytes:
    return made_by(lambda folder: _fill(folder, articles))


def _fill(data_dir: Path, articles: int) -> None:
    store = Store.open(data_dir)
    courier = store.sources.add(
        NewSource(COURIER, title="Steppe Courier", site_url="https://courier.test"), NOW
    )
    herald = store.sources.add(NewSource(HERALD, title="Osh Herald", folder="Kyrgyzstan"), NOW)
    for source, site in ((courier, "courier"), (herald, "herald")):
        feed = make_feed([make_article(number, site) for number in range(1, articles + 1)])
        store.articles.apply(source.id, feed, FetchState(), NOW)
    store.settings.set("welcome.done", True)
    store.close()
