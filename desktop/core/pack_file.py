"""A pack in one file, from one machine to another: what travels, and how two histories of one article become one. Pure.

Whatever is merged, it is the same which side reads the other's file, in which order, and how often.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from desktop.core.coverage import Span
from desktop.core.incoming import ImageRef, IncomingArticle, IncomingText
from desktop.core.models import Enclosure, NewSource
from desktop.core.proof import Proof
from desktop.core.tags import tag_key

NAME = "chorsu-pack"
VERSION = 1
ENDING = ".zip"

Asked = tuple[str, str, str]  # base, quote, and the source that the pair is asked of, "" for the best


@dataclass(frozen=True, slots=True)
class Marks:
    """What a person did to an article. `read_at`: when it was last marked read or unread, None where that is not
    known; `noted_at` the same of the note."""

    read: bool = False
    read_at: datetime | None = None
    starred: bool = False
    note: str = ""
    noted_at: datetime | None = None
    tags: tuple[str, ...] = ()  # `in_order`


@dataclass(frozen=True, slots=True)
class PackedPicture:
    """A picture of an article. Its file is in the pack when `sha256` is set, missing for `problem` otherwise."""

    key: str
    image: ImageRef
    sha256: str = ""
    problem: str = ""
    of_page: bool = False  # only the full text shows it


@dataclass(frozen=True, slots=True)
class PackedVersion:
    """A former text of an article. `since`: when it was first seen."""

    since: datetime
    title: str
    html: str


@dataclass(frozen=True, slots=True)
class PackedArticle:
    """An article as it stands in a file; HTML as it is kept, pictures as `cache:KEY`. `order` is that of articles of
    one second."""

    order: int
    guid: str
    url: str
    title: str
    author: str
    published: datetime | None
    published_text: str
    updated: datetime | None  # by its publisher's word
    first_seen: datetime
    since: datetime  # when its present text was first seen
    language: str
    excerpt: str
    html: str
    lead: str  # key of the picture for the list; "" for none
    pictures: tuple[PackedPicture, ...]
    categories: tuple[str, ...]
    enclosures: tuple[Enclosure, ...]
    post_id: int
    beside: bool  # a full text is kept or wanted beside the feed's
    cut: bool
    full_html: str  # "" for none
    full_at: datetime | None
    full_problem: str
    edited: bool
    withdrawn: datetime | None
    versions: tuple[PackedVersion, ...]  # oldest first
    marks: Marks


@dataclass(frozen=True, slots=True)
class PackedSource:
    """A source whose articles are in a file. `chosen`: it was among those that were taken offline, and `spans` are
    known complete of it; else only starred articles of it are there. `unreached`: why it could not be asked, or ""."""

    new: NewSource
    articles: int
    member: str
    chosen: bool
    spans: tuple[Span, ...] = ()
    unreached: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a file says of itself. `words` is the proof of the machine that wrote it."""

    made_at: datetime
    program: str
    days: int
    starred: bool
    budget: int
    begun_at: datetime
    words: str
    sources: tuple[PackedSource, ...]
    pairs: tuple[Asked, ...]
    quotes: int
    pictures: int
    size: int  # of the file, in bytes
    sha256: str  # of the manifest: names the file

    @property
    def articles(self) -> int:
        return sum(source.articles for source in self.sources)


@dataclass(frozen=True, slots=True)
class Came:
    """Where a pack came from that was not fetched here: the pairs that it is to hold, and what was not reached."""

    made_at: datetime
    sha256: str
    pairs: tuple[Asked, ...]
    unreached: tuple[tuple[str, str], ...] = ()  # title and reason


@dataclass(frozen=True, slots=True)
class Offer:
    """A source of a file, and the one here that it is: None where nobody follows it here yet."""

    source: PackedSource
    known_id: int | None
    known_title: str
    new: int  # articles of it that are not here


@dataclass(frozen=True, slots=True)
class Preview:
    """What reading a file in would bring; nothing is stored yet. `pictures`: those that are not on this disk."""

    manifest: Manifest
    offers: tuple[Offer, ...]
    pictures: int

    @property
    def new(self) -> int:
        return sum(offer.new for offer in self.offers)

    @property
    def unknown(self) -> list[Offer]:
        """The sources that are not here."""
        return [offer for offer in self.offers if offer.known_id is None]


