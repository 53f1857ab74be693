"""Choose a feed parser by measurement: fidelity, speed and steadiness of feedparser, ours and fastfeedparser.

    python -m tests.bench.feed_parsers [TESTS] [--missed] [--output FILE]

TESTS is the tests folder of an unpacked source distribution of feedparser; without it, pip downloads one into
a temporary folder. What is counted as fidelity stands in feed_expectations.py.
"""

from __future__ import annotations

import argparse
import io
import random
import subprocess
import sys
import tarfile
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

if __package__ in (None, ""):  # run by its path
    sys.path.insert(0, str(Path(__file__).parents[2]))

import fastfeedparser
import feedparser

from desktop.core.errors import ParseError
from desktop.net import feeds
from tests.bench.feed_adapters import PARSERS
from tests.bench.feed_expectations import EXPECT, Case, cases
from tests.bench.feed_samples import damaged, feed

Parse = Callable[[bytes], object]

PARSE: dict[str, Parse] = {
    "feedparser": lambda body: feedparser.parse(io.BytesIO(body)),
    "chorsu": lambda body: feeds.parse(body, "https://courier.example/feed/"),
    "fastfeedparser": fastfeedparser.parse,
}
REFUSALS: dict[str, tuple[type[Exception], ...]] = {
    "feedparser": (),
    "chorsu": (ParseError,),
    "fastfeedparser": (ValueError,),  # what it says of documents that are no feed; kept in its favour
}
HANG_S = 2.0
BLOCK = 10  # feeds


def main() -> int:
    """Measure, print the table; 0 when our parser reaches its goals."""
    arguments = _arguments()
    warnings.simplefilter("ignore")
    with _tests_folder(arguments.tests) as folder:
        counted = list(cases(folder))
        passed = {name: _passed(name, counted) for name in PARSERS}
    times = _milliseconds(arguments.feeds)
    faults = {name: _faults(name, arguments.damaged) for name in PARSE}
    table = _table(len(counted), passed, times, faults, arguments)
    print(table)
    if arguments.output:
        arguments.output.write_text(table + "\n", encoding="utf-8")
    if arguments.missed:
        _print_missed(counted, passed)
    share = len(passed["chorsu"] & passed["feedparser"]) / len(passed["feedparser"])
    return (
        0
        if share >= 0.95 and times["feedparser"] >= 20 * times["chorsu"] and faults["chorsu"] == (0, 0)
        else 1
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "tests", nargs="?", type=Path, help="feedparser's tests folder; downloaded when left out"
    )
    parser.add_argument(
        "--missed", action="store_true", help="list the files that feedparser passes and we do not"
    )
    parser.add_argument("--output", type=Path, help="write the table to this file too")
    parser.add_argument("--feeds", type=int, default=100, help="generated feeds to time (100)")
    parser.add_argument("--damaged", type=int, default=2000, help="damaged documents to parse (2000)")
    return parser.parse_args()


@contextmanager
def _tests_folder(given: Path | None) -> Iterator[Path]:
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-binary", ":all:", "--no-deps"]
        subprocess.run([*command, "--dest", folder, "feedparser"], check=True)
        archive = next(Path(folder).glob("feedparser-*.tar.gz"))
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
        yield next(Path(folder).glob("feedparser-*/tests"))


def _passed(name: str, counted: list[Case]) -> set[str]:
    return {case.name for case in counted if _holds(name, case)}


def _holds(name: str, case: Case) -> bool:
    try:
        return case.holds(PARSERS[name](case))
    except Exception:  # noqa: BLE001 - a parser that raises has not passed, whatever it raises
        return False


def _milliseconds(count: int) -> dict[str, float]:
    """Time for one feed: over `count` feeds in blocks, the best of three for a block, the parsers taking turns."""
    totals = dict.fromkeys(PARSE, 0.0)
    for start in range(0, count, BLOCK):
        bodies = [feed(number) for number in range(start, min(start + BLOCK, count))]
        turns = [{name: _seconds(parse, bodies) for name, parse in PARSE.items()} for _ in range(3)]
        for name in PARSE:
            totals[name] += min(turn[name] for turn in turns)
    return {name: total * 1000 / count for name, total in totals.items()}


def _seconds(parse: Parse, bodies: list[bytes]) -> float:
    start = time.perf_counter()
    for body in bodies:
        parse(body)
    return time.perf_counter() - start


def _faults(name: str, count: int) -> tuple[int, int]:
    """How many damaged documents end in an exception that is no refusal, how many take over HANG_S."""
    raised = hung = 0
    for body in _damaged(count):
        start = time.perf_counter()
        try:
            PARSE[name](body)
        except REFUSALS[name]:
            pass
        except Exception:  # noqa: BLE001 - this is what is counted
            raised += 1
        hung += time.perf_counter() - start > HANG_S
    return raised, hung


def _damaged(count: int) -> Iterator[bytes]:
    folder = Path(__file__).parents[1] / "data"
    bodies = [path.read_bytes() for path in sorted((folder / "news").glob("*.xml")) if path.stat().st_size]
    bodies += [(folder / "wordpress" / name).read_bytes() for name in ("atom.xml", "rdf.xml", "rss092.xml")]
    bodies.append(feed(1, items=5, paragraphs=2))
    draw = random.Random(20261120)
    return (damaged(draw.choice(bodies), draw) for _ in range(count))


def _table(
    counted: int,
    passed: dict[str, set[str]],
    times: dict[str, float],
    faults: dict[str, tuple[int, int]],
    arguments: argparse.Namespace,
) -> str:
    size = len(feed(0)) // 1000
    lines = [
        f"| parser | passes of {counted} files | of what feedparser passes | "
        f"ms a feed of 50 items, {size} KB (mean of {arguments.feeds}) | against feedparser | "
        f"exceptions, hangs on {arguments.damaged:,} damaged documents |",
        "|---|---|---|---|---|---|",
    ]
    for name in PARSE:
        common = len(passed[name] & passed["feedparser"]) / len(passed["feedparser"])
        ratio = times["feedparser"] / times[name]
        raised, hung = faults[name]
        fidelity = f"{len(passed[name])} | {common:.1%}"
        lines.append(f"| {name} | {fidelity} | {times[name]:.2f} | 1/{ratio:.0f} | {raised}, {hung} |")
    return "\n".join(lines)


def _print_missed(counted: list[Case], passed: dict[str, set[str]]) -> None:
    for case in counted:
        if case.name in passed["feedparser"] - passed["chorsu"]:
            expected = EXPECT.search(case.body.replace(b"\0", b""))
            print(case.name, expected.group(1).decode("utf-8", "replace")[:140] if expected else "")


if __name__ == "__main__":
    raise SystemExit(main())
