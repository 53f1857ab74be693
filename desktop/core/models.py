"""The values that travel between the packages: news that is kept. What comes in is in `core.incoming`.

Every datetime is aware and in UTC. Every text field but `html` is plain text; `html` of an incoming or kept article
has passed `core.html.sanitise` and holds no address that is loaded on show.
"""

# No annotations from the future: as strings, typing compiles those of named tuples one by one, at every start.
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from desktop.core.fulltext_values import FullText, FullTextRule


class SourceKind(StrEnum):
    """How a source is asked: by its feed, or by the WordPress REST interface with the feed to fall back on."""

    FEED = "feed"
    WORDPRESS = "wordpress"


class Validators(NamedTuple):
    """What a server gave to ask "has it changed?": sent back only for an address whose body we keep."""

    etag: str = ""
    last_modified: str = ""
    url: str = ""  # the address that gave them where a redirect led to it; "" for the one that was asked

    def __bool__(self) -> bool:
        return bool(self.etag or self.last_modified)


class NewSource(NamedTuple):
    """A source that the person asked for, not stored yet."""

    url: str
    kind: SourceKind = SourceKind.FEED
    title: str = ""
    site_url: str = ""
    feed_url: str = ""  # the feed beside a WordPress REST interface; for a feed the same as `url`
    folder: str = ""  # "" is the top level
    language: str = ""
    country: str = ""
    enabled: bool = True
    full_text: FullTextRule = FullTextRule.CUT
    publisher_style: bool = False  # shown in its publisher's colours and alignment
    interval_minutes: int = 0  # between two looks; 0: as often as all
    pictures: bool = True  # fetched for offline reading
    user_agent: str = ""  # in place of our own name
    account: str = ""  # the user name; its password is in the system's keyring only


class PollWish(NamedTuple):
    """How seldom a feed and its server want to be asked."""

    minutes: int = 0  # at least, between two looks (ttl, sy:updatePeriod, Cache-Control)
    rhythm: int = 0  # minutes from one article to the next, of late; 0 where its articles have no dates
    skip_hours: int = 0  # bit n: not in hour n, UTC
    skip_days: int = 0  # bit n: not on weekday n, UTC; Monday is 0


class FetchState(NamedTuple):
    """What is known of the talks with a source's server."""

    validators: Validators = Validators()
    feed_validators: Validators = Validators()  # those of `feed_url` where it differs from `url`
    body_hash: str = ""  # of the last body that was stored: the same body is not parsed again
    last_fetch: datetime | None = None
    last_success: datetime | None = None
    last_error: str = ""  # "" when the last fetch was good
    failures: int = 0  # in a row
    next_due: datetime | None = None
    newest_modified: datetime | None = None  # WordPress: the newest modified_gmt seen
    asked: int = 0  # talks that came to an end, well or not
    unchanged: int = 0  # of these, how many found nothing new (304, or the same body)
    moved_to: str = ""  # where the server said last that the feed has gone for good
    moved_times: int = 0  # how often in a row it said so
    offered: str = ""  # another feed that the web page in the feed's place names
    moved_since: datetime | None = None  # when it said so first
    wish: PollWish = PollWish()
    tag_ignored: bool = False  # the server does not know its own weak etag when it comes back


class Source(NamedTuple):
    """A stored source."""

    id: int
    url: str
    kind: SourceKind
    title: str
    site_url: str
    feed_url: str
    folder: str
    language: str
    country: str
    enabled: bool
    added_at: datetime
    state: FetchState
    full_text: FullTextRule = FullTextRule.CUT
    interval_minutes: int = 0
    pictures: bool = True
    user_agent: str = ""
    account: str = ""
    archived: bool = False  # it was removed, and the articles that the person holds on to stay


class Enclosure(NamedTuple):
    """A file that comes with an article. `length` is in bytes, 0 when the feed does not say."""

    url: str
    type: str = ""
    length: int = 0


