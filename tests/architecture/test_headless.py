"""What must work without a display, and what must not be loaded before it is needed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from desktop.store import Store
from desktop.store.migrations import MIGRATIONS
from desktop.store.versions import VERSION

ROOT = Path(__file__).resolve().parents[2]

BLOCK = """
import sys
class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("PySide6", "shiboken6"):
            raise ImportError(f"{name} is blocked")
sys.meta_path.insert(0, Wall())
"""


# What no first paint shows, so that it must not cost any start a moment.
LATER = (
    *(
        "desktop.demo",
        "desktop.net",
        "desktop.sync.documents",
        "desktop.sync.worker",
        "desktop.sync.refresh",
        "desktop.sync.report",
        "desktop.ui.packs",
    ),
    *("desktop.jobs.alerts", "desktop.jobs.library", "desktop.jobs.pack", "desktop.jobs.refresher"),
    *(
        "desktop.store.alerts",
        "desktop.store.packs",
        "desktop.store.conversions",
        "desktop.store.migrations",
        "desktop.store.schema",
        "desktop.core.html.display",
    ),
    *("desktop.core.rates.trust", "desktop.core.rates.alert_rules", "desktop.ui.rates.page"),
    *("desktop.ui.reader.document", "requests", "urllib3", "lxml", "nh3", "truststore", "readability"),
    *("PySide6.QtWidgets.QStyle", "PySide6.QtGui.QGradient"),  # 750 constants, made with the classes
    *("http", "ssl", "email", "csv", "PySide6.QtNetwork", "PySide6.QtDBus", "PySide6.QtSvg"),
)
NEEDED_OF_NET = ("desktop.net", "desktop.net.gate")  # the switch that the word "online" tells of
MOST_MODULES = 102  # of ours
MOST_AT_ONCE = 25  # of ours, that the window waits for in the step that completes it

COMPLETE = """
import sys
from pathlib import Path
from desktop import app
from desktop.paths import find_paths
from desktop.ui.main_window import MainWindow

def ours():
    return sum(name.startswith("desktop.") for name in sys.modules)

def complete(window):
    before = ours()
    finish(window)
    print(before, ours())

def begin(session, window):
    window.close()

finish, MainWindow.complete = MainWindow.complete, complete
sys.exit(app._run(find_paths(Path(sys.argv[1])), begin, offline=True, hidden=False))
"""


def run(code: str, *words: str) -> str:
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
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


def test_the_first_paint_loads_only_what_it_shows(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.settings.set("welcome.done", True)
    probe = [sys.executable, str(ROOT / "tests" / "bench" / "start_probe.py"), "modules", str(tmp_path)]
    done = subprocess.run(
        probe, cwd=ROOT, env=os.environ | {"QT_QPA_PLATFORM": "offscreen"}, capture_output=True, text=True,
        timeout=60, check=True,
    )  # fmt: skip
    loaded = done.stdout.split()
    ours = [name for name in loaded if name.partition(".")[0] == "desktop"]

    def is_late(name: str) -> bool:
        return any(name == late or name.startswith(f"{late}.") for late in LATER)

    assert "desktop.ui.main_window" in ours
    assert [name for name in loaded if is_late(name) and name not in NEEDED_OF_NET] == []
    assert [name for name in ours if name.endswith(("dialog", "_window", "converter", "commands"))] == [
        "desktop.ui.main_window",
        "desktop.ui.view_commands",
    ]
    assert len(ours) <= MOST_MODULES


def test_little_is_left_to_load_in_the_step_that_completes_the_window(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.settings.set("welcome.done", True)
    before, after = run(COMPLETE, str(tmp_path)).split()
    assert 0 < int(after) - int(before) <= MOST_AT_ONCE
    assert int(before) > MOST_MODULES  # most came before it, in steps


def test_the_version_of_a_store_is_the_number_of_migrations() -> None:
    """It stands by itself, since an opening need not load them to know that none is lacking."""
    assert len(MIGRATIONS) == VERSION
