"""HTML from outside becomes HTML that is safe to keep, with its text, its excerpt and its pictures.

Links lead to absolute http, https and mailto addresses only; a picture is the name of a file that we fetch ourselves,
so nothing in the result makes a viewer load anything. The heavy parts are imported when they are first needed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from desktop.core.html.image_keys import image_key
from desktop.core.html.markup import escape, strip_tags
from desktop.core.incoming import ImageRef
from desktop.core.text import plain

__all__ = ["Clean", "from_plain_text", "image_key", "sanitise", "sanitise_kept", "title_text"]

_LONGEST_TITLE = 10_000
_NO_TITLE = re.compile(r"<(script|style)\b.{0,2000}?</\1\s*>", re.IGNORECASE | re.DOTALL)
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True, slots=True)
class Clean:
    """Safe HTML, the same as plain text with an empty line between paragraphs, about 300 characters of it, and the
    pictures in the order of the text, the lead picture first."""

    html: str
    text: str
    excerpt: str
    images: tuple[ImageRef, ...]


def sanitise(html: str, base_url: str, lead: ImageRef | None = None) -> Clean:
    """Clean the HTML of an article whose relative addresses are relative to `base_url`. Never raises."""
    from desktop.core.html.captions import without_shortcodes
    from desktop.core.html.clean import clean

    return clean(without_shortcodes(html), base_url, None, lead)


def sanitise_kept(html: str, base_url: str, keys: frozenset[str]) -> Clean:
    """The same for HTML that was kept, here or by another Chorsu, and shows the pictures `keys` already: of our own
    HTML nothing is changed."""
    from desktop.core.html.clean import clean

    return clean(html, base_url, keys, None)


def title_text(html: str) -> str:
    """The plain text of a title that is HTML: tags removed, decoded once, on one line."""
    return plain(strip_tags(_NO_TITLE.sub("", html[:_LONGEST_TITLE])))


def from_plain_text(text: str) -> str:
    """Plain text as HTML: paragraphs at empty lines, line breaks elsewhere."""
    normal = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    paragraphs = [part.strip() for part in _BLANK_LINES.split(normal)] if normal else []
    return "".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in paragraphs if part)
