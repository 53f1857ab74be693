"""The search language: words and phrases, and filters such as `source:` and `is:unread`. Pure, and never raises.

    toqaev rate              both words; the last one may be a beginning while it is typed
    "exchange rate"          a phrase
    copper OR gold           either (also |); binds closer than the space
    -sport  -source:herald   without
    author:name  author:"full name"    words of the author
    source: folder: country:           of sources; source: takes a part of the title or address
    lang:ru                            the language of the article, that of its source where it does not say
    tag:banks  tag:"read later"        the person's tags, by their whole name
    is:unread  is:read  is:starred  has:note
    after:2026-01-31  before:2026-02   days are the person's own; after: takes the day in, before: does not

What cannot be read is told in a sentence, and its words are still looked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from desktop.core.models import ArticleQuery, View
from desktop.core.search_terms import WORDS, Search, SourceFilter, Term
from desktop.core.tags import tag_key
from desktop.core.text import fold
from desktop.core.transliteration import beginnings, key

SHORTEST_BEGINNING = 2
LONGEST = 500  # characters of a query that are read
_PART = re.compile(
    r"""(?P<minus>-?)(?:(?P<field>[a-z]+):)?(?:"(?P<phrase>[^"]*)(?P<end>"|\Z)|(?P<word>[^\s"]*))"""
)
_SOURCE_FIELDS = ("source", "folder", "lang", "country")
_MARKS = {
    "is": {"unread": ("read", False), "read": ("read", True), "starred": ("starred", True)},
    "has": {"note": ("note", True), "notes": ("note", True)},
}
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?\Z")


@lru_cache(maxsize=64)
def parse(words: str) -> Search:
    """Read what a person typed."""
    return _Reading(words[:LONGEST]).result()


def written(query: ArticleQuery, source_title: str = "") -> str:
    """A query in words alone; `source_title` is that of the source it is narrowed to."""
    place = {"source": source_title, "folder": query.folder or "", "tag": query.tag}
    place["country"] = query.country
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
    tags: list[list[str]] = field(default_factory=list)
    without_tags: list[str] = field(default_factory=list)
    states: dict[str, bool] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    problem: str = ""
    last: list[Term] | list[SourceFilter] | list[str] | None = None  # the group that an OR would add to
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
            tuple(map(tuple, self.tags)),
            tuple(self.without_tags),
            self.states.get("read"),
            self.states.get("starred"),
            self.states.get("note"),
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
        elif name in (*_SOURCE_FIELDS, "tag"):
            self._filter(name, value, minus=minus)
        elif name in ("is", "has", "after", "before"):
            self._narrow(name, value, minus=minus)
        elif name == "author":
            if not value.strip():
                self._complain(f"After “author:” comes a name, such as author:{_EXAMPLES[name]}.")
            self._look_for(value, open_ended=ends and not is_phrase, minus=minus, column="author")
        else:
            text = f"{name}:{value}" if name else value
            self._look_for(text, open_ended=ends and not is_phrase, minus=minus)

    def _look_for(self, text: str, *, open_ended: bool, minus: bool, column: str = "") -> None:
        """Words; those of one part, such as "pre-war", stand one after the other."""
        found = WORDS.findall(key(text))
        if not found:
            return
        endings: tuple[str, ...] = ()
        last = WORDS.findall(fold(text))[-1:]
        if open_ended and last and len(last[0]) >= SHORTEST_BEGINNING and text[-1:].isalnum():
            endings = tuple(one for one in beginnings(last[0]) if one)
        term = Term(tuple(found), endings, column)
        if minus:
            self.without.append(term)
            self._no_join("A word with a minus cannot stand beside “OR”.")
        else:
            self._join(term, self.terms)

    def _filter(self, name: str, value: str, *, minus: bool) -> None:
        value = tag_key(value) if name == "tag" else fold(value).strip()
        if not value:
            self._complain(f"After “{name}:” comes what to look for, such as {name}:{_EXAMPLES[name]}.")
        elif minus:
            if name == "tag":
                self.without_tags.append(value)
            else:
                self.without_sources.append(SourceFilter(name, value))
            self._no_join("A filter with a minus cannot stand beside “OR”.")
        elif name == "tag":
            self._join(value, self.tags)
        else:
            self._join(SourceFilter(name, value), self.sources)

    def _narrow(self, name: str, value: str, *, minus: bool) -> None:
        self._no_join(f"“{name}:” cannot stand beside “OR”.")
        if name in _MARKS:
            self._mark(name, value.casefold(), minus=minus)
            return
        day = _day(value)
        if day is None:
            self._complain(f"After “{name}:” comes a day, such as {name}:2026-01-31.")
        elif (name == "after") != minus:
            self.since = day if self.since is None else max(self.since, day)
        else:
            self.until = day if self.until is None else min(self.until, day)

    def _mark(self, field_name: str, value: str, *, minus: bool) -> None:
        known = _MARKS[field_name]
        if value not in known:
            self._complain(_KNOWN_MARKS[field_name])
            return
        name, means = known[value]
        wanted = means != minus
        if self.states.setdefault(name, wanted) != wanted:
            self._complain(
                f"Nothing is both “{field_name}:{value}” and its opposite; the first one is taken."
            )

    def _join(
        self,
        one: Term | SourceFilter | str,
        groups: list[list[Term]] | list[list[SourceFilter]] | list[list[str]],
    ) -> None:
        if self.joins and self.last is not None and groups and groups[-1] is self.last:
            groups[-1].append(one)  # type: ignore[arg-type]  # the group is of its kind
        else:
            if self.joins:
                self._complain(
                    "“OR” joins words with words, filters of sources with each other, and tags with tags."
                )
            groups.append([one])  # type: ignore[list-item]
        self.last = groups[-1]
        self.joins = False

    def _no_join(self, sentence: str) -> None:
        if self.joins:
            self._complain(sentence)
        self.joins, self.last = False, None

    def _complain(self, sentence: str) -> None:
        self.problem = self.problem or sentence


_KNOWN_MARKS = {"is": "“is:” knows unread, read and starred.", "has": "“has:” knows note."}
_EXAMPLES = {
    "author": "Davletova", "source": "herald", "folder": "Banks", "lang": "ru", "country": "KZ", "tag": "banks",
}  # fmt: skip


def _day(text: str) -> date | None:
    """A day; of a month or a year the first one."""
    found = _DAY.match(text)
    try:
        day = date(*(int(part or 1) for part in found.groups())) if found else None
        return day if day and 1970 <= day.year <= 9000 else None
    except ValueError:
        return None
