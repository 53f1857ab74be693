"""What a person takes offline, what is on disk of it, and the sentences for both. Sizes are bytes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, tzinfo
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.core.coverage import Gap

MB = 1_000_000
DAYS = 7
NOT_YET = "It was not asked for yet."


@dataclass(frozen=True, slots=True)
class Scope:
    """What a pack takes: articles of the last `days` of these sources, starred ones of any age, pairs of watchlists.

    `sources` and `lists` None: all of them. `budget` 0: as much as there is.
    """

    sources: tuple[int, ...] | None = None
    days: int = DAYS
    starred: bool = True
    lists: tuple[str, ...] | None = None
    budget: int = 0


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a pack holds by what is stored now, and about how many bytes are still to come."""

    articles: int
    texts: int  # full texts that are still to come
    pictures: int
    pictures_to_come: int
    stored: int
    to_come: int
    missed: int = 0  # articles that known gaps of its days are short of, about


class Kind(StrEnum):
    """What can be missing."""

    ARTICLE = "article"
    FULL_TEXT = "full text"
    PICTURE = "picture"
    RATE = "rate"
    GAP = "gap"  # a time of the pack's days of which articles may be missing
    SOURCE = "source"  # not reached since the pack was begun: it may have articles that are not here


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is not on disk as it should be, and why. `damaged`: it was there, and is not whole any more."""

    kind: Kind
    name: str  # the title of the article, or the pair
    reason: str
    article_id: int = 0
    key: str = ""  # of a picture
    damaged: bool = False
    tried: bool = False  # its server was asked


@dataclass(frozen=True, slots=True)
class Proof:
    """What reading the store again came to."""

    articles: int
    whole_articles: int
    full_texts: int
    pictures: int
    whole_pictures: int
    size: int
    rates_until: date | None = None  # the oldest of the newest fixings of the pairs
    lacks: tuple[Lack, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.lacks


def sentence(proof: Proof) -> str:
    """The proof in one line."""
    lacking = Counter(lack.kind for lack in proof.lacks)
    parts = [
        f"{_of(proof.whole_articles, proof.articles)} {_plural(proof.articles, 'article')}",
        f"{proof.full_texts:,} with full text{_texts(proof)}",
        f"{_of(proof.whole_pictures, proof.pictures)} {_plural(proof.pictures, 'picture')}"
        + (f" ({lacking[Kind.PICTURE]:,} missing)" if lacking[Kind.PICTURE] else ""),
    ]
    if proof.rates_until is not None:
        parts.append(f"rates to {proof.rates_until.day} {proof.rates_until:%B}")
    if lacking[Kind.RATE]:
        parts.append(f"{lacking[Kind.RATE]} {_plural(lacking[Kind.RATE], 'rate')} missing")
    if lacking[Kind.GAP]:
        parts.append(f"{lacking[Kind.GAP]} {_plural(lacking[Kind.GAP], 'gap')} in its days")
    if lacking[Kind.SOURCE]:
        parts.append(f"{lacking[Kind.SOURCE]} {_plural(lacking[Kind.SOURCE], 'source')} not reached")
    return f"{', '.join(parts)}: {size_words(proof.size)}"


def short(proof: Proof) -> str:
    """The sum for the line at the bottom."""
    return (
        f"Kept {_of(proof.whole_articles, proof.articles)} {_plural(proof.articles, 'article')}, "
        f"{_of(proof.whole_pictures, proof.pictures)} {_plural(proof.pictures, 'picture')}"
    )


def described(estimate: Estimate, budget: int = 0) -> str:
    """What a pack would be, in a sentence or two."""
    words = _described(estimate, budget)
    if not estimate.missed:
        return words
    missed = f"{estimate.missed:,} {_plural(estimate.missed, 'article')}"
    return f"{words} About {missed} of its days will be loaded first."


def gap_reason(gap: Gap, zone: tzinfo | None, *, has_archive: bool) -> str:
    """Why a gap is in the proof, and what to do; days are those of `zone`, None for the person's."""
    since, until = ((at or gap.until).astimezone(zone) for at in (gap.since, gap.until))
    days = f"{until.day} {until:%B}"
    if since.date() != until.date():
        first = (
            f"{since.day}"
            if (since.year, since.month) == (until.year, until.month)
            else f"{since.day} {since:%B}"
        )
        days = f"{first} to {days}"
    many = "Articles" if gap.missing is None else f"About {gap.missing:,} {_plural(gap.missing, 'article')}"
    remedy = "Try again, or load older articles." if has_archive else "Its source offers no archive."
    return f"{many} of {days} may be missing. {remedy}"


def _described(estimate: Estimate, budget: int) -> str:
    if not estimate.articles:
        return "No stored article is among these yet; refreshing may bring some."
    whole = (
        f"{estimate.articles:,} {_plural(estimate.articles, 'article')} with {estimate.pictures:,} "
        f"{_plural(estimate.pictures, 'picture')}: about {size_words(estimate.stored + estimate.to_come)}."
    )
    if not estimate.to_come:
        return f"{whole} All of it was fetched; newer articles may come."
    parts = [
        f"{number:,} {_plural(number, noun)}"
        for number, noun in ((estimate.texts, "full text"), (estimate.pictures_to_come, "picture"))
        if number
    ]
    more = f"Still to come: {' and '.join(parts)}, about {size_words(estimate.to_come)}."
    over = budget and estimate.stored + estimate.to_come > budget
    return f"{whole} {more}" + (" The newest come first, as far as the budget goes." if over else "")


def size_words(size: int) -> str:
    """A size as people say it."""
    megabytes = size / MB
    if megabytes < 0.1:
        return f"{max(size, 0) / 1000:.0f} KB"
    return f"{megabytes:.1f} MB" if megabytes < 10 else f"{megabytes:,.0f} MB"


def _texts(proof: Proof) -> str:
    """What is said of the full texts that are not there."""
    lacks = [lack for lack in proof.lacks if lack.kind is Kind.FULL_TEXT]
    refused = sum(lack.tried for lack in lacks)
    parts = [f"{refused:,} refused by the site"] if refused else []
    if len(lacks) > refused:
        parts.append(f"{len(lacks) - refused:,} still to come")
    return f" ({', '.join(parts)})" if parts else ""


def _of(whole: int, total: int) -> str:
    return f"{whole:,}/{total:,}"


def _plural(number: int, noun: str) -> str:
    return noun if number == 1 else f"{noun}s"
