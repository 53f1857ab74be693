"""What a search asks for, as values: terms, filters of sources, marks, days. `core.search` reads them from words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from desktop.core.lens import country_of
from desktop.core.models import Place
from desktop.core.text import fold
from desktop.core.transliteration import key

WORDS = re.compile(r"[^\W_]+")
_START = "\ue001"
START = 3  # letters of a beginning that stands in the index as a word of its own
_PARTED = {code: " " for code in range(128) if not chr(code).isalnum()}
_STARTS = re.compile(rf"([^\W_]{{{START}}})[^\W_]+")
_PARTED_STARTS = re.compile(f" ([^ ]{{{START}}})[^ ]")


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand one after the other, as keys; `open_ended`: the last is a beginning, perhaps in two ways."""

    words: tuple[str, ...]
    endings: tuple[str, ...] = ()  # of the last word, where it is a beginning
    column: str = ""  # of the index, where the words must stand in one
    sources: tuple[int, ...] = ()  # those whose names have the words: all of their articles count as hits

    @property
    def open_ended(self) -> bool:
        return bool(self.endings)

    def names(self, title: str) -> bool:
        """Whether the words stand in the name of a source."""
        wanted = [" ".join((*self.words[:-1], one)) for one in self.endings] or [f"{' '.join(self.words)} "]
        return not self.column and any(f" {one}" in f"{_keys(title)} " for one in wanted)


class Candidate(NamedTuple):
    """What filters look at of a source."""

    id: int
    title: str
    url: str
    site_url: str
    folder: str
    language: str
    country: str


@dataclass(frozen=True, slots=True)
class SourceFilter:
    """What `field:value` asks of a source; the value is folded."""

    field: str
    value: str

    def fits(self, source: Candidate, language: str) -> bool:
        """Whether articles of a source that are in some language are asked for."""
        if self.field == "source":
            return _sounds_within(self.value, source.title) or self.value in fold(source.url)
        if self.field == "folder":
            name, asked = fold(source.folder), self.value.strip("/")
            return name == asked or name.startswith(f"{asked}/") or _sounds_within(asked, source.folder)
        if self.field == "country":
            return fold(country_of(source.country, (source.site_url, source.url))) == self.value
        told = fold(language).replace("_", "-")
        return told == self.value or told.startswith(f"{self.value}-")


class Spoken(NamedTuple):
    """A language that articles of a source are in, as it is stored: "" where they do not say. What is `inherited` is
    said by the feed of all of them, and counts less than what is known of the source."""

    language: str
    inherited: bool


@dataclass(frozen=True, slots=True)
class Search:
    """What a query asks for: all of it must hold. `problem` says what could not be read, "" for nothing."""

    terms: tuple[tuple[Term, ...], ...] = ()  # each group: any of its terms
    without: tuple[Term, ...] = ()
    sources: tuple[tuple[SourceFilter, ...], ...] = ()  # each group: any of its filters
    without_sources: tuple[SourceFilter, ...] = ()
    tags: tuple[tuple[str, ...], ...] = ()  # keys; each group: any of its tags
    without_tags: tuple[str, ...] = ()
    read: bool | None = None
    starred: bool | None = None
    noted: bool | None = None
    since: date | None = None
    until: date | None = None  # this day is no longer of it
    problem: str = ""

    def __bool__(self) -> bool:
        return bool(self.terms or self.without or self.narrows_sources) or self.narrows_articles

    @property
    def is_read_alone(self) -> bool:
        """Whether it asks for what was read, and for nothing else."""
        return self == Search(read=True)

    @property
    def narrows_sources(self) -> bool:
        return bool(self.sources or self.without_sources)

    @property
    def narrows_articles(self) -> bool:
        """Whether more than words is asked of an article itself."""
        asked = (self.read, self.starred, self.noted, self.since, self.until)
        return bool(self.tags or self.without_tags) or any(one is not None for one in asked)

    @property
    def narrows_languages(self) -> bool:
        filters = [*self.without_sources, *(one for group in self.sources for one in group)]
        return any(one.field == "lang" for one in filters)

    def places(self, sources: Iterable[Candidate], spoken: Mapping[int, Sequence[Spoken]]) -> list[Place]:
        """Where to look. `spoken` are the languages of the articles by source; where they do not say theirs, it is that
        of the source."""
        found = []
        for source in sources:
            kinds = spoken.get(source.id, ()) or (Spoken("", inherited=True),)
            own = source.language or next((kind.language for kind in kinds if kind.inherited), "")
            asked = [
                kind.language
                for kind in kinds
                if self._asks_for(source, own if kind.inherited or not kind.language else kind.language)
            ]
            if asked:
                found.append(Place(source.id, tuple(asked) if len(asked) < len(kinds) else ()))
        return found

    def _asks_for(self, source: Candidate, language: str) -> bool:
        return all(
            any(wanted.fits(source, language) for wanted in group) for group in self.sources
        ) and not any(unwanted.fits(source, language) for unwanted in self.without_sources)

    def naming(self, titles: Collection[tuple[int, str]]) -> Search:
        """The search with the sources, given as (id, name), that its words name."""

        def named(term: Term) -> Term:
            return replace(term, sources=tuple(one for one, title in titles if term.names(title)))

        terms = tuple(tuple(map(named, group)) for group in self.terms)
        return replace(self, terms=terms, without=tuple(map(named, self.without)))

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
    where = f"{term.column} : " if term.column else ""
    named = [_of_source(one) for one in term.sources]
    if not term.endings:
        return [f'{where}"{" ".join(term.words)}"', *named]
    begun = [one for ending in term.endings for one in _begun(term.words[:-1], ending)]
    return [*(f"{where}{one}" for one in begun), *named]


def _begun(before: tuple[str, ...], ending: str) -> tuple[str, ...]:
    if not before and len(ending) == START:
        return f'"{_start_word(ending)}"', f'"{ending}"'
    return (f'"{" ".join((*before, ending))}" *',)


def among_sources(expression: str, sources: Collection[int]) -> str:
    """An expression of words, narrowed to the articles of some sources."""
    return f"({expression}) AND ({' OR '.join(map(_of_source, sources))})"


def _of_source(source_id: int) -> str:
    return f'source : "{source_word(source_id)}"'


def with_starts(keys: str) -> str:
    """Keys of words, before them the beginnings of those that are longer than one, each once: for the index."""
    if keys.isascii():  # as nearly all are: so in half of the time
        starts = dict.fromkeys(_PARTED_STARTS.findall(f" {keys.translate(_PARTED)}"))
    else:
        starts = dict.fromkeys(_STARTS.findall(keys))
    return f"{_START}{f' {_START}'.join(starts)} {keys}" if starts else keys


def _start_word(start: str) -> str:
    return f"{_START}{start}"


def source_word(source_id: int) -> str:
    """How a source stands in the index: a word that nobody can type."""
    return f"\ue000{source_id}"


def _sounds_within(value: str, text: str) -> bool:
    """Whether some word of `text` begins as `value` does, in whatever letters."""
    return _keys(value) in _keys(text)


@lru_cache(maxsize=2048)
def _keys(text: str) -> str:
    return f" {' '.join(WORDS.findall(key(text)))}"
