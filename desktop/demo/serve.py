"""Serves the built-in edition alone, for people and for the command line, until Ctrl+C."""

from __future__ import annotations

import sys
import threading
from datetime import UTC, datetime

from desktop.demo.site import ARTICLES, SEED, DemoSite


def serve(port: int = 0, *, seed: int = SEED, articles: int = ARTICLES, live: bool = True) -> int:
    """Run the site and print its address and the settings for it. Gives the exit status."""
    try:
        site = DemoSite(datetime.now(UTC), seed, articles, live=live, port=port)
    except OSError as error:
        sys.stderr.write(f"Port {port} cannot be used: {error.strerror}. Choose another with --port.\n")
        return 1
    with site:
        lines = [
            f"{site.url}/",
            "",
            *(f"chorsu config set {key} {value}" for key, value in site.config().items()),
            "",  # the end, for a program that reads this
        ]
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            sys.stderr.write("\n")
    return 0
