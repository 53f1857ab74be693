"""Whatever is moved where, no source is lost and the way back leads back."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from desktop.core import folders

names = st.text("АБab ", min_size=1, max_size=2).filter(lambda name: name.strip() == name)
paths = st.lists(names, max_size=4).map("/".join)
known = st.dictionaries(st.integers(1, 30), paths, max_size=12)


@given(known, paths, paths)
def test_a_moved_folder_takes_all_that_is_in_it_along(before: dict[int, str], path: str, to: str) -> None:
    assume(path)
    moved = folders.moved(before, path, to)
    if folders.holds(path, to):
        assert moved == {}
        return
    assert set(moved) == {one for one, folder in before.items() if folder and folders.holds(path, folder)}
    for one, folder in moved.items():
        assert folder == folders.tidy(to + before[one][len(path) :])


@given(known)
def test_every_folder_around_a_source_is_listed_once_and_after_its_parent(before: dict[int, str]) -> None:
    found = folders.all_of(before.values())
    assert len(found) == len(set(found))
    assert set(before.values()) - {""} <= set(found)
    for at, folder in enumerate(found):
        assert folders.parent(folder) == "" or folders.parent(folder) in found[:at]
