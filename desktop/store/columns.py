"""How values stand in columns: whole seconds UTC, ISO dates, compressed bodies, JSON lists."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from desktop.core.models import Enclosure
from desktop.store.failures import damaged

# A text that does not come out of its HTML stands behind it in one stream, where it adds 6 to 40 %; apart it would add
# 63 %. Level 9 saves 0.1 % more. NUL cannot stand in sanitised HTML.
SEPARATOR = "\0"
LEVEL = 6
_EXCERPT_BITS = (
    10  # of the window of an excerpt, 1 KB: with the usual 32 one takes 50 µs of processor time in place of 9
)
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))  # to make one takes longer than to use it
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def seconds(moment: datetime) -> int:
    """The column value of an aware datetime."""
    return int(moment.timestamp())


def seconds_or_none(moment: datetime | None) -> int | None:
    """The column value of a datetime that may be unknown."""
    return None if moment is None else seconds(moment)


def moment(value: int) -> datetime:
    """The datetime (UTC) of a column value. Raises StoreDamaged for what is none."""
    try:
        return EPOCH + timedelta(seconds=value)  # fromtimestamp knows no year before 1970 on Windows
    except (TypeError, OverflowError) as error:
        raise damaged("A time in the store is damaged.") from error


def moment_or_none(value: int | None) -> datetime | None:
    """The datetime of a column that may be NULL."""
    return None if value is None else moment(value)


def sound(text: str) -> str:
    """Text that SQLite can hold whole: no NUL, no half of a surrogate pair. Nearly all is, and comes back as it is."""
    try:
        text.isascii() or text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-8", "replace").decode()
    return text.replace("\0", " ")


def texts(values: Sequence[Any]) -> Sequence[str]:
    """Values of text columns, as they are. Raises StoreDamaged where one is no text: a row of another table."""
    try:
        "".join(values)
    except TypeError as error:
        raise damaged("A text in the store is damaged.") from error
    return values


def pack_body(html: str, text: str) -> bytes:
    """HTML and text of an article, both `sound`, as one compressed value: the HTML alone where that gives the text."""
    from desktop.core.html.kept_text import text_of  # nothing is packed or unpacked at the start

    whole = html if text == text_of(html) else html + SEPARATOR + text
    return zlib.compress(whole.encode(), LEVEL)


def unpack_body(packed: bytes) -> tuple[str, str]:
    """(HTML, text) as given to `pack_body`. Raises StoreDamaged."""
    from desktop.core.html.kept_text import text_of

    try:
        html, stands_beside, text = zlib.decompress(packed).decode("utf-8").partition(SEPARATOR)
    except (zlib.error, UnicodeDecodeError, TypeError) as error:  # no bytes at all: a row of another table
        raise damaged("The text of an article is damaged.") from error
    return html, text if stands_beside else text_of(html)


def pack_excerpt(excerpt: str) -> bytes:
    """The beginning of an article for lists, `sound`, as raw deflate: half of what it was in English, a little more in
    Russian."""
    packing = zlib.compressobj(LEVEL, zlib.DEFLATED, -_EXCERPT_BITS, 2)
    return packing.compress(excerpt.encode()) + packing.flush() if excerpt else b""


def unpack_excerpt(packed: bytes) -> str:
    """An excerpt as given to `pack_excerpt`, in 3 µs. Where it is damaged there is none: a list can do without it, and
    the text of the article tells of damage."""
    try:
        return zlib.decompress(packed, -_EXCERPT_BITS).decode() if packed else ""
    except (zlib.error, UnicodeDecodeError, TypeError):
        return ""


def pack_enclosures(enclosures: Iterable[Enclosure]) -> str:
    """Enclosures as JSON: [[url, type, length], ...]."""
    return pack_list([e.url, e.type, e.length] for e in enclosures)


def unpack_enclosures(packed: str) -> tuple[Enclosure, ...]:
    """Enclosures as given to `pack_enclosures`. Raises StoreDamaged."""
    return tuple(Enclosure(url, kind, length) for url, kind, length in unpack_list(packed))


def unpack_list(packed: str) -> list[Any]:
    """A list as given to `pack_list`. Raises StoreDamaged."""
    try:
        found: list[Any] = json.loads(packed)
    except (TypeError, ValueError) as error:
        raise damaged("What is kept of an article is damaged.") from error
    return found


def pack_list(values: Iterable[Any]) -> str:
    """A list as compact JSON."""
    return _JSON.encode(list(values))
