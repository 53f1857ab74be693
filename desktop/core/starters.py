"""What the starter set that ships with the program holds."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.core.models import NewSource, SourceKind


@dataclass(frozen=True, slots=True)
class Starter:
    """A source of the starter set that ships with the program."""

    title: str
    url: str
    language: str
    country: str
    kind: SourceKind
    verified: bool
    note: str = ""

    def source(self) -> NewSource:
        """The source to add. `url` is the feed; a WordPress has its REST interface at the root of the site."""
        site = "/".join(self.url.split("/", 3)[:3]) + "/"
        address = f"{site}wp-json/" if self.kind is SourceKind.WORDPRESS else self.url
        return NewSource(
            address,
            self.kind,
            self.title,
            site,
            feed_url=self.url,
            language=self.language,
            country=self.country,
        )
