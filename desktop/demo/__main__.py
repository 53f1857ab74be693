"""`python -m desktop.demo`: the built-in edition as a server of its own."""

from __future__ import annotations

import argparse
import sys

from desktop.demo.serve import serve
from desktop.demo.site import ARTICLES, SEED


def main(arguments: list[str] | None = None) -> int:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m desktop.demo", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--seed", type=int, default=SEED, help="other articles, other rates")
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--still", action="store_true", help="publish nothing new while it runs")
    options = parser.parse_args(arguments)
    return serve(options.port, seed=options.seed, articles=options.articles, live=not options.still)


if __name__ == "__main__":
    sys.exit(main())
