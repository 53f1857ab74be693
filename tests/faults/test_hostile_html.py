"""Hostile HTML and layout bombs, shown: nothing is loaded, nothing freezes, nothing disappears."""

from __future__ import annotations

import pytest

from tests.faults import hostile_html


@pytest.mark.timeout(600)
def test_no_hostile_page_opens_a_file_or_a_connection_and_none_freezes_the_window(long):
    figures = hostile_html.run(seed=1, points=45 if long else 10)
    assert figures["failed"] == [], figures
    assert figures["vectors"] >= 300
    assert figures["bombs"] >= 35
    assert figures["asked"] > 300
