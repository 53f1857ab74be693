"""What publishing software puts under a text, and the few words that stand for it in a list."""

from __future__ import annotations

import re

from desktop.core.html.markup import BLOCK
from desktop.core.html.tree import Node

EXCERPT = 300  # characters
_LONGEST_CREDIT = 700
_CREDIT = re.compile(
    r"(?:The post|The article|This post|Запись|Сообщение|Статья|Публикация)\s.{1,400}?\s"
    r"(?:appeared first on|first appeared on|was first published on|впервые появил\w+ на|появил\w+ сначала на)"
    r"\s.{1,200}",
    re.DOTALL,
)
_LONGEST_TAIL = 1_000  # characters that a credit and what stands round it may have
# Nothing of these says what an article is about.
NOT_IN_EXCERPT = frozenset({"figure", "table", "pre", "h2", "h3", "h4", "h5", "h6"})
_BRACKETED_DOTS = re.compile(r"\[ ?(?:…|\.\.\.|&hellip;|&#8230;) ?\]")
_ENDS = (
    re.compile(
        r"(?:\s*(?:…|\.\.\.))?\s*\(?(?:Continue reading|Keep reading|Read the rest of)\b[^\n]{0,250}$",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:\s*(?:…|\.\.\.))?\s*[\[(]?(?:Read more|Read full article|Full story|Читать далее|Читать дальше"
        r"|Читать полностью|Подробнее|Толығырақ|Кененирээк|Batafsil)\s*(?:…|\.\.\.|→|»|>+|:)*\s*[\])]?\s*$",
        re.IGNORECASE,
    ),
)
# One of these stands in each of the ends. To look for them first takes a hundredth of trying the patterns.
_END_WORDS = (
    *("reading", "read the rest of", "read more", "read full article", "full story", "читать", "подробнее"),
    *("толығырақ", "кененирээк", "batafsil"),
)
_LONGEST_END = 1_000
_DOTS = re.compile(r"[\s.…,;:–—-]*(?:…|\.\.\.)$")


def may_end_in_credit(text: str) -> bool:
    """Whether a text with single spaces may end in "The post ... appeared first on ...": without, it does not."""
    tail = text[-_LONGEST_TAIL:]
    return ("first" in tail or "появил" in tail) and _CREDIT.search(tail) is not None


def is_credit(text: str) -> bool:
    """Whether a text is such a credit and nothing else."""
    return _CREDIT.fullmatch(" ".join(text.split())) is not None


def cut_tails(root: Node) -> bool:
    """Remove "The post ... appeared first on ..." from the end; whether there was one."""
    found = False
    while _cut_tail(root):
        found = True
    return found


def _cut_tail(root: Node) -> bool:
    parent = root
    while parent.children:
        last = len(parent.children) - 1
        while last >= 0 and not _text(parent.children[last]).strip():
            last -= 1
        if last < 0:
            break
        child = parent.children[last]
        if isinstance(child, Node) and child.tag in BLOCK:
            if is_credit(_text(child)) and not child.has("img"):
                del parent.children[last]
                return True
            parent = child
            continue
        return _cut_inline(parent)
    return False


def _cut_inline(parent: Node) -> bool:
    """The credit as the last words and links of a block."""
    for place in range(len(parent.children) - 1, max(-1, len(parent.children) - 12), -1):
        child = parent.children[place]
        if isinstance(child, Node):
            if child.tag in BLOCK:
                break
            continue
        for start in re.finditer(r"The post|This post|Запись|Сообщение", child[-_LONGEST_CREDIT:]):
            begin = max(0, len(child) - _LONGEST_CREDIT) + start.start()
            rest = child[begin:] + "".join(_text(each) for each in parent.children[place + 1 :])
            if _CREDIT.fullmatch(rest.strip()):
                parent.children[place:] = [child[:begin].rstrip()]
                return True
    return False


def _text(child: Node | str) -> str:
    """As much of the text below as a credit may have."""
    if isinstance(child, str):
        return child
    parts: list[str] = []
    length = 0
    for word in child.words():
        parts.append(word)
        length += len(word.strip())
        if length > _LONGEST_CREDIT:
            break
    return " ".join("".join(parts).split())


def excerpt_of(text: str) -> str:
    """About 300 characters on one line, cut at a word with "…", without "Read more" and its like."""
    if len(text) > EXCERPT * 8 and len(head := " ".join(text[: EXCERPT * 2].split())) > EXCERPT:
        return _cut_at_word(head)
    line = " ".join(text[: EXCERPT * 8].split())
    is_cut = len(line) > EXCERPT
    if len(text) <= EXCERPT * 8:
        line, was_cut = _without_ends(line)
        is_cut = len(line) > EXCERPT
        if was_cut and not is_cut:
            bare = _DOTS.sub("", line).rstrip(" ,;:–—-")
            return bare if not bare or bare[-1] in ".!?…" else f"{bare}…"
    return _cut_at_word(line) if is_cut else line


def _cut_at_word(line: str) -> str:
    head, space, _ = line[: EXCERPT - 1].rpartition(" ")
    kept = head if space and len(head) > EXCERPT // 2 else line[: EXCERPT - 1]
    return kept.rstrip(" ,;:–—-") + "…"


def _without_ends(line: str) -> tuple[str, bool]:
    was_cut = False
    found = True
    while found:
        found = False
        bracket = line.rfind("[")
        if bracket >= 0 and _BRACKETED_DOTS.fullmatch(line, bracket):
            line, found, was_cut = line[:bracket].rstrip(), True, True
        last = line[-_LONGEST_END:].lower()
        for end in _ENDS if any(word in last for word in _END_WORDS) else ():
            shorter = end.sub("", line)
            if shorter != line:
                line, found, was_cut = shorter, True, True
    return line, was_cut
