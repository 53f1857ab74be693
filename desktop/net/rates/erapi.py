"""ExchangeRate-API, open access: an aggregator's blend, how much of each currency for one dollar, once a day.

Its terms ask for a visible link, and not to be asked again before `time_next_update_unix`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from desktop.core.rates.sources import RULES
from desktop.net.rates.document import Question, Row, collect, json_value, refused
from desktop.net.rates.provider import Parsed, Provider

RULE = RULES["erapi"]


def read(body: bytes, fetched_at: datetime, asked: date | None) -> Parsed:
    """The latest table; the only one there is."""
    document = json_value(body)
    if not isinstance(document, dict) or "result" not in document:
        raise refused("This is not a table of ExchangeRate-API.")
    if document["result"] != "success":
        raise refused(f"ExchangeRate-API answered with an error: {str(document.get('error-type'))[:60]}.")
    rates = document.get("rates")
    if (
        document.get("base_code") != RULE.home
        or not isinstance(rates, dict)
        or rates.get(RULE.home) not in {"1", "1.0"}
    ):
        raise refused("The table of ExchangeRate-API is not in dollars.")
    day = _moment(document, "time_last_update_unix").date()
    rows = [Row(code, value, "1", day) for code, value in rates.items() if isinstance(value, str)]
    question = Question(RULE, fetched_at, asked, anchor="", from_home=True)
    parsed = collect(question, rows, _ending(document))
    return Parsed(parsed.quotes, parsed.notes, _moment(document, "time_next_update_unix"))


def _moment(document: Mapping[str, Any], key: str) -> datetime:
    try:
        return datetime.fromtimestamp(int(document[key]), UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError) as error:
        raise refused("The table of ExchangeRate-API has no date that can be read.") from error


def _ending(document: Mapping[str, Any]) -> list[str]:
    ends = document.get("time_eol_unix", "0")
    return [] if ends == "0" else ["ExchangeRate-API says that this service is coming to an end."]


PROVIDER = Provider(
    rule=RULE,
    name="ExchangeRate-API",
    country="",
    url="https://open.er-api.com/v6/latest/USD",
    credit="Rates By Exchange Rate API",
    credit_url="https://www.exchangerate-api.com",
    homepage="https://www.exchangerate-api.com",
    terms="Free with a visible link; may be kept, not passed on; asked no sooner than it publishes.",
    reader=read,
)
