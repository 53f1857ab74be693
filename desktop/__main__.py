"""The one entry: the window without a verb, the command line with one, and the process that reads documents."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run Chorsu and give its exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    os.umask(0o077)  # whatever is written is for its owner alone
    if arguments[:1] == ["--worker"]:
        from desktop.sync.worker_process import serve

        serve()
    gc.disable()  # loading makes objects by the hundred thousand and drops none
    from desktop.cli.main import run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
