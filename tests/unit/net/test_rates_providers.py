"""What each provider reads, believes and refuses."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.core.errors import ParseError
from desktop.core.rates import QuoteKind
from desktop.net.rates import PROVIDERS

SAMPLES = Path(__file__).parents[2] / "data" / "rates"
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
BANKS = [
    "nbk",
    "nbkr",
    "nbt",
    "cbu",
    "cbr",
    "erapi",
    "cbt",
    "cbar",
    "nbg",
    "tcmb",
    "ecb",
    "frankfurter",
    "fawaz",
]
LATEST = {
    "nbk": "nbk-latest.xml",
    "nbkr": "nbkr-latest-daily.xml",
    "nbkr.weekly": "nbkr-latest-weekly.xml",
    "nbt": "nbt-latest.xml",
    "cbu": "cbu-latest.json",
    "cbr": "cbr-latest.xml",
    "erapi": "erapi-latest.json",
    "cbt": "cbt-date-2026-11-24.xml",
    "cbar": "cbar-date-2026-11-24.xml",
    "nbg": "nbg-date-2026-11-23.json",
    "tcmb": "tcmb-latest.xml",
    "ecb": "ecb-latest.xml",
    "frankfurter": "frankfurter-v2-latest.json",
    "frankfurter.nbk": "frankfurter-v2-latest.json",
    "fawaz": "fawazahmed0-latest.json",
}


def sample(provider):
    return (SAMPLES / LATEST[provider]).read_bytes()


def read(provider, document, **more):
    return PROVIDERS[provider].read(document, more.pop("now", NOW), **more)


def refusal(provider, document, **more):
    with pytest.raises(ParseError) as caught:
        read(provider, document, **more)
    return caught.value


def test_a_quote_keeps_what_was_published():
    quote = next(q for q in read("cbr", sample("cbr")).quotes if q.base == "KZT")
    assert (quote.base, quote.quote, quote.raw_value, quote.raw_nominal) == ("KZT", "RUB", "16,7180", "100")
    assert str(quote.rate) == "0.167180"
    assert (quote.source, quote.kind, quote.fetched_at) == ("cbr", QuoteKind.OFFICIAL, NOW)


def test_an_exponent_with_a_comma_is_read():
    quote = next(q for q in read("cbr", sample("cbr")).quotes if q.base == "IRR")
    assert (quote.raw_nominal, quote.rate) == ("1000000", Decimal("0.0000541083"))


def test_the_unit_rate_counts_where_it_has_more_to_say():
    document = sample("cbr").replace(b"<VunitRate>0,16718<", b"<VunitRate>0,1671804<")
    assert next(q for q in read("cbr", document).quotes if q.base == "KZT").rate == Decimal("0.1671804")


def test_without_a_unit_rate_value_and_nominal_are_enough():
    document = sample("cbr").replace(b"<VunitRate>0,16718</VunitRate>", b"")
    assert next(q for q in read("cbr", document).quotes if q.base == "KZT").rate == Decimal("0.16718")


def test_a_unit_rate_that_contradicts_its_row_costs_the_row():
    parsed = read("cbr", sample("cbr").replace(b"<VunitRate>0,16718<", b"<VunitRate>16,718<"))
    assert "KZT" not in {quote.base for quote in parsed.quotes}
    assert any("KZT" in note and "do not agree" in note for note in parsed.notes)


def test_the_change_field_gives_the_number_before():
    quotes = {quote.base: quote for quote in read("nbk", sample("nbk")).quotes}
    assert (quotes["USD"].previous_value, quotes["UZS"].previous_value) == ("470.88", "3.90")
    assert {q.base: q.previous_value for q in read("cbu", sample("cbu")).quotes}["USD"] == "12080.55"
    assert {quote.previous_value for quote in read("nbt", sample("nbt")).quotes} == {""}


@pytest.mark.parametrize("change", [b"", b"UP", b"+999999", b"1.2.3"])
def test_a_senseless_change_field_is_left_out_and_the_number_stays(change):
    document = sample("nbk").replace(b"+1.47", change)
    quote = next(q for q in read("nbk", document).quotes if q.base == "USD")
    assert (quote.rate, quote.previous_value) == (Decimal("472.35"), "")


def test_the_quant_is_read_every_time():
    old = sample("nbk").replace(b"<quant>10000</quant>", b"<quant>1000</quant>")
    now, before = (
        next(q.rate for q in read("nbk", d).quotes if q.base == "IRR") for d in (sample("nbk"), old)
    )
    assert before == 10 * now


@pytest.mark.parametrize(
    "value", ["", "0", "-5.40", "-", "ND", "NaN", "Infinity", "1e400", "9" * 60, "5,40", "1.234,5"]
)
def test_a_bad_value_costs_its_row_only(value):
    document = sample("nbk").replace(
        b"<description>5.4</description>", f"<description>{value}</description>".encode()
    )
    parsed = read("nbk", document)
    assert len(parsed.quotes) == 13
    assert "KGS" not in {quote.base for quote in parsed.quotes}
    assert any(note.startswith("KGS is left out") for note in parsed.notes)


@pytest.mark.parametrize("nominal", ["", "0", "1 t.u.", "-1", "0.5"])
def test_a_bad_nominal_costs_its_row_only(nominal):
    document = sample("nbk").replace(b"<quant>100</quant>", f"<quant>{nominal}</quant>".encode(), 1)
    assert len(read("nbk", document).quotes) == 13


def test_dead_codes_metals_and_strangers_are_passed_over():
    assert "BYR" not in {quote.base for quote in read("nbkr.weekly", sample("nbkr.weekly")).quotes}
    for code in (b"XAU", b"ABC", b"usd", b"BGN", b"HRK", b"U$D"):
        parsed = read("nbkr", sample("nbkr").replace(b'ISOCode="EUR"', b'ISOCode="' + code + b'"'))
        assert (len(parsed.quotes), parsed.notes) == (4, ())


def test_a_code_that_was_in_force_then_is_kept():
    document = sample("nbt").replace(b"2026-11-24", b"2015-11-24").replace(b">GBP<", b">BYR<")
    assert "BYR" in {quote.base for quote in read("nbt", document).quotes}


def test_of_a_double_row_the_first_counts():
    parsed = read("nbkr", sample("nbkr").replace(b'ISOCode="EUR"', b'ISOCode="USD"'))
    assert next(q for q in parsed.quotes if q.base == "USD").rate == Decimal("87.4500")
    assert parsed.notes == ("USD stands there twice; the first is used.",)


@pytest.mark.parametrize(
    "provider", ["nbk", "nbkr", "nbt", "cbu", "cbr", "cbt", "cbar", "nbg", "tcmb", "ecb"]
)
def test_without_the_dollar_a_table_is_refused(provider):
    document = sample(provider).replace(b"USD", b"XXA")
    assert "USD" in refusal(provider, document).message


@pytest.mark.parametrize("provider", BANKS)
@pytest.mark.parametrize(
    "document", [b"", b"  \n", b"<", b"{", b"null", b"[]", b"\x00\xff\xfe", b"<a/>", b"<html></html>"]
)
def test_rubbish_is_refused_in_a_sentence(provider, document):
    error = refusal(provider, document)
    assert error.message.endswith(".")
    assert "stay" in error.remedy


@pytest.mark.parametrize("provider", BANKS)
@pytest.mark.parametrize("part", [0.2, 0.5, 0.9])
def test_a_cut_answer_is_refused(provider, part):
    whole = sample(provider)
    refusal(provider, whole[: int(len(whole) * part)])


def test_a_web_page_is_called_one():
    assert refusal("nbt", (SAMPLES / "nbt-missing-export-param.html").read_bytes()).is_html
    assert refusal("erapi", b"\xef\xbb\xbf\n<!DOCTYPE HTML><p>hello").is_html


def test_an_answer_of_monstrous_size_is_refused():
    assert "larger" in refusal("nbk", b"<rates>" + b" " * 1_000_001 + b"</rates>").message


def test_nested_json_is_refused():
    refusal("cbu", b"[" * 100_000)


def test_entities_are_not_expanded():
    bomb = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "9.2598">]>' + sample("nbt").partition(b"?>")[
        2
    ].replace(b"9.2598", b"&a;")
    refusal("nbt", bomb)


@pytest.mark.parametrize(
    ("provider", "old", "good", "bad"),
    [
        ("nbkr", b"24.11.2026", b"04.12.2026", b"05.12.2026"),
        ("nbk", b"20.11.2026", b"04.12.2026", b"05.12.2026"),
        ("nbt", b"2026-11-24", b"2026-12-04", b"2026-12-05"),
        ("cbu", b"24.11.2026", b"04.12.2026", b"05.12.2026"),
        ("cbr", b"24.11.2026", b"04.12.2026", b"05.12.2026"),
        ("erapi", b"1795392151", b"1795651351", b"1795737751"),
        ("cbt", b"24.11.2026", b"04.12.2026", b"05.12.2026"),
        ("cbar", b"24.11.2026", b"04.12.2026", b"05.12.2026"),
        ("nbg", b"2026-11-21", b"2026-12-04", b"2026-12-05"),
        ("tcmb", b"23.11.2026", b"04.12.2026", b"05.12.2026"),
        ("ecb", b"2026-11-23", b"2026-12-04", b"2026-12-05"),
        ("frankfurter", b"2026-11-24", b"2026-11-26", b"2026-11-27"),
        ("fawaz", b"2026-11-23", b"2026-11-26", b"2026-11-27"),
    ],
)
def test_a_date_too_far_ahead_is_refused(provider, old, good, bad):
    assert read(provider, sample(provider).replace(old, good)).quotes
    assert "too far ahead" in refusal(provider, sample(provider).replace(old, bad)).message


@pytest.mark.parametrize(
    ("provider", "date_text"),
    [("nbkr", b"24.11.2026"), ("nbt", b"2026-11-24"), ("cbr", b"24.11.2026"), ("erapi", b"1795392151")],
)
@pytest.mark.parametrize(
    "instead", [b"", b"32.13.2026", b"2026-13-01", b"yesterday", b"99999999999999999999"]
)
def test_a_table_without_a_date_is_refused(provider, date_text, instead):
    refusal(provider, sample(provider).replace(date_text, instead))


def test_old_documents_have_two_digits_of_the_year():
    document = sample("nbk").replace(b"20.11.2026", b"20.11.18")
    assert read("nbk", document).quotes[0].valid_from == date(2018, 11, 20)


@pytest.mark.parametrize("provider", ["nbk", "nbt"])
def test_the_table_of_another_day_than_asked_is_refused(provider):
    assert "was asked for" in refusal(provider, sample(provider), asked=date(2026, 11, 19)).message
    assert "was asked for" in refusal(provider, sample(provider), asked=date(2026, 12, 1)).message


@pytest.mark.parametrize("provider", ["cbu", "cbr"])
def test_an_older_table_answers_for_a_day_without_one_but_not_a_newer(provider):
    assert read(provider, sample(provider), asked=date(2026, 11, 26)).quotes
    assert "was asked for" in refusal(provider, sample(provider), asked=date(2026, 11, 20)).message


def test_a_day_without_rates_is_said_so():
    error = refusal("nbk", (SAMPLES / "nbk-date-nodata.xml").read_bytes())
    assert error.message == "The National Bank of Kazakhstan has no rates for 10.01.2035."


def test_an_error_with_status_200_is_an_error():
    assert "did not understand" in refusal("cbr", (SAMPLES / "cbr-error.xml").read_bytes()).message


def test_a_bad_row_of_json_does_not_cost_the_others():
    document = (
        sample("cbu")
        .replace(b'"Rate":"14', b'"Rate":null,"x":"14', 1)
        .replace(b'"Rate":"13992.74"', b'"Rate":null')
    )
    assert len(read("cbu", document).quotes) == 10


def test_the_aggregator_says_how_much_for_one_dollar_and_when_to_come_again():
    parsed = read("erapi", sample("erapi"))
    quote = next(q for q in parsed.quotes if q.quote == "KZT")
    assert (quote.base, quote.raw_value, quote.raw_nominal) == ("USD", "473.18", "1")
    assert parsed.next_update == datetime(2026, 11, 24, 0, 26, 21, tzinfo=UTC)
    assert "USD" not in {q.quote for q in parsed.quotes}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"base_code":"USD"', b'"base_code":"EUR"'),
        (b'"USD":1,', b'"USD":0.9,'),
        (b'"USD":1,', b""),
        (b'"result":"success"', b'"result":"error"'),
        (b'"rates":{', b'"rates":[{'),
    ],
)
def test_an_aggregators_table_that_is_not_in_dollars_is_refused(old, new):
    refusal("erapi", sample("erapi").replace(old, new))


@pytest.mark.parametrize("value", [b"true", b"null", b"NaN", b"-1", b"[1]", b'"ND"', b"0", b"1e999"])
def test_a_bad_number_of_the_aggregator_costs_itself_only(value):
    parsed = read("erapi", sample("erapi").replace(b'"KGS":87.45', b'"KGS":' + value))
    assert len(parsed.quotes) == 15


def test_the_end_of_the_service_is_noted():
    parsed = read("erapi", sample("erapi").replace(b'"time_eol_unix":0', b'"time_eol_unix":1800000000'))
    assert "end" in parsed.notes[0]


def test_rates_in_dollars_that_stand_in_turkmenistans_file_in_mixed_directions_are_not_read():
    quotes = {quote.base: quote for quote in read("cbt", sample("cbt")).quotes}
    assert (quotes["GBP"].rate, quotes["USD"].rate, quotes["IRR"].rate) == (
        Decimal("4.5811"),
        Decimal("3.5"),
        Decimal("0.00000239"),
    )


@pytest.mark.parametrize("provider", ["cbt", "tcmb", "fawaz"])
def test_the_file_of_another_day_than_asked_is_refused(provider):
    assert "was asked for" in refusal(provider, sample(provider), asked=date(2026, 11, 19)).message


@pytest.mark.parametrize("provider", ["cbar", "nbg"])
def test_a_day_without_a_fixing_is_answered_with_the_last_one(provider):
    assert read(provider, sample(provider), asked=date(2026, 11, 25)).quotes
    assert "was asked for" in refusal(provider, sample(provider), asked=date(2026, 11, 20)).message


def test_the_ounces_of_azerbaijan_are_no_currency():
    assert {quote.base for quote in read("cbar", sample("cbar")).quotes}.isdisjoint({"XAU", "XAG"})


def test_georgias_change_has_its_sign():
    quotes = {quote.base: quote for quote in read("nbg", sample("nbg")).quotes}
    assert (quotes["AMD"].raw_value, quotes["AMD"].previous_value) == ("7.0853", "7.0902")
    assert (quotes["AMD"].raw_nominal, quotes["AMD"].valid_from) == ("1000", date(2026, 11, 21))


def test_a_day_before_georgias_first_is_said_so():
    assert "no rates" in refusal("nbg", b"[]").message


def test_an_empty_number_of_turkey_is_passed_over():
    document = sample("tcmb").replace(b"<ForexBuying>0.0898</ForexBuying>", b"<ForexBuying></ForexBuying>")
    parsed = read("tcmb", document)
    assert ("KZT" in {quote.base for quote in parsed.quotes}, parsed.notes) == (False, ())


def test_euros_are_the_base_of_the_ecb():
    quote = next(q for q in read("ecb", sample("ecb")).quotes if q.quote == "USD")
    assert (quote.base, quote.rate, quote.kind) == ("EUR", Decimal("1.1588"), QuoteKind.REFERENCE)


def test_what_is_not_available_in_a_history_is_passed_over():
    parsed = read("ecb", (SAMPLES / "ecb-hist.csv").read_bytes())
    assert ("RUB" in {quote.quote for quote in parsed.quotes}, parsed.notes) == (False, ())


def test_each_row_of_frankfurter_has_its_own_date():
    dates = {quote.quote: quote.valid_from.day for quote in read("frankfurter", sample("frankfurter")).quotes}
    assert dates == {"KGS": 24, "KZT": 24, "TJS": 24, "TMT": 23, "UZS": 23}


def test_a_row_of_the_year_one_beside_good_ones_is_no_rate():
    rows = sample("frankfurter").replace(b'"date":"2026-11-23"', b'"date":"0001-01-01"', 1)
    assert rows != sample("frankfurter")
    before, after = (read("frankfurter", body).quotes for body in (sample("frankfurter"), rows))
    assert len(after) == len(before) - 1
    assert min(quote.valid_from.year for quote in after) == 2026


def test_frankfurter_passes_on_a_banks_own_number_under_both_names():
    (quote,) = read("frankfurter.nbk", sample("frankfurter.nbk")).quotes
    assert (str(quote.rate), quote.source, quote.kind) == ("473.18", "frankfurter.nbk", QuoteKind.OFFICIAL)
    assert PROVIDERS["frankfurter.nbk"].name == "National Bank of Kazakhstan, by way of Frankfurter"
    assert "KZT" in refusal("frankfurter.nbk", sample("frankfurter").replace(b"KZT", b"TRY")).message


def test_an_error_of_frankfurter_is_told():
    error = refusal("frankfurter", (SAMPLES / "frankfurter-v2-error-422.json").read_bytes())
    assert error.message == "Frankfurter answered with an error: invalid currency: XXZ."


def test_a_table_of_frankfurter_that_is_not_in_dollars_is_refused():
    refusal("frankfurter", sample("frankfurter").replace(b'"base":"USD"', b'"base":"EUR"', 1))


def test_a_file_of_fawazahmed0_that_stands_still_is_refused():
    document = sample("fawaz").replace(b"2026-11-23", b"2026-11-21")
    assert "too old" in refusal("fawaz", document).message
    assert read("fawaz", document, asked=date(2026, 11, 21)).quotes


def test_a_file_of_fawazahmed0_in_another_currency_is_refused():
    refusal("fawaz", sample("fawaz").replace(b'"usd": 1,', b'"usd": 0.9,'))
