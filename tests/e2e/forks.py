"""Runs the command line again and again in forks of one process that has loaded it, and kills it at counted events.

    python killing.py       in, a line: {"at": 7, "argv": [...], "out": "path"}      out, a line: -9, how it ended

A fork takes hundredths of a second where an interpreter takes half of one, so that a process can be killed at fifty
points in a test of everybody's run. Events are requests, transactions and files of pictures; `at` 0 kills at none.
Documents are read in the fork itself: the process that reads them is no matter here.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))


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


def run(order: dict[str, Any]) -> int:
    """In the fork: the command line, as a person in a terminal runs it. Gives how many events there were."""
    from desktop.__main__ import main
    from desktop.net.http import Http
    from desktop.store import files, images
    from desktop.store.database import Database
    from desktop.sync import documents

    out = os.open(order["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(out, sys.stdout.fileno())
    os.dup2(out, sys.stderr.fileno())
    documents.worker = Here()  # type: ignore[assignment]
    events = itertools.count(1)
    for owner, name in (
        (Http, "get"),
        (Database, "transaction"),
        (images, "write_whole"),
        (files, "write_whole"),
    ):
        setattr(owner, name, counted(getattr(owner, name), events, order["at"]))
    code = main(order["argv"])
    sys.stdout.write(f"\nEVENTS {next(events) - 1}\n")
    sys.stdout.flush()
    return code


def serve() -> None:
    """Follow orders until there are no more. What the verbs need is loaded once, before the first fork."""
    for module in ("cli.main", "cli.pack", "cli.pack_file", "sync.pack", "sync.reading", "net.http"):
        import_module(f"desktop.{module}")
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            os._exit(run(order))
        _, status = os.waitpid(pid, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


class Forks:
    """That process, seen from a test."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._process = subprocess.Popen(
            [sys.executable, __file__], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=60)

    def __call__(self, folder: Path, *words: str, at: int = 0) -> int:
        """`chorsu` on a folder, killed at event `at`; how it ended."""
        argv = ["--data-dir", str(folder), *words]
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"at": at, "argv": argv, "out": str(self._out)}) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def json(self, folder: Path, *words: str) -> Any:
        """What `chorsu` said, which went well."""
        assert self(folder, *words, "--json") == 0, self.said
        said = self.said
        return json.loads(said[said.index("{\n") : said.rindex("}\n") + 1])

    @property
    def said(self) -> str:
        return self._out.read_text("utf-8")

    @property
    def events(self) -> int:
        """How many there were in the last run."""
        return int(self.said.rpartition("EVENTS ")[2])


if __name__ == "__main__":
    serve()
