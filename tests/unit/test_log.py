"""The log keeps no secret and no foreign line break."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from desktop import log


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://user:S3CRET@host.example/feed", "https://host.example/feed"),
        ("https://host.example/feed?token=S3CRET&page=2", "https://host.example/feed?token=[removed]&page=2"),
        ("Authorization: S3CRET", "Authorization: [removed]"),
        ("Authorization: Basic S3CRET", "Authorization: [removed]"),
        ("sent Cookie: a=S3CRET; b=S3CRET", "sent Cookie: [removed]"),
        ("Proxy-Authorization=Basic S3CRET", "Proxy-Authorization=[removed]"),
        (
            "/feed?access_token=S3CRET&api_key=S3CRET&q=1",
            "/feed?access_token=[removed]&api_key=[removed]&q=1",
        ),
        ("X-Auth-Token: S3CRET", "X-Auth-Token: [removed]"),
        ("client_secret = S3CRET", "client_secret = [removed]"),
        ("the monkey: brown", "the monkey: [removed]"),  # rather too much than too little
        ("https://host.example/feed?page=2", "https://host.example/feed?page=2"),
        ("one\r\ntwo", "one\\r\\ntwo"),
    ],
)
def test_secrets_and_line_breaks_are_taken_out(text: str, kept: str) -> None:
    assert log.redact(text) == kept


def test_what_is_logged_reaches_the_file_redacted(tmp_path: Path) -> None:
    log.start(tmp_path / "chorsu.log")
    logging.getLogger("desktop.net").info("asked %s", "https://a:b@host.example/?key=S3CRET")
    log.stop()
    written = (tmp_path / "chorsu.log").read_text("utf-8")
    assert "host.example" in written
    assert "S3CRET" not in written


def test_a_fault_does_not_take_a_secret_into_the_file(tmp_path: Path) -> None:
    log.start(tmp_path / "chorsu.log")
    fault = ValueError("https://a:S3CRET@host.example/?my_token=S3CRET\nAuthorization: Basic S3CRET")
    logging.getLogger("desktop.jobs").error("unexpected fault", exc_info=fault)
    log.stop()
    written = (tmp_path / "chorsu.log").read_text("utf-8")
    assert "ValueError: https://host.example/" in written
    assert "S3CRET" not in written


def test_a_fault_is_shown_without_its_secrets() -> None:
    try:
        raise ValueError("https://a:S3CRET@host.example/?key=S3CRET")
    except ValueError as error:
        shown = log.fault(type(error), error, error.__traceback__)
    assert shown.startswith("Traceback")
    assert shown.endswith("ValueError: https://host.example/?key=[removed]")
