"""When a feed cuts its texts, and whether the text of the article's page is a better one."""

from __future__ import annotations

import re
from enum import StrEnum

from desktop.core.fulltext_values import NO_BETTER
from desktop.core.html.markup import strip_tags
from desktop.core.text import fold

SHORT = 60  # words: a feed's text of fewer is taken for a teaser
LEAST = 25  # words: less is no article
OPEN = 250  # words: a page that shows so many has let us in, whatever else it says
AGREEING = 0.3  # of the feed's long words must stand in the full text
TELLING = 5  # letters of a word that tells of what a text is about
_FEWEST_TELLING = 6
_END = 300  # characters
_TAIL = 2_000  # characters of HTML in which the end of a text is looked for

_MORE = (
    *("read more", "read on", "read full article", "read the rest", "read the full", "continue reading"),
    *("keep reading", "full story", "читать далее", "читать дальше", "читать полностью", "читать подробнее"),
    *("подробнее", "подробности", "далее", "толығырақ", "жалғасын оқу", "толық оқу", "ары қарай оқу"),
    *("кененирээк", "толугу менен", "уландысын окуу", "batafsil", "davomini o.?qi(?:sh|ng)"),
    *("to.?liq o.?qish", "батафсил", "давомини ўқи(?:ш|нг)", "муфассал", "идомааш", "идомаи матн"),
    *("doly oka(?:ň|mak)", "dowamyny oka(?:ň|mak)", "giňişleýin", "devamını oku", "ətraflı", "davamını oxu"),
    *("ادامه مطلب", "weiterlesen", "lire la suite"),
)
# A part of each: to look for those takes a fiftieth of looking for the patterns.
_TELLTALES = tuple(max(re.split(r"[^\w\s]+", more), key=len).replace("ı", "i") for more in _MORE)
_CUT = re.compile(
    r"(?:…|\.\.\.|\[\s*(?:…|\.{2,3})\s*\])\s*$"  # dots, in brackets or not
    rf"|(?:^|[\s.…(\[])(?:{'|'.join(_MORE)})(?:\W*|\s*[:“«\"'].{{0,160}})$"  # alone, or with the title behind it
    r"|\b(?:continue reading|read more about)\b.{0,160}$",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")


class Obstacle(StrEnum):
    """Why a page shows no article; the value is the sentence for the reader."""

    NONE = ""
    PAYWALL = "The site asks for a subscription before it shows the whole text."
    CONSENT = "The site shows a page about cookies in place of the article."
    SCRIPT = "The page shows its text only to browsers that run its scripts."
    NO_ARTICLE = "No article was found on the page."
    TOO_LARGE = "The page is too large to be read."


SOMETHING_ELSE = "The page tells something else than the feed."


def is_cut(html: str, text: str) -> bool:
    """Whether a feed shows only the beginning of an article: `html` as published, `text` the same as plain text."""
    if len(text.split(None, SHORT)) < SHORT:
        return True
    ends = {_end_of(html), text[-_END:].rstrip()}  # most often one
    return any(_may_be_cut(end) and _CUT.search(end) for end in ends)


def _end_of(html: str) -> str:
    """The last 300 characters of the text of HTML, as far as they stand in the last 2,000 of that."""
    for tail in (_TAIL // 4, _TAIL // 2):  # the fewer tags, the less there is to read
        place = html.find("<", max(0, len(html) - tail))
        if place >= 0 and "--" not in html[place:]:
            line = " ".join(strip_tags(html[place:]).split())
            if len(line) >= _END:
                return line[-_END:]
    return " ".join(strip_tags(html[-_TAIL:]).split())[-_END:]


def _may_be_cut(end: str) -> bool:
    if end.rstrip().endswith(("…", "...", "]")):
        return True
    small = end.casefold().replace("ı", "i")
    return any(map(small.__contains__, _TELLTALES))


def refusal(feed_text: str, full_text: str, obstacle: Obstacle = Obstacle.NONE) -> str:
    """Why `full_text` may not stand beside the feed's text, as a sentence; "" when it may.

    It must be longer, tell of the same, and not be what a site puts in an article's place.
    """
    feed, full = _words(feed_text), _words(full_text)
    if obstacle is not Obstacle.NONE and len(full) < OPEN:
        return str(obstacle)
    if full and len(full) <= len(feed):
        return NO_BETTER
    if len(full) < LEAST:
        return str(Obstacle.NO_ARTICLE)
    telling = {word for word in feed if len(word) >= TELLING}
    if len(telling) >= _FEWEST_TELLING and len(telling.intersection(full)) < AGREEING * len(telling):
        return SOMETHING_ELSE
    return ""


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))
