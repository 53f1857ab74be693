"""User names and passwords of sources. The password is in the system's keyring and nowhere else; an account belongs to
a host, so that no other host is ever sent its password. `keyring` is loaded only where a source has an account.
"""

from __future__ import annotations

import base64
import logging
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from desktop.core.errors import AppError

if TYPE_CHECKING:
    from types import ModuleType

log = logging.getLogger(__name__)


def keep(url: str, user: str, password: str) -> None:
    """Store a password in the keyring. AppError when the system has none; then it is stored nowhere."""
    try:
        _keyring().set_password(_service(url), user, password)
    except Exception as error:
        raise AppError(
            "The system has no keyring that can keep the password, so it was not stored.",
            "Set up a keyring (GNOME Keyring, KWallet, or that of the system) and give the password again.",
        ) from error


def is_kept(url: str, user: str) -> bool:
    """Whether the keyring knows a password."""
    return _password(url, user) is not None


def asking_headers(url: str, user: str, user_agent: str) -> dict[str, str]:
    """What is sent along to a source with an account or a name of its own for us; nothing for any other."""
    headers = {"User-Agent": user_agent} if user_agent else {}
    password = _password(url, user) if user else None
    if password is not None:
        pair = base64.b64encode(f"{user}:{password}".encode()).decode("ascii")
        headers["Authorization"] = f"Basic {pair}"
    return headers


def _password(url: str, user: str) -> str | None:
    try:
        found = _keyring().get_password(_service(url), user)
    except Exception as error:  # noqa: BLE001 - each back end raises its own; the server then says what it misses
        log.info("the keyring does not answer: %s", type(error).__name__)
        return None
    return None if found is None else str(found)


def _service(url: str) -> str:
    parts = urlsplit(url)
    return f"Chorsu {parts.scheme.lower()}://{parts.netloc.rpartition('@')[2].lower()}"


def _keyring() -> ModuleType:
    import keyring

    return keyring
