"""Http.get against servers that behave."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from desktop.core.errors import FetchError, OfflineError, StoppedError
from desktop.core.models import Validators
from desktop.net.gate import Gate
from desktop.net.http import FEED, Http, Limits, Trust, user_agent
from desktop.net.http.dial import Wire
from tests.server import (
    LoopbackServer,
    Pause,
    Reply,
    Request,
    Script,
    Step,
    drip,
    head,
    script,
)

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
QUICK = Limits(body_bytes=100_000, deadline_s=1.0)


class Clock:
    def __init__(self) -> None:
        self.moment = NOON

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def http(gate: Gate, clock: Clock) -> Iterator[Http]:
    http = Http(gate, now=clock, random=lambda: 0.0)
    yield http
    http.close()


def test_importing_it_loads_neither_requests_nor_urllib3():
    import subprocess

    code = "import sys, desktop.net.http; print({'requests', 'urllib3'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_page_comes_with_its_headers_and_final_address(http: Http):
    with LoopbackServer({"/feed/": Reply(headers={"X-WP-Total": "1312"}, body="<rss/>")}) as server:
        response = http.get(server.address("/feed/"))
    assert (response.status, response.body, response.headers["x-wp-total"]) == (200, b"<rss/>", "1312")
    assert response.url == server.address("/feed/")
    assert (response.not_modified, response.moved_to) == (False, "")


def test_only_the_headers_that_are_needed_are_sent(http: Http):
    with LoopbackServer({"/": Reply(headers={"Set-Cookie": "id=1; Path=/"})}) as server:
        for _ in range(2):
            http.get(server.address())
    for request in server.log:
        assert set(request.headers) == {"host", "user-agent", "accept", "accept-encoding"}
        assert request.headers["accept-encoding"] == "gzip, deflate"
        assert request.headers["user-agent"] == user_agent()


def test_it_says_who_it_is():
    assert user_agent().startswith("Chorsu/")
    assert "(desktop news reader" in user_agent()


def test_accept_and_own_headers_are_sent(http: Http):
    with LoopbackServer({"/": Reply()}) as server:
        http.get(server.address(), accept="application/json", headers={"X-Asked": "yes"})
    assert server.log[0].headers["accept"] == "application/json"
    assert server.log[0].headers["x-asked"] == "yes"


def test_the_connection_is_used_again(http: Http):
    with LoopbackServer({"/": Reply(body="x" * 50_000, gzip=True), "/no": Reply(404, body="gone")}) as server:
        http.get(server.address())
        with pytest.raises(FetchError):
            http.get(server.address("/no"))
        http.get(server.address())
    assert server.connections == 1


def test_a_kept_connection_that_the_server_has_left_is_replaced(http: Http):
    answer = head(Content_Length="2") + b"ok"
    with LoopbackServer({"/": [Reply(), script(answer), Reply(), Reply(body="new")]}) as server:
        assert [http.get(server.address()).body for _ in range(4)] == [b"", b"ok", b"", b"new"]


def test_netrc_is_not_read(http: Http, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with LoopbackServer({"/": Reply()}) as server:
        http.get(server.address())
    assert "authorization" not in server.log[0].headers


def test_addresses_arrive_percent_encoded_once(http: Http):
    with LoopbackServer({"*": Reply()}) as server:
        http.get(server.address("/новости/a%20b/$x?q=тенге&e=100%"))
    path = "/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/a%20b/$x?q=%D1%82%D0%B5%D0%BD%D0%B3%D0%B5&e=100%25"
    assert server.log[0].path == path


def test_a_query_arrives_as_its_publisher_wrote_it(http: Http):
    path = "/feed%2fx/?b[]=2&a=%c3%a9|{x}&&c&a=1"
    with LoopbackServer({"*": Reply()}) as server:
        http.get(server.address(path))
    assert server.log[0].path == path


def test_interim_answers_are_read_past(http: Http):
    early = head("103 Early Hints", Link="</x>; rel=preload")
    with LoopbackServer({"/": script(early, early, head(Content_Length="4"), b"here")}) as server:
        assert http.get(server.address()).body == b"here"


@pytest.mark.parametrize("length", ["-5", "many", "0x40", "5, many"])
def test_a_length_that_is_no_number_is_no_answer(http: Http, length: str):
    odd = script(head(Content_Length=length), b"here")
    with LoopbackServer({"/": odd}) as server, pytest.raises(FetchError, match="no web server should give"):
        http.get(server.address())


# conditional requests


def test_both_validators_are_sent_to_the_letter(http: Http):
    with LoopbackServer({"/": Reply()}) as server:
        http.get(server.address(), validators=Validators('W/"abc"', "Mon, 02 Mar 2026 10:00:00 GMT"))
    assert server.log[0].headers["if-none-match"] == 'W/"abc"'
    assert server.log[0].headers["if-modified-since"] == "Mon, 02 Mar 2026 10:00:00 GMT"


def test_a_304_leaves_the_validators_that_stand_for_what_is_kept(http: Http):
    """Else a server that says 304 too early would never send the articles that its new tag stands for."""
    sent = Validators('"old"', "Mon, 02 Mar 2026 10:00:00 GMT")
    with LoopbackServer({"/": Reply(304, {"ETag": '"new"', "Last-Modified": "Tue"})}) as server:
        assert http.get(server.address(), validators=sent).validators == sent


def test_a_304_that_was_not_asked_for_is_an_error(http: Http):
    with LoopbackServer({"/": Reply(304)}) as server, pytest.raises(FetchError, match=r"\(304\)"):
        http.get(server.address())


def test_validators_too_long_to_send_back_are_not_kept(http: Http):
    with LoopbackServer({"/": Reply(headers={"ETag": '"' + "x" * 5000 + '"'})}) as server:
        assert not http.get(server.address()).validators


@pytest.mark.parametrize("etag", ['"a\r\nX-Evil: 1"', '"тег"', '"' + "x" * 2000 + '"'])
def test_validators_that_no_header_can_hold_are_not_sent(http: Http, etag: str):
    with LoopbackServer({"/": Reply()}) as server:
        assert http.get(server.address(), validators=Validators(etag)).status == 200
    assert not {"if-none-match", "x-evil"} & set(server.log[0].headers)


# the gate and the stop button


def test_a_shut_gate_opens_no_socket(http: Http, gate: Gate):
    gate.shut("No network.")
    with LoopbackServer({"/": Reply()}) as server, pytest.raises(OfflineError, match="No network"):
        http.get(server.address())
    assert server.connections == 0


def test_the_gate_is_asked_at_each_redirect(http: Http, gate: Gate):
    def shut_and_redirect(request: Request) -> Reply:
        gate.shut()
        return Reply(302, {"Location": "/next"})

    with LoopbackServer({"/": shut_and_redirect, "/next": Reply()}) as server:
        with pytest.raises(OfflineError):
            http.get(server.address())
        assert not server.asked("/next")


def test_what_is_being_read_survives_the_gate(http: Http, gate: Gate):
    def shut_then_answer(request: Request) -> Reply:
        gate.shut()
        return Reply(body="whole")

    with LoopbackServer({"/": shut_then_answer}) as server:
        assert http.get(server.address()).body == b"whole"


def test_stop_ends_a_running_request_at_once_and_refuses_others(http: Http):
    asked = threading.Event()

    def slow(request: Request) -> object:
        asked.set()
        return drip(b"x" * 1000, 0.05, head(Content_Length="1000"))

    problems: list[Exception] = []

    def fetch(address: str) -> None:
        try:
            http.get(address)
        except FetchError as error:
            problems.append(error)

    with LoopbackServer({"/": slow, "/b": Reply()}) as server:
        threads = [threading.Thread(target=fetch, args=(server.address(path),)) for path in ("/", "/b")]
        threads[0].start()
        assert asked.wait(5)
        threads[1].start()
        http.stop()
        for thread in threads:
            thread.join(2)
            assert not thread.is_alive()
        assert [type(problem) for problem in problems] == [StoppedError, StoppedError]
        with pytest.raises(StoppedError):
            http.get(server.address("/b"))
        http.resume()
        assert http.get(server.address("/b")).status == 200


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_stop_ends_the_wait_for_a_silent_server(http: Http, scheme: str):
    reached = threading.Event()

    def silence() -> Iterator[Pause]:
        reached.set()
        yield Step.STALL

    with LoopbackServer(greeting=Script(silence)) as server:
        stopper = threading.Thread(target=lambda: (reached.wait(5), http.stop()))
        stopper.start()
        began = time.monotonic()
        with pytest.raises(StoppedError):
            http.get(f"{scheme}://127.0.0.1:{server.port}/")
        assert time.monotonic() - began < 2
        stopper.join()


def test_one_request_at_a_time_to_a_host(http: Http):
    running: list[int] = []
    most: list[int] = []

    def count(request: Request) -> Reply:
        running.append(1)
        most.append(len(running))
        gap.wait(0.01)
        running.pop()
        return Reply()

    gap = threading.Event()
    with LoopbackServer({"*": count}) as server:
        threads = [threading.Thread(target=http.get, args=(server.address(f"/{n}"),)) for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert most == [1] * 6


def test_a_closed_http_asks_nothing(gate: Gate):
    http = Http(gate)
    http.close()
    http.resume()
    with pytest.raises(StoppedError):
        http.get("http://127.0.0.1:9/")


# hosts that want to be left alone


def test_a_host_that_says_when_to_come_back_is_left_alone_until_then(http: Http, clock: Clock):
    with LoopbackServer({"/": [Reply(429, {"Retry-After": "120"}), Reply()], "/other": Reply()}) as server:
        with pytest.raises(FetchError) as caught:
            http.get(server.address())
        assert (caught.value.status, caught.value.host_wide) == (429, True)
        assert caught.value.retry_at == NOON + timedelta(seconds=120)
        with pytest.raises(FetchError, match="left alone") as caught:
            http.get(server.address("/other"))
        assert (caught.value.status, caught.value.retry_at) == (0, NOON + timedelta(seconds=120))
        assert len(server.log) == 1
        clock.moment += timedelta(seconds=121)
        assert http.get(server.address()).status == 200


def test_a_503_without_a_word_means_ten_minutes_then_twenty(http: Http, clock: Clock):
    with LoopbackServer({"/": Reply(503)}) as server:
        waits = []
        for _ in range(2):
            with pytest.raises(FetchError) as caught:
                http.get(server.address())
            assert caught.value.retry_at is not None
            waits.append(caught.value.retry_at - clock.moment)
            clock.moment = caught.value.retry_at
    assert waits == [timedelta(minutes=10), timedelta(minutes=20)]


# addresses out of documents


def test_a_derived_address_never_reaches_this_computer(http: Http):
    with LoopbackServer({"/": Reply()}) as server:
        for host in ("127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "①②⑦.⓪.⓪.①"):
            with pytest.raises(FetchError, match="private network"):
                http.get(f"http://{host}:{server.port}/", trust=Trust.DERIVED)
    assert server.connections == 0


def test_a_derived_address_on_the_document_s_own_server_is_allowed(http: Http):
    with LoopbackServer({"/a.png": Reply(body="png")}) as server, LoopbackServer({"/": Reply()}) as other:
        origin = server.address("/feed/")
        assert http.get(server.address("/a.png"), trust=Trust.DERIVED, origin=origin).body == b"png"
        with pytest.raises(FetchError, match="private network"):
            http.get(other.address("/"), trust=Trust.DERIVED, origin=origin)


def test_a_derived_address_does_not_use_a_connection_that_a_typed_one_opened(http: Http):
    with LoopbackServer({"/": Reply()}) as server:
        http.get(server.address())
        with pytest.raises(FetchError, match="private network"):
            http.get(server.address(), trust=Trust.DERIVED)
    assert len(server.log) == 1


def test_a_typed_server_at_home_may_redirect_at_home(http: Http):
    with (
        LoopbackServer({"/": Reply(body="here")}) as second,
        LoopbackServer({"/": Reply(302, {"Location": second.address()})}) as first,
    ):
        assert http.get(first.address()).body == b"here"


def test_names_that_lead_into_a_private_network_are_refused(http: Http, monkeypatch):
    names = Names(monkeypatch, {"cdn.example": "127.0.0.1", "ten.example": "10.1.2.3"})
    with LoopbackServer({"/": Reply()}) as server:
        for name in ("cdn.example", "ten.example"):
            with pytest.raises(FetchError, match="private network"):
                http.get(f"http://{name}:{server.port}/", trust=Trust.DERIVED)
    assert (names.asked, server.connections) == (["cdn.example", "ten.example"], 0)


@pytest.mark.parametrize(
    "host",
    [
        *(
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[0:0:0:0:0:ffff:127.0.0.1]",
            "[fe80::1]",
        ),
        *("[fd00::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "127.0.0.1.", "localhost.", "017700000001"),
        *("0x7f000001", "0X7F.0x0.0x0.0x1", "0", "127.0x0.1", "%31%32%37.0.0.1"),
    ],
)
def test_no_writing_of_an_address_leads_a_document_to_this_computer(http: Http, host: str):
    with LoopbackServer({"/": Reply()}) as server, pytest.raises(FetchError):
        http.get(f"http://{host}:{server.port}/", trust=Trust.DERIVED)
    assert server.connections == 0


class Refusing(Wire):
    """Hosts with the addresses that it is given; whichever is asked refuses."""

    def __init__(self, *ips: str) -> None:
        self.ips = ips
        self.asked: list[str] = []
        self.seen: list[str] = []

    def look_up(self, host, port, flags):
        if flags:
            raise socket.gaierror
        self.asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in self.ips]

    def connect(self, sock, address):
        self.seen.append(address[0])
        raise ConnectionRefusedError


def test_of_a_name_with_several_addresses_only_the_public_ones_are_asked(gate: Gate):
    wire = Refusing("127.0.0.1", "203.0.114.7", "10.0.0.1")
    with closing(Http(gate, wire=wire)) as http, pytest.raises(FetchError, match="refused the connection"):
        http.get("http://cdn.example/", trust=Trust.DERIVED)
    assert wire.seen == ["203.0.114.7"]


def test_a_name_is_looked_up_once_so_that_it_cannot_change_in_between(gate: Gate):
    wire = Refusing("203.0.114.7")
    with closing(Http(gate, wire=wire)) as http, pytest.raises(FetchError, match="refused the connection"):
        http.get("http://cdn.example/", trust=Trust.DERIVED)
    assert (wire.asked, wire.seen) == (["cdn.example"], ["203.0.114.7"])


def test_a_public_origin_gives_no_leave_into_a_private_network(http: Http, monkeypatch):
    Names(monkeypatch, {"evil.example": "127.0.0.1"})
    with LoopbackServer({"/": Reply()}) as server:
        address = f"http://evil.example:{server.port}/"
        with pytest.raises(FetchError, match="private network"):
            http.get(address, trust=Trust.DERIVED, origin=address)
    assert server.connections == 0


def test_a_home_server_with_a_public_name_is_known_once_it_was_typed(http: Http, monkeypatch):
    Names(monkeypatch, {"nas.example": "127.0.0.1"})
    with LoopbackServer({"*": Reply(body="mine")}) as server:
        feed = f"http://nas.example:{server.port}/feed"
        http.get(feed)
        picture = f"http://nas.example:{server.port}/a.png"
        assert http.get(picture, trust=Trust.DERIVED, origin=feed).body == b"mine"


class Names:
    """Name servers that know these names only."""

    def __init__(self, monkeypatch, known: dict[str, str]) -> None:
        self.asked: list[str] = []
        import socket

        real = socket.getaddrinfo

        def look_up(host, port, family=0, type=0, proto=0, flags=0):
            if flags & socket.AI_NUMERICHOST or host not in known:
                return real(host, port, family, type, proto, flags | socket.AI_NUMERICHOST)
            self.asked.append(host)
            return real(known[host], port, family, type, proto, socket.AI_NUMERICHOST)

        monkeypatch.setattr("socket.getaddrinfo", look_up)


def test_the_default_limits_are_those_of_a_feed():
    assert (FEED.body_bytes, FEED.deadline_s) == (10_000_000, 30.0)


def test_its_homepage_is_named_once_the_package_has_one(monkeypatch):
    from email.message import Message

    package = Message()
    package["Project-URL"] = "Changes, https://chorsu.example/changes"
    package["Project-URL"] = "Homepage, https://chorsu.example"
    monkeypatch.setattr("importlib.metadata.metadata", lambda name: package)
    assert user_agent().endswith("(desktop news reader; +https://chorsu.example)")
