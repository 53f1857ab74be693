"""The search language: words and phrases, and filters such as `source:` and `is:unread`. Pure, and never raises.

    toqaev rate              both words; the last one may be a beginning while it is typed
    "exchange rate"          a phrase
    copper OR gold           either (also |); binds closer than the space
    -sport  -source:herald   without
    source: folder: lang: country:     of sources; source: takes a part of the title or address
    is:unread  is:read  is:starred
    after:2026-01-31  before:2026-02   days are the person's own; after: takes the day in, before: does not

What cannot be read is told in a sentence, and its words are still looked for.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from desktop.core.models import ArticleQuery, Source, View
from desktop.core.text import fold
from desktop.core.transliteration import beginnings, key

SHORTEST_BEGINNING = 2
LONGEST = 500  # characters of a query that are read
_PART = re.compile(
    r"""(?P<minus>-?)(?:(?P<field>[a-z]+):)?(?:"(?P<phrase>[^"]*)(?P<end>"|\Z)|(?P<word>[^\s"]*))"""
)
WORDS = re.compile(r"[^\W_]+")
_SOURCE_FIELDS = ("source", "folder", "lang", "country")
_STATES = ("unread", "read", "starred")
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?\Z")


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand one after the other, as keys; `open_ended`: the last is a beginning, perhaps in two ways."""

    words: tuple[str, ...]
    endings: tuple[str, ...] = ()  # of the last word, where it is a beginning

    @property
    def open_ended(self) -> bool:
        return bool(self.endings)


@dataclass(frozen=True, slots=True)
class SourceFilter:
    """What `field:value` asks of a source; the value is folded."""

    field: str
    value: str

    def fits(self, source: Source) -> bool:
        if self.field == "source":
            return _sounds_within(self.value, source.title) or self.value in fold(source.url)
        if self.field == "folder":
            name, asked = fold(source.folder), self.value.strip("/")
            return name == asked or name.startswith(f"{asked}/") or _sounds_within(asked, source.folder)
        told = fold(source.language if self.field == "lang" else source.country)
        return told == self.value or told.startswith(f"{self.value}-")


@dataclass(frozen=True, slots=True)
class Search:
    """What a query asks for: all of it must hold. `problem` says what could not be read, "" for nothing."""

    terms: tuple[tuple[Term, ...], ...] = ()  # each group: any of its terms
    without: tuple[Term, ...] = ()
    sources: tuple[tuple[SourceFilter, ...], ...] = ()  # each group: any of its filters
    without_sources: tuple[SourceFilter, ...] = ()
    read: bool | None = None
    starred: bool | None = None
    since: date | None = None
    until: date | None = None  # this day is no longer of it
    problem: str = ""

    def __bool__(self) -> bool:
        return bool(self.terms or self.without or self.narrows_sources) or self.narrows_articles

    @property
    def narrows_sources(self) -> bool:
        return bool(self.sources or self.without_sources)

    @property
    def narrows_articles(self) -> bool:
        """Whether more than words is asked of an article itself."""
        return (self.read, self.starred, self.since, self.until) != (None, None, None, None)

    def ids_of(self, sources: Iterable[Source]) -> list[int]:
        """Which of the sources to look in."""
        return [
            one.id
            for one in sources
            if all(any(wanted.fits(one) for wanted in group) for group in self.sources)
            and not any(unwanted.fits(one) for unwanted in self.without_sources)
        ]

    @property
    def expression(self) -> str:
        """The words in the syntax of SQLite's FTS5; "" when there are none to look for. Every word stands in quotes
        and no key holds one, so that no input is a syntax error."""
        if not self.terms:
            return ""
        wanted = " AND ".join(_either(group) for group in self.terms)
        return f"({wanted}) NOT {_either(self.without)}" if self.without else wanted

    @property
    def unwanted(self) -> str:
        """The words that must not be there, where there is no other word to look for."""
        return _either(self.without) if self.without and not self.terms else ""


def _either(terms: Collection[Term]) -> str:
    return f"({' OR '.join(one for term in terms for one in _written(term))})"


def _written(term: Term) -> list[str]:
    if not term.endings:
        return [f'"{" ".join(term.words)}"']
    return [f'"{" ".join((*term.words[:-1], ending))}" *' for ending in term.endings]


@lru_cache(maxsize=64)
def parse(words: str) -> Search:
    """Read what a person typed."""
    return _Reading(words[:LONGEST]).result()


def written(query: ArticleQuery, source_title: str = "") -> str:
    """A query in words alone; `source_title` is that of the source it is narrowed to."""
    place = {"source": source_title, "folder": query.folder or ""}
    parts = [f'{name}:"{value.replace(chr(34), " ")}"' for name, value in place.items() if value]
    if query.unread_only or query.view is View.UNREAD:
        parts.append("is:unread")
    if query.view is View.STARRED:
        parts.append("is:starred")
    words = query.words.strip()
    closing = '"' if words.count('"') % 2 else ""
    return " ".join([*parts, words + closing])


