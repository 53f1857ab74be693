"""What window tests live under, for the tests that run the whole program in this process too."""

from __future__ import annotations

from tests.ui.conftest import _tidy as _tidy
