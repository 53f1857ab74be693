"""What changed between two texts: paragraphs that belong together, and word by word within them. Pure.

Comparing words costs the product of the lengths; where that is too much, a paragraph counts as rewritten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WORDS = re.compile(r"\s+|\w+(?:[-'’ʻʼ.,]\w+)*|[^\w\s]")
_PARAGRAPHS = re.compile(r"\n+")
MOST_PAIRS = 4_000_000  # of words that are compared within one paragraph: a tenth of a second
MOST_PARAGRAPHS = 1_500
ALIKE = 0.4  # paragraphs with so much in common are one that was edited
GLUE = 2  # characters: an unchanged space or comma between two changes is shown as part of them


class Fate(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text of one fate."""

    fate: Fate
    text: str


Paragraph = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Two versions as one text: its paragraphs in order, those that both have too."""

    paragraphs: tuple[Paragraph, ...]

    @property
    def added(self) -> int:
        """How many pieces are new."""
        return self._count(Fate.ADDED)

    @property
    def removed(self) -> int:
        """How many pieces are gone."""
        return self._count(Fate.REMOVED)

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)

    def _count(self, fate: Fate) -> int:
        return sum(run.fate is fate for paragraph in self.paragraphs for run in paragraph)


def compare(old: str, new: str) -> Difference:
    """Tell what was added to and removed from `old` to make `new`; spaces at the ends of paragraphs do not count."""
    before, after = _split(old), _split(new)
    if max(len(before), len(after)) > MOST_PARAGRAPHS:
        return Difference((*_all(Fate.REMOVED, before), *_all(Fate.ADDED, after)))
    found: list[Paragraph] = []
    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            found += _all(Fate.SAME, after[c:d])
        else:
            found += _edited(before[a:b], after[c:d])
    return Difference(tuple(found))


def marked(difference: Difference) -> str:
    """The text with [-what was removed-] and {+what was added+}, an empty line between paragraphs."""
    signs = {Fate.SAME: "{}", Fate.ADDED: "{{+{}+}}", Fate.REMOVED: "[-{}-]"}
    paragraphs = ("".join(signs[run.fate].format(run.text) for run in one) for one in difference.paragraphs)
    return "\n\n".join(paragraphs)


def _split(text: str) -> list[str]:
    return [part.strip() for part in _PARAGRAPHS.split(text) if part.strip()]


def _all(fate: Fate, paragraphs: Sequence[str]) -> list[Paragraph]:
    return [(Run(fate, text),) for text in paragraphs]


def _edited(before: Sequence[str], after: Sequence[str]) -> list[Paragraph]:
    """Paragraphs in place of others: each is compared with the next former one that it is like."""
    found: list[Paragraph] = []
    start = 0
    for text in after:
        match = next((at for at in range(start, len(before)) if _are_alike(before[at], text)), None)
        if match is None:
            found += _all(Fate.ADDED, [text])
            continue
        found += _all(Fate.REMOVED, before[start:match])
        found.append(_words(before[match], text))
        start = match + 1
    return found + _all(Fate.REMOVED, before[start:])


def _are_alike(one: str, other: str) -> bool:
    former, later = _WORDS.findall(one), _WORDS.findall(other)
    if len(former) * len(later) > MOST_PAIRS:
        return False
    matcher = SequenceMatcher(None, former, later, autojunk=False)
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _words(old: str, new: str) -> Paragraph:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    runs: list[Run] = []
    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            runs.append(Run(Fate.SAME, "".join(after[c:d])))
            continue
        gone, come = "".join(before[a:b]), "".join(after[c:d])
        runs += [Run(fate, text) for fate, text in ((Fate.REMOVED, gone), (Fate.ADDED, come)) if text]
    return tuple(_glued(runs))


def _glued(runs: Sequence[Run]) -> Iterator[Run]:
    """Changes that only a space or a comma parts become one, since three words in one piece are read at once."""
    gone = come = ""
    for at, run in enumerate(runs):
        is_between = bool(gone or come) and 0 < at < len(runs) - 1
        if run.fate is Fate.SAME and not (is_between and len(run.text) <= GLUE and not run.text.isalnum()):
            yield from _changed(gone, come)
            gone = come = ""
            yield run
            continue
        gone += run.text if run.fate is not Fate.ADDED else ""
        come += run.text if run.fate is not Fate.REMOVED else ""
    yield from _changed(gone, come)


def _changed(gone: str, come: str) -> Iterator[Run]:
    if gone:
        yield Run(Fate.REMOVED, gone)
    if come:
        yield Run(Fate.ADDED, come)
