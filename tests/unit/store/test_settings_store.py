"""Settings: values keep their type, and a wrong one is never given."""

from __future__ import annotations

import pytest

from desktop.store import Store


@pytest.mark.parametrize("value", ["", "текст", "1", 0, 7, -3, 2.5, True, False])
def test_a_value_comes_back_in_its_type(store: Store, value: str | int | float | bool) -> None:
    store.settings.set("key", value)
    found = store.settings.get("key", type(value)())
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("stored", "default"), [("7", 1), (7, "x"), (1, True), (True, 1), (2.5, 1), ("", 1.5)]
)
def test_a_value_of_another_type_gives_the_default(
    store: Store, stored: str | float, default: str | float
) -> None:
    store.settings.set("key", stored)
    assert store.settings.get("key", default) is default


def test_a_whole_number_is_good_where_a_float_is_asked_for(store: Store) -> None:
    store.settings.set("key", 2)
    found = store.settings.get("key", 1.5)
    assert (found, type(found)) == (2.0, float)


def test_what_is_not_set_gives_the_default(store: Store) -> None:
    assert store.settings.get("nothing", "x") == "x"
    store.settings.set("key", "y")
    store.settings.forget("key")
    assert store.settings.get("key", "x") == "x"


def test_all_that_is_set_can_be_listed(store: Store) -> None:
    store.settings.set("b", 1)
    store.settings.set("a", "x")
    store.settings.set("b", 2)
    assert store.settings.all() == {"a": "x", "b": 2}
