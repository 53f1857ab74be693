"""Writing the pack of this machine into a file, as it stands at one moment, beside whoever writes to the store."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from desktop import __version__
from desktop.core.errors import AppError, UsageError
from desktop.core.models import Source
from desktop.core.pack_file import NAME, VERSION, Asked, PackedSource, rates_since, spans_within
from desktop.core.proof import Kind, Proof, sentence
from desktop.core.rates import Pair, Quote
from desktop.core.rates.quotes import needed
from desktop.core.rates.sources import PIVOTS
from desktop.store import Store
from desktop.store.files import writing_whole
from desktop.store.packs import Pack
from desktop.sync.pack import pairs_of, proof_of, sources_of
from desktop.sync.pack_file import lines

MANIFEST = "manifest.json"
RATES = "rates.jsonl"
PICTURES = "pictures/"
Progress = Callable[[int, int], None]  # how much of how much is done, in any unit


@dataclass(frozen=True, slots=True)
class Written:
    """What went into a file."""

    articles: int
    pictures: int
    quotes: int
    size: int  # of the file, in bytes
    proof: Proof


def write_pack(
    folder: Path, target: Path, now: datetime, progress: Progress = lambda done, total: None
) -> Written:
    """Write the pack of the store in `folder` into a file, whole or not at all; what `progress` raises ends it.

    Raises UsageError where there is no pack, StoreError, and AppError where the file cannot be written.
    """
    with Store.open_reader(folder) as store, store.at_one_moment():
        pack = store.packs.current()
        if pack is None or not pack.listed:
            raise UsageError("There is no pack to write.", "Take something offline first.")
        proof = proof_of(store, pack, now)
        try:
            with writing_whole(target) as file:
                with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                    counts = _Writing(archive, store, pack, proof, now, progress).run()
                size = file.tell()
        except OSError as error:
            raise AppError(
                f"{target.name} could not be written: {error.strerror or error}.",
                "Choose another place, or make room; the pack is as it was.",
            ) from error
    return Written(*counts, size, proof)


class _Writing:
    def __init__(
        self,
        archive: zipfile.ZipFile,
        store: Store,
        pack: Pack,
        proof: Proof,
        now: datetime,
        progress: Progress,
    ) -> None:
        self._archive = archive
        self._store = store
        self._pack = pack
        self._proof = proof
        self._now = now
        self._progress = progress
        self._members: dict[str, list[int | str]] = {}  # size and hash
        self._done = 0

    def run(self) -> tuple[int, int, int]:
        """Write all members; gives the numbers of articles, pictures and quotes."""
        out = self._store.packs.out(self._pack.id)
        wanted = out.pictures()
        self._total = len(wanted) + self._proof.articles + 1
        whole = {sha256 for sha256, size in wanted if self._picture(sha256, size)}
        sources: list[PackedSource] = []
        for number, source_id in enumerate(sorted({*out.sources(), *sources_of(self._store, self._pack)}), 1):
            member = f"articles/{number}.jsonl"
            found = (lines.write_article(one) for one in out.articles(source_id, whole.__contains__))
            sources.append(
                self._source(self._store.sources.get(source_id), member, self._write(member, found))
            )
        pairs = pairs_of(self._store, self._pack)
        quotes = quotes_of(self._store, pairs, self._pack, self._now.astimezone().date())
        self._write(RATES, map(lines.write_quote, quotes))
        self._manifest(sources, pairs, len(quotes), len(whole))
        return sum(source.articles for source in sources), len(whole), len(quotes)

    def _picture(self, sha256: str, size: int) -> bool:
        """Put a picture into the file, unless it is not what was stored."""
        self._step()
        try:
            body = self._store.images.file(sha256).read_bytes()
        except OSError:
            return False
        if len(body) != size or hashlib.sha256(body).hexdigest() != sha256:
            return False
        name = PICTURES + sha256
        self._archive.writestr(zipfile.ZipInfo(name, self._date()), body, zipfile.ZIP_STORED)
        self._members[name] = [size, sha256]
        return True

    def _source(self, source: Source, member: str, articles: int) -> PackedSource:
        pack = self._pack
        chosen = pack.scope.sources is None or source.id in pack.scope.sources
        reasons = {one.name: one.reason for one in self._proof.lacks if one.kind is Kind.SOURCE}
        since = pack.since
        spans = self._store.archive.coverage(source.id).spans if chosen else ()
        new = self._store.sources.subscription(source.id)._replace(folder="", user_agent="", account="")
        return PackedSource(
            new, articles, member, chosen, spans_within(spans, since, self._now),
            reasons.get(source.title, ""),
        )  # fmt: skip

    def _write(self, name: str, found: Iterable[bytes]) -> int:
        """One member, line by line; gives how many there are."""
        digest, size, number = hashlib.sha256(), 0, 0
        info = zipfile.ZipInfo(name, self._date())
        info.compress_type = zipfile.ZIP_DEFLATED
        with self._archive.open(info, "w", force_zip64=True) as member:
            for line in found:
                number += 1
                if name != RATES:
                    self._step()
                digest.update(line)
                size += len(line)
                member.write(line)
        self._members[name] = [size, digest.hexdigest()]
        return number

    def _manifest(
        self, sources: list[PackedSource], pairs: tuple[Asked, ...], quotes: int, pictures: int
    ) -> None:
        scope = self._pack.scope
        values: dict[str, Any] = {
            "format": NAME, "version": VERSION, "made_at": lines.stamp(self._now), "program": __version__,
            "scope": {
                "days": scope.days, "starred": scope.starred, "budget": scope.budget,
                "begun_at": lines.stamp(self._pack.begun_at),
            },
            "proof": sentence(self._proof), "sources": [lines.write_source(source) for source in sources],
            "pairs": [list(pair) for pair in pairs], "quotes": quotes, "pictures": pictures,
            "members": self._members,
        }  # fmt: skip
        info = zipfile.ZipInfo(MANIFEST, self._date())
        info.compress_type = zipfile.ZIP_DEFLATED
        self._archive.writestr(info, json.dumps(values, ensure_ascii=False, indent=1))
        self._step()

    def _step(self) -> None:
        self._done += 1
        self._progress(min(self._done, self._total), self._total)

    def _date(self) -> tuple[int, int, int, int, int, int]:
        now = self._now
        return (max(1980, now.year), now.month, now.day, now.hour, now.minute, now.second)


def quotes_of(store: Store, pairs: Iterable[Asked], pack: Pack, today: date) -> list[Quote]:
    """The numbers by which these pairs are answered, of the days of the pack; what waits to be confirmed stays here."""
    since = rates_since(min(pack.begun_at.date(), today), pack.scope.days)
    codes = {
        code
        for base, quote, source in pairs
        for code in needed(Pair(base, quote), today, (source,) if source else PIVOTS)
    }
    return store.rates.book(codes, since)
