"""Hostile HTML and layout bombs before the real reader, in a process of its own that is traced."""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

TIMEOUT_S = 600
POINTS = 10  # addresses in each place, of 45; and thousands of characters or elements of a bomb
ROOT = Path(__file__).parents[2]


class Ear:
    """A socket of this machine that counts who connects to it."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.heard = 0
        self._thread = threading.Thread(target=self._listen, name="ear")
        self._thread.start()

    def _listen(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            with connection:
                if connection.recv(3) == b"end":
                    return
            self.heard += 1

    def close(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.sendall(b"end")
        self._thread.join()
        self._socket.close()


def run(seed: int = 0, points: int = POINTS) -> dict[str, object]:
    """The figures. `points` is how many addresses stand in each place (45 are all), and the size of the bombs."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        ear = Ear()
        try:
            figures = _show(folder, ear.port, seed, points)
        finally:
            ear.close()
    figures["connections"] = ear.heard
    figures["failed"] = _failures(figures)
    return figures


def _show(folder: Path, port: int, seed: int, points: int) -> dict[str, object]:
    """What the process that shows all of it says, and what the trace says of it."""
    trace = folder / "trace"
    strace = shutil.which("strace")
    # With --seccomp-bpf the process stops at these calls alone.
    tracer = [
        strace,
        "-f",
        "--seccomp-bpf",
        "-qq",
        "-e",
        "trace=%file,connect",
        "-s",
        "4096",
        "-o",
        str(trace),
    ]
    arguments = [
        sys.executable,
        "-m",
        "tests.faults.reader_process",
        str(folder),
        str(port),
        str(seed),
        str(points),
    ]
    done = subprocess.run(
        ([*tracer, *arguments] if strace else arguments),
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    if done.returncode:
        return {"ended": done.returncode, "error": done.stderr.decode("utf-8", "replace")[-2_000:]}
    figures: dict[str, object] = json.loads(done.stdout)
    lines = trace.read_text("utf-8", "replace").splitlines() if strace else []
    figures["traced"] = len(lines)
    figures["control_seen"] = sum("control.png" in line for line in lines) if strace else math.nan
    figures["canary_touched"] = [
        line[:200] for line in lines if re.search(r"canary\.png|/dev/zero|/dev/stdin", line)
    ]
    figures["network"] = [line[:200] for line in lines if "connect(" in line and "AF_INET" in line]
    return figures


def _failures(figures: dict[str, object]) -> list[str]:
    """What is not as it must be."""
    if "ended" in figures:
        return [f"the process ended with {figures['ended']}"]
    failed = [
        name
        for name in ("canary_touched", "network", "connections", "answered", "changing", "slow", "mute")
        if figures[name]
    ]
    if figures["control_seen"] == 0:
        failed.append("the trace does not see what a plain browser opens")
    return failed
