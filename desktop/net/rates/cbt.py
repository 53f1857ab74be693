"""Central Bank of Turkmenistan: manat for `multiplier` units; a file for every day but Sundays, often out of reach.

`rate_usd` stands beside it in mixed directions (AUD, GBP, EUR and XDR the other way round) and is not read.
Files of 2020 to 2023 carry their date as YYYY-MM-DD.
"""

from __future__ import annotations

from datetime import date, datetime
from types import MappingProxyType

from desktop.core.rates.sources import RULES
from desktop.net.rates.document import Question, Row, collect, document_date, refused, text, xml
from desktop.net.rates.provider import Parsed, Provider

RULE = RULES["cbt"]
_FILE = "{day:%Y}/{day:%d%m%Y}.xml"


def read(body: bytes, fetched_at: datetime, asked: date | None) -> Parsed:
    """The file of one day; ParseError when it is of another day than asked."""
    root = xml(body)
    if root.tag != "cbt_currency_rate":
        raise refused("This is not a table of the Central Bank of Turkmenistan.")
    given = text(root, "date")
    day = document_date(given, "iso" if given[4:5] == "-" else "dotted")
    rows = (
        Row(str(item.get("code", "")), text(item, "rate_tmt"), text(item, "multiplier"), day)
        for item in root.iterfind("rate")
    )
    return collect(Question(RULE, fetched_at, asked, exact=True), rows)


PROVIDER = Provider(
    rule=RULE,
    name="Central Bank of Turkmenistan",
    country="TM",
    url="https://cbt.tm/kurs",
    day_tail=_FILE,
    latest_tail=_FILE,
    no_sundays=True,
    headers=MappingProxyType({"User-Agent": "Mozilla/5.0 (compatible; Chorsu)"}),  # others are turned away
    credit="Central Bank of Turkmenistan",
    credit_url="https://www.cbt.tm/",
    homepage="https://www.cbt.tm/",
    terms="None published.",
    reader=read,
)
