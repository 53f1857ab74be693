"""What a refresh is asked to do, and what it tells while it runs. Light to import: the window needs it at start."""

from __future__ import annotations

from dataclasses import dataclass, field

from desktop.core.errors import AppError
from desktop.core.models import Changes, Source
from desktop.core.rates.alert_rules import AlertEvent


@dataclass(frozen=True, slots=True)
class Step:
    """How far the refresh is; `total` grows when pictures are found."""

    done: int
    total: int
    label: str


@dataclass(frozen=True, slots=True)
class SourceDone:
    """A source was asked: what changed, or why it could not be had."""

    source: Source
    changes: Changes
    error: AppError | None


@dataclass(frozen=True, slots=True)
class RatesDone:
    """A rate provider was asked: how many quotes are new, or why it could not be had."""

    provider: str
    new: int
    error: AppError | None
    held: int = 0  # numbers that jumped, kept apart until something confirms them
    is_witness: bool = False  # no answer waits for it, so its failure is nobody's loss


@dataclass(frozen=True, slots=True)
class AlertsFired:
    """What the rates set off that this refresh brought: once a refresh, and never empty."""

    events: tuple[AlertEvent, ...]


@dataclass(frozen=True, slots=True)
class PicturesDone:
    """Some pictures were stored or found missing, and these articles show them."""

    stored: int
    missing: int
    articles: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FullTextDone:
    """The page of an article was asked: its text is stored, or why it is not."""

    article_id: int
    problem: str


@dataclass(frozen=True, slots=True)
class TextDone:
    """All sources and banks have been asked; full texts and pictures are still to come. `complete` unless it was
    ended, or none was due.
    """

    complete: bool


Event = TextDone | Step | SourceDone | RatesDone | AlertsFired | FullTextDone | PicturesDone


@dataclass(frozen=True, slots=True)
class Plan:
    """What to refresh. `sources` None means all that are switched on."""

    sources: tuple[int, ...] | None = None
    news: bool = True
    rates: bool = True
    full_texts: bool = True
    pictures: bool = True
    only_due: bool = False  # the timer asks only what is due; a person who presses F5 asks everything


@dataclass(slots=True)
class Summary:
    """What a refresh came to."""

    sources: list[SourceDone] = field(default_factory=list)
    rates: list[RatesDone] = field(default_factory=list)
    alerts: tuple[AlertEvent, ...] = ()
    full_texts_stored: int = 0
    full_texts_missing: int = 0
    pictures_stored: int = 0
    pictures_missing: int = 0
    received: dict[int, int] = field(default_factory=dict)  # bytes by source, under 0 those of banks
    stopped: bool = False
    offline: bool = False
    left_alone: int = 0  # sources that were asked a moment ago, and so were not
