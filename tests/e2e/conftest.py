"""What window tests live under, for the tests that run the whole program in this process too."""

from __future__ import annotations

from tests.ui.conftest import _tidy as _tidy
from tests.ui.conftest import open_session as open_session
from tests.ui.conftest import session as session
from tests.ui.conftest import show as show
from tests.ui.conftest import window as window
