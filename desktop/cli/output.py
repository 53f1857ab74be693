"""How the command line prints: JSON objects of fixed shape on standard output, or plain tables for people."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from desktop.core.as_json import Json as Json
from desktop.core.as_json import article_json as article_json
from desktop.core.as_json import stamp as stamp
from desktop.core.as_json import write_cursor as write_cursor
from desktop.core.coverage import Coverage
from desktop.core.models import ArticleRow
from desktop.core.rates import Pair, Quote, RateAnswer, Watchlist
from desktop.core.rates.numbers import format_rate, to_decimal
from desktop.core.rates.quotes import format_change
from desktop.core.source_health import unchanged_share
from desktop.core.text import visible
from desktop.store.sources import Counts
from desktop.sync.report import RatesDone, SourceDone, Summary

if TYPE_CHECKING:
    from desktop.core.rates.quote_series import Point
    from desktop.core.source_health import SourceHealth

RATE_COLUMNS = ("pair", "rate", "change", "valid_from", "source", "state")
POINT_COLUMNS = ("pair", "rate", "change_percent", "valid_from", "source")


# What a terminal would obey: all controls but tab and the end of a line.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def print_json(value: Json) -> None:
    """Values to the letter; the controls that JSON lets stand are written as it writes the others."""
    written = json.dumps(value, ensure_ascii=False, indent=2)
    print(_CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", written))


def say(text: str) -> None:
    """Tell the person something that is not output."""
    print(harmless(text), file=sys.stderr)


def print_text(text: str) -> None:
    """Print words from outside, or a person's own, line by line."""
    print(harmless(text))


def harmless(text: str) -> str:
    """`text` without what would move, colour or command a terminal."""
    return _CONTROLS.sub("", text)


def print_table(rows: Iterable[Sequence[str]], right: frozenset[int] = frozenset()) -> None:
    """Print rows in aligned columns; `right` names the columns that hold numbers."""
    kept = [tuple(visible(" ".join(cell.splitlines())) for cell in row) for row in rows]
    if not kept:
        return
    widths = [max(len(row[i]) for row in kept) for i in range(len(kept[0]))]
    for row in kept:
        sized = enumerate(zip(row, widths, strict=True))
        cells = [cell.rjust(width) if i in right else cell.ljust(width) for i, (cell, width) in sized]
        print("  ".join(cells).rstrip())


def coverage_json(coverage: Coverage) -> Json:
    """From when to when a source's articles are known complete; a gap without `since` is all that is older."""
    return {
        "complete": [{"since": stamp(s.since), "until": stamp(s.until)} for s in coverage.spans],
        "gaps": [
            {"since": stamp(gap.since), "until": stamp(gap.until), "missing": gap.missing}
            for gap in coverage.gaps
        ],
        "begins": coverage.begins,
        "archive": coverage.has_archive,
        "total": coverage.total,
    }


def source_json(health: SourceHealth, counts: Counts) -> Json:
    source, facts = health.source, health.facts
    return {
        "id": source.id,
        "title": source.title,
        "url": source.url,
        "kind": source.kind.value,
        "site": source.site_url,
        "feed": source.feed_url,
        "folder": source.folder,
        "language": source.language,
        "country": source.country,
        "enabled": source.enabled,
        "archived": source.archived,
        "full_text": source.full_text.value,
        "articles": counts.total,
        "unread": counts.unread,
        "starred": counts.starred,
        "coverage": coverage_json(health.coverage),
        "condition": health.condition.value,
        "interval_minutes": source.interval_minutes or None,
        "pictures": source.pictures,
        "articles_a_day": round(facts.a_day, 2),
        "newest": stamp(facts.newest),
        "whole_text": facts.whole,
        "unchanged": unchanged_share(source.state),
        "received": facts.received,
        "moved_to": source.state.moved_to or None,
        "offered": source.state.offered or None,
        "last_success": stamp(source.state.last_success),
        "error": source.state.last_error or None,
        "next": stamp(source.state.next_due),
    }


def article_row(row: ArticleRow) -> tuple[str, ...]:
    marks = f"{' ' if row.read else '●'}{'★' if row.starred else ' '}"
    note = " (withdrawn)" if row.withdrawn else " (updated)" if row.updated else ""
    when = f"{row.sort_at.astimezone():%Y-%m-%d %H:%M}"
    tags = "".join(f" [{tag}]" for tag in row.tags)
    return str(row.id), marks, when, row.source_title, row.title + note + tags


def _published(quote: Quote) -> dict[str, Json]:
    return {"value": quote.raw_value, "nominal": quote.raw_nominal, "base": quote.base, "quote": quote.quote}


def _leg(quote: Quote) -> dict[str, Json]:
    return {**_published(quote), "source": quote.source, "valid_from": quote.valid_from.isoformat()}


def _percent(value: Decimal | None) -> str | None:
    if value is None:
        return None
    rounded = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return str(abs(rounded) if rounded == 0 else rounded)  # never "-0.00"


