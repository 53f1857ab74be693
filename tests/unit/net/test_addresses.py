"""Addresses made fit to be asked, and told apart by where they lead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.errors import FetchError
from desktop.net.addresses import is_local_name, is_public, join, parse, place_of


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("http://Example.ORG", "http://example.org/"),
        ("  https://example.org:443/a#part ", "https://example.org/a"),
        ("http://example.org:8080/?q=1", "http://example.org:8080/?q=1"),
        ("http://example.org?q=1", "http://example.org/?q=1"),
        ("http://example.org/a b/ё", "http://example.org/a%20b/%D1%91"),
        ("http://example.org/%d1%91/$x;y=1", "http://example.org/%d1%91/$x;y=1"),
        ("http://example.org/100%", "http://example.org/100%25"),
        ("http://example.org/?a=%20&b=ж", "http://example.org/?a=%20&b=%D0%B6"),
        ("http://пример.испытание/", "http://xn--e1afmkfd.xn--80akhbyknj4f/"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("http://[::1]:8000/", "http://[::1]:8000/"),
        ("http://[0:0:0:0:0:0:0:1]/", "http://[::1]/"),
        ("http://①②⑦.⓪.⓪.①/", "http://127.0.0.1/"),
        ("http://my_site.example./", "http://my_site.example./"),
    ],
)
def test_addresses_become_ascii(written: str, asked: str):
    assert str(parse(written)) == asked
    assert str(parse(asked)) == asked


@pytest.mark.parametrize(
    "written",
    [
        "",
        "example.org/feed",
        "//example.org/feed",
        "ftp://example.org/",
        "file:///etc/hostname",
        "javascript:alert(1)",
        "http://",
        "http:///path",
        "http://example.org:0/",
        "http://example.org:99999/",
        "http://example.org:port/",
        "http://user:secret@example.org/",
        "http://user@example.org/",
        "http://a..b/",
        "http://exa mple.org/",
        "http://exam%70le.org/",
        "http://[::1/",
        "http://[fe80::1%25eth0]/",
        "http://[v1.x]/",
        "http://example.org/a\nb",
        "http://example.org/a\x00b",
        "http://\ud800.example/",
        "http://example.org/\udfff",
        "http://" + "a" * 9000,
        "http://" + "a" * 300 + ".example/",
    ],
)
def test_what_cannot_be_asked_is_refused(written: str):
    with pytest.raises(FetchError):
        parse(written)


def test_a_refusal_does_not_repeat_a_password():
    with pytest.raises(FetchError) as caught:
        parse("https://user:secret@example.org/")
    assert "secret" not in str(caught.value)


@given(st.text(max_size=60))
def test_no_text_raises_anything_else(text: str):
    for written in (text, f"http://{text}", f"http://example.org/{text}"):
        try:
            assert str(parse(written)).isascii()
        except FetchError:
            continue


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/next", "https://example.org/next"),
        ("next", "https://example.org/a/next"),
        ("?page=2", "https://example.org/a/b?page=2"),
        ("//other.example/x", "https://other.example/x"),
        ("https://other.example", "https://other.example/"),
        ("/новое".encode().decode("latin-1"), "https://example.org/%D0%BD%D0%BE%D0%B2%D0%BE%D0%B5"),
        ("/caf\xe9", "https://example.org/caf%C3%A9"),
        ("../../../up", "https://example.org/up"),
    ],
)
def test_a_location_is_followed_from_where_it_was_found(location: str, target: str):
    assert str(join(parse("https://example.org/a/b"), location)) == target


@pytest.mark.parametrize(
    "ip",
    [
        *("0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.0.9", "169.254.169.254", "172.16.0.1"),
        *("172.31.255.255", "192.168.1.1", "192.0.2.1", "198.51.100.1", "203.0.113.1", "224.0.0.1"),
        *("240.0.0.1", "255.255.255.255"),
        *("::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1", "100::1"),
        *("2001::1", "2001:db8::1", "::127.0.0.1"),
        *(
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:7f00:1",
            "::ffff:0:192.168.1.1",
        ),  # mapped, translated
        *("64:ff9b::127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::", "2002:c0a8:101::1"),
        *("localhost", "", "127.1"),
    ],
)
def test_private_addresses(ip: str):
    assert not is_public(ip)


@pytest.mark.parametrize(
    "ip",
    [
        *(
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.167.0.1",
            "223.255.255.1",
        ),
        *("2606:4700::1", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1"),
        "198.18.0.5",  # the made-up addresses of local proxy programs
    ],
)
def test_public_addresses(ip: str):
    assert is_public(ip)


@pytest.mark.parametrize(
    ("host", "local"),
    [
        *(
            (name, True)
            for name in ("localhost", "localhost.", "a.localhost", "nas.local", "router", "x.home.arpa")
        ),
        *(
            (name, True)
            for name in ("127.0.0.1", "192.168.1.1", "::1", "2130706433", "0x7f.1", "0177.1", "1.0x1")
        ),
        *((name, False) for name in ("example.org", "local.example", "8.8.8.8", "2606:4700::1", "7.example")),
    ],
)
def test_names_that_can_only_be_meant_at_home(host: str, local: bool):
    assert is_local_name(host) is local


def test_a_place_is_the_same_however_it_is_written():
    places = {
        place_of(text)
        for text in ("http://nas.local/feed", "nas.local:80", "HTTP://NAS.local./x", "nas.local")
    }
    assert places == {"nas.local:80"}
    assert place_of("https://nas.local/") == "nas.local:443"
    assert place_of("") == place_of("ftp://nas.local/") == place_of("::") == ""


def test_a_site_is_its_host_on_the_usual_ports():
    assert parse("http://example.org/").site == parse("https://example.org./").site == "example.org"
    assert parse("http://127.0.0.1:8000/").site == "127.0.0.1:8000"
