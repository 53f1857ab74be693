"""The text of kept HTML, found again from the HTML alone.

The store keeps no text that comes out of this as it went in, so this is a part of the store's format: what it gives for
any HTML must never change. It needs not be right for all: where it gives another text than `tree.plain_text` gave,
such as without the marks of notes, that text is kept beside the HTML.
"""

from __future__ import annotations

import re

_TAG = re.compile(r"</?([a-z][a-z0-9]*)[^<>]*>")
_PREFORMATTED = re.compile(r"(<pre(?: [^<>]*)?>[^<]*</pre>)")
_EMPTY_LINES = re.compile(r"\n\n\n+")  # a sixth of the time of replacing three by two until none are left
_BLOCKS = """
    address article aside blockquote caption center details dialog div dl fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hgroup hr main menu nav ol p pre section summary table ul
"""
_GAPS = {
    **dict.fromkeys(_BLOCKS.split(), "\n\n"),
    **dict.fromkeys(("br", "dd", "dt", "li", "tr"), "\n"),
    **dict.fromkeys(("td", "th"), " "),
}
_ESCAPES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&"))  # the ampersand last


def text_of(html: str) -> str:
    """What is left of the HTML without its tags: an empty line between blocks, single spaces, no space at the ends of
    lines, and line breaks only where the HTML has elements for them or is preformatted."""
    if "\n" in html:
        runs = _PREFORMATTED.split(html)
        runs[::2] = [run.replace("\n", " ") for run in runs[::2]]
        html = "".join(runs)
    parts = _TAG.split(html)
    parts[1::2] = [_GAPS.get(name, "") for name in parts[1::2]]
    text = "".join(parts)
    if "&" in text:
        for written, character in _ESCAPES:
            text = text.replace(written, character)
    while "  " in text:
        text = text.replace("  ", " ")
    text = "\n".join([line.strip() for line in text.split("\n")])
    return _EMPTY_LINES.sub("\n\n", text).strip()