def rate_json(answer: RateAnswer) -> Json:
    known = answer.rate is not None
    previous: Json = None
    if answer.previous_rate is not None:
        since = answer.previous_from.isoformat() if answer.previous_from else None
        previous = {"rate": format_rate(answer.previous_rate, answer.digits), "valid_from": since}
    return {
        "pair": str(answer.pair),
        "rate": None if answer.rate is None else format_rate(answer.rate, answer.digits),
        "as_published": _published(answer.legs[0]) if answer.legs else None,
        "valid_from": answer.valid_from.isoformat() if answer.valid_from else None,
        "previous": previous,
        "change_percent": _percent(answer.change_percent),
        "source": answer.source if known else None,
        "kind": answer.kind.value if answer.kind else None,
        "via": [_leg(leg) for leg in answer.legs],
        "age_days": answer.age_days if known else None,
        "stale": answer.stale,
        "next": None if answer.upcoming is None else _leg(answer.upcoming),
        "unconfirmed": None if answer.unconfirmed is None else _leg(answer.unconfirmed),
    }


def _states(answer: RateAnswer) -> list[str]:
    states = ["stale"] if answer.stale and answer.rate is not None else []
    if (doubt := answer.unconfirmed) is not None:
        number = f"{doubt.raw_nominal} {doubt.base} = {doubt.raw_value} {doubt.quote}"
        states.append(f"unconfirmed: {doubt.source} says {number} from {doubt.valid_from}")
    return states


def rate_row(answer: RateAnswer) -> tuple[str, ...]:
    return (
        str(answer.pair),
        "—" if answer.rate is None else format_rate(answer.rate, answer.digits),
        format_change(answer),
        answer.valid_from.isoformat() if answer.valid_from else "",
        answer.source,
        "; ".join(_states(answer)),
    )


def watchlist_json(one: Watchlist) -> Json:
    pairs: list[Json] = [{"pair": str(pinned.pair), "source": pinned.source or None} for pinned in one.pairs]
    return {"name": one.name, "in_ticker": one.in_ticker, "pairs": pairs}


def _moved(before: Point | None, point: Point) -> Decimal | None:
    """The change since the point before, in percent."""
    return None if before is None else to_decimal((Fraction(point.rate) / Fraction(before.rate) - 1) * 100)


def point_json(pair: Pair, before: Point | None, point: Point) -> Json:
    """One fixing of a history."""
    via = [
        {
            "value": fixing.raw_value, "nominal": fixing.raw_nominal, "base": walk.pair.base,
            "quote": walk.pair.quote, "source": walk.source, "valid_from": fixing.valid_from.isoformat(),
        }
        for walk, fixing in zip(point.walks, point.fixings, strict=True)
    ]  # fmt: skip
    return {
        "pair": str(pair),
        "valid_from": point.valid_from.isoformat(),
        "rate": format_rate(point.rate, point.digits),
        "change_percent": _percent(_moved(before, point)),
        "source": point.source,
        "via": [{**leg} for leg in via],
    }


def point_row(pair: Pair, before: Point | None, point: Point) -> tuple[str, ...]:
    moved = _percent(_moved(before, point))
    rate = format_rate(point.rate, point.digits)
    return str(pair), rate, moved or "", point.valid_from.isoformat(), point.source


def _source_done(done: SourceDone, received: int) -> Json:
    return {
        "id": done.source.id,
        "title": done.source.title,
        "new": len(done.changes.new),
        "updated": len(done.changes.updated) - len(done.changes.withdrawn),
        "withdrawn": len(done.changes.withdrawn),
        "unchanged": done.changes.unchanged,
        "received": received,
        "failed": done.error is not None,
        "error": str(done.error) if done.error else None,
    }


def _rates_done(done: RatesDone) -> Json:
    error = str(done.error) if done.error else None
    return {
        "provider": done.provider,
        "new": done.new,
        "held": done.held,
        "failed": done.error is not None,
        "error": error,
    }


def summary_json(summary: Summary) -> dict[str, Json]:
    """The counts of a refresh, in all and per source."""
    sources = sorted(summary.sources, key=lambda done: done.source.id)
    rates = sorted(summary.rates, key=lambda done: done.provider)
    return {
        "new": sum(len(done.changes.new) for done in sources),
        "updated": sum(len(done.changes.updated) - len(done.changes.withdrawn) for done in sources),
        "withdrawn": sum(len(done.changes.withdrawn) for done in sources),
        "unchanged": sum(done.changes.unchanged for done in sources),
        "failed": sum(done.error is not None for done in sources)
        + sum(done.error is not None and not done.is_witness for done in rates),
        "full_texts": {"stored": summary.full_texts_stored, "missing": summary.full_texts_missing},
        "images": {"stored": summary.pictures_stored, "missing": summary.pictures_missing},
        "sources": [_source_done(done, summary.received.get(done.source.id, 0)) for done in sources],
        "rates": [_rates_done(done) for done in rates],
        "received": {"total": sum(summary.received.values()), "rates": summary.received.get(0, 0)},
        "stopped": summary.stopped,
        "offline": summary.offline,
        "left_alone": summary.left_alone,
    }
