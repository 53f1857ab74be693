"""Reading a pack's file in: looked at, verified whole, and only then written, piece by piece.

Each piece is one transaction with the marks in it, and says the same when it is written again: so a reading that was
killed is taken up by reading the file once more, and reading it twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

from desktop.core.errors import ParseError, QuarantinedError, StoppedError
from desktop.core.identity import normalise_url
from desktop.core.incoming import IncomingArticle, PictureInfo
from desktop.core.models import Changes, NewSource
from desktop.core.pack_file import (
    Arrived,
    ArrivingArticle,
    Asked,
    Came,
    Offer,
    PackedArticle,
    PackedSource,
    Preview,
    Taken,
)
from desktop.core.proof import Scope
from desktop.core.rates import Quote
from desktop.core.rates.sources import RULES
from desktop.core.text import plain
from desktop.store import Store
from desktop.sync import documents
from desktop.sync.lane import Write
from desktop.sync.pack import prove
from desktop.sync.pack_file.arriving import bare, picture_keys
from desktop.sync.pack_file.lines import write_article
from desktop.sync.pack_file.reading import PackFile, opened
from desktop.sync.pack_file.writing import Progress
from desktop.sync.rate_keeping import Kept, keep_quotes

GROUP = 200  # articles of one transaction, unless more share an identity
QUOTES = 5_000  # of one judging
Known = dict[str, tuple[int, str]]  # id and title by address


class TakingIn:
    """One file, on its way into the store behind `write`. `progress` may raise to end it; `tell` hears what each piece
    changed."""

    def __init__(
        self,
        path: Path,
        write: Write,
        now: Callable[[], datetime],
        progress: Progress = lambda done, total: None,
        tell: Callable[[Changes], None] = lambda changes: None,
    ) -> None:
        self._path = path
        self._tell = tell
        self._write = write
        self._now = now
        self._progress = progress

    def look(self) -> Preview:
        """What is in the file and what of it is new here; nothing is stored. Raises ParseError and UsageError."""
        with opened(self._path) as pack:
            pack.verify(self._progress)
            known = self._known()
            offers = tuple(self._offer(pack, source, known) for source in pack.manifest.sources)
            stored = self._write(lambda store: {sha256 for sha256, _ in store.images.stored_files()})
            missing = sum(sha256 not in stored for sha256 in pack.pictures())
        return Preview(pack.manifest, offers, missing)

    def take(self, follow: Collection[str] | None = None) -> Taken:
        """Store it. Sources that are not here are added: those whose addresses are in `follow` (None: all) are followed
        from now on, the others are kept, paused. Raises ParseError before anything is written; what is raised later
        leaves a whole store, and reading the file again goes on."""
        with opened(self._path) as pack:
            pack.verify(self._progress)
            try:
                return self._take(pack, follow)
            except StoppedError:
                raise StoppedError(
                    "Stopped; what was read in so far is kept.", "Read the file in again to go on."
                ) from None

    def _take(self, pack: PackFile, follow: Collection[str] | None) -> Taken:
        manifest = pack.manifest
        self._done = self._left_out = 0
        self._total = manifest.articles + len(pack.pictures()) + 1
        known, added, arrived = self._known(), [], Arrived()
        scope: list[int] = []
        for source in manifest.sources:
            source_id, is_new = self._source(source, known, follow)
            added += [source_id] if is_new else []
            scope += [source_id] if source.chosen else []
            for group in _groups(pack.articles(source)):
                self._articles(source_id, group, arrived)
            self._write(partial(_cover, source_id=source_id, source=source))
        pictures, refused = self._pictures(pack)
        kept = self._quotes(pack.quotes())
        self._write(partial(_begin, pack=pack, scope=tuple(sorted(scope)), ids=tuple(arrived.ids)))
        current = self._write(lambda store: store.packs.current())
        assert current is not None
        proof = prove(self._write, current, self._now())
        self._write(lambda store: store.packs.end(current.id, proof, ended=True))
        self._progress(self._total, self._total)
        changed, marked = dict.fromkeys(arrived.changed), dict.fromkeys(arrived.marked)
        return Taken(
            manifest, proof, tuple(arrived.new), tuple(changed), tuple(marked), pictures, refused, kept.new,
            kept.held, tuple(added), self._left_out,
        )  # fmt: skip

    def _known(self) -> Known:
        """The sources that are followed here, by each of their addresses."""
        found: Known = {}
        for source in self._write(lambda store: store.sources.all()):
            for url in () if source.archived else filter(None, (source.feed_url, source.url)):
                found[normalise_url(url)] = source.id, source.title
        return found

    def _offer(self, pack: PackFile, source: PackedSource, known: Known) -> Offer:
        here = _here(source.new, known)
        if here is None:
            return Offer(source, None, "", source.articles)
        new = 0
        for group in _groups(pack.articles(source)):
            articles = [bare(article) for article in group]
            new += self._write(partial(_count_new, source_id=here[0], articles=articles, now=self._now()))
        return Offer(source, *here, new)

    def _source(self, source: PackedSource, known: Known, follow: Collection[str] | None) -> tuple[int, bool]:
        """The source here that this one is, and whether it was added for it."""
        here = _here(source.new, known)
        if here is not None:
            return here[0], False
        new = source.new._replace(
            title=plain(source.new.title, 200),
            enabled=follow is None or source.new.url in follow,
        )
        added = self._write(lambda store: store.sources.add(new, self._now()))
        known[normalise_url(new.url)] = added.id, added.title
        return added.id, True

    def _articles(self, source_id: int, group: list[PackedArticle], arrived: Arrived) -> None:
        now = self._now()
        articles = [one for one in (self._clean(article, now) for article in group) if one is not None]
        found = self._write(partial(_store_articles, source_id=source_id, articles=articles, now=now))
        arrived.ids += found.ids
        arrived.new += found.new
        arrived.changed += found.changed
        arrived.marked += found.marked
        self._tell(Changes(new=tuple(found.new), updated=(*found.changed, *found.marked)))
        self._step(len(group))

    def _clean(self, article: PackedArticle, now: datetime) -> ArrivingArticle | None:
        """An article that is safe to keep; None for one that ended the process that reads, twice."""
        try:
            return documents.read_packed(write_article(article), now)
        except QuarantinedError:
            self._left_out += 1
            return None

    def _pictures(self, pack: PackFile) -> tuple[int, int]:
        """Store the pictures that articles lack; gives how many files came, and how many were refused."""
        stored = refused = 0
        wanted = self._keys(pack)
        for sha256 in pack.pictures():
            self._step(1)
            lacking = self._write(partial(_lacking, keys=wanted.get(sha256, {})))
            if not lacking:
                continue
            body = pack.picture(sha256)
            try:
                info = documents.read_picture(body)
            except ParseError as error:
                problem = error.message
                self._write(partial(_fail, keys=lacking, problem=problem, now=self._now()))
                refused += 1
                continue
            self._write(partial(_put, keys=lacking, body=body, info=info))
            stored += 1
        return stored, refused

    def _keys(self, pack: PackFile) -> dict[str, dict[str, str]]:
        """The pictures of the articles by what their files hold: addresses by key."""
        found: dict[str, dict[str, str]] = {}
        for source in pack.manifest.sources:
            for article in pack.articles(source):
                for key, url, sha256 in article_pictures(article):
                    if sha256 and pack.has_picture(sha256):
                        found.setdefault(sha256, {})[key] = url
        return found

    def _quotes(self, quotes: Iterable[Quote]) -> Kept:
        new = held = 0
        group: list[Quote] = []
        for quote in quotes:
            if quote.source in RULES:  # a later version may know more banks
                group.append(quote)
            if len(group) == QUOTES:
                kept = self._write(partial(_store_quotes, quotes=group, now=self._now()))
                new, held, group = new + kept.new, held + kept.held, []
        kept = self._write(partial(_store_quotes, quotes=group, now=self._now()))
        return Kept(new + kept.new, held + kept.held)

    def _step(self, number: int) -> None:
        for _ in range(number):
            self._done += 1
            self._progress(min(self._done, self._total), self._total)


def article_pictures(article: PackedArticle) -> Iterator[tuple[str, str, str]]:
    """Key here, address and hash of the pictures of an article."""
    keys = picture_keys(article)
    for picture in article.pictures:
        if picture.key in keys:
            key, url = keys[picture.key]
            yield key, url, picture.sha256


def _here(new: NewSource, known: Known) -> tuple[int, str] | None:
    keys = (normalise_url(url) for url in (new.url, new.feed_url) if url)
    return next((known[key] for key in keys if key in known), None)


def _groups(articles: Iterable[PackedArticle]) -> Iterator[list[PackedArticle]]:
    """Articles as the merge takes them: those that share a guid together."""
    group: list[PackedArticle] = []
    for article in articles:
        if len(group) >= GROUP and (not article.guid or article.guid != group[-1].guid):
            yield group
            group = []
        group.append(article)
    if group:
        yield group


def _count_new(store: Store, source_id: int, articles: list[IncomingArticle], now: datetime) -> int:
    return store.packs.taking(source_id).count_new(articles, now)


def _store_articles(store: Store, source_id: int, articles: list[ArrivingArticle], now: datetime) -> Arrived:
    return store.packs.taking(source_id).store(articles, now)


def _cover(store: Store, source_id: int, source: PackedSource) -> None:
    store.archive.add_spans(source_id, source.spans)


def _lacking(store: Store, keys: dict[str, str]) -> dict[str, str]:
    return {key: url for key, url in keys.items() if store.images.lacks(key)}


def _put(store: Store, keys: dict[str, str], body: bytes, info: PictureInfo) -> None:
    for key, url in keys.items():
        store.images.put(key, url, body, info)


def _fail(store: Store, keys: dict[str, str], problem: str, now: datetime) -> None:
    for key, url in keys.items():
        store.images.fail(key, url, problem, now)


def _store_quotes(store: Store, quotes: list[Quote], now: datetime) -> Kept:
    """What a bank has told this machine later than the other stays."""
    return keep_quotes(store, store.rates.later_than_stored(quotes), now)


def _begin(store: Store, pack: PackFile, scope: tuple[int, ...], ids: tuple[int, ...]) -> None:
    manifest = pack.manifest
    pairs: tuple[Asked, ...] = manifest.pairs
    unreached = tuple(
        (plain(source.new.title), plain(source.unreached)) for source in manifest.sources if source.unreached
    )
    came = Came(manifest.made_at, manifest.sha256, pairs, unreached)
    store.packs.take(
        Scope(scope, manifest.days, manifest.starred, (), manifest.budget), manifest.begun_at, came, ids
    )
