"""`chorsu pack --write FILE` and `--read FILE`: a pack goes from one machine to another without a network."""

from __future__ import annotations

import argparse
from collections.abc import Collection

from desktop.cli import output as out
from desktop.cli.access import now, writing_lane
from desktop.cli.pack import print_proof, proof_json
from desktop.core.errors import UsageError
from desktop.core.pack_file import Manifest, Preview, Taken
from desktop.core.pack_words import told
from desktop.core.proof import size_words
from desktop.core.text import plain
from desktop.paths import Paths
from desktop.sync.pack_file.taking import TakingIn
from desktop.sync.pack_file.writing import write_pack


def write(options: argparse.Namespace, paths: Paths) -> int:
    """Write the present pack, beside whoever uses the store, into one file."""
    if any((options.days, options.source, options.watchlist, options.budget)):
        raise UsageError(
            "--write writes the pack that there is.", "Take offline first, then write: two commands."
        )
    if options.preview or options.follow:
        raise UsageError("This choice is for a file that is read in.", "Name it with: --read FILE")
    written = write_pack(paths.data, options.write, now())
    if options.json:
        out.print_json(
            {
                "file": {
                    "bytes": written.size,
                    "articles": written.articles,
                    "pictures": written.pictures,
                    "rates": written.quotes,
                },
                **proof_json(written.proof),
            }
        )
    else:
        print_proof(written.proof)
        out.say(f"Written to {options.write} ({size_words(written.size)}).")
    return 0 if written.proof.complete else 1


def read(options: argparse.Namespace, paths: Paths) -> int:
    """Say what is in a file, and read it in unless only that was asked."""
    if any((options.days, options.source, options.watchlist, options.budget)):
        raise UsageError("--read reads all that is in the file.", "Leave the other choices out.")
    lane = writing_lane(paths)
    try:
        taking = TakingIn(options.read, lane, now)
        found = taking.look()
        if not options.json:
            _print_preview(found, options.follow)
        if options.preview:
            if options.json:
                out.print_json(_preview_json(found))
            return 0
        follow: Collection[str] | None = None if options.follow else ()
        taken = taking.take(follow)
    finally:
        lane.close()
    if options.json:
        out.print_json({**_preview_json(found), **_taken_json(taken)})
    else:
        print(told(taken))
        print_proof(taken.proof)
    return 0 if taken.proof.complete else 1


def _print_preview(found: Preview, follow: bool) -> None:
    manifest = found.manifest
    out.print_table(
        [
            ("written:", f"{manifest.made_at.astimezone():%Y-%m-%d %H:%M} by Chorsu {plain(manifest.program, 40)}"),
            ("holds:", plain(manifest.words, 300)),
            ("not here:", f"{found.new} of {manifest.articles} articles, {found.pictures} pictures"),
            *(("source:", _source_line(offer.known_title, offer.source.new.title, offer.source.articles, follow))
              for offer in found.offers),
        ]
    )  # fmt: skip


def _source_line(known: str, title: str, articles: int, follow: bool) -> str:
    what = f"here as “{known}”" if known else ("followed from now on" if follow else "kept, paused")
    return f"{plain(title) or 'without a title'}: {articles} articles; {what}"


def _preview_json(found: Preview) -> dict[str, out.Json]:
    sources: list[out.Json] = [
        {
            "id": offer.known_id,
            "url": offer.source.new.url,
            "title": plain(offer.source.new.title),
            "articles": offer.source.articles,
            "new": offer.new,
        }
        for offer in found.offers
    ]
    manifest: Manifest = found.manifest
    return {
        "file": {
            "made_at": out.stamp(manifest.made_at),
            "program": plain(manifest.program, 40),
            "bytes": manifest.size,
            "sentence": plain(manifest.words, 300),
            "articles": manifest.articles,
            "pictures": manifest.pictures,
            "rates": manifest.quotes,
        },
        "new": {"articles": found.new, "pictures": found.pictures},
        "sources": sources,
    }


def _taken_json(taken: Taken) -> dict[str, out.Json]:
    return {
        "read_in": {
            "new": len(taken.new),
            "changed": len(taken.changed),
            "marks": len(taken.marked),
            "pictures": taken.pictures,
            "left_out": taken.left_out,
            "pictures_refused": taken.refused,
            "rates": taken.quotes,
            "rates_held": taken.held,
            "sources": [*taken.sources],
        },
        "proof": proof_json(taken.proof),
    }
