"""Connections by urllib3, every one of them opened by `http_dial` and tied to the flight that uses it.

Importing this module loads requests and urllib3 (0.25 s): only a request does.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from http.client import HTTPResponse, parse_headers
from typing import Any

from requests.utils import get_auth_from_url, get_environ_proxies, select_proxy
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, ProxyManager, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, ProtocolError, SSLError
from urllib3.response import BaseHTTPResponse
from urllib3.util import make_headers

from desktop.net.addresses import Address, is_ip
from desktop.net.http.dial import Wire, dial
from desktop.net.http.flight import Flight, Line

LibraryError = HTTPError
MAX_POOLS = 32


class Pools:
    """Connections kept for reuse. Those that may lead into private networks are kept apart from those that
    may not."""

    def __init__(self, context: Callable[[str], ssl.SSLContext], wire: Wire) -> None:
        self._context = context
        self._here = threading.local()
        self._lock = threading.Lock()
        self._managers: dict[tuple[bool, str], _Manager] = {}
        self._classes = _pool_classes(lambda: self._here.flight, wire)

    def open(
        self, address: Address, headers: Mapping[str, str], flight: Flight, read_seconds: float
    ) -> BaseHTTPResponse:
        """Send a request and receive the head of the answer. Raises what urllib3 and the system raise."""
        manager = self._manager(flight.private_ok, proxy_of(address))
        self._here.flight = flight
        try:
            try:
                return _send(manager, address, headers, flight, read_seconds)
            except (ProtocolError, SSLError):
                if not flight.reused or flight.cut is not None:
                    raise
                # The server had closed the kept connection just before it was used again.
                return _send(manager, address, headers, flight, read_seconds)
        finally:
            self._here.flight = None

    def clear(self) -> None:
        """Close the connections that nobody uses."""
        with self._lock:
            managers = list(self._managers.values())
            self._managers.clear()
        for manager in managers:
            manager.clear()

    def _manager(self, private_ok: bool, proxy: str) -> _Manager:
        with self._lock:
            manager = self._managers.get((private_ok, proxy))
            if manager is None:
                manager = self._managers[private_ok, proxy] = self._new_manager(proxy)
            return manager

    def _new_manager(self, proxy: str) -> _Manager:
        options: dict[str, Any] = {"num_pools": MAX_POOLS, "maxsize": 1, "block": False}
        manager: _Manager
        if proxy:
            user, password = get_auth_from_url(proxy)
            auth = make_headers(proxy_basic_auth=f"{user}:{password}") if user else None
            manager = _ProxyManager(proxy, proxy_headers=auth, **options)
        else:
            manager = _Manager(**options)
        manager.context_of = self._context
        manager.pool_classes_by_scheme = self._classes
        return manager


class _Manager(PoolManager):
    """Gives each pool the TLS context of its host."""

    context_of: Callable[[str], ssl.SSLContext]

    def connection_from_context(self, request_context: dict[str, Any]) -> HTTPConnectionPool:
        if request_context["scheme"] == "https":
            request_context["ssl_context"] = self.context_of(request_context["host"])
        return super().connection_from_context(request_context)


class _ProxyManager(_Manager, ProxyManager):
    """The same through a proxy."""


def proxy_of(address: Address) -> str:
    """The proxy that the system or the environment wants for an address; "" for none, as always for this
    computer."""
    host = address.host.rstrip(".")
    if host == "localhost" or (is_ip(host) and ipaddress.ip_address(host).is_loopback):
        return ""
    proxy = select_proxy(str(address), get_environ_proxies(str(address), no_proxy=None)) or ""
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"


def _send(
    manager: PoolManager, address: Address, headers: Mapping[str, str], flight: Flight, read_seconds: float
) -> BaseHTTPResponse:
    remaining = max(0.01, flight.deadline - time.monotonic())
    return manager.urlopen(
        "GET",
        str(address),
        headers=dict(headers),
        redirect=False,
        retries=False,
        preload_content=False,
        decode_content=False,
        timeout=Timeout(connect=min(flight.connect_seconds, remaining), read=min(read_seconds, remaining)),
    )


class Patient(HTTPResponse):
    """An answer whose interim ones (103 Early Hints) are read past; the library knows 100 alone. The deadline of the
    flight bounds how many."""

    def _read_status(self) -> tuple[str, int, str]:
        status: tuple[str, int, str] = super()._read_status()  # type: ignore[misc]
        while 102 <= status[1] <= 199:
            parse_headers(self.fp)
            status = super()._read_status()  # type: ignore[misc]
        return status


def _pool_classes(current: Callable[[], Flight], wire: Wire) -> dict[str, type[HTTPConnectionPool]]:
    """urllib3's pools, with connections that belong to the flight that `current` names."""

    class Tied(HTTPConnection):
        response_class = Patient
        line: Line | None = None

        def _new_conn(self) -> socket.socket:
            flight = current()
            proxied = self.proxy is not None
            sock, peer = dial(self._dns_host, self.port, flight, wire, proxied=proxied)
            try:
                sock.settimeout(flight.connect_seconds)
                self.line = Line(sock, peer)
            except OSError:
                sock.close()
                raise
            self.line.hold()
            flight.attach(self.line, reused=False, proxied=proxied)
            return sock

        def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> None:
            flight = current()
            if self.line is not None:
                flight.attach(self.line, reused=True, proxied=self.proxy is not None)
            # urllib3 would write what a query holds in a way of its own, and a server may know only the publisher's.
            asked = flight.target if url.startswith("/") else url
            super().request(method, asked, *args, **kwargs)

        def close(self) -> None:
            line, self.line = self.line, None
            try:
                super().close()
            finally:
                if line is not None:
                    line.release()

    class TiedSecure(Tied, HTTPSConnection):
        pass

    class Plain(HTTPConnectionPool):
        ConnectionCls = Tied

    class Secure(HTTPSConnectionPool):
        ConnectionCls = TiedSecure

    return {"http": Plain, "https": Secure}
