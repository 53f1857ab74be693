"""What an article of the demo site is, and the plan by which one is chosen after another."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from desktop.demo.texts import Sections

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Category:
    """A category of the site."""

    id: int
    slug: str
    name: str


CATEGORIES = (
    Category(2, "kazakhstan", "Kazakhstan"),
    Category(3, "kyrgyzstan", "Kyrgyzstan"),
    Category(4, "tajikistan", "Tajikistan"),
    Category(5, "turkmenistan", "Turkmenistan"),
    Category(6, "uzbekistan", "Uzbekistan"),
    Category(7, "business-economy", "Business & Economy"),
    Category(8, "culture", "Culture"),
    Category(9, "transport", "Transport"),
    Category(10, "water-energy", "Water & Energy"),
    Category(11, "opinion", "Opinion"),
)
COUNTRIES = ("kazakhstan", "kyrgyzstan", "tajikistan", "turkmenistan", "uzbekistan")
AUTHORS = (
    "Almaty desk",
    "Bishkek desk",
    "Dushanbe desk",
    "Ashgabat desk",
    "Tashkent desk",
    "Roads & Rails",
    "Night desk",
    "Markets desk",
    "The Back Page",
)
_BY_SLUG = {category.slug: category for category in CATEGORIES}


def category(slug: str) -> Category | None:
    """The category of that slug."""
    return _BY_SLUG.get(slug)


@dataclass(frozen=True, slots=True)
class Theme:
    """A subject that articles are written on: its sections are `name.headline`, `name.lede` and so on."""

    name: str
    language: str
    category: str  # a slug
    scene: str  # what its pictures show
    countries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What the next article is to be about."""

    theme: Theme
    headline: str  # a template
    country: str


@dataclass(frozen=True, slots=True)
class Post:
    """One published article; its text is written when somebody asks for it."""

    id: int
    slug: str
    title: str
    plan: Plan
    published: datetime  # UTC, whole seconds
    modified: datetime
    edition: int = 0  # counts the edits made by hand

    @property
    def language(self) -> str:
        return self.plan.theme.language

    @property
    def author(self) -> int:
        """Index into AUTHORS: the country's desk, or the one for the subject."""
        if self.plan.theme.category == "opinion":
            return 8
        if self.plan.theme.category == "transport" and self.id % 2:
            return 5
        if self.plan.theme.category == "business-economy" and self.id % 3 == 0:
            return 7
        return 6 if self.id % 11 == 0 else COUNTRIES.index(self.plan.country)

    @property
    def categories(self) -> tuple[Category, ...]:
        """By name, as WordPress lists them."""
        both = {_BY_SLUG[self.plan.country], _BY_SLUG[self.plan.theme.category]}
        return tuple(sorted(both, key=lambda category: category.name))


def themes(sections: Sections) -> list[Theme]:
    """The themes that the texts name: `name | language | category | scene | countries`."""
    found = []
    for line in sections["themes"]:
        name, language, slug, scene, places = (part.strip() for part in line.split("|"))
        countries = COUNTRIES if places == "all" else tuple(places.split())
        found.append(Theme(name, language, slug, scene, countries))
    return found


def plans(sections: Sections, rng: random.Random) -> Iterator[Plan]:
    """Subjects without end: all themes, then all again; and so with the headlines of each."""
    every = themes(sections)
    english = [theme for theme in every if theme.language == "en"]
    others = {language: _cycle([t for t in every if t.language == language], rng) for language in _MIX}
    language = _cycle([*_MIX, *[""] * (_ENGLISH - len(_MIX))], rng)
    headlines = {theme.name: _cycle(sections[f"{theme.name}.headline"], rng) for theme in every}
    countries = {theme.name: _cycle(theme.countries, rng) for theme in every}
    english_deck = _cycle(english, rng)
    while True:
        code = next(language)
        theme = next(others[code]) if code else next(english_deck)
        yield Plan(theme, next(headlines[theme.name]), next(countries[theme.name]))


# Of so many articles one is in each of these languages, Russian in four.
_ENGLISH = 72
_MIX = ("ru", "ru", "ru", "ru", "kk", "kk", "kk-Latn", "uz", "uz", "ky", "tg", "fa", "ug")


def _cycle(items: Sequence[T], rng: random.Random) -> Iterator[T]:
    """All items in a shuffled order, again and again; those that came last do not come first in the next round."""
    third = len(items) // 3
    late: list[int] = []
    while True:
        ready = [place for place in range(len(items)) if place not in late]
        rng.shuffle(ready)
        rest = ready[third:] + late
        rng.shuffle(rest)
        order = ready[:third] + rest
        yield from (items[place] for place in order)
        late = order[-third:] if third else []
