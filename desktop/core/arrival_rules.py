"""Rules for articles on their arrival: a search, and what to do with what it finds. Data, never a command."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desktop.core.errors import UsageError
from desktop.core.search import parse


@dataclass(frozen=True, slots=True)
class ArrivalRule:
    """A search in the language of `core.search`, in which every word is whole, and what to do."""

    id: int
    words: str
    read: bool = False
    star: bool = False
    notify: bool = False
    skip_pictures: bool = False  # they are not fetched by themselves
    tag: str = ""  # a tag to put on it
    never_keep: bool = False  # only a line of it stays; what is starred or has a note is kept all the same

    @property
    def whole_words(self) -> str:
        """The search as it is asked: its last word is no beginning."""
        return f"{self.words.strip()} "

    @property
    def action(self) -> str:
        """What it does, in words."""
        tag = [f"tag “{self.tag}”"] if self.tag else []
        return ", ".join([*tag, *(words for name, words in ACTS.items() if getattr(self, name))])

    @property
    def changes(self) -> bool:
        """Whether what it does can be taken back."""
        return self.marks or self.never_keep

    @property
    def marks(self) -> bool:
        """Whether it does anything to articles that are stored already."""
        return self.read or self.star or self.skip_pictures or bool(self.tag)


ACTS = {
    "read": "mark as read",
    "star": "star",
    "notify": "notify",
    "skip_pictures": "skip pictures",
    "never_keep": "never keep",
}


@dataclass(frozen=True, slots=True)
class RuleAct:
    """What a rule did to one article."""

    at: datetime
    article_id: int | None  # None for one that was not kept
    title: str
    undone: bool = False


@dataclass(frozen=True, slots=True)
class RuleBatch:
    """What rules did at one time, and can be taken back together."""

    number: int
    marked: int  # articles that were marked
    dropped: int  # articles that were not kept
    news: tuple[
        tuple[str, str], ...
    ] = ()  # (title, source) of those that the person is to be told of, the newest
    told: int = 0  # how many these are in all


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
        raise UsageError("A rule needs something to do.", "Such as to mark as read, or to star.")
    return rule
