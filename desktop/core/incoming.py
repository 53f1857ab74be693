"""The values that travel between the packages: news that comes in. Types name the stage that the data is in.

bytes -> ParsedFeed (as published) -> IncomingFeed (safe to keep) -> Article rows and bodies (kept, `core.models`)

Every datetime is aware and in UTC. Every text field but `html` is plain text; `html` of an incoming article has passed
`core.html.sanitise` and holds no address that is loaded on show. Nothing here is loaded before the first refresh.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desktop.core.models import Enclosure


@dataclass(frozen=True, slots=True)
class ParsedArticle:
    """An article as published: addresses made absolute, text fields decoded once, HTML untouched."""

    guid: str  # "" when the feed gives none
    url: str
    title: str
    author: str = ""
    published: datetime | None = None
    published_text: str = ""  # as the feed wrote it
    updated: datetime | None = None
    summary_html: str = ""
    content_html: str = ""
    base_url: str = ""  # what relative addresses in the HTML stand against
    image_url: str = ""  # the picture that the source itself puts beside the article
    image_alt: str = ""
    categories: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    language: str = ""
    post_id: int = 0  # its number in the REST interface of a WordPress; 0 where that is not known


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed document as published."""

    format: str  # rss090 rss091 rss092 rss10 rss20 atom03 atom10 json1 wordpress
    title: str
    url: str  # where it was fetched
    site_url: str = ""
    description: str = ""
    language: str = ""
    icon_url: str = ""
    next_url: str = ""  # the next page of an archive (RFC 5005, JSON Feed next_url)
    ttl_minutes: int = 0
    skip_hours: int = 0  # bits, see models.PollWish
    skip_days: int = 0
    articles: tuple[ParsedArticle, ...] = ()
    damaged: bool = False  # something had to be repaired to read it
    total: int | None = None  # how many articles the source has in all, where it says so (X-WP-Total)


@dataclass(frozen=True, slots=True)
class ImageRef:
    """A picture that an article shows, by its address on the web. Sizes in pixels, 0 when not known."""

    url: str
    alt: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class IncomingArticle:
    """An article that is safe to keep."""

    guid: str
    url: str
    title: str
    author: str
    published: datetime | None
    published_text: str
    updated: datetime | None
    html: str  # sanitised; pictures stand as <img src="cache:KEY"> with KEY = core.html.image_key(url)
    text: str  # the same as plain text, for search and excerpt
    excerpt: str  # about 300 characters
    images: tuple[ImageRef, ...]  # in the order of the text, the lead picture first
    lead_image: str  # address of the picture for the list; "" when there is none
    categories: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    language: str = ""
    post_id: int = 0
    cut: bool = False  # the feed shows only the beginning (core.fulltext.is_cut)


@dataclass(frozen=True, slots=True)
class IncomingFeed:
    """A feed that is safe to keep."""

    format: str
    title: str
    site_url: str
    language: str
    icon_url: str
    next_url: str
    ttl_minutes: int
    damaged: bool
    total: int | None
    articles: tuple[IncomingArticle, ...]
    since: datetime | None = None  # it holds all that was published from here
    until: datetime | None = None  # to here; None where only its articles tell
    skip_hours: int = 0  # bits, see models.PollWish
    skip_days: int = 0


@dataclass(frozen=True, slots=True)
class PictureInfo:
    """What the header of a picture file says. `format` is png, jpeg, gif, webp or ico."""

    format: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class IncomingText:
    """The text of an article from its page, safe to keep: the same shapes as in an IncomingArticle."""

    html: str
    text: str
    images: tuple[ImageRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A document that is not read again until it changes, by the hash of what it is read as and its bytes."""

    digest: str
    message: str
