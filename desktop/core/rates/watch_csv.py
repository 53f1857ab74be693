"""A watchlist as CSV: what is exported reads in a spreadsheet, and comes back with pairs, order and sources.

The file has a head of names; only "pair" and "source" are read, wherever they stand. A file without a head has
its pairs in the first column. A pair may be written in any form that `read_pair` understands.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Container, Iterable, Sequence

from desktop.core.errors import ParseError, UsageError
from desktop.core.rates import Pair, PinnedPair, RateAnswer
from desktop.core.rates.numbers import format_rate, round_percent
from desktop.core.text import plain

HEAD = ("pair", "source", "rate", "change_percent", "valid_from", "answered_by", "kind")
BYTES_AT_MOST = 1_000_000
_ROWS_AT_MOST = 1_000  # the list itself holds fewer; this bounds the work
_FAULTS_SHOWN = 5
_MARKS = ",;\t"

Line = tuple[Pair, str]


def write(lines: Iterable[tuple[PinnedPair, RateAnswer]]) -> str:
    """The list as CSV. `source` is the one that the person chose; what answered stands in `answered_by`."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")  # as RFC 4180 has it
    writer.writerow(HEAD)
    writer.writerows(_row(pinned, answer) for pinned, answer in lines)
    return out.getvalue()


def read(text: str, read_pair: Callable[[str], Pair], sources: Container[str]) -> list[Line]:
    """The pairs of a file, each once; ParseError with the number of every bad line, and then none is taken.

    `sources` are the providers that may be chosen.
    """
    rows = list(_rows(text))
    if len(rows) > _ROWS_AT_MOST:
        raise ParseError(f"The file has more than {_ROWS_AT_MOST:,} lines.", "Nothing was changed.")
    names = [cell.strip().casefold() for cell in rows[0][1]] if rows else []
    pair_at, source_at = 0, -1
    if "pair" in names:
        pair_at = names.index("pair")
        source_at = names.index("source") if "source" in names else -1
        del rows[0]
    if not rows:
        raise ParseError("The file holds no pairs.", "Nothing was changed.")
    found: dict[Pair, Line] = {}
    faults: list[str] = []
    for number, row in rows:
        try:
            pair, source = _read_row(row, pair_at, source_at, read_pair, sources)
        except UsageError as error:
            faults.append(f"line {number}: {error.message}")
        else:
            found.setdefault(min(pair, pair.inverse), (pair, source))
    if faults:
        raise ParseError(_told(faults), "Nothing was changed. Mend the file and import it again.")
    return list(found.values())


def decode(data: bytes) -> str:
    """The text of a file, in UTF-8 or as a Russian Excel writes it; ParseError for what is no list by its size."""
    if len(data) > BYTES_AT_MOST:
        raise ParseError("The file is too large for a watchlist.", "Nothing was changed.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1251", "replace")


def _row(pinned: PinnedPair, answer: RateAnswer) -> tuple[str, ...]:
    rate = "" if answer.rate is None else format_rate(answer.rate, answer.digits)
    moved = None if answer.change_percent is None else round_percent(answer.change_percent)
    change = "" if moved is None else f"{moved or abs(moved):f}"  # never "-0.00"
    day = "" if answer.valid_from is None else answer.valid_from.isoformat()
    kind = "" if answer.kind is None else answer.kind.value
    return str(pinned.pair), pinned.source, rate, change, day, answer.source, kind


def _rows(text: str) -> Iterable[tuple[int, list[str]]]:
    """The rows that hold something, with the number of the line that each ends on."""
    clean = text.removeprefix("\ufeff")
    head = clean.lstrip().split("\n", 1)[0]
    mark = max(_MARKS, key=head.count)
    reader = csv.reader(io.StringIO(clean, newline=""), delimiter=mark)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error as error:
        raise ParseError(f"line {reader.line_num}: not CSV ({error}).", "Nothing was changed.") from None


def _read_row(
    row: Sequence[str],
    pair_at: int,
    source_at: int,
    read_pair: Callable[[str], Pair],
    sources: Container[str],
) -> Line:
    pair = read_pair(row[pair_at] if pair_at < len(row) else "")
    source = row[source_at].strip() if 0 <= source_at < len(row) else ""
    if source and source not in sources:
        raise UsageError(f"“{plain(source, 40)}” is no source that we know.")
    return pair, source


def _told(faults: Sequence[str]) -> str:
    more = len(faults) - _FAULTS_SHOWN
    shown = [*faults[:_FAULTS_SHOWN], *([f"and {more} more"] if more > 0 else [])]
    return "The file was not imported:\n" + "\n".join(shown)
