"""European Central Bank: how much of each currency for one euro, point; one day, 90 days or everything since 1999.

The XML of one day and of 90 have one shape: `Cube[@time]/Cube[@currency @rate]`. The full history is a CSV in a
zip, a column a currency, "N/A" where there is none and a comma at the end of each line. The data service's CSV
has a row a number and is read by the names of its columns.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime

from desktop.core.rates.sources import RULES
from desktop.net.rates.document import (
    Question,
    Row,
    collect,
    collect_range,
    document_date,
    iso_date,
    refused,
    whole_text,
    xml,
)
from desktop.net.rates.provider import Parsed, Provider
from desktop.net.rates.ranges import RangeRequest, Ranges

RULE = RULES["ecb"]
HISTORY_90_DAYS = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist-90d.xml"
HISTORY = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip"
_MEMBER = "eurofxref-hist.csv"
_MOST_UNPACKED = 20_000_000  # 27 years of some forty currencies are 2.5 MB
_CUBE = "{http://www.ecb.int/vocabulary/2002-08-01/eurofxref}Cube"
_NOT_OURS = "This is not a table of the European Central Bank."


def read(body: bytes, fetched_at: datetime, asked: date | None) -> Parsed:
    """Any of the documents; one that holds several days gives the quotes of all of them."""
    return collect(_question(fetched_at, asked), _rows(body))


def read_range(body: bytes, fetched_at: datetime, request: RangeRequest) -> Parsed:
    """The history, or that of 90 days, of the currencies and days that were asked for."""
    return collect_range(RULE, request, fetched_at, _rows(body), from_home=True)


def _question(fetched_at: datetime, asked: date | None) -> Question:
    return Question(RULE, fetched_at, asked, from_home=True, many_days=True)


def _rows(body: bytes) -> Iterator[Row]:
    if body[:4] == b"PK\x03\x04":
        return _of_csv(_unpacked(body))
    if body[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"Date,", b"FREQ,", b"KEY,", b"CURRENCY,")):
        return _of_csv(body)
    return _of_xml(body)


def _of_xml(body: bytes) -> Iterator[Row]:
    root = xml(body)
    days = [cube for cube in root.iter(_CUBE) if cube.get("time")]
    if not days:
        raise refused(_NOT_OURS)
    for cube in days:
        day = document_date(str(cube.get("time")), "iso")
        for item in cube.iterfind(_CUBE):
            yield Row(str(item.get("currency", "")), str(item.get("rate", "")), "1", day)


def _of_csv(body: bytes) -> Iterator[Row]:
    lines = csv.DictReader(io.StringIO(whole_text(body), newline=""))
    names = set(lines.fieldnames or ())
    if {"CURRENCY", "TIME_PERIOD", "OBS_VALUE"} <= names:
        yield from (
            row for line in lines if (row := _row(line["CURRENCY"], line["OBS_VALUE"], line["TIME_PERIOD"]))
        )
    elif {"Date", "USD"} <= names:
        codes = [name for name in lines.fieldnames or () if name and name != "Date"]
        yield from (row for line in lines for code in codes if (row := _row(code, line[code], line["Date"])))
    else:
        raise refused(_NOT_OURS)


def _row(code: str | None, value: str | None, day: str | None) -> Row | None:
    """None for a number that is not there."""
    if not code or not value or value.strip() in {"N/A", "NaN"}:
        return None
    try:
        return Row(code.strip(), value, "1", iso_date(day or ""))
    except ValueError:
        return None


def _unpacked(body: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive, archive.open(_MEMBER) as member:
            content = member.read(_MOST_UNPACKED + 1)
    except (KeyError, OSError, zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError) as error:
        raise refused("The archive is damaged, or was cut off.") from error
    if len(content) > _MOST_UNPACKED:
        raise refused("The answer is far larger than a table of rates.")
    return content


PROVIDER = Provider(
    rule=RULE,
    name="European Central Bank",
    country="",
    url="https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml",
    credit="Source: European Central Bank",
    credit_url="https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates/",
    homepage="https://www.ecb.europa.eu/",
    terms="Free to use where the source is named; for information, not for transactions.",
    reader=read,
    ranges=Ranges(
        url=HISTORY,
        tail="",
        reader=read_range,
        together=True,
        recent_url=HISTORY_90_DAYS,
        recent_days=85,
    ),
)
