"""What the command line prints never commands the terminal that it is printed on."""

from __future__ import annotations

import json

import pytest

from desktop.cli import output as out

HOSTILE = "note\x1b[2J\x1b]0;title\x07\x9b31m\x7f\x00 end"


def test_words_move_colour_and_command_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    out.print_text(f"{HOSTILE}\n\tsecond line")
    out.say(HOSTILE)
    shown = capsys.readouterr()
    assert shown.out == "note[2J]0;title31m end\n\tsecond line\n"
    assert shown.err == "note[2J]0;title31m end\n"


def test_a_title_of_two_lines_makes_no_second_row_and_turns_none_round(
    capsys: pytest.CaptureFixture[str],
) -> None:
    out.print_table([("1", "Herald\r\n2  Courier \u202eteb\u202c"), ("3", HOSTILE)])
    assert capsys.readouterr().out.splitlines() == ["1  Herald 2  Courier teb", "3  note[2J]0;title31m end"]


def test_json_keeps_every_letter_and_shows_no_control(capsys: pytest.CaptureFixture[str]) -> None:
    out.print_json({"note": HOSTILE})
    printed = capsys.readouterr().out
    assert json.loads(printed) == {"note": HOSTILE}
    assert all(letter.isprintable() or letter == "\n" for letter in printed)
