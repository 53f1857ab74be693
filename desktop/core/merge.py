"""Which articles of a fetch are known, which are new, which have changed. Pure: the store looks up and writes.

The identity of an article within its source is the first of these that can be trusted:

    guid            where the feed gives one that no other article of the document has
    address         without scheme, www., tracking and the slash at the end, where one article has it
    address, title  where several articles of the document share the address
    title and day   else

A guid that changes does not make a new article: see `decide`. Two articles of one document are never merged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from desktop.core.identity import Keys, folded, keys, normalise_url, short
from desktop.core.incoming import IncomingArticle

__all__ = [
    "Keys",
    "KnownArticle",
    "Matched",
    "MergePlan",
    "NewArticle",
    "Update",
    "candidates",
    "decide",
    "keys",
    "matched",
    "normalise_url",
]

MIGRATION_MINIMUM = 3  # articles in a fetch before half of them can speak for the feed


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """A stored article as the merge needs it. `key` is the identity that its marks are kept under."""

    id: int
    key: str
    guid: str
    url_key: str
    title_key: str
    content_hash: str
    title: str


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article to insert."""

    key: str
    keys: Keys
    article: IncomingArticle


@dataclass(frozen=True, slots=True)
class Update:
    """A stored article to write again. `key` is its identity from now on; without `content_changed` title and
    text are the same."""

    id: int
    key: str
    keys: Keys
    article: IncomingArticle
    content_changed: bool


@dataclass(frozen=True, slots=True)
class Matched:
    """An article of a fetch, and the stored one that it is; None where it is new. `key` is its identity from now on."""

    key: str
    keys: Keys
    article: IncomingArticle
    stored: KnownArticle | None


@dataclass(frozen=True, slots=True)
class MergePlan:
    """What a fetch does to the stored articles, in the order of the document."""

    new: tuple[NewArticle, ...]
    updated: tuple[Update, ...]
    unchanged: tuple[int, ...]


def candidates(articles: Iterable[IncomingArticle], now: datetime) -> list[Keys]:
    """What the store must look up before `decide`."""
    return [keys(article, now) for article in articles]


def decide(
    known: Sequence[KnownArticle],
    articles: Sequence[IncomingArticle],
    now: datetime,
    keyed: Sequence[Keys] | None = None,
) -> MergePlan:
    """Tell what is new, changed and the same. `known` holds every stored article that any key could mean; `keyed`
    is what `candidates` gave for `articles`, where it was asked already.

    An article whose guid is new is a stored one when address and title agree, or when at least half of a
    fetch agrees with stored addresses or titles in this way: then the feed has changed its guids.
    """
    new: list[NewArticle] = []
    updated: list[Update] = []
    unchanged: list[int] = []
    for one in matched(known, articles, candidates(articles, now) if keyed is None else keyed):
        if one.stored is None:
            new.append(NewArticle(one.key, one.keys, one.article))
        elif _is_same(one.stored, one.keys, one.key):
            unchanged.append(one.stored.id)
        else:
            changed = one.stored.content_hash != one.keys.content_hash
            updated.append(Update(one.stored.id, one.key, one.keys, one.article, changed))
    return MergePlan(tuple(new), tuple(updated), tuple(unchanged))


def matched(
    known: Sequence[KnownArticle], articles: Sequence[IncomingArticle], keyed: Sequence[Keys]
) -> list[Matched]:
    """The articles of a fetch in their order, each with the stored article that it is; one that stands there twice
    word for word comes once."""
    document = _Document(articles, keyed)
    match = _Match(known, document)
    match.by_key()
    match.by_guid()
    match.by_address()
    match.migrated()
    return _pairs(document, match)


class _Document:
    """The articles of a fetch with their keys; an article that stands twice word for word stands once."""

    def __init__(self, articles: Sequence[IncomingArticle], keyed: Sequence[Keys]) -> None:
        self.articles: list[IncomingArticle] = []
        self.keys: list[Keys] = []
        seen: set[tuple[str, str, str]] = set()
        for article, found in zip(articles, keyed, strict=True):
            mark = (found.guid, found.url, found.title_day or found.content_hash)
            if mark not in seen:
                seen.add(mark)
                self.articles.append(article)
                self.keys.append(found)
        self.guids = Counter(found.guid for found in self.keys if found.guid)
        self.urls = Counter(found.url for found in self.keys if found.url)
        self.titles = Counter(found.title_day for found in self.keys if found.title_day)

    def identity(self, place: int) -> str:
        """The identity of an article, by the ladder at the head of this module."""
        found = self.keys[place]
        if self.guids[found.guid] == 1:
            return f"g:{found.guid}"
        if self.urls[found.url] == 1:
            return f"u:{found.url}"
        if found.url and found.title_day:
            return short(f"u:{found.url}|{found.title_day}")
        if found.title_day:
            return f"t:{found.title_day}"
        return f"c:{found.url}|{found.content_hash}"


