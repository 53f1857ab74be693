"""Measure how light the program is: python -m tests.bench.light [--articles 20000 200000 1000000]

Prints the rows as JSON and exits with 1 when a goal is missed. On a machine that does nothing else, or the
times of starts say little; all other times are of the processor.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.light.fetching import refreshes
from tests.bench.light.programs import at_rest, prepare, starts
from tests.bench.light.row import Row
from tests.bench.light.stores import marking, reading
from tests.bench.make_store import make_store

SOURCES = 200
RARE_WORDS = 40


def measure(sizes: list[int], work: Path) -> Iterator[Row]:
    """All rows, as they come."""
    folders: dict[int, Path] = {}
    for size in sorted(sizes):
        folders[size] = work / str(size)
        print(f"making a store of {size:,} articles", file=sys.stderr, flush=True)
        make_store(folders[size], size, SOURCES, rare_words=RARE_WORDS)
        prepare(folders[size])
    yield from starts(folders)
    yield from at_rest(folders)
    (work / "refreshed").mkdir()
    yield from refreshes(work / "refreshed")
    for size, folder in folders.items():
        yield from reading(folder, size)
    large = max(folders)
    yield from marking(folders[large], large)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.light", description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[20_000, 200_000])
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory(prefix="chorsu-light-") as work:
        for row in measure(options.articles, Path(work)):
            rows.append(row)
            print(
                f"{row.what}: {row.found:.2f} {row.unit}{'' if row.met else '  MISSED'}",
                file=sys.stderr,
                flush=True,
            )
    missed = sum(not row.met for row in rows)
    print(json.dumps({"rows": [row.as_json() for row in rows], "failed": missed}, indent=1))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
