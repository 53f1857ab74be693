"""The program's own refresh, beside its floor: in a process that has loaded what a refresh needs, as a window's has.

python -m tests.bench.light.refreshing FOLDER ADDRESS...     prints the processor time of a first refresh, the process
that reads documents with its start included, and of unchanged ones an hour apart; and how many articles each brought
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from pathlib import Path

import desktop.net.http.pool
import desktop.store.incoming  # noqa: F401 - both are loaded by a first refresh
from desktop.core.models import NewSource
from desktop.store import Store
from desktop.sync import documents
from tests.bench.light.floor import UNCHANGED
from tests.unit.sync.conftest import Desk


def spent() -> float:
    """Seconds of processor time of this process, and of those that it has seen end."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def timed(desk: Desk) -> tuple[float, int]:
    """The processor time of a refresh, and how many articles it brought."""
    before = spent()
    summary = desk.refresh()
    desk.do(lambda store: store.indexing.finish())
    documents.close()
    if any(done.error for done in summary.sources):
        raise RuntimeError("a source was not to be had")
    return spent() - before, sum(len(done.changes.new) for done in summary.sources)


def main() -> int:
    desk = Desk(Path(sys.argv[1]))

    def follow(store: Store) -> None:
        for url in sys.argv[2:]:
            store.sources.add(NewSource(url), desk.now)

    desk.do(follow)
    seconds, new = timed(desk)
    print(f"{seconds:.3f} {new}")
    turns = []
    for _ in range(UNCHANGED):
        desk.wait(hours=1)
        turns.append(timed(desk))
    print(f"{statistics.median(seconds for seconds, _ in turns):.3f} {sum(new for _, new in turns)}")
    desk.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
