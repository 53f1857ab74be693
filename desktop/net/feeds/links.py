"""Addresses in feeds: made absolute, http and https only; which file beside an article is its picture."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from desktop.core.html.image_keys import preference
from desktop.core.models import Enclosure

LONGEST_URL = 2048
MOST_ENCLOSURES = 100
MOST_CATEGORIES = 100

# Most addresses: nothing to make absolute, nothing to doubt.
PLAIN_URL = re.compile(r"https?://[A-Za-z0-9.-]{1,255}(?::\d{1,5})?/[\x21-\x7e]{0,1700}")
BLANKS = re.compile(r"[\x00-\x20\x7f\u00a0\u2028\u2029\ufeff]+")
PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:[?#].*)?\Z", re.IGNORECASE)
NUMBER = re.compile(r"\s*(\d{1,15})(?:\.\d*)?\s*\Z")


class Picture(NamedTuple):
    """A picture that a source puts beside an article."""

    url: str
    alt: str = ""
    width: int = 0


def absolute(url: str | None, base: str) -> str:
    """The address as an absolute http or https one; "" when it is none, or too long to be one."""
    if not url:
        return ""
    trimmed = url.strip()
    if PLAIN_URL.fullmatch(trimmed):
        return trimmed
    if BLANKS.search(trimmed):
        trimmed = BLANKS.sub("%20", trimmed) if "\n" not in trimmed else BLANKS.sub("", trimmed)
    if trimmed[:5].lower() == "feed:":
        trimmed = _without_feed_scheme(trimmed)
    try:
        joined = trimmed if trimmed.startswith(("https://", "http://")) else urljoin(base, trimmed)
        parts = urlsplit(joined)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
        if "@" in parts.netloc:  # a name and a password, which nobody asks with
            joined = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    except ValueError:
        return ""
    return joined if usable and len(joined) <= LONGEST_URL else ""


def _without_feed_scheme(url: str) -> str:
    rest = url[5:]
    return "http:" + rest if rest.startswith("//") else rest


def base_of(url: str | None, base: str) -> str:
    """What relative addresses stand against below this xml:base; the outer one when it is unusable."""
    return absolute(url, base) or base


def number(text: str | None) -> int:
    """A count that a feed wrote; 0 when it is none."""
    found = NUMBER.match(text) if text else None
    return int(found.group(1)) if found else 0


def enclosures(found: Iterable[Enclosure]) -> tuple[Enclosure, ...]:
    """Without repetition, each address with the fullest description, at most a hundred."""
    kept: dict[str, Enclosure] = {}
    for enclosure in found:
        known = kept.get(enclosure.url)
        if known is None and len(kept) < MOST_ENCLOSURES and enclosure.url:
            kept[enclosure.url] = enclosure
        elif known is not None:
            kept[enclosure.url] = Enclosure(
                known.url, known.type or enclosure.type, known.length or enclosure.length
            )
    return tuple(kept.values())


def is_picture(enclosure: Enclosure) -> bool:
    """By its type, or by the end of its address where the feed gives no type."""
    if enclosure.type:
        return enclosure.type.lower().startswith("image/") and "svg" not in enclosure.type.lower()
    return bool(PICTURE_FILE.search(enclosure.url))


def lead_picture(pictures: list[Picture], files: tuple[Enclosure, ...]) -> Picture:
    """The best size of the pictures that the source puts beside an article, else the first picture file."""
    usable = [each for each in pictures if each.url]
    if usable:
        return max(usable, key=lambda each: preference(each.width))
    return next((Picture(file.url) for file in files if is_picture(file)), Picture(""))


def categories(names: Iterable[str]) -> tuple[str, ...]:
    """Without repetition and blanks, at most a hundred."""
    return tuple(dict.fromkeys(name for name in names if name))[:MOST_CATEGORIES]
