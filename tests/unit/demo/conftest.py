"""One still demo site for all tests that only read, and a way to ask it."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from desktop.demo.site import DemoSite

START = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)  # a Tuesday, 14:30 in Almaty


@dataclass(frozen=True)
class Got:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


Ask = Callable[..., Got]


def ask(site: DemoSite, path: str, method: str = "GET", **headers: str) -> Got:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    try:
        connection.request(
            method, path, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        response = connection.getresponse()
        return Got(response.status, response.headers, response.read())
    finally:
        connection.close()


@pytest.fixture(scope="session")
def site() -> Iterator[DemoSite]:
    with DemoSite(START) as site:
        yield site
    assert site.errors == []


@pytest.fixture
def get(site: DemoSite) -> Ask:
    return lambda path, method="GET", **headers: ask(site, path, method, **headers)


@pytest.fixture
def fresh() -> Iterator[DemoSite]:
    """A small site that a test may change."""
    with DemoSite(START, articles=40) as site:
        yield site
    assert site.errors == []


@pytest.fixture
def get_fresh(fresh: DemoSite) -> Ask:
    return lambda path, method="GET", **headers: ask(fresh, path, method, **headers)
