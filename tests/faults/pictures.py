"""Picture bombs and damaged pictures by the whole way: probed, then decoded as list, reader and viewer do."""

from __future__ import annotations

import gc
import math
import time
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from desktop.core.errors import ParseError
from desktop.sync.reading import read_picture
from desktop.ui.articles.thumbnails import read_square
from desktop.ui.reader.picture_viewer import MOST_PIXELS
from desktop.ui.reader.pictures import decode
from tests.faults.memory import peak_over
from tests.faults.picture_bombs import bombs, mutated, torn

POINTS = 500
LONGEST_S = 1.0
MOST_MB = 150
THUMBNAIL, COLUMN = 144, 1_360  # pixels of a dense screen


def look(body: bytes, path: Path) -> tuple[list[float], bool]:
    """Seconds of processor time of each decoding, none when the picture is refused; and whether anything is shown."""
    try:
        found = read_picture(body)
    except ParseError:
        return [], False
    path.write_bytes(body)
    viewer = max(1, min(found.width, math.floor(math.sqrt(MOST_PIXELS * found.width / found.height))))
    decoders = (
        lambda: read_square(path, THUMBNAIL),
        lambda: decode(path, found.format, min(COLUMN, found.width)),
        lambda: decode(path, found.format, viewer),
    )
    times, shown = [], False
    for decoder in decoders:
        started = time.process_time()
        shown |= not decoder().isNull()
        times.append(time.process_time() - started)
    return times, shown


def run(seed: int = 0, points: int = POINTS) -> dict[str, object]:
    """The figures; `points` is how many pictures are damaged by chance."""
    made = bombs()
    pictures = {**made, **torn(), **dict(mutated(Random(seed), points))}
    taken, shown, times, memory = 0, 0, {}, {}
    gc.freeze()  # each measurement collects, and none of this is to go
    with TemporaryDirectory() as folder:
        for name, body in pictures.items():
            with peak_over() as peak:
                spent, was_shown = look(body, Path(folder) / "picture")
            taken, shown = taken + bool(spent), shown + was_shown
            times[name], memory[name] = max(spent, default=0.0), peak.megabytes
    slow = {name: round(spent, 2) for name, spent in times.items() if spent >= LONGEST_S}
    heavy = {name: round(most) for name, most in memory.items() if most >= MOST_MB}
    return {
        "pictures": len(pictures),
        "bombs": len(made),
        "taken": taken,
        "shown": shown,
        "longest_s": round(max(times.values()), 3),
        "most_mb": round(max(memory.values()), 1),
        "slow": slow,
        "heavy": heavy,
        "failed": [name for name, found in (("slow", slow), ("heavy", heavy)) if found],
    }
