"""The process in which documents from outside are read, seen from the program: started, asked, ended, started anew.

Any number of threads may ask; their documents go through the pipe one after another, the next while one is read. The
process ends by itself after a while without work. It takes no part in starting: the first document does.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import astuple
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from desktop.core.errors import NoRatesError, ParseError, ReaderError, StoppedError
from desktop.sync import wire
from desktop.sync.allowance import Allowance

T = TypeVar("T")

IDLE_S = 180.0
START_S = 30.0
PIPE_BYTES = 1 << 20
MOST_ENDS = 50  # of processes that one document lives through, of which it was to blame for one
STARTS = 3  # processes in a row that may end before they are ready


class Cause(Enum):
    """Why the process ended, as far as can be told."""

    TIME = "time"
    MEMORY = "memory"
    CRASH = "crash"
    START = "start"  # before it was ready
    LEFT = "left"  # by itself or while it read something else: nothing is wrong with this document
    CLOSED = "closed"  # by us


class EndedTwice(Exception):
    """A document ended the process, was given to a fresh one, and ended that too."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(cause.value)
        self.cause = cause


class ReadingFault(Exception):
    """A fault of ours in the process, with its traceback."""


class _Job:
    """A document on its way. When `done`, it has an answer or a cause."""

    __slots__ = ("begun", "body", "cause", "done", "head", "said", "started", "what")

    def __init__(self, verb: str, arguments: tuple[object, ...], body: bytes) -> None:
        self.head = [verb, arguments]
        self.body = body
        self.begun = False  # on its way into the pipe
        self.started: float | None = None  # when its turn came
        self.done = threading.Event()
        self.said, self.what = "", b""  # the answer
        self.cause: Cause | None = None

    def end(self, cause: Cause) -> None:
        self.cause = cause
        self.done.set()


class Worker:
    """Reads documents in a process of its own. From any thread."""

    def __init__(self, allowance: Allowance | None = None, idle_s: float = IDLE_S) -> None:
        self._allowance = allowance or Allowance()
        self._idle_s = idle_s
        self._lock = threading.Lock()
        self._child: _Child | None = None

    @property
    def pid(self) -> int | None:
        """The running process, if there is one."""
        child = self._child
        return None if child is None or child.is_over else child.pid

    def read(self, kind: type[T], verb: str, body: bytes, *arguments: object) -> T:
        """What `reading.VERBS[verb]` makes of a document. Raises ParseError as that does, EndedTwice, ReadingFault,
        StoppedError when `close` ends it, and ReaderError when no process can be started."""
        ends: list[Cause] = []
        while True:
            job = _Job(verb, arguments, body)
            self._hand(job).wait(job, self._allowance.clock(len(body)))
            if job.cause is None:
                return _value(kind, job.said, job.what)
            if job.cause is Cause.CLOSED:
                raise StoppedError("Reading was stopped.")
            ends.append(job.cause)
            if ends.count(Cause.START) >= STARTS:
                raise _no_reader("it ended at once")
            if len(ends) >= MOST_ENDS:
                raise _no_reader("it ends again and again")
            harmful = [end for end in ends if end in (Cause.TIME, Cause.MEMORY, Cause.CRASH)]
            if len(harmful) > 1:
                raise EndedTwice(harmful[-1])

    def close(self) -> None:
        """End the process and whoever waits for it. The next document starts another."""
        with self._lock:
            child, self._child = self._child, None
        if child is not None:
            child.end(Cause.CLOSED)
            child.join()

    def _hand(self, job: _Job) -> _Child:
        with self._lock:
            if self._child is None or not self._child.submit(job):
                self._child = _Child(self._allowance, self._idle_s)
                if not self._child.submit(job):
                    job.end(Cause.START)  # it has ended by now
            return self._child


