"""The documents of the banks, as they publish them: from a list of priced rows to text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime

from desktop.demo.numbers_text import comma, per_unit, signed, trimmed

_NBK_TITLE = "Official exchange rates of National Bank of Republic Kazakhstan"
_NBK_LATEST = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0">
<channel>
<generator>Alternate RSS Builder</generator>
<title>{_NBK_TITLE}</title>
<link>www.nationalbank.kz</link>
<description>{_NBK_TITLE}</description>
<language>ru</language>
<copyright>www.nationalbank.kz</copyright>
"""
_NBK_DAY = f"""<?xml version="1.0" encoding="utf-8"?>
<rates>
    <generator>Alternate RSS Builder</generator>
    <title>{_NBK_TITLE}</title>
    <link>www.nationalbank.kz</link>
    <description>{_NBK_TITLE}</description>
    <copyright>www.nationalbank.kz</copyright>
"""
_NBK_NOTHING = """<?xml version="1.0" encoding="utf-8"?>
<rates>
<date>{day}</date>
<info>на выбранную дату информации нет.</info>
</rates>
"""
NBT_HELP = """<!DOCTYPE html>
<html><head><title>National Bank of Tajikistan</title></head><body>XML export help page</body></html>
"""
NOT_FOUND = """<html>
<head><title>404 Not Found</title></head>
<body><center><h1>404 Not Found</h1></center><hr><center>nginx</center></body>
</html>
"""
CBR_ERROR = """<?xml version="1.0" encoding="windows-1251" ?>
<ValCurs>
    Error in parameters
</ValCurs>
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a bank's list: code, nominal and what else the bank says of the currency."""

    code: str
    nominal: int
    more: tuple[str, ...]


def row(line: str) -> Row:
    """A line as it stands in the texts: code | nominal | more."""
    code, nominal, *more = (part.strip() for part in line.split("|"))
    return Row(code, int(nominal), tuple(more))


@dataclass(frozen=True, slots=True)
class Priced:
    """A row with its number, and the number of the fixing before."""

    row: Row
    value: Decimal
    before: Decimal

    @property
    def change(self) -> Decimal:
        return self.value - self.before

    @property
    def arrow(self) -> str:
        return "UP" if self.change > 0 else "DOWN" if self.change < 0 else ""


def nbk_latest(day: date, items: Sequence[Priced]) -> str:
    """The latest form of Kazakhstan's: like RSS, but the dates are not."""
    body = "".join(
        f"<item>\n<title>{item.row.code}</title>\n<pubDate>{day:%d.%m.%Y}</pubDate>\n"
        f"<description>{trimmed(item.value)}</description>\n<quant>{item.row.nominal}</quant>\n"
        f"<index>{item.arrow}</index>\n<change>{signed(item.change)}</change>\n<link/>\n</item>\n"
        for item in items
    )
    return f"{_NBK_LATEST}{body}</channel>\n</rss>\n"


def nbk_day(day: date, items: Sequence[Priced]) -> str:
    """Kazakhstan's by date."""
    pad = " " * 12
    body = f"\n{' ' * 20}".join(
        f"<item>\n{pad}<fullname>{item.row.more[0]}</fullname>\n{pad}<title>{item.row.code}</title>\n"
        f"{pad}<description>{trimmed(item.value)}</description>\n{pad}<quant>{item.row.nominal}</quant>\n"
        f"{pad}<index>{item.arrow}</index>\n{pad}<change>{signed(item.change)}</change>\n{pad}</item>"
        for item in items
    )
    return f"{_NBK_DAY}    <date>{day:%d.%m.%Y}</date>\n\n{' ' * 24}{body}\n{pad}</rates>\n"


def nbk_nothing(asked: str) -> str:
    """Kazakhstan's for a day without numbers."""
    return _NBK_NOTHING.format(day="".join(c for c in asked if c.isdigit() or c == ".")[:10])


def nbkr(day: date, items: Sequence[Priced], weekly: bool) -> str:
    """Kyrgyzstan's daily or weekly file."""
    valid = "<ValidFor>7</ValidFor>\n" if weekly else ""
    body = "".join(
        f'<Currency ISOCode="{item.row.code}">\n<Nominal>{item.row.nominal}</Nominal>\n{valid}'
        f"<Value>{comma(item.value)}</Value>\n</Currency>\n"
        for item in items
    )
    name = f"{'Weekly' if weekly else 'Daily'} Exchange Rates"
    head = f'<?xml version="1.0" encoding="windows-1251" ?>\n<CurrencyRates Name="{name}"'
    return f'{head} Date="{day:%d.%m.%Y}">\n{body}</CurrencyRates>\n'


