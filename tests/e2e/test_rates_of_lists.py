"""Rates on the command line by what the person chose on a watchlist."""

from __future__ import annotations

from tests.e2e.test_command_line import Shell
from tests.e2e.test_command_line import filled as filled
from tests.e2e.test_command_line import shell as shell
from tests.e2e.test_command_line import site as site


def test_rates_take_words_and_the_source_that_was_chosen_for_a_pinned_pair(filled: Shell) -> None:
    (answer,) = filled.json("rates", "доллар тенге")
    assert (answer["pair"], answer["source"]) == ("USD/KZT", "nbk")
    filled("watch", "add", "usd kzt", "--source", "cbr")
    filled("sync", "--rates")  # which asks that source from now on
    pinned = {one["pair"]: one["source"] for one in filled.json("rates")}
    assert (pinned["USD/KZT"], pinned["USD/KGS"]) == ("cbr", "nbkr")
