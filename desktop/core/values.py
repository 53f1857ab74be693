"""`dataclass` for frozen classes with slots, made in a fifth of the time; otherwise the standard library's own.

The standard library compiles six methods for each class. Some fifty classes are made before the window can be
painted: a tenth of the start. Here only `__init__` is compiled; the other methods are the same for all classes.
Pickles hold the values in order.
"""

from __future__ import annotations

import dataclasses
from operator import attrgetter
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(**wanted: bool) -> Any:
        """As `dataclasses.dataclass`, with its arguments by name."""
        return _made if wanted == {"frozen": True, "slots": True} else dataclasses.dataclass(**wanted)


def _made(given: type) -> type:
    made: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True)(given)
    fields = dataclasses.fields(made)
    made.__init__ = _initialiser(made, fields)
    made._values = property(_reader([field.name for field in fields]))
    for name, method in _METHODS.items():
        if name not in given.__dict__:
            setattr(made, name, method)
    return made  # type: ignore[no-any-return]


def _initialiser(made: Any, fields: tuple[dataclasses.Field[Any], ...]) -> Any:
    known: dict[str, Any] = {"_set": object.__setattr__, "_none": _NOT_GIVEN}
    parameters, lines = ["self"], []
    for field in fields:
        name = value = field.name
        if field.default_factory is not dataclasses.MISSING:
            known[f"_made_{name}"] = field.default_factory
            parameters.append(f"{name}=_none")
            value = f"_made_{name}() if {name} is _none else {name}"
        elif field.default is not dataclasses.MISSING:
            known[f"_default_{name}"] = field.default
            parameters.append(f"{name}=_default_{name}")
        else:
            parameters.append(name)
        lines.append(f" _set(self, {name!r}, {value})")
    if hasattr(made, "__post_init__"):
        lines.append(" self.__post_init__()")
    exec(f"def __init__({', '.join(parameters)}):\n" + ("\n".join(lines) or " pass"), known)
    initialiser = known["__init__"]
    initialiser.__qualname__ = f"{made.__qualname__}.__init__"
    initialiser.__annotations__ = {field.name: field.type for field in fields} | {"return": None}
    return initialiser


def _reader(names: list[str]) -> Any:
    """What gives the values of an object as a tuple."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda one: tuple(getattr(one, name) for name in names)


def _equal(self: Any, other: object) -> Any:
    return self._values == other._values if other.__class__ is self.__class__ else NotImplemented  # type: ignore[attr-defined]


def _hash(self: Any) -> int:
    return hash(self._values)


def _shown(self: Any) -> str:
    pairs = (f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self))
    return f"{type(self).__qualname__}({', '.join(pairs)})"


def _reduced(self: Any) -> tuple[type, tuple[Any, ...]]:
    return type(self), self._values


def _fixed(self: Any, name: str, *_: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot change field {name!r}")


_NOT_GIVEN = object()
_METHODS = {
    "__eq__": _equal,
    "__hash__": _hash,
    "__repr__": _shown,
    "__reduce__": _reduced,
    "__setattr__": _fixed,
    "__delattr__": _fixed,
}
