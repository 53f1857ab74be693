"""What a request may take and what it brings back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from desktop.core.models import Validators

MB = 1_000_000


class Trust(Enum):
    """Who gave an address: TYPED by the person, who may mean a server at home; DERIVED from a document, which
    never leads into a private network."""

    TYPED = "typed"
    DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one request with all its redirects. `body_bytes` holds before and after unpacking;
    `deadline_s` bounds everything but the waiting for other requests to the same host."""

    body_bytes: int
    deadline_s: float
    connect_s: float = 10.0
    read_s: float = 20.0


FEED = Limits(10 * MB, 30.0)
RATES = Limits(5 * MB, 20.0)
PICTURE = Limits(10 * MB, 60.0)
PAGE = Limits(5 * MB, 30.0)


@dataclass(frozen=True, slots=True)
class Response:
    """A good answer. Header names are lower case; `body` is unpacked."""

    url: str  # where it came from in the end
    status: int
    headers: Mapping[str, str]
    body: bytes
    validators: Validators
    not_modified: bool = False
    moved_to: str = ""  # where 301 and 308 say that the address has gone; "" when they do not