class _Match:
    """Which stored article each article of the document is: at most one each way."""

    def __init__(self, known: Sequence[KnownArticle], document: _Document) -> None:
        self.document = document
        self.known = list({article.id: article for article in known}.values())
        self.found: dict[int, KnownArticle] = {}
        self.rekeyed: set[int] = set()
        self._claimed: set[int] = set()

    def by_key(self) -> None:
        """The same identity as before."""
        stored = {article.key: article for article in self.known}
        for place in range(len(self.document.keys)):
            self._claim(place, [a for a in [stored.get(self.document.identity(place))] if a])

    def by_guid(self) -> None:
        """A guid that is the article's own; where it is shared, address or title must agree as well."""
        stored = _grouped(self.known, "guid")
        for place, found in self._open():
            same = self._free(stored.get(found.guid, []))
            if self.document.guids[found.guid] == 1 and len(same) == 1:
                self._claim(place, same)
            elif found.guid:
                self._claim(place, [a for a in same if _agree(a, found)])

    def by_address(self) -> None:
        """The address where a guid is missing on either side; with the title where the guid has changed."""
        stored = _grouped(self.known, "url_key")
        for place, found in self._open():
            same = self._free(stored.get(found.url_key, [])) if found.url else []
            if not same:
                continue
            title = folded(self.document.articles[place].title)
            titled = [a for a in same if title and folded(a.title) == title]
            unguided = [a for a in same if not (a.guid and found.guid)]
            alone = self.document.urls[found.url] == 1 and len(stored.get(found.url_key, [])) == 1
            self._claim(place, unguided if alone and unguided else titled)
        for place, found in self._open():
            if not found.url and not found.guid and self.document.titles[found.title_day] == 1:
                self._claim(place, self._free(_grouped(self.known, "title_key").get(found.title_key, [])))

    def migrated(self) -> None:
        """The feed has given its articles new guids (or addresses, or both)."""
        urls, titles = _grouped(self.known, "url_key"), _grouped(self.known, "title_key")
        likely: list[tuple[int, KnownArticle]] = []
        for place, found in self._open():
            by_url = urls.get(found.url_key, []) if self.document.urls[found.url] == 1 else []
            by_title = titles.get(found.title_key, []) if self.document.titles[found.title_day] == 1 else []
            same = by_url if len(by_url) == 1 else by_title
            if len(same) == 1 and self._free(same):
                likely.append((place, same[0]))
        rekeyed = len(likely) + len(self.rekeyed)
        fetched = len(self.document.keys)
        if fetched >= MIGRATION_MINIMUM and rekeyed * 2 >= fetched:
            for place, article in likely:
                self._claim(place, self._free([article]))

    def _open(self) -> list[tuple[int, Keys]]:
        return [(place, found) for place, found in enumerate(self.document.keys) if place not in self.found]

    def _free(self, articles: Iterable[KnownArticle]) -> list[KnownArticle]:
        return [article for article in articles if article.id not in self._claimed]

    def _claim(self, place: int, same: Sequence[KnownArticle]) -> None:
        if len(same) != 1 or place in self.found or same[0].id in self._claimed:
            return
        self.found[place] = same[0]
        self._claimed.add(same[0].id)
        guid = self.document.keys[place].guid
        if guid and same[0].guid and guid != same[0].guid:
            self.rekeyed.add(place)


def _pairs(document: _Document, match: _Match) -> list[Matched]:
    taken = {article.key for article in match.known}
    found: list[Matched] = []
    for place, (article, article_keys) in enumerate(zip(document.articles, document.keys, strict=True)):
        key = document.identity(place)
        stored = match.found.get(place)
        if stored is None:
            key = _untaken(key, taken)
        else:
            # Marks move to another identity only for a guid that is the article's own.
            key = key if key.startswith("g:") and key not in taken else stored.key
        taken.add(key)
        found.append(Matched(key, article_keys, article, stored))
    return found


def _is_same(stored: KnownArticle, found: Keys, key: str) -> bool:
    return (stored.key, stored.guid, stored.url_key, stored.title_key, stored.content_hash) == (
        key,
        found.guid,
        found.url_key,
        found.title_key,
        found.content_hash,
    )


def _agree(stored: KnownArticle, found: Keys) -> bool:
    """Whether a stored article with the same guid, which others have too, is this one."""
    if found.url and stored.url_key == found.url_key:
        return stored.title_key == found.title_key or not found.title_day
    return not found.url and bool(found.title_day) and stored.title_key == found.title_key


def _grouped(known: Iterable[KnownArticle], field: str) -> dict[str, list[KnownArticle]]:
    groups: dict[str, list[KnownArticle]] = {}
    for article in known:
        if value := getattr(article, field):
            groups.setdefault(value, []).append(article)
    return groups


def _untaken(key: str, taken: set[str]) -> str:
    number, free = 2, key
    while free in taken:
        free, number = f"{key}#{number}", number + 1
    return free
