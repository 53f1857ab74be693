"""What a publisher changed in a text, readable at a glance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.difference import Fate, compare, marked

LONG = "The bridge over the Naryn was opened on Monday after two years of work."


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        (LONG, LONG, LONG),
        (LONG, LONG.replace("Monday", "Tuesday"), LONG.replace("Monday", "[-Monday-]{+Tuesday+}")),
        (
            LONG,
            LONG.replace("two years", "three long years"),
            LONG.replace("two years", "[-two-]{+three long+} years"),
        ),
        ("One.\n\nTwo.", "One.\n\nNew and different words.\n\nTwo.", "One.\n\n{+New and different words.+}\n\nTwo."),
        ("One.\n\nTwo.\n\nThree.", "One.\n\nThree.", "One.\n\n[-Two.-]\n\nThree."),
        ("Көпір ашылды бүгін таңда.", "Көпір жабылды бүгін таңда.", "Көпір [-ашылды-]{+жабылды+} бүгін таңда."),
        ("It costs 1,312.50 soms in all.", "It costs 1,412.50 soms in all.",
         "It costs [-1,312.50-]{+1,412.50+} soms in all."),
        ("", "Only this.", "{+Only this.+}"),
        ("Gone.", "", "[-Gone.-]"),
        ("The same. \n\n\n Spaces", "The same.\n\nSpaces", "The same.\n\nSpaces"),
    ],
)  # fmt: skip
def test_a_difference_reads_well(old: str, new: str, shown: str) -> None:
    assert marked(compare(old, new)) == shown


def test_changes_that_only_a_space_parts_are_one() -> None:
    found = compare(
        "It was said by a man that rain will come.", "It was said by the old woman that rain will come."
    )
    assert marked(found) == "It was said by [-a man-]{+the old woman+} that rain will come."
    assert (found.added, found.removed) == (1, 1)


def test_a_huge_text_without_paragraphs_is_not_compared_word_by_word() -> None:
    old, new = f"first {'word ' * 40_000}last", f"start {'word ' * 39_999}end"
    assert [run.fate for paragraph in compare(old, new).paragraphs for run in paragraph] == [
        Fate.REMOVED,
        Fate.ADDED,
    ]


TEXTS = st.lists(
    st.lists(st.sampled_from(["a", "b", "the", "ё", "ғ", ",", ".", "5", "can't"]), max_size=8).map(" ".join),
    max_size=6,
)


@given(TEXTS, TEXTS)
def test_both_versions_can_be_read_from_a_difference(old: list[str], new: list[str]) -> None:
    found = compare("\n\n".join(old), "\n\n".join(new))

    def version(without: Fate) -> list[str]:
        kept = ["".join(r.text for r in one if r.fate is not without) for one in found.paragraphs]
        return [text for text in kept if text]

    assert version(Fate.ADDED) == [text for text in old if text]
    assert version(Fate.REMOVED) == [text for text in new if text]
    assert bool(found) == ([text for text in old if text] != [text for text in new if text])
