"""Central Bank of Türkiye: lira for `Unit` units, its buying rate for foreign exchange, point, four decimals.

`Tarih` is the date as dd.mm.yyyy; `Date` beside it is mm/dd/yyyy and is not read. Elements may be empty.
"""

from __future__ import annotations

from datetime import date, datetime

from desktop.core.rates.sources import RULES
from desktop.net.rates.document import Question, Row, collect, document_date, refused, text, xml
from desktop.net.rates.provider import Parsed, Provider

RULE = RULES["tcmb"]


def read(body: bytes, fetched_at: datetime, asked: date | None) -> Parsed:
    """The bulletin of one day; there is none for holidays."""
    root = xml(body)
    if root.tag != "Tarih_Date":
        raise refused("This is not a bulletin of the Central Bank of Türkiye.")
    day = document_date(str(root.get("Tarih", "")))
    rows = (
        Row(str(item.get("Kod", "")), text(item, "ForexBuying"), text(item, "Unit"), day)
        for item in root.iterfind("Currency")
        if text(item, "ForexBuying")
    )
    return collect(Question(RULE, fetched_at, asked, exact=True), rows)


PROVIDER = Provider(
    rule=RULE,
    name="Central Bank of Türkiye",
    country="TR",
    url="https://www.tcmb.gov.tr/kurlar/today.xml",
    day_base="https://www.tcmb.gov.tr/kurlar",
    day_tail="{day:%Y%m}/{day:%d%m%Y}.xml",
    credit="Central Bank of the Republic of Türkiye",
    credit_url="https://www.tcmb.gov.tr/",
    homepage="https://www.tcmb.gov.tr/",
    terms="None found; no key is needed for the bulletins.",
    reader=read,
)
