"""Where redirects may lead, and what goes along."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from desktop.core.errors import FetchError
from desktop.core.models import Validators
from desktop.net.addresses import parse
from desktop.net.gate import Gate
from desktop.net.http import Http, Trust
from desktop.net.http.redirects import Journey
from tests.server import LoopbackServer, Reply, conditional, head, script

KNOWN = Validators('"1"', "Mon, 02 Mar 2026 10:00:00 GMT")


@pytest.fixture
def http() -> Iterator[Http]:
    http = Http(Gate())
    yield http
    http.close()


def journey(url: str = "https://example.org/feed", trust: Trust = Trust.TYPED, origin: str = "") -> Journey:
    return Journey(parse(url), trust, KNOWN, {"X-Own": "1"}, origin)


def moved(location: str, status: int = 302) -> Reply:
    return Reply(status, {"Location": location})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_and_only_permanent_ones_reported(http: Http, status: int):
    with LoopbackServer({"/old": moved("/new", status), "/new": Reply(body="here")}) as server:
        response = http.get(server.address("/old"))
        assert (response.body, response.url) == (b"here", server.address("/new"))
        assert response.moved_to == (server.address("/new") if status in (301, 308) else "")


def test_a_move_is_reported_as_far_as_it_is_permanent(http: Http):
    routes = {"/a": moved("/b", 301), "/b": moved("/c", 308), "/c": moved("/d", 302), "/d": moved("/e", 301)}
    with LoopbackServer(routes | {"/e": Reply()}) as server:
        response = http.get(server.address("/a"))
        assert (response.url, response.moved_to) == (server.address("/e"), server.address("/c"))


def test_a_304_after_a_move_still_reports_it(http: Http):
    with LoopbackServer({"/a": moved("/b", 301), "/b": Reply(304)}) as server:
        response = http.get(server.address("/a"), validators=KNOWN._replace(url=server.address("/b")))
        assert (response.not_modified, response.moved_to) == (True, server.address("/b"))


def test_five_redirects_are_followed_and_six_are_not(http: Http):
    chain = {f"/{n}": moved(f"/{n + 1}") for n in range(9)}
    with LoopbackServer(chain) as server:
        server.routes["/5"] = Reply(body="end")
        assert http.get(server.address("/0")).body == b"end"
        server.routes |= {"/5": moved("/6"), "/6": Reply()}
        with pytest.raises(FetchError, match="more than 5 times"):
            http.get(server.address("/0"))
        assert not server.asked("/6")


@pytest.mark.parametrize("location", ["/", "/b"])
def test_circles_end(http: Http, location: str):
    with LoopbackServer({"/": moved(location), "/b": moved("/")}) as server:
        with pytest.raises(FetchError, match="circle"):
            http.get(server.address("/"))
        assert len(server.log) <= 2


@pytest.mark.parametrize(
    "location", ["file:///etc/hostname", "ftp://example.org/", "javascript:x", "http://", "", " "]
)
def test_a_redirect_to_what_is_no_web_page_is_refused(http: Http, location: str):
    with LoopbackServer({"/": moved(location)}) as server, pytest.raises(FetchError):
        http.get(server.address("/"))


def test_contradicting_locations_are_refused(http: Http):
    answer = b"HTTP/1.1 302 Found\r\nLocation: /a\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n"
    with LoopbackServer({"/": script(answer), "*": Reply()}) as server:
        with pytest.raises(FetchError, match="does not say where"):
            http.get(server.address("/"))
        assert len(server.log) == 1


def test_the_body_of_a_redirect_is_not_read(http: Http):
    endless_body = head("302 Found", Location="/new", Content_Length="999999999") + b"x" * 1000
    with LoopbackServer({"/": script(endless_body), "/new": Reply(body="new")}) as server:
        assert http.get(server.address("/")).body == b"new"


def test_a_redirect_without_location_is_an_error(http: Http):
    with LoopbackServer({"/": Reply(302)}) as server, pytest.raises(FetchError, match=r"\(302\)"):
        http.get(server.address("/"))


def test_validators_and_headers_stay_behind_when_the_host_changes(http: Http):
    with (
        LoopbackServer({"/": Reply(headers={"ETag": '"2"'})}) as second,
        LoopbackServer({"/a": moved("/b"), "/b": moved(f"http://localhost:{second.port}/")}) as first,
    ):
        response = http.get(first.address("/a"), validators=KNOWN, headers={"X-Own": "1"})
        assert response.validators == Validators('"2"', url=f"http://localhost:{second.port}/")
    assert [request.headers["x-own"] for request in first.log] == ["1", "1"]
    assert [request.headers.get("if-none-match") for request in first.log] == ['"1"', None]
    assert not {"if-none-match", "if-modified-since", "x-own", "referer"} & set(second.log[0].headers)


def test_validators_of_the_host_at_the_end_of_a_redirect_are_sent_to_it_alone(http: Http):
    with (
        LoopbackServer({"/": conditional("<rss/>", etag='"2"')}) as second,
        LoopbackServer({"/a": moved(f"http://localhost:{second.port}/", 302)}) as first,
    ):
        given = http.get(first.address("/a")).validators
        again = http.get(first.address("/a"), validators=given)
    assert (again.not_modified, again.validators) == (True, given)
    assert ["if-none-match" in request.headers for request in first.log] == [False, False]
    assert ["if-none-match" in request.headers for request in second.log] == [False, True]


def test_protected_never_leads_to_unprotected():
    with pytest.raises(FetchError, match="protected"):
        journey().follow(301, ["http://example.org/feed"])


def test_unprotected_leads_to_protected():
    way = journey("http://example.org/feed")
    way.follow(301, ["https://example.org/feed"])
    assert (str(way.at), way.moved_to) == ("https://example.org/feed", "https://example.org/feed")
    assert way.given('"1"', "") == Validators('"1"', url="https://example.org/feed")
    assert not way.sent  # it never gave them


def test_a_redirect_out_of_the_web_is_derived():
    way = journey()
    way.reached(at_home=False)
    way.follow(302, ["https://192.168.1.1/admin"])
    assert not way.private_ok
    with pytest.raises(FetchError, match="private network"):
        way.check()


def test_a_derived_address_at_home_does_not_lead_further_into_it():
    way = journey("http://nas.local/a.png", Trust.DERIVED, origin="nas.local:80")
    assert way.private_ok
    way.reached(at_home=True)
    way.follow(302, ["http://nas.local:8080/"])
    with pytest.raises(FetchError, match="private network"):
        way.check()


@pytest.mark.parametrize("port", [22, 25, 139, 445])
def test_derived_addresses_do_not_knock_at_other_services(port: int):
    with pytest.raises(FetchError, match="port"):
        journey(f"http://example.org:{port}/", Trust.DERIVED).check()


def test_a_typed_address_may_have_any_port():
    journey("http://example.org:82/").check()


@pytest.mark.parametrize("inner", ["127.0.0.2", "inner.example"])
def test_a_derived_address_that_redirects_into_a_private_network_is_refused(
    http: Http, monkeypatch, inner: str
):
    real = socket.getaddrinfo
    names = {"web.example": "127.0.0.1", "inner.example": "127.0.0.2"}
    monkeypatch.setattr(
        "socket.getaddrinfo", lambda host, *args, **kw: real(names.get(host, host), *args, **kw)
    )
    monkeypatch.setattr(
        "desktop.net.http.dial.is_public", lambda ip: ip == "127.0.0.1"
    )  # stands for a public one
    with LoopbackServer() as server:
        server.routes = {"/": moved(f"http://{inner}:{server.port}/secret"), "/secret": Reply()}
        with pytest.raises(FetchError, match="private network"):
            http.get(f"http://web.example:{server.port}/", trust=Trust.DERIVED)
        assert [request.path for request in server.log] == ["/"]
