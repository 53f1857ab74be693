"""Central banks of made-up numbers and true habits: calendars, formats, encodings and nominals are real.

Numbers that count from the next calendar day (Kazakhstan, Kyrgyzstan, Russia) are new on Tuesday to Saturday;
Uzbekistan's count from the next business day, Tajikistan's are set on the morning of the day itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime

from desktop.demo import bank_formats as formats
from desktop.demo import world_banks
from desktop.demo.bank_calendar import (
    ALMATY,
    ASHGABAT,
    BISHKEK,
    DUSHANBE,
    MOSCOW,
    TASHKENT,
    BankClock,
)
from desktop.demo.bank_formats import Priced
from desktop.demo.bank_ranges import BankRanges
from desktop.demo.market import Market
from desktop.demo.numbers_text import rounded
from desktop.demo.server import Cached, Reply, Request
from desktop.demo.texts import Sections
from desktop.demo.world_banks import WorldBanks, as_json

MANY_DAYS = ("/XML_dynamic.asp", "/export_xml_dynamic.php", "/index1.jsp")
LISTS = ("nbk", "nbkr", "nbkr.weekly", "nbt", "cbu", "cbr", "cbt")
PATHS = (*LISTS, *world_banks.PATHS)
_XML = "text/xml; charset=UTF-8"
_XML_CYRILLIC = "text/xml; charset=windows-1251"


class Banks:
    """Answers the paths of all banks; what counts is the bank's name, the query and the end of the path."""

    def __init__(self, sections: Sections, market: Market, clock: BankClock) -> None:
        self._rows = {name: [formats.row(line) for line in sections[f"bank.{name}"]] for name in LISTS}
        self._market = market
        self._clock = clock
        self._first = market.first + timedelta(days=7)
        self._answers: Mapping[str, Callable[[Request], Reply]] = {
            "nbk": self._nbk,
            "nbkr": self._nbkr,
            "nbt": self._nbt,
            "cbu": self._cbu,
            "cbr": self._cbr,
            "cbt": self._cbt,
        }
        self._world = WorldBanks(market, clock)
        self._ranges = BankRanges(self._rows, market, clock, self._first)

    def answer(self, bank: str, request: Request) -> Reply:
        """The document of one of PATHS."""
        if bank in world_banks.PATHS:
            return self._world.answer(bank, request)
        if request.path.endswith(MANY_DAYS):
            return self._ranges.answer(bank, request.query)
        return self._answers[bank](request)

    def _nbk(self, request: Request) -> Reply:
        headers = (("Cache-Control", "no-cache, private"),)
        newest = self._clock.newest_calendar_date(ALMATY, time(16, 0))
        asked = request.query.get("fdate")
        day = newest if asked is None else _parse(asked, "%d.%m.%Y")
        if day is None or not self._first < day <= newest:
            return Reply(formats.nbk_nothing(asked or "").encode(), _XML, headers=headers)
        items = self._priced("nbk", "KZT", day, day - timedelta(days=1), 2)
        text = formats.nbk_latest(day, items) if asked is None else formats.nbk_day(day, items)
        return Reply(text.encode(), _XML, headers=headers)

    def _nbkr(self, request: Request) -> Reply:
        """Two files that the bank writes every afternoon; both can be asked for conditionally."""
        weekly = request.path.rstrip("/").endswith(("weekly.xml", "weekly"))
        day = self._clock.newest_calendar_date(BISHKEK, time(16, 20))
        written = datetime.combine(day - timedelta(days=1), time(16, 20, 45), BISHKEK)
        if weekly:
            day -= timedelta(days=(day.weekday() - 5) % 7)
        items = self._priced("nbkr.weekly" if weekly else "nbkr", "KGS", day, day, 4)
        body = formats.nbkr(day, items, weekly).encode("windows-1251")
        tag = f'W/"{len(body)}-{int(written.timestamp())}000"'
        changed = format_datetime(written.astimezone(UTC), usegmt=True)
        return Reply(body, "application/xml", cached=Cached.FILE, etag=tag, last_modified=changed)

    def _nbt(self, request: Request) -> Reply:
        """For days out of its history it gives today's table without a word, as the bank does."""
        if request.query.get("export") != "xmlout":
            return Reply(formats.NBT_HELP.encode())
        local = self._clock.local(DUSHANBE)
        today, asked = local.date(), request.query.get("date", "today")
        day = today if asked == "today" else _parse(asked, "%Y-%m-%d")
        if day is None or not self._first < day <= today:
            day = today
        calendar = self._clock.scenario
        is_out = calendar.is_workday(day) and (day < today or local.time() >= time(11, 0))
        items = self._priced("nbt", "TJS", day if is_out else calendar.workday_before(day), day, 4)
        return Reply(formats.nbt(day, items).encode(), "text/xml;charset=UTF-8")

    def _cbu(self, request: Request) -> Reply:
        """…/json/ and …/json/all/DATE/ and …/json/USD/DATE/; on days without a session the older date."""
        *before, last = ["all", *(part for part in request.path.split("/") if part)]
        newest = self._clock.newest_business_date(TASHKENT, time(16, 0))
        asked = _parse(last, "%Y-%m-%d")
        code = before[-1].upper() if asked else "ALL"
        day = min(asked or newest, newest)
        calendar = self._clock.scenario
        day = day if calendar.is_workday(day) else calendar.workday_before(day)
        items = self._priced("cbu", "UZS", day, calendar.workday_before(day), 2) if day > self._first else []
        found = [formats.cbu(day, item) for item in items if code in ("ALL", item.row.code)]
        headers = (
            ("Access-Control-Allow-Origin", "*"),
            ("Cache-Control", "no-store, no-cache, must-revalidate"),
        )
        return Reply(as_json(found), "application/json", headers=headers)

    def _cbr(self, request: Request) -> Reply:
        newest = self._clock.newest_calendar_date(MOSCOW, time(18, 0))
        asked = request.query.get("date_req")
        day = newest if asked is None else _parse(asked, "%d/%m/%Y")
        if day is None or day <= self._first:
            return Reply(formats.CBR_ERROR.encode("windows-1251"), _XML_CYRILLIC)
        day = min(day, newest)
        while self._clock.scenario.is_carried(day):
            day -= timedelta(days=1)
        text = formats.cbr(day, self._priced("cbr", "RUB", day, day, 4))
        return Reply(text.encode("windows-1251"), _XML_CYRILLIC, headers=(("Cache-Control", "no-cache"),))

    def _cbt(self, request: Request) -> Reply:
        """A file for every day but Sundays, up to the one that is dated tomorrow."""
        newest = self._clock.newest_calendar_date(ASHGABAT, time(15, 30))
        day = _parse(request.path.rpartition("/")[2], "%d%m%Y.xml")
        if day is None or day.weekday() == 6 or not self._first < day <= newest:
            return Reply(formats.NOT_FOUND.encode(), status=404)
        dollar = rounded(self._market.price("USD", "TMT", self._clock.scenario.session_for(day)), 4)
        text = formats.cbt(day, self._priced("cbt", "TMT", day, day, 4), dollar)
        return Reply(
            text.encode(), "text/xml", cached=Cached.FILE, etag=f'"{len(text):x}-{day.toordinal():x}"'
        )

    def _priced(self, rows: str, local: str, day: date, previous: date, places: int) -> list[Priced]:
        """A bank's list with the numbers that count on a day, and those of an earlier one."""
        calendar, price = self._clock.scenario, self._market.price
        now, then = calendar.session_for(day), calendar.session_for(previous)
        found: list[Priced] = []
        for usual in self._rows[rows]:
            row = replace(usual, nominal=calendar.nominal(rows, usual.code, usual.nominal, day))
            both = (rounded(price(row.code, local, at) * row.nominal, places) for at in (now, then))
            found.append(Priced(row, *both))
        return found


def _parse(text: str, pattern: str) -> date | None:
    try:
        return datetime.strptime(text, pattern).date()  # noqa: DTZ007 (a day has no zone)
    except ValueError:
        return None