@dataclass(frozen=True, slots=True)
class ArrivingVersion:
    """A former text, safe to keep."""

    since: datetime
    title: str
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class ArrivingArticle:
    """An article out of a file, safe to keep. `since`: when its present text was first seen."""

    order: int
    article: IncomingArticle
    first_seen: datetime
    since: datetime
    beside: bool
    full: IncomingText | None
    full_at: datetime | None
    full_problem: str
    edited: bool
    withdrawn: datetime | None
    versions: tuple[ArrivingVersion, ...]
    problems: tuple[tuple[str, str], ...]  # of pictures by key: why they are not in the file
    marks: Marks


@dataclass(slots=True)
class Arrived:
    """What articles out of a file came to. `ids` are all of them, as they are stored here."""

    ids: list[int] = field(default_factory=list)
    new: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)  # of those that were here
    marked: list[int] = field(default_factory=list)  # of those that were here: their marks are others now


@dataclass(frozen=True, slots=True)
class Taken:
    """What reading a file in came to."""

    manifest: Manifest
    proof: Proof
    new: tuple[int, ...]
    changed: tuple[int, ...]
    marked: tuple[int, ...]
    pictures: int
    refused: int  # pictures that are none that is shown
    quotes: int
    held: int  # numbers that jumped, kept apart until something confirms them
    sources: tuple[int, ...]  # that were not here before
    left_out: int = 0  # articles that could not be made safe


class Seen(NamedTuple):
    """A text of an article: since when it was there, and its content hash."""

    since: datetime
    content: str


def history(one: Iterable[Seen], other: Iterable[Seen]) -> list[Seen]:
    """The texts of an article by what two machines saw, oldest first: the last one is its text now."""
    found: list[Seen] = []
    for seen in sorted({*one, *other}):
        if not found or found[-1].content != seen.content:
            found.append(seen)
    return found


def merged(one: Marks, other: Marks) -> Marks:
    """The marks of two machines as one. A star or a tag anywhere stays; read or not is what was said last, and what was
    said counts more than what nobody said; of acts without a time, read. Notes that differ are both kept."""
    last = max((one, other), key=_said)
    tags = in_order((*one.tags, *other.tags))
    return Marks(last.read, last.read_at, one.starred or other.starred, *_notes(one, other), tags)


def in_order(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags, each once in one of its spellings."""
    found: dict[str, str] = {}
    for tag in sorted(tags):
        found.setdefault(tag_key(tag), tag)
    return tuple(found[key] for key in sorted(found))


def _said(marks: Marks) -> tuple[float, bool]:
    return (0.0 if marks.read_at is None else marks.read_at.timestamp(), marks.read)


def _notes(one: Marks, other: Marks) -> tuple[str, datetime | None]:
    times = [marks.noted_at for marks in (one, other) if marks.note and marks.noted_at]
    first, second = sorted((one, other), key=_written)
    before, after = _paragraphs(first.note), _paragraphs(second.note)
    if set(before) <= set(after):  # it holds all of the other: the later one, where each does
        return second.note, max(times, default=None)
    if set(after) <= set(before):
        return first.note, max(times, default=None)
    return "\n\n".join([*before, *(part for part in after if part not in before)]), max(times, default=None)


def _written(marks: Marks) -> tuple[float, str]:
    return (marks.noted_at.timestamp() if marks.noted_at else 0.0, marks.note)


def _paragraphs(note: str) -> list[str]:
    return [part for part in (part.strip() for part in note.replace("\r\n", "\n").split("\n\n")) if part]


def spans_within(spans: Sequence[Span], since: datetime, until: datetime) -> tuple[Span, ...]:
    """What is known complete of a time."""
    return tuple(
        Span(max(span.since, since), min(span.until, until))
        for span in spans
        if span.since < until and span.until > since
    )


def rates_since(begun: date, days: int) -> date:
    """From when on numbers travel: as far as the articles go, and what the lines of the watchlists show."""
    return date.fromordinal(begun.toordinal() - max(days, 92))
