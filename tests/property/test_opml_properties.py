"""Lists of feeds, for any tree: what was exported comes back as it was, and damage is never more than a sentence."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.core.errors import ParseError
from desktop.core.fulltext_values import FullTextRule
from desktop.core.models import NewSource, SourceKind
from desktop.core.text import plain
from desktop.net import opml

NOW = datetime(2026, 11, 25, 6, tzinfo=UTC)
lines = st.text(max_size=40).map(plain)
names = st.one_of(
    lines, st.sampled_from(["Kyrgyzstan", "Қазақстан", 'A "b" & <c>', "AT&amp;T", "Oʻzbekiston"])
)
folders = st.one_of(
    st.just(""), st.lists(names.filter(bool), min_size=1, max_size=4).map("/".join), names
)  # names may hold a slash of their own
paths = st.text("abcde/?=&%'\"<>éж", max_size=20)


@st.composite
def sources(draw: st.DrawFn) -> list[NewSource]:
    return [_source(draw, number) for number in range(draw(st.integers(0, 12)))]


def _source(draw: st.DrawFn, number: int) -> NewSource:
    url = f"https://n{number}.example/{draw(paths)}"
    other = f"https://f{number}.example/{draw(paths)}"
    return NewSource(
        url,
        draw(st.sampled_from(SourceKind)),
        draw(names),
        draw(st.sampled_from(["", f"https://n{number}.example/"])),
        draw(st.sampled_from(["", url, other])),
        draw(folders),
        draw(st.sampled_from(["", "ru", "kk-Cyrl"])),
        draw(st.sampled_from(["", "KZ"])),
        draw(st.booleans()),
        draw(st.sampled_from(FullTextRule)),
        draw(st.booleans()),
        draw(st.integers(0, opml.MOST_MINUTES)),
        draw(st.booleans()),
        draw(lines),
    )


@settings(max_examples=300, derandomize=True, deadline=None)
@given(sources())
def test_what_is_exported_is_imported_as_it_was(listed: list[NewSource]) -> None:
    found = opml.read(opml.write(listed, NOW))
    assert list(found.sources) == listed
    assert (found.left_out, found.merged) == ((), 0)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(sources(), st.data())
def test_a_damaged_list_gives_feeds_or_a_sentence(listed: list[NewSource], data: st.DataObject) -> None:
    body = bytearray(opml.write(listed, NOW))
    for _ in range(data.draw(st.integers(1, 5))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(ParseError):
        found = opml.read(bytes(body[: data.draw(st.integers(0, len(body)))]))
        assert all(one.url.startswith(("http://", "https://")) for one in found.sources)
