"""Lists of feeds on their way into the store, from an OPML file or from another reader's database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from desktop.core.errors import UsageError
from desktop.core.identity import Mark, normalise_url
from desktop.core.models import NewSource
from desktop.net import opml
from desktop.net.addresses import is_local_name
from desktop.net.opml import LeftOut, Outlines
from desktop.store.foreign import MAGIC, ForeignFeed, read_foreign
from desktop.sync import documents


@dataclass(frozen=True, slots=True)
class Offer:
    """A feed of the list. `known` names the source that brings it already, "" where none does."""

    source: NewSource
    known: str = ""
    is_local: bool = False  # its address can only be meant in the person's own network


@dataclass(frozen=True, slots=True)
class Preview:
    """What importing a list would do; nothing is stored yet."""

    offers: tuple[Offer, ...]
    left_out: tuple[LeftOut, ...]
    merged: int
    marks: Mapping[str, Sequence[Mark]] = field(
        default_factory=dict
    )  # of another reader, by the feed's address

    def fresh(self) -> list[NewSource]:
        """The feeds that no source brings yet."""
        return [offer.source for offer in self.offers if not offer.known]

    @property
    def said_of_marks(self) -> list[str]:
        """What becomes of the marks of another reader, in sentences."""
        marks = [mark for kept in self.marks.values() for mark in kept]
        read, starred = sum(mark.read for mark in marks), sum(mark.starred for mark in marks)
        labelled, labels = (
            sum(bool(mark.tags) for mark in marks),
            {name for mark in marks for name in mark.tags},
        )
        said = []
        if read or starred:
            said.append(f"{read:,} read and {starred:,} starred articles keep their marks when they come.")
        if labels:
            tags = "label as a tag" if len(labels) == 1 else f"{len(labels):,} labels as tags"
            of = "1 article gets its" if labelled == 1 else f"{labelled:,} articles get their"
            said.append(f"{of} {tags}.")
        return said


def preview_file(path: Path, existing: Sequence[NewSource]) -> Preview:
    """What a file, of whatever kind, would bring. Raises ParseError, and UsageError when it cannot be read."""
    body = read_list(path)
    return _preview_foreign(path, existing) if body.startswith(MAGIC) else preview(body, existing)


def read_list(path: Path) -> bytes:
    """A file, but no more of it than any list has. Raises UsageError when it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(opml.MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path.name} cannot be read: {error.strerror or error}.") from None


def preview(body: bytes, existing: Sequence[NewSource]) -> Preview:
    """What a list would bring to someone who has these sources. Raises ParseError."""
    return _preview(documents.read_outlines(body), existing, {})


def _preview_foreign(path: Path, existing: Sequence[NewSource]) -> Preview:
    feeds = read_foreign(path)
    found = opml.gathered((_outline(feed), feed.folder) for feed in feeds)
    marks: dict[str, list[Mark]] = {}
    for feed in feeds:
        marks.setdefault(normalise_url(feed.url), []).extend(feed.marks)
    by_address = {one.url: marks.get(normalise_url(one.url), []) for one in found.sources}
    return _preview(found, existing, {url: kept for url, kept in by_address.items() if kept})


def _outline(feed: ForeignFeed) -> dict[str, str]:
    """A feed of another reader as if it stood in a list, so that the same is asked of both."""
    found = {"text": feed.title, "xmlurl": feed.url, "htmlurl": feed.site_url}
    if not feed.enabled:
        found[f"{{{opml.NAMESPACE}}}enabled"] = "no"
    return found | ({"command": "yes"} if feed.runs else {})


def _preview(found: Outlines, existing: Sequence[NewSource], marks: Mapping[str, Sequence[Mark]]) -> Preview:
    known: dict[str, str] = {}
    for source in existing:
        for url in filter(None, (source.url, source.feed_url)):
            known[normalise_url(url)] = source.title or source.url
    offers = [
        Offer(source, _known(source, known), is_local_name(urlsplit(source.url).hostname or ""))
        for source in found.sources
    ]
    return Preview(tuple(offers), found.left_out, found.merged, marks)


def into_folder(sources: Sequence[NewSource], folder: str) -> list[NewSource]:
    """The sources with their own folders inside this one."""
    outer = "/".join(filter(None, (part.strip() for part in folder.split("/"))))
    return [one._replace(folder="/".join(filter(None, (outer, one.folder)))) for one in sources]


def _known(source: NewSource, known: dict[str, str]) -> str:
    keys = (normalise_url(url) for url in (source.url, source.feed_url) if url)
    return next((known[key] for key in keys if key in known), "")
