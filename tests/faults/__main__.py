"""Does one kind of harm to the program and prints what came of it: python -m tests.faults GROUP [--seed N]"""

from __future__ import annotations

import argparse
import importlib
import json
import sys

# Each has a `run(seed)` that gives its figures. Loaded when it is asked for: some of them need Qt.
GROUPS = ("misbehaving", "private_addresses", "links", "politeness", "planted_secrets", "rates", "clocks")


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.faults", description=__doc__)
    parser.add_argument("group", choices=GROUPS)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    figures = importlib.import_module(f"tests.faults.{options.group}").run(options.seed)
    json.dump(figures, sys.stdout, indent=1, ensure_ascii=False, default=str)
    sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
