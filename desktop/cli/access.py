"""How the verbs reach the store, the network and the clock."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from desktop.core.errors import UsageError
from desktop.core.rates.sources import RULES
from desktop.net.gate import Gate
from desktop.net.http import Http
from desktop.paths import Paths
from desktop.store import Store
from desktop.store.opening import FILE


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    """The person's calendar day."""
    return now().astimezone().date()


def known_source(options: argparse.Namespace) -> str:
    """The source of rates that was named; "" for none in particular. Raises UsageError for an unknown one."""
    source = str(options.source)
    if source and source not in RULES:
        raise UsageError(f"There is no source “{source}”.", f"Sources: {', '.join(RULES)}.")
    return source


@contextmanager
def reading(paths: Paths) -> Iterator[Store]:
    """A store to read; made when there is none yet."""
    if not (paths.data / FILE).exists():
        Store.open(paths.data).close()
    with Store.open_reader(paths.data) as store:
        yield store


@contextmanager
def asking(options: argparse.Namespace) -> Iterator[Http]:
    """The way to the network, shut when --offline was given."""
    gate = Gate()
    if options.offline:
        gate.shut("--offline was given")
    http = Http(gate)
    try:
        yield http
    finally:
        http.close()
