"""The verbs about what goes in and out: import, export."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from desktop.cli import output as out
from desktop.cli.access import now, reading
from desktop.core.text import plain
from desktop.net import opml
from desktop.paths import Paths
from desktop.store import Store
from desktop.store.files import write_whole
from desktop.sync.subscriptions import into_folder, preview, read_list

STANDARD = "-"


def take(options: argparse.Namespace, paths: Paths) -> int:
    """Follow the feeds of a list; those that are followed already stay as they are."""
    is_piped = options.file == STANDARD
    body = sys.stdin.buffer.read(opml.MAX_BYTES + 1) if is_piped else read_list(Path(options.file))
    with Store.open(paths.data) as store:
        found = preview(body, store.sources.subscriptions())
        added = store.sources.add_all(into_folder(found.fresh(), options.folder), now())
        store.settings.set("welcome.done", True)  # they chose: the window need not ask before it refreshes
    for one in found.left_out:
        out.say(f"Left out: {plain(one.name)}: {one.why}")
    known = len(found.offers) - len(added)
    if options.json:
        left_out: out.Json = [{"name": one.name, "why": one.why} for one in found.left_out]
        out.print_json({"imported": [*added], "known": known, "merged": found.merged, "left_out": left_out})
    else:
        print(
            f"{len(added)} imported, {known} known, {found.merged} named twice, {len(found.left_out)} left out"
        )
    return 1 if found.left_out else 0


def give(options: argparse.Namespace, paths: Paths) -> int:
    """Write all sources as a list."""
    with reading(paths) as store:
        sources = store.sources.subscriptions()
    body = opml.write(sources, now())
    if options.file == STANDARD:
        sys.stdout.buffer.write(body)
    else:
        write_whole(Path(options.file), body)
        out.say(f"{len(sources)} sources exported.")
    return 0
