"""National Bank of the Kyrgyz Republic: som per `Nominal` units, comma, four decimals; dated a day ahead.

Five currencies daily, some forty others weekly in a document of the same shape.
"""

from __future__ import annotations

from datetime import date, datetime

from desktop.core.rate_rule import SourceRule
from desktop.core.rate_sources import RULES
from desktop.net.rates.document import Question, Row, collect, document_date, refused, text, xml
from desktop.net.rates.provider import Parsed, Provider

NAME = "National Bank of the Kyrgyz Republic"
HOMEPAGE = "https://www.nbkr.kg/"
DAILY, WEEKLY = RULES["nbkr"], RULES["nbkr.weekly"]


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
    )


PROVIDER = _provider(DAILY, NAME, "https://www.nbkr.kg/XML/daily.xml")
WEEKLY_PROVIDER = _provider(WEEKLY, f"{NAME} (weekly)", "https://www.nbkr.kg/XML/weekly.xml")
