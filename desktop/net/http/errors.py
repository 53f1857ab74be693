"""What went wrong with a request, in one sentence, and what to do about it."""

from __future__ import annotations

import errno
import http.client
import socket
import ssl
from collections.abc import Iterator
from datetime import datetime

from desktop.core.errors import FetchError
from desktop.net.http.body import cut_short

LATER = "Nothing to do: it is tried again later."
_CHECK_ADDRESS = "Check the address, or look on the site for its feed."

# What a status means (the host's name goes in front), and what to do about it.
_STATUSES = {
    401: (
        "asks for a user name and a password",
        "Give them in Feeds > Properties.",
    ),
    402: ("wants to be paid for this page", "Look for a public feed of the site."),
    403: (
        "refuses feed readers (403)",
        "Open the address in a browser; if it shows there, ask the site to let feed readers in.",
    ),
    404: ("has nothing at this address (404)", _CHECK_ADDRESS),
    410: (
        "has taken this address down for good (410)",
        "You can remove the source; the articles you keep stay until you do.",
    ),
    407: (
        "cannot be reached: the proxy asks for a password",
        "Set the proxy's user and password in the system.",
    ),
    451: ("may not show this page for legal reasons (451)", "Look for another source."),
    511: ("cannot be reached: the network wants you to sign in", "Open any page in a browser and sign in."),
}

# X509 verification codes of OpenSSL.
_NOT_YET_VALID, _EXPIRED = 9, 10
_SELF_SIGNED = frozenset({18, 19})
_WRONG_HOST = frozenset({62, 64})

_UNREACHABLE = frozenset(
    {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, errno.EADDRNOTAVAIL}
)

_NOT_HTTP = frozenset(
    {"ProtocolError", "InvalidHeader", "HeaderParsingError"}
)  # urllib3's; it is not loaded here


def refused(status: int, host: str) -> FetchError:
    """The error for an answer that is not a page."""
    what, remedy = _STATUSES.get(status, ("", ""))
    if not what and status >= 500:
        what, remedy = f"is in trouble ({status})", LATER
    elif not what and status >= 400:
        what, remedy = f"refuses the request ({status})", _CHECK_ADDRESS
    elif not what:
        what, remedy = f"answered with something else than the page ({status})", LATER
    return FetchError(f"{host} {what}.", remedy, status=status, host_wide=status in (407, 511))


def asked_to_wait(status: int, host: str, until: datetime, now: datetime) -> FetchError:
    """The error for a host that wants to be left alone; `status` 0 when it was not even asked."""
    minutes = max(1, round((until - now).total_seconds() / 60))
    wait = f"{minutes} minutes" if minutes < 120 else f"{round(minutes / 60)} hours"
    return FetchError(
        f"{host} asks to be left alone for {'a minute' if minutes == 1 else wait}.",
        "Nothing to do: it is asked again after that.",
        status=status,
        retry_at=until,
        host_wide=True,
    )


def private(host: str) -> FetchError:
    """The refusal to follow an address of the web into a private network."""
    return FetchError(
        f"{host} lies in a private network, where addresses from the web are not followed.",
        "If it is yours, add it as a source of its own.",
    )


def too_slow(host: str, seconds: float) -> FetchError:
    return FetchError(f"{host} did not answer fully within {seconds:.3g} seconds.", LATER)


def not_http(host: str) -> FetchError:
    return FetchError(f"{host} sent an answer that no web server should give.", LATER)


def translate(error: Exception, host: str, now: datetime) -> FetchError:
    """What an exception of the libraries or the system means."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _certificate(cause, host, now)
    for cause in causes:
        known = _proxy(cause) or _network(cause, host) or _protocol(cause, host)
        if known is not None:
            return known
    return FetchError(f"{host} could not be asked.", LATER)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The innermost causes first: they say what happened, the outer ones only where."""
    seen: set[int] = set()

    def walk(node: object) -> Iterator[BaseException]:
        if not isinstance(node, BaseException) or id(node) in seen:
            return
        seen.add(id(node))
        for inner in (*node.args, getattr(node, "reason", None), getattr(node, "original_error", None)):
            yield from walk(inner)
        yield from walk(node.__cause__)
        yield node

    yield from walk(error)


def _certificate(error: ssl.SSLCertVerificationError, host: str, now: datetime) -> FetchError:
    code, text = getattr(error, "verify_code", 0), str(error).lower()
    today = f"{now.day} {now:%B %Y}"
    if code == _EXPIRED or "expired" in text:
        what = f"The certificate that proves {host} to be itself has expired"
        remedy = f"If today is not {today}, set this computer's clock; otherwise the site has to renew it."
    elif code == _NOT_YET_VALID or "not yet valid" in text:
        what = f"The certificate that proves {host} to be itself is not valid yet"
        remedy = f"This computer's clock says {today}: set it right if it is wrong."
    elif code in _WRONG_HOST or "mismatch" in text or "not valid for" in text:
        what = f"The certificate shown belongs to another site than {host}"
        remedy = "Check the address. In a hotel or café, sign in to the network first."
    elif code in _SELF_SIGNED or "self-signed" in text or "self signed" in text:
        what = f"The certificate of {host} is signed by nobody but itself"
        remedy = "If the server is yours, add its certificate to those that the system trusts."
    else:
        what = f"The certificate of {host} comes from nobody whom this computer trusts"
        remedy = "In a hotel or café, sign in to the network first; otherwise the site has to mend it."
    return FetchError(f"{what}.", remedy, host_wide=True)


def _proxy(error: BaseException) -> FetchError | None:
    if "Tunnel connection failed: 407" in str(error):
        return FetchError("The proxy asks for a password.", _STATUSES[407][1], host_wide=True)
    if "Tunnel connection failed" in str(error) or type(error).__name__ == "ProxySchemeUnknown":
        return FetchError(
            "The proxy that the system names cannot be used.", "Check the system's proxy settings."
        )
    return None


def _network(error: BaseException, host: str) -> FetchError | None:
    if isinstance(error, socket.gaierror):
        return FetchError(
            f"No server by the name of {host} was found.",
            "Check the address, and that the network works.",
            host_wide=True,
        )
    if isinstance(error, ssl.SSLError):
        return FetchError(f"No protected connection to {host} could be made.", LATER, host_wide=True)
    if isinstance(error, TimeoutError) or type(error).__name__ in ("ReadTimeoutError", "ConnectTimeoutError"):
        return FetchError(f"{host} did not answer in time.", LATER, host_wide=True)
    if isinstance(error, ConnectionRefusedError):
        return FetchError(f"{host} refused the connection.", LATER, host_wide=True)
    if isinstance(error, OSError) and error.errno in _UNREACHABLE:
        return FetchError(
            f"There is no way to {host} from here.", "Check that the network works.", host_wide=True
        )
    return None


def _protocol(error: BaseException, host: str) -> FetchError | None:
    if isinstance(error, http.client.IncompleteRead) or type(error).__name__ == "IncompleteRead":
        return cut_short(host)
    if isinstance(error, ConnectionError):  # RemoteDisconnected is one
        return FetchError(f"{host} closed the connection before its answer was complete.", LATER)
    if isinstance(error, http.client.HTTPException | ValueError) or type(error).__name__ in _NOT_HTTP:
        return not_http(host)
    return None
