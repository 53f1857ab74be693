"""Asking the web: one bounded, cookie-less, conditional GET at a time to a host, behind the gate."""

from __future__ import annotations

import math
import random as random_module
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from http.client import HTTPException
from time import monotonic
from typing import TYPE_CHECKING

from desktop.core.errors import FetchError, StoppedError
from desktop.core.models import Validators
from desktop.net.addresses import Address, is_local_name, is_public, parse, place_of
from desktop.net.gate import Gate
from desktop.net.http import errors as http_errors
from desktop.net.http.body import Body, read, too_large
from desktop.net.http.dial import Wire
from desktop.net.http.flight import Cut, Flight, Watch
from desktop.net.http.held import Held
from desktop.net.http.redirects import REDIRECTS, Journey
from desktop.net.http.tls import Certificates
from desktop.net.http.values import FEED, PAGE, PICTURE, RATES, Limits, Response, Trust
from desktop.net.retry import Pauses

if TYPE_CHECKING:
    from urllib3.response import BaseHTTPResponse

    from desktop.net.http.pool import Pools

__all__ = ["FEED", "PAGE", "PICTURE", "RATES", "Gate", "Http", "Limits", "Response", "Trust", "user_agent"]

TICK = 0.1  # seconds between looks at the stop button while another request to the host is waited for
MAX_HEADER_BYTES = 64 * 1024
MAX_VALIDATOR = 1024
DRAIN = 8 * 1024  # an unwanted body up to this size is read, so that its connection can be used again
GOOD = frozenset({200, 203})


