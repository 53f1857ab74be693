"""Rules for articles on their arrival: a search, and what to do with what it finds. Data, never a command."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.core.errors import UsageError
from desktop.core.search import parse


@dataclass(frozen=True, slots=True)
class ArrivalRule:
    """A search in the language of `core.search`, in which every word is whole, and the marks to make."""

    id: int
    words: str
    read: bool = False
    star: bool = False

    @property
    def whole_words(self) -> str:
        """The search as it is asked: its last word is no beginning."""
        return f"{self.words.strip()} "

    @property
    def action(self) -> str:
        """What it does, in words."""
        return " and ".join([*(["mark as read"] if self.read else []), *(["star"] if self.star else [])])


def checked(rule: ArrivalRule) -> ArrivalRule:
    """The rule, if all of it can be read. Raises UsageError: one that is half understood would mark others."""
    search = parse(rule.whole_words)
    if search.problem:
        raise UsageError(search.problem, "A rule is kept only when all of it can be read.")
    if not search:
        raise UsageError(
            "A rule needs words or a filter to find articles by.", "Such as: source:herald sport"
        )
    if not rule.action:
        raise UsageError("A rule needs something to do.", "Mark as read, star, or both.")
    return rule
