"""The values that travel between the packages: rates. What to answer for a pair is decided in `core.quotes`.

`rate` is always "how much of `quote` for one `base`". Numbers are exact decimals; the published text stays with them.
"""

# No annotations from the future: as strings, typing compiles those of named tuples one by one, at every start.
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class QuoteKind(StrEnum):
    """What a number is."""

    OFFICIAL = "official"  # a central bank's own
    REFERENCE = "reference"
    BLENDED = "blended"  # an aggregator's mix
    PEG = "peg"  # fixed by law
    DERIVED = "derived"  # computed from others


class Pair(NamedTuple):
    """Base and quote currency by ISO 4217 code, written "USD/KZT": how many tenge for one dollar."""

    base: str
    quote: str

    def __str__(self) -> str:
        return f"{self.base}/{self.quote}"

    @property
    def inverse(self) -> "Pair":
        return Pair(self.quote, self.base)


class Quote(NamedTuple):
    """One published number, exactly as its source gave it."""

    base: str
    quote: str
    rate: Decimal  # raw_value / raw_nominal, exact or to 28 digits
    raw_value: str  # the published text, e.g. "16,7180"
    raw_nominal: str  # e.g. "100"
    valid_from: date  # in the source's calendar
    source: str  # provider id: nbk nbkr nbt cbu cbr erapi peg ...
    kind: QuoteKind
    fetched_at: datetime
    previous_value: str = (
        ""  # the bank's own previous value per the same nominal, where its change field gives it
    )


class Fixing(NamedTuple):
    """One row of a stored series, as light as a chart of many years needs it."""

    valid_from: date
    rate: Decimal
    raw_value: str
    raw_nominal: str


class RateAnswer(NamedTuple):
    """The answer to "PAIR on day D", with everything that is needed to check it."""

    pair: Pair
    rate: Decimal | None  # None: unknown
    digits: int  # significant digits that are true
    legs: tuple[Quote, ...]  # the published numbers behind it, one or two
    valid_from: date | None
    previous_rate: Decimal | None
    previous_from: date | None
    change_percent: Decimal | None  # not rounded; None: no previous distinct fixing is known
    source: str
    kind: QuoteKind | None
    age_days: int
    stale: bool
    upcoming: Quote | None  # published, not in force yet, and for this very pair or its inverse
    unconfirmed: Quote | None = None  # a newer number that jumped, and counts only when something confirms it


class ProviderState(NamedTuple):
    """What is known of the talks with a rate provider."""

    provider: str
    etag: str = ""
    last_modified: str = ""
    last_fetch: datetime | None = None
    last_success: datetime | None = None
    last_error: str = ""
    failures: int = 0
    next_due: datetime | None = None


class SourceNotes(NamedTuple):
    """What is said of a publisher beside its numbers; its habits are in `core.rate_sources`."""

    name: str
    terms: str
    state: ProviderState


class PinnedPair(NamedTuple):
    """A pair on a watchlist, in the order and direction that the person chose."""

    list_name: str
    pair: Pair
    position: int
    source: str = ""  # the provider that it is asked of; "" for the best


class Watchlist(NamedTuple):
    """A named list of pinned pairs."""

    name: str
    pairs: tuple[PinnedPair, ...]
    in_ticker: bool
