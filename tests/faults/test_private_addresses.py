"""Nothing that a public document says leads into the network at home, and no link leaves that must not."""

from __future__ import annotations

import pytest

from tests.faults import links, private_addresses

pytestmark = pytest.mark.timeout(300)  # on a busy machine too


def test_no_way_and_no_writing_leads_a_public_source_into_a_private_network():
    figures = private_addresses.run(seed=1)
    assert figures["strays"] == []
    assert figures["unreached"] == []  # else a way that leads nowhere would prove nothing
    assert figures["attempts"] >= 180


def test_every_link_is_opened_or_refused_as_it_must_be():
    figures = links.run()
    assert figures["wrong"] == []
    assert figures["links"] >= 80
