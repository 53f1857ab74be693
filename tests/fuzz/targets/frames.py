"""What the process that reads answers, should a document have taken it over: a value of the type, or WireError."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from io import BytesIO

from desktop.core.incoming import IncomingFeed, PictureInfo
from desktop.net.rates import PROVIDERS, Parsed
from desktop.sync import reading, wire
from tests.fuzz.targets.news import JSON_FEED
from tests.fuzz.targets.target import DATA, URL, Target, expect


def _run(data: bytes) -> None:
    for kind in (IncomingFeed, Parsed, PictureInfo):
        with suppress(wire.WireError):
            found = wire.load(kind, data)
            expect(type(found) is kind, f"{type(found)} is no {kind}")
    with suppress(wire.WireError):
        wire.read_frame(BytesIO(data))


def _starts() -> list[bytes]:
    whole = wire.dump(reading.read_feed(JSON_FEED, URL))
    framed = BytesIO()
    wire.write_frame(framed, ["value", False], whole)
    body = (DATA / "rates" / "nbk-latest.xml").read_bytes()
    rates = PROVIDERS["nbk"].read(body, datetime(2026, 11, 24, 9, tzinfo=UTC))
    return [whole, framed.getvalue(), wire.dump(rates), b'[]\n["png",1,2]\n', b"[3]\n[0,1,2]\npng"]


TARGETS = (Target("frame", _run, _starts),)
