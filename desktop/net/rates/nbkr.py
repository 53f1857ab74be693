"""National Bank of the Kyrgyz Republic: som per `Nominal` units, comma, four decimals; dated a day ahead.

Five currencies daily, some forty others weekly in a document of the same shape. Former days are a page for people,
a currency a page, at most 366 rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

from desktop.core.rates.rule import SourceRule
from desktop.core.rates.sources import RULES
from desktop.net.rates.document import (
    MAX_BYTES,
    Question,
    Row,
    collect,
    collect_range,
    document_date,
    dotted_date,
    refused,
    text,
    xml,
)
from desktop.net.rates.provider import Parsed, Provider
from desktop.net.rates.ranges import RangeRequest, Ranges

NAME = "National Bank of the Kyrgyz Republic"
HOMEPAGE = "https://www.nbkr.kg/"
DAILY, WEEKLY = RULES["nbkr"], RULES["nbkr.weekly"]

_HISTORY = "https://www.nbkr.kg/index1.jsp"
_ASKED = (
    "?item=1562&lang=ENG&valuta_id={code}&beg_day={first:%d}&beg_month={first:%m}&beg_year={first:%Y}"
    "&end_day={last:%d}&end_month={last:%m}&end_year={last:%Y}"
)
# The bank's own codes, for the currencies of which they are known.
_DAILY_CODES = {"USD": "15", "EUR": "20", "CNY": "24", "KZT": "40", "RUB": "44"}
_WEEKLY_CODES = {
    "TJS": "45", "UAH": "47", "TRY": "57", "AZN": "82", "TMT": "108", "GBP": "17", "XDR": "30", "KRW": "25",
    "AMD": "38", "JPY": "36", "BYN": "160",
}  # fmt: skip
_TENS = frozenset({"JPY", "AMD", "HUF", "IRR", "IDR"})  # the page does not say that these are for ten
_DAY = re.compile(rb"<!--date-->([0-9.]{10})<!--date-->")
_VALUE = re.compile(rb"<!--value-->([0-9, ]{1,24})<!--value-->")


def read_daily(body: bytes, fetched_at: datetime, asked: date | None) -> Parsed:
    """daily.xml."""
    return _read(body, "Daily", Question(DAILY, fetched_at, asked))


def read_weekly(body: bytes, fetched_at: datetime, asked: date | None) -> Parsed:
    """weekly.xml, which leaves the dollar to the daily table."""
    return _read(body, "Weekly", Question(WEEKLY, fetched_at, asked, anchor=""))


def _read(body: bytes, kind: str, question: Question) -> Parsed:
    root = xml(body)
    if root.tag != "CurrencyRates" or not str(root.get("Name", "")).startswith(kind):
        raise refused(f"This is not the {kind.lower()} table of the {NAME}.")
    day = document_date(str(root.get("Date", "")))
    rows = (
        Row(str(item.get("ISOCode", "")), text(item, "Value"), text(item, "Nominal"), day)
        for item in root.iterfind("Currency")
    )
    return collect(question, rows)


def read_range(rule: SourceRule, body: bytes, fetched_at: datetime, request: RangeRequest) -> Parsed:
    """The page of one currency, newest first; a page without a single row is not believed to be one."""
    if len(body) > MAX_BYTES:
        raise refused("The answer is far larger than a table of rates.")
    rows = list(_rows(body, request.currencies[0]))
    if not rows:
        raise refused(f"This is not a history of the {NAME}.", is_html=True)
    return collect_range(rule, request, fetched_at, rows)


def _rows(body: bytes, currency: str) -> Iterator[Row]:
    """A date and the value that stands between it and the next date."""
    dates = list(_DAY.finditer(body))
    ends = [*(found.start() for found in dates[1:]), len(body)]
    for day, end in zip(dates, ends, strict=False):
        value = _VALUE.search(body, day.end(), end)
        if value is None:
            continue
        try:
            yield Row(
                currency, value[1].decode(), "10" if currency in _TENS else "1", dotted_date(day[1].decode())
            )
        except ValueError:
            continue


def _provider(rule: SourceRule, name: str, url: str) -> Provider:
    return Provider(
        rule=rule,
        name=name,
        country="KG",
        url=url,
        credit=NAME,
        credit_url=HOMEPAGE,
        homepage=HOMEPAGE,
        terms="None published; its robots.txt leaves the files open.",
        reader=read_daily if rule is DAILY else read_weekly,
        ranges=Ranges(
            url=_HISTORY,
            tail=_ASKED,
            reader=partial(read_range, rule),
            codes=_DAILY_CODES if rule is DAILY else _WEEKLY_CODES,
            most_days=365,
        ),
    )


PROVIDER = _provider(DAILY, NAME, "https://www.nbkr.kg/XML/daily.xml")
WEEKLY_PROVIDER = _provider(WEEKLY, f"{NAME} (weekly)", "https://www.nbkr.kg/XML/weekly.xml")
