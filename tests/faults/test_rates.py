"""No wrong number, whatever a publisher sends; and what is true gets through."""

from __future__ import annotations

from tests.faults import rates


def test_no_fault_of_a_publisher_is_shown_as_a_rate_and_true_jumps_are_with_their_second_publication():
    figures = rates.run(seed=1, rows=1)
    assert figures["failed"] == []
    assert figures["injected"] >= 700
    assert figures["true_moves"] >= 80
    assert figures["fates"].keys() == {"document refused", "row left out", "held", "kept, within the bound"}
