"""Plain text from outside: one line for titles and labels, one folded form for search."""

from __future__ import annotations

import html
import re
import unicodedata

# Controls, line separators, zero-width characters and the marks that turn the direction of what follows.
# The joiners U+200C and U+200D stay: Persian words and emoji need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060-\u2064\ufeff\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]"
)
_SPACES = re.compile(r"[\s\u2028\u2029]+")
# The apostrophes of Uzbek, Kazakh and Karakalpak Latin script, typed in a dozen ways.
_APOSTROPHES = "'`´ʹʻʼʽˈ‘’‛′＇"
_POSSESSIVE = re.compile(rf"(?<=\w)[{_APOSTROPHES}]s\b")
_APOSTROPHE = re.compile(rf"[{_APOSTROPHES}]")
_YO = str.maketrans({"ё": "е", "ə": "ә"})


def plain(text: str, limit: int = 500) -> str:
    """One line of text without hidden characters, cut with "…" after `limit` characters."""
    line = _SPACES.sub(" ", _UNSEEN.sub("", text)).strip()
    if len(line) <= limit:
        return line
    return line[: limit - 1].rstrip() + "…"


def fold(text: str) -> str:
    """The form in which texts are compared and searched: no case, ё as е, apostrophes gone, one kind of letter."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_YO)
    return _APOSTROPHE.sub("", _POSSESSIVE.sub(" s", folded))


def unescape_once(text: str) -> str:
    """Decode HTML character references, one layer of them."""
    return html.unescape(text)
