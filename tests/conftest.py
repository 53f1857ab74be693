"""What every test lives under: no network but loopback, no display, private folders, long tests only when asked."""

from __future__ import annotations

import gc
import os
import socket
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TZ", "Asia/Almaty")
if hasattr(time, "tzset"):
    time.tzset()

DATA = Path(__file__).parent / "data"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--long", action="store_true", help="run the tests that take minutes, and more of the others"
    )


def pytest_configure(config: pytest.Config) -> None:
    """A verdict hangs neither on how busy the machine is nor, in everybody's run, on the dice of the day."""
    settings.register_profile(
        "steady",
        deadline=None,
        derandomize=not config.getoption("--long"),
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("steady")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--long"):
        return
    kept = [item for item in items if "long" not in item.keywords]
    config.hook.pytest_deselected(items=[item for item in items if "long" in item.keywords])
    items[:] = kept


@pytest.fixture(scope="session", autouse=True)
def _frozen() -> None:
    """What is loaded, and the thousands of tests to come, stay: no collection need look at them again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches for the world fails at once."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family in (socket.AF_INET, socket.AF_INET6) and host not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def data() -> Path:
    """The folder of payloads."""
    return DATA


@pytest.fixture
def long(request: pytest.FixtureRequest) -> bool:
    """Whether the person asked for the long run."""
    return bool(request.config.getoption("--long"))
