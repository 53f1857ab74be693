"""The switch that every socket passes."""

from __future__ import annotations

import pytest

from desktop.core.errors import FetchError, OfflineError
from desktop.net.gate import Gate


def test_it_is_open_at_first():
    gate = Gate()
    gate.check()
    assert (gate.online, gate.reason) == (True, "")


def test_shut_it_raises_the_reason_and_what_can_still_be_done():
    gate = Gate()
    gate.shut("There is no network.")
    with pytest.raises(OfflineError, match="There is no network") as caught:
        gate.check()
    assert (gate.online, gate.reason) == (False, "There is no network.")
    assert caught.value.remedy


def test_a_shut_gate_has_a_reason_even_when_none_is_given():
    gate = Gate()
    gate.shut()
    assert gate.reason


def test_it_opens_again():
    gate = Gate()
    gate.shut()
    gate.open()
    gate.check()
    assert (gate.online, gate.reason) == (True, "")


def test_being_offline_is_a_fetch_that_failed():
    assert issubclass(OfflineError, FetchError)
