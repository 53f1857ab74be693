"""Text from outside as plain text: safe to show on one line, and folded for search. Never raises."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

PLAIN_LIMIT = 500
_READ_AT_MOST = 64_000  # of a field that is shown on one line

# As texts: a start that shows nothing but plain words compiles none of them.
# Controls, surrogates, bidirectional marks and overrides, soft hyphens, zero-width characters, language tags,
# annotation marks and what is no character at all. U+200C and U+200D have rules of their own.
_UNSEEN = (
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
# Joiners shape Persian words and hold emoji together; anywhere else they hide.
_STRAY_JOINER = r"[\u200c\u200d]+(?=[\s\x00-\x7f]|\Z)|(?<![^\s\x00-\x7f])[\u200c\u200d]+"
_JOINER_RUN = r"([\u200c\u200d])[\u200c\u200d]+"
_MARK_FLOOD = (
    r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]{4})[\u0300-\u036f\u0483-\u0489"
    r"\u1ab0-\u1aff\u20d0-\u20ff]+"
)
# What these change although Python takes it for printable: fillers and marks; and all from U+E0000 on.
_MARKS = (range(0x300, 0x370), range(0x483, 0x48A), range(0x1AB0, 0x1B00), range(0x20D0, 0x2100))
_SUSPECT = frozenset("\u115f\u1160\u3164\uffa0").union(*(map(chr, marks) for marks in _MARKS))

_APOSTROPHES = "`´ʹʻʼʽʾʿˈ‘’‛′＇"
# The sign first, then what stands before it: it is looked for in a tenth of the time.
_POSSESSIVE = r"'(?<=\w')(?=s\b)"
_WITHIN_WORD = r"'(?<=\w')(?=\w)"
_BEFORE_WORDS = r"^[\W_]+"
_LATIN_ACCENT = "([a-z])[\u0300-\u036f]+"
# After all words that begin with the letter that they are made of: әлем after ая, before бал.
_FOLLOWING = str.maketrans(
    {
        letter: f"{base}{chr(0xFFFE)}"
        for base, letters in {
            "а": "ә",
            "г": "ғ",
            "и": "йӣі",
            "к": "қ",
            "н": "ң",
            "о": "ө",
            "у": "ўұүӯ",
            "х": "һҳ",
            "ч": "ҷ",
        }.items()
        for letter in letters
    }
)


_compiled = cache(re.compile)  # `re` keeps those that were used last, and forgets them among others


def plain(text: str, limit: int = PLAIN_LIMIT) -> str:
    """`text` on one line of at most `limit` characters, cut with "…", without anything that acts or hides."""
    text = visible(text[:_READ_AT_MOST])
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: max(0, limit - 1)].rstrip() + "…"


def visible(text: str) -> str:
    """`text` without control, direction and zero-width characters; white space and line ends stay."""
    if text.isprintable() and (text.isascii() or (_SUSPECT.isdisjoint(text) and max(text) < "\U000e0000")):
        return text
    text = _compiled(_UNSEEN).sub("", text)
    text = _compiled(_STRAY_JOINER).sub("", _compiled(_JOINER_RUN).sub(r"\1", text))
    return _compiled(_MARK_FLOOD).sub(r"\1", text)


def fold(text: str) -> str:
    """`text` as it is compared and searched: case, ё and е, compatibility forms and apostrophes are one.

    The apostrophe of Uzbek and Kazakh words is dropped in all its writings; an English 's is a word of its own.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = _compiled(_UNSEEN).sub("", text).replace("\u200c", "").replace("\u200d", "")
    text = text.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("ё", "е").replace("ı", "i")
    for apostrophe in "`" if text.isascii() else _APOSTROPHES:
        text = text.replace(apostrophe, "'")
    if "'" in text:
        text = _compiled(_WITHIN_WORD).sub("", _compiled(_POSSESSIVE).sub(" ", text)).replace("'", " ")
    return text


def collated(title: str) -> str:
    """What titles are sorted by: Latin before Cyrillic, each by its alphabet, without case, accents of Latin letters
    and the signs in front. Letters of Turkic and Tajik alphabets follow the letter that they are made of."""
    text = unicodedata.normalize("NFC", _compiled(_BEFORE_WORDS).sub("", fold(title))).translate(_FOLLOWING)
    if not text.isascii():
        text = _compiled(_LATIN_ACCENT).sub(r"\1", unicodedata.normalize("NFKD", text))
    return " ".join(text.split())


def title_key(title: str, source_id: int) -> tuple[str, int]:
    """What sources are sorted by in a list by source."""
    return title.casefold(), source_id
