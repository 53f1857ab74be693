"""Paragraphs of plain HTML that hold nothing but text, links that stay as they are, and stressed words: most of what
arrives. One pattern knows all of such a paragraph, in half of the time that its elements take one by one."""

from __future__ import annotations

import re
from typing import NamedTuple

from desktop.core.html.intake import decoded
from desktop.core.html.plain_tags import FINISHED_ADDRESS, known_start
from desktop.core.html.tree import even

_WORDS = r"\s*+[^<\s][^<]*+"  # not white space alone: such an element is none
_BESIDE = r'(?: (?:rel|target|data-[a-z]++)="[A-Za-z0-9 _-]{0,40}+"){1,4}'  # an address; not kept
_LINK = rf'<a href="(?=[^<>]{{1,900}}>){FINISHED_ADDRESS}"(?P<beside>{_BESIDE})?>{_WORDS}</a>'
_STRESS = rf"<(?P<stress>b|em|i|strong)>{_WORDS}</(?P=stress)>"
_INSIDE = rf"(?:[^<]++|{_LINK}|{_STRESS})*+"
_LINE = re.compile(rf"[ \n]*+<(?P<tag>p(?: [^<>]*+)?)>(?P<inside>{_INSIDE})")
_DECODED = re.compile(_INSIDE)
_NOT_KEPT = re.compile(r'(<a href="[^"]*") [^>]*')
_TAG = re.compile("<[^>]*>")


class Line(NamedTuple):
    """A paragraph: its start tag and what is inside, as kept; that as plain text; how many elements are in it."""

    written: str
    html: str
    words: str
    elements: int


def line_of(markup: str) -> Line | None:
    """What becomes of a paragraph, given without its end tag; None where it may hold something else, or an address
    that is to become a link. Raises NotPlain."""
    found = _LINE.fullmatch(markup)
    if found is None:
        return None
    html = found["inside"]
    tags = html.count("<")
    if "&" in html:
        html = decoded(html)
        if html.count("<") != tags or not _DECODED.fullmatch(html):
            return None
    if html.count(">") != tags:
        return None
    html = even(html).strip(" ")
    words = html
    if tags:
        if found["beside"]:
            html = _NOT_KEPT.sub(r"\1", html)
        words = _TAG.sub("", html).strip(" ")
    if not words or words.isspace() or words.lstrip().startswith("http"):
        return None
    return Line(known_start(found["tag"]).written, html.replace("&", "&amp;"), words, tags // 2)
