"""Does one kind of harm to the program, prints what came of it: python -m tests.faults GROUP [--seed N] [--points N]"""

from __future__ import annotations

import argparse
import importlib
import json
import sys

# Each has a `run(seed)` that gives its figures; one that has POINTS takes how many of them as `points` as well.
# Loaded when it is asked for: some of them need Qt.
GROUPS = (
    "agreement",
    "clocks",
    "cuts",
    "damage",
    "disks",
    "hostile_html",
    "instances",
    "kills",
    "links",
    "longrun",
    "misbehaving",
    "pictures",
    "planted_secrets",
    "politeness",
    "private_addresses",
    "rates",
    "rights",
    "three_clocks",
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.faults", description=__doc__)
    parser.add_argument("group", choices=GROUPS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--points", type=int, help="how many faults (default: those of a normal run)")
    options = parser.parse_args()
    number = {} if options.points is None else {"points": options.points}
    figures = importlib.import_module(f"tests.faults.{options.group}").run(options.seed, **number)
    json.dump(figures, sys.stdout, indent=1, ensure_ascii=False, default=str)
    sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
