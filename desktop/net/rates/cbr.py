"""Bank of Russia: roubles per `Nominal` units, comma, four decimals, and `VunitRate` for one ("5,39256E-05").

Saturday's table stands for Sunday and Monday and keeps its date. An error comes with status 200.
"""

from __future__ import annotations

from datetime import date, datetime

from desktop.core.rate_sources import RULES
from desktop.net.rates.document import Question, Row, collect, document_date, refused, text, xml
from desktop.net.rates.provider import Parsed, Provider

RULE = RULES["cbr"]


def read(body: bytes, fetched_at: datetime, asked: date | None) -> Parsed:
    """The table that was in force on the day that was asked for."""
    root = xml(body)
    if root.tag == "ValCurs" and "error" in (root.text or "").lower():
        raise refused("The Bank of Russia did not understand the question.")
    if root.tag != "ValCurs" or root.find("Valute/CharCode") is None:
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


PROVIDER = Provider(
    rule=RULE,
    name="Bank of Russia",
    country="RU",
    url="https://www.cbr.ru/scripts/XML_daily.asp",
    day_tail="?date_req={day:%d/%m/%Y}",
    credit="Bank of Russia",
    credit_url="https://www.cbr.ru/",
    homepage="https://www.cbr.ru/eng/",
    terms="None found; the Bank of Russia is named as the source.",
    reader=read,
)
