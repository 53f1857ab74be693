"""Frames between the program and the process that reads documents, and our values in them as JSON.

    frame   4 bytes length of the head, 4 bytes length of the body (big-endian), head (JSON, UTF-8), body (bytes)

Not pickle: whoever takes over the reading process by a document may say here what he likes, and gets nothing made of it
but values of the very types that were asked for. A dataclass or a named tuple is the list of its fields in order.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import IO, Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
LENGTHS = struct.Struct(">II")
MOST_BYTES = 256_000_000  # of one frame; the largest document has 10 MB


class WireError(ValueError):
    """What came is no frame, or not of the type that was asked for."""


def write_frame(stream: IO[bytes], head: object, body: bytes = b"") -> None:
    """Write `head`, a value that travels, and `body`."""
    written = dump(head)
    stream.write(LENGTHS.pack(len(written), len(body)))
    stream.write(written)
    stream.write(body)
    stream.flush()


def read_frame(stream: IO[bytes]) -> tuple[Any, bytes] | None:
    """The next frame, head and body; None at the end of the stream. Raises WireError."""
    lengths = stream.read(LENGTHS.size)
    if not lengths:
        return None
    if len(lengths) < LENGTHS.size:
        raise WireError("a frame was cut")
    head_length, body_length = LENGTHS.unpack(lengths)
    if head_length + body_length > MOST_BYTES:
        raise WireError("a frame is too large")
    head, body = stream.read(head_length), stream.read(body_length)
    if len(head) < head_length or len(body) < body_length:
        raise WireError("a frame was cut")
    return _plain(head), body


def dump(value: object) -> bytes:
    """A value as bytes. Raises TypeError for one that does not travel."""
    # Half of a pair of surrogates is no character, and stands in texts all the same.
    return _ENCODER.encode(value).encode("utf-8", "surrogatepass")


def load(kind: type[T], data: bytes) -> T:
    """The value of this type that `dump` wrote. Raises WireError for anything else."""
    wanted: Any = kind
    try:
        return cast("T", _maker(wanted)(_plain(data)))
    except WireError:
        raise
    except (ValueError, TypeError, ArithmeticError) as error:
        raise WireError(f"no {kind}: {type(error).__name__}") from error


def _plain(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise WireError("no JSON") from error


def _to_plain(value: object) -> object:
    """What JSON does not know, as something nearer to what it knows: the encoder, which is C, walks the rest."""
    kind: Any = type(value)
    return _way(kind)(value)


_ENCODER = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, separators=(",", ":"), default=_to_plain
)


@cache
def _way(kind: Any) -> Callable[[Any], object]:
    names = _names(kind)
    if len(names) > 1:  # of one name attrgetter gives no row
        return attrgetter(*names)
    if names:
        return lambda value: [getattr(value, names[0])]
    if issubclass(kind, date):  # a datetime too
        return cast("Callable[[Any], object]", kind.isoformat)
    if issubclass(kind, (frozenset, set)):
        return list
    if issubclass(kind, Decimal):
        return str
    if issubclass(kind, Enum):
        return attrgetter("value")
    raise TypeError(f"{kind.__name__} does not travel")


@cache
def _names(kind: Any) -> tuple[str, ...]:
    if is_dataclass(kind):
        return tuple(field.name for field in fields(kind))
    return getattr(kind, "_fields", ()) if isinstance(kind, type) and issubclass(kind, tuple) else ()


@cache
def _maker(kind: Any) -> Callable[[Any], Any]:
    """What makes a value of a type of what JSON gave. It raises for what is of another type."""
    if kind in (str, int, bool, NoneType):
        return _exactly(kind)
    if kind in (date, datetime):
        return lambda plain: kind.fromisoformat(_string(plain))
    if kind is Decimal:
        return lambda plain: Decimal(_string(plain))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    if is_dataclass(kind) or _names(kind):
        return _record_maker(kind)
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (UnionType, Union):
        (other,) = (each for each in inner if each is not NoneType)
        make = _maker(other)
        return lambda plain: None if plain is None else make(plain)
    if origin is tuple and inner[-1:] != (Ellipsis,):
        return _row_maker(tuple, inner)
    if origin in (tuple, list, frozenset):
        make_one = _maker(inner[0])
        return lambda plain: origin(
            [make_one(each) for each in (plain if type(plain) is list else _list(plain))]
        )
    raise TypeError(f"{kind} does not travel")


def _exactly(kind: type) -> Callable[[Any], Any]:
    def check(plain: object) -> object:
        if type(plain) is not kind:
            raise WireError(f"{type(plain).__name__} in place of {kind.__name__}")
        return plain

    return check


_string = _exactly(str)
_list = _exactly(list)


def _record_maker(kind: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    return _row_maker(lambda values: kind(*values), tuple(hints[name] for name in _names(kind)))


def _row_maker(finish: Callable[[list[Any]], Any], kinds: tuple[Any, ...]) -> Callable[[Any], Any]:
    columns = tuple((_as_it_is(kind), _maker(kind)) for kind in kinds)

    def make(plain: object) -> Any:
        row = plain if type(plain) is list else _list(plain)
        # Most values are of the wanted type already, and a call for each of them would be most of the work.
        return finish(
            [
                each if type(each) is ready else make_one(each)
                for (ready, make_one), each in zip(columns, row, strict=True)
            ]
        )

    return make


def _as_it_is(kind: Any) -> object:
    """The type of what JSON gives that is a value of `kind` as it stands; None where there is none."""
    if get_origin(kind) in (UnionType, Union):
        return NoneType
    return kind if kind in (str, int, bool) else None
