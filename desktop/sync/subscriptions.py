"""Lists of feeds in and out of the store: what the window and the command line do with an OPML file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from desktop.core.errors import UsageError
from desktop.core.identity import normalise_url
from desktop.core.models import NewSource
from desktop.net import opml
from desktop.net.addresses import is_local_name
from desktop.net.opml import LeftOut


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

    def fresh(self) -> list[NewSource]:
        """The feeds that no source brings yet."""
        return [offer.source for offer in self.offers if not offer.known]


def read_list(path: Path) -> bytes:
    """A file, but no more of it than any list has. Raises UsageError when it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(opml.MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path.name} cannot be read: {error.strerror or error}.") from None


def preview(body: bytes, existing: Sequence[NewSource]) -> Preview:
    """What a list would bring to someone who has these sources. Raises ParseError."""
    known: dict[str, str] = {}
    for source in existing:
        for url in filter(None, (source.url, source.feed_url)):
            known[normalise_url(url)] = source.title or source.url
    found = opml.read(body)
    offers = [
        Offer(source, _known(source, known), is_local_name(urlsplit(source.url).hostname or ""))
        for source in found.sources
    ]
    return Preview(tuple(offers), found.left_out, found.merged)


def into_folder(sources: Sequence[NewSource], folder: str) -> list[NewSource]:
    """The sources with their own folders inside this one."""
    outer = "/".join(filter(None, (part.strip() for part in folder.split("/"))))
    return [replace(one, folder="/".join(filter(None, (outer, one.folder)))) for one in sources]


def _known(source: NewSource, known: dict[str, str]) -> str:
    keys = (normalise_url(url) for url in (source.url, source.feed_url) if url)
    return next((known[key] for key in keys if key in known), "")
