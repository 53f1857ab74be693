"""Inside the process that reads documents: frames in, values out, one after another, within bounds.

It is told nothing but bytes and addresses, opens nothing, and ends when its standard input does: with the program.
"""

from __future__ import annotations

import gc
import json
import os
import re
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from desktop.core.errors import NoRatesError, ParseError
from desktop.sync import wire
from desktop.sync.allowance import Allowance

SMALLEST = b"<rss><channel><item><title>.</title></item></channel></rss>"
STATM = Path("/proc/self/statm")


def serve() -> None:
    """Answer until the program goes. Its own words go to standard error, so that no library can write into frames."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the program, which ends us
    source = sys.stdin.buffer
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    from desktop.sync.reading import VERBS

    VERBS["feed"](SMALLEST, "")  # loads what every document needs, before memory is counted
    gc.freeze()  # what is loaded stays: no collection need look at it again
    allowance = Allowance(*json.loads(sys.argv[-1]))
    _bound(allowance)
    with suppress(BrokenPipeError):
        wire.write_frame(answers, ["ready"])
        while (frame := wire.read_frame(source)) is not None:
            (verb, arguments), body = frame
            with _timed(allowance.processor(len(body))):
                said, what = _answer(VERBS[verb], body, arguments)
                is_last = said == "memory" or _resident() > allowance.kept_bytes
                wire.write_frame(answers, [said, is_last], what)
            if is_last:
                break
    os._exit(0)  # nothing is to be saved, and the program may wait for our end


def _answer(function: Callable[..., Any], body: bytes, arguments: list[Any]) -> tuple[str, bytes]:
    """A word, and what belongs to it."""
    try:
        return "value", wire.dump(function(body, *arguments))
    except ParseError as error:
        kind = "no rates" if isinstance(error, NoRatesError) else "refused"
        return kind, wire.dump((error.message, error.remedy, error.is_html))
    except Exception as fault:  # noqa: BLE001 - a fault of ours is told where the program logs
        if isinstance(fault, MemoryError) or _was_full():
            return "memory", b""
        return "fault", traceback.format_exc().encode("utf-8", "replace")


@contextmanager
def _timed(seconds: float) -> Iterator[None]:
    """Let the system end this process when it has used so much processor time (POSIX)."""
    if not hasattr(signal, "setitimer"):
        yield
        return
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _bound(allowance: Allowance) -> None:
    """No files written, no traces of the crash; on Linux no more memory than allowed."""
    try:
        import resource
    except ImportError:
        return  # Windows
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if STATM.exists():  # macOS takes the limit and does not keep it
        most = _pages(0) + allowance.memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _was_full() -> bool:
    """Whether memory ran out: libraries say so in many ways."""
    if not STATM.exists():
        return False
    import resource

    peak = re.search(r"VmPeak:\s*(\d+)", STATM.with_name("status").read_text("ascii", "replace"))
    return peak is not None and int(peak[1]) * 1024 > 0.9 * resource.getrlimit(resource.RLIMIT_AS)[0]


def _resident() -> int:
    return _pages(1) if STATM.exists() else 0


def _pages(field: int) -> int:
    return int(STATM.read_text("ascii").split()[field]) * os.sysconf("SC_PAGE_SIZE")