def nbt(day: date, items: Sequence[Priced]) -> str:
    """Tajikistan's."""
    body = "".join(
        f'<Valute ID="{item.row.more[0]}">\n   <CharCode>{item.row.code}</CharCode>\n'
        f"   <Nominal>{item.row.nominal}</Nominal>\n   <Name>{item.row.more[1]}</Name>\n"
        f"   <Value>{item.value:f}</Value>\n</Valute>\n"
        for item in items
    )
    head = '<?xml version="1.0" encoding="utf-8" ?>\n'
    return f'{head}<ValCurs Date="{day}" name="Foreign Currency Market">\n{body}</ValCurs>\n'


def cbu(day: date, item: Priced) -> dict[str, str | int]:
    """An object of Uzbekistan's list: all numbers but the id are strings."""
    numeric, uz, uzc, ru, en = item.row.more
    return {
        "id": int(numeric) % 89 + 1,
        "Code": numeric,
        "Ccy": item.row.code,
        "CcyNm_RU": ru,
        "CcyNm_UZ": uz,
        "CcyNm_UZC": uzc,
        "CcyNm_EN": en,
        "Nominal": str(item.row.nominal),
        "Rate": f"{item.value:f}",
        "Diff": trimmed(item.change),
        "Date": f"{day:%d.%m.%Y}",
    }


def cbr(day: date, items: Sequence[Priced]) -> str:
    """Russia's, all in one line."""
    body = "".join(
        f'<Valute ID="{item.row.more[0]}"><NumCode>{item.row.more[1]}</NumCode>'
        f"<CharCode>{item.row.code}</CharCode><Nominal>{item.row.nominal}</Nominal>"
        f"<Name>{item.row.more[2]}</Name><Value>{comma(item.value)}</Value>"
        f"<VunitRate>{per_unit(item.value, item.row.nominal)}</VunitRate></Valute>"
        for item in items
    )
    head = f'<?xml version="1.0" encoding="windows-1251"?><ValCurs Date="{day:%d.%m.%Y}"'
    return f'{head} name="Foreign Currency Market">{body}</ValCurs>'


def cbt(day: date, items: Sequence[Priced], dollar: Decimal) -> str:
    """Turkmenistan's: CRLF, tabs, and beside the manat a price in dollars whose direction differs from row to row."""
    body = "".join(
        f'\t<rate code="{item.row.code}">\n\t\t<name>{item.row.more[0]}</name>\n'
        f"\t\t<rate_usd>{trimmed(_in_dollars(item, dollar))}</rate_usd>\n"
        f"\t\t<multiplier>{item.row.nominal}</multiplier>\n\t\t<rate_tmt>{trimmed(item.value)}</rate_tmt>\n"
        f"\t\t<checksum>{abs(hash((day.toordinal(), item.row.nominal))):032x}</checksum>\n\t</rate>\n"
        for item in items
    )
    head = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cbt_currency_rate name="CBT Currency XML">'
    )
    return f"{head}\n\t<date>{day:%d.%m.%Y}</date>\n{body}</cbt_currency_rate>".replace("\n", "\r\n")


def _in_dollars(item: Priced, dollar: Decimal) -> Decimal:
    one = item.value / item.row.nominal / dollar
    return (one if "/" in item.row.more[0] else 1 / one).quantize(Decimal("0.0001"))


def ecb(days: Sequence[tuple[date, Mapping[str, Decimal]]]) -> str:
    """The euro's: one day with single quotes and tabs, a history in one line with double quotes."""
    mark, gap, end = ("'", "\t\t", "\n") if len(days) == 1 else ('"', "", "")
    cubes = "".join(
        f"{gap}<Cube time={mark}{day}{mark}>{end}"
        + "".join(
            f"{gap}\t<Cube currency={mark}{code}{mark} rate={mark}{trimmed(rate)}{mark}/>{end}"
            for code, rate in rates.items()
        )
        + f"{gap}</Cube>{end}"
        for day, rates in days
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" '
        'xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref"><gesmes:subject>Reference rates</gesmes:subject>'
        "<gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>"
        f"<Cube>{end}{cubes}</Cube></gesmes:Envelope>"
    )


def ecb_csv(days: Sequence[tuple[date, Mapping[str, Decimal]]]) -> str:
    """The euro's full history: a column a currency, and a comma at the end of each line."""
    head = ",".join(("Date", *days[0][1], ""))
    lines = (",".join((day.isoformat(), *map(trimmed, rates.values()), "")) for day, rates in days)
    return "\n".join((head, *lines)) + "\n"


def erapi(updated: datetime, base: str, rates: dict[str, int | float]) -> dict[str, object]:
    """The aggregator's object; it is renewed about a day later."""
    following = updated + timedelta(hours=24, minutes=23, seconds=50)
    return {
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
