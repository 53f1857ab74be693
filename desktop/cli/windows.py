"""The verbs that open a window: the only way from the command line to Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.paths import Paths

if TYPE_CHECKING:
    import argparse


def window(options: argparse.Namespace, paths: Paths) -> int:
    """Open the window; addresses are offered as new sources."""
    from desktop.app import open_window

    return open_window(paths, urls=options.urls, offline=options.offline, hidden=options.hidden)


def demo(options: argparse.Namespace, paths: Paths) -> int:
    """Open the window on the made-up site, or only serve that site."""
    del paths  # the demo has a temporary folder of its own
    if options.serve:
        from desktop.demo.serve import serve

        return serve(options.port)
    from desktop.app import open_demo

    return open_demo()
