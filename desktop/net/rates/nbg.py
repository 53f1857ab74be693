"""National Bank of Georgia: lari for `quantity` units as a JSON number, and the signed `diff` to the fixing before.

Published in the evening for the next calendar day; a day without a fixing is answered with the last one, a day
before the first with an empty list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from desktop.core.rates.sources import RULES
from desktop.net.rates.document import Question, Row, collect, iso_date, json_value, refused
from desktop.net.rates.provider import Parsed, Provider

RULE = RULES["nbg"]
_FIELDS = ("code", "quantity", "rate", "validFromDate")


def read(body: bytes, fetched_at: datetime, asked: date | None) -> Parsed:
    """The table of the last fixing up to the day that was asked for."""
    document = json_value(body)
    if document == []:
        raise refused("The National Bank of Georgia has no rates for this day.")
    table = document[0] if isinstance(document, list) else None
    items = table.get("currencies") if isinstance(table, dict) else None
    if not isinstance(items, list):
        raise refused("This is not a table of the National Bank of Georgia.")
    return collect(Question(RULE, fetched_at, asked), _rows(items))


def _rows(items: list[Any]) -> Iterator[Row]:
    for item in items:
        if not isinstance(item, dict) or not all(isinstance(item.get(name), str) for name in _FIELDS):
            continue
        row = _row(item)
        if row is not None:
            yield row


def _row(item: Mapping[str, Any]) -> Row | None:
    change = item.get("diff")
    try:
        day = iso_date(item["validFromDate"][:10])
    except ValueError:
        return None
    return Row(item["code"], item["rate"], item["quantity"], day, change if isinstance(change, str) else "")


PROVIDER = Provider(
    rule=RULE,
    name="National Bank of Georgia",
    country="GE",
    url="https://nbg.gov.ge/gw/api/ct/monetarypolicy/currencies/en/json/",
    day_tail="?date={day:%Y-%m-%d}",
    credit="National Bank of Georgia",
    credit_url="https://nbg.gov.ge/en",
    homepage="https://nbg.gov.ge/en",
    terms="None published.",
    reader=read,
)
