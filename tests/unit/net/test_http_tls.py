"""Certificates: believed when the system believes them, refused with the reason otherwise."""

from __future__ import annotations

import ssl
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop.core.errors import FetchError
from desktop.net.gate import Gate
from desktop.net.http import Http, Limits
from desktop.net.http_tls import Certificates
from tests.server import LoopbackServer, Reply, Step, head, script

KEYS = Path(__file__).parents[2] / "data" / "tls"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def serving(name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(KEYS / f"{name}.pem")
    return context


def trusting() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(KEYS / "ca.pem")
    return context


@pytest.fixture
def http() -> Iterator[Http]:
    context = trusting()
    http = Http(Gate(), now=lambda: NOON, tls=lambda host: context)
    yield http
    http.close()


def test_a_page_comes_over_tls_and_the_connection_is_kept(http: Http):
    with LoopbackServer({"/": Reply(body="safe")}, tls=serving("good")) as server:
        assert [http.get(server.address()).body for _ in range(2)] == [b"safe", b"safe"]
    assert server.connections == 1


@pytest.mark.parametrize(
    ("name", "message", "remedy"),
    [
        ("expired", "has expired", "If today is not 2 March 2026, set this computer's clock"),
        ("early", "not valid yet", "clock says 2 March 2026"),
        ("elsewhere", "another site", "sign in to the network"),
        ("self", "signed by nobody but itself", "trusts"),
    ],
)
def test_a_bad_certificate_is_refused_with_its_cause(http: Http, name: str, message: str, remedy: str):
    with LoopbackServer({"/": Reply()}, tls=serving(name)) as server:
        with pytest.raises(FetchError, match=message) as caught:
            http.get(server.address())
        assert remedy in caught.value.remedy
        assert not server.log


def test_the_system_does_not_know_the_tests_authority():
    http = Http(Gate(), now=lambda: NOON)
    try:
        with LoopbackServer({"/": Reply()}, tls=serving("good")) as server:
            with pytest.raises(FetchError, match="certificate"):
                http.get(server.address())
            assert not server.log
    finally:
        http.close()


def test_the_system_s_certificates_are_used_and_old_protocols_are_not():
    certificates = Certificates()
    context = certificates.context("a.example")
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    shared = sys.platform not in ("win32", "darwin")
    assert (certificates.context("b.example") is context) is shared


def test_a_server_that_does_not_speak_tls(http: Http):
    with LoopbackServer({"/": Reply()}) as server, pytest.raises(FetchError, match="protected connection"):
        http.get(server.address().replace("http:", "https:"))


def test_a_stalled_handshake_ends_at_the_deadline(http: Http):
    silent = LoopbackServer(greeting=script(Step.STALL))
    with silent as server, pytest.raises(FetchError, match=r"within 0\.3 seconds"):
        http.get(f"https://127.0.0.1:{server.port}/", limits=Limits(1000, 0.3))


def test_a_connection_cut_in_the_middle_of_a_protected_body(http: Http):
    cut = script(head(Content_Length="1000") + b"half", Step.RESET)
    with LoopbackServer({"/": cut}, tls=serving("good")) as server, pytest.raises(FetchError):
        http.get(server.address())
