"""How the verbs reach the store, the network and the clock."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from desktop.cli import output as out
from desktop.core.errors import StoreError, UsageError
from desktop.core.rates.sources import RULES
from desktop.net.gate import Gate
from desktop.net.http import Http
from desktop.paths import Paths
from desktop.store import Store
from desktop.store.opening import FILE, is_suspect
from desktop.sync.lane import StoreLane

if TYPE_CHECKING:
    from desktop.store.mending import Mended


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
    """A store to read; made when there is none yet, and looked at, or mended, when it may be damaged."""
    try:
        is_new, suspect = not (paths.data / FILE).exists(), is_suspect(paths.data)
    except PermissionError as error:
        raise StoreError(
            "The data folder cannot be read.", "Make it readable for you, or name another."
        ) from error
    if is_new:
        with writing(paths):
            pass
    elif suspect:
        with suppress(StoreError), writing(paths):  # where another has it, or nothing can be written: read on
            pass
    with Store.open_reader(paths.data) as store:
        yield store


@contextmanager
def writing(paths: Paths) -> Iterator[Store]:
    """The store to write to. Says when it was damaged and had to be mended."""
    with Store.open(paths.data) as store:
        _tell(store.mended)
        yield store


def writing_lane(paths: Paths) -> StoreLane:
    """The store to write to, in a lane of its own, to be closed; says what `writing` says."""
    lane = StoreLane(paths.data)
    _tell(lane.mended)
    return lane


def _tell(mended: Mended | None) -> None:
    if mended is not None:
        out.say(f"{mended.message} {mended.remedy}")


@contextmanager
def asking(options: argparse.Namespace) -> Iterator[Http]:
    """The way to the network, shut when --offline was given."""
    from desktop.sync import documents  # most verbs ask nobody

    gate = Gate()
    if options.offline:
        gate.shut("--offline was given")
    http = Http(gate)
    try:
        yield http
    finally:
        http.close()
        documents.close()
