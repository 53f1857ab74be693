"""Central banks of made-up numbers and true habits: formats, encodings, nominals and calendars are the real ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from email.utils import format_datetime

from desktop.demo import bank_calendar as calendar
from desktop.demo.bank_calendar import BankClock, is_carried, session_for
from desktop.demo.market import Market, business_day_before
from desktop.demo.numbers_text import comma, per_unit, rounded, signed, trimmed
from desktop.demo.server import Cached, Reply, Request
from desktop.demo.texts import Sections

_NBK_HEAD = "Official exchange rates of National Bank of Republic Kazakhstan"
_XML = "text/xml; charset=UTF-8"


class Row:
    """A line of a bank's list: code, nominal and what else the bank says."""

    def __init__(self, line: str) -> None:
        self.code, nominal, *self.more = (part.strip() for part in line.split("|"))
        self.nominal = int(nominal)


class Banks:
    """Answers the paths of all banks, by the bank's name and the end of the path."""

    def __init__(self, sections: Sections, market: Market, clock: BankClock) -> None:
        self._rows = {bank: [Row(line) for line in sections[f"bank.{bank}"]] for bank in BANKS}
        self._market = market
        self._clock = clock
        self._answers: Mapping[str, Callable[[Request], Reply]] = {
            "nbk": self._nbk,
            "nbkr": self._nbkr,
            "nbt": self._nbt,
            "cbu": self._cbu,
            "cbr": self._cbr,
            "erapi": self._erapi,
        }

    def answer(self, bank: str, request: Request) -> Reply:
        """The document of one of BANKS."""
        return self._answers[bank](request)

    def _nbk(self, request: Request) -> Reply:
        headers = (("Cache-Control", "no-cache, private"),)
        if "fdate" not in request.query:
            newest = self._clock.newest_calendar_date(calendar.ALMATY, time(16, 0))
            return Reply(self._nbk_latest(newest).encode(), _XML, headers=headers)
        asked = _parse(request.query["fdate"], "%d.%m.%Y")
        return Reply(self._nbk_of(asked, request.query["fdate"]).encode(), _XML, headers=headers)

    def _nbk_latest(self, day: date) -> str:
        items = "".join(
            f"<item>\n<title>{row.code}</title>\n<pubDate>{day:%d.%m.%Y}</pubDate>\n<description>{value}</description>\n"
            f"<quant>{row.nominal}</quant>\n<index>{index}</index>\n<change>{change}</change>\n<link/>\n</item>\n"
            for row, value, index, change in self._nbk_items(day)
        )
        return (
            f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0">\n<channel>\n'
            f"<generator>Alternate RSS Builder</generator>\n<title>{_NBK_HEAD}</title>\n<link>www.nationalbank.kz</link>\n"
            f"<description>{_NBK_HEAD}</description>\n<language>ru</language>\n<copyright>www.nationalbank.kz</copyright>\n"
            f"{items}</channel>\n</rss>\n"
        )

    def _nbk_of(self, day: date | None, asked: str) -> str:
        newest = self._clock.newest_calendar_date(calendar.ALMATY, time(16, 0))
        if day is None or not self._market.first + timedelta(days=7) < day <= newest:
            info = "на выбранную дату информации нет."
            return f'<?xml version="1.0" encoding="utf-8"?>\n<rates>\n<date>{asked[:10]}</date>\n<info>{info}</info>\n</rates>\n'
        pad = "            "
        items = f"\n{pad}        ".join(
            f"<item>\n{pad}<fullname>{row.more[0]}</fullname>\n{pad}<title>{row.code}</title>\n"
            f"{pad}<description>{value}</description>\n{pad}<quant>{row.nominal}</quant>\n"
            f"{pad}<index>{index}</index>\n{pad}<change>{change}</change>\n{pad}</item>"
            for row, value, index, change in self._nbk_items(day)
        )
        return (
            f'<?xml version="1.0" encoding="utf-8"?>\n<rates>\n    <generator>Alternate RSS Builder</generator>\n'
            f"    <title>{_NBK_HEAD}</title>\n    <link>www.nationalbank.kz</link>\n"
            f"    <description>{_NBK_HEAD}</description>\n    <copyright>www.nationalbank.kz</copyright>\n"
            f"    <date>{day:%d.%m.%Y}</date>\n\n                        {items}\n            </rates>\n"
        )

    def _nbk_items(self, day: date) -> list[tuple[Row, str, str, str]]:
        items = []
        for row in self._rows["nbk"]:
            value = self._value(row, "KZT", session_for(day), 2)
            before = self._value(row, "KZT", session_for(day - timedelta(days=1)), 2)
            change = value - before
            index = "UP" if change > 0 else "DOWN" if change < 0 else ""
            items.append((row, trimmed(value), index, signed(change)))
        return items

    def _nbkr(self, request: Request) -> Reply:
        """Two files that the bank writes every afternoon; both can be asked for conditionally."""
        weekly = request.path.endswith("weekly.xml")
        day = self._clock.newest_calendar_date(calendar.BISHKEK, time(16, 20))
        written = datetime.combine(day - timedelta(days=1), time(16, 20, 45), calendar.BISHKEK)
        if weekly:
            day -= timedelta(days=(day.weekday() - 5) % 7)
        text = _nbkr_text(self._rows["nbkr.weekly" if weekly else "nbkr"], day, weekly, self._value)
        body = text.encode("windows-1251")
        tag = f'W/"{len(body)}-{int(written.timestamp())}000"'
        changed = format_datetime(written.astimezone(calendar.UTC), usegmt=True)
        return Reply(body, "application/xml", cached=Cached.FILE, etag=tag, last_modified=changed)

    def _nbt(self, request: Request) -> Reply:
        if request.query.get("export") != "xmlout":
            page = "<!DOCTYPE html>\n<html><head><title>National Bank of Tajikistan</title></head><body>XML export help page</body></html>\n"
            return Reply(page.encode())
        local = self._clock.local(calendar.DUSHANBE)
        asked = request.query.get("date", "today")
        day = local.date() if asked == "today" else _parse(asked, "%Y-%m-%d")
        if day is None or not self._market.first + timedelta(days=7) < day <= local.date():
            day = local.date()
        session = session_for(day) if day.weekday() < 5 else session_for(business_day_before(day))
        if day == local.date() and local.time() < time(11, 0) and day.weekday() < 5:
            session = session_for(business_day_before(day))
        rows = "".join(
            f'<Valute ID="{row.more[0]}">\n   <CharCode>{row.code}</CharCode>\n   <Nominal>{row.nominal}</Nominal>\n'
            f"   <Name>{row.more[1]}</Name>\n   <Value>{self._value(row, 'TJS', session, 4):f}</Value>\n</Valute>\n"
            for row in self._rows["nbt"]
        )
        head = f'<?xml version="1.0" encoding="utf-8" ?>\n<ValCurs Date="{day}" name="Foreign Currency Market">\n'
        return Reply(f"{head}{rows}</ValCurs>\n".encode(), "text/xml;charset=UTF-8")

    def _cbu(self, request: Request) -> Reply:
        """…/json/ and …/json/all/DATE/ and …/json/USD/DATE/; on days without a session the older date."""
        *before, last = ["all", *(part for part in request.path.split("/") if part)]
        newest = self._clock.newest_business_date(calendar.TASHKENT, time(16, 0))
        asked = _parse(last, "%Y-%m-%d")
        code = before[-1].upper() if asked else "ALL"
        day = min(asked or newest, newest)
        if day.weekday() > 4:
            day = business_day_before(day)
        rows = [row for row in self._rows["cbu"] if code in ("ALL", row.code)]
        if day < self._market.first + timedelta(days=7):
            rows = []
        headers = (
            ("Access-Control-Allow-Origin", "*"),
            ("Cache-Control", "no-store, no-cache, must-revalidate"),
        )
        body = json.dumps([self._cbu_item(row, day) for row in rows], separators=(",", ":"))
        return Reply(body.encode(), "application/json", headers=headers)

    def _cbu_item(self, row: Row, day: date) -> dict[str, str | int]:
        value = self._value(row, "UZS", session_for(day), 2)
        before = self._value(row, "UZS", session_for(business_day_before(day)), 2)
        number, uz, uzc, ru, en = row.more
        return {
            "id": int(number) % 89 + 1,
            "Code": number,
            "Ccy": row.code,
            "CcyNm_RU": ru,
            "CcyNm_UZ": uz,
            "CcyNm_UZC": uzc,
            "CcyNm_EN": en,
            "Nominal": str(row.nominal),
            "Rate": f"{value:f}",
            "Diff": trimmed(value - before),
            "Date": f"{day:%d.%m.%Y}",
        }

    def _cbr(self, request: Request) -> Reply:
        content_type = "text/xml; charset=windows-1251"
        newest = self._clock.newest_calendar_date(calendar.MOSCOW, time(18, 0))
        asked = _parse(request.query["date_req"], "%d/%m/%Y") if "date_req" in request.query else newest
        if asked is None or asked < self._market.first + timedelta(days=7):
            error = '<?xml version="1.0" encoding="windows-1251" ?>\n<ValCurs>\n    Error in parameters\n</ValCurs>\n'
            return Reply(error.encode("windows-1251"), content_type)
        day = min(asked, newest)
        while is_carried(day):
            day -= timedelta(days=1)
        rows = "".join(self._cbr_item(row, session_for(day)) for row in self._rows["cbr"])
        head = f'<?xml version="1.0" encoding="windows-1251"?><ValCurs Date="{day:%d.%m.%Y}" name="Foreign Currency Market">'
        headers = (("Cache-Control", "no-cache"),)
        return Reply(f"{head}{rows}</ValCurs>".encode("windows-1251"), content_type, headers=headers)

    def _cbr_item(self, row: Row, session: date) -> str:
        number, numeric, name = row.more
        value = self._value(row, "RUB", session, 4)
        return (
            f'<Valute ID="{number}"><NumCode>{numeric}</NumCode><CharCode>{row.code}</CharCode>'
            f"<Nominal>{row.nominal}</Nominal><Name>{name}</Name><Value>{comma(value)}</Value>"
            f"<VunitRate>{per_unit(value, row.nominal)}</VunitRate></Valute>"
        )

    def _erapi(self, request: Request) -> Reply:
        """Once a day after midnight UTC; a mix of sources, so a little off the banks' numbers."""
        base = request.path.rstrip("/").rpartition("/")[2].upper()
        if base not in self._market.codes():
            error = {"result": "error", "error-type": "unsupported-code"}
            return Reply(json.dumps(error, separators=(",", ":")).encode(), "application/json", 404)
        today = self._clock.local(calendar.UTC).date()
        updated = datetime.combine(today, time(0, 2, 31), calendar.UTC)
        following = updated + timedelta(hours=24, minutes=23, seconds=50)
        session = session_for(today)
        rates: dict[str, int | float] = {base: 1}
        for code in sorted(self._market.codes()):
            if code != base:
                rates[code] = _blended(self._market.price(base, code, session), code, today)
        answer = {
            "result": "success",
            "provider": "https://www.exchangerate-api.com",
            "documentation": "https://www.exchangerate-api.com/docs/free",
            "terms_of_use": "https://www.exchangerate-api.com/terms",
            "time_last_update_unix": int(updated.timestamp()),
            "time_last_update_utc": format_datetime(updated),
            "time_next_update_unix": int(following.timestamp()),
            "time_next_update_utc": format_datetime(following),
            "time_eol_unix": 0,
            "base_code": base,
            "rates": rates,
        }
        return Reply(json.dumps(answer, separators=(",", ":")).encode(), "application/json")

    def _value(self, row: Row, local: str, session: date, places: int) -> Decimal:
        return rounded(self._market.price(row.code, local, session) * row.nominal, places)