class Http:
    """Fetches addresses, from any number of threads. Everything it raises is a FetchError."""

    def __init__(
        self,
        gate: Gate,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        random: Callable[[], float] = random_module.random,
        user_agent: str = "",
        tls: Callable[[str], ssl.SSLContext] | None = None,
        wire: Wire | None = None,
        longest_s: float = math.inf,
    ) -> None:
        """`user_agent` defaults to `user_agent()`; `tls` gives the context for a host (default: the system's
        trust); `wire` finds and connects hosts (default: the system). No request takes longer than
        `longest_s` seconds, whatever its limits allow."""
        self._gate = gate
        self._now = now
        self._random = random
        self._user_agent = user_agent
        self._tls = tls or Certificates().context
        self._wire = wire or Wire()
        self._longest_s = longest_s
        self._lock = threading.Lock()
        self._turns: dict[str, threading.Lock] = {}
        self._pauses = Pauses()
        self._held = Held()
        self._home: set[str] = set()  # host:port of typed addresses that were found in a private network
        self._pools: Pools | None = None
        self._watch = Watch(self._rest)
        self._stops = 0  # how often stop() was called: a request that began before one ends
        self._stopped = False
        self._closed = False
        self._here = threading.local()

    def get(
        self,
        url: str,
        *,
        limits: Limits = FEED,
        trust: Trust = Trust.TYPED,
        validators: Validators = Validators(),  # noqa: B008 (frozen)
        accept: str = "*/*",
        headers: Mapping[str, str] | None = None,
        origin: str = "",
        hold: bool = False,
    ) -> Response:
        """The answer to a GET, through redirects. FetchError, OfflineError or StoppedError.

        `validators` make it conditional: pass them only for an address whose body is kept. `origin` is the
        address of the document that a DERIVED address comes from: what lies on the same host:port at home is
        allowed. `hold` keeps the answer for `held`.
        """
        stops = self._stops
        self._check(stops)
        limits = replace(limits, deadline_s=min(limits.deadline_s, self._longest_s))
        journey = Journey(parse(url), trust, validators, headers or {}, self._home_of(origin))
        left = limits.deadline_s
        while True:
            journey.check()
            with self._turn(journey.at, stops):
                began = monotonic()
                response = self._fly(journey, limits, accept, left, stops)
                left -= monotonic() - began
            if response is not None:
                if hold:
                    self._held.keep(url, response, self._now())
                return response

    def held(self, url: str) -> Response | None:
        """The answer that an address gave some minutes ago, where that was to be held and we are online."""
        return self._held.get(url, self._now()) if self._gate.online else None

    @property
    def received_here(self) -> int:
        """How many bytes of bodies came over the wire, compressed or not, to requests of the calling thread."""
        return int(getattr(self._here, "received", 0))

    @property
    def metered(self) -> bool:
        """Whether the system says that what comes is paid for."""
        return self._gate.metered

    def stop(self) -> None:
        """End the running requests at once and refuse the waiting and coming ones, until resume()."""
        with self._lock:
            self._stopped = True
            self._stops += 1
        self._watch.abort_all(Cut.STOP)

    def resume(self) -> None:
        with self._lock:
            self._stopped = self._closed

    def close(self) -> None:
        """Stop for good and close every connection."""
        self._closed = True
        self.stop()
        self._watch.close()
        self._rest()

    def _check(self, stops: int) -> None:
        if self._stopped or self._stops != stops:
            raise StoppedError("The refresh was stopped.", "What was fetched before is stored.")
        self._gate.check()

    @contextmanager
    def _turn(self, address: Address, stops: int) -> Iterator[None]:
        """Wait for other requests to the host; refuse it while it wants to be left alone."""
        with self._lock:
            turn = self._turns.setdefault(address.site, threading.Lock())
        while not turn.acquire(timeout=TICK):
            self._check(stops)
        try:
            now = self._now()
            if until := self._pauses.until(address.site, now):
                raise http_errors.asked_to_wait(0, address.host, until, now)
            yield
        finally:
            turn.release()

    def _fly(
        self, journey: Journey, limits: Limits, accept: str, seconds: float, stops: int
    ) -> Response | None:
        """One hop of the journey; None when it was a redirect."""
        from desktop.net.http.pool import LibraryError

        host = journey.at.host
        flight = Flight(
            self._gate,
            journey.at.target,
            seconds=seconds,
            connect_seconds=limits.connect_s,
            private_ok=journey.private_ok,
        )
        self._watch.enter(flight)
        try:
            self._check(stops)
            return self._exchange(journey, flight, limits, accept)
        except (FetchError, LibraryError, HTTPException, OSError, ValueError) as error:
            if flight.cut is Cut.STOP:
                raise StoppedError("The refresh was stopped.", "What was fetched before is stored.") from None
            if flight.cut is Cut.DEADLINE or monotonic() >= flight.deadline:
                raise http_errors.too_slow(host, limits.deadline_s) from None
            if isinstance(error, FetchError):
                raise
            raise http_errors.translate(error, host, self._now()) from None
        finally:
            self._watch.leave(flight)

    def _exchange(self, journey: Journey, flight: Flight, limits: Limits, accept: str) -> Response | None:
        raw = self._connections().open(journey.at, self._headers(journey, accept), flight, limits.read_s)
        try:
            at_home = bool(flight.peer) and not is_public(flight.peer)
            journey.reached(at_home=at_home)
            if at_home and journey.trust is Trust.TYPED:
                self._home.add(journey.at.place)
            return self._answer(raw, journey, flight, limits)
        finally:
            self._here.received = self.received_here + raw.tell()
            raw.close()

    def _answer(
        self, raw: BaseHTTPResponse, journey: Journey, flight: Flight, limits: Limits
    ) -> Response | None:
        host = journey.at.host
        if sum(len(name) + len(value) for name, value in raw.headers.iteritems()) > MAX_HEADER_BYTES:
            raise http_errors.not_http(host)
        if not all(each.strip().isdecimal() for each in raw.headers.get("content-length", "0").split(",")):
            raise http_errors.not_http(host)  # nobody knows where its body ends (RFC 9112, 6.3)
        if raw.status in GOOD:
            body = _read(raw, host, flight, limits)
            given = (_sendable(raw.headers.get(name, "")) for name in ("etag", "last-modified"))
            return self._good(raw, journey, body, journey.given(*given))
        _drain(raw)
        if raw.status == 304 and journey.sent:
            # Whatever it says of others: those that were sent are known to stand for what is kept.
            return self._good(raw, journey, b"", journey.sent)
        if raw.status in REDIRECTS and "location" in raw.headers:
            journey.follow(raw.status, raw.headers.getlist("location"))
            return None
        raise self._refusal(raw, journey.at)

    def _good(self, raw: BaseHTTPResponse, journey: Journey, body: bytes, validators: Validators) -> Response:
        self._pauses.clear(journey.at.site)
        headers = {name.lower(): value for name, value in raw.headers.items()}
        not_modified = raw.status == 304
        return Response(
            str(journey.at), raw.status, headers, body, validators, not_modified, journey.moved_to
        )

    def _refusal(self, raw: BaseHTTPResponse, address: Address) -> FetchError:
        if raw.status not in (429, 503):
            return http_errors.refused(raw.status, address.host)
        now = self._now()
        wish = raw.headers.get("retry-after", "")
        until = self._pauses.pause(address.site, wish, now, self._random())
        return http_errors.asked_to_wait(raw.status, address.host, until, now)

    def _headers(self, journey: Journey, accept: str) -> dict[str, str]:
        self._user_agent = self._user_agent or user_agent()
        sent = {"User-Agent": self._user_agent, "Accept": accept, "Accept-Encoding": "gzip, deflate"}
        if etag := _sendable(journey.sent.etag):
            sent["If-None-Match"] = etag
        if last_modified := _sendable(journey.sent.last_modified):
            sent["If-Modified-Since"] = last_modified
        return sent | dict(journey.headers)

    def _home_of(self, origin: str) -> str:
        """The host:port of an origin, if it can only lie at home or was found to: anything else must be
        public."""
        place = place_of(origin)
        return place if place in self._home or is_local_name(place.rpartition(":")[0]) else ""

    def _connections(self) -> Pools:
        from desktop.net.http.pool import Pools

        with self._lock:
            if self._pools is None:
                self._pools = Pools(self._tls, self._wire)
            return self._pools

    def _rest(self) -> None:
        """Close the connections that nobody uses."""
        with self._lock:
            pools = self._pools
        if pools is not None:
            pools.clear()


