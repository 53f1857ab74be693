"""python -m tests.fuzz [TARGET] [--seconds N]    look for inputs that break a reader, led by the code that they reach

Without TARGET every target has its turn, each in a process of its own. Where atheris is not installed the inputs are
seeds with seeded faults instead. What breaks a promise is written to tests/fuzz/found, to be mended and kept.
"""

from __future__ import annotations

import argparse
import logging
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.fuzz.targets.target import Target

FOUND = Path(__file__).parent / "found"
SLOWEST_S = 5
MOST_MB = 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "target", nargs="?", default="", metavar="TARGET", help="one of the targets; all without it"
    )
    parser.add_argument("--seconds", type=int, default=30, metavar="N", help="for each target (30)")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--plain", action="store_true", help="without atheris")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)  # libraries tell of every damage
    if not options.target:
        return _all(options)
    if options.plain or find_spec("atheris") is None:
        return _plainly(options)
    return _guided(options)


def _all(options: argparse.Namespace) -> int:
    from tests.fuzz.targets import TARGETS

    broken = []
    for name in TARGETS:
        print(f"== {name}", flush=True)
        command = [sys.executable, "-m", "tests.fuzz", name, "--seconds", str(options.seconds)]
        command += ["--seed", str(options.seed), *(["--plain"] if options.plain else [])]
        if subprocess.run(command, check=False).returncode:
            broken.append(name)
    print(f"== {len(TARGETS) - len(broken)} of {len(TARGETS)} targets hold", *broken)
    return 1 if broken else 0


def _guided(options: argparse.Namespace) -> int:
    import atheris

    with atheris.instrument_imports(include=["desktop.core", "desktop.net", "desktop.sync"]):
        from tests.fuzz.targets import TARGETS

        target = _named(options.target, TARGETS)
        for body in target.seeds:
            target.run(body)  # so that what is loaded when it is first needed is led by as well
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        for number, body in enumerate(target.seeds):
            (corpus / str(number)).write_bytes(body)
        words = Path(folder) / "words"
        words.write_text(
            "".join(f'"{_escaped(word)}"\n' for word in target.words if 0 < len(word) < 60), "ascii"
        )
        FOUND.mkdir(exist_ok=True)
        atheris.Setup(
            [
                *(
                    sys.argv[0],
                    str(corpus),
                    f"-dict={words}",
                    f"-artifact_prefix={FOUND / target.name}-",
                    "-print_final_stats=1",
                ),
                *(f"-max_total_time={options.seconds}", f"-timeout={SLOWEST_S}", f"-rss_limit_mb={MOST_MB}"),
                *(f"-max_len={target.most_bytes}", f"-seed={options.seed}", "-verbosity=0"),
            ],
            target.run,
        )
        atheris.Fuzz()  # ends the process
    return 0


def _named(name: str, targets: Mapping[str, Target]) -> Target:
    if name not in targets:
        raise SystemExit(f"There is no target {name}; there are {', '.join(targets)}.")
    return targets[name]


def _escaped(word: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word)


def _plainly(options: argparse.Namespace) -> int:
    from tests.fuzz.targets import TARGETS

    target, draw = _named(options.target, TARGETS), random.Random(options.seed)
    end, runs = time.monotonic() + options.seconds, 0
    while time.monotonic() < end:
        body = target.mutant(draw)
        try:
            target.run(body)
        except BaseException:
            FOUND.mkdir(exist_ok=True)
            place = FOUND / f"{target.name}-crash-{options.seed}-{runs}"
            place.write_bytes(body)
            print(f"{target.name}: {place}", file=sys.stderr)
            raise
        runs += 1
    print(f"{target.name}: {runs:,} inputs")
    return 0


if __name__ == "__main__":
    sys.exit(main())
