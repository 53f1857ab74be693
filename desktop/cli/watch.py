"""The verb about watchlists: watch."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from desktop.cli import output as out
from desktop.cli.access import known_source, now, reading, today, writing
from desktop.core.errors import UsageError
from desktop.core.rates import watch_csv
from desktop.core.rates.sources import RULES
from desktop.paths import Paths
from desktop.store import Store
from desktop.sync.answers import rate_of
from desktop.sync.lexicon import lexicon


def watch(options: argparse.Namespace, paths: Paths) -> int:
    """Show or change a watchlist."""
    acts = {"list": _list, "lists": _lists, "export": _export, "import": _import}
    act = acts.get(options.action, _change)
    words = " ".join(options.words)
    if act in (_list, _lists, _export) and words:
        raise UsageError(f"“{options.action}” takes nothing after it.", "Name a list with --list NAME.")
    return act(options, paths, words)


def _list(options: argparse.Namespace, paths: Paths, _: str) -> int:
    with reading(paths) as store:
        name = _known(store, options.name)
        pairs = [str(pinned.pair) for pinned in store.watchlists.pairs(name)]
    if options.json:
        out.print_json([*pairs])
    elif pairs:
        print("\n".join(pairs))
    else:
        out.say(f"“{name}” is empty.")
    return 0


def _lists(options: argparse.Namespace, paths: Paths, _: str) -> int:
    with reading(paths) as store:
        lists = store.watchlists.all()
    if options.json:
        out.print_json([out.watchlist_json(one) for one in lists])
    else:
        rows = [(one.name, str(len(one.pairs)), "in the ticker" if one.in_ticker else "") for one in lists]
        out.print_table(rows, right=frozenset({1}))
    return 0


def _export(options: argparse.Namespace, paths: Paths, _: str) -> int:
    """The list as CSV, as the window writes it."""
    with reading(paths) as store:
        pinned = store.watchlists.pairs(_known(store, options.name))
        answers = [(one, rate_of(store, one.pair, today(), now(), one.source)) for one in pinned]
    sys.stdout.write(watch_csv.write(answers).replace("\r\n", "\n"))
    return 0


def _import(options: argparse.Namespace, paths: Paths, file: str) -> int:
    """Add the pairs of a CSV file: all of them, or none."""
    if not file:
        raise UsageError("No file was given.", "Write: chorsu watch import FILE")
    try:
        text = watch_csv.decode(Path(file).read_bytes())
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.") from None
    lines = watch_csv.read(text, lexicon().pair, RULES)
    with writing(paths) as store:
        store.watchlists.pin_all(lines, options.name)
    out.say(f"{len(lines)} pairs imported.")
    return 0


def _change(options: argparse.Namespace, paths: Paths, words: str) -> int:
    """Add or remove a pair, which may be written in several words."""
    if not words:
        raise UsageError("No pair was given.", f"Write: chorsu watch {options.action} USD/KZT")
    source, pair = known_source(options), lexicon().pair(words)
    with writing(paths) as store:
        if options.action == "add":
            store.watchlists.pin(pair, options.name, source)
        else:
            store.watchlists.unpin(pair, options.name)
    return 0


def _known(store: Store, name: str) -> str:
    """The list that was named, or that of the ticker."""
    if name and name not in store.watchlists.names():
        raise UsageError(f"There is no list “{name}”.", "See all lists with: chorsu watch lists")
    return name or store.watchlists.in_ticker()
