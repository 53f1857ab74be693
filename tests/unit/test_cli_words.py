"""The words of a verb may stand before its options and after them."""

from __future__ import annotations

import pytest

from desktop.cli.main import plain_start
from desktop.cli.parser import build_parser, parse, with_verb


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


@pytest.mark.parametrize(
    "line",
    [
        "",
        "--offline",
        "--hidden --verbose",
        "--data-dir /tmp/x",
        "--offline --data-dir x --hidden --data-dir y",
    ],
)
def test_a_plain_start_is_read_as_the_parser_reads_it(line: str) -> None:
    words, verb = with_verb(line.split())
    options = plain_start(line.split())
    assert options is not None
    assert vars(options) == vars(parse(build_parser(verb), words))


@pytest.mark.parametrize(
    "line",
    [
        "window", "demo", "sync --json", "https://example.org/feed", "--data-dir", "--data-dir --offline", "--help",
        "--version", "--data-dir=x", "--off", "-x", "--offline sources", "--",
    ],
)  # fmt: skip
def test_every_other_start_is_left_to_the_parser(line: str) -> None:
    assert plain_start(line.split()) is None