class ArticleRow(NamedTuple):
    """What the list needs of an article, and nothing more."""

    id: int
    source_id: int
    source_title: str
    title: str
    url: str
    excerpt: str
    sort_at: datetime  # min(published, first seen): what the list is ordered by, newest first
    published: datetime | None
    read: bool
    starred: bool
    updated: bool  # changed by its publisher since it was first stored
    lead_image: str  # sha256 of the stored picture; "" when there is none on disk
    images_total: int
    images_stored: int
    withdrawn: bool = False  # no longer at its publisher's
    tags: tuple[str, ...] = ()  # the person's, by name
    also_in: tuple[str, ...] = ()  # titles of the other sources that have the same story
    noted: bool = False  # the person wrote a note on it


class Article(NamedTuple):
    """A stored article, whole. `html` and `text` are the feed's."""

    row: ArticleRow
    guid: str
    author: str
    updated_at: datetime | None
    first_seen: datetime
    published_text: str
    html: str
    text: str
    categories: tuple[str, ...]
    enclosures: tuple[Enclosure, ...]
    language: str
    site_url: str
    full: FullText = FullText()


class View(StrEnum):
    """The smart views of the sidebar."""

    ALL = "all"
    UNREAD = "unread"
    TODAY = "today"
    STARRED = "starred"
    NOTES = "notes"  # those that the person wrote a note on
    UPDATED = "updated"  # those that their publisher changed
    KEPT = "kept"  # those of which text and pictures are on disk


class Order(StrEnum):
    """How a list is sorted; within a source the newest article comes first."""

    NEWEST = "newest"
    OLDEST = "oldest"
    BY_SOURCE = "source"
    BEST = "best"  # of a search alone: how well it fits
    TITLE = (
        "title"  # worked out behind the window (`store.title_order`); to the store's pages the newest first
    )


class Place(NamedTuple):
    """A source to look in; with `languages` only at those of its articles that are in one of them, as stored."""

    source_id: int
    languages: tuple[str, ...] = ()


class ArticleQuery(NamedTuple):
    """Which articles a list shows: a view, narrowed to a source or folder, a tag, to the unread, to words."""

    view: View = View.ALL
    source_id: int | None = None
    folder: str | None = None
    unread_only: bool = False
    words: str = ""
    since: datetime | None = None  # for Today: local midnight, given by the caller
    order: Order = Order.NEWEST  # what is searched for comes newest first in any case
    tag: str = ""
    country: str = ""  # only sources of this country (core.lens)
    once: bool = False  # of the copies of a story one, where sources are mixed

    @property
    def folds(self) -> bool:
        """Whether copies are left out: not within a source, nor where a list is about what became of each copy."""
        of_each = self.view in (View.NOTES, View.UPDATED, View.KEPT)
        return self.once and not (of_each or self.source_id is not None or self.tag or self.country)


class Fold(NamedTuple):
    """Articles that are left out for a copy, and how many of them there are."""

    id: int
    folder: str | None  # the innermost that holds a copy which is shown for them; None: only the list of all
    total: int
    unread: int
    starred: int
    unread_starred: int

    def hides_in(self, folder: str | None) -> bool:
        """Whether a list of a folder, None for one of everything, leaves them out."""
        return folder is None or (self.folder is not None and f"{self.folder}/".startswith(f"{folder}/"))


class Cursor(NamedTuple):
    """A place in a list ordered by (sort_at, id); in a list by source that of its source."""

    sort_at: datetime
    id: int
    source_id: int = 0


class Changes(NamedTuple):
    """What a write did to the articles; models apply it in place."""

    new: tuple[int, ...] = ()
    updated: tuple[int, ...] = ()
    removed: tuple[int, ...] = ()
    unchanged: int = 0
    withdrawn: tuple[int, ...] = ()  # those of `updated` that their publisher took back
    regrouped: tuple[int, ...] = ()  # those whose story has other copies than before

    def __bool__(self) -> bool:
        return bool(self.new or self.updated or self.removed or self.regrouped)


class StoredImage(NamedTuple):
    """A picture of an article: on disk when `sha256` is set, missing for `problem` otherwise ("" = not asked yet)."""

    key: str  # core.html.image_key(url)
    url: str
    sha256: str = ""
    format: str = ""
    width: int = 0
    height: int = 0
    alt: str = ""
    problem: str = ""

    @property
    def is_beacon(self) -> bool:
        """Whether what came is a point or two: it counts readers, and shows nothing."""
        return bool(self.sha256) and 0 < self.width < 3 and 0 < self.height < 3
