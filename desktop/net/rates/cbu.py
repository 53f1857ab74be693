"""Central Bank of Uzbekistan: som per `Nominal` units, point, two decimals; JSON with all numbers as strings.

The same table as XML is understood too. On days without a fixing the answer carries the date of the last one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from desktop.core.rates.sources import RULES
from desktop.net.rates.document import (
    Question,
    Row,
    collect,
    dotted_date,
    json_value,
    nothing,
    refused,
    text,
    xml,
)
from desktop.net.rates.provider import Parsed, Provider

RULE = RULES["cbu"]
_FIELDS = ("Ccy", "Rate", "Nominal", "Date")


def read(body: bytes, fetched_at: datetime, asked: date | None) -> Parsed:
    """The table of the last fixing up to the day that was asked for."""
    is_xml = body[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    rows = list(_from_xml(body) if is_xml else _from_json(body))
    return collect(Question(RULE, fetched_at, asked), rows)


def _from_json(body: bytes) -> Iterator[Row]:
    items = json_value(body)
    if items == []:
        raise nothing("The Central Bank of Uzbekistan has no rates for that day.")
    good = [item for item in items if _is_row(item)] if isinstance(items, list) else []
    if not good:
        raise refused("This is not a table of the Central Bank of Uzbekistan.")
    for item in good:
        change = item.get("Diff")
        row = _row(item["Ccy"], item["Rate"], item["Nominal"], item["Date"], change)
        if row is not None:
            yield row


def _is_row(item: Any) -> bool:
    return isinstance(item, dict) and all(isinstance(item.get(field), str) for field in _FIELDS)


def _from_xml(body: bytes) -> Iterator[Row]:
    root = xml(body)
    if root.tag != "CBU_Curr":
        raise refused("This is not a table of the Central Bank of Uzbekistan.")
    for item in root.iterfind("CcyNtry"):
        day = text(item, "date") or text(item, "Date")
        row = _row(text(item, "Ccy"), text(item, "Rate"), text(item, "Nominal"), day, text(item, "Diff"))
        if row is not None:
            yield row


def _row(code: str, value: str, units: str, day: str, change: object) -> Row | None:
    try:
        return Row(code, value, units, dotted_date(day), change if isinstance(change, str) else "")
    except ValueError:
        return None


PROVIDER = Provider(
    rule=RULE,
    name="Central Bank of Uzbekistan",
    country="UZ",
    url="https://cbu.uz/en/arkhiv-kursov-valyut/json/",
    day_tail="all/{day:%Y-%m-%d}/",
    credit="Central Bank of Uzbekistan",
    credit_url="https://cbu.uz/",
    homepage="https://cbu.uz/en/",
    terms="Offered to the owners of sites; no further terms found.",
    reader=read,
)
