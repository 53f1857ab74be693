"""Long blocks go on in the next slice: nothing is lost, and numbers go on."""

from __future__ import annotations

import re

import pytest

from desktop.core.html.budget import within_budget
from desktop.core.html.display import PAUSE, slices_for_display, wide_table
from desktop.core.html.tearing import AT_LEAST, TORN, pieces, weigh

MOST = 3 * AT_LEAST  # characters of HTML of a slice: its text, and tags


def words(html):
    return re.sub("<[^>]*>|\u200b", " ", html).split()


LONG = {
    "paragraph": "<p>" + "word " * 20_000 + "end</p>",
    "inline": "<p>" + "<b>a</b> <a href='https://a.example/'>b</a> " * 3_000 + "end</p>",
    "list": "<ul>" + "<li>item</li>" * 5_000 + "</ul><p>end</p>",
    "items": "<ol><li>" + "<p>word</p>" * 5_000 + "</li></ol>",
    "quote": "<blockquote>" + "<p>word</p>" * 5_000 + "</blockquote>",
    "code": "<pre>" + "word\n" * 20_000 + "</pre>",
    "cell": "<table><tr><td>" + "<p>word</p>" * 5_000 + "</td></tr></table>",
    "bare": "word<br>" * 9_000,
    "accents": "<p>" + "e\u0301" * 40_000 + "</p>",
    "references": "<p>" + "&amp;" * 40_000 + "</p>",
}


@pytest.mark.parametrize("name", LONG)
def test_an_endless_block_does_not_freeze_the_reader(name):
    """Qt lays a block out at once: one of 20,000 items of a list took ten seconds."""
    slices = [part for part in slices_for_display(LONG[name], {}) if part]
    assert len(slices) > 3
    assert max(map(len, slices)) < MOST
    assert all(part.startswith(("<p", "<h", "<blockquote", "<div")) for part in slices[1:])
    assert words("".join(slices)) == words(within_budget(LONG[name]))
    for part in slices:
        for tag in ("p", "ul", "ol", "li", "table", "b", "a", "blockquote"):
            assert len(re.findall(f"<{tag}[ >]", part)) == part.count(f"</{tag}>"), (tag, part[:80])


def test_no_character_reference_is_cut():
    text = "&amp;" * 5_000
    assert "".join(pieces(text.replace(";", "; "), 1_000)) == text.replace(";", "; ")
    shown = "".join(slices_for_display(f"<p>{text * 4}</p>", {}))
    assert not re.search("&(?!amp;)", shown)


@pytest.mark.parametrize("name", LONG)
def test_on_paper_a_long_block_is_torn_too_but_no_table(name):
    slices = [part for part in slices_for_display(LONG[name], {}, keep_wide=True) if part]
    assert len(slices) == 1 if name == "cell" else max(map(len, slices)) < MOST


def test_a_torn_list_counts_on():
    html = "".join(slices_for_display("<ol start='7'>" + "<li>item</li>" * 1_500 + "</ol>", {}))
    counted = 7
    for part in re.split("(?=<ol)", html)[1:]:
        assert part.startswith(f'<ol start="{counted}">')
        counted += part.count("<li>")
    assert counted == 1_507


def test_an_item_that_goes_on_keeps_its_number():
    html = "".join(slices_for_display("<ol><li>one</li><li>" + "<p>word</p>" * 1_000 + "</li></ol>", {}))
    assert set(re.findall("<ol start=.(\\d+).>", html)[1:]) == {"2"}


def test_a_table_of_thousands_of_rows_opens_in_a_window_of_its_own():
    table = "<table>" + "<tr><td>a</td><td>b</td></tr>" * 3_000 + "</table>"
    slices = list(slices_for_display(f"<p>x</p>{table}<p>y</p>", {}))
    assert '<a href="table:0">Table of 2 columns and 3000 rows</a>' in "".join(slices)
    assert slices.count("") >= 3_000 // PAUSE, "there is no pause while it is read"
    assert wide_table(f"<p>x</p>{table}<p>y</p>", {}, 0).count("<tr>") == 3_000


def test_tables_in_tables_by_the_thousand_do_not_freeze_the_reader():
    nested = "x"
    for _ in range(6):
        nested = "<table><tr>" + f"<td>{nested}</td>" * 3 + "</tr></table>"
    assert "table:0" in "".join(slices_for_display(nested, {}))


def test_a_script_that_takes_long_to_set_is_torn_sooner():
    assert weigh("word") == 4
    assert weigh("слово") == 5
    assert weigh("\u0634\u0647\u0631") == 9
    first = next(pieces("\u0634\u0647\u0631 " * TORN, TORN))
    assert len(first) < TORN / 2


def test_fifty_thousand_short_lines_of_code_do_not_freeze_the_reader():
    """Qt makes a block of each line, which takes as long as a few dozen letters do."""
    slices = list(slices_for_display("<pre>" + "word\n" * 50_000 + "</pre>", {}))
    assert sum(each.count("word") for each in slices) == 50_000
    assert max(each.count("\n") for each in slices) < 1_200


def test_no_line_of_code_is_torn():
    lines = [f"{n:04d}  river {n % 7}  {n * 3 % 91} cm" for n in range(5_000)]
    slices = [each for each in slices_for_display("<pre>" + "\n".join(lines) + "</pre>", {}) if each]
    assert len(slices) > 5
    shown = [line for each in slices for line in re.sub("<[^>]*>", "", each).split("\n") if line]
    assert shown == lines


def test_a_chain_of_joined_letters_does_not_freeze_the_reader():
    """Qt sets what zero-width joiners hold together as one, each time it is painted."""
    shown = within_budget("<p>" + "\U0001f468\u200d" * 400 + "</p>")
    assert max(map(len, re.split("[\u200b<>]", shown))) <= 100
    family = "<p>\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466</p>"
    assert within_budget(family) == family
