"""Which article is which: what a fetch brings is compared with what is stored, and nothing is written here.

Identity goes by the feed's guid where it is unique, else by the normalised link, else by title and day. A new guid
does not make a new article when the link and the title are known, and when a whole feed changes its guids (a move to
https, to another host) the stored articles get the new ones: read marks and stars stay.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from desktop.core.models import IncomingArticle
from desktop.core.text import fold

_TRACKING = re.compile(
    r"^(utm_.*|fbclid|gclid|yclid|dclid|msclkid|mc_cid|mc_eid|igshid|_openstat|ref|ref_src|at_.*)$"
)
# So many articles with unknown guids, and so large a share of the fetch, that match by link or title: a migration.
_MIGRATION_LEAST = 3
_MIGRATION_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Keys:
    """What an article can be known by; "" where it has no such thing."""

    guid: str
    url: str
    title_day: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """What the store knows of an article that may be meant."""

    id: int
    key: str
    guid: str
    url_key: str
    title_key: str
    content_hash: str
    title: str


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article to insert under the identity `key`."""

    key: str
    keys: Keys
    article: IncomingArticle


@dataclass(frozen=True, slots=True)
class Update:
    """A stored article to change: its identity, and its content when `content_changed`."""

    id: int
    key: str
    keys: Keys
    article: IncomingArticle
    content_changed: bool


@dataclass(frozen=True, slots=True)
class MergePlan:
    """What to write. `unchanged` holds ids."""

    new: tuple[NewArticle, ...]
    updated: tuple[Update, ...]
    unchanged: tuple[int, ...]


