"""A secret that the program meets stands nowhere that it leaves behind."""

from __future__ import annotations

import pytest

from tests.faults import planted_secrets

pytestmark = pytest.mark.timeout(300)  # on a busy machine too


def test_no_secret_stands_in_a_log_a_store_an_export_or_a_process():
    figures = planted_secrets.run(seed=1)
    assert figures["found_where_they_must_not_be"] == {}
    assert figures["files"] >= 10
    assert figures["holding"] == 0
    # What is looked for can be found: the key that is part of an address stands with it.
    assert {"chorsu.db", "sources.opml"} <= set(figures["key_stands_with_its_address"])
