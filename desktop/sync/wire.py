"""Frames between the program and the process that reads documents, and our values in them as JSON.

    frame   4 bytes length of the head, 4 bytes length of the body (big-endian), head (JSON, UTF-8), body (bytes)

Not pickle: whoever takes over the reading process by a document may say here what he likes, and gets nothing made of it
but values of the very types that were asked for. A dataclass is the list of its fields in order.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import IO, Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
LENGTHS = struct.Struct(">II")
MOST_BYTES = 256_000_000  # of one frame; the largest document has 10 MB


class WireError(ValueError):
    """What came is no frame, or not of the type that was asked for."""


def write_frame(stream: IO[bytes], head: object, body: bytes = b"") -> None:
    """Write `head`, whose values are plain already, and `body`."""
    written = _json(head)
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
    """A value as bytes."""
    return _json(to_plain(value))


def load(kind: type[T], data: bytes) -> T:
    """The value of this type that `dump` wrote. Raises WireError for anything else."""
    wanted: Any = kind
    try:
        return cast("T", _maker(wanted)(_plain(data)))
    except WireError:
        raise
    except (ValueError, TypeError, ArithmeticError) as error:
        raise WireError(f"no {kind}: {type(error).__name__}") from error


def _json(plain: object) -> bytes:
    # Half of a pair of surrogates is no character, and stands in texts all the same.
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _plain(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise WireError("no JSON") from error


def to_plain(value: object) -> Any:
    """A value as what JSON knows."""
    if value is None or (isinstance(value, str) and not isinstance(value, Enum)):
        return value
    if isinstance(value, (tuple, list)):
        return [to_plain(each) for each in value]
    if is_dataclass(value):
        kind: Any = type(value)
        return [to_plain(getattr(value, name)) for name in _names(kind)]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (bool, int)):
        return value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (frozenset, set)):
        return [to_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {str(key): to_plain(each) for key, each in value.items()}
    raise TypeError(f"{type(value).__name__} does not travel")


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


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
    if is_dataclass(kind):
        return _dataclass_maker(kind)
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (UnionType, Union):
        (other,) = (each for each in inner if each is not NoneType)
        make = _maker(other)
        return lambda plain: None if plain is None else make(plain)
    if origin is tuple and inner[-1:] != (Ellipsis,):
        return _row_maker(tuple, tuple(_maker(each) for each in inner))
    if origin in (tuple, list, frozenset):
        make_one = _maker(inner[0])
        return lambda plain: origin(make_one(each) for each in _list(plain))
    raise TypeError(f"{kind} does not travel")


def _exactly(kind: type) -> Callable[[Any], Any]:
    def check(plain: object) -> object:
        if type(plain) is not kind:
            raise WireError(f"{type(plain).__name__} in place of {kind.__name__}")
        return plain

    return check


_string = _exactly(str)
_list = _exactly(list)


def _dataclass_maker(kind: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    return _row_maker(lambda values: kind(*values), tuple(_maker(hints[name]) for name in _names(kind)))


def _row_maker(
    finish: Callable[[list[Any]], Any], makers: tuple[Callable[[Any], Any], ...]
) -> Callable[[Any], Any]:
    def make(plain: object) -> Any:
        row = _list(plain)
        return finish([one(each) for one, each in zip(makers, row, strict=True)])

    return make
