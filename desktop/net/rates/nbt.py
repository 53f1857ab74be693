"""National Bank of Tajikistan: somoni per `Nominal` units, point, four decimals, date as YYYY-MM-DD.

A date out of its range is answered with today's table: the date in the answer is what counts.
"""

from __future__ import annotations

from datetime import date, datetime

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

RULE = RULES["nbt"]


def read(body: bytes, fetched_at: datetime, asked: date | None) -> Parsed:
    """The table of one day; ParseError when it is of another day than asked."""
    root = xml(body)
    if root.tag != "ValCurs" or root.find("Valute/CharCode") is None:
        raise refused("This is not a table of the National Bank of Tajikistan.")
    day = document_date(str(root.get("Date", "")), "iso")
    rows = (
        Row(text(item, "CharCode"), text(item, "Value"), text(item, "Nominal"), day)
        for item in root.iterfind("Valute")
    )
    return collect(Question(RULE, fetched_at, asked, exact=True), rows)


def read_range(body: bytes, fetched_at: datetime, request: RangeRequest) -> Parsed:
    """The dynamic export of one currency: a record a calendar day, copies too, dated dd.mm.yyyy; which decimal sign
    it has is not established, so both are understood."""
    root = xml(body)
    if root.tag != "ValCurs" or root.find("Valute") is not None or (root.text or "").strip():
        raise refused("This is not a history of the National Bank of Tajikistan.")
    rows = (
        Row(
            text(item, "CharCode"),
            text(item, "Value").replace(",", "."),
            text(item, "Nominal"),
            document_date(str(item.get("Date", ""))),
        )
        for item in root.iterfind("Record")
    )
    return collect_range(RULE, request, fetched_at, rows)


# The bank's own codes, for the currencies of which they are known; of others each day is asked for.
CODES = {
    "USD": "840", "EUR": "978", "RUB": "810", "KZT": "398", "KGS": "417", "UZS": "860", "CNY": "156", "GBP": "826",
    "TRY": "949", "CHF": "756",
}  # fmt: skip

PROVIDER = Provider(
    rule=RULE,
    name="National Bank of Tajikistan",
    country="TJ",
    url="https://www.nbt.tj/en/kurs/export_xml.php",
    day_tail="?date={day:%Y-%m-%d}&export=xmlout",
    latest_tail="?date={day:%Y-%m-%d}&export=xmlout",
    undated_tail="?export=xmlout",
    ranges=Ranges(
        url="https://www.nbt.tj/en/kurs/export_xml_dynamic.php",
        tail="?d1={first:%Y-%m-%d}&d2={last:%Y-%m-%d}&cn={code}&cs={currency}&export=xml",
        reader=read_range,
        codes=CODES,
    ),
    credit="Source: nbt.tj",
    credit_url="https://www.nbt.tj/",
    homepage="https://www.nbt.tj/",
    terms="Free to use with a reference to www.nbt.tj.",
    reader=read,
)
