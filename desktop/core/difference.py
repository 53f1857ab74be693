"""What changed between two texts: paragraphs that belong together, and word by word within them. Pure.

Comparing costs the product of the lengths; where that is too much, a paragraph counts as rewritten.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_PIECES = re.compile(r"\s+|\w+(?:[-'’ʻʼ.,]\w+)*|[^\w\s]")
_WORD = re.compile(r"\w+")
_PARAGRAPHS = re.compile(r"\n+")
MOST_WORD_PAIRS = 500_000  # compared in all: a twentieth of a second
MOST_PARAGRAPHS = 1_500
MOST_PARAGRAPH_PAIRS = 2_500  # in one place: where fifty stand for fifty others, the text was written anew
ALIKE = 0.5  # paragraphs that share so many of their words are one that was edited
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
    editing = _Editing()
    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            found += _all(Fate.SAME, after[c:d])
        else:
            found += editing.paragraphs(before[a:b], after[c:d])
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


class _Editing:
    """Compares paragraphs that stand in place of others, as long as the work is bounded."""

    def __init__(self) -> None:
        self._left = MOST_WORD_PAIRS

    def paragraphs(self, before: Sequence[str], after: Sequence[str]) -> list[Paragraph]:
        """Each of `after` is compared with the next one of `before` that it is like."""
        if len(before) * len(after) > MOST_PARAGRAPH_PAIRS:
            return [*_all(Fate.REMOVED, before), *_all(Fate.ADDED, after)]
        former = [_words(text) for text in before]
        found: list[Paragraph] = []
        start, new = 0, list[str]()
        for text in after:
            words = _words(text)
            match = next((at for at in range(start, len(before)) if _are_alike(former[at], words)), None)
            if match is None:
                new.append(text)
                continue
            found += [*_all(Fate.REMOVED, before[start:match]), *_all(Fate.ADDED, new)]
            found.append(self._within(before[match], text))
            start, new = match + 1, []
        return [*found, *_all(Fate.REMOVED, before[start:]), *_all(Fate.ADDED, new)]

    def _within(self, old: str, new: str) -> Paragraph:
        before, after = _PIECES.findall(old), _PIECES.findall(new)
        head = _shared(before, after)
        tail = _shared(before[head:][::-1], after[head:][::-1])
        lead, trail = "".join(after[:head]), "".join(after[len(after) - tail :])
        before, after = before[head : len(before) - tail], after[head : len(after) - tail]
        self._left -= len(before) * len(after)
        if self._left < 0:
            return tuple(_changed(old, new))
        runs = [Run(Fate.SAME, lead)] if lead else []
        # Spaces are junk: they stand everywhere, and two texts are never aligned by them.
        for what, a, b, c, d in SequenceMatcher(str.isspace, before, after, autojunk=False).get_opcodes():
            if what == "equal":
                runs.append(Run(Fate.SAME, "".join(after[c:d])))
            else:
                runs += _changed("".join(before[a:b]), "".join(after[c:d]))
        return tuple(_glued([*runs, Run(Fate.SAME, trail)] if trail else runs))


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.casefold()))


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many pieces both begin with."""
    return next(
        (at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]),
        min(len(one), len(other)),
    )


def _are_alike(one: Counter[str], other: Counter[str]) -> bool:
    total = one.total() + other.total()
    return total > 0 and 2 * (one & other).total() >= ALIKE * total


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
