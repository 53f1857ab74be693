"""National Bank of Kazakhstan: tenge for `quant` units, two decimals with zeros at the end left out.

Two documents: the latest is shaped like RSS with a date of dd.mm.yyyy in each item, a day's has one for all.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from desktop.core.rates.sources import RULES
from desktop.net.rates.document import (
    Question,
    Row,
    collect,
    document_date,
    dotted_date,
    nothing,
    refused,
    text,
    xml,
)
from desktop.net.rates.provider import Parsed, Provider

if TYPE_CHECKING:
    from lxml.etree import _Element

RULE = RULES["nbk"]


def read(body: bytes, fetched_at: datetime, asked: date | None) -> Parsed:
    """Either document; ParseError for a day without rates."""
    root = xml(body)
    if root.tag == "rates":
        if text(root, "info"):
            raise nothing(f"The National Bank of Kazakhstan has no rates for {text(root, 'date')}.")
        rows = list(_of_day(root, document_date(text(root, "date"))))
    elif root.tag == "rss":
        rows = list(_latest(root))
    else:
        raise refused("This is not a table of the National Bank of Kazakhstan.")
    return collect(Question(RULE, fetched_at, asked, exact=True), rows)


def _of_day(root: _Element, day: date) -> Iterator[Row]:
    for item in root.iterfind("item"):
        yield _row(item, day)


def _latest(root: _Element) -> Iterator[Row]:
    for item in root.iterfind("channel/item"):
        try:
            yield _row(item, dotted_date(text(item, "pubDate")))
        except ValueError:
            continue


def _row(item: _Element, day: date) -> Row:
    return Row(text(item, "title"), text(item, "description"), text(item, "quant"), day, text(item, "change"))


PROVIDER = Provider(
    rule=RULE,
    name="National Bank of Kazakhstan",
    country="KZ",
    url="https://nationalbank.kz/rss/rates_all.xml",
    day_base="https://nationalbank.kz/rss/get_rates.cfm",
    day_tail="?fdate={day:%d.%m.%Y}",
    credit="National Bank of Kazakhstan",
    credit_url="https://nationalbank.kz/",
    homepage="https://nationalbank.kz/",
    terms="None found.",
    reader=read,
)
