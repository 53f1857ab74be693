"""What window tests live under, for the tests that run the whole program in this process too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.forks import forks
from tests.ui.conftest import _tidy as _tidy
from tests.ui.conftest import open_session as open_session
from tests.ui.conftest import qtbot as qtbot
from tests.ui.conftest import session as session
from tests.ui.conftest import show as show
from tests.ui.conftest import window as window


@pytest.fixture(scope="session", autouse=True)
def _no_forks_left() -> Iterator[None]:
    yield
    if forks.cache_info().currsize:
        forks().close()
