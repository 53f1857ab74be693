"""fawazahmed0's exchange-api: a volunteer's blend as a static file, how much of each currency for one dollar.

Codes are lower case, and many are of metals, coins and dead currencies. Days have stood still: what is more than
two days old is refused. Two hosts carry the same files.
"""

from __future__ import annotations

from datetime import date, datetime

from desktop.core.rates.sources import RULES
from desktop.net.rates.document import Question, Row, collect, document_date, json_value, refused
from desktop.net.rates.provider import Parsed, Provider

RULE = RULES["fawaz"]
_FILE = "v1/currencies/usd.min.json"
_NPM = "https://cdn.jsdelivr.net/npm"


def read(body: bytes, fetched_at: datetime, asked: date | None) -> Parsed:
    """The file of one day; ParseError when it is of another day than asked, or old where the latest was."""
    document = json_value(body)
    rates = document.get(RULE.home.lower()) if isinstance(document, dict) else None
    day = document.get("date") if isinstance(document, dict) else None
    if not isinstance(rates, dict) or not isinstance(day, str) or rates.get("usd", "1") not in {"1", "1.0"}:
        raise refused("This is not a table of fawazahmed0 in dollars.")
    since = document_date(day, "iso")
    rows = (Row(code.upper(), value, "1", since) for code, value in rates.items() if isinstance(value, str))
    return collect(Question(RULE, fetched_at, asked, exact=True, anchor="", from_home=True), rows)


PROVIDER = Provider(
    rule=RULE,
    name="fawazahmed0 exchange-api",
    country="",
    url=f"{_NPM}/@fawazahmed0/currency-api@latest/{_FILE}",
    day_base=_NPM,
    day_tail="@fawazahmed0/currency-api@{day:%Y-%m-%d}/" + _FILE,
    spare_url=f"https://latest.currency-api.pages.dev/{_FILE}",
    credit="fawazahmed0 exchange-api",
    credit_url="https://github.com/fawazahmed0/exchange-api",
    homepage="https://github.com/fawazahmed0/exchange-api",
    terms="In the public domain (CC0).",
    reader=read,
)
