"""Which addresses leave the program, and in what form."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QUrl

from desktop.ui.links import checked_url, doubt, link_label, open_external
from tests.faults.links import ALLOWED, REFUSED


class Opener:
    """Remembers what it was asked to open."""

    def __init__(self):
        self.urls = []

    def __call__(self, url):
        self.urls.append(url)
        return True


def test_an_allowed_address_is_handed_over_percent_encoded():
    opener = Opener()
    assert all(open_external(QUrl(given), opener) for given in ALLOWED)
    handed_over = [url.toEncoded().data().decode() for url in opener.urls]
    assert dict(zip(ALLOWED, handed_over, strict=True)) == ALLOWED


def test_every_other_address_is_refused():
    opener = Opener()
    assert [given for given in REFUSED if open_external(QUrl(given), opener)] == []
    assert opener.urls == []


def test_there_are_enough_hostile_addresses():
    assert len(REFUSED) >= 80


def test_what_was_checked_passes_again_unchanged():
    checked = [checked_url(QUrl(given)) for given in ALLOWED]
    assert [checked_url(url) for url in checked] == checked


def test_nothing_is_handed_over_with_blanks_quotes_or_angles():
    for given in ALLOWED:
        encoded = checked_url(QUrl(given)).toEncoded().data()
        assert not set(encoded) & set(b" \"'<>`|\\^{}\n\r\t\x00")


def test_a_system_that_opens_nothing_is_reported():
    assert not open_external(QUrl("https://example.org"), lambda url: False)


def test_a_label_names_the_host_first():
    assert link_label("https://example.org/a?b") == "example.org — https://example.org/a?b"


def test_a_label_shows_letters_that_only_look_familiar():
    assert link_label("https://аррӏе.com/").startswith("аррӏе.com (xn--80ak6aa92e.com) — ")


def test_a_label_shows_where_a_disguised_address_leads():
    assert link_label("http://①②⑦.⓪.⓪.①/x").startswith("127.0.0.1 — ")


def test_a_label_of_mail_shows_addresses_only():
    assert link_label("mailto:desk@example.org?attach=/etc/passwd") == "Mail to desk@example.org"


def test_a_label_says_what_cannot_be_opened():
    labels = [link_label(given) for given in REFUSED]
    assert all(label.startswith("This link cannot be opened") for label in labels)
    assert not any("\n" in label for label in labels)


def test_a_label_is_short_and_holds_no_direction_marks():
    label = link_label("https://example.org/\u202e" + "a" * 5_000)
    assert len(label) <= 160
    assert "\u202e" not in label


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("example.org", "https://evil.example/"),
        ("https://example.org/login", "https://evil.example/login"),
        ("www.example.org", "https://example.org.evil.example/"),
        (" Example.ORG ", "http://127.0.0.1/"),
        ("пример.рф", "https://example.org/"),
        ("read more", "https://аррӏе.com/"),
        ("read more", "https://exаmple.org/"),
    ],
)
def test_a_link_that_is_not_what_it_says_is_doubted(text, url):
    assert QUrl(url).host() in doubt(text, QUrl(url))


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("read more", "https://example.org/"),
        ("example.org", "https://example.org/a"),
        ("www.example.org", "https://example.org/a"),
        ("example.org/some/page", "https://news.example.org/a"),
        ("news.example.org", "https://example.org/a"),
        ("пример.рф", "https://пример.рф/"),
        ("Новости", "https://новости.рф/"),
        ("version 2.0", "https://example.org/"),
        ("rates.pdf", "https://example.org/"),
        ("rates.pdf is here", "https://example.org/"),
        ("desk@example.org", "mailto:desk@example.org"),
        ("", "https://example.org/"),
    ],
)
def test_an_honest_link_is_not(text, url):
    assert doubt(text, QUrl(url)) == ""