BANKS = ("nbk", "nbkr", "nbkr.weekly", "nbt", "cbu", "cbr")
PATHS = ("nbk", "nbkr", "nbt", "cbu", "cbr", "erapi")


def _nbkr_text(
    rows: list[Row], day: date, weekly: bool, value: Callable[[Row, str, date, int], Decimal]
) -> str:
    name = "Weekly" if weekly else "Daily"
    valid = "<ValidFor>7</ValidFor>\n" if weekly else ""
    items = "".join(
        f'<Currency ISOCode="{row.code}">\n<Nominal>{row.nominal}</Nominal>\n{valid}'
        f"<Value>{comma(value(row, 'KGS', session_for(day), 4))}</Value>\n</Currency>\n"
        for row in rows
    )
    head = '<?xml version="1.0" encoding="windows-1251" ?>\n'
    return (
        f'{head}<CurrencyRates Name="{name} Exchange Rates" Date="{day:%d.%m.%Y}">\n{items}</CurrencyRates>\n'
    )


def _blended(value: float, code: str, day: date) -> float:
    """A few hundredths of a percent off, the same all day; what is fixed by law stays."""
    wobble = (
        0
        if code in ("TMT", "AED", "SAR", "AZN")
        else ((day.toordinal() * 31 + sum(code.encode())) % 13 - 6) / 20_000
    )
    return round(value * (1 + wobble), 4 if value > 1 else 6)


def _parse(text: str, pattern: str) -> date | None:
    try:
        return datetime.strptime(text, pattern).date()  # noqa: DTZ007 (a day has no zone)
    except ValueError:
        return None
