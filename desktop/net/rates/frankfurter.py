"""Frankfurter, version 2: a flat list of `date, base, quote, rate`, each row with its own date; a blend of the banks.

Asked for one bank (`providers=`) it passes on that bank's own number; nothing in the answer says so, so each is a
provider of its own. The list may hold the base itself, and rows that are dated tomorrow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial
from typing import Any

from desktop.core.rates.rule import SourceRule
from desktop.core.rates.sources import PASSED_ON, RULES
from desktop.net.rates.document import Question, Row, collect, collect_range, iso_date, json_value, refused
from desktop.net.rates.provider import Parsed, Provider
from desktop.net.rates.ranges import ALL, RangeRequest, Ranges

RULE = RULES["frankfurter"]
URL = "https://api.frankfurter.dev/v2/rates"
_FIELDS = ("date", "base", "quote", "rate")
_BANKS = {
    "nbk": "National Bank of Kazakhstan",
    "nbkr": "National Bank of the Kyrgyz Republic",
    "nbt": "National Bank of Tajikistan",
    "cbu": "Central Bank of Uzbekistan",
    "cbr": "Bank of Russia",
}


def _reader(rule: SourceRule, only: str) -> Callable[[bytes, datetime, date | None], Parsed]:
    """Reads the rows, of one day or of many; those of one currency where `only` one was asked for."""

    def read(body: bytes, fetched_at: datetime, asked: date | None) -> Parsed:
        rows = (row for row in _rows(json_value(body)) if only in ("", row.code))
        question = Question(rule, fetched_at, asked, anchor=only, from_home=True, many_days=True)
        return collect(question, rows)

    return read


def _read_range(rule: SourceRule, body: bytes, fetched_at: datetime, request: RangeRequest) -> Parsed:
    document = json_value(body)
    rows = _rows(document) if document != [] else ()
    return collect_range(rule, request, fetched_at, rows, from_home=True)


def _rows(document: Any) -> Iterator[Row]:
    items = [document] if isinstance(document, dict) else document
    good = [item for item in items if _is_row(item)] if isinstance(items, list) else []
    if not good:
        if isinstance(document, dict) and isinstance(document.get("message"), str):
            raise refused(f"Frankfurter answered with an error: {document['message'][:60]}.")
        raise refused("This is not a table of Frankfurter.")
    if any(item["base"] != RULE.home for item in good):
        raise refused("The table of Frankfurter is not in dollars.")
    for item in good:
        try:
            yield Row(item["quote"], item["rate"], "1", iso_date(item["date"]))
        except ValueError:
            continue


def _is_row(item: Any) -> bool:
    return isinstance(item, dict) and all(isinstance(item.get(name), str) for name in _FIELDS)


def _provider(rule: SourceRule, name: str, bank: str) -> Provider:
    only = RULES[bank].home if bank else ""
    passed_on = f"&providers={bank.upper()}" if bank else ""
    query = f"?base={RULE.home}" + (f"&quotes={only}{passed_on}" if bank else "")
    return Provider(
        rule=rule,
        name=name,
        country="",
        url=URL,
        day_tail=query + "&date={day:%Y-%m-%d}",
        undated_tail=query,
        credit="Frankfurter",
        credit_url="https://frankfurter.dev/",
        homepage="https://frankfurter.dev/",
        terms="Free to use without a key; the banks’ own terms hold for their numbers.",
        reader=_reader(rule, only),
        ranges=Ranges(
            url=URL,
            tail=f"?base={RULE.home}&quotes={{currency}}{passed_on}&from={{first:%Y-%m-%d}}&to={{last:%Y-%m-%d}}",
            reader=partial(_read_range, rule),
            codes={only: only} if only else ALL,
        ),
    )


PROVIDER = _provider(RULE, "Frankfurter (blend of central banks)", "")
BANK_PROVIDERS = tuple(
    _provider(RULES[source], f"{_BANKS[bank]}, by way of Frankfurter", bank)
    for source, bank in PASSED_ON.items()
)
