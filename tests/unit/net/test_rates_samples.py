"""Every stored payload is read by its own provider or refused by all: never read as something else."""

import hashlib
import io
import json
import re
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.core.errors import ParseError
from desktop.core.rates.pairs import parse_pair
from desktop.core.rates.pegs import read as load
from desktop.core.rates.quotes import answer, format_change, format_rate
from desktop.net.rates import PROVIDERS, ecb
from desktop.net.rates.ranges import RangeRequest

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT / "tests" / "data" / "rates"
MANIFEST = json.loads((SAMPLES / "manifest.json").read_text(encoding="utf-8"))
NAMES = [entry["file"] for entry in MANIFEST]
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)

READ = {  # file: provider, rows, date of the dollar (of the pound in the weekly table), one number
    "nbk-latest.xml": ("nbk", 14, date(2026, 11, 20), ("USD", "472.35")),
    "nbk-date-2026-11-20.xml": ("nbk", 14, date(2026, 11, 20), ("UZS", "0.0391")),
    "nbk-date-2026-11-23-monday.xml": ("nbk", 14, date(2026, 11, 23), ("AMD", "1.235")),
    "nbkr-latest-daily.xml": ("nbkr", 5, date(2026, 11, 24), ("KZT", "0.1848")),
    "nbkr-latest-weekly.xml": ("nbkr.weekly", 15, date(2026, 11, 21), ("JPY", "0.56343")),
    "nbt-latest.xml": ("nbt", 12, date(2026, 11, 24), ("KGS", "0.10589")),
    "nbt-date-2026-11-22-sunday.xml": ("nbt", 12, date(2026, 11, 22), ("USD", "9.2671")),
    "cbu-latest.json": ("cbu", 11, date(2026, 11, 24), ("USD", "12075.20")),
    "cbu-date-2026-11-22-sunday.json": ("cbu", 11, date(2026, 11, 20), ("EUR", "14004.93")),
    "cbu-date-usd-2026-11-20.json": ("cbu", 1, date(2026, 11, 20), ("USD", "12071.13")),
    "cbu-latest.xml": ("cbu", 4, date(2026, 11, 24), ("KZT", "25.52")),
    "cbr-latest.xml": ("cbr", 15, date(2026, 11, 24), ("KZT", "0.16718")),
    "cbr-date-2026-11-23-monday.xml": ("cbr", 15, date(2026, 11, 21), ("USD", "78.8421")),
    "erapi-latest.json": ("erapi", 16, date(2026, 11, 23), ("KZT", "473.18")),
    "cbt-date-2026-11-24.xml": ("cbt", 13, date(2026, 11, 24), ("UZS", "0.0002899")),
    "cbt-date-2022-11-24-isodate.xml": ("cbt", 13, date(2022, 11, 24), ("AZN", "2.0588")),
    "cbar-date-2026-11-24.xml": ("cbar", 7, date(2026, 11, 24), ("KZT", "0.003593")),
    "nbg-date-2026-11-23.json": ("nbg", 8, date(2026, 11, 21), ("AMD", "0.0070853")),
    "tcmb-latest.xml": ("tcmb", 4, date(2026, 11, 23), ("USD", "42.5020")),
    "ecb-latest.xml": ("ecb", 8, date(2026, 11, 23), ("USD", "1.1588")),
    "ecb-hist-90d.xml": ("ecb", 24, date(2026, 11, 23), ("GBP", "0.88534")),
    "ecb-hist.csv": ("ecb", 16, date(2026, 11, 23), ("KRW", "1698.68")),
    "ecb-sdmx.csv": ("ecb", 9, date(2026, 11, 19), ("USD", "1.1582")),
    "frankfurter-v2-latest.json": ("frankfurter", 5, date(2026, 11, 24), ("KZT", "473.18")),
    "frankfurter-v2-rate.json": ("frankfurter", 1, date(2026, 11, 23), ("KGS", "87.45")),
    "frankfurter-v2-rates-expand.json": ("frankfurter", 1, date(2026, 11, 23), ("TMT", "3.5")),
    "frankfurter-v2-range.json": ("frankfurter.nbk", 3, date(2026, 11, 19), ("KZT", "470.88")),
    "fawazahmed0-latest.json": ("fawaz", 17, date(2026, 11, 23), ("TJS", "9.2671")),
    "fawazahmed0-date-fallback.min.json": ("fawaz", 5, date(2026, 11, 20), ("UZS", "12071.13")),
}
# Of the answers that say nothing of who was asked, all readers of that family read what they find.
FAMILY = {name: provider.partition(".")[0] for name, (provider, *_) in READ.items() if "frankfurter" in name}
# What is nobody's latest table: errors, pages, histories of one currency (read elsewhere), services not asked.
NOBODYS = {
    "allratestoday-cbt-latest.json", "cbr-error.xml", "cbr-metals-range.xml", "cbr-range-kzt.xml",
    "cbt-date-sunday-404.html", "cfets-latest.json", "coingecko-429.json", "coingecko-latest.json",
    "currencyapi-latest.json", "erapi-error.json", "floatrates-latest.json", "frankfurter-v1-404.json",
    "frankfurter-v1-latest.json", "frankfurter-v1-range.json", "frankfurter-v2-currency-tmt.json",
    "frankfurter-v2-error-422.json", "frankfurter-v2-providers.json", "generic-200-html-challenge.html",
    "generic-empty-200.txt", "generic-truncated.xml", "nbg-empty.json", "nbk-date-nodata.xml",
    "nbkr-range-usd.html", "nbt-date-out-of-range.xml", "nbt-missing-export-param.html", "nbt-range-usd.xml",
    "openexchangerates-error.json", "openexchangerates-latest.json",
}  # fmt: skip


