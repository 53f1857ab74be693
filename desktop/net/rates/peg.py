"""Rates that are fixed by law, from resources/pegs.json: nothing is fetched, and nothing moves."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from desktop.core.rates import Quote
from desktop.core.rates.currencies import in_force
from desktop.core.rates.numbers import decimal
from desktop.core.rates.sources import RULES
from desktop.net.rates.document import iso_date, json_value, refused
from desktop.net.rates.provider import Parsed, Provider

RULE = RULES["peg"]


def load(body: bytes, fetched_at: datetime) -> list[Quote]:
    """The pegs in the bytes of pegs.json, former ones too; ParseError when the file is not one."""
    return list(read(body, fetched_at, None).quotes)


def read(body: bytes, fetched_at: datetime, asked: date | None) -> Parsed:
    """The same as a document; the day does not matter."""
    del asked
    entries = json_value(body)
    if not isinstance(entries, list) or not entries:
        raise refused("This is not a list of fixed rates.")
    return Parsed(tuple(_quote(entry, fetched_at) for entry in entries))


def _quote(entry: Any, fetched_at: datetime) -> Quote:
    try:
        since = iso_date(entry["since"])
        base, quote, rate = entry["base"], entry["quote"], entry["rate"]
        if not in_force(base, since) or not in_force(quote, since):
            raise ValueError("not a currency")
        value = decimal(rate)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise refused("The list of fixed rates has an entry that cannot be read.") from error
    return Quote(base, quote, value, rate, "1", since, RULE.id, RULE.kind, fetched_at)


PROVIDER = Provider(
    rule=RULE,
    name="Official fixed rate",
    country="",
    url="",
    credit="Official fixed rate; the street rate may differ",
    credit_url="https://www.cbt.tm/",
    homepage="https://www.cbt.tm/",
    terms="Set by law or by the central bank; kept in this program.",
    reader=read,
)
