"""Where redirects may lead, and what goes along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from desktop.core.errors import FetchError
from desktop.core.models import Validators
from desktop.net.addresses import Address, is_local_name, join
from desktop.net.http.errors import private
from desktop.net.http.values import Trust

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
MAX_HOPS = 5
WEB_PORTS = frozenset({80, 443})


@dataclass
class Journey:
    """A request on its way through redirects: five at most, never twice to one address, never from https to
    http; the caller's own headers stay behind when the host changes, and validators reach their own address alone."""

    at: Address
    trust: Trust
    validators: Validators
    headers: Mapping[str, str]
    origin: str = (
        ""  # host:port of the document that the address comes from, if that lies in a private network
    )
    moved_to: str = ""
    hops: int = 0
    _permanent: bool = True
    _at_home: bool = False  # the person's own address led into a private network
    _seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._seen.add(str(self.at))
        self._typed_place = self.at.place if self.trust is Trust.TYPED else ""

    @property
    def private_ok(self) -> bool:
        """Whether the address at hand may lie in a private network."""
        return self._at_home or self.at.place in (self._typed_place, self.origin)

    @property
    def sent(self) -> Validators:
        """The validators that belong to the address at hand."""
        is_theirs = self.validators.url == str(self.at) if self.validators.url else not self.hops
        return self.validators if is_theirs else Validators()

    def given(self, etag: str, last_modified: str) -> Validators:
        """Those that the address at hand gave, with its name where it is another than the one that was asked."""
        return Validators(etag, last_modified, str(self.at) if self.hops and (etag or last_modified) else "")

    def check(self) -> None:
        """Refuse what can be refused by its name alone (through a proxy nothing else can be seen)."""
        if self.private_ok:
            return
        if is_local_name(self.at.host):
            raise private(self.at.host)
        if self.at.port < 1024 and self.at.port not in WEB_PORTS:
            raise FetchError(f"{self.at.host} is asked for at a port that does not serve web pages.")

    def reached(self, *, at_home: bool) -> None:
        """Note where the connection led: what the person's own server at home redirects to may be at home
        too."""
        self._at_home = self.trust is Trust.TYPED and at_home

    def follow(self, status: int, locations: list[str]) -> None:
        """Go where an answer points; FetchError when it leads nowhere good."""
        if len(set(locations)) != 1 or not locations[0].strip():
            raise self._misled("does not say where its page has moved to")
        try:
            target = join(self.at, locations[0])
        except FetchError:
            raise self._misled("sends visitors to something that is not a web page") from None
        self.hops += 1
        if str(target) in self._seen:
            raise self._misled("sends visitors round in a circle")
        if self.hops > MAX_HOPS:
            raise self._misled(f"redirects more than {MAX_HOPS} times")
        if self.at.scheme == "https" and target.scheme == "http":
            raise self._misled("leads from a protected address (https) to one that is not (http)")
        self._permanent = self._permanent and status in PERMANENT
        if self._permanent:
            self.moved_to = str(target)
        if target.host != self.at.host:
            self.headers = {}
        self._seen.add(str(target))
        self.at = target

    def _misled(self, what: str) -> FetchError:
        return FetchError(
            f"{self.at.host} {what}.", "Open the address in a browser and add the one that it ends at."
        )
