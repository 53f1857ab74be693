"""Bank of Russia: roubles per `Nominal` units, comma, four decimals, and `VunitRate` for one ("5,39256E-05").

Saturday's table stands for Sunday and Monday and keeps its date. An error comes with status 200.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from desktop.core.rates.sources import RULES
from desktop.net.rates.document import (
    Question,
    Row,
    collect,
    collect_range,
    document_date,
    refused,
    text,
    xml,
)
from desktop.net.rates.provider import Parsed, Provider
from desktop.net.rates.ranges import RangeRequest, Ranges

if TYPE_CHECKING:
    from lxml.etree import _Element

RULE = RULES["cbr"]


def read(body: bytes, fetched_at: datetime, asked: date | None) -> Parsed:
    """The table that was in force on the day that was asked for."""
    root = _table(body)
    if root.find("Valute/CharCode") is None:
        raise refused("This is not a table of the Bank of Russia.")
    day = document_date(str(root.get("Date", "")))
    rows = (
        Row(
            text(item, "CharCode"),
            text(item, "Value"),
            text(item, "Nominal"),
            day,
            per_one=text(item, "VunitRate"),
        )
        for item in root.iterfind("Valute")
    )
    return collect(Question(RULE, fetched_at, asked), rows)


def read_range(body: bytes, fetched_at: datetime, request: RangeRequest) -> Parsed:
    """XML_dynamic: one currency, which only the question names, a record for each day with a table of its own."""
    root = _table(body)
    if root.find("Record") is None and root.find("Valute") is not None:
        raise refused("This is not a history of the Bank of Russia.")
    (currency,) = request.currencies
    rows = (
        Row(
            currency,
            text(item, "Value"),
            text(item, "Nominal"),
            document_date(str(item.get("Date", ""))),
            per_one=text(item, "VunitRate"),
        )
        for item in root.iterfind("Record")
    )
    return collect_range(RULE, request, fetched_at, rows)


def _table(body: bytes) -> _Element:
    root = xml(body)
    if root.tag == "ValCurs" and "error" in (root.text or "").lower():
        raise refused("The Bank of Russia did not understand the question.")
    if root.tag != "ValCurs":
        raise refused("This is not a table of the Bank of Russia.")
    return root


# The bank's own codes, for the currencies of which they are known; of others each day is asked for.
CODES = {
    "USD": "R01235", "EUR": "R01239", "KZT": "R01335", "KGS": "R01370", "TJS": "R01670", "TMT": "R01710A",
    "UZS": "R01717", "AZN": "R01020A", "AMD": "R01060", "BYN": "R01090B", "CNY": "R01375", "TRY": "R01700J",
    "XDR": "R01589",
}  # fmt: skip

PROVIDER = Provider(
    rule=RULE,
    name="Bank of Russia",
    country="RU",
    url="https://www.cbr.ru/scripts/XML_daily.asp",
    day_tail="?date_req={day:%d/%m/%Y}",
    ranges=Ranges(
        url="https://www.cbr.ru/scripts/XML_dynamic.asp",
        tail="?date_req1={first:%d/%m/%Y}&date_req2={last:%d/%m/%Y}&VAL_NM_RQ={code}",
        reader=read_range,
        codes=CODES,
    ),
    credit="Bank of Russia",
    credit_url="https://www.cbr.ru/",
    homepage="https://www.cbr.ru/eng/",
    terms="None found; the Bank of Russia is named as the source.",
    reader=read,
)
