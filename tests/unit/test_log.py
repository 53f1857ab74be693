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
