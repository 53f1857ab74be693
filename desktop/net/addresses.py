"""Addresses: made fit to be asked, compared by host, and told apart into the public network and everything
else."""

from __future__ import annotations

import contextlib
import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from desktop.core.errors import FetchError

DEFAULT_PORTS = {"http": 80, "https": 443}
MAX_LENGTH = 8192

_PATH_SAFE = "/:@!$&'()*+,;=~-._%"
_QUERY_SAFE = _PATH_SAFE + "?[]{}|\\^`"  # as browsers send them
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_HOST = re.compile(r"[a-z0-9_-]([a-z0-9_.-]*[a-z0-9_-])?\.?")
_LOCAL_NAME = re.compile(r"(.*\.)?(localhost|local|lan|home|internal|intranet|home\.arpa)|[^.:]+")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")  # a host that ends so is an IPv4 address in an unusual writing

# Not for the public, by the IANA registries of special addresses. 198.18.0.0/15 (benchmarks) is not in the
# list on purpose: local proxy programs answer every name with an address of it and pass the connection on.
_PRIVATE_4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.51.100.0/24"),
        *("203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
    )
)
_PUBLIC_6 = ipaddress.IPv6Network("2000::/3")
_PRIVATE_6 = tuple(ipaddress.IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "3fff::/20"))
# IPv6 addresses that stand for an IPv4 one, and how many bits follow it.
_EMBEDDING = (
    (ipaddress.IPv6Network("::ffff:0:0/96"), 0),
    (ipaddress.IPv6Network("::ffff:0:0:0/96"), 0),
    (ipaddress.IPv6Network("64:ff9b::/96"), 0),
    (ipaddress.IPv6Network("2002::/16"), 80),
)


@dataclass(frozen=True, slots=True)
class Address:
    """A web address that can be asked: ASCII, without user name, password and fragment."""

    scheme: str
    host: str  # lower case, punycode; an IPv6 address without its brackets
    port: int
    target: str  # path and query, percent-encoded

    @property
    def place(self) -> str:
        """host:port, the same however the address was written."""
        return f"{self.host.rstrip('.')}:{self.port}"

    @property
    def site(self) -> str:
        """What is asked one request at a time and waited for as one: the host, with its port if that is
        unusual."""
        name = self.host.rstrip(".")
        return name if self.port in DEFAULT_PORTS.values() else f"{name}:{self.port}"

    @property
    def netloc(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.netloc}{self.target}"


def parse(url: str) -> Address:
    """The address to ask for what a person or a document wrote. `$` and existing % escapes stay as they
    are."""
    text = url.strip()
    if len(text) > MAX_LENGTH or _FORBIDDEN.search(text):
        raise _unusable(
            "holds characters that no web address has" if len(text) <= MAX_LENGTH else "is too long"
        )
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise _unusable("is not a web address") from None
    scheme = parts.scheme.lower()
    if scheme not in DEFAULT_PORTS:
        raise _unusable("does not begin with http:// or https://")
    if "@" in parts.netloc:
        raise _unusable("holds a user name or password, which Chorsu does not send")
    if port == 0 or ("[" in parts.netloc and not is_ip(parts.hostname or "")):
        raise _unusable("names no host and port that can be asked")
    target = _encode(parts.path, _PATH_SAFE) or "/"
    if parts.query:
        target += "?" + _encode(parts.query, _QUERY_SAFE)
    return Address(scheme, _host(parts.hostname or ""), port or DEFAULT_PORTS[scheme], target)


def join(base: Address, location: str) -> Address:
    """Where a Location header leads from `base`. Its bytes came as Latin-1, and are UTF-8 where they can
    be."""
    with contextlib.suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    try:
        return parse(urljoin(str(base), location.strip()))
    except ValueError:
        raise _unusable("is not a web address") from None


def is_public(ip: str) -> bool:
    """Whether an IP address belongs to the public network; the IPv4 address inside an IPv6 one decides for
    it."""
    try:
        address = ipaddress.ip_address(ip.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _PRIVATE_4)
    for network, shift in _EMBEDDING:
        if address in network:
            return is_public(str(ipaddress.IPv4Address((int(address) >> shift) & 0xFFFFFFFF)))
    return address in _PUBLIC_6 and not any(address in network for network in _PRIVATE_6)


def is_ip(host: str) -> bool:
    """Whether a host is an IP address in its usual writing."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_local_name(host: str) -> bool:
    """Whether a host can only be meant in the network at home: localhost, *.local, a name without a dot,
    private IPs."""
    name = host.rstrip(".").lower()
    if is_ip(name):
        return not is_public(name)
    return bool(_LOCAL_NAME.fullmatch(name) or _NUMBER.fullmatch(name.rpartition(".")[2]))


def may_name(page: str, address: str) -> bool:
    """Whether what a document names may be meant: one of the public web does not speak of the network at home."""
    home, named = place_of(page), place_of(address)
    return bool(named) and (
        named == home or is_local_name(_host_of(home)) or not is_local_name(_host_of(named))
    )


def _host_of(place: str) -> str:
    return place.rpartition(":")[0]


def place_of(origin: str) -> str:
    """host:port of an address, or of a bare "host:port"; "" when it is neither."""
    try:
        return parse(origin if "://" in origin else f"http://{origin}").place if origin else ""
    except FetchError:
        return ""


def _encode(text: str, safe: str) -> str:
    return quote(_STRAY_PERCENT.sub("%25", text), safe=safe)


def _host(host: str) -> str:
    if ":" in host:
        if not is_ip(host) or "%" in host:
            raise _unusable("names no host")
        return str(ipaddress.IPv6Address(host))
    name = host.lower() if host.isascii() else _punycode(host)
    if len(name) > 253 or ".." in name or not _HOST.fullmatch(name):
        raise _unusable("names no host")
    return name


def _punycode(host: str) -> str:
    import idna  # comes with requests; its tables are large

    try:
        mapped = idna.uts46_remap(host)
        return mapped if mapped.isascii() else idna.encode(mapped, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise _unusable("names no host") from None


def _unusable(why: str) -> FetchError:
    return FetchError(f"The address {why}.", "Check how the address is written.")
