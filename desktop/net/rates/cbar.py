"""Central Bank of Azerbaijan: manat for `Nominal` units, point; bank metals (by the ounce) and currencies apart.

On days without a fixing the answer carries the date of the last one.
"""

from __future__ import annotations

from datetime import date, datetime

from desktop.core.rates.sources import RULES
from desktop.net.rates.document import Question, Row, collect, document_date, refused, text, xml
from desktop.net.rates.provider import Parsed, Provider

RULE = RULES["cbar"]
_FILE = "{day:%d.%m.%Y}.xml"


def read(body: bytes, fetched_at: datetime, asked: date | None) -> Parsed:
    """The table of the last fixing up to the day that was asked for; metals are passed over."""
    root = xml(body)
    if root.tag != "ValCurs" or root.find("ValType/Valute") is None:
        raise refused("This is not a table of the Central Bank of Azerbaijan.")
    day = document_date(str(root.get("Date", "")))
    rows = (
        Row(str(item.get("Code", "")), text(item, "Value"), text(item, "Nominal"), day)
        for item in root.iterfind("ValType/Valute")
    )
    return collect(Question(RULE, fetched_at, asked), rows)


PROVIDER = Provider(
    rule=RULE,
    name="Central Bank of Azerbaijan",
    country="AZ",
    url="https://www.cbar.az/currencies",
    day_tail=_FILE,
    latest_tail=_FILE,
    credit="Central Bank of the Republic of Azerbaijan",
    credit_url="https://www.cbar.az/",
    homepage="https://www.cbar.az/",
    terms="None published.",
    reader=read,
)
