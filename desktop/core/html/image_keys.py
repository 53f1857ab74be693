"""The names that pictures go by: a key for storing, and an identity that is the same for every size of one picture."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote, urlsplit, urlunsplit

_SIZE = re.compile(r"(?:-\d{2,5}x\d{2,5}|-scaled|-rotated|-e\d{9,}|@[23]x)$")
_WIDTH = re.compile(r"-(\d{2,5})x\d{2,5}$")
_ASKED_WIDTH = re.compile(r"&(?:w|width|resize|fit)=(\d{2,5})(?!\d)")
_EXTENSION = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|bmp|svg|tiff?)$", re.IGNORECASE)
LEAST_WIDTH, ENOUGH_WIDTH = 640, 1600  # pixels: less looks poor in the reader's column, more it does not show
# What stays as it is through all that follows; most addresses are like that.
_NORMAL = re.compile(r"https?://[a-z0-9.-]++/[A-Za-z0-9/._~!$&'()*+,=@%-]*+")
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
_KEPT = "/%:@!$&'()*+,;=~-._"
_TELLING_NAME = 10  # a file name of so many characters is not that of two pictures


def normalise_image_url(url: str) -> str:
    """One spelling of an address: small scheme and host, no default port, no fragment, percent-encoded."""
    if _NORMAL.fullmatch(url):
        return url
    try:
        parts = urlsplit(url.strip())
        scheme, host = parts.scheme.lower(), parts.netloc
    except ValueError:
        return url.strip()
    name, at, place = host.rpartition("@")
    place = place.lower().removesuffix(_DEFAULT_PORTS.get(scheme, "\n"))
    query = quote(parts.query, safe=_KEPT + "?", errors="replace")
    path = quote(parts.path, safe=_KEPT, errors="replace")
    return urlunsplit((scheme, f"{name}{at}{place}", path, query, ""))


def image_key(url: str) -> str:
    """The key of a picture: the first 32 hexadecimal digits of the SHA-256 of its normalised address."""
    return hashlib.sha256(normalise_image_url(url).encode("utf-8", "replace")).hexdigest()[:32]


def image_identity(url: str) -> str:
    """The same for every size of a picture: its place without -1024x682, -scaled, @2x and ?w=."""
    parts = urlsplit(normalise_image_url(url))
    folders, _, name = parts.path.lower().rpartition("/")
    stem = _EXTENSION.sub("", name)
    if stem == name:
        return f"{parts.netloc}{parts.path}?{parts.query}"
    while (shorter := _SIZE.sub("", stem)) != stem and shorter:
        stem = shorter
    if len(stem) >= _TELLING_NAME:
        return stem
    return "/".join([*folders.split("/")[-2:], stem])


def preference(width: float) -> tuple[int, float]:
    """Orders the sizes of one picture, the best last: the widest up to what the reader shows, else the least that is
    wider, else the widest of the small ones."""
    if width > ENOUGH_WIDTH:
        return 1, -width
    return (2, width) if width >= LEAST_WIDTH else (0, width)


def stated_width(url: str) -> float:
    """How many pixels wide a picture is by its address (-1024x682, ?w=1024); where that does not say, all that the
    reader shows: an address without a size is the picture as it was put there."""
    parts = urlsplit(url)
    stem = _EXTENSION.sub("", parts.path)
    found = _WIDTH.search(stem) or _ASKED_WIDTH.search(f"&{parts.query}")
    return float(found[1]) if found else float(ENOUGH_WIDTH)


def is_drawing(url: str) -> bool:
    """Whether an address names an SVG file, which is never decoded."""
    return urlsplit(url).path.lower().endswith((".svg", ".svgz"))
