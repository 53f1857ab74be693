"""HTML: what is cleaned, what is shown, what a page offers, and the article on it."""

from __future__ import annotations

from desktop.core.html.budget import within_budget
from desktop.core.html.display import for_display
from desktop.core.html.image_keys import image_key
from desktop.core.html.sanitise import sanitise, sanitise_kept
from desktop.net import discovery
from desktop.sync import reading
from tests.fuzz.targets.target import Target, expect, expect_line, expect_web, files
from tests.unit.core import hostile_html as hostile


def _sanitise(data: bytes) -> None:
    html = data.decode("utf-8", "replace")
    clean = sanitise(html, hostile.BASE)
    keys = {image_key(image.url) for image in clean.images}
    faults = (
        hostile.examine(clean.html, keys).faults + hostile.examine(within_budget(clean.html), keys).faults
    )
    expect(not faults, f"{faults} in {clean.html!r}")
    for_display(clean.html, {})
    again = sanitise_kept(clean.html, hostile.BASE, frozenset(keys))
    expect((again.html, again.images) == (clean.html, ()), f"{clean.html!r} is not settled")
    if not clean.images and "[" not in clean.html:
        expect(sanitise(clean.html, hostile.BASE).html == clean.html, f"{clean.html!r} is not settled")


def _links(data: bytes) -> None:
    for found in discovery.links(data, hostile.BASE, {"link": data[:200].decode("latin-1")}):
        expect_web(found.url, found.feed_url)
        expect_line(found.title)


def _page(data: bytes) -> None:
    text, _ = reading.read_page(data, hostile.BASE)
    keys = {image_key(image.url) for image in text.images}
    faults = hostile.examine(text.html, keys).faults
    expect(not faults, f"{faults} in {text.html!r}")


def _vectors() -> list[bytes]:
    return [html.encode("utf-8", "replace") for _, html in hostile.address_vectors()][::12] + [
        html.encode("utf-8", "replace") for html in hostile.CONFUSIONS + hostile.UNSETTLED
    ]


def _pages() -> list[bytes]:
    small = b"<html><head><title>A</title></head><body><h1>A</h1><article><p>" + b"word " * 60 + b"</p>"
    small += (
        b'<figure><img src=/a.png><figcaption>b</figcaption></figure><p><a href="/c">d</a> ' + b"word " * 60
    )
    return [small, *files("fulltext/short*.html", "fulltext/old*.html", "fulltext/[cpr]*.html")]


TARGETS = (
    Target("sanitiser", _sanitise, _vectors, most_bytes=4096),
    Target("discovery", _links, lambda: [body[:6000] for body in files("wordpress/*.html")]),
    Target("page", _page, _pages),
)
