"""Other users of the machine find all shut; who may only read is told so, and reads on."""

from __future__ import annotations

import pytest

from tests.faults import rights
from tests.faults.apart import figures


@pytest.mark.skipif(not rights.available(), reason="only root can become somebody else")
@pytest.mark.timeout(600)
def test_nobody_reads_what_is_ours_and_is_told_so_in_a_sentence() -> None:
    found = figures("rights")
    assert found["failed"] == []
    assert found["files"] >= 7
