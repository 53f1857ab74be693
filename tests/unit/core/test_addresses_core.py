"""What addresses tell by themselves."""

from __future__ import annotations

import pytest

from desktop.core.addresses import domain, holds_key, link_address
from desktop.core.html.image_keys import normalise_image_url
from desktop.sync.run import by_host


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://news.example.org/x", "example.org"),
        ("https://one.wordpress.com/feed", "wordpress.com"),
        ("https://www.paper.co.uk/", "paper.co.uk"),
        ("http://127.0.0.1:8080/", "127.0.0.1:8080"),
        ("http://[::1]:8080/", "[::1]:8080"),
        ("http://localhost/", "localhost"),
    ],
)
def test_the_domain_of_a_site(url: str, place: str) -> None:
    assert domain(url) == place


def test_a_site_is_asked_one_thing_at_a_time_whatever_its_hosts_are_called() -> None:
    urls = ["http://a.site.example/", "http://other.example/", "http://b.site.example/"]
    assert by_host(urls, str) == [[urls[0], urls[2]], [urls[1]]]


@pytest.mark.parametrize(
    ("url", "holds"),
    [
        ("https://a.example/feed?token=1", True),
        ("https://a.example/feed?api_key=1&x=2", True),
        ("https://a.example/feed?X-Amz-Signature=1", True),
        ("https://a.example/feed?format=rss&paged=2", False),
        ("https://a.example/keys/token", False),
    ],
)
def test_an_address_with_a_key_is_known(url: str, holds: bool) -> None:
    assert holds_key(url) is holds


BASES = (
    *(
        "https://a.example/b/c?d#e",
        "http://A.example:8080/b",
        "https://a.example",
        "https://user:key@a.example/",
        "",
    ),
    *(
        "mailto:a@b.example",
        "file:///etc/",
        "https://пример.example/",
        "https://a.example:99999/",
        "//a.example/",
        "b",
    ),
)
PATHS = (
    "/",
    "/b",
    "/b/c/",
    "/b//c",
    "/b/../c",
    "/b/.c",
    "/b.c/d-e_f~g",
    "//b.example/c",
    "/b;c",
    "/b?c",
    "/b%20c",
)


@pytest.mark.parametrize("base", BASES)
def test_an_address_that_is_seen_to_be_finished_is_the_one_that_is_worked_out(base: str) -> None:
    for path in (*PATHS, *(f"https://b.example{path}" for path in PATHS)):
        # With a space before it, which goes, it is worked out.
        assert link_address(path, base) == link_address(f" {path}", base), path
        assert normalise_image_url(base + path) == normalise_image_url(f" {base}{path}"), path
