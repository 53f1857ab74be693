"""The banks of the demo speak the true formats and keep the true calendars. The site's day is Tuesday, 24 November."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from lxml import etree

from desktop.demo.market import Market
from desktop.demo.numbers_text import per_unit, rounded, signed, trimmed

TODAY = date(2026, 11, 24)


def nbk(get, day: str) -> dict[str, tuple[str, str]]:
    root = etree.fromstring(get(f"/nbk/get_rates.cfm?fdate={day}").body)
    return {
        i.findtext("title"): (i.findtext("description"), i.findtext("change")) for i in root.iterfind("item")
    }


def nbt(get, day: str) -> tuple[str, str]:
    root = etree.fromstring(get(f"/nbt/export_xml.php?date={day}&export=xmlout").body)
    return root.get("Date"), root.xpath("string(Valute[CharCode='USD']/Value)")


def cbr(get, query: str = "") -> tuple[str, str]:
    root = etree.fromstring(get(f"/cbr/XML_daily.asp{query}").body)
    return root.get("Date"), root.xpath("string(Valute[CharCode='USD']/Value)")


def cbu(get, path: str = "") -> dict[str, str]:
    return next(row for row in get(f"/cbu/json/{path}").json if row["Ccy"] == "USD")


def test_kazakhstan_has_two_documents_of_the_same_numbers(get):
    latest = etree.fromstring(get("/nbk/rates_all.xml").body)
    first = latest.find("channel/item")
    assert latest.tag == "rss"
    assert first.findtext("pubDate") == "24.11.2026"
    by_day = nbk(get, "24.11.2026")
    shown = {i.findtext("title"): i.findtext("description") for i in latest.iterfind("channel/item")}
    assert shown == {code: value for code, (value, _) in by_day.items()}
    assert len(shown) == 39


def test_kazakhstan_repeats_saturday_until_monday(get):
    saturday, sunday, monday = (nbk(get, day) for day in ("21.11.2026", "22.11.2026", "23.11.2026"))
    assert {code: v for code, (v, _) in saturday.items()} == {code: v for code, (v, _) in monday.items()}
    assert {change for _, change in sunday.values()} == {change for _, change in monday.values()} == {"0.00"}
    assert {change for _, change in saturday.values()} != {"0.00"}


def test_kazakhstans_change_is_the_difference_to_the_day_before(get):
    before, now = nbk(get, "23.11.2026"), nbk(get, "24.11.2026")
    for code, (value, change) in now.items():
        assert Decimal(value) - Decimal(before[code][0]) == Decimal(change)


@pytest.mark.parametrize("day", ["10.01.2035", "10.01.2018", "nonsense", "25.11.2026"])
def test_kazakhstan_has_nothing_outside_of_its_history(get, day):
    assert "информации нет" in get(f"/nbk/get_rates.cfm?fdate={day}").text


def test_kyrgyzstans_file_is_windows_1251_with_commas_and_can_be_asked_for_conditionally(get):
    got = get("/nbkr/daily.xml")
    root = etree.fromstring(got.body)
    assert b'encoding="windows-1251"' in got.body
    assert [c.get("ISOCode") for c in root] == ["USD", "EUR", "CNY", "KZT", "RUB"]
    assert root.findtext("Currency/Value") == "87,4500"
    assert root.get("Date") == "24.11.2026"
    assert get("/nbkr/daily.xml", If_None_Match=got.headers["ETag"]).status == 304


def test_kyrgyzstans_weekly_file_is_dated_on_saturday(get):
    root = etree.fromstring(get("/nbkr/weekly.xml").body)
    assert root.get("Date") == "21.11.2026"
    assert {c.findtext("ValidFor") for c in root} == {"7"}
    assert "USD" not in {c.get("ISOCode") for c in root}


def test_tajikistan_carries_weekends_under_the_asked_date(get):
    friday, sunday = nbt(get, "2026-11-20"), nbt(get, "2026-11-22")
    assert friday == ("2026-11-20", friday[1])
    assert sunday == ("2026-11-22", friday[1])


@pytest.mark.parametrize("day", ["1999-01-01", "2030-01-01"])
def test_tajikistan_answers_with_today_for_days_out_of_range(get, day):
    assert nbt(get, day) == nbt(get, "2026-11-24")


def test_tajikistan_without_the_export_parameter_is_a_help_page(get):
    assert b"help page" in get("/nbt/export_xml.php?date=2026-11-24").body


def test_uzbekistan_gives_fridays_date_on_sunday(get):
    assert cbu(get, "all/2026-11-22/") == cbu(get, "all/2026-11-20/")
    assert cbu(get, "all/2026-11-22/")["Date"] == "20.11.2026"
    assert get("/cbu/json/USD/2026-11-20/").json == [cbu(get, "all/2026-11-20/")]


def test_uzbekistans_numbers_are_strings_and_the_difference_fits(get):
    now, before = cbu(get), cbu(get, "all/2026-11-23/")
    assert now["Date"] == "24.11.2026"
    assert Decimal(now["Rate"]) - Decimal(before["Rate"]) == Decimal(now["Diff"])
    assert all(isinstance(value, str) for name, value in now.items() if name != "id")


def test_uzbekistan_is_ascii_on_one_line(get):
    body = get("/cbu/json/").body
    assert body.isascii()
    assert b"\n" not in body


def test_russia_gives_saturdays_date_until_monday(get):
    assert cbr(get, "?date_req=23/11/2026") == cbr(get, "?date_req=21/11/2026")
    assert cbr(get, "?date_req=23/11/2026")[0] == "21.11.2026"
    assert cbr(get)[0] == "24.11.2026"


def test_russia_writes_windows_1251_and_small_numbers_with_an_exponent(get):
    text = get("/cbr/XML_daily.asp").body.decode("windows-1251")
    assert "Узбекских сумов" in text
    rial = text.partition("<CharCode>IRR</CharCode>")[2].partition("</Valute>")[0]
    assert rial.endswith("E-05</VunitRate>")


def test_russia_refuses_a_date_that_is_none(get):
    assert "Error in parameters" in get("/cbr/XML_daily.asp?date_req=99/99/2026").text


def test_the_aggregator_is_a_little_off_but_not_where_law_fixes_the_rate(get):
    got = get("/erapi/latest/USD").json
    official = Decimal(nbk(get, "24.11.2026")["USD"][0])
    difference = abs(Decimal(str(got["rates"]["KZT"])) / official - 1)
    assert Decimal("0") < difference < Decimal("0.002")
    assert got["rates"]["TMT"] == 3.5
    assert get("/erapi/latest/XXZ").status == 404


def test_crosses_agree(get):
    """The euro in tenge is the dollar in tenge over the euro in dollars, at every bank, to the digits they print."""
    tenge, roubles = nbk(get, "24.11.2026"), etree.fromstring(get("/cbr/XML_daily.asp").body)
    euro = Decimal(tenge["EUR"][0]) / Decimal(tenge["USD"][0])
    value = {v.findtext("CharCode"): Decimal(v.findtext("Value").replace(",", ".")) for v in roubles}
    assert abs(euro / (value["EUR"] / value["USD"]) - 1) < Decimal("0.0001")


def test_two_years_are_there_and_believable():
    market = Market(1312, TODAY)
    for code, low, high in (
        ("KZT", 380, 600),
        ("KGS", 82, 93),
        ("TJS", 8.7, 9.9),
        ("UZS", 11000, 13300),
        ("RUB", 55, 115),
    ):
        days = [TODAY - timedelta(days=n) for n in range(730) if (TODAY - timedelta(days=n)).weekday() < 5]
        prices = [market.close(code, day) for day in days]
        assert low < min(prices) <= max(prices) < high, code
        assert max(abs(b / a - 1) for a, b in pairwise(prices)) < 0.05, code


def test_the_som_stands_still_for_weeks():
    market = Market(1312, TODAY)
    days = [TODAY - timedelta(days=n) for n in range(365) if (TODAY - timedelta(days=n)).weekday() < 5]
    changes = sum(market.close("KGS", a) != market.close("KGS", b) for a, b in pairwise(days))
    assert 3 < changes < 40


def test_the_next_fixing_appears_when_it_is_told_to(fresh, get_fresh):
    before, number = cbr(get_fresh), nbk(get_fresh, "24.11.2026")["USD"][0]
    assert fresh.new_fixing() == TODAY
    assert cbr(get_fresh)[0] == "25.11.2026"
    assert nbk(get_fresh, "25.11.2026")["USD"][0] != number
    assert nbk(get_fresh, "24.11.2026")["USD"][0] == number
    assert cbr(get_fresh, "?date_req=24/11/2026") == before
    assert fresh.new_fixing() == TODAY + timedelta(days=1)


def test_fridays_fixing_counts_from_saturday_at_most_banks_and_from_monday_in_uzbekistan(fresh, get_fresh):
    while fresh.new_fixing() < date(2026, 11, 27):
        pass
    assert cbr(get_fresh)[0] == "28.11.2026"
    assert cbu(get_fresh)["Date"] == "30.11.2026"


def test_numbers_are_written_as_the_banks_do():
    assert trimmed(Decimal("179.50")) == "179.5"
    assert trimmed(Decimal("3.00")) == "3"
    assert signed(Decimal("1.4")) == "+1.40"
    assert signed(Decimal("-0.00")) == "0.00"
    assert per_unit(Decimal("54.1083"), 1_000_000) == "5,41083E-05"
    assert per_unit(Decimal("16.7180"), 100) == "0,16718"
    assert rounded(0.125, 2) == Decimal("0.13")


def test_turkmenistan_has_a_file_for_every_day_but_sundays(get):
    file = get("/cbt/kurs/2026/24112026.xml")
    root = etree.fromstring(file.body)
    assert (root.findtext("date"), root.findtext("rate/rate_tmt")) == ("24.11.2026", "3.5")
    assert b"\r\n" in file.body
    assert [get(f"/cbt/kurs/2026/{day}112026.xml").status for day in (21, 22, 23, 25)] == [200, 404, 200, 404]
    assert get("/cbt/kurs/2026/24112026.xml", if_none_match=file.headers["ETag"]).status == 304


def test_frankfurter_passes_on_a_banks_own_number_or_a_blend(get):
    (own,) = get("/frankfurter/rates?base=USD&quotes=KZT&providers=NBK").json
    assert str(own["rate"]) == nbk(get, "24.11.2026")["USD"][0]
    blend = {row["quote"]: row["rate"] for row in get("/frankfurter/rates?base=USD").json}
    assert blend["USD"] == 1
    assert 0 < abs(blend["KZT"] / own["rate"] - 1) < 0.001
    days = get("/frankfurter/rates?base=USD&quotes=KZT&from=2026-11-19&to=2026-11-23&providers=NBK").json
    assert [row["date"][-2:] for row in days] == ["19", "20", "23"]
    assert get("/frankfurter/rates?base=XXZ").status == 422


def test_the_ecb_has_a_fixing_every_working_day_and_ninety_days_of_them(get):
    name = "{http://www.ecb.int/vocabulary/2002-08-01/eurofxref}Cube"
    one, many = (
        [cube.get("time") for cube in etree.fromstring(get(f"/ecb/eurofxref-{file}.xml").body).iter(name)]
        for file in ("daily", "hist-90d")
    )
    dates = [[day for day in found if day] for found in (one, many)]
    assert dates[0] == ["2026-11-23"]  # at half past ten in Frankfurt, Tuesday's is not out
    assert (dates[1][0], dates[1][1], len(dates[1])) == ("2026-11-23", "2026-11-20", 64)


def test_the_volunteers_file_is_asked_for_by_its_version(get):
    assert get("/fawaz/usd.min.json").json["date"] == "2026-11-24"
    assert get("/fawaz/@fawazahmed0/currency-api@2026-11-20/usd.min.json").json["date"] == "2026-11-20"
    assert get("/fawaz/@fawazahmed0/currency-api@2026-12-20/usd.min.json").status == 404
