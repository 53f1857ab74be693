"""Frames between the program and the process that reads documents, and our values in them as JSON.

    frame   4 bytes length of the head, 4 bytes length of the body (big-endian), head (JSON, UTF-8), body (bytes)
    value   three parts with line ends between (UTF-8): the lengths of its long texts in characters (JSON), itself
            (JSON), where the number of a text stands for each of those, and those, one after the other. To write and
            read articles as JSON alone, letter by letter, takes five times as long.

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
from functools import cache, partial
from itertools import accumulate, pairwise
from operator import attrgetter
from types import NoneType, UnionType
from typing import IO, Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
_Make = Callable[
    [Any, dict[int, str]], Any
]  # a value, of what JSON gave and of the long texts by their numbers
LENGTHS = struct.Struct(">II")
MOST_BYTES = 256_000_000  # of one frame; the largest document has 10 MB
_LONG = 1_000  # characters: longer texts stand behind the JSON


class WireError(ValueError):
    """What came is no frame, or not of the type that was asked for."""


def write_frame(stream: IO[bytes], head: object, body: bytes = b"") -> None:
    """Write `head`, of lists, texts and numbers, and `body`."""
    written = _encoded(json.dumps(head))
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
    return _plain(_decoded(head)), body


def dump(value: object) -> bytes:
    """A value as bytes. Raises TypeError for one that does not travel."""
    long: list[str] = []
    # The encoder, which is C, walks all but what it does not know.
    encoder = json.JSONEncoder(
        ensure_ascii=False, check_circular=False, separators=(",", ":"), default=partial(_to_plain, long)
    )
    written = encoder.encode(value)
    return _encoded("\n".join((json.dumps([*map(len, long)]), written, "".join(long))))


def load(kind: type[T], data: bytes) -> T:
    """The value of this type that `dump` wrote. Raises WireError for anything else."""
    wanted: Any = kind
    try:
        lengths, written, texts = _decoded(data).split("\n", 2)
        return cast("T", _maker(wanted)(_plain(written), _parted(texts, _plain(lengths))))
    except WireError:
        raise
    except (ValueError, TypeError, ArithmeticError) as error:
        raise WireError(f"no {kind}: {type(error).__name__}") from error


def _encoded(text: str) -> bytes:
    # Half of a pair of surrogates is no character, and stands in texts all the same.
    return text.encode("utf-8", "surrogatepass")


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8", "surrogatepass")
    except ValueError as error:
        raise WireError("no text") from error


def _plain(written: str) -> Any:
    try:
        return json.loads(written)
    except (ValueError, RecursionError) as error:
        raise WireError("no JSON") from error


def _parted(texts: str, lengths: Any) -> dict[int, str]:
    if not set(map(type, _list(lengths))) <= {int} or min(lengths, default=0) < 0:
        raise WireError("no lengths")
    ends = list(accumulate(lengths, initial=0))
    if ends[-1] != len(texts):
        raise WireError("texts of another length")
    return dict(enumerate([texts[start:end] for start, end in pairwise(ends)]))


def _to_plain(long: list[str], value: object) -> object:
    """What JSON does not know, as something nearer to what it knows. Its long texts are added to `long`."""
    kind: Any = type(value)
    plain = _way(kind)(value)
    if not isinstance(plain, (list, tuple)):
        return plain
    row = list(plain)
    for place, each in enumerate(row):
        if type(each) is str and len(each) > _LONG:
            row[place] = len(long)
            long.append(each)
    return row


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
def _maker(kind: Any) -> _Make:
    """What makes a value of a type of what JSON gave. It raises for what is of another type."""
    if kind is str:
        return _text
    if kind in (int, bool, NoneType):
        return lambda plain, _: _exactly(kind, plain)
    if kind in (date, datetime):
        return lambda plain, _: kind.fromisoformat(plain)  # TypeError for what is no text
    if kind is Decimal:
        return lambda plain, _: Decimal(_exactly(str, plain))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return lambda plain, _: kind(plain)
    if is_dataclass(kind) or _names(kind):
        return _record_maker(kind)
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (UnionType, Union):
        (other,) = (each for each in inner if each is not NoneType)
        make = _maker(other)
        return lambda plain, texts: None if plain is None else make(plain, texts)
    if origin is tuple and inner[-1:] != (Ellipsis,):
        return _row_maker(lambda *values: values, inner)
    if origin in (tuple, list, frozenset):
        return _list_maker(origin, inner[0])
    raise TypeError(f"{kind} does not travel")


def _text(plain: Any, texts: dict[int, str]) -> str:
    # Each text is of one value, or a frame could become a thousand times as large.
    found: str = _exactly(str, texts.pop(plain, plain) if type(plain) is int else plain)
    return found


def _list(plain: object) -> list[Any]:
    found: list[Any] = _exactly(list, plain)
    return found


def _exactly(kind: type, plain: Any) -> Any:
    if type(plain) is not kind:
        raise WireError(f"{type(plain).__name__} in place of {kind.__name__}")
    return plain


def _record_maker(kind: Any) -> _Make:
    hints = get_type_hints(kind)
    return _row_maker(kind, tuple(hints[name] for name in _names(kind)))


def _list_maker(finish: Callable[[list[Any]], Any], kind: Any) -> _Make:
    ready, make_one = _as_it_is(kind), _maker(kind)

    def make(plain: object, texts: dict[int, str]) -> Any:
        several = plain if type(plain) is list else _list(plain)
        return finish([each if type(each) is ready else make_one(each, texts) for each in several])

    return make


def _row_maker(finish: Callable[..., Any], kinds: tuple[Any, ...]) -> _Make:
    columns = tuple((_as_it_is(kind), _maker(kind)) for kind in kinds)

    def make(plain: object, texts: dict[int, str]) -> Any:
        row = plain if type(plain) is list else _list(plain)
        # Most values are of the wanted type already, and a call for each of them would be most of the work.
        return finish(
            *[
                each if type(each) is ready else make_one(each, texts)
                for (ready, make_one), each in zip(columns, row, strict=True)
            ]
        )

    return make


def _as_it_is(kind: Any) -> object:
    """The type of what JSON gives that is a value of `kind` as it stands; None where there is none."""
    if get_origin(kind) in (UnionType, Union):
        return NoneType
    return kind if kind in (str, int, bool) else None
