"""How much memory a picture takes while it is decoded, as far as its bytes tell. Pure; takes damaged bytes too.

PNG, GIF, WebP and ICO are held whole, at four bytes a pixel, before they are made smaller. A JPEG is made smaller while
it is read, but of a progressive one all coefficients are held (ITU T.81 G.1.1), two bytes each.
"""

from __future__ import annotations

MOST_PIXELS = 40_000_000
MOST_HELD = 112_000_000  # bytes, of one picture

_PROGRESSIVE = (b"\xff\xc2", b"\xff\xca")  # SOF2 and SOF10; within the coefficients these bytes cannot stand
_FRAMES = 8  # that are looked at: thumbnails within a picture have theirs
_FULL = 3.0  # samples a pixel where no colour is at a lower resolution


def held_bytes(body: bytes, kind: str, width: int, height: int) -> int:
    """What a decoder holds of a picture of `kind`, beside what is shown of it."""
    pixels = width * height
    if kind == "jpeg":
        return round(pixels * 2 * _samples(body))
    if kind == "png" and body[24:25] == b"\x10":
        return pixels * 16  # of 16 bits a colour, and once more when it is made smaller
    if kind == "webp" and body[12:16] == b"VP8X" and body[20:21] and body[20] & 2:
        return pixels * 12  # of an animation the picture of before and the one of now
    return pixels * 4


def _samples(body: bytes) -> float:
    """Samples a pixel of a progressive JPEG; 0 for one that is not."""
    most = 0.0
    for marker in _PROGRESSIVE:
        at = body.find(marker)
        for _ in range(_FRAMES):
            if at < 0:
                break
            most = max(most, _sampled(body[at : at + 22]))
            at = body.find(marker, at + 2)
        else:
            return _FULL
    return most


def _sampled(frame: bytes) -> float:
    """Samples a pixel by a frame header: each colour has so many of the widest and the highest."""
    factors = frame[11 : 11 + 3 * frame[9] : 3] if len(frame) > 11 else b""
    ways = [(factor >> 4, factor & 15) for factor in factors]
    widest, highest = max((w for w, _ in ways), default=0), max((h for _, h in ways), default=0)
    if not widest or not highest or len(ways) != frame[9]:
        return _FULL
    return sum(w * h for w, h in ways) / (widest * highest)