def body(name):
    return (SAMPLES / name).read_bytes()


def asked(name):
    """The day that the address of a payload asks for; None for the latest."""
    url = next(entry["url"] for entry in MANIFEST if entry["file"] == name)
    if found := re.search(r"(?:fdate|date_req)=(\d\d)[./](\d\d)[./](\d{4})", url):
        day, month, year = (int(part) for part in found.groups())
        return date(year, month, day) if month <= 12 else None
    if found := re.search(r"/kurs/\d{4}/(\d\d)(\d\d)(\d{4})|/currencies/(\d\d).(\d\d).(\d{4})", url):
        day, month, year = (int(part) for part in found.groups() if part)
        return date(year, month, day)
    found = re.search(r"(?:\bdate=|/json/\w+/|//)(\d{4}-\d\d-\d\d)", url)
    return date.fromisoformat(found[1]) if found else None


@pytest.mark.parametrize("entry", MANIFEST, ids=NAMES)
def test_the_samples_are_the_bytes_of_the_manifest(entry):
    data = body(entry["file"])
    assert len(data) == entry["bytes"]
    assert hashlib.sha256(data).hexdigest().startswith(entry["sha256"])


def test_no_sample_is_left_out():
    files = {path.name for path in SAMPLES.glob("[!.]*")} - {"manifest.json"}
    assert files == set(NAMES) == set(READ) | NOBODYS
    assert not set(READ) & NOBODYS
    assert {entry["file"] for entry in MANIFEST if entry["status"] != 200} <= NOBODYS


@pytest.mark.parametrize("name", READ)
def test_a_good_payload_is_read_whole(name):
    provider, rows, day, (code, value) = READ[name]
    quotes = PROVIDERS[provider].parse(body(name), NOW, asked(name))
    found = next(quote for quote in quotes if code in (quote.base, quote.quote))
    assert (len(quotes), found.valid_from, found.rate) == (rows, day, Decimal(value))
    assert {quote.source for quote in quotes} == {provider}


@pytest.mark.parametrize(
    ("name", "provider"),
    [(name, one) for name in NAMES for one in PROVIDERS if one.partition(".")[0] != FAMILY.get(name)],
)
def test_what_is_not_a_providers_own_payload_is_refused(name, provider):
    if READ.get(name, ("",))[0] == provider:
        assert PROVIDERS[provider].parse(body(name), NOW, asked(name))
        return
    with pytest.raises(ParseError) as caught:
        PROVIDERS[provider].parse(body(name), NOW, asked(name))
    assert caught.value.message.endswith(".")
    assert caught.value.remedy


def test_without_a_day_an_out_of_range_answer_is_todays_table():
    assert PROVIDERS["nbt"].parse(body("nbt-date-out-of-range.xml"), NOW)


def _sample_book():
    files = ("nbk-latest.xml", "nbk-date-2026-11-23-monday.xml", "nbkr-latest-daily.xml", "nbt-latest.xml")
    files += ("nbt-date-2026-11-22-sunday.xml", "cbu-latest.json", "cbu-date-2026-11-22-sunday.json")
    files += ("cbr-latest.xml", "cbr-date-2026-11-23-monday.xml", "erapi-latest.json")
    return [quote for name in files for quote in PROVIDERS[READ[name][0]].parse(body(name), NOW)]


