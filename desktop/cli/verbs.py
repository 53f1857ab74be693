"""How a verb of the command line is declared."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    Commands: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]
else:
    Commands = argparse._SubParsersAction


def add_verb(
    commands: Commands, name: str, handler: str, about: str, *, json: bool = False
) -> argparse.ArgumentParser:
    """Add a verb; `handler` is its function by module and name within this package."""
    command = commands.add_parser(name, help=about, description=about[0].upper() + about[1:] + ".")
    command.set_defaults(handler=handler, keeps=True)
    if json:
        command.add_argument("--json", action="store_true", help="print JSON on standard output")
    return command


def positive(text: str) -> int:
    """A number of 1 or more, as the type of an option."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value
