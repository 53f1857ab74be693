"""Plain lines and folded words."""

from __future__ import annotations

import sys

import pytest

from desktop.core.text import fold, plain, visible


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  a \n b\t c ", "a b c"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("a\u2066b\u2069", "ab"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("soft\u00adhyphen", "softhyphen"),
        ("nul\x00l\x1b[31m", "null[31m"),
        ("line\u2028two", "line two"),
        ("мектеп\u00a0ашылды", "мектеп ашылды"),
        ("family \U0001f468\u200d\U0001f469", "family \U0001f468\u200d\U0001f469"),
        ("", ""),
    ],
)
def test_a_line_has_nothing_hidden_in_it(text: str, line: str) -> None:
    assert plain(text) == line


def test_no_character_is_passed_over_because_it_can_be_printed() -> None:
    """A text that can be printed is seldom looked through; behind a sign that cannot, every one is."""
    printable = [chr(code) for code in range(sys.maxunicode + 1) if chr(code).isprintable()]
    for at in range(0, len(printable), 64):
        signs = printable[at : at + 64]
        shown = "".join(f"x{sign * 6}y" for sign in signs)
        looked_through = visible("\0" + shown)
        if looked_through != shown:  # then each by itself
            for sign in signs:
                assert visible(f"x{sign * 6}y") == visible(f"\0x{sign * 6}y")
        assert visible(shown) == looked_through


def test_a_long_line_is_cut_with_an_ellipsis() -> None:
    assert plain("word " * 200, 11) == "word word…"
    assert len(plain("x" * 900)) == 500


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Всё ещё", "ВСЕ ЕЩЕ"),
        ("oʻzbek", "O'ZBEK"),
        ("o‘zbek", "o’zbek"),
        ("gʻalaba", "g`alaba"),
        ("ﬁnance", "FINANCE"),
        ("Straße", "STRASSE"),
        ("Kazakhstan’s", "kazakhstan s"),
    ],
)
def test_spellings_that_mean_the_same_fold_to_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)
