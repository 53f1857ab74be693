"""The one checked way out of the program: what is handed to the system's browser or mail program."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from desktop.core.text import plain

ENCODED = QUrl.ComponentFormattingOption.FullyEncoded
DECODED = QUrl.ComponentFormattingOption.FullyDecoded
LABEL_LIMIT = 160

_HOST_IN_TEXT = re.compile(r"(?:https?://)?((?:[\w-]+\.)+[^\W\d_]{2,})(?::\d+)?(?:[/?#].*)?")
_FILE_ENDING = re.compile(r"docx?|xlsx?|pdf|csv|txt|html?|xml|json|jpe?g|png|gif|mp[34]|zip|py|js")
_LATIN_LOOKING = frozenset("асеорхуіјѕԁһӏԛԝ")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&*+/=?^_{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")


def open_external(url: QUrl, opener: Callable[[QUrl], bool] | None = None) -> bool:
    """Opens a web page or a new mail; False where the address is refused or the system would not take it."""
    checked = checked_url(url)
    if checked is None:
        return False
    return (opener or hand_to_system)(checked)


def hand_to_system(url: QUrl) -> bool:
    """Hands an already checked address to the desktop."""
    return QDesktopServices.openUrl(url)


def checked_url(url: QUrl) -> QUrl | None:
    """The very address that may be opened, percent-encoded; None for one that may not.

    http and https with a host and without a user name; mailto with nothing but addresses.
    """
    scheme = url.scheme().lower()
    if not url.isValid() or scheme not in ("http", "https", "mailto"):
        return None
    if scheme == "mailto":
        return _checked_mail(url)
    if not url.host(ENCODED) or url.userInfo(ENCODED) or _has_control(url):
        return None
    encoded = url.toString(ENCODED).replace("'", "%27")
    final = QUrl.fromEncoded(encoded.encode("ascii", "replace"), QUrl.ParsingMode.StrictMode)
    same = final.isValid() and final.scheme() == scheme and final.host(ENCODED) == url.host(ENCODED)
    return final if same else None


def doubt(text: str, url: QUrl) -> str:
    """Why to ask before `url` is opened from a link that reads `text`; "" where there is nothing to doubt."""
    host = url.host(ENCODED).removeprefix("www.")
    named = _HOST_IN_TEXT.fullmatch(plain(text).lower())
    if named is not None and host and not _FILE_ENDING.fullmatch(named[1].rpartition(".")[2]):
        said = QUrl(f"https://{named[1]}/").host(ENCODED).removeprefix("www.")
        if said and not (host == said or host.endswith("." + said) or said.endswith("." + host)):
            return f"This link reads {said}, but leads to {_host_label(url)}."
    if any(_looks_disguised(label) for label in url.host().split(".")):
        return f"The letters of this address are not what they seem: {_host_label(url)}."
    return ""


def link_label(url: str) -> str:
    """What the status bar says of a link before it is followed: the host first, with its punycode.

    Plain text on one line. An address that would not be opened says so.
    """
    checked = checked_url(QUrl(url))
    if checked is None:
        return plain(f"This link cannot be opened: {url}", LABEL_LIMIT)
    if checked.scheme() == "mailto":
        return plain(f"Mail to {checked.path()}", LABEL_LIMIT)
    return plain(f"{_host_label(checked)} — {checked.toString(ENCODED)}", LABEL_LIMIT)


def _host_label(url: QUrl) -> str:
    ascii_host = url.host(ENCODED)
    shown = url.host(QUrl.ComponentFormattingOption.PrettyDecoded)
    return ascii_host if shown == ascii_host else f"{shown} ({ascii_host})"


def _looks_disguised(label: str) -> bool:
    """Whether a part of a host mixes Latin with other letters, or is all Cyrillic letters that look Latin."""
    scripts = {unicodedata.name(letter, "?").split()[0] for letter in label if letter.isalpha()}
    return ("LATIN" in scripts and len(scripts) > 1) or (bool(label) and set(label) <= _LATIN_LOOKING)


def _checked_mail(url: QUrl) -> QUrl | None:
    addresses = [part.strip() for part in url.path(DECODED).split(",") if part.strip()]
    if not addresses or not all(_ADDRESS.fullmatch(address) for address in addresses):
        return None
    final = QUrl()
    final.setScheme("mailto")
    final.setPath(",".join(addresses), QUrl.ParsingMode.DecodedMode)
    return final if final.isValid() else None


def _has_control(url: QUrl) -> bool:
    """Whether a control character hides where none belongs; in a query only NUL: the rest stays encoded."""
    path = url.path(DECODED) + url.host(DECODED)
    rest = url.query(ENCODED) + url.fragment(ENCODED)
    return any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in path) or "%00" in rest
