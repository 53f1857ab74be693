"""Values between the program and the process that reads: what is taken, and what is not."""

from __future__ import annotations

import pytest

from desktop.core.incoming import IncomingText, PictureInfo
from desktop.sync import wire


@pytest.mark.parametrize(
    "frame",
    [
        b"[3]\n[0,1,2]\npngs",  # more than the lengths say
        b"[5]\n[0,1,2]\npng",
        b"[-3,6]\n[1,1,2]\npng",
        b"[3]\n[1,1,2]\npng",  # a text that is not there
        b'["3"]\n[0,1,2]\npng',
        b"[true]\n[0,1,2]\np",
        b'["png",1,2]',
    ],
)
def test_long_texts_of_other_lengths_or_numbers_are_not_taken(frame: bytes) -> None:
    assert wire.load(PictureInfo, b"[3]\n[0,1,2]\npng") == PictureInfo("png", 1, 2)
    with pytest.raises(wire.WireError):
        wire.load(PictureInfo, frame)


def test_a_long_text_is_taken_once_so_that_no_frame_becomes_many_times_as_large() -> None:
    assert wire.load(tuple[str, str], b'[2]\n[0,"b"]\n\xd0\x90a') == ("\u0410a", "b")
    with pytest.raises(wire.WireError):
        wire.load(tuple[str, str], b"[2]\n[0,0]\nab")


def test_long_texts_of_all_letters_travel_whole() -> None:
    texts = ["a\n" * 1_000, "\u044f\0\n" * 900, "\ud83d" * 1_200, "\U0001f600" * 1_001, "short\n"]
    found = [IncomingText(text, text[::-1], ()) for text in texts]
    assert wire.load(list[IncomingText], wire.dump(found)) == found
