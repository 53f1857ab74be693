"""Runs the command line again and again in forks of one process that has loaded it, and can kill it at counted events.

    python forks.py       in, a line: {"argv": [...], "out": "path", "err": "path", "walls": "code", "at": 7}
                            out, a line: -9, how it ended

A fork takes hundredths of a second where an interpreter takes a third of one, so that a process can be killed at fifty
points in a test of everybody's run, and a story told in thirty commands. Events are requests, transactions and files of
pictures; `at` 0 kills at none, and without `at` nothing is counted. A fork ends as a program does: what it began is
waited for, what it registered is done. Documents are read in the fork itself: the process that reads them is no matter
here.
"""

from __future__ import annotations

import gc
import itertools
import json
import os
import pkgutil
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
LONGEST_S = 90  # of one command


class Here:
    """In the place of the process that reads documents."""

    def read(self, kind: type[Any], verb: str, body: bytes, *arguments: object) -> Any:
        from desktop.sync import wire
        from desktop.sync.reading import VERBS

        return wire.load(kind, wire.dump(VERBS[verb](body, *arguments)))

    def close(self) -> None:
        """Nothing is open."""


def counted(does: Callable[..., Any], events: Iterator[int], at: int) -> Callable[..., Any]:
    def call(*args: object, **more: object) -> Any:
        if next(events) == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return does(*args, **more)

    return call


def count(at: int) -> Iterator[int]:
    """Kill this process at an event; gives the number of the next one."""
    from desktop.net.http import Http
    from desktop.store import files, images
    from desktop.store.database import Database

    events = itertools.count(1)
    for owner, name in (
        (Http, "get"),
        (Database, "transaction"),
        (images, "write_whole"),
        (files, "write_whole"),
    ):
        setattr(owner, name, counted(getattr(owner, name), events, at))
    return events


def run(order: dict[str, Any]) -> int:
    """In the fork: the command line, as a person in a terminal runs it."""
    from desktop.__main__ import main
    from desktop.sync import documents

    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for name, stream in (("out", sys.stdout), ("err", sys.stderr)):
        os.dup2(os.open(order[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), stream.fileno())
    exec(order["walls"], {})
    documents.worker = Here()  # type: ignore[assignment]
    if "at" not in order:
        return main(order["argv"])
    events = count(order["at"])
    code = main(order["argv"])
    sys.stdout.write(f"\nEVENTS {next(events) - 1}\n")
    return code


def serve() -> int:
    """Follow orders until there are no more. What the verbs need is loaded once, before the first fork."""
    for room in ("core", "net", "store", "sync", "cli"):
        package = import_module(f"desktop.{room}")
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    import_module("lxml.etree")  # which our own modules load when they need it
    gc.freeze()
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            return run(json.loads(line))
        _, status = os.waitpid(pid, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()
    return 0


class Forks:
    """That process, seen from a test."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._out, self._err = Path(self._folder.name) / "out", Path(self._folder.name) / "err"
        self._process = self._start()

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, __file__], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip

    def close(self) -> None:
        self._process.communicate(timeout=60)
        self._folder.cleanup()

    def order(self, *words: str, walls: str = "", **more: int) -> int:
        """`chorsu` with these words behind such walls; how it ended. What it said stands in two files."""
        order = {"argv": words, "out": str(self._out), "err": str(self._err), "walls": walls, **more}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        if not select.select([self._process.stdout], [], [], LONGEST_S)[0]:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.communicate()
            self._process = self._start()
            raise subprocess.TimeoutExpired(words, LONGEST_S)
        return int(self._process.stdout.readline())

    def __call__(self, folder: Path, *words: str, at: int = 0) -> int:
        """`chorsu` on a folder, killed at event `at`; how it ended."""
        return self.order("--data-dir", str(folder), *words, at=at)

    def json(self, folder: Path, *words: str) -> Any:
        """What `chorsu` said, which went well."""
        assert self(folder, *words, "--json") == 0, self.err
        return json.loads(self.out.rpartition("\nEVENTS ")[0])

    @property
    def out(self) -> str:
        """What the last run wrote to standard output."""
        return self._out.read_text("utf-8")

    @property
    def err(self) -> str:
        return self._err.read_text("utf-8")

    @property
    def events(self) -> int:
        """How many there were in the last run."""
        return int(self.out.rpartition("EVENTS ")[2])


@cache
def forks() -> Forks:
    """The one process of all tests, started with the first of them; `tests/e2e/conftest.py` ends it."""
    return Forks()


if __name__ == "__main__":
    sys.exit(serve())
