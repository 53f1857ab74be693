"""Certificates: believed when the system believes them, refused with the reason otherwise."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop.core.errors import FetchError
from desktop.net.gate import Gate
from desktop.net.http import Http, Limits
from desktop.net.http.tls import Certificates
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


@pytest.mark.parametrize("judged_by_system", [False, True])
def test_the_system_does_not_know_the_tests_authority(judged_by_system: bool):
    certificates = Certificates(judged_by_system=judged_by_system)
    http = Http(Gate(), now=lambda: NOON, tls=certificates.context)
    try:
        with LoopbackServer({"/": Reply()}, tls=serving("good")) as server:
            with pytest.raises(FetchError, match="certificate"):
                http.get(server.address())
            assert not server.log
    finally:
        http.close()


@pytest.mark.parametrize("judged_by_system", [False, True])
def test_certificates_are_always_verified_and_old_protocols_never_spoken(judged_by_system: bool):
    certificates = Certificates(judged_by_system=judged_by_system)
    context = certificates.context("a.example")
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert certificates.context("a.example") is context
    assert (certificates.context("b.example") is context) is not judged_by_system


def test_the_folder_of_certificates_of_another_system_is_found(monkeypatch, tmp_path):
    monkeypatch.setattr(ssl.SSLContext, "load_default_certs", lambda self: None)  # built for another system
    monkeypatch.setattr("desktop.net.http.tls._has_hashed_folder", lambda: False)
    monkeypatch.setattr("desktop.net.http.tls.BUNDLES", (str(tmp_path / "none"), str(KEYS / "ca.pem")))
    assert Certificates(judged_by_system=False).context("").cert_store_stats()["x509_ca"] == 1
    monkeypatch.setattr("desktop.net.http.tls.BUNDLES", ())
    assert Certificates(judged_by_system=False).context("").cert_store_stats()["x509_ca"] > 50  # certifi's


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
