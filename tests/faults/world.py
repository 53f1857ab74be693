"""A world of public hosts on loopback: names, addresses and ports as on the network, one server behind all."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable, Mapping
from typing import Any

from desktop.net.addresses import is_public
from desktop.net.http.dial import Info, Wire

PUBLIC = "93.184.215.14"


class World(Wire):
    """Connects every public address to `port` of loopback (`tls_port` for 443), whoever it names; notes each address
    that was to be connected to. Private addresses are noted and refused, but for those of `home`."""

    def __init__(
        self,
        port: int,
        *,
        tls_port: int = 0,
        names: Mapping[str, Iterable[str]] | None = None,
        together: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        """`names` have their addresses in turn, one for each look; `together` have them all at once."""
        self._port = port
        self._tls_port = tls_port
        self.names: dict[str, list[str]] = {name: list(ips) for name, ips in (names or {}).items()}
        self._together = {name: list(ips) for name, ips in (together or {}).items()}
        self.home: set[str] = set()
        self.elsewhere: dict[str, tuple[str, int]] = {}  # what lies behind an address instead
        self.silent: set[str] = set()  # names that are looked up until `closing`
        self.closing = threading.Event()
        self.reached: list[tuple[str, int]] = []
        self.looked_up: list[str] = []
        self._guard = threading.Lock()

    def look_up(self, host: str, port: int, flags: int) -> list[Info]:
        """The addresses of a name; PUBLIC for one that nothing is known of."""
        if flags & socket.AI_NUMERICHOST:
            return super().look_up(host, port, flags)
        name = host.rstrip(".").lower()
        with self._guard:
            self.looked_up.append(name)
            ips = self.names.get(name, [PUBLIC])
            found = self._together.get(name) or [ips.pop(0) if len(ips) > 1 else ips[0]]
        if name in self.silent:
            self.closing.wait(60)
        families = [socket.AF_INET6 if ":" in ip else socket.AF_INET for ip in found]
        return [
            (family, socket.SOCK_STREAM, 6, "", (ip, port))
            for family, ip in zip(families, found, strict=True)
        ]

    def connect(self, sock: socket.socket, address: Any) -> None:
        ip, port = address[:2]
        with self._guard:
            self.reached.append((ip, port))
        if not is_public(ip) and ip not in self.home:
            raise ConnectionRefusedError(f"{ip} is private")
        if sock.family != socket.AF_INET:
            raise OSError("this world has no IPv6 beyond its names")
        usual = ("127.0.0.1", self._tls_port if port == 443 and self._tls_port else self._port)
        sock.connect(("127.0.0.1", port) if ip in self.home else self.elsewhere.get(ip, usual))

    def behind(self, port: int) -> None:
        """Put the server at `port` of loopback behind all names."""
        self._port = port

    @property
    def strays(self) -> list[tuple[str, int]]:
        """The private addresses that a connection was begun to."""
        return [(ip, port) for ip, port in self.reached if not is_public(ip) and ip not in self.home]