@dataclass(slots=True)
class _Reading:
    """One query on its way to a Search."""

    words: str
    terms: list[list[Term]] = field(default_factory=list)
    without: list[Term] = field(default_factory=list)
    sources: list[list[SourceFilter]] = field(default_factory=list)
    without_sources: list[SourceFilter] = field(default_factory=list)
    states: dict[str, bool] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    problem: str = ""
    last: list[Term] | list[SourceFilter] | None = None  # the group that an OR would add to
    joins: bool = False  # an OR came, and what it joins is to follow

    def result(self) -> Search:
        for part in _PART.finditer(self.words):
            if part.group().strip():
                self._take(part, ends=part.end() == len(self.words))
        if self.joins:
            self._complain("“OR” stands between two words.")
        return Search(
            tuple(map(tuple, self.terms)),
            tuple(self.without),
            tuple(map(tuple, self.sources)),
            tuple(self.without_sources),
            self.states.get("read"),
            self.states.get("starred"),
            self.since,
            self.until,
            self.problem,
        )

    def _take(self, part: re.Match[str], *, ends: bool) -> None:
        minus, name = bool(part["minus"]), part["field"] or ""
        is_phrase = part["phrase"] is not None
        value = part["phrase"] if is_phrase else part["word"]
        if value in ("OR", "|") and not (minus or name or is_phrase):
            if self.last is None:
                self._complain("“OR” stands between two words.")
            self.joins = self.last is not None
        elif name in _SOURCE_FIELDS:
            self._filter(name, value, minus=minus)
        elif name in ("is", "after", "before"):
            self._narrow(name, value, minus=minus)
        else:
            text = f"{name}:{value}" if name else value
            self._look_for(text, open_ended=ends and not is_phrase, minus=minus, phrase=is_phrase)

    def _look_for(self, text: str, *, open_ended: bool, minus: bool, phrase: bool) -> None:
        """Words; those of one part, such as "pre-war", stand one after the other."""
        found = WORDS.findall(key(text))
        if not found:
            return
        endings: tuple[str, ...] = ()
        last = WORDS.findall(fold(text))[-1:]
        if open_ended and last and len(last[0]) >= SHORTEST_BEGINNING and text[-1:].isalnum():
            endings = tuple(one for one in beginnings(last[0]) if one)
        term = Term(tuple(found), endings)
        if minus:
            self.without.append(term)
            self._no_join("A word with a minus cannot stand beside “OR”.")
        else:
            self._join(term, self.terms)

    def _filter(self, name: str, value: str, *, minus: bool) -> None:
        value = fold(value).strip()
        if not value:
            self._complain(f"After “{name}:” comes what to look for, such as {name}:{_EXAMPLES[name]}.")
        elif minus:
            self.without_sources.append(SourceFilter(name, value))
            self._no_join("A filter with a minus cannot stand beside “OR”.")
        else:
            self._join(SourceFilter(name, value), self.sources)

    def _narrow(self, name: str, value: str, *, minus: bool) -> None:
        self._no_join(f"“{name}:” cannot stand beside “OR”.")
        if name == "is":
            self._state(value.casefold(), minus=minus)
            return
        day = _day(value)
        if day is None:
            self._complain(f"After “{name}:” comes a day, such as {name}:2026-01-31.")
        elif (name == "after") != minus:
            self.since = day if self.since is None else max(self.since, day)
        else:
            self.until = day if self.until is None else min(self.until, day)

    def _state(self, value: str, *, minus: bool) -> None:
        if value not in _STATES:
            self._complain("“is:” knows unread, read and starred.")
            return
        name = "starred" if value == "starred" else "read"
        wanted = (value != "unread") != minus
        if self.states.setdefault(name, wanted) != wanted:
            self._complain(f"Nothing is both “is:{value}” and its opposite; the first one is taken.")

    def _join(self, one: Term | SourceFilter, groups: list[list[Term]] | list[list[SourceFilter]]) -> None:
        if self.joins and self.last is not None and groups and groups[-1] is self.last:
            groups[-1].append(one)  # type: ignore[arg-type]  # the group is of its kind
        else:
            if self.joins:
                self._complain("“OR” joins words with words, and filters of sources with each other.")
            groups.append([one])  # type: ignore[list-item]
        self.last = groups[-1]
        self.joins = False

    def _no_join(self, sentence: str) -> None:
        if self.joins:
            self._complain(sentence)
        self.joins, self.last = False, None

    def _complain(self, sentence: str) -> None:
        self.problem = self.problem or sentence


_EXAMPLES = {"source": "herald", "folder": "Banks", "lang": "ru", "country": "KZ"}


def _day(text: str) -> date | None:
    """A day; of a month or a year the first one."""
    found = _DAY.match(text)
    try:
        day = date(*(int(part or 1) for part in found.groups())) if found else None
        return day if day and 1970 <= day.year <= 9000 else None
    except ValueError:
        return None


def _sounds_within(value: str, text: str) -> bool:
    """Whether some word of `text` begins as `value` does, in whatever letters."""
    return _keys(value) in _keys(text)


@lru_cache(maxsize=2048)
def _keys(text: str) -> str:
    return f" {' '.join(WORDS.findall(key(text)))}"
