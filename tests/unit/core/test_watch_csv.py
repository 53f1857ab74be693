"""A watchlist as a CSV file: there and back, as people write it, and refused whole with the lines that are bad."""

from __future__ import annotations

import contextlib
import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.errors import ParseError
from desktop.core.rates import Pair, PinnedPair
from desktop.core.rates.currencies import ACTIVE
from desktop.core.rates.sources import RULES
from desktop.core.rates.watch_csv import HEAD, Line, read, write
from desktop.sync.lexicon import lexicon
from tests.ui.desk import make_answer

KZT, UZS = Pair("USD", "KZT"), Pair("USD", "UZS")


def taken(text: str) -> list[Line]:
    return read(text, lexicon().pair, RULES)


def test_a_file_has_a_head_and_a_line_for_each_pair() -> None:
    lines = [
        (PinnedPair("Main", KZT, 0, "nbk"), make_answer(KZT, "473.18", "-0.004", source="nbk")),
        (PinnedPair("Main", UZS, 1), make_answer(UZS, None)),
    ]
    rows = list(csv.reader(io.StringIO(write(lines))))
    assert rows == [
        list(HEAD),
        ["USD/KZT", "nbk", "473.18", "0.00", "2026-11-24", "nbk", "official"],
        ["USD/UZS", "", "", "", "", "", ""],
    ]


codes = st.sampled_from(sorted(ACTIVE))
pinned_pairs = st.lists(
    st.tuples(codes, codes, st.sampled_from(["", *RULES])).filter(lambda one: one[0] != one[1]),
    min_size=1,
    max_size=30,
    unique_by=lambda one: frozenset(one[:2]),
)


@given(pinned_pairs)
def test_what_is_exported_comes_back_in_order_with_its_sources(pinned: list[tuple[str, str, str]]) -> None:
    lines = [
        (PinnedPair("x", Pair(base, quote), at, source), make_answer(Pair(base, quote), "1.5", "2"))
        for at, (base, quote, source) in enumerate(pinned)
    ]
    assert taken(write(lines)) == [(line.pair, line.source) for line, _ in lines]


@pytest.mark.parametrize(
    "text",
    [
        "USD/KZT\nusd uzs\n",
        "\ufeffpair;source\r\ndollar tenge;\r\nдоллар сум;\r\n",
        "name,Pair\na,USDKZT\n\nb,USD-UZS\n",
        'pair\tsource\n"USD/KZT"\t\nUSD/UZS\t\n',
        "USD/KZT\nKZT/USD\nUSD/UZS\nUSD/KZT\n",
    ],
)
def test_files_as_people_write_them_are_read(text: str) -> None:
    assert taken(text) == [(KZT, ""), (UZS, "")]


def test_every_bad_line_is_told_by_its_number_and_none_is_taken() -> None:
    with pytest.raises(ParseError) as refused:
        taken("pair,source\nUSD/KZT,\nUSD/XXX,\nUSD/KGS,mybank\ndollar som,\n")
    assert refused.value.message.splitlines() == [
        "The file was not imported:",
        "line 3: XXX is not a currency code.",
        "line 4: “mybank” is no source that we know.",
        "line 5: “dollar som” may mean more than one pair.",
    ]
    assert "Nothing was changed" in refused.value.remedy


@pytest.mark.parametrize("text", ["", "\n\n", "pair,source\n", "USD/KZT\n" * 1_001, '"USD/KZT\n' * 3])
def test_a_file_without_pairs_or_without_end_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        taken(text)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    lines: list[Line] = []
    with contextlib.suppress(ParseError):
        lines = taken(text)
    assert all(pair.base in ACTIVE and pair.quote in ACTIVE for pair, _ in lines)


def test_numbers_are_those_that_are_shown() -> None:
    answer = make_answer(KZT, "0.00211400", "1.005", digits=4)
    row = next(iter(csv.reader(io.StringIO(write([(PinnedPair("x", KZT, 0), answer)]).split("\r\n")[1]))))
    assert (Decimal(row[2]), row[3]) == (Decimal("0.002114"), "1.01")
