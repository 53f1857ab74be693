"""National Bank of Tajikistan: somoni per `Nominal` units, point, four decimals, date as YYYY-MM-DD.

A date out of its range is answered with today's table: the date in the answer is what counts.
"""

from __future__ import annotations

from datetime import date, datetime

from desktop.core.rate_sources import RULES
from desktop.net.rates.document import Question, Row, collect, document_date, refused, text, xml
from desktop.net.rates.provider import Parsed, Provider

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


PROVIDER = Provider(
    rule=RULE,
    name="National Bank of Tajikistan",
    country="TJ",
    url="https://www.nbt.tj/en/kurs/export_xml.php",
    day_tail="?date={day:%Y-%m-%d}&export=xmlout",
    latest_tail="?date={day:%Y-%m-%d}&export=xmlout",
    undated_tail="?export=xmlout",
    credit="Source: nbt.tj",
    credit_url="https://www.nbt.tj/",
    homepage="https://www.nbt.tj/",
    terms="Free to use with a reference to www.nbt.tj.",
    reader=read,
)