class _Child:
    """One process, from its start to its end, and the two threads at its pipes."""

    def __init__(self, allowance: Allowance, idle_s: float) -> None:
        try:
            self._process = _start(allowance)
        except OSError as error:
            raise _no_reader(error.strerror or str(error)) from error
        self._idle_s = idle_s
        self._lock = threading.Lock()
        self._jobs = deque[_Job]()  # not answered yet, in the order of the pipe
        self._to_send = queue.SimpleQueue[_Job | None]()
        self._ready = threading.Event()
        self._why: Cause | None = None  # why it ends, where we know
        self.is_over = False  # it takes no more
        self._threads = [
            threading.Thread(target=self._send, name="documents out", daemon=True),
            threading.Thread(target=self._receive, name="documents in", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def submit(self, job: _Job) -> bool:
        """Queue a document; False when this process takes no more."""
        with self._lock:
            if self.is_over:
                return False
            self._jobs.append(job)
            self._to_send.put(job)
            return True

    def wait(self, job: _Job, allowed_s: float) -> None:
        """Wait for a document, and end the process when its turn lasts longer than allowed."""
        left = allowed_s
        while not job.done.wait(left):
            with self._lock:
                late = 0.0 if job.started is None else time.monotonic() - job.started
            if late >= allowed_s:
                self.end(Cause.TIME)
            left = max(allowed_s - late, 0.01)

    def end(self, why: Cause) -> None:
        """Kill the process."""
        with self._lock:
            self.is_over = True
            self._why = self._why or why
        self._process.kill()

    def join(self) -> None:
        """Wait until nothing is left of the process."""
        for thread in self._threads:
            thread.join()

    def _send(self) -> None:
        """Write one document after another, until nobody has had one for a while, or the process has ended."""
        assert self._process.stdin is not None
        if not self._ready.wait(START_S):
            self.end(Cause.START)
        with suppress(OSError):  # it has ended: `_receive` sees to those who wait
            while (job := self._next()) is not None:
                with self._lock:
                    job.begun = True
                    if self._jobs and self._jobs[0] is job:
                        job.started = time.monotonic()
                wire.write_frame(self._process.stdin, job.head, job.body)
        with suppress(OSError):
            self._process.stdin.close()

    def _next(self) -> _Job | None:
        while True:
            try:
                return self._to_send.get(timeout=self._idle_s)
            except queue.Empty:
                with self._lock:
                    if not self._jobs:
                        self.is_over = True
                        return None

    def _receive(self) -> None:
        """Take the answers, in the order of the documents, until the process ends."""
        assert self._process.stdout is not None
        try:
            while (frame := wire.read_frame(self._process.stdout)) is not None:
                if not self._ready.is_set():
                    self._ready.set()
                else:
                    self._take(*frame)
        except Exception:  # noqa: BLE001 - whatever it says that cannot be read: it is no longer ours
            self.end(Cause.CRASH)
        self._process.stdout.close()
        self._bury()

    def _take(self, head: Any, what: bytes) -> None:
        said, is_last = head
        with self._lock:
            job = self._jobs.popleft()
            job.said, job.what = said, what
            self.is_over = self.is_over or is_last
            if is_last:
                self._why = self._why or Cause.LEFT
            if self._jobs and self._jobs[0].begun:
                self._jobs[0].started = time.monotonic()
        if said == "memory":
            job.cause = Cause.MEMORY
        job.done.set()

    def _bury(self) -> None:
        """The pipe has ended, so the process has, or will at once. Tell those who wait for it."""
        try:
            code = self._process.wait(1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        with self._lock:
            self.is_over = True
            jobs = list(self._jobs)
            self._jobs.clear()
            why = self._why or _cause(code)
            if not self._ready.is_set() and why is not Cause.CLOSED:
                why = Cause.START
        self._ready.set()
        self._to_send.put(None)
        for at, job in enumerate(jobs):
            is_culprit = at == 0 and job.started is not None
            job.end(why if is_culprit or why in (Cause.CLOSED, Cause.START) else Cause.LEFT)


def _start(allowance: Allowance) -> subprocess.Popen[bytes]:
    """Run ourselves with `--worker`, seeing the same modules. Raises OSError."""
    frozen = getattr(sys, "frozen", False)
    own = Path(sys.executable)
    if frozen and os.name == "nt":
        own = own.with_name("chorsu.exe")  # its twin without a console has no standard streams
    start = [str(own)] if frozen else [str(own), "-P", "-m", "desktop"]
    env = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    process = subprocess.Popen(
        [*start, "--worker", json.dumps(astuple(allowance))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=None if frozen else env,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    _widen(process)
    return process


def _widen(process: subprocess.Popen[bytes]) -> None:
    """Let whole documents lie in the pipes (Linux), so that the next is there when one has been read."""
    with suppress(ImportError, AttributeError, OSError):
        import fcntl

        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)


def _cause(code: int) -> Cause:
    return Cause.TIME if code == -getattr(signal, "SIGPROF", 0) and code else Cause.CRASH


def _no_reader(why: str) -> ReaderError:
    return ReaderError(
        f"What comes in cannot be read: the process for it does not start ({why}).",
        "What is stored is safe. Start Chorsu again; if that does not help, reinstall it.",
    )


def _value(kind: type[T], said: str, what: bytes) -> T:
    """What an answer stands for. Raises WireError for a value of another type."""
    if said == "value":
        return wire.load(kind, what)
    if said in ("refused", "no rates"):
        message, remedy, is_html = wire.load(tuple[str, str, bool], what)
        raise (NoRatesError if said == "no rates" else ParseError)(message, remedy, is_html=is_html)
    raise ReadingFault(what.decode("utf-8", "replace"))