def user_agent() -> str:
    """What Chorsu calls itself: its name, its version, and its homepage once it has one."""
    from importlib.metadata import PackageNotFoundError, metadata

    from desktop import __version__

    try:
        urls = metadata("chorsu").get_all("Project-URL") or []
    except PackageNotFoundError:
        urls = []
    pages = dict(url.partition(",")[::2] for url in urls)
    page = next((pages[name].strip() for name in pages if name.strip().lower() == "homepage"), "")
    return f"Chorsu/{__version__} (desktop news reader{f'; +{page}' if page else ''})"


def _sendable(validator: str) -> str:
    """A validator that can be sent back, or ""."""
    text = validator.strip()
    fit = len(text) <= MAX_VALIDATOR and text.isprintable() and ord(max(text, default=" ")) < 256
    return text if fit else ""


def _read(raw: BaseHTTPResponse, host: str, flight: Flight, limits: Limits) -> bytes:
    body = Body(limits.body_bytes, raw.headers.get("content-encoding", ""), host)
    if (_length(raw) or 0) > limits.body_bytes:
        raise too_large(host, limits.body_bytes)
    return read(lambda size: raw.read(size, decode_content=False), body, flight.check)


def _drain(raw: BaseHTTPResponse) -> None:
    length = _length(raw)
    if length is not None and length <= DRAIN:
        raw.read(DRAIN + 1, decode_content=False)


def _length(raw: BaseHTTPResponse) -> int | None:
    """How many bytes are still to come, where the server says so."""
    return getattr(raw, "length_remaining", None)
