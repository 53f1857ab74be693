"""What the documents of all providers have in common: doors for bytes, dates, rules for what is believed.

A bad row is left out and noted; a bad document is refused as a whole with ParseError, in one sentence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from desktop.core.errors import NoRatesError, ParseError
from desktop.core.rates import Quote
from desktop.core.rates.currencies import in_force
from desktop.core.rates.numbers import decimal, nominal, per_unit, signed
from desktop.core.rates.rule import SourceRule
from desktop.net.rates.provider import Parsed

if TYPE_CHECKING:
    from lxml.etree import _Element

    from desktop.net.rates.ranges import RangeRequest

EARLIEST = date(1990, 1, 1)  # none of the currencies that we follow has an older rate at its own bank
MAX_BYTES = 1_000_000  # the largest recorded document has 28 kB
ANCHOR = "USD"
KEPT = "The rates that are already here stay in place."

_CODE = re.compile(r"[A-Z]{3}")
_DOTTED = re.compile(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4}|[0-9]{2})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


@dataclass(frozen=True, slots=True)
class Row:
    """One number as it stands in a document, and the date that it is valid from."""

    code: str
    value: str
    nominal: str
    valid_from: date
    change: str = ""  # against the number before, per the same nominal
    per_one: str = ""  # the value for one unit, where the document gives that too


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked for, of whom, when. `exact`: the answer must be dated as asked, else up to that day."""

    rule: SourceRule
    fetched_at: datetime
    asked: date | None
    exact: bool = False
    anchor: str = ANCHOR  # the currency without which a table is not believed; "" for any
    from_home: bool = False  # the numbers say how much of the other currency is one of the home currency
    many_days: bool = False  # the document is a history: a currency may stand there once a day


def refused(what: str, *, is_html: bool = False) -> ParseError:
    """The error for a document that cannot be used."""
    return ParseError(what, KEPT, is_html=is_html)


def nothing(what: str) -> NoRatesError:
    """The error for a good answer that says that there are no rates."""
    return NoRatesError(what, KEPT)


def xml(body: bytes) -> _Element:
    """The root of an XML document; ParseError for a web page, an empty or a broken one."""
    from desktop.net import safe_xml  # the first document loads it, not the start

    _check(body)
    try:
        return safe_xml.parse(body, max_bytes=MAX_BYTES)
    except ParseError as error:
        raise refused("The answer is not a whole XML document: it is damaged, or was cut off.") from error


