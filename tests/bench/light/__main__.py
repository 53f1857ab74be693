"""Measure how light the program is: python -m tests.bench.light [--articles 20000 200000 1000000] [--only WORD]

Prints the rows as JSON and exits with 1 when a goal is missed. On a machine that does nothing else, or the
times of starts say little; all other times are of the processor.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench.light.fetching import refreshes
from tests.bench.light.programs import at_rest, prepare, starts
from tests.bench.light.row import Row
from tests.bench.light.stores import marking, reading
from tests.bench.light.use import hour, ticker
from tests.bench.make_store import make_store

SOURCES = 200
RARE_WORDS = 40


Part = tuple[str, Callable[[], Iterator[Row]]]


def parts(folders: dict[int, Path], work: Path, is_long: bool) -> Iterator[Part]:
    """What is measured, in its order."""
    small, large = min(folders), max(folders)
    yield "starts", lambda: starts(folders)
    yield "at rest", lambda: at_rest(folders)
    yield "an hour of use", lambda: hour(folders[small], small, is_long)
    yield "the ticker", ticker
    yield "refreshes", lambda: refreshes(work)
    for size, folder in folders.items():
        yield f"reading at {size:,}", lambda size=size, folder=folder: reading(folder, size)
    yield "marks", lambda: marking(folders[large], large)


def stores(sizes: list[int], work: Path) -> dict[int, Path]:
    """A made store for each number of articles, smallest first."""
    folders: dict[int, Path] = {}
    for size in sorted(sizes):
        folders[size] = work / str(size)
        print(f"making a store of {size:,} articles", file=sys.stderr, flush=True)
        make_store(folders[size], size, SOURCES, rare_words=RARE_WORDS)
        prepare(folders[size])
    return folders


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.light", description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[20_000, 200_000])
    parser.add_argument("--only", nargs="+", metavar="WORD", help="the parts whose name has one of the words")
    parser.add_argument("--long", action="store_true", help="let the hour of use take an hour")
    options = parser.parse_args()
    rows: list[Row] = []
    problems: list[str] = []
    with tempfile.TemporaryDirectory(prefix="chorsu-light-") as place:
        work = Path(place)
        (work / "refreshed").mkdir()
        folders = stores(options.articles, work)
        for name, part in parts(folders, work / "refreshed", options.long):
            if options.only and not any(word in name for word in options.only):
                continue
            try:
                for row in part():
                    rows.append(row)
                    said = "" if row.met else "  MISSED"
                    print(f"{row.what}: {row.found:.2f} {row.unit}{said}", file=sys.stderr, flush=True)
            except Exception as error:  # noqa: BLE001 - one that fails must not take the figures of the others
                traceback.print_exc()
                problems.append(f"{name}: {error}")
    failed = sum(not row.met for row in rows) + len(problems)
    figures = {"rows": [row.as_json() for row in rows], "problems": problems, "failed": failed}
    print(json.dumps(figures, indent=1))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
