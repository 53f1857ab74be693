"""Rates that are fixed by law, as resources/pegs.json lists them."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from desktop.core.errors import ParseError
from desktop.core.rates import Quote
from desktop.core.rates.currencies import in_force
from desktop.core.rates.numbers import decimal
from desktop.core.rates.sources import PEG, RULES


def read(body: bytes, fetched_at: datetime) -> tuple[Quote, ...]:
    """The pegs in the bytes of pegs.json, former ones too; ParseError when the file is not one."""
    try:
        entries = json.loads(body, parse_float=str, parse_int=str, parse_constant=str)
        if not isinstance(entries, list) or not entries:
            raise ValueError("not a list")
        return tuple(_quote(entry, fetched_at) for entry in entries)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise ParseError(
            "The list of fixed rates cannot be read.", "The rates that are already here stay in place."
        ) from error


def _quote(entry: Any, fetched_at: datetime) -> Quote:
    since = date.fromisoformat(entry["since"])
    base, quote, rate = entry["base"], entry["quote"], entry["rate"]
    if not in_force(base, since) or not in_force(quote, since):
        raise ValueError("not a currency")
    return Quote(base, quote, decimal(rate), rate, "1", since, PEG, RULES[PEG].kind, fetched_at)