def _nbk_of_the_24th():
    document = body("nbk-latest.xml").replace(b"20.11.2026", b"24.11.2026").replace(b">472.35<", b">473.18<")
    return PROVIDERS["nbk"].parse(document.replace(b">+1.47<", b">+0.83<"), NOW)


@pytest.mark.parametrize(
    ("pair", "value", "change", "source"),
    [
        ("USD/KGS", "87.45", "\u2014", "nbkr"),
        ("KGS/USD", "0.0114351", "\u2014", "nbkr"),
        ("USD/KZT", "473.18", "+0.18 %", "nbk"),
        ("KZT/USD", "0.0021134", "\u22120.18 %", "nbk"),
        ("USD/TJS", "9.2598", "\u22120.08 %", "nbt"),
        ("TJS/USD", "0.10799", "+0.08 %", "nbt"),
        ("USD/UZS", "12075.20", "\u22120.04 %", "cbu"),
        ("UZS/USD", "0.0000828144", "+0.04 %", "cbu"),
        ("USD/TMT", "3.5", "pegged", "peg"),
        ("TMT/USD", "0.285714285714", "pegged", "peg"),
        ("EUR/USD", "1.1588", "\u22120.12 %", "cbr"),
        ("KZT/KGS", "0.1848", "\u2014", "nbkr"),
        ("USD/RUB", "79.1064", "+0.34 %", "cbr"),
    ],
)
def test_the_pairs_of_24_november_are_right_to_the_last_published_digit(pair, value, change, source):
    pegs = load((ROOT / "resources" / "pegs.json").read_bytes(), NOW)
    given = answer(parse_pair(pair), date(2026, 11, 24), [*_sample_book(), *_nbk_of_the_24th()], pegs, NOW)
    assert (format_rate(given.rate, given.digits), format_change(given), given.source) == (
        value,
        change,
        source,
    )
    assert (given.stale, given.upcoming) == (False, None)


@pytest.mark.parametrize("day", [23, 24])
def test_until_the_next_fixing_the_tenge_is_that_of_friday(day):
    now = NOW.replace(day=day)
    given = answer(parse_pair("USD/KZT"), date(2026, 11, day), _sample_book(), [], now)
    assert (str(given.rate), format_change(given), given.stale) == ("472.35", "+0.31 %", False)


@pytest.mark.parametrize("currency", ["KZT", "KGS", "TJS", "UZS", "TMT"])
def test_the_bank_of_russia_agrees_with_the_native_banks(currency):
    cbr = PROVIDERS["cbr"].parse(body("cbr-latest.xml"), NOW)
    aggregated = PROVIDERS["erapi"].parse(body("erapi-latest.json"), NOW)
    pair = parse_pair(f"USD/{currency}")
    russian = answer(pair, date(2026, 11, 24), cbr, [], NOW)
    other = answer(pair, date(2026, 11, 24), aggregated, [], NOW)
    assert (russian.source, other.source) == ("cbr", "erapi")
    assert abs(russian.rate / other.rate - 1) < Decimal("0.0001")


def zipped(content, name="eurofxref-hist.csv"):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


def test_the_full_history_of_the_ecb_is_read_from_its_archive():
    whole = ecb.read(zipped(body("ecb-hist.csv")), NOW, None).quotes
    assert whole == PROVIDERS["ecb"].read(body("ecb-hist.csv"), NOW).quotes
    asked = RangeRequest("", ("GBP", "USD"), date(2026, 11, 21), date(2026, 11, 24))
    part = PROVIDERS["ecb"].read_range(zipped(body("ecb-hist.csv")), NOW, asked).quotes
    assert [(quote.quote, quote.valid_from.day, str(quote.rate)) for quote in part] == [
        ("USD", 23, "1.1588"),
        ("GBP", 23, "0.88534"),
    ]


@pytest.mark.parametrize(
    "archive",
    [
        zipped(b"Date,USD,\n", "other.csv"),
        zipped(body("ecb-hist.csv"))[:-30],
        zipped(b"\xff\xfe"),
        zipped(b"<html>"),
        zipped(b""),
        zipped(b" " * 20_000_001),
        b"PK\x03\x04",
    ],
    ids=["no table in it", "cut", "no text", "a page", "empty", "a bomb", "only its name"],
)
def test_a_damaged_archive_of_the_ecb_is_refused(archive):
    with pytest.raises(ParseError):
        ecb.read(archive, NOW, None)
