"""Addresses from documents: made absolute, and checked after they have been."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import parse_qsl, quote, urljoin, urlsplit, urlunsplit

from desktop.core.trackers import without_tracking

_WEB = frozenset({"http", "https"})
_LINKS = _WEB | {"mailto"}
_MAX_LENGTH = 8_000
# What browsers and Qt drop or skip, and what hides in front of a scheme.
_EDGE = re.compile(
    r"^[\x00-\x20\x7f-\xa0\u00ad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff9-\ufffb]+"
    r"|[\x00-\x20\x7f-\xa0\u2028\u2029\ufeff]+$"
)
_BREAKS = re.compile(r"[\t\n\r]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_SCHEME = re.compile(r"([^/?#\\]*?):")
_KEY = re.compile(r"(?i)key$|token$|secret|passw|^pwd$|auth$|sig$|signature$|^sid$|session")
_KEPT = "/%:@!$&'()*+,;=~-._"
# What stays as it is through all that follows; most addresses are like that.
_FINISHED = re.compile(r"https?://[a-z0-9][a-z0-9.-]*/[A-Za-z0-9/._~-]*")
_FINISHED_PATH = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+/?")
_NO_LETTER = frozenset({"Cn", "Co", "Cs"})  # not assigned, private, half of a pair
_HOST = re.compile(r"[a-z0-9._-]+|\[[0-9a-f:.]+\]", re.IGNORECASE)


def link_address(raw: str, base_url: str) -> str:
    """The absolute http, https or mailto address that a link leads to; "" when it is anything else.

    Names and passwords before the host, and the parameters that follow readers, are left out.
    """
    return without_tracking(_resolved(raw, base_url, _LINKS))


def image_address(raw: str, base_url: str) -> str:
    """The absolute http or https address of a picture; "" when it is anything else."""
    return _resolved(raw, base_url, _WEB)


def host_name(url: str) -> str:
    """The host of an address as people call it: without www."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def holds_key(url: str) -> bool:
    """Whether an address opens something for whoever has it: a key or a token stands in its query."""
    return any(_KEY.search(name) for name, _ in parse_qsl(urlsplit(url).query))


def domain(url: str) -> str:
    """The last parts of a host that tell sites apart: two, or three where the last but one is as short as in co.uk; an
    IP address with its port."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host.replace(".", "").isdigit() or ":" in host:
        return parts.netloc
    names = host.split(".")
    return ".".join(
        names[-3:] if len(names) > 2 and len(names[-2]) <= 3 and len(names[-1]) == 2 else names[-2:]
    )


def _resolved(raw: str, base_url: str, allowed: frozenset[str]) -> str:
    if _FINISHED.fullmatch(raw) and len(raw) <= _MAX_LENGTH and "http" in allowed and "/." not in raw:
        return raw
    if _FINISHED_PATH.fullmatch(raw) and (site := _site(base_url)):
        return site + raw if len(raw) <= _MAX_LENGTH else ""
    text = _BREAKS.sub("", _EDGE.sub("", raw))
    if not text or len(text) > _MAX_LENGTH or _CONTROL.search(text):
        return ""
    scheme = _SCHEME.match(text)
    if scheme is not None and scheme[1].lower() not in allowed:
        return ""
    if scheme is not None and scheme[1].lower() == "mailto":
        return _mail(text)
    try:
        return _web(urljoin(base_url, text.replace("\\", "/")))
    except ValueError:
        return ""


@lru_cache(maxsize=256)
def _site(base_url: str) -> str:
    """What stands before the path of an address on the same host; "" where that is no address of the web."""
    try:
        return _web(urljoin(base_url, "/")).removesuffix("/")
    except ValueError:
        return ""


def _mail(text: str) -> str:
    address = quote(text.partition(":")[2], safe="%@+?&=.,;:!$'()*/~-_", errors="replace")
    return f"mailto:{address}" if "@" in address or "?" in address else ""


def _web(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme.lower() not in _WEB or not parts.hostname:
        return ""
    host = _ascii_host(parts.hostname)
    if not host:
        return ""
    if parts.port is not None:
        host = f"{host}:{parts.port}"
    path = quote(parts.path, safe=_KEPT, errors="replace")
    query = quote(parts.query, safe=_KEPT + "?", errors="replace")
    fragment = quote(parts.fragment, safe=_KEPT + "?", errors="replace")
    return urlunsplit((parts.scheme.lower(), host, path, query, fragment))


def _ascii_host(host: str) -> str:
    if ":" in host:
        return f"[{host}]" if _HOST.fullmatch(f"[{host}]") else ""
    if any(unicodedata.category(letter) in _NO_LETTER for letter in host):
        return ""  # no registry has it, and a stricter reader than Python's would refuse what comes of it
    try:
        name = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    return name if _HOST.fullmatch(name) else ""
