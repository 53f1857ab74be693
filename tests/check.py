"""The one command that checks everything: format, lint, types, tests.

python tests/check.py           what must be green before a commit (meant to take under ten minutes on two cores)
python tests/check.py --long    the same with the long tests
python tests/check.py --fix     mend format and lint first
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def run(title: str, *command: str) -> bool:
    """Run one step from the root of the checkout and say how it went."""
    print(f"== {title}", flush=True)
    started = time.monotonic()
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONDONTWRITEBYTECODE": ""}
    good = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, env=env, check=False).returncode == 0
    print(f"== {title}: {'good' if good else 'FAILED'} in {time.monotonic() - started:.0f} s", flush=True)
    return good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--long", action="store_true", help="run the long tests as well")
    parser.add_argument("--fix", action="store_true", help="mend format and lint first")
    options = parser.parse_args()
    if options.fix:
        run("mend format", "ruff", "format", ".")
        run("mend lint", "ruff", "check", "--fix", ".")
    long = ["--long"] if options.long else []
    # In the order of the folders: by number of tests, files of few and long ones would be left for one core at the end.
    spread = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
    # Benches compare times within one run, so they have the machine to themselves.
    steps = (
        ("format", "ruff", "format", "--check", "."),
        ("lint", "ruff", "check", "."),
        ("types", "mypy"),
        ("tests", "pytest", "-q", *spread, "--ignore", "tests/bench", *long),
        ("benches", "pytest", "-q", "tests/bench", *long),
    )
    results = [run(*step) for step in steps]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
