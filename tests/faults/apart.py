"""Groups that fork, trace or weigh run in a process of their own: a test's may have threads, and is heavy by then."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def figures(group: str, points: int | None = None, seed: int = 1) -> dict[str, Any]:
    """What a group found."""
    command = [sys.executable, "-m", "tests.faults", group, "--seed", str(seed)]
    command += [] if points is None else ["--points", str(points)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=3000, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found
