"""Rates that are fixed by law, from resources/pegs.json: nothing is fetched, and nothing moves."""

from __future__ import annotations

from datetime import date, datetime

from desktop.core.rates import pegs
from desktop.core.rates.sources import RULES
from desktop.net.rates.provider import Parsed, Provider

RULE = RULES["peg"]


def read(body: bytes, fetched_at: datetime, asked: date | None) -> Parsed:
    """The pegs in the bytes of pegs.json, whatever the day."""
    del asked
    return Parsed(pegs.read(body, fetched_at))


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
