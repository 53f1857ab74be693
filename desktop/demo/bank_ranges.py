"""Many days of one currency in one document, as three of the banks give them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from desktop.demo.bank_calendar import BISHKEK, DUSHANBE, MOSCOW, BankClock
from desktop.demo.bank_formats import CBR_ERROR, NBT_HELP, Row
from desktop.demo.market import Market, business_day_before
from desktop.demo.numbers_text import comma, per_unit, rounded
from desktop.demo.server import Reply

NBKR_IDS = {
    "USD": "15", "EUR": "20", "CNY": "24", "KZT": "40", "RUB": "44", "TJS": "45", "UZS": "46", "UAH": "47",
    "TRY": "57", "AZN": "82", "GBP": "17", "XDR": "30", "KRW": "25", "AMD": "38", "JPY": "36", "BYN": "160",
}  # fmt: skip
_CYRILLIC = "application/xml; charset=windows-1251"
_MOST_ROWS = 366  # of Kyrgyzstan's page
_NBKR_PAGE = """<!DOCTYPE html>
<html><head><title>Official exchange rates</title></head><body>
<table>{rows}</table></body></html>
"""

Value = Callable[[date], Decimal]


class BankRanges:
    """Answers for three banks; what counts is the query."""

    def __init__(
        self, rows: Mapping[str, Sequence[Row]], market: Market, clock: BankClock, first: date
    ) -> None:
        self._rows = rows
        self._market = market
        self._clock = clock
        self._first = first

    def answer(self, bank: str, query: Mapping[str, str]) -> Reply:
        """The document of "cbr", "nbt" or "nbkr"."""
        return {"cbr": self._cbr, "nbt": self._nbt, "nbkr": self._nbkr}[bank](query)

    def _cbr(self, query: Mapping[str, str]) -> Reply:
        row = next((row for row in self._rows["cbr"] if row.more[0] == query.get("VAL_NM_RQ")), None)
        first, last = (_day(query.get(name, ""), "%d/%m/%Y") for name in ("date_req1", "date_req2"))
        if row is None or first is None or last is None:
            return Reply(CBR_ERROR.encode("windows-1251"), _CYRILLIC)
        span = self._fixed(first, last, self._clock.newest_calendar_date(MOSCOW, time(18, 0)))
        text = cbr(row, first, last, span, self._value(row, "RUB"))
        return Reply(text.encode("windows-1251"), _CYRILLIC, headers=(("Cache-Control", "no-cache"),))

    def _nbt(self, query: Mapping[str, str]) -> Reply:
        row = next((row for row in self._rows["nbt"] if row.code == query.get("cs")), None)
        first, last = (_day(query.get(name, ""), "%Y-%m-%d") for name in ("d1", "d2"))
        if row is None or first is None or last is None or query.get("export") != "xml":
            return Reply(NBT_HELP.encode())
        local = self._clock.local(DUSHANBE)
        newest = local.date() if local.time() >= time(11, 0) else business_day_before(local.date())
        value, calendar = self._value(row, "TJS"), self._clock.scenario

        def on(day: date) -> Decimal:
            return value(day if calendar.is_workday(day) else calendar.workday_before(day))

        text = nbt(row, first, last, self._span(first, last, newest), on)
        return Reply(text.encode("windows-1251"), "text/xml;charset=windows-1251")

    def _nbkr(self, query: Mapping[str, str]) -> Reply:
        code = next((code for code, number in NBKR_IDS.items() if number == query.get("valuta_id")), "")
        rows = [*self._rows["nbkr"], *self._rows["nbkr.weekly"]]
        row = next((row for row in rows if row.code == code), None)
        first, last = (
            _day("-".join(query.get(f"{end}_{part}", "") for part in ("year", "month", "day")), "%Y-%m-%d")
            for end in ("beg", "end")
        )
        if row is None or first is None or last is None:
            return Reply(_NBKR_PAGE.format(rows="").encode())
        span = self._fixed(first, last, self._clock.newest_calendar_date(BISHKEK, time(16, 20)))
        return Reply(nbkr(span, self._value(row, "KGS")).encode(), "text/html;charset=UTF-8")

    def _value(self, row: Row, local: str) -> Value:
        def value(day: date) -> Decimal:
            return rounded(
                self._market.price(row.code, local, self._clock.scenario.session_for(day)) * row.nominal, 4
            )

        return value

    def _fixed(self, first: date, last: date, newest: date) -> list[date]:
        """The days of the span for which a bank that fixes a day ahead has a number of their own."""
        return [day for day in self._span(first, last, newest) if not self._clock.scenario.is_carried(day)]

    def _span(self, first: date, last: date, newest: date) -> list[date]:
        start, end = max(first, self._first + timedelta(days=1)), min(last, newest)
        return [start + timedelta(days=n) for n in range((end - start).days + 1)]


def _day(text: str, pattern: str) -> date | None:
    try:
        return datetime.strptime(text, pattern).date()  # noqa: DTZ007 (a day has no zone)
    except ValueError:
        return None


def cbr(row: Row, first: date, last: date, span: Sequence[date], value: Value) -> str:
    """Russia's, all in one line; there are no records for Sundays and Mondays."""
    number = row.more[0]
    records = "".join(
        f'<Record Date="{day:%d.%m.%Y}" Id="{number}"><Nominal>{row.nominal}</Nominal>'
        f"<Value>{comma(value(day))}</Value>"
        f"<VunitRate>{per_unit(value(day), row.nominal)}</VunitRate></Record>"
        for day in span
    )
    head = f'<ValCurs ID="{number}" DateRange1="{first:%d.%m.%Y}" DateRange2="{last:%d.%m.%Y}"'
    title = 'name="Foreign Currency Market Dynamic"'
    return f'<?xml version="1.0" encoding="windows-1251"?>{head} {title}>{records}</ValCurs>'


def nbt(row: Row, first: date, last: date, span: Sequence[date], value: Value) -> str:
    """Tajikistan's, with a record a calendar day."""
    number = row.more[0]
    records = "".join(
        f'<Record Date="{day:%d.%m.%Y}" Id="{number}">\n   <CharCode>{row.code}</CharCode>\n'
        f"   <Nominal>{row.nominal}</Nominal>\n   <Value>{value(day):f}</Value>\n</Record>\n"
        for day in span
    )
    head = f'<ValCurs ID="{number}" DateRange1="{first:%d.%m.%Y}" DateRange2="{last:%d.%m.%Y}"'
    return (
        f'<?xml version="1.0" encoding="windows-1251" ?>\n{head} name="Foreign Currency Market Dynamic">\n'
        f"{records}</ValCurs>\n"
    )


def nbkr(span: Sequence[date], value: Value) -> str:
    """Kyrgyzstan's page, newest first; nothing in it says for how many units the numbers are."""
    shown = [*reversed(span)][:_MOST_ROWS]
    rows = "".join(
        f"<tr><td><!--date-->{day:%d.%m.%Y}<!--date--></td>"
        f"<td><!--value-->{comma(value(day))}<!--value--></td></tr>"
        for day in shown
    )
    return _NBKR_PAGE.format(rows=rows)
