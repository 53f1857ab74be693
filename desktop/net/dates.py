"""Dates as feeds write them: RFC 822 with all its mistakes, W3C, Russian and Central Asian month names.

The result is in UTC. Without a zone the text is taken as UTC, or as `zone` when the caller knows the site's.
Dates are given back as published, in the future too; None when there is no date in the text.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

LONGEST = 120  # characters of a text that are looked at

# The form that nearly all feeds use: "Fri, 20 Nov 2026 12:00:00 +0000".
USUAL = re.compile(
    r"[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) (?:([+-])(\d\d)(\d\d)|GMT)"
)
W3C = re.compile(
    r"(\d{4})(?:-?(\d\d)(?:-?(\d\d))?)?"
    r"(?:[Tt ]\s*(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?)?\s*(Z|z|[+-]\d\d(?::?\d\d)?|[A-Za-z]{2,5})?"
)
ORDINAL = re.compile(r"(\d{4})-(\d{3})")
RFC822 = re.compile(
    r"(?:[^\W\d]+\.?,?\s*)?(\d{1,2})[\s-]+([^\W\d]{3,})\.?[\s,-]+(\d{4}|\d{2,3})(?!\d)\.?,?"
    r"(?:\s+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?\s*([^:]{0,14}|(?:UTC|GMT)?\s?[+-]\d{1,2}:\d\d)"
)
NUMERIC = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
UNIX = re.compile(r"(\d{9,10})(\d{3})?(?:\.\d+)?")
CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?")
HALF_DAY = re.compile(r"\b([ap])\.?m\b", re.IGNORECASE)
OFFSET = re.compile(r"(?:UTC|GMT|UT)?\s*([-+−–])\s?(\d{1,2}):?(\d\d)?\b", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_]+")
YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
DAY = re.compile(r"(?<![\d:])(\d{1,2})(?![\d:])")

MONTHS = {
    start: number
    for number, starts in enumerate(
        (
            "jan янв қаң yan ýan ian",
            "feb фев ақп fev few",
            "mar мар нау mär",
            "apr апр сәу",
            "may май мая мам maý mai",
            "jun июн мау iyun iýun",
            "jul июл шіл iyul iýul",
            "aug авг там avg awg",
            "sep сен қыр sen",
            "oct окт қаз okt",
            "nov ноя қар noy noý",
            "dec дек жел dek dez",
        ),
        start=1,
    )
    for start in starts.split()
}
HOURS = {
    "UTC": 0, "UT": 0, "GMT": 0, "Z": 0, "WET": 0, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
    "AKST": -9, "HST": -10, "AST": -4, "ADT": -3, "ET": -5, "CT": -6, "MT": -7, "PT": -8,
    "MSK": 3, "МСК": 3, "MSD": 4, "MCK": 3, "TRT": 3, "SAMT": 4, "GET": 4, "AZT": 4, "GST": 4, "YEKT": 5,
    "UZT": 5, "TJT": 5, "TMT": 5, "AQTT": 5, "ORAT": 5, "PKT": 5, "KGT": 6, "OMST": 6, "QYZT": 5, "KRAT": 7,
    "NOVT": 7, "HKT": 8, "SGT": 8, "IRKT": 8, "JST": 9, "KST": 9, "YAKT": 9, "AEST": 10, "AEDT": 11,
    "VLAT": 10, "NZST": 12,
}  # fmt: skip
GREENWICH = frozenset({"+0000", "-0000", "+00:00", "GMT", "UTC", "Z"})
FIRST_YEAR, LAST_YEAR = 1000, 8999
KAZAKHSTAN_ONE_ZONE = date(2024, 3, 1)  # from then on Almaty keeps UTC+5


def parse(text: str, zone: tzinfo = UTC) -> datetime | None:
    """The moment that `text` names, in UTC; None when it names none."""
    try:
        usual = USUAL.fullmatch(text)
        moment = (_usual(usual) if usual else None) or _unusual(text, zone)
    except (ValueError, OverflowError):
        return None
    # At the ends of the calendar nobody could take a day off, or add one.
    return moment if moment and FIRST_YEAR <= moment.year <= LAST_YEAR else None


def _unusual(text: str, zone: tzinfo) -> datetime | None:
    line = " ".join(text[: 2 * LONGEST].split())[:LONGEST]
    if not line:
        return None
    moment = _rfc822(line, zone) or _w3c(line, zone) or _unix(line) or _by_parts(line, zone)
    return moment.astimezone(UTC) if moment else None


def _usual(found: re.Match[str]) -> datetime | None:
    day, name, year, hour, minute, second, sign, hours, minutes = found.groups()
    month = MONTHS.get(name.lower())
    if month is None or hour > "23" or second > "59":
        return None
    moment = datetime(int(year), month, int(day), int(hour), int(minute), int(second), tzinfo=UTC)
    if sign is None or (hours == "00" and minutes == "00"):
        return moment
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return moment - offset if sign == "+" else moment + offset


def _w3c(line: str, zone: tzinfo) -> datetime | None:
    found = W3C.fullmatch(line)
    if not found:
        return _ordinal(line, zone)
    year, month, day, hour, minute, second, where = found.groups()
    return _moment(int(year), int(month or 1), int(day or 1), (hour, minute, second), where or "", zone)


def _ordinal(line: str, zone: tzinfo) -> datetime | None:
    found = ORDINAL.fullmatch(line)
    if not found:
        return None
    start = datetime(int(found.group(1)), 1, 1, tzinfo=zone)
    return start + timedelta(days=int(found.group(2)) - 1)


def _rfc822(line: str, zone: tzinfo) -> datetime | None:
    found = RFC822.fullmatch(line)
    if not found:
        return None
    day, name, year, hour, minute, second, where = found.groups()
    month = _month(name)
    if not month:
        return None
    return _moment(_full_year(year), month, int(day), (hour, minute, second), where, zone)


def _unix(line: str) -> datetime | None:
    found = UNIX.fullmatch(line)
    return datetime.fromtimestamp(int(found.group(1)), UTC) if found else None


def _by_parts(line: str, zone: tzinfo) -> datetime | None:
    """A date with its parts in any order: "Jan 5, 2024 7:30 PM", "23.11.2026 15:00"."""
    clock = CLOCK.search(line)
    rest = line[: clock.start()] + " " + line[clock.end() :] if clock else line
    where = line[clock.end() :] if clock else ""
    numeric = NUMERIC.search(rest)
    if numeric:
        day, month, year = (int(part) for part in numeric.groups())
        day, month = (month, day) if month > 12 else (day, month)
    else:
        named = _named_day(rest)
        if not named:
            return None
        year, month, day = named
    time = _half_day(clock.groups(), line) if clock else (None, None, None)
    return _moment(year, month, day, time, where, zone)


def _named_day(text: str) -> tuple[int, int, int] | None:
    year = YEAR.search(text)
    month = next(filter(None, map(_month, WORD.findall(text))), 0)
    if not year or not month:
        return None
    day = DAY.search(text[: year.start()] + " " + text[year.end() :])
    return (int(year.group(1)), month, int(day.group(1))) if day else None


def _half_day(time: tuple[str | None, ...], line: str) -> tuple[str | None, str | None, str | None]:
    hour, minute, second = time
    half = HALF_DAY.search(line)
    if half and hour and int(hour) <= 12:
        hour = str(int(hour) % 12 + (12 if half.group(1) in "pP" else 0))
    return hour, minute, second


def _month(word: str) -> int:
    lowered = word.lower()
    return MONTHS.get(lowered[:3]) or MONTHS.get(lowered[:4], 0)


def _full_year(text: str) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    if len(text) == 3:
        return 1900 + year
    return year + (2000 if year < 50 else 1900)


def _moment(
    year: int, month: int, day: int, time: tuple[str | None, str | None, str | None], where: str, zone: tzinfo
) -> datetime:
    hour, minute, second = (int(part or 0) for part in time)
    days = 0
    if hour == 24 and not minute and not second:
        hour, days = 0, 1
    moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    known = _zone(where, moment.date())
    return moment.replace(tzinfo=zone if known is None else known) + timedelta(days=days)


def _zone(text: str, day: date) -> tzinfo | None:
    """The zone that a text names by offset or by name, None when it names none."""
    if text in GREENWICH:
        return UTC
    if not text:
        return None
    offset = OFFSET.search(text)
    if offset:
        sign, hours, minutes = offset.groups()
        return _fixed(int(hours) * 60 + int(minutes or 0), minus=sign != "+")
    for word in WORD.findall(text):
        name = word.upper()
        if name == "ALMT":
            return _fixed(300 if day >= KAZAKHSTAN_ONE_ZONE else 360)
        if name in HOURS:
            return _fixed(abs(HOURS[name]) * 60, minus=HOURS[name] < 0)
    return None


def _fixed(minutes: int, *, minus: bool = False) -> tzinfo | None:
    if minutes >= 24 * 60:
        return None
    return timezone(timedelta(minutes=-minutes if minus else minutes))
