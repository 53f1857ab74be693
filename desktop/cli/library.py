"""The verbs about what goes in and out: import, export, backup, restore."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.cli import output as out
from desktop.cli.access import now, reading, writing
from desktop.core.addresses import holds_key
from desktop.core.collection import ENDINGS
from desktop.core.errors import UsageError
from desktop.core.models import ArticleQuery, View
from desktop.core.text import plain
from desktop.net import opml
from desktop.paths import Paths
from desktop.store.files import write_whole
from desktop.sync.subscriptions import into_folder, preview, preview_file

if TYPE_CHECKING:
    from desktop.store.backup import Contents

STANDARD = "-"


def take(options: argparse.Namespace, paths: Paths) -> int:
    """Follow the feeds of a list or of another reader; those that are followed already stay as they are."""
    with writing(paths) as store:
        existing = store.sources.subscriptions()
        if options.file == STANDARD:
            found = preview(sys.stdin.buffer.read(opml.MAX_BYTES + 1), existing)
        else:
            found = preview_file(Path(options.file), existing)
        added = store.sources.imports.add(into_folder(found.fresh(), options.folder), now(), found.marks)
        store.settings.set("welcome.done", True)  # they chose: the window need not ask before it refreshes
    for said in found.said_of_marks if added else ():
        out.say(said)
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
    """Write all sources as a list, or articles in the form that the ending of the file names."""
    query = ArticleQuery(
        view=View.STARRED if options.starred else View.ALL,
        source_id=options.source,
        folder=options.folder,
        unread_only=options.unread,
        words=options.search,
        tag=options.tag,
    )
    if options.file.endswith(tuple(f".{ending}" for ending in ENDINGS)):
        return _give_articles(options, paths, query)
    if query != ArticleQuery():
        raise UsageError(
            "These choices are for articles.", f"Name the file with one of: .{', .'.join(ENDINGS)}"
        )
    with reading(paths) as store:
        sources = store.sources.subscriptions()
    body = opml.write(sources, now())
    if options.file == STANDARD:
        sys.stdout.buffer.write(body)
    else:
        write_whole(Path(options.file), body)
        out.say(f"{len(sources)} sources exported.")
        if keyed := sum(holds_key(source.feed_url or source.url) for source in sources):
            out.say(f"{keyed} of their addresses hold a key of yours: the file opens them to whoever has it.")
    return 0


def _give_articles(options: argparse.Namespace, paths: Paths, query: ArticleQuery) -> int:
    from desktop.sync.articles_out import export_articles

    with reading(paths) as store:
        if query.source_id is not None:
            store.sources.get(query.source_id)  # an unknown one is a mistake, not an empty file
        number = export_articles(store, Path(options.file), query)
    out.say(f"{number} articles exported.")
    return 0


def backup(options: argparse.Namespace, paths: Paths) -> int:
    """Write the store, beside whoever uses it, into one file."""
    from desktop.store.backup import back_up

    found = back_up(paths.data, options.file, now(), pictures=not options.no_pictures)
    if options.json:
        out.print_json(_contents_json(found))
    else:
        print(f"{_line(found)} ({options.file.stat().st_size / 1e6:.1f} MB)")
    return 0


def restore(options: argparse.Namespace, paths: Paths) -> int:
    """Put a backup in the place of the present store, which is kept."""
    from desktop.store import restore as restoring

    if options.file is None:
        return _list_copies(options, paths)
    found, former = restoring.look(options.file), restoring.present(paths.data)
    kept = None if options.preview else restoring.restore(options.file, paths.data)
    if options.json:
        replaced = None if former is None else _contents_json(former)
        out.print_json(
            {"backup": _contents_json(found), "replaces": replaced, "kept": str(kept) if kept else None}
        )
        return 0
    out.print_table(
        [("backup:", _line(found)), ("replaces:", _line(former) if former else "nothing that can be read")]
    )
    if kept:
        out.say(f"The former store is kept as {kept}")
    return 0


def _list_copies(options: argparse.Namespace, paths: Paths) -> int:
    from desktop.store.restore import restorable

    copies = restorable(paths.data)
    if options.json:
        out.print_json([{"file": str(copy), **_contents_json(found)} for copy, found in copies])
    else:
        out.print_table([(str(copy), _line(found)) for copy, found in copies])
    if not copies:
        out.say("There are no daily copies yet; “chorsu sync” and the window make one a day.")
    return 0


def _line(found: Contents) -> str:
    made = f"{found.made_at.astimezone():%Y-%m-%d %H:%M}, " if found.made_at else ""
    articles = f"{found.articles} articles, {found.pictures} pictures" if found.whole else "no articles"
    watched = f"{found.pairs} pairs, {found.alerts} alerts"
    return f"{made}{found.sources} sources, {found.starred} stars, {articles}, {watched}"


def _contents_json(found: Contents) -> dict[str, out.Json]:
    return {
        "made_at": out.stamp(found.made_at),
        "sources": found.sources,
        "articles": found.articles,
        "starred": found.starred,
        "pictures": found.pictures,
        "pairs": found.pairs,
        "alerts": found.alerts,
    }
