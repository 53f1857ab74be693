"""Twelve strings that a careless window would take for markup, a format, a shortcut or a command.

Each carries a mark, a word that says where it was put, so that a walk through the windows can tell where it came out.
"""

from __future__ import annotations

import re

from desktop.core.text import plain

CANARY = "/chorsu-canary.png"  # replaced by the file that nobody may open
STRINGS = (
    'MARK <img src="file:///chorsu-canary.png"> x',
    '<b style="font-size:200000px">MARK</b>',
    f"MARK {'<table><tr><td>' * 19}x",
    '<a href="file:///chorsu-canary.png">MARK</a>',
    "MARK &lt;script&gt;x&lt;/script&gt; &amp; &#60;i&#62;",
    "MARK %s %n %1 %L1 {0} {name} $HOME \x1b[31mred\x1b]0;t\x07\x9b2J \x00end",
    "MARK &File && Accel & _x [*]",
    "MARK \u202egpj.exe\u202c \u2067\u200fend",
    f"MARK {'w' * 65_536}",
    "\u200b \u2003\u2060\u3164",  # nothing to be seen, so no mark either
    "MARK\r\nSet-Cookie: a=b\n<img src='file:///chorsu-canary.png'>",
    '=HYPERLINK("file:///chorsu-canary.png";"MARK")',
)
BLANK = 9
MARKED = tuple(number for number in range(len(STRINGS)) if number != BLANK)

_MARK = re.compile(r"qz([a-z]+)(\d\d)zq", re.IGNORECASE)


def hostile(field: str, number: int, canary: str) -> str:
    """String `number`, as it is put into a field; `canary` is the path of the file that it names."""
    return STRINGS[number].replace("MARK", mark(field, number)).replace(CANARY, canary)


def mark(field: str, number: int) -> str:
    """The word that a string carries."""
    return f"qz{field}{number:02}zq"


def marks(text: str) -> list[tuple[str, int, int]]:
    """Which strings a text shows: field, number, and the place of the mark."""
    return [(found[1].lower(), int(found[2]), found.start()) for found in _MARK.finditer(text)]


def shows(text: str, value: str, at: int, *, is_part: bool = False) -> bool:
    """Whether `text`, whose mark stands at `at`, shows `value` letter by letter, perhaps cut with "…".

    A part is a line of a text that was broken: it may begin and end anywhere.
    """
    expected = plain(value, 70_000).removesuffix("…")
    found = _MARK.search(expected)
    assert found is not None
    before, after = expected[: found.start()], expected[found.start() :]
    head, tail = " ".join(text[:at].split()), " ".join(text[at:].split())
    if not is_part and not head.endswith(before.rstrip()):
        return False
    same = next(
        (place for place, (a, b) in enumerate(zip(after, tail, strict=False)) if a != b),
        min(len(after), len(tail)),
    )
    return same == len(after) or tail[same : same + 1] == "…" or (is_part and same == len(tail))
