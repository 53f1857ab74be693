"""300 damaged stores, 300 starts: evidence kept, what the person did as it was or as a day ago, and said so."""

from __future__ import annotations

import pytest

from tests.faults import damage


@pytest.mark.timeout(1800)
def test_every_damaged_store_starts_with_what_the_person_did(long: bool) -> None:
    found = damage.run(1, damage.POINTS * 10 if long else damage.POINTS // 5)
    assert found["failed"] == []
    outcomes = found["outcomes"]
    assert outcomes["refused as newer, untouched"] > 0
    assert outcomes["mended from itself"] > 0
    assert outcomes["mended with the copy of the day before"] > 0
