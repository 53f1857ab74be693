"""Documents of many days: asked for as the publishers want it, read to the last digit, refused when they are others."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from desktop.core.errors import NoRatesError, ParseError
from desktop.net.rates import PROVIDERS
from desktop.net.rates.ranges import RangeRequest

SAMPLES = Path(__file__).parents[2] / "data" / "rates"
ADDRESSES = {
    entry["file"]: entry["url"] for entry in json.loads((SAMPLES / "manifest.json").read_text("utf-8"))
}
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
FIRST, LAST, TODAY = date(2026, 11, 19), date(2026, 11, 24), date(2026, 11, 24)

READ = {  # file: provider, currency, days and rates
    "cbr-range-kzt.xml": ("cbr", "KZT", "19 0.167775, 20 0.166915, 21 0.166915, 24 0.167180"),
    "nbt-range-usd.xml": ("nbt", "USD", "19 9.2702, 20 9.2650, 21 9.2671, 22 9.2671, 23 9.2671, 24 9.2598"),
    "nbkr-range-usd.html": ("nbkr", "USD", "19 87.4498, 20 87.4500, 21 87.4500, 24 87.4500"),
    "frankfurter-v2-range.json": ("frankfurter.nbk", "KZT", "19 470.88, 20 472.35, 23 472.35"),
    "ecb-hist-90d.xml": ("ecb", "GBP", "19 0.88405, 20 0.88551, 23 0.88534"),
}


def body(name):
    return (SAMPLES / name).read_bytes()


def asked(currency, first=FIRST, last=LAST):
    return RangeRequest("", (currency,), first, last)


def read(provider, content, request):
    return PROVIDERS[provider].read_range(content, NOW, request).quotes


@pytest.mark.parametrize("name", READ)
def test_a_document_of_many_days_is_read_to_the_last_digit(name):
    provider, currency, expected = READ[name]
    quotes = sorted(read(provider, body(name), asked(currency)), key=lambda quote: quote.valid_from)
    assert ", ".join(f"{quote.valid_from.day} {quote.rate}" for quote in quotes) == expected
    assert {quote.source for quote in quotes} == {provider}
    rule = PROVIDERS[provider].rule
    assert all({quote.base, quote.quote} == {currency, rule.home} for quote in quotes)


def test_only_what_was_asked_for_is_taken():
    quotes = read("cbr", body("cbr-range-kzt.xml"), asked("KZT", date(2026, 11, 20), date(2026, 11, 21)))
    assert [quote.valid_from.day for quote in quotes] == [20, 21]


@pytest.mark.parametrize(
    ("provider", "name"),
    [
        ("cbr", "cbr-range-kzt.xml"),
        ("nbt", "nbt-range-usd.xml"),
        ("frankfurter", "frankfurter-v2-range.json"),
    ],
)
def test_a_document_without_the_days_says_so(provider, name):
    with pytest.raises(NoRatesError):
        read(provider, body(name), asked("KZT", date(2020, 1, 1), date(2020, 2, 1)))


def test_a_history_that_is_empty_is_an_answer():
    empty = b'<?xml version="1.0"?><ValCurs ID="R01335" name="Foreign Currency Market Dynamic"></ValCurs>'
    with pytest.raises(NoRatesError):
        read("cbr", empty, asked("KZT"))
    with pytest.raises(NoRatesError):
        read("frankfurter", b"[]", asked("KZT"))


@pytest.mark.parametrize("provider", ["cbr", "nbt", "nbkr", "ecb", "frankfurter", "frankfurter.nbk"])
@pytest.mark.parametrize(
    "name",
    ["cbr-error.xml", "generic-200-html-challenge.html", "generic-truncated.xml", "generic-empty-200.txt",
     "nbt-latest.xml", "cbr-latest.xml", "cbu-latest.json"],
)  # fmt: skip
def test_anything_else_is_refused_and_never_taken_for_an_empty_history(provider, name):
    with pytest.raises(ParseError) as caught:
        read(provider, body(name), asked("KZT"))
    assert not isinstance(caught.value, NoRatesError)


@pytest.mark.parametrize("name", [name for name in READ if "ecb" not in name])
def test_a_history_is_asked_for_at_the_recorded_address(name):
    provider, currency, _ = READ[name]
    first = {"nbkr-range-usd.html": date(2026, 11, 18)}.get(name, FIRST)
    last = {"frankfurter-v2-range.json": date(2026, 11, 23)}.get(name, LAST)
    ranges = PROVIDERS[provider].ranges
    (request,) = ranges.requests((currency,), first, last, TODAY)
    assert set(request.url.replace("?", "&").split("&")) == set(ADDRESSES[name].replace("?", "&").split("&"))


def test_the_european_bank_is_asked_for_ninety_days_where_those_are_enough():
    ranges = PROVIDERS["ecb"].ranges
    (recent,) = ranges.requests(("USD", "GBP"), date(2026, 9, 10), LAST, TODAY)
    (whole,) = ranges.requests(("USD", "GBP"), date(2021, 11, 24), LAST, TODAY)
    assert (recent.url, whole.url) == (
        ADDRESSES["ecb-hist-90d.xml"],
        ADDRESSES["ecb-hist.csv"].partition(" ")[0],
    )
    assert recent.currencies == ("USD", "GBP")


def test_a_page_that_holds_a_year_is_asked_for_year_by_year_the_newest_first():
    found = PROVIDERS["nbkr"].ranges.requests(("USD",), date(2024, 11, 24), LAST, TODAY)
    assert [(each.first, each.last) for each in found] == [
        (date(2025, 11, 25), date(2026, 11, 24)),
        (date(2024, 11, 25), date(2025, 11, 24)),
        (date(2024, 11, 24), date(2024, 11, 24)),
    ]


def test_the_page_that_does_not_tell_its_nominal_is_read_with_the_known_one():
    page = b"<!--date-->24.11.2026<!--date--> <!--value-->5,6343<!--value-->"
    (quote,) = read("nbkr.weekly", page, asked("JPY"))
    assert (str(quote.rate), quote.raw_value, quote.raw_nominal) == ("0.56343", "5,6343", "10")


def test_behind_another_address_there_are_no_days_at_once_unless_that_is_named():
    assert PROVIDERS["cbr"].at("http://127.0.0.1/cbr.xml").ranges is None
    assert (
        PROVIDERS["cbr"]
        .ranges.at("http://127.0.0.1/all")
        .requests(("USD",), FIRST, LAST, TODAY)[0]
        .url.startswith("http://127.0.0.1/all?date_req1=19/11/2026")
    )
