"""The proxy that the environment names is used, and leads nowhere that a direct request would not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desktop.core.errors import FetchError
from desktop.net.gate import Gate
from desktop.net.http import Http, Trust
from tests.server import LoopbackServer, Reply


@pytest.fixture
def http() -> Iterator[Http]:
    http = Http(Gate())
    yield http
    http.close()


@pytest.fixture
def proxy(monkeypatch) -> Iterator[LoopbackServer]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    with LoopbackServer({"*": Reply(body="by proxy")}) as server:
        monkeypatch.setenv("http_proxy", f"http://me:pass@127.0.0.1:{server.port}")
        monkeypatch.setenv("https_proxy", f"127.0.0.1:{server.port}")
        yield server


def test_a_page_comes_through_the_proxy_which_looks_the_name_up(http: Http, proxy: LoopbackServer):
    response = http.get("http://site.example/feed?a=1")
    assert (response.body, response.url) == (b"by proxy", "http://site.example/feed?a=1")
    (request,) = proxy.log
    assert request.path == "http://site.example/feed?a=1"
    assert request.headers["host"] == "site.example"
    assert request.headers["proxy-authorization"].startswith("Basic ")


def test_the_proxy_s_password_stays_with_the_proxy(http: Http, proxy: LoopbackServer):
    with LoopbackServer({"/": Reply()}) as server:
        http.get(server.address())
    assert "proxy-authorization" not in server.log[0].headers


def test_this_computer_is_asked_without_the_proxy(http: Http, proxy: LoopbackServer):
    with LoopbackServer({"/": Reply(body="direct")}) as server:
        assert http.get(server.address()).body == b"direct"
        assert http.get(f"http://localhost:{server.port}/").body == b"direct"
    assert not proxy.log


def test_exceptions_from_the_proxy_are_honoured(http: Http, proxy: LoopbackServer, monkeypatch):
    monkeypatch.setenv("no_proxy", "inner.example")
    monkeypatch.setattr("socket.getaddrinfo", lambda *args, **kw: [])
    with pytest.raises(FetchError, match=r"inner\.example was found"):
        http.get("http://inner.example/")
    assert not proxy.log


@pytest.mark.parametrize(
    "host", ["192.168.1.1", "10.0.0.1", "router", "nas.local", "3232235777", "0xc0a80101"]
)
def test_the_proxy_does_not_lead_documents_into_a_private_network(
    http: Http, proxy: LoopbackServer, host: str
):
    with pytest.raises(FetchError, match="private network"):
        http.get(f"http://{host}/a.png", trust=Trust.DERIVED)
    assert not proxy.log


def test_documents_may_name_public_addresses_behind_the_proxy(http: Http, proxy: LoopbackServer):
    assert http.get("http://cdn.example/a.png", trust=Trust.DERIVED).body == b"by proxy"


def test_a_redirect_behind_the_proxy_does_not_lead_into_a_private_network(http: Http, proxy: LoopbackServer):
    proxy.routes["http://site.example/"] = Reply(302, {"Location": "http://192.168.1.1/"})
    with pytest.raises(FetchError, match="private network"):
        http.get("http://site.example/")
    assert len(proxy.log) == 1


@pytest.mark.parametrize("status", [407, 403, 502])
def test_a_proxy_that_refuses_says_so(http: Http, proxy: LoopbackServer, status: int):
    proxy.routes["*"] = Reply(status)
    with pytest.raises(FetchError, match="proxy"):
        http.get("https://site.example/")
    assert proxy.log[0].method == "CONNECT"


def test_a_proxy_that_is_down(http: Http, proxy: LoopbackServer):
    proxy.stop()
    with pytest.raises(FetchError, match="refused the connection"):
        http.get("http://site.example/")


def test_a_proxy_of_a_kind_that_cannot_be_used(http: Http, proxy: LoopbackServer, monkeypatch):
    monkeypatch.setenv("http_proxy", "socks5://127.0.0.1:9")
    with pytest.raises(FetchError, match="proxy"):
        http.get("http://site.example/")
