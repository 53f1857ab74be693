"""The ECB and the aggregators of the demo: whole tables in euros or dollars, computed from the same market."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from desktop.demo import bank_formats as formats
from desktop.demo.bank_calendar import (
    ALMATY,
    BISHKEK,
    DUSHANBE,
    FRANKFURT,
    MOSCOW,
    TASHKENT,
    BankClock,
    session_for,
)
from desktop.demo.market import Market, business_day_before
from desktop.demo.numbers_text import rounded
from desktop.demo.server import Cached, Reply, Request

PATHS = ("ecb", "frankfurter", "fawaz", "erapi")
_JSON = "application/json; charset=utf-8"
_EUROPEAN = (
    "USD JPY CZK DKK GBP HUF PLN SEK CHF NOK TRY AUD BRL CAD CNY HKD IDR ILS INR KRW MXN MYR NZD SGD THB ZAR"
)
_FIXED_BY_LAW = ("TMT", "AED", "SAR", "AZN")
# Of a bank that Frankfurter passes on: its currency, zone, hour and decimals.
_BANKS = {
    "NBK": ("KZT", ALMATY, time(16, 0), 2),
    "NBKR": ("KGS", BISHKEK, time(16, 20), 4),
    "NBT": ("TJS", DUSHANBE, time(11, 0), 4),
    "CBU": ("UZS", TASHKENT, time(16, 0), 2),
    "CBR": ("RUB", MOSCOW, time(18, 0), 4),
}


class WorldBanks:
    """Answers for one of PATHS; what counts is the query and the end of the path."""

    def __init__(self, market: Market, clock: BankClock) -> None:
        self._market = market
        self._clock = clock

    def answer(self, bank: str, request: Request) -> Reply:
        """The document of one of PATHS."""
        answers = {
            "ecb": self._ecb,
            "frankfurter": self._frankfurter,
            "fawaz": self._fawaz,
            "erapi": self._erapi,
        }
        return answers[bank](request)

    def _ecb(self, request: Request) -> Reply:
        """A fixing every working day; the daily file, or that of 90 days."""
        local = self._clock.local(FRANKFURT)
        newest = local.date() if local.time() >= time(16, 0) else local.date() - timedelta(days=1)
        newest = newest if newest.weekday() < 5 else business_day_before(newest)
        if request.path.endswith(".zip"):
            return self._ecb_since_ever(newest)
        many = "hist" in request.path
        days = [newest]
        while many and len(days) < 64:
            days.append(business_day_before(days[-1]))
        text = formats.ecb([(day, self._euros(day)) for day in days])
        return Reply(
            text.encode(), "text/xml", cached=Cached.FILE, etag=f'"{newest.toordinal():x}-{len(days)}"'
        )

    def _ecb_since_ever(self, newest: date) -> Reply:
        """The full history: a CSV in a zip, newest first."""
        days = [newest]
        while days[-1] > self._market.first + timedelta(days=10):
            days.append(business_day_before(days[-1]))
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("eurofxref-hist.csv", formats.ecb_csv([(day, self._euros(day)) for day in days]))
        return Reply(packed.getvalue(), "application/zip")

    def _euros(self, day: date) -> Mapping[str, Decimal]:
        return {code: rounded(self._market.price("EUR", code, day), 4) for code in _EUROPEAN.split()}

    def _frankfurter(self, request: Request) -> Reply:
        """Rows of one day or of several; the bank's own number where one is named, else a blend."""
        base, bank = request.query.get("base", "EUR"), request.query.get("providers", "")
        quotes = [code for code in request.query.get("quotes", "").split(",") if code]
        known = self._market.codes()
        if base not in known or not set(quotes) <= set(known) or bank not in {"", *_BANKS}:
            return Reply(as_json({"status": 422, "message": f"invalid currency: {base}"}), _JSON, 422)
        rows = [
            {"date": day.isoformat(), "base": base, "quote": code, "rate": rate}
            for day in self._days(request.query, bank)
            for code, rate in self._rows(base, bank, quotes or sorted(known), day)
        ]
        tag = f'W/"{len(rows)}-{self._clock.now:%Y%m%d%H}"'
        headers = (("Cache-Control", "public, max-age=86400"),)
        return Reply(as_json(rows), _JSON, headers=headers, cached=Cached.FILE, etag=tag)

    def _days(self, query: Mapping[str, str], bank: str) -> list[date]:
        newest = self._clock.local(UTC).date()
        if bank:
            _, zone, hour, _ = _BANKS[bank]
            newest = self._clock.newest_calendar_date(zone, hour)
            if bank == "NBT":
                newest -= timedelta(days=1)
        asked = [_day(query.get(name, "")) for name in ("date", "from", "to")]
        if asked[0] is not None:
            return [min(asked[0], newest)]
        if asked[1] is None:
            return [newest]
        last = min(asked[2] or newest, newest)
        start = max(asked[1], self._market.first + timedelta(days=7))
        days = [start + timedelta(days=n) for n in range((last - start).days + 1)]
        return [day for day in days if day.weekday() < 5]

    def _rows(self, base: str, bank: str, quotes: list[str], day: date) -> Iterator[tuple[str, float]]:
        for code in quotes:
            if not bank:
                yield code, self._blended(base, code, day)
            elif _BANKS[bank][0] == code:
                yield code, float(rounded(self._market.price(base, code, session_for(day)), _BANKS[bank][3]))

    def _fawaz(self, request: Request) -> Reply:
        """Every morning, lower case; `@2026-11-20` in the address asks for a former day."""
        today = self._clock.local(UTC).date()
        tag = request.path.partition("@2")[2][:9]
        day = _day(f"2{tag}") if tag else today
        if day is None or day > today:
            return Reply(b"Couldn't find the requested release version.", "text/plain", 404)
        codes = [*sorted(self._market.codes())]
        rates: dict[str, float] = {code.lower(): self._blended("USD", code, day) for code in codes}
        return Reply(as_json({"date": day.isoformat(), "usd": rates | {"usd": 1, "xau": 0.00024611}}), _JSON)

    def _erapi(self, request: Request) -> Reply:
        """Once a day after midnight UTC; a mix of sources, so a little off the banks' numbers."""
        last = request.path.rstrip("/").rpartition("/")[2]
        base = "USD" if last in ("erapi", "latest") else last.upper()
        if base not in self._market.codes():
            return Reply(
                as_json({"result": "error", "error-type": "unsupported-code"}), "application/json", 404
            )
        today = self._clock.local(UTC).date()
        others = (code for code in sorted(self._market.codes()) if code != base)
        rates: dict[str, int | float] = {base: 1}
        rates |= {code: self._blended(base, code, today) for code in others}
        updated = datetime.combine(today, time(0, 2, 31), UTC)
        return Reply(as_json(formats.erapi(updated, base, rates)), "application/json")

    def _blended(self, base: str, code: str, day: date) -> float:
        """A few hundredths of a percent off, the same all day; what is fixed by law stays."""
        value = self._market.price(base, code, session_for(day))
        off = (day.toordinal() * 31 + sum(code.encode())) % 13 - 6
        wobble = 0.0 if code in _FIXED_BY_LAW or code == base else off / 20_000
        return round(value * (1 + wobble), 4 if value > 1 else 6)


def as_json(value: object) -> bytes:
    """A value in the compact form that servers send."""
    return json.dumps(value, separators=(",", ":")).encode()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
