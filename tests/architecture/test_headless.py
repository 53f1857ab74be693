"""What must work without a display, and what must not be loaded before it is needed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

BLOCK = """
import sys
class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("PySide6", "shiboken6"):
            raise ImportError(f"{name} is blocked")
sys.meta_path.insert(0, Wall())
"""


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_everything_below_the_window_imports_without_qt() -> None:
    run(
        BLOCK + "import importlib, pkgutil, desktop\n"
        "for room in ('core', 'net', 'store', 'sync', 'cli', 'demo'):\n"
        "    package = importlib.import_module(f'desktop.{room}')\n"
        "    for module in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):\n"
        "        if not module.name.endswith('__main__'): importlib.import_module(module.name)\n"
    )


def test_the_start_of_the_window_loads_no_parser_and_no_http_library() -> None:
    loaded = run(
        "import desktop.app, desktop.ui.main_window, desktop.jobs.session, sys\n"
        "print(*(name for name in ('requests', 'urllib3', 'lxml', 'lxml.etree', 'nh3', 'truststore', 'http.server')"
        " if name in sys.modules))"
    )
    assert loaded.split() == []
