"""Marks and histories of two machines: the same whichever way round and however often, and nothing of either lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from desktop.core.pack_file import Marks, Seen, history, in_order, merged
from desktop.core.tags import tag_key

START = datetime(2026, 11, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 4).map(lambda hours: START + timedelta(hours=hours))
PARAGRAPHS = st.lists(st.sampled_from(["no", "nothing", "ask N.", "see page 3"]), max_size=3)
TAGS = st.lists(st.sampled_from(["Banks", "banks", "Later", "Өзен"]), max_size=3).map(in_order)
NOTES = PARAGRAPHS.map("\n\n".join)


@st.composite
def marks(draw: st.DrawFn) -> Marks:
    note = draw(NOTES)
    return Marks(
        draw(st.booleans()), draw(st.none() | MOMENTS), draw(st.booleans()), note,
        draw(MOMENTS) if note else None, draw(TAGS),
    )  # fmt: skip


SEEN = st.lists(st.builds(Seen, MOMENTS, st.sampled_from("ABC")), min_size=1, max_size=5).map(
    lambda seen: history(seen, [])
)


def parts(note: str) -> set[str]:
    return set(note.split("\n\n")) - {""}


@given(marks(), marks())
def test_it_is_the_same_which_side_reads_the_file(one: Marks, other: Marks) -> None:
    assert merged(one, other) == merged(other, one)


@given(marks(), marks())
def test_reading_it_again_changes_nothing(one: Marks, other: Marks) -> None:
    both = merged(one, other)
    assert merged(both, other) == both
    assert merged(both, one) == both
    assert merged(both, both) == both


@given(marks(), marks())
def test_no_star_no_tag_and_no_paragraph_of_a_note_is_lost(one: Marks, other: Marks) -> None:
    both = merged(one, other)
    assert both.starred == (one.starred or other.starred)
    assert {tag_key(tag) for tag in both.tags} == {tag_key(tag) for tag in (*one.tags, *other.tags)}
    assert parts(both.note) == parts(one.note) | parts(other.note)


@given(marks(), marks())
def test_what_was_said_last_counts_and_what_nobody_said_never_wins_over_it(one: Marks, other: Marks) -> None:
    both = merged(one, other)
    said = [marks for marks in (one, other) if marks.read_at is not None]
    if said:
        last = max(marks.read_at for marks in said if marks.read_at)
        assert both.read == any(marks.read for marks in said if marks.read_at == last)
        assert both.read_at == last
    else:
        assert both.read == (one.read or other.read)


@given(SEEN, SEEN)
def test_two_histories_become_one_that_has_all_texts_of_both(one: list[Seen], other: list[Seen]) -> None:
    both = history(one, other)
    assert both == history(other, one)
    assert both == history(both, other) == history(both, one)
    assert {seen.content for seen in both} == {seen.content for seen in (*one, *other)}
    assert [seen.since for seen in both] == sorted(seen.since for seen in both)
    assert all(before.content != after.content for before, after in pairwise(both))
