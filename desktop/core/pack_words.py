"""What reading a pack in came to, in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.core.pack_file import Taken


def told(taken: Taken) -> str:
    """The counts that are not nought."""
    counts = (
        (len(taken.new), "new article", "new articles"),
        (len(taken.changed), "with a later text", "with a later text"),
        (len(taken.marked), "with other marks", "with other marks"),
        (taken.pictures, "picture", "pictures"),
        (taken.quotes, "rate", "rates"),
        (taken.left_out, "article left out as not safe to read", "articles left out as not safe to read"),
        (taken.refused, "picture refused", "pictures refused"),
        (
            taken.held,
            "rate that jumped and waits to be confirmed",
            "rates that jumped and wait to be confirmed",
        ),
        (len(taken.sources), "source added", "sources added"),
    )
    parts = [f"{number:,} {one if number == 1 else many}" for number, one, many in counts if number]
    return f"Read in: {', '.join(parts)}." if parts else "Read in: all of it was here already."
