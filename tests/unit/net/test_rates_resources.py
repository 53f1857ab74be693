"""The data that ships with the program: currencies, pegs and the first sources to offer."""

import json
from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from desktop.core.errors import ParseError
from desktop.core.models import SourceKind
from desktop.core.rates import QuoteKind
from desktop.core.rates.currencies import ACTIVE
from desktop.core.rates.pegs import read as load
from desktop.core.starters import Starter

RESOURCES = Path(__file__).parents[3] / "resources"
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def resource(name):
    return json.loads((RESOURCES / name).read_text(encoding="utf-8"))


def test_every_active_currency_has_a_name():
    rows = resource("currencies.json")
    assert {row["code"] for row in rows} == ACTIVE
    assert len({row["numeric"] for row in rows}) == len(rows)
    for row in rows:
        assert row["english"]
        assert row["numeric"].isdigit()
        assert len(row["numeric"]) == 3
        assert row["minor_units"] in {0, 2, 3, 4}


@pytest.mark.parametrize("code", ["KZT", "KGS", "TJS", "UZS", "TMT", "USD", "EUR", "RUB", "CNY", "TRY"])
def test_the_currencies_of_the_region_are_named_in_three_ways(code):
    row = next(row for row in resource("currencies.json") if row["code"] == code)
    assert row["russian"]
    assert row["local"]
    assert row["symbol"]
    assert row["countries"]


def test_the_manat_is_fixed_at_three_and_a_half():
    pegs = load((RESOURCES / "pegs.json").read_bytes(), NOW)
    manat = [peg for peg in pegs if peg.quote == "TMT"]
    assert [(peg.valid_from, peg.rate) for peg in manat] == [
        (date(2009, 1, 1), Decimal("2.85")),
        (date(2015, 1, 1), Decimal("3.5")),
    ]
    assert {(peg.base, peg.source, peg.kind) for peg in pegs} == {("USD", "peg", QuoteKind.PEG)}


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"{}",
        b"[]",
        b"[1]",
        b"<a/>",
        b'[{"base": "USD"}]',
        b'[{"base":"USD","quote":"XXA","rate":"3.5","since":"2015-01-01"}]',
        b'[{"base":"USD","quote":"TMT","rate":"0","since":"2015-01-01"}]',
        b'[{"base":"USD","quote":"TMT","rate":"3.5","since":"2015"}]',
    ],
)
def test_a_damaged_list_of_pegs_is_refused(document):
    with pytest.raises(ParseError):
        load(document, NOW)


def test_the_first_sources_are_complete_and_in_order():
    starters = [Starter(**row) for row in resource("starters.json")]
    assert starters[0].url == "https://timesca.com/feed/"
    assert len({starter.url for starter in starters}) == len(starters)
    assert {starter.country for starter in starters} >= {"KZ", "KG", "TJ", "TM", "UZ"}
    for starter in starters:
        assert urlsplit(starter.url).scheme == "https"
        assert SourceKind(starter.kind)
        assert len(starter.country) == 2
        assert len(starter.language) == 2
        assert starter.verified or starter.note
    assert set(resource("starters.json")[0]) == {field.name for field in fields(Starter)}


def test_no_source_of_turkmenistan_is_promised_to_work():
    turkmen = [row for row in resource("starters.json") if row["country"] == "TM"]
    assert {(row["verified"], row["note"]) for row in turkmen} == {(False, "may not work")}
