"""The words of a verb may stand before its options and after them."""

from __future__ import annotations

import pytest

from desktop.cli.main import build_parser, parse


@pytest.mark.parametrize(
    "line", ["alerts add dollar tenge --level 520", "alerts add --level 520 dollar tenge"]
)
def test_a_pair_in_words_is_taken_on_both_sides_of_an_option(line: str) -> None:
    options = parse(build_parser(), line.split())
    assert (options.action, options.words, options.level) == ("add", ["dollar", "tenge"], "520")


@pytest.mark.parametrize(
    "line", ["alerts add usd kzt --level 520 eur", "sources more", "watch add --wrong usd kzt"]
)
def test_what_is_left_over_is_wrong_use(line: str) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(build_parser(), line.split())
    assert ended.value.code == 2
