"""The pictures of an article that its feed and its page show in two sizes: they are one picture, and stored once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from desktop.core.html.image_keys import image_identity, image_key, preference, stated_width
from desktop.core.incoming import IncomingText


@dataclass(frozen=True, slots=True)
class Joined:
    """The text of a page in which the feed's pictures go by the feed's keys; its own pictures are those that only it
    shows. `better`: by such a key, the address at which the page has that picture in a better size."""

    text: IncomingText
    better: Mapping[str, str]


def join_sizes(page: IncomingText, of_feed: Mapping[str, str]) -> Joined:
    """`of_feed` gives the addresses of the feed's pictures by their keys."""
    known = {image_identity(url): key for key, url in of_feed.items()}
    html, own, better = page.html, [], {}
    for image in page.images:
        key = known.get(image_identity(image.url))
        if key is None:
            own.append(image)
            continue
        html = html.replace(f'"cache:{image_key(image.url)}"', f'"cache:{key}"')
        if preference(stated_width(image.url)) > preference(stated_width(of_feed[key])):
            better[key] = image.url
    return Joined(replace(page, html=html, images=tuple(own)), better)
