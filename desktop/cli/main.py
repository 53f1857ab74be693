"""The command line: the same pipelines as the window, without a display.

Exit status: 0 all right, 1 something could not be fetched or is missing, 2 wrong use, 3 the store is damaged or locked.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from desktop import log
from desktop.core.errors import AppError, StoreError, UsageError
from desktop.paths import Paths, find_paths

Handler = Callable[[Any, Paths], int]


def run(argv: Sequence[str]) -> int:
    """Parse `argv` and do it; the window opens when there is no verb."""
    options = plain_start(argv) or _parsed(argv)
    try:
        paths = find_paths(options.data_dir)
        if options.keeps:
            paths.create()
            log.start(paths.log, verbose=options.verbose)
        if options.handler != "windows.window":  # which goes on loading until it is painted
            gc.enable()
        return _handler(options.handler)(options, paths)
    except UsageError as error:
        return _fail(error, 2)
    except StoreError as error:
        return _fail(error, 3)
    except AppError as error:
        return _fail(error, 1)
    except BrokenPipeError:
        sys.stderr.close()  # whoever read us has gone; the interpreter would complain once more
        return 1
    except OSError as error:
        return _fail(AppError(f"{error.strerror or error}: {error.filename or ''}".strip(": ")), 1)
    except KeyboardInterrupt:
        return _fail(AppError("Stopped; what had arrived is kept."), 1)
    finally:
        gc.enable()
        log.stop()


def plain_start(argv: Sequence[str]) -> SimpleNamespace | None:
    """The options of a window that is opened as desktops and most people do it, without verb or address; None where
    the parser has to look: a start would wait for that one ten times as long as for all these words."""
    options = SimpleNamespace(
        data_dir=None,
        verbose=False,
        offline=False,
        hidden=False,
        urls=[],
        handler="windows.window",
        keeps=True,
    )
    words = iter(argv)
    for word in words:
        if word in ("--verbose", "--offline", "--hidden"):
            setattr(options, word[2:], True)
        elif word == "--data-dir" and (folder := next(words, "")) and not folder.startswith("-"):
            options.data_dir = Path(folder)
        else:
            return None
    return options


def _parsed(argv: Sequence[str]) -> Any:
    from desktop.cli.parser import build_parser, parse, with_verb

    words, verb = with_verb(argv)
    return parse(build_parser(verb), words)


def _handler(name: str) -> Handler:
    """The function that does a verb. Its module is imported only now: the window needs none of them at its start."""
    module, _, function = name.rpartition(".")
    found: Handler = getattr(import_module(f"desktop.cli.{module}"), function)
    return found


def _fail(error: AppError, status: int) -> int:
    from desktop.cli.output import say  # nearly nothing fails

    say(f"chorsu: {error}")
    return status
