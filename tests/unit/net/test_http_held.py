"""Answers that are held for some minutes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from desktop.core.models import Validators
from desktop.net.gate import Gate
from desktop.net.http import Http
from desktop.net.http.held import HELD_FOR, LARGEST, MOST, MOST_BYTES, Held
from desktop.net.http.values import Response
from tests.server import LoopbackServer, Reply

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)


def response(url: str, body: bytes = b"x", moved_to: str = "") -> Response:
    return Response(url, 200, {}, body, Validators(), moved_to=moved_to)


def test_an_answer_is_had_for_some_minutes_by_both_of_its_addresses():
    held = Held()
    held.keep("http://a.example/", response("http://b.example/", moved_to="http://b.example/"), NOW)
    late = NOW + HELD_FOR - timedelta(seconds=1)
    (asked, led_to) = (held.get(url, late) for url in ("http://a.example/", "http://b.example/"))
    assert asked is not None
    assert led_to is not None
    assert (asked.moved_to, led_to.moved_to) == ("http://b.example/", "")
    assert held.get("http://a.example/", NOW + HELD_FOR) is None
    assert held.get("http://a.example/", NOW - timedelta(seconds=1)) is None  # of a clock that was set back


def test_few_are_held_and_none_that_is_large():
    held = Held()
    held.keep("http://large.example/", response("http://large.example/", bytes(LARGEST + 1)), NOW)
    for number in range(MOST + 1):
        held.keep(f"http://{number}.example/", response(f"http://{number}.example/"), NOW)
    kept = [number for number in range(MOST + 1) if held.get(f"http://{number}.example/", NOW)]
    assert kept == list(range(1, MOST + 1))
    assert held.get("http://large.example/", NOW) is None
    for number in range(4):
        held.keep(
            f"http://{number}.big.example/", response(f"http://{number}.big.example/", bytes(LARGEST)), NOW
        )
    assert (
        sum(held.get(f"http://{n}.big.example/", NOW) is not None for n in range(4)) == MOST_BYTES // LARGEST
    )


@pytest.mark.parametrize("hold", [True, False])
def test_what_is_held_is_not_given_while_offline(hold: bool):
    gate = Gate()
    http = Http(gate, now=lambda: NOW)
    with LoopbackServer({"/": Reply(body="here")}) as server:
        http.get(server.address(), hold=hold)
        assert (http.held(server.address()) is not None) is hold
    gate.shut()
    assert http.held(server.address("/")) is None
    http.close()
