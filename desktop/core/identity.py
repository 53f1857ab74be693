"""What an article can be recognised by when it is fetched again. Keys do not depend on when they are made."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit

from desktop.core.incoming import IncomingArticle
from desktop.core.text import fold
from desktop.core.trackers import is_referral

_LONGEST = 400  # characters of a key before it is kept as its hash
_DEFAULT_PORTS = {"http": 80, "https": 443, "": 443}
# An address of a host by its name and a path of letters, as nearly all are: nothing of it is written otherwise.
_PLAIN = re.compile(r"https?://((?:[a-z0-9-]+\.)+[a-z]+)((?:/[A-Za-z0-9._~-]+)*)/*")
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")


@dataclass(frozen=True, slots=True)
class Keys:
    """What an article can be recognised by; "" for what it does not have. `url_key` and `title_key` are `url` and
    `title_day` as they are kept and compared."""

    guid: str
    url: str
    title_day: str
    content_hash: str
    url_key: str
    title_key: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person did to an article elsewhere, by what it can be recognised by; "" for what is not known."""

    guid: str
    url: str
    read: bool
    starred: bool
    tags: tuple[str, ...] = ()  # names, as `core.tags.tag_name` gives them


def normalise_url(url: str) -> str:
    """An address as it is compared: no scheme, www., tracking, fragment, or slash at the end; "" for none."""
    url = url.strip()
    if (plain := _PLAIN.fullmatch(url)) is not None:
        return short((plain[1].removeprefix("www.") or plain[1]) + plain[2])
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return short(url)
    if parts.scheme not in ("http", "https", "") or not host:
        return short(url)
    place = host.removeprefix("www.") or host
    if port is not None and port != _DEFAULT_PORTS[parts.scheme] and port not in (80, 443):
        place += f":{port}"
    query = "&".join(
        part for part in parts.query.split("&") if part and not is_referral(part.partition("=")[0])
    )
    address = place + parts.path.rstrip("/") + ("?" + query if query else "")
    return short(_ESCAPE.sub(lambda found: found[0].upper(), quote(address, safe="%/:?&=+,;@!$'()*~#[]|")))


def identities_of(guid: str, url: str) -> list[str]:
    """The identities that an article with this guid and address may come to have, the likely one first."""
    named, address = short(guid.strip()), normalise_url(url)
    found = [f"g:{named}"] if named else []
    # Where a feed has no guids, other programs put the address in their place.
    return [*found, f"u:{address}"] if address and (not named or guid.strip() == url.strip()) else found


def keys(article: IncomingArticle, now: datetime) -> Keys:
    """What an article can be recognised by. `now` has no say: the same article has the same keys tomorrow."""
    title = folded(article.title)
    day = article.published.date().isoformat() if article.published else ""
    url, title_day = normalise_url(article.url), short(f"{title}|{day}") if title else ""
    return Keys(
        guid=short(article.guid.strip()),
        url=url,
        title_day=title_day,
        content_hash=_hash(title, article.text),
        url_key=url_key(url),
        title_key=title_key(title_day),
    )


def url_key(url: str) -> str:
    """A normal address as it is kept: a digest with a slash before it; as it is where it is that of a whole site."""
    return f"/{_digest(url)}" if "/" in url or "?" in url else url


def title_key(title_day: str) -> str:
    """Title and day as they are kept: a digest of the title, and the day."""
    title, bar, day = title_day.rpartition("|")
    return f"{_digest(title)}|{day}" if bar else title_day


def _digest(text: str) -> str:
    """Sixteen characters for any text, which stand in many stores: the same for ever."""
    return b64encode(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=12).digest()).decode()


def content_hash(title: str, text: str) -> str:
    """What tells whether a title and a text are others than before."""
    return _hash(folded(title), text)


def _hash(title: str, text: str) -> str:
    content = f"{title}\n{folded(text)}"
    return hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:32]


def folded(text: str) -> str:
    """`text` as titles and texts are compared."""
    return " ".join(fold(text).split())


def short(key: str) -> str:
    """`key`, or its hash where it is too long to be kept."""
    if len(key) <= _LONGEST:
        return key
    return "sha256:" + hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