def json_value(body: bytes) -> Any:
    """A JSON value in which every number is the text that was published; ParseError for anything else."""
    _check(body)
    try:
        return json.loads(body, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise refused("The answer is not a whole JSON document: it is damaged, or was cut off.") from error


def whole_text(body: bytes) -> str:
    """A plain text of a history, which may be long; ParseError for a web page, an empty or a broken one."""
    _check(body[:MAX_BYTES])
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refused("The answer is not a text: it is damaged.") from error


def text(element: _Element, tag: str) -> str:
    """The text of the first child of that name; "" where there is none."""
    found = element.findtext(tag)
    return found.strip() if isinstance(found, str) else ""


def dotted_date(given: str) -> date:
    """ "24.11.2026", or with two digits of the year as in old documents; ValueError for anything else."""
    found = _DOTTED.fullmatch(given.strip())
    if found is None:
        raise ValueError(f"not a date: {given[:40]!r}")
    year = int(found[3]) if len(found[3]) == 4 else 2000 + int(found[3])
    return date(year, int(found[2]), int(found[1]))


def iso_date(given: str) -> date:
    """ "2026-11-24"; ValueError for anything else."""
    found = _ISO.fullmatch(given.strip())
    if found is None:
        raise ValueError(f"not a date: {given[:40]!r}")
    return date(int(found[1]), int(found[2]), int(found[3]))


def document_date(given: str, form: str = "dotted") -> date:
    """The date that a whole document carries; ParseError where it carries none."""
    try:
        return dotted_date(given) if form == "dotted" else iso_date(given)
    except ValueError as error:
        raise refused("The answer has no date that can be read.") from error


def collect(question: Question, rows: Iterable[Row], notes: Iterable[str] = ()) -> Parsed:
    """The rows as quotes, the unusable ones noted; ParseError when the document cannot be trusted at all."""
    quotes: dict[tuple[str, date | None], Quote] = {}
    remarks = list(notes)
    for row in rows:
        if not _is_wanted(row, question):
            continue
        key = (row.code, row.valid_from if question.many_days else None)
        if key in quotes:
            remarks.append(f"{row.code} stands there twice; the first is used.")
            continue
        try:
            quotes[key] = _quote(row, question)
        except ValueError as error:
            remarks.append(f"{row.code} is left out: {error}.")
    anchors = [quote.valid_from for (code, _), quote in quotes.items() if code == question.anchor]
    dates = anchors if question.anchor else [quote.valid_from for quote in quotes.values()]
    if not dates:
        raise refused(f"The answer has no usable rate for {question.anchor or 'any currency'}.")
    _check_date(max(dates) if question.many_days else dates[0], question)
    kept = [quote for quote in quotes.values() if EARLIEST <= quote.valid_from <= _latest(question)]
    return Parsed(tuple(kept), tuple(remarks))


def collect_range(
    rule: SourceRule,
    request: RangeRequest,
    fetched_at: datetime,
    rows: Iterable[Row],
    *,
    from_home: bool = False,
) -> Parsed:
    """The rows of a document of many days that were asked for; NoRatesError where there are none."""
    asked = [
        row
        for row in rows
        if row.code in request.currencies and request.first <= row.valid_from <= request.last
    ]
    if not asked:
        raise nothing(f"There are no rates from {request.first.isoformat()} to {request.last.isoformat()}.")
    question = Question(rule, fetched_at, request.last, anchor="", from_home=from_home, many_days=True)
    return collect(question, asked)


def _check(body: bytes) -> None:
    if len(body) > MAX_BYTES:
        raise refused("The answer is far larger than a table of rates.")
    start = body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start:
        raise refused("The answer is empty.")
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        raise refused("The answer is a web page instead of rates.", is_html=True)


def _is_wanted(row: Row, question: Question) -> bool:
    """Metals, codes outside ISO 4217, ended currencies and the bank's own are passed over without a word."""
    known = _CODE.fullmatch(row.code) is not None and in_force(row.code, row.valid_from)
    return known and row.code != question.rule.home


def _quote(row: Row, question: Question) -> Quote:
    rule = question.rule
    value, units = decimal(row.value, rule.mark), nominal(row.nominal)
    home, other = rule.home, row.code
    return Quote(
        base=home if question.from_home else other,
        quote=other if question.from_home else home,
        rate=_rate(value, units, row, rule),
        raw_value=row.value.strip(),
        raw_nominal=row.nominal.strip(),
        valid_from=row.valid_from,
        source=rule.id,
        kind=rule.kind,
        fetched_at=question.fetched_at,
        previous_value=_previous(value, row, rule),
    )


def _rate(value: Decimal, units: Decimal, row: Row, rule: SourceRule) -> Decimal:
    """The value for one unit: the bank's own where it gives one that agrees with value and nominal."""
    ours = per_unit(value, units)
    if not row.per_one:
        return ours
    theirs = decimal(row.per_one, rule.mark)
    if theirs == ours:
        return ours
    if abs(theirs - ours) > ours * Decimal("0.0005"):
        raise ValueError(f"{row.value} for {row.nominal} and {row.per_one} for one do not agree")
    return theirs


def _previous(value: Decimal, row: Row, rule: SourceRule) -> str:
    if not row.change:
        return ""
    try:
        before = value - signed(row.change, rule.mark)
    except ValueError:
        return ""
    return f"{before:f}" if before > 0 else ""


def _latest(question: Question) -> date:
    """The last date that can be true: sources publish ahead, over long holidays by more than a week."""
    today = question.rule.local(question.fetched_at).date()
    return today + timedelta(days=question.rule.ahead_days)


def _check_date(given: date, question: Question) -> None:
    if given > _latest(question):
        raise refused(f"The answer is dated {given.isoformat()}, too far ahead to be true.")
    asked, oldest = question.asked, question.rule.oldest_days
    today = question.rule.local(question.fetched_at).date()
    if asked is None and oldest and (today - given).days > oldest:
        raise refused(f"The newest numbers of the answer are of {given.isoformat()}, too old to be of use.")
    if asked is not None and (given > asked or (question.exact and given != asked)):
        raise nothing(f"{asked.isoformat()} was asked for, but the answer is for {given.isoformat()}.")
