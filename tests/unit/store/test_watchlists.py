"""Watchlists: the person's pairs, order and direction."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.core.errors import UsageError
from desktop.core.rates import Pair
from desktop.store import Store

KZT, EUR = Pair("USD", "KZT"), Pair("EUR", "KZT")
FIVE = ["USD/KGS", "USD/KZT", "USD/TJS", "USD/UZS", "USD/TMT"]


def pairs(store: Store, name: str = "Main") -> list[str]:
    pinned = store.watchlists.pairs(name)
    assert [one.position for one in pinned] == list(range(len(pinned)))
    return [str(one.pair) for one in pinned]


def test_a_new_store_has_the_five_pairs(store: Store) -> None:
    assert store.watchlists.names() == ["Main"]
    assert pairs(store) == FIVE


def test_pairs_are_pinned_at_the_end_once(store: Store) -> None:
    store.watchlists.pin(EUR)
    store.watchlists.pin(EUR)
    assert pairs(store) == [*FIVE, "EUR/KZT"]


def test_pinning_the_inverse_turns_a_pair_in_its_place(store: Store) -> None:
    store.watchlists.pin(KZT.inverse)
    assert pairs(store) == ["USD/KGS", "KZT/USD", *FIVE[2:]]


def test_a_pair_is_flipped_and_flipped_back(store: Store) -> None:
    store.watchlists.flip(KZT)
    assert pairs(store)[1] == "KZT/USD"
    store.watchlists.flip(KZT)
    assert pairs(store)[1] == "USD/KZT"


def test_a_pair_is_unpinned_whichever_way_it_stands(store: Store) -> None:
    store.watchlists.unpin(KZT.inverse)
    assert pairs(store) == [FIVE[0], *FIVE[2:]]


@pytest.mark.parametrize(("position", "place"), [(0, 0), (3, 3), (99, 4), (-1, 0)])
def test_a_pair_is_moved(store: Store, position: int, place: int) -> None:
    store.watchlists.move(KZT, position)
    assert pairs(store).index("USD/KZT") == place
    assert sorted(pairs(store)) == sorted(FIVE)


@pytest.mark.parametrize(("by", "place"), [(-1, 0), (1, 2), (-9, 0), (9, 4), (0, 1)])
def test_a_pair_is_shifted_as_far_as_its_list_goes(store: Store, by: int, place: int) -> None:
    store.watchlists.shift(KZT, by)
    assert pairs(store).index("USD/KZT") == place
    assert sorted(pairs(store)) == sorted(FIVE)


@pytest.mark.parametrize(
    "act",
    [
        lambda w: w.unpin(EUR),
        lambda w: w.flip(EUR),
        lambda w: w.move(EUR, 0),
        lambda w: w.pin(Pair("USD", "USD")),
    ],
)
def test_what_is_not_on_the_list_cannot_be_changed(store: Store, act: Callable[[object], None]) -> None:
    with pytest.raises(UsageError):
        act(store.watchlists)
    assert pairs(store) == FIVE


def test_a_list_is_made_by_its_first_pair(store: Store) -> None:
    store.watchlists.pin(EUR, "Travel")
    assert store.watchlists.names() == ["Main", "Travel"]
    assert pairs(store, "Travel") == ["EUR/KZT"]
    assert pairs(store) == FIVE
    assert pairs(store, "None") == []


def test_an_emptied_list_stays_empty_after_a_restart(folder: Path) -> None:
    with Store.open(folder) as store:
        for name in FIVE:
            store.watchlists.unpin(Pair(*name.split("/")))
    with Store.open(folder) as store:
        assert pairs(store) == []


@pytest.fixture
def three(store: Store) -> Store:
    """Main with the five pairs in the ticker, Travel with one pair, Work with none."""
    store.watchlists.pin(EUR, "Travel", "nbk")
    store.watchlists.create("Work")
    return store


def test_a_list_is_made_empty_renamed_ordered_and_deleted(three: Store) -> None:
    lists = three.watchlists
    lists.rename("Travel", "  Silk   Road ")
    assert pairs(three, "Silk Road") == ["EUR/KZT"]
    lists.move_list("Work", 0)
    assert lists.names() == ["Work", "Main", "Silk Road"]
    lists.delete("Silk Road")
    assert lists.names() == ["Work", "Main"]
    assert pairs(three, "Silk Road") == []
    lists.create("Last")
    assert lists.names() == ["Work", "Main", "Last"]


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (lambda w: w.create("main"), "already"),
        (lambda w: w.create(" \u200b "), "needs a name"),
        (lambda w: w.rename("Travel", "WORK"), "already"),
        (lambda w: w.rename("Nowhere", "Else"), "no list"),
        (lambda w: w.delete("Nowhere"), "no list"),
        (lambda w: w.show_in_ticker("Nowhere"), "no list"),
        (lambda w: w.move_list("Nowhere", 0), "no list"),
        (lambda w: w.pin_all([(EUR, ""), (Pair("USD", "USD"), "")], "Work"), "twice"),
        (lambda w: w.pin_all([(Pair("USD", f"X{n:02}"), "") for n in range(201)], "Work"), "at most 200"),
    ],
)
def test_what_cannot_be_done_to_a_list_changes_nothing(
    three: Store, act: Callable[[object], None], why: str
) -> None:
    before = three.watchlists.all()
    with pytest.raises(UsageError, match=why):
        act(three.watchlists)
    assert three.watchlists.all() == before


def test_the_last_list_stays(store: Store) -> None:
    with pytest.raises(UsageError, match="only list"):
        store.watchlists.delete("Main")
    assert pairs(store) == FIVE


def test_a_name_may_change_its_case(three: Store) -> None:
    three.watchlists.rename("Work", "WORK")
    assert three.watchlists.names() == ["Main", "Travel", "WORK"]


def test_the_ticker_keeps_its_list_through_renaming_and_falls_back_to_the_first(three: Store) -> None:
    lists = three.watchlists
    assert lists.in_ticker() == "Main"
    lists.show_in_ticker("Travel")
    assert [str(one.pair) for one in lists.pairs()] == ["EUR/KZT"]
    lists.rename("Travel", "Silk Road")
    assert lists.in_ticker() == "Silk Road"
    lists.delete("Silk Road")
    assert lists.in_ticker() == "Main"


def test_the_source_of_a_pair_stays_with_it(three: Store) -> None:
    lists = three.watchlists
    lists.set_source(KZT.inverse, "cbr")
    lists.move(KZT, 4)
    lists.flip(KZT)
    lists.pin(KZT)
    (stood,) = [one for one in lists.pairs("Main") if one.pair == KZT]
    assert (stood.position, stood.source) == (4, "cbr")
    lists.pin(KZT, "Main", "nbk")
    lists.set_source(EUR, "", "Travel")
    assert [one.source for one in lists.pairs("Main")] == ["", "", "", "", "nbk"]
    assert [one.source for one in lists.pairs("Travel")] == [""]


def test_lists_go_back_as_they_were_unless_they_changed_meanwhile(three: Store) -> None:
    lists = three.watchlists
    lists.set_source(KZT, "cbr")
    lists.show_in_ticker("Travel")
    before = lists.all()
    lists.delete("Travel")
    after = lists.all()
    lists.restore(before, after)
    assert lists.all() == before
    assert lists.in_ticker() == "Travel"
    lists.pin(Pair("CNY", "KZT"), "Main")
    with pytest.raises(UsageError, match="changed since"):
        lists.restore(after, before)
    assert "CNY/KZT" in pairs(three, "Main")


def test_lists_of_the_first_format_open_with_the_first_one_in_the_ticker(tmp_path: Path) -> None:
    data = Path(__file__).parents[2] / "data" / "databases" / "version-1.db.gz"
    folder = tmp_path / "old"
    folder.mkdir()
    (folder / "chorsu.db").write_bytes(gzip.decompress(data.read_bytes()))
    with Store.open(folder) as store:
        lists = store.watchlists.all()
        assert [one.in_ticker for one in lists] == [True, *[False] * (len(lists) - 1)]
        assert all(pinned.source == "" for one in lists for pinned in one.pairs)
        assert lists[0].pairs
