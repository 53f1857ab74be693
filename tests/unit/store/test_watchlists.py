"""Watchlists: the person's pairs, order and direction."""

from __future__ import annotations

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
