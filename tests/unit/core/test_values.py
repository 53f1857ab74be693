"""The quick `dataclass` behaves as the standard library's does for the same class."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from desktop.core import values


class Base:
    """A point with a name and marks."""

    x: int
    name: str = "nameless"
    marks: list[int] = dataclasses.field(default_factory=list)
    near: tuple[int, ...] = ()

    @property
    def double(self) -> int:
        return 2 * self.x


def make(decorate: Callable[..., Any], body: type = Base) -> Any:
    """The class as the decorator makes it."""
    members = {key: value for key, value in vars(body).items() if key not in ("__dict__", "__weakref__")}
    return decorate(frozen=True, slots=True)(type("Point", (), members))


Quick = make(values.dataclass)
Standard = make(dataclasses.dataclass)
Quick.__qualname__ = "Quick"


@values.dataclass(frozen=True, slots=True)
class Checked:
    """One field, looked at, and equal to anything."""

    x: int

    def __post_init__(self) -> None:
        if self.x < 0:
            raise ValueError("below zero")

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


@pytest.mark.parametrize(
    "given", [((1,), {}), ((1, "a"), {}), ((1,), {"near": (2,)}), ((), {"x": 3, "marks": [4]})]
)
def test_it_holds_and_shows_what_the_standard_one_does(given: tuple[tuple[Any, ...], dict[str, Any]]) -> None:
    quick, standard = Quick(*given[0], **given[1]), Standard(*given[0], **given[1])
    assert dataclasses.asdict(quick) == dataclasses.asdict(standard)
    assert repr(quick) == repr(standard).replace("Point", "Quick")
    assert quick.double == standard.double
    assert Quick.__match_args__ == Standard.__match_args__
    assert [field.name for field in dataclasses.fields(Quick)] == [
        f.name for f in dataclasses.fields(Standard)
    ]


@pytest.mark.parametrize("given", [((), {}), ((1, 2, 3, 4, 5), {}), ((1,), {"x": 1}), ((1,), {"other": 1})])
def test_wrong_arguments_are_refused(given: tuple[tuple[Any, ...], dict[str, Any]]) -> None:
    for made in (Quick, Standard):
        with pytest.raises(TypeError):
            made(*given[0], **given[1])


def test_objects_are_equal_by_value_and_class() -> None:
    assert Quick(1, "a") == Quick(1, "a")
    assert Quick(1, "a") != Quick(1, "b")
    assert Quick(1) != Standard(1)
    assert Quick(1) != (1, "nameless", [], ())
    assert hash(Quick(1, marks=())) == hash(Quick(1, marks=()))


def test_each_object_has_its_own_default() -> None:
    assert Quick(1).marks is not Quick(1).marks


def test_nothing_can_be_changed_or_added() -> None:
    one = Quick(1)
    for act in (lambda: setattr(one, "x", 2), lambda: setattr(one, "other", 2), lambda: delattr(one, "x")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            act()
    assert not hasattr(one, "__dict__")


def test_copies_are_equal() -> None:
    one = Quick(1, marks=[2])
    assert dataclasses.replace(one, x=2) == Quick(2, marks=[2])
    assert copy.copy(one) == copy.deepcopy(one) == one
    assert copy.deepcopy(one).marks is not one.marks
    assert pickle.loads(pickle.dumps(Checked(7))).x == 7


def test_what_a_class_writes_itself_stays() -> None:
    assert Checked(1) == 5
    with pytest.raises(ValueError, match="below"):
        Checked(-1)


def test_other_kinds_are_the_standard_ones() -> None:
    made = values.dataclass(frozen=True, order=True)(type("Pair", (), {"__annotations__": {"x": "int"}}))
    assert made(1) < made(2)