def normalise_url(url: str) -> str:
    """The form in which links are compared: no scheme, www., tracking parameters, trailing slash or fragment."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.")
        port = parts.port
    except ValueError:
        return url.strip()
    if not host:
        return url.strip()
    if port and port not in (80, 443):
        host = f"{host}:{port}"
    query = urlencode(
        [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(k)]
    )
    return f"{host}{parts.path.rstrip('/')}{'?' + query if query else ''}"


def keys(article: IncomingArticle) -> Keys:
    """The keys of one article. The hash is over words, not HTML, which a site may render anew for each answer."""
    title = fold(article.title)
    day = article.published.date().isoformat() if article.published else ""
    content = hashlib.sha256(f"{title}\n{fold(article.text)}".encode("utf-8", "replace")).hexdigest()[:32]
    return Keys(
        guid=article.guid.strip(),
        url=normalise_url(article.url) if article.url else "",
        title_day=f"{title}|{day}" if title else "",
        content_hash=content,
    )


def candidates(articles: Iterable[IncomingArticle]) -> list[Keys]:
    """What the store must look up before `decide`."""
    return [keys(article) for article in articles]


def decide(known: Sequence[KnownArticle], articles: Sequence[IncomingArticle]) -> MergePlan:
    """Tell new, updated and unchanged apart. Two items of a document never become one article."""
    return _Matcher(known, articles).plan()


class _Matcher:
    def __init__(self, known: Sequence[KnownArticle], articles: Sequence[IncomingArticle]) -> None:
        self._articles = articles
        self._keys = [keys(article) for article in articles]
        self._guids = Counter(k.guid for k in self._keys if k.guid)
        self._urls = Counter(k.url for k in self._keys if k.url)
        self._titles = Counter(k.title_day for k in self._keys if k.title_day)
        self._by_guid = _index(known, lambda k: k.guid)
        self._by_url = _index(known, lambda k: k.url_key)
        self._by_title = _index(known, lambda k: k.title_key)
        self._taken: set[int] = set()
        self._matched: dict[int, KnownArticle] = {}  # by place in the document

    def plan(self) -> MergePlan:
        self._match(self._by_known_guid)
        self._match(self._by_link_or_title)
        self._match_migration()
        new: list[NewArticle] = []
        updated: list[Update] = []
        unchanged: list[int] = []
        identities: set[str] = set()
        for place, article in enumerate(self._articles):
            own = self._keys[place]
            match = self._matched.get(place)
            key = self._identity(place, identities)
            if match is None:
                new.append(NewArticle(key, own, article))
                continue
            same_keys = (match.guid, match.url_key, match.title_key) == (own.guid, own.url, own.title_day)
            if match.content_hash == own.content_hash and same_keys:
                unchanged.append(match.id)
            else:
                changed = match.content_hash != own.content_hash
                updated.append(Update(match.id, key, own, article, changed))
        return MergePlan(tuple(new), tuple(updated), tuple(unchanged))

    def _match(self, find: Callable[[int], KnownArticle | None]) -> None:
        for place in range(len(self._articles)):
            if place not in self._matched:
                found = find(place)
                if found is not None:
                    self._take(place, found)

    def _take(self, place: int, known: KnownArticle) -> None:
        self._taken.add(known.id)
        self._matched[place] = known

    def _free(self, found: Sequence[KnownArticle]) -> list[KnownArticle]:
        return [known for known in found if known.id not in self._taken]

    def _by_known_guid(self, place: int) -> KnownArticle | None:
        own = self._keys[place]
        free = self._free(self._by_guid.get(own.guid, ())) if own.guid else []
        if not free:
            return None
        if len(free) == 1 and self._guids[own.guid] == 1:
            return free[0]
        # The guid alone does not tell: the same link or the same title must speak for it.
        for known in free:
            if own.url and known.url_key == own.url and self._urls[own.url] == 1:
                return known
        return next((known for known in free if fold(known.title) == fold(self._articles[place].title)), None)

    def _by_link_or_title(self, place: int) -> KnownArticle | None:
        own = self._keys[place]
        title = fold(self._articles[place].title)
        by_url = self._free(self._by_url.get(own.url, ())) if own.url else []
        for known in by_url:
            if fold(known.title) == title:
                return known
        if own.guid:
            return None
        if by_url and self._urls[own.url] == 1:
            return by_url[0]
        if own.url or not own.title_day or self._titles[own.title_day] > 1:
            return None
        return next(iter(self._free(self._by_title.get(own.title_day, ()))), None)

    def _match_migration(self) -> None:
        """New guids throughout, but known links or titles: the feed changed its guids, the articles are the same."""
        found: dict[int, KnownArticle] = {}
        for place, own in enumerate(self._keys):
            if place in self._matched or not own.guid:
                continue
            by_url = self._free(self._by_url.get(own.url, ())) if own.url and self._urls[own.url] == 1 else []
            unique_title = own.title_day and self._titles[own.title_day] == 1
            by_title = self._free(self._by_title.get(own.title_day, ())) if unique_title else []
            choice = by_url or by_title
            if len(choice) == 1 and choice[0].id not in {known.id for known in found.values()}:
                found[place] = choice[0]
        if len(found) >= _MIGRATION_LEAST and len(found) >= _MIGRATION_SHARE * len(self._articles):
            for place, known in found.items():
                self._take(place, known)

    def _identity(self, place: int, used: set[str]) -> str:
        """The key under which an article's marks are kept; unique within the document and the same every time."""
        own = self._keys[place]
        title = fold(self._articles[place].title)
        if own.guid:
            key = f"g:{own.guid}" if self._guids[own.guid] == 1 else f"g:{own.guid}|{own.url}|{title}"
        elif own.url:
            key = f"u:{own.url}" if self._urls[own.url] == 1 else f"u:{own.url}|{title}"
        else:
            key = f"t:{own.title_day or own.content_hash}"
        while key in used:
            key += "+"
        used.add(key)
        return key


def _index(
    known: Iterable[KnownArticle], key: Callable[[KnownArticle], str]
) -> dict[str, list[KnownArticle]]:
    index: dict[str, list[KnownArticle]] = {}
    for article in known:
        if key(article):
            index.setdefault(key(article), []).append(article)
    return index
