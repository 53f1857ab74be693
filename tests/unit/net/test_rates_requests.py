"""What is asked of the providers, where, and what is said of them."""

from datetime import date, time

import pytest

from desktop.core.rates import QuoteKind
from desktop.net.rates import PROVIDERS

DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("provider", "url"),
    [
        ("nbk", "https://nationalbank.kz/rss/rates_all.xml"),
        ("nbkr", "https://www.nbkr.kg/XML/daily.xml"),
        ("nbkr.weekly", "https://www.nbkr.kg/XML/weekly.xml"),
        ("cbu", "https://cbu.uz/en/arkhiv-kursov-valyut/json/"),
        ("cbr", "https://www.cbr.ru/scripts/XML_daily.asp"),
        ("erapi", "https://open.er-api.com/v6/latest/USD"),
        ("nbg", "https://nbg.gov.ge/gw/api/ct/monetarypolicy/currencies/en/json/"),
        ("tcmb", "https://www.tcmb.gov.tr/kurlar/today.xml"),
        ("ecb", "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml"),
        ("frankfurter", "https://api.frankfurter.dev/v2/rates?base=USD"),
        ("frankfurter.cbu", "https://api.frankfurter.dev/v2/rates?base=USD&quotes=UZS&providers=CBU"),
        (
            "fawaz",
            "https://cdn.jsdelivr.net/npm/@fawazahmed0/currency-api@latest/v1/currencies/usd.min.json",
        ),
    ],
)
def test_the_latest_is_asked_for_at_its_address(provider, url):
    assert [request.url for request in PROVIDERS[provider].requests()] == [url]
    assert PROVIDERS[provider].requests()[0].asked is None


@pytest.mark.parametrize(
    ("provider", "url"),
    [
        ("nbk", "https://nationalbank.kz/rss/get_rates.cfm?fdate=20.11.2026"),
        ("nbt", "https://www.nbt.tj/en/kurs/export_xml.php?date=2026-11-20&export=xmlout"),
        ("cbu", "https://cbu.uz/en/arkhiv-kursov-valyut/json/all/2026-11-20/"),
        ("cbr", "https://www.cbr.ru/scripts/XML_daily.asp?date_req=20/11/2026"),
        ("cbt", "https://cbt.tm/kurs/2026/20112026.xml"),
        ("cbar", "https://www.cbar.az/currencies/20.11.2026.xml"),
        ("nbg", "https://nbg.gov.ge/gw/api/ct/monetarypolicy/currencies/en/json/?date=2026-11-20"),
        ("tcmb", "https://www.tcmb.gov.tr/kurlar/202611/20112026.xml"),
        ("frankfurter", "https://api.frankfurter.dev/v2/rates?base=USD&date=2026-11-20"),
        (
            "frankfurter.nbk",
            "https://api.frankfurter.dev/v2/rates?base=USD&quotes=KZT&providers=NBK&date=2026-11-20",
        ),
        (
            "fawaz",
            "https://cdn.jsdelivr.net/npm/@fawazahmed0/currency-api@2026-11-20/v1/currencies/usd.min.json",
        ),
    ],
)
def test_a_former_day_is_asked_for_in_the_banks_own_form(provider, url):
    (request,) = PROVIDERS[provider].requests(DAY)
    assert (request.url, request.asked) == (url, DAY)
    assert PROVIDERS[provider].has_days


@pytest.mark.parametrize("provider", ["nbkr", "nbkr.weekly", "erapi", "peg"])
def test_where_former_days_cannot_be_asked_for_nothing_is_sent(provider):
    assert PROVIDERS[provider].requests(DAY) == []
    assert not PROVIDERS[provider].has_days


def test_even_the_latest_of_tajikistan_is_asked_for_by_date():
    (request,) = PROVIDERS["nbt"].requests(today=date(2026, 11, 24))
    assert request.url == "https://www.nbt.tj/en/kurs/export_xml.php?date=2026-11-24&export=xmlout"
    assert request.asked is None
    assert "export=xmlout" in PROVIDERS["nbt"].requests()[0].url


@pytest.mark.parametrize(("day", "file"), [(24, "24112026"), (22, "21112026"), (21, "21112026")])
def test_turkmenistan_has_no_file_for_sundays(day, file):
    (request,) = PROVIDERS["cbt"].requests(today=date(2026, 11, day))
    assert request.url == f"https://cbt.tm/kurs/2026/{file}.xml"
    assert request.headers["User-Agent"].startswith("Mozilla/5.0")


def test_fawazahmed0_has_a_second_host_that_a_mirror_does_not_inherit():
    (request,) = PROVIDERS["fawaz"].requests()
    assert request.spare == "https://latest.currency-api.pages.dev/v1/currencies/usd.min.json"
    assert PROVIDERS["fawaz"].at("http://127.0.0.1:9/a").requests()[0].spare == ""
    assert (
        PROVIDERS["fawaz"]
        .at("http://127.0.0.1:9/a", "http://127.0.0.1:9/b")
        .requests()[0]
        .spare.endswith("/b")
    )


def test_the_pegs_are_not_fetched():
    assert PROVIDERS["peg"].requests() == []


@pytest.mark.parametrize(
    ("provider", "mirror", "url"),
    [
        ("nbk", "http://127.0.0.1:9000/nbk", "http://127.0.0.1:9000/nbk?fdate=20.11.2026"),
        ("nbk", "http://127.0.0.1:9000/{x}?a=1", "http://127.0.0.1:9000/{x}?a=1&fdate=20.11.2026"),
        ("cbu", "http://127.0.0.1:9000/cbu", "http://127.0.0.1:9000/cbu/all/2026-11-20/"),
        ("nbt", "http://127.0.0.1:9000/nbt", "http://127.0.0.1:9000/nbt?date=2026-11-20&export=xmlout"),
    ],
)
def test_behind_another_address_nothing_goes_to_the_bank(provider, mirror, url):
    moved = PROVIDERS[provider].at(mirror)
    assert moved.requests(DAY)[0].url == url
    assert moved.requests()[0].url.startswith(mirror)
    assert moved.id == provider


@pytest.mark.parametrize(("day", "before"), [(24, 23), (23, 20), (22, 20), (21, 20)])
def test_the_working_day_before_is_asked_for(day, before):
    assert PROVIDERS["nbk"].previous_day(date(2026, 11, day)) == date(2026, 11, before)


@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=PROVIDERS)
def test_every_provider_says_what_has_to_be_shown(provider):
    assert provider.name
    assert provider.credit
    assert provider.credit_url.startswith("https://")
    assert provider.homepage.startswith("https://")
    assert provider.cadence in {"daily", "weekly", "fixed"}
    assert provider.base_currency
    assert provider.terms.endswith(".")
    assert provider.history_since is None or provider.history_since.year < 2025


def test_the_hours_of_publication_are_local():
    assert PROVIDERS["nbk"].publishes == (time(15, 30), "Asia/Almaty")
    assert PROVIDERS["nbkr.weekly"].cadence == "weekly"
    assert PROVIDERS["nbt"].weekend == {5, 6}
    assert PROVIDERS["erapi"].credit_url == "https://www.exchangerate-api.com"
    assert PROVIDERS["erapi"].kind is QuoteKind.BLENDED
