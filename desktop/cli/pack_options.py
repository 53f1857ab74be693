"""The words of `chorsu pack`."""

from __future__ import annotations

import argparse
from pathlib import Path

from desktop.cli.parser import positive


def add_pack_options(packing: argparse.ArgumentParser) -> None:
    """What is taken offline, or the file that it goes to or comes from."""
    packing.add_argument("--days", type=positive, metavar="N", help="of the last N days (7)")
    packing.add_argument(
        "--source", type=int, action="append", metavar="ID", help="only this one (repeatable)"
    )
    packing.add_argument(
        "--watchlist", action="append", metavar="NAME", help="only its pairs (repeatable); none: no rates"
    )
    packing.add_argument("--budget", type=positive, metavar="MB", help="at most so many megabytes")
    files = packing.add_mutually_exclusive_group()
    files.add_argument(
        "--write", type=Path, metavar="FILE", help="write the present pack into a file; nothing is asked"
    )
    files.add_argument(
        "--read", type=Path, metavar="FILE", help="read a pack in that was written; nothing is asked"
    )
    packing.add_argument("--preview", action="store_true", help="with --read: only say what is in it")
    packing.add_argument(
        "--follow", action="store_true", help="with --read: follow sources that are not here, else pause them"
    )
