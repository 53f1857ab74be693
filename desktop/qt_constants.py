"""Makes the enumerations of Qt's constants at a fifth of their price: an eighth of a start went into them.

PySide6 makes an enumeration of each of Qt's when the class around it is first named, some 200 with 3,000 members before
a window stands, each by `Enum("Name", items, boundary=KEEP)`. That is made for people: it asks of every name and value
whether it is a descriptor, a private name or an `auto`, and sets each member up twice. These are plain names and
numbers, so what the standard library makes of an example is taken over, and only the members are made anew.
"""

from __future__ import annotations

import enum
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

Items = list[tuple[str, int]]
# Out of order, with a mask of two bits, an alias and a zero: all that an enumeration of Qt can have.
_EXAMPLE: Items = [("A", 4), ("B", 1), ("C", 2), ("D", 3), ("E", 1), ("F", 0)]
_BASES = (enum.Enum, enum.IntEnum, enum.Flag, enum.IntFlag)


class _Kind:
    """What all enumerations on one class of the standard library's have in common, learned from one that it made."""

    def __init__(self, base: Any, make: Callable[..., Any]) -> None:
        example = make(base, "Example", list(_EXAMPLE), module=__name__, boundary=enum.KEEP)
        own = {"_iter_member_", *(name for name, _ in _EXAMPLE)}  # the former is that of flags out of order
        self._base = base
        common = {key: value for key, value in vars(example).items() if key not in own}
        self._own = {
            key: type(value) for key, value in common.items() if isinstance(value, list | dict | set)
        }
        self._common = {key: value for key, value in common.items() if key not in self._own}
        self._is_number = issubclass(base, int)
        self._is_flag = issubclass(base, enum.Flag)
        self._taken = {"mro", *dir(base)}
        self.is_known = _facts(self.made("Example", _EXAMPLE, __name__)) == _facts(example)

    def suits(self, items: Items) -> bool:
        """Whether these are different names, none of which means anything to an enumeration, and whole numbers."""
        try:
            named = dict(items)
        except (TypeError, ValueError):
            return False
        return (
            len(named) == len(items)
            and self._taken.isdisjoint(named)
            and all(type(name) is str and name[:1] not in ("", "_") for name in named)
            and all(type(value) is int for value in named.values())
            and not (self._is_flag and min(named.values(), default=0) < 0)
        )

    def made(self, class_name: str, items: Items, module: str) -> Any:
        """What `base(class_name, items, module=module, boundary=KEEP)` gives, of items that suit."""
        body = self._common | {key: kind() for key, kind in self._own.items()}
        body["__module__"] = module
        made: Any = type.__new__(enum.EnumType, class_name, (self._base,), body)
        canonical, by_name, by_value = made._member_names_, made._member_map_, made._value2member_map_
        is_number, is_flag = self._is_number, self._is_flag
        for name, value in items:
            member = by_value.get(value)
            if member is None:
                member = int.__new__(made, value) if is_number else object.__new__(made)
                by_value[value] = member
                member._value_ = value
                member._name_ = name
                member.__objclass__ = made
                member._sort_order_ = len(canonical)
                if not is_flag or _is_single_bit(value):
                    canonical.append(name)
            by_name[name] = member
        put = type.__setattr__  # that of enumerations looks first whether a member would be replaced
        for (
            name,
            member,
        ) in by_name.items():  # when all are made: Python forgets with each what it knew of the class
            put(made, name, member)
        if is_flag:
            self._finish_flag(made, put)
        return made

    def _finish_flag(self, made: Any, put: Callable[[Any, str, object], None]) -> None:
        mask = singles = 0
        for value in made._value2member_map_:
            mask |= value
            singles |= value if _is_single_bit(value) else 0
        put(made, "_flag_mask_", mask)
        put(made, "_singles_mask_", singles)
        put(made, "_all_bits_", 2 ** mask.bit_length() - 1)
        values = [made._member_map_[name]._value_ for name in made._member_names_]
        if values != sorted(values):
            put(made, "_iter_member_", made._iter_member_by_def_)


def install() -> None:
    """Make enumerations of names and numbers that are to keep unknown bits in this way, from now on.

    A Python whose enumerations come out otherwise goes on making them by itself.
    """
    enumerations: Any = enum.EnumType
    make = enumerations._create_
    kinds = {base: kind for base in _BASES if (kind := _Kind(base, make)).is_known}

    def create(cls: Any, class_name: str, names: Any, *, module: str | None = None, **how: Any) -> Any:
        if module is None:
            with suppress(ValueError):  # who asks stands behind `EnumType.__call__`
                module = sys._getframe(2).f_globals.get("__name__")
        kind = kinds.get(cls)
        if (
            kind
            and module
            and how == {"boundary": enum.KEEP, **_USUAL}
            and type(names) is list
            and kind.suits(names)
        ):
            return kind.made(class_name, names, module)
        return make(cls, class_name, names, module=module, **how)

    enumerations._create_ = create


_USUAL = {"qualname": None, "type": None, "start": 1}


def _is_single_bit(value: int) -> bool:
    return value != 0 and value & (value - 1) == 0


def _facts(made: Any) -> object:
    """All that can be seen of an enumeration, in values that are equal where two were made alike."""

    def plain(value: Any) -> object:
        if type(value) is made:
            return [int(value) if isinstance(value, int) else None, plain(vars(value))]
        if isinstance(value, dict):
            return [(key, plain(one)) for key, one in value.items()]
        return "itself" if value is made else getattr(value, "__func__", value)

    return plain(dict(sorted(vars(made).items())))
